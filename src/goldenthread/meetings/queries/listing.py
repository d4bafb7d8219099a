"""Lists of meetings: one's own, one's agency's, those it holds; today, this week, coming, past. Depends on `policies`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from goldenthread.clocks.calendar import start_of
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.policy import settled

from ..models import Meeting, Page, Report, Seat
from ..policies import MeetingPolicy, PagePolicy, ReportPolicy

WHOSE = {"agency": "My agency’s", "mine": "Mine", "held": "Held by my agency"}
WHEN = {"today": "Today", "week": "Next 7 days", "coming": "Coming", "past": "Past"}


def meetings(actor: Actor, whose: str, when: str, kind: str = "", now: datetime | None = None) -> QuerySet[Meeting]:
    """Meetings that one may know of, the nearest first, with whom each is about."""
    return told(actor, listed(actor, whose, when, kind, now))


def listed(actor: Actor, whose: str, when: str, kind: str = "", now: datetime | None = None) -> QuerySet[Meeting]:
    """Meetings that one may know of, the nearest first."""
    rows = MeetingPolicy.visible_to(actor)
    if whose == "mine":
        rows = rows.filter(_mine(actor))
    elif whose == "held":
        rows = rows.filter(holder__in=actor.organisation_ids)
    if kind:
        rows = rows.filter(kind=kind)
    return _when(rows, when, now or timezone.now())


def _mine(actor: Actor) -> Q:
    """Those one is asked to by name, arranged, or whose case one works on."""
    if actor.user_id is None:
        return Q(pk__in=())
    seats = Seat.objects.filter(meeting=OuterRef("pk"), user=actor.user_id)
    cases = Page.objects.filter(meeting=OuterRef("pk"), case__worker=actor.user_id)
    return Q(Exists(seats)) | Q(Exists(cases)) | Q(arranged_by=actor.user_id)


def _when(rows: QuerySet[Meeting], when: str, now: datetime) -> QuerySet[Meeting]:
    today = start_of(timezone.localdate(now))
    tomorrow = start_of(timezone.localdate(now) + timedelta(days=1))
    if when == "past":
        return rows.filter(Q(planned_at__lt=today) | ~Q(state=Meeting.State.ARRANGED)).order_by("-planned_at", "pk")
    if when == "today":
        return rows.filter(planned_at__gte=today, planned_at__lt=tomorrow).order_by("planned_at", "pk")
    rows = rows.filter(planned_at__gte=today, state=Meeting.State.ARRANGED)
    if when == "week":
        rows = rows.filter(planned_at__lt=today + timedelta(days=7))
    return rows.order_by("planned_at", "pk")


def to_close(actor: Actor, now: datetime | None = None) -> QuerySet[Meeting]:
    """Meetings of one's agency whose time is past and that nobody has closed."""
    rows = MeetingPolicy.visible_to(actor).filter(holder__in=actor.organisation_ids, state=Meeting.State.ARRANGED)
    return told(actor, rows.filter(planned_at__lt=start_of(timezone.localdate(now or timezone.now())))).order_by(
        "planned_at", "pk"
    )


def told(actor: Actor, rows: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """With the pages that the actor sees, and who holds the meeting."""
    pages = PagePolicy.visible_to(actor).select_related("case__subject", "case__about").order_by("position")
    return rows.select_related("holder", "group").prefetch_related(
        Prefetch("pages", queryset=pages, to_attr="seen_pages")
    )


def of_case(actor: Actor, case: Any) -> list[Meeting]:
    """Meetings with a page about a case that one may see, the latest first: whoever sees such a page sees its meeting."""
    pages = PagePolicy.visible_to(actor).filter(case=case)
    rows = Meeting.objects.filter(pk__in=pages.values("meeting"))
    return list(rows.select_related("group").order_by("-planned_at", "pk"))


def _own_part(actor: Actor, lead: str, worker: str) -> Q:
    """Seats that it is for the actor to see to: their own by name; else their agency's, where another agency leads the case;
    in a case their own agency leads, that of the worker."""
    named = Q(user=actor.user_id) if actor.user_id is not None else Q(pk__in=())
    elsewhere = ~Q(**{f"{lead}__in": actor.organisation_ids}) | Q(**{f"{lead}__isnull": True})
    works = Q(**{worker: actor.user_id}) if actor.user_id is not None else Q(pk__in=())
    return named | (Q(user=None, organisation__in=actor.organisation_ids) & (elsewhere | works))


@settled
def waiting(actor: Actor) -> QuerySet[Seat]:
    """Invitations that wait for one's answer, of meetings today or later."""
    rows = Seat.objects.filter(
        answer="", organisation__in=actor.organisation_ids, meeting__in=MeetingPolicy.visible_to(actor),
        meeting__state=Meeting.State.ARRANGED, meeting__planned_at__gte=start_of(timezone.localdate()),
    )  # fmt: skip
    return rows.filter(_own_part(actor, "meeting__pages__case__lead", "meeting__pages__case__worker")).distinct()


def invitations(actor: Actor) -> QuerySet[Seat]:
    """Invitations that wait for one's answer, the nearest meeting first."""
    rows = waiting(actor).filter(meeting__planned_at__gte=timezone.now())
    return rows.select_related("meeting__holder", "meeting__group", "organisation").order_by("meeting__planned_at", "pk")


@settled
def reports_owed(actor: Actor) -> QuerySet[Report]:
    """Reports that one has not sent yet, the first due first."""
    rows = ReportPolicy.visible_to(actor).filter(
        received_at=None, seat__organisation__in=actor.organisation_ids, page__meeting__state=Meeting.State.ARRANGED,
        page__meeting__planned_at__gte=start_of(timezone.localdate()),
    )  # fmt: skip
    mine = Q(seat__user=actor.user_id) if actor.user_id is not None else Q(pk__in=())
    elsewhere = Q(seat__user=None) & ~Q(page__case__lead=F("seat__organisation"))
    works = Q(seat__user=None, page__case__worker=actor.user_id) if actor.user_id is not None else Q(pk__in=())
    return (
        rows.filter(mine | elsewhere | works)
        .select_related("page__meeting__holder", "page__meeting__group", "seat__organisation")
        .select_related("page__case__subject", "page__case__about")
        .order_by("page__meeting__reports_due_on", "pk")
    )
