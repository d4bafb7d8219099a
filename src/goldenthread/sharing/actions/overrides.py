"""Sharing in an emergency: always possible, always with a reason, always reviewed by somebody else.

What the agreements had said is kept with it. The review is a case of the pathway that guidance/sharing.yaml names, with
that pathway's own clock; no Python names it. Depends on `casework.actions`, `rulings`, `decision`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from goldenthread.agencies.models import Organisation
from goldenthread.casework.actions.appending import CaseAction, Writing
from goldenthread.casework.actions.open import begin, leading, new_case
from goldenthread.casework.actions.record import append_to
from goldenthread.casework.models import Case, Event
from goldenthread.clocks.calendar import end_of, local_day
from goldenthread.clocks.interval import due_day
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.actor import NotAllowed
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import current_library, pathways, programs
from goldenthread.guidance.words import ELAPSED

from ..decision import Decision, Ruling
from ..models import Override
from ..policies import OverridePolicy
from ..rulings import clause_of, purposes
from .notices import Notify

SHORTEST, LONGEST = 15, 5000
"""Characters of a reason."""
REVIEW_WORDS = "Information was shared in an emergency. Somebody who did not share it must review it by the next working day"


class UseOverride(CaseAction[Override]):
    """Share at once, against or without an agreement; open the case that reviews it, with its clock."""

    name = "sharing.use_override"
    needs = Capability.RECORD_EVENTS

    def perform(
        self, case: Case, holder: Organisation, receiver: Organisation, purpose: str, reason: str, decision: Decision
    ) -> Override:
        case = self.locked(case)
        errors: dict[str, str] = {}
        reason = reason.strip()
        if len(reason) < SHORTEST:
            errors["reason"] = "Say why it cannot wait, in a sentence that somebody else can judge tomorrow"
        elif len(reason) > LONGEST:
            errors["reason"] = f"The reason must be {LONGEST:,} characters or fewer"
        if case.subject_id is None:
            errors[""] = "A case about an organisation holds nobody’s information to share under an agreement"
        if purpose not in purposes():
            errors["purpose"] = "Choose what it is shared for"
        if holder.pk == receiver.pk:
            errors["receiver"] = "Choose two different agencies: an agency’s own information needs no agreement"
        elif not self.actor.is_system and not {holder.pk, receiver.pk} & self.actor.organisation_ids:
            errors["holder"] = "Choose your own agency as the one that holds the information or the one that is told"
        if decision.existence.permits and decision.content.permits:
            errors[""] = f"An agreement already lets this be shared: {decision.content.why}"
        if errors:
            raise Invalid(errors)
        now = timezone.now()
        made = Override(
            case=case, holder=holder, receiver=receiver, purpose=purpose, reason=reason, ruling=decision.plain(),
            by_id=self.actor.user_id, at=now, ends_at=_ends(case, now),
        )  # fmt: skip
        made.review = self._review(made, decision, now)
        made.save(force_insert=True)
        self.note(
            "override", made.pk, case=str(case.pk), review=str(made.review_id), holder=holder.pk, receiver=receiver.pk,
            purpose=purpose, clause=f"{decision.content.agreement} {decision.content.clause}".strip(),
        )  # fmt: skip
        self.note("case", case.pk, override=str(made.pk))
        Notify(self.actor).run(
            "override.review", REVIEW_WORDS, organisation=made.review.lead, capability=Capability.SUPERVISE.value,
            case=made.review, address=reverse("agreements:override", args=[made.pk]),
        )  # fmt: skip
        return made

    def _review(self, made: Override, decision: Decision, now: datetime) -> Case:
        """Open the case that reviews it, for the same person, led as its pathway says."""
        emergency = current_library().sharing.emergency
        case = made.case
        rule = pathways(case.arrangement).get(emergency.pathway)
        if rule is None:
            raise Invalid(
                f"The guidance in use has no pathway “{emergency.pathway}” to review sharing in an emergency. "
                "Ask whoever keeps the guidance to add it."
            )
        area = case.area or case.subject.area
        lead = leading(rule.lead, [self.actor.organisation_id], area) or case.lead
        first = Event.objects.filter(case=case, sequence=1).first()
        review = new_case(
            now, emergency.pathway, case.subject, lead, case.arrangement, area=case.area, opened_from=first
        )
        review.restricted = review.restricted or case.restricted
        facts = {
            "holder": made.holder.slug, "receiver": made.receiver.slug, "purpose": purposes()[made.purpose],
            "reason": made.reason, "said": said_of(decision), "clause": clause_of(decision.content) or "No agreement covers it",
            "case": case.reference, "ends": f"{timezone.localtime(made.ends_at):%d %B %Y, %H:%M}",
        }  # fmt: skip
        answers = {asked: facts[name] for name, asked in emergency.carry.items()}
        writing = Writing(self, review, [])
        event = writing.event_from(emergency.event, now, answers)
        begin(writing, event, part=[])
        return review


class ReviewOverride(CaseAction[Event]):
    """Say whether it was right to share in an emergency. Never by the person who did."""

    name = "sharing.review_override"
    needs = Capability.SUPERVISE

    def perform(self, override: Override, data: Mapping[str, Any], version: int | None = None) -> Event:
        held = OverridePolicy.visible_to(self.actor).select_related("review").filter(pk=override.pk).first()
        if held is None or held.review is None:
            raise NotAllowed("There is no such sharing in an emergency, or you may not see it.")
        if held.by_id is not None and held.by_id == self.actor.user_id:
            raise NotAllowed("You shared this yourself, so somebody else must review it.")
        kind = current_library().sharing.emergency.reviewed
        event = append_to(self, held.review, kind, timezone.now(), data, version, None, None, None)
        self.note("override", held.pk, reviewed=str(event.pk))
        return event


def said_of(decision: Decision) -> str:
    """What the agreements said, for existence and content, as it is kept."""
    return f"That a record exists: {_ruling_words(decision.existence)}\nWhat it says: {_ruling_words(decision.content)}"


VERDICTS = {"permit": "may be shared", "review": "somebody with authority decides", "deny": "may not be shared"}


def _ruling_words(ruling: Ruling) -> str:
    return f"{VERDICTS[ruling.verdict]}. {ruling.why}"


def _ends(case: Case, now: datetime) -> datetime:
    """Until when an override made now stands: so many hours, or to the end of the day that the interval reaches."""
    lasts = current_library().sharing.emergency.lasts
    if lasts.unit in ELAPSED:
        return now + timedelta(**{lasts.unit.value: lasts.amount})
    calendar = programs(case.arrangement)[current_library().sharing.emergency.pathway].calendar
    return end_of(date.fromordinal(due_day(lasts, local_day(now).toordinal(), calendar)))
