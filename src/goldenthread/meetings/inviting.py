"""Whether an agency may be asked to a meeting about a case: it then sees that case's page, so the agreements must let it.

Depends on `sharing.involving`, which asks the agreements and the overrides that stand.
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from goldenthread.agencies.models import Organisation
from goldenthread.casework.models import Case, Involvement
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.actor import Actor
from goldenthread.sharing.involving import against_involving
from goldenthread.sharing.rulings import purpose_of, ruling_for


def against_inviting(actor: Actor, case: Case, organisation: Organisation) -> str:
    """Why an agency may not be told of a case at a meeting; "" where it may, or is part of the case already."""
    if is_part(case, organisation):
        return ""
    try:
        against_involving(actor, case, organisation)
    except Invalid as wrong:
        return " ".join(wrong.messages)
    return ""


def is_part(case: Case, organisation: Organisation) -> bool:
    return Involvement.objects.filter(case=case, organisation=organisation, user=None).exists()


def ruling_kept(case: Case, organisation: Organisation) -> dict[str, Any]:
    """What the agreements say of it today, to be kept with the invitation; nothing for an agency that is part of the case."""
    purpose = purpose_of(case)
    if not purpose or is_part(case, organisation):
        return {}
    return ruling_for(case.lead, organisation, purpose, case, timezone.localdate()).plain()
