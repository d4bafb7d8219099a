"""One meeting as its page shows it: seats, reports, quorum as it stands, the pages that the actor sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.http import Http404

from goldenthread.clocks.meetings import Standing
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.library import current_library
from goldenthread.guidance.meeting import MeetingKind
from goldenthread.guidance.meeting_words import quorum_words

from ..kinds import expected_at, kind_of, standing_at, title_of
from ..models import Decision, Meeting, Page, Report, Seat
from ..policies import MeetingPolicy, PagePolicy, ReportPolicy, holds, sits


@dataclass(slots=True)
class Chair:
    """A seat with its reports, as the page shows it."""

    seat: Seat
    reports: list[Report]
    mine: bool


@dataclass(slots=True)
class Sitting:
    """All that the page of a meeting shows."""

    meeting: Meeting
    kind: MeetingKind
    title: str
    pages: list[Page]
    chairs: list[Chair]
    holds: bool
    open: bool
    stands: Standing
    """As marked; before anybody is marked, as they answered."""
    marked: bool
    quorum: str
    missing: list[str]
    """Titles of the kinds of agency without which it cannot decide."""


def sitting(actor: Actor, identity: Any) -> Sitting:
    """One meeting. Raises Http404 alike for one that is hidden and one that does not exist."""
    rows = MeetingPolicy.visible_to(actor).select_related("holder", "group", "follows")
    meeting = rows.filter(pk=identity).first()
    if meeting is None:
        raise Http404
    kind, library = kind_of(meeting), current_library()
    seats = list(Seat.objects.filter(meeting=meeting).select_related("organisation", "user").order_by("position"))
    reports: dict[Any, list[Report]] = {}
    for report in (
        ReportPolicy.visible_to(actor).filter(page__meeting=meeting).select_related("page__case__subject", "page__case__about")
    ):
        reports.setdefault(report.seat_id, []).append(report)
    marked = any(seat.attendance for seat in seats)
    stands = standing_at(meeting, seats) if marked else expected_at(meeting, seats)
    return Sitting(
        meeting, kind, title_of(meeting), pages_of(actor, meeting),
        [Chair(seat, reports.get(seat.pk, []), sits(actor, seat) and seat.organisation_id is not None) for seat in seats],
        holds(actor, meeting), meeting.state == Meeting.State.ARRANGED, stands, marked,
        quorum_words(kind, library), [library.roles.title_of(one) for one in stands.missing],
    )  # fmt: skip


def pages_of(actor: Actor, meeting: Meeting) -> list[Page]:
    """The pages that one sees, in order, with what is written on them."""
    decisions = Decision.objects.prefetch_related("dissents__organisation")
    rows = PagePolicy.visible_to(actor).filter(meeting=meeting).select_related("case__subject", "case__about", "event")
    return list(
        rows.order_by("position").prefetch_related(
            Prefetch("decisions", queryset=decisions), "actions__organisation"
        )
    )
