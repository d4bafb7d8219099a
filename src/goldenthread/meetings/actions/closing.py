"""Closing a meeting: whether it decided, what each case records of it, and sending out its record.

All in one transaction: the events of every page one sees, the actions agreed, the meeting itself. A page one does not see is
left to somebody who does (`RecordPage`); nothing tells of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from goldenthread.casework.models import Case, Event
from goldenthread.clocks.calendar import local_day
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.actor import NotAllowed
from goldenthread.guidance.meeting import MeetingKind, Recording
from goldenthread.guidance.pathway import Pathway

from ..filling import filled
from ..kinds import day_in, days_for, kind_of, recording_for, standing_at, title_of
from ..models import Meeting, Page, Seat
from ..policies import PagePolicy
from .common import MeetingAction

ISSUED_WORDS = "The record of a meeting that your agency was asked to is ready to read"


class Closing(MeetingAction[Meeting]):
    """What closing a meeting and recording a page left over share."""

    def record(self, meeting: Meeting, page: Page, seats: list[Seat], decides: bool, extra: Mapping[str, Any]) -> None:
        """Record a page's events in its case."""
        case, kind = page.case, kind_of(meeting)
        found = recording_for(kind, case) if case is not None else None
        if case is None or found is None:
            return
        recording, pathway = found
        for report in (
            page.reports.filter(event=None).exclude(shared_on=None).select_related("seat__organisation", "page__case")
        ):
            report.event = self.say_shared(meeting, report)
            report.save(update_fields=["event"])
        name = recording.held if decides else recording.inquorate
        if name is not None:
            page.event = self._said(meeting, page, case, kind, recording, pathway, name, seats, extra)
            page.save(update_fields=["event"])
        if decides and recording.actions is not None:
            self._agreed(meeting, page, case, recording.actions)

    def _said(
        self, meeting: Meeting, page: Page, case: Case, kind: MeetingKind, recording: Recording, pathway: Pathway, name: str,
        seats: list[Seat], extra: Mapping[str, Any],
    ) -> Event:  # fmt: skip
        event = pathway.events[name]
        given = page.answers if name == recording.held else {}
        answers = {one: value for one, value in {**given, **extra}.items() if one in event.asks}
        answers |= filled(kind, recording, event, meeting, page, seats)
        return self.say(meeting, case, name, meeting.planned_at, answers)

    def _agreed(self, meeting: Meeting, page: Page, case: Case, event: str) -> None:
        """Each action becomes part of the case, numbered on from those it has."""
        rows = Event.objects.filter(case=case, kind=event).values_list("data", flat=True)
        last = max((int(row.get("number") or 0) for row in rows), default=0)
        where = f"{title_of(meeting)}, {local_day(meeting.planned_at).day} {local_day(meeting.planned_at):%B %Y}"
        for number, action in enumerate(page.actions.select_related("organisation"), last + 1):
            data = {
                "number": number, "agency": action.organisation.slug, "what": action.what, "due_on": action.due_on.isoformat(),
                "agreed_at": where,
            }  # fmt: skip
            action.event = self.say(meeting, case, event, meeting.planned_at, data)
            action.save(update_fields=["event"])


