"""Whether an agency may become part of a case: it then sees all of it, so the agreements must let its lead tell it so.

Registered with casework at start. Depends on `rulings` and the overrides that stand.
"""

from __future__ import annotations

from django.utils import timezone

from goldenthread.agencies.models import Organisation
from goldenthread.casework.models import Case
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability

from .decision import Verdict
from .queries.overrides import standing
from .rulings import purpose_of, ruling_for


def against_involving(actor: Actor, case: Case, organisation: Organisation) -> None:
    """Raises Invalid where the agreements say no, or want the word of somebody who supervises and this is not one."""
    purpose = purpose_of(case)
    if not purpose:  # no agreement can speak of it, so it is for a manager of the lead to judge
        if actor.may(Capability.SUPERVISE):
            return
        raise Invalid({
            "organisation": "Guidance names no purpose for cases of this kind, so no agreement covers this. "
            "Ask somebody who supervises to make it part of the case."
        })
    content = ruling_for(case.lead, organisation, purpose, case, timezone.localdate()).content
    if content.verdict is Verdict.PERMIT or standing([case.subject_id], [organisation.pk]).exists():
        return
    clause = f" ({content.agreement}, clause {content.clause})" if content.clause else ""
    if content.verdict is Verdict.REVIEW:
        if actor.may(Capability.SUPERVISE):
            return
        raise Invalid({"organisation": f"{content.why}{clause} Ask somebody who supervises to make it part of the case."})
    raise Invalid({
        "organisation": f"{content.why}{clause} In an emergency, share with it from the case’s page, with a reason, first."
    })
