"""Attendance and reports by agency and by seat over a period: invited, came, sent a report, neither; in time, shared in time.

Only of meetings that have been closed and that the actor may know of; reports only about the pages they see.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from goldenthread.clocks.calendar import start_of
from goldenthread.foundation.actor import Actor

from ..models import Meeting, Report, Seat
from ..policies import MeetingPolicy, ReportPolicy

CAME = (Seat.Attendance.CAME.value, Seat.Attendance.DEPUTY.value)


@dataclass(slots=True)
class Attended:
    """How one agency, or one seat, took part."""

    title: str
    invited: int
    came: int
    report_only: int
    neither: int
    asked: int = 0
    sent: int = 0
    in_time: int = 0
    shared: int = 0
    shared_in_time: int = 0

    @property
    def per_cent(self) -> int | None:
        return round(100 * self.came / self.invited) if self.invited else None


@dataclass(slots=True)
class Figures:
    """The figures of a period."""

    agencies: list[Attended]
    seats: list[Attended]
    whole: Attended
    meetings: int
    inquorate: int


def figures(actor: Actor, first: date, last: date, kind: str = "") -> Figures:
    """Figures of meetings held between two days, both counted, and closed since."""
    rows = MeetingPolicy.visible_to(actor).filter(
        state__in=(Meeting.State.HELD, Meeting.State.INQUORATE),
        planned_at__gte=start_of(first), planned_at__lt=start_of(last + timedelta(days=1)),
    )  # fmt: skip
    if kind:
        rows = rows.filter(kind=kind)
    reports = ReportPolicy.visible_to(actor).filter(page__meeting__in=rows)
    agencies = _by(rows, reports, "organisation", "organisation__title")
    seats = _by(rows, reports, "title", "title")
    counted = rows.aggregate(meetings=Count("pk"), inquorate=Count("pk", filter=Q(state=Meeting.State.INQUORATE)))
    return Figures(agencies, seats, _sum(agencies), counted["meetings"], counted["inquorate"])


def _by(meetings: QuerySet[Meeting], reports: QuerySet[Report], key: str, name: str) -> list[Attended]:
    """A line for each `key` of the seats, called by its `name`: two agencies may bear one name."""
    sent = Exists(reports.filter(seat=OuterRef("pk")).exclude(received_at=None))
    came = Q(attendance__in=CAME)
    seats = (
        Seat.objects.filter(meeting__in=meetings).exclude(organisation=None).annotate(sent=sent)
        .values(*dict.fromkeys((key, name)))
        .annotate(
            invited=Count("pk"), came=Count("pk", filter=came),
            report_only=Count("pk", filter=~came & Q(sent=True)), neither=Count("pk", filter=~came & Q(sent=False)),
        )
        .order_by(name)
    )  # fmt: skip
    found = {
        row[key]: Attended(row[name], row["invited"], row["came"], row["report_only"], row["neither"]) for row in seats
    }
    asked = (
        reports.values(of=F(f"seat__{key}"))
        .annotate(
            asked=Count("pk"), sent=Count("pk", filter=Q(received_at__isnull=False)),
            in_time=Count("pk", filter=Q(received_on__lte=F("page__meeting__reports_due_on"))),
            shared=Count("pk", filter=Q(shared_on__isnull=False)),
            shared_in_time=Count("pk", filter=Q(shared_on__lte=F("page__meeting__shared_due_on"))),
        )
        .order_by("of")
    )  # fmt: skip
    for row in asked:
        one = found.get(row["of"])
        if one is not None:
            one.asked, one.sent, one.in_time = row["asked"], row["sent"], row["in_time"]
            one.shared, one.shared_in_time = row["shared"], row["shared_in_time"]
    return sorted(found.values(), key=lambda one: (-one.invited, one.title))


def _sum(rows: Iterable[Attended]) -> Attended:
    whole = Attended("All", 0, 0, 0, 0)
    names = ("invited", "came", "report_only", "neither", "asked", "sent", "in_time", "shared", "shared_in_time")
    for row in rows:
        for name in names:
            setattr(whole, name, getattr(whole, name) + getattr(row, name))
    return whole
