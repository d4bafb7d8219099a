"""Correcting the record: a new event that replaces what an earlier one said, or says that it did not happen.

Nothing is deleted. A case that the earlier event had opened stays, and is named in the result for a person to decide.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from goldenthread.foundation.action import Invalid
from goldenthread.foundation.actor import NotAllowed
from goldenthread.foundation.capability import Capability

from ..models import Case, Event
from .appending import CaseAction, Occurred, Writing, leads_of
from .open import open_next


@dataclass(frozen=True, slots=True)
class Amended:
    """What a correction did: its own event, the cases opened earlier that still stand, and those it opened itself."""

    event: Event
    standing: list[Case] = field(default_factory=list)
    opened: list[Case] = field(default_factory=list)


class _Correction(CaseAction[Amended]):
    """What a correction and a withdrawal have in common."""

    def original(self, event: Event, version: int | None, reason: str) -> tuple[Writing, Event]:
        """The locked case and the event as first recorded. Raises Invalid, NotAllowed, Stale."""
        if not reason.strip():
            raise Invalid({"reason": "Say why the record is being corrected."})
        writing = Writing(self, self.locked(event.case, version))
        root = Event.objects.get(pk=event.amends_id or event.pk)
        ours = {root.organisation_id, writing.case.lead_id} & self.actor.organisation_ids
        if not self.actor.is_system and not ours:
            raise NotAllowed(
                "Only the agency that recorded it, or the one that leads the case, can correct it."
            )
        if any(one.amends == root.pk and one.withdrawn for one in writing.happenings):
            raise Invalid("This was withdrawn earlier. Record it again if it did happen.")
        return writing, root

    def finish(self, writing: Writing, root: Event, event: Event) -> Amended:
        event.case = writing.case
        progress = writing.append(event)
        events = writing.pathway.events
        opening = next((one for one in progress.effective if events[one.kind].opens), None)
        others = [one.day for one in progress.effective]
        if others and opening is None:
            raise Invalid("Other events of this case stand, and this one opened it. Withdraw them first.")
        if opening is not None and min(others) < opening.day:
            raise Invalid({"occurred": "Other events of this case happened before that day. Check the date."})
        chain = {root.pk, *(one.id for one in writing.happenings if one.amends == root.pk)}
        standing = list(Case.objects.filter(opened_from__in=chain).order_by("opened_at"))
        already = {case.pathway for case in standing}
        fresh = [lead for lead in leads_of(progress, root.pk) if lead.pathway not in already]
        return Amended(event, standing, open_next(writing, event, fresh))


class AmendEvent(_Correction):
    """Correct when an event happened or what it said. `data` holds all its answers as they should have been."""

    name = "casework.amend_event"
    needs = Capability.RECORD_EVENTS

    def perform(
        self,
        event: Event,
        occurred: Occurred,
        data: Mapping[str, Any],
        reason: str,
        version: int | None = None,
    ) -> Amended:
        writing, root = self.original(event, version, reason)
        organisation = root.organisation if root.organisation_id in self.actor.organisation_ids else None
        fresh = writing.event_from(
            root.kind, occurred, data, organisation=organisation, amends=root, reason=reason.strip()
        )
        return self.finish(writing, root, fresh)


class WithdrawEvent(_Correction):
    """Say that an event recorded in error did not happen."""

    name = "casework.withdraw_event"
    needs = Capability.RECORD_EVENTS

    def perform(self, event: Event, reason: str, version: int | None = None) -> Amended:
        writing, root = self.original(event, version, reason)
        fresh = Event(
            case_id=root.case_id, sequence=writing.case.version + 1, kind=root.kind, occurred_on=root.occurred_on,
            occurred_at=root.occurred_at, recorded_at=timezone.now(), recorded_by_id=self.actor.user_id,
            recorded_by_name=self.actor.name[:200],
            organisation_id=self.actor.organisation_id or root.organisation_id, amends=root, withdrawn=True,
            reason=reason.strip(),
        )  # fmt: skip
        return self.finish(writing, root, fresh)
