"""Bringing in meetings that were held before, or are kept elsewhere: who was asked, who came, whose report came when. The cases
have their events already; nothing is written in them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from goldenthread.agencies.models import Group, Organisation
from goldenthread.casework.models import Case, Event
from goldenthread.foundation.action import Action, Invalid
from goldenthread.foundation.capability import Capability
from goldenthread.guidance.meeting import MeetingKind

from ..inviting import against_inviting, ruling_kept
from ..kinds import day_in, kinds, planned_days
from ..models import Meeting, Page, Report, Seat, SeatPage


@dataclass(frozen=True, slots=True)
class SatThere:
    """A seat of a meeting that was held."""

    rule: str
    organisation: Organisation
    attendance: str
    received_on: date | None = None
    shared_on: date | None = None


@dataclass(frozen=True, slots=True)
class WasHeld:
    """A meeting that was held, with the event that its case has of it."""

    kind: str
    holder: Organisation
    at: datetime
    seats: Sequence[SatThere]
    case: Case | None = None
    event: Event | None = None
    group: Group | None = None
    chair: str = ""
    place: str = ""
    issued_at: datetime | None = None


class BringInMeetings(Action[int]):
    """Keep meetings that were held, so that attendance can be counted. Returns how many."""

    name = "meetings.bring_in"
    needs = Capability.IMPORT_RECORDS

    def perform(self, held: Sequence[WasHeld]) -> int:
        known = kinds()
        for one in held:
            if one.kind not in known:
                raise Invalid({"kind": f"There is no kind of meeting {one.kind!r}"})
            self._keep(known[one.kind], one)
        if not held:
            self.quiet("there was nothing to bring in")
        return len(held)

    def _keep(self, kind: MeetingKind, one: WasHeld) -> None:
        now, days = timezone.now(), planned_days(kind, one.at, one.case.arrangement if one.case else "")
        asked = min(one.at, now)
        meeting = Meeting.objects.create(
            kind=kind.id, covers=kind.covers, holder=one.holder, group=one.group, planned_at=one.at, chair=one.chair,
            place=one.place,
            arrangement=one.case.arrangement if one.case else "", state=Meeting.State.HELD, arranged_at=asked, closed_at=one.at,
            reports_due_on=day_in(days.reports), shared_due_on=day_in(days.shared), record_due_on=day_in(days.record),
            quorate=True, issued_at=one.issued_at, issued_to="Everybody asked" if one.issued_at else "",
        )  # fmt: skip
        page = Page.objects.create(meeting=meeting, case=one.case, event=one.event)
        seats = []
        for number, seat in enumerate(one.seats, 1):
            rule = kind.seats.get(seat.rule)
            seats.append(
                Seat(
                    meeting=meeting,
                    rule=seat.rule if rule else "",
                    title=rule.title if rule else seat.organisation.title,
                    organisation=seat.organisation,
                    must=bool(rule and rule.must),
                    report=bool(rule and rule.report),
                    position=number,
                    asked_at=asked,
                    answer="coming" if seat.attendance != "absent" else "",
                    attendance=seat.attendance,
                )
            )
        Seat.objects.bulk_create(seats)
        if one.case is not None:
            self._reports(page, one.case, seats, one.seats, asked)
            self.note("case", one.case.pk, meeting=str(meeting.pk))
        self.note("meeting", meeting.pk, kind=kind.id, seats=len(seats))

    def _reports(self, page: Page, case: Case, seats: Sequence[Seat], given: Sequence[SatThere], asked: datetime) -> None:
        for seat, one in zip(seats, given, strict=True):
            if against_inviting(self.actor, case, one.organisation):
                continue  # it does not see the page now, whatever it saw then
            SeatPage.objects.create(seat=seat, page=page, ruling=ruling_kept(case, one.organisation))
            if seat.report:
                Report.objects.create(
                    seat=seat, page=page, asked_at=asked, received_on=one.received_on, shared_on=one.shared_on,
                    received_at=datetime.combine(one.received_on, asked.timetz()) if one.received_on else None,
                )  # fmt: skip
