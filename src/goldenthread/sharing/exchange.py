"""How a pathway asks agencies and hears their answers, read from its own clock: which event asks, which question names the
agency, which event answers, and which of its questions tell whether that was an answer.

No event is named here: a clock that runs for each agency asked (`matching`) says it all. Depends on `casework.record`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from goldenthread.agencies.models import Membership, Organisation, Role
from goldenthread.casework.models import Duty
from goldenthread.casework.record import asked_agency
from goldenthread.clocks.calendar import calendar_for, end_of
from goldenthread.clocks.interval import after
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import current_library
from goldenthread.guidance.climbing import Climbs
from goldenthread.guidance.pathway import Pathway
from goldenthread.guidance.words import Interval

from .models import Request


@dataclass(frozen=True, slots=True)
class Exchange:
    """The names that a pathway has for asking and answering."""

    asked: str
    """The event by which an agency is asked."""
    agency: str
    """The question, in both events, that names the agency."""
    answered: str
    """The event by which it answers."""
    duty: str
    """The clock that runs for each agency asked."""
    tells: tuple[str, ...]
    """Questions of the answer that decide whether the clock is met, such as whether the agency holds anything."""


def exchange_of(pathway: Pathway) -> Exchange | None:
    """How a pathway asks; None if its cases ask nobody. Telling a school of an incident asks it nothing."""
    notices = current_library().sharing.school_notices
    if notices is not None and notices.pathway == pathway.id:
        return None
    for name, rule in pathway.duties.items():
        agency = asked_agency(pathway, name)
        if agency is None or not rule.after or not rule.met_by:
            continue
        asked = next(iter(rule.after)).partition(".")[0]
        answered = next((kind for kind in rule.met_by if agency in pathway.events[kind].asks), None)
        if answered is not None:
            return Exchange(asked, agency, answered, name, tuple(rule.met_by[answered]))
    return None


# The clock of each request ------------------------------------------------------------------------------------------


def with_clock(rows: QuerySet[Request]) -> QuerySet[Any]:
    """Requests with `due_at`, `outcome`, `met_at` and `late` of their clocks. One whose clock is `open` waits."""
    clock = Duty.objects.filter(
        case=OuterRef("case_id"), triggered_by=OuterRef("event_id"), organisation=OuterRef("agency_id")
    ).order_by("due_at")
    return rows.annotate(
        due_at=Subquery(clock.values("due_at")[:1]), outcome=Subquery(clock.values("outcome")[:1]),
        met_at=Subquery(clock.values("met_at")[:1]), late=Subquery(clock.values("late")[:1]),
    )  # fmt: skip


def still_open(rows: QuerySet[Request]) -> QuerySet[Any]:
    """Requests that wait for an answer, with their clocks."""
    return with_clock(rows).filter(outcome=Duty.Outcome.OPEN)


def waits(request: Request) -> bool:
    """Whether one request waits for an answer now."""
    return still_open(Request.objects.filter(pk=request.pk)).exists()


# Agencies and lengths of time ---------------------------------------------------------------------------------------


def climbs() -> Climbs:
    """Who is told when nobody answers, and how long links last."""
    return current_library().sharing.climbs


def moment_after(interval: Interval, start: datetime, arrangement: str) -> datetime:
    """When an interval from a moment has passed: to the minute for hours, at the end of the day for days."""
    due = after(interval, start, calendar_for(current_library(), arrangement or None)).due
    assert due is not None  # the start is known, so the end is
    return due if isinstance(due, datetime) else end_of(due)


def with_accounts(organisations: Any) -> set[int]:
    """Which of these organisations have anybody who can sign in and answer; the others answer by link or by telephone."""
    return held_by(organisations).get(Capability.RECORD_EVENTS.value, set())


def held_by(organisations: Any) -> dict[str, set[int]]:
    """Capability -> those of these organisations where somebody's role holds it today."""
    rows = Membership.in_force().filter(organisation__in=organisations, user__is_active=True).order_by()
    able = dict(Role.objects.values_list("pk", "capabilities"))
    found: dict[str, set[int]] = {}
    for organisation, role in rows.values_list("organisation", "role").distinct():
        for capability in able.get(role, ()):
            found.setdefault(capability, set()).add(organisation)
    return found


def asked_elsewhere(pathway: Pathway, exchange: Exchange) -> QuerySet[Any]:
    """Open clocks of agencies that were asked in another way than through sharing, so that no request is kept of them."""
    kept = Request.objects.filter(event=OuterRef("triggered_by"))
    rows = Duty.objects.filter(
        pathway=pathway.id, duty=exchange.duty, outcome=Duty.Outcome.OPEN, triggered_by__isnull=False
    )
    return rows.exclude(organisation=None).filter(~Exists(kept))


def asking_organisation(case_lead: Organisation, own: frozenset[int], first: int | None) -> Organisation | None:
    """For whom somebody asks: the organisation that leads the case if they act for it, or else their own."""
    if case_lead.pk in own or first is None:
        return case_lead
    return Organisation.objects.filter(pk=first).first()
