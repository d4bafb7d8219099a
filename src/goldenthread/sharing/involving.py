"""Whether an agency may become part of a case: it then sees all of it, so the agreements must let its lead tell it so.

Registered with casework at start. Depends on `rulings` and the overrides that stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils import timezone

from goldenthread.agencies.models import Organisation
from goldenthread.casework.models import Case, Involvement
from goldenthread.clocks.order import Problem
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import pathways
from goldenthread.guidance.pathway import Pathway

from .decision import Verdict
from .policies import held_in
from .queries.overrides import standing
from .rulings import clause_of, purpose_of, ruling_for


def against_involving(actor: Actor, case: Case, organisation: Organisation) -> None:
    """Raises Invalid where the agreements say no, or want the word of somebody who supervises and this is not one."""
    purpose = purpose_of(case)
    if not purpose:  # no agreement can speak of it, so it is for a manager of the lead to judge
        if _supervises_in(actor, case.lead_id):
            return
        raise Invalid({
            "organisation": "Guidance names no purpose for cases of this kind, so no agreement covers this. "
            f"Ask somebody who supervises at {case.lead.title} to make it part of the case."
        })
    content = ruling_for(case.lead, organisation, purpose, case, timezone.localdate()).content
    if content.verdict is Verdict.PERMIT or standing([case.subject_id], [organisation.pk]).exists():
        return
    cited = clause_of(content)
    clause = f" ({cited})" if cited else ""
    if content.verdict is Verdict.REVIEW:
        if _supervises_in(actor, case.lead_id):
            return
        word = f"Ask somebody who supervises at {case.lead.title} to make it part of the case."
        raise Invalid({"organisation": f"{content.why}{clause} {word}"})
    raise Invalid({
        "organisation": f"{content.why}{clause} In an emergency, share with it from the case’s page, with a reason, first."
    })


def _supervises_in(actor: Actor, lead: int) -> bool:
    """Whether the word of somebody is that of the agency whose information it is: that they supervise in another gives no
    right to what this one knows. A role that reaches the whole partnership supervises in all of it."""
    if not actor.may(Capability.SUPERVISE):
        return False
    if actor.scope == "partnership":
        return True
    if actor.held is None:
        return lead in actor.organisation_ids
    return Capability.SUPERVISE.value in held_in(actor).get(lead, ())


def against_giving(actor: Actor, case: Case, name: str, answers: Mapping[str, Any]) -> Iterable[Problem]:
    """What stands against giving an agency something to do in a case that it is no part of: it would become part of it."""
    if actor.is_system:
        return
    for question in dict.fromkeys(_given_by(pathways(case.arrangement)[case.pathway], name)):
        slug = str(answers.get(question) or "")
        organisation = Organisation.objects.filter(slug=slug).first() if slug else None
        if organisation is None or Involvement.objects.filter(case=case, organisation=organisation, user=None).exists():
            continue
        if case._state.adding or organisation.pk in actor.organisation_ids:
            continue  # a case that begins is told to those it is for by the pathway itself
        try:
            against_involving(actor, case, organisation)
        except Invalid as refused:
            for message in refused.messages:
                yield Problem(question, message)


def _given_by(pathway: Pathway, name: str) -> Iterator[str]:
    """The answers of an event that name who owes what it starts."""
    for rule in pathway.duties.values():
        starts = [rule.before] if rule.before else list(rule.after or {})
        if rule.owed_by is not None and any(start.partition(".")[0] == name for start in starts):
            yield rule.owed_by
