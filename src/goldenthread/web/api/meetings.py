"""Meetings by API: what an agency holds or is asked to, whether it comes, and its reports. The same policies and actions as
the pages. Whoever holds a meeting arranges it and takes its record on the pages.
"""

from typing import Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Router, Status

from goldenthread.agencies.scopes import Scope
from goldenthread.casework.models import Case
from goldenthread.foundation import journal
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.capability import Capability
from goldenthread.meetings.actions import AnswerInvitation, SendReport, ShareReport
from goldenthread.meetings.kinds import kinds, title_of
from goldenthread.meetings.looks import looked
from goldenthread.meetings.models import Meeting, Report
from goldenthread.meetings.policies import ReportPolicy, SeatPolicy, seats_of
from goldenthread.meetings.queries.listing import listed
from goldenthread.meetings.queries.one import Chair, Sitting, sitting

from .cases import whom
from .doing import FAULTS, needs
from .meeting_schemas import (
    InvitationAnswer,
    InvitationAnswered,
    MeetingReport,
    MeetingTold,
    NewReport,
    WholeMeeting,
)

router = Router(tags=["meetings"])
PER_PAGE = 50


def told(meeting: Meeting) -> dict[str, Any]:
    """A meeting's own row. It names nobody whom it is about."""
    return {
        "id": str(meeting.pk), "kind": meeting.kind, "title": title_of(meeting), "holder": meeting.holder.slug,
        "state": meeting.state, "planned_at": meeting.planned_at, "place": meeting.place,
        "reports_due": meeting.reports_due_on, "shared_due": meeting.shared_due_on,
    }  # fmt: skip


def _case(case: Case) -> dict[str, Any]:
    return {
        "case": str(case.pk), "reference": case.reference, "pathway": case.pathway, "name": case.subject.name, **whom(case),
        "born": case.subject.born,
    }  # fmt: skip


def _report(report: Report, meeting: Meeting) -> dict[str, Any]:
    due, day = meeting.reports_due_on, report.received_on or timezone.localdate()
    return {
        "id": str(report.pk), "meeting": str(meeting.pk), "seat": str(report.seat_id), "case": str(report.page.case_id),
        "due": due, "received": report.received_on, "late": due is not None and day > due, "shared": report.shared_on,
    }  # fmt: skip


def _seat(found: Sitting, chair: Chair) -> dict[str, Any]:
    seat = chair.seat
    return {
        "id": str(seat.pk), "title": seat.title, "agency": seat.organisation.slug if seat.organisation else None,
        "name": seat.name, "must": seat.must, "yours": chair.mine, "answer": seat.answer or None, "words": seat.answer_words,
        "attendance": seat.attendance or None, "who_came": seat.who_came,
        "reports": [_report(one, found.meeting) for one in chair.reports],
    }  # fmt: skip


@router.get("/meetings", response={200: list[MeetingTold], **FAULTS}, operation_id="list_meetings")
@needs(Capability.ATTEND_MEETINGS, Scope.REPORT_TO_MEETINGS)
def listing(
    request: HttpRequest,
    when: Literal["today", "week", "coming", "past"] = "coming",
    whose: Literal["agency", "mine", "held"] = "agency",
    kind: str = "",
    start: int = 0,
) -> list[dict[str, Any]]:
    """Meetings your agency holds or is asked to, the nearest first, fifty at a time."""
    if kind and kind not in kinds():
        raise Invalid({"kind": f"There is no kind of meeting {kind!r}."})
    first = min(max(0, start), 1_000_000)
    rows = listed(request.actor, whose, when, kind).select_related("holder", "group")[first : first + PER_PAGE]  # type: ignore[attr-defined]
    journal.read(request.actor, "meetings.view", "meetings", whose, when=when, kind=kind)  # type: ignore[attr-defined]
    return [told(one) for one in rows]


@router.get("/meetings/{uuid:meeting_id}", response={200: WholeMeeting, **FAULTS}, operation_id="read_meeting")
@needs(Capability.ATTEND_MEETINGS, Scope.REPORT_TO_MEETINGS)
def read(request: HttpRequest, meeting_id: UUID) -> dict[str, Any]:
    """A meeting with its seats, the reports asked and when they are due, and who came once that is marked."""
    found = sitting(request.actor, meeting_id)  # type: ignore[attr-defined]
    looked(request.actor, found)  # type: ignore[attr-defined]
    return {
        **told(found.meeting),
        "chair": found.meeting.chair,
        "quorate": found.meeting.quorate,
        "cases": [_case(page.case) for page in found.pages if page.case is not None],
        "seats": [_seat(found, chair) for chair in found.chairs],
    }


@router.post(
    "/meetings/reports/{uuid:report_id}", response={201: MeetingReport, **FAULTS}, operation_id="send_meeting_report"
)
@needs(Capability.ATTEND_MEETINGS, Scope.REPORT_TO_MEETINGS, keyed=True)
def send(request: HttpRequest, report_id: UUID, given: NewReport) -> Status[dict[str, Any]]:
    """Send your agency's report before the meeting is closed, and say on which day the family had it: that meets the clock
    of the case, at once where your agency is part of it, else when the meeting is closed."""
    rows = ReportPolicy.visible_to(request.actor).filter(seats_of(request.actor, "seat__"))  # type: ignore[attr-defined]
    row = rows.filter(pk=report_id).first()
    if row is None:
        raise Http404
    done = SendReport(request.actor).run(row, given.text)  # type: ignore[attr-defined]
    if given.shared_on is not None:
        done = ShareReport(request.actor).run(done, given.shared_on)  # type: ignore[attr-defined]
    return Status(201, _report(done, done.page.meeting))


@router.post(
    "/meetings/seats/{uuid:seat_id}/answers", response={201: InvitationAnswered, **FAULTS}, operation_id="answer_invitation"
)
@needs(Capability.ATTEND_MEETINGS, Scope.REPORT_TO_MEETINGS, keyed=True)
def answer(request: HttpRequest, seat_id: UUID, given: InvitationAnswer) -> Status[dict[str, Any]]:
    """Say whether somebody of your agency comes, or give its apologies. Said again it replaces what was said."""
    rows = SeatPolicy.visible_to(request.actor).filter(seats_of(request.actor))  # type: ignore[attr-defined]
    row = rows.filter(pk=seat_id).first()
    if row is None:
        raise Http404
    seat = AnswerInvitation(request.actor).run(row, given.answer, given.words)  # type: ignore[attr-defined]
    return Status(
        201,
        {"seat": str(seat.pk), "meeting": str(seat.meeting_id), "answer": seat.answer, "words": seat.answer_words,
         "at": seat.answered_at},
    )  # fmt: skip