class CloseMeeting(Closing):
    """Close a meeting that has been held: it decided, or too few came and it could not.

    `why` says why it decided though too few came. `extra` are answers to the questions of the event that says it could not.
    Errors of a page are under `page-ID`.
    """

    name = "meetings.close"

    def perform(
        self,
        meeting: Meeting,
        decides: bool,
        why: str = "",
        extra: Mapping[str, Any] | None = None,
        version: int | None = None,
    ) -> Meeting:
        found = self.held(meeting, version)
        self.still_open(found)
        if found.planned_at > timezone.now():
            raise Invalid("The meeting has not begun yet. Move it to an earlier time if it was held sooner.")
        seats = list(Seat.objects.filter(meeting=found).select_related("organisation"))
        unmarked = [seat.title for seat in seats if not seat.attendance]
        if unmarked:
            raise Invalid({"attendance": f"Mark whether anybody came for: {', '.join(unmarked)}"})
        stands, kind = standing_at(found, seats), kind_of(found)
        empty = [seat.title for seat in seats if seat.must and not seat.came]
        if decides and not stands.quorate and kind.quorum is not None and not kind.quorum.may_go_on:
            raise Invalid({"decides": "Too few came, and this meeting cannot decide without them"})
        if decides and (not stands.quorate or empty) and not why.strip():
            missing = f" Nobody came for: {', '.join(empty)}." if empty else ""
            raise Invalid({"why": f"Say why it decided all the same.{missing}"})
        if not decides and stands.quorate:
            raise Invalid({"decides": "Enough agencies came, so the meeting could decide"})
        found.quorate, found.why_went_on = stands.quorate, why.strip() if decides else ""
        found.state = Meeting.State.HELD if decides else Meeting.State.INQUORATE
        found.closed_at, found.closed_by_id = timezone.now(), self.actor.user_id
        days = days_for(found)
        found.record_due_on = day_in(days.record)
        found.reconvene_by = day_in(days.reconvene) if not decides else None
        self.changed(found, state=found.state, quorate=stands.quorate)
        wrong: dict[str, list[str]] = {}
        pages = PagePolicy.visible_to(self.actor).filter(meeting=found, event=None)
        for page in pages.select_related("case__subject", "case__lead").order_by("case_id"):
            try:
                self.record(found, page, seats, decides, extra or {})
            except (Invalid, NotAllowed) as error:
                messages = error.messages if isinstance(error, Invalid) else [error.message]
                name = page.case.subject.name if page.case is not None else ""
                wrong.setdefault(f"page-{page.pk}", []).extend(f"{name}: {message}" for message in messages)
        if wrong:
            raise Invalid(wrong)
        return found


class RecordPage(Closing):
    """Record in its case a page that whoever closed the meeting could not see."""

    name = "meetings.record_page"

    def perform(self, page: Page) -> Meeting:
        found = self.held(page.meeting)
        here = self.page(page)
        if found.state not in (Meeting.State.HELD, Meeting.State.INQUORATE) or here.event_id is not None:
            raise Invalid("There is nothing left to record on this page.")
        seats = list(Seat.objects.filter(meeting=found).select_related("organisation"))
        self.record(found, here, seats, found.state == Meeting.State.HELD, {})
        self.note("meeting", found.pk, page=str(here.pk), recorded=True)
        return found


class IssueRecord(Closing):
    """Send out the record: the cases say so, and every agency asked is told that it is there to read."""

    name = "meetings.issue"

    def perform(self, meeting: Meeting, to_whom: str, version: int | None = None) -> Meeting:
        found = self.held(meeting, version)
        if found.state not in (Meeting.State.HELD, Meeting.State.INQUORATE):
            raise Invalid("Close the meeting first: then its record can go out.")
        if found.issued_at is not None:
            raise Invalid("The record has been sent out already.")
        if not to_whom.strip():
            raise Invalid({"to_whom": "Say to whom the record goes"})
        found.issued_at, found.issued_by_id, found.issued_to = timezone.now(), self.actor.user_id, to_whom.strip()[:500]
        self.changed(found, issued=True)
        kind, pages = kind_of(found), PagePolicy.visible_to(self.actor).filter(meeting=found)
        first = None
        for page in pages.select_related("case__subject", "case__lead"):
            told = recording_for(kind, page.case) if page.case is not None else None
            first = first or page.case
            if page.case is None or told is None or told[0].issued is None or found.state != Meeting.State.HELD:
                continue
            data = {told[0].issued.to: found.issued_to} if told[0].issued.to else {}
            self.say_if_fits(found, page.case, told[0].issued.event, timezone.now(), data)
        case = first if found.covers == "family" else None
        for seat in found.seats.select_related("organisation", "user"):
            self.tell(found, seat, "issued", ISSUED_WORDS, case)
        return found
