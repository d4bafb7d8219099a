"""Which cases a board, a section or a total speaks of, as querysets over what the reader may see, in order.

Counts are capped and lists are read from an index: by urgency as the front door is, by a duty's day from the open clocks
themselves. Depends on policies and the guidance's own words; the language is in docs/look-up/boards.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from goldenthread.agencies.kinds import kinds_of
from goldenthread.clocks.calendar import local_day, start_of
from goldenthread.clocks.interval import add_months
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import current_library
from goldenthread.guidance.board import Board, Section, Which
from goldenthread.guidance.words import Interval, Unit

from ..models import Case, Duty, Event
from ..policies import CasePolicy, EventPolicy

DAYS = {Unit.DAYS: 1, Unit.WEEKS: 7}


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a reader narrows a board to. Empty for everything."""

    district: str = ""
    worker: str = ""
    """mine, team or nobody."""
    agency: str = ""


def day_before(length: Interval, today: date) -> date:
    """The day a length of time ago; months and years keep the day of the month where there is one."""
    if length.unit in DAYS:
        return today - timedelta(days=length.amount * DAYS[length.unit])
    if length.unit is Unit.HOURS:
        return today - timedelta(days=-(-length.amount // 24))
    return add_months(today, -length.amount * (12 if length.unit is Unit.YEARS else 1))


def standing(rows: QuerySet[Event]) -> QuerySet[Event]:
    """Events as they stand: not withdrawn, and not replaced by a later correction."""
    later = Event.objects.filter(
        Q(amends=OuterRef("pk")) | Q(amends=OuterRef("amends"), sequence__gt=OuterRef("sequence")), case=OuterRef("case"),
        amends__isnull=False,  # said aloud, so that the few corrections are looked for in their own index
    )  # fmt: skip
    return rows.filter(~Exists(later), withdrawn=False)


def seen(actor: Actor, board: Board) -> QuerySet[Case]:
    """Every case of the board's pathways that the reader may know of."""
    return CasePolicy.visible_to(actor).filter(pathway__in=board.pathways)


def works_on_any(actor: Actor) -> bool:
    """Whether somebody's agency leads cases of a board or owes what falls due in them, or their role runs or sees all of
    them. For the bar at the top of every page: it asks the guidance, not the cases, and who works for several agencies costs
    one query. A board whose cases are restricted counts for those alone who may see such cases."""
    library = current_library()
    runs = {pathway for pathway, _ in actor.handles}
    ours = kinds_of(actor)
    for name in {name for board in library.boards.values() for name in board.pathways}:
        pathway = library.pathways[name]
        if name in runs:
            return True
        if pathway.sensitivity == "restricted" and not actor.may(Capability.VIEW_RESTRICTED):
            continue
        if actor.scope == "partnership" or not ours.isdisjoint((pathway.lead, *(one.owner for one in pathway.duties.values()))):
            return True
    return False


def cases_of(actor: Actor, board: Board, which: Which, narrowed: Narrowed, now: datetime) -> QuerySet[Case]:
    """The cases that a section or total speaks of, in no order."""
    rows = seen(actor, board).filter(narrow(actor, narrowed))
    if which.cases != "any":
        rows = rows.filter(is_open=which.cases == "open")
    if which.states:
        rows = rows.filter(state__in=which.states)
    if which.urgency:
        rows = rows.filter(priority__in=which.urgency)
    if which.no_worker:
        rows = rows.filter(worker=None)
    today = local_day(now)
    if which.opened_before is not None:
        rows = rows.filter(opened_at__lt=start_of(day_before(which.opened_before, today)))
    if which.waiting_for:
        rows = rows.filter(Exists(_running(board, which.waiting_for).filter(case=OuterRef("pk"))))
    if which.late_for:
        rows = rows.filter(Exists(_running(board, which.late_for).filter(case=OuterRef("pk"), due_at__lt=now)))
    if which.had:
        rows = rows.filter(Exists(_happened(which.had)))
    if which.latest:
        rows = rows.filter(Exists(_happened(which.latest).filter(~Exists(_later()))))
    if which.not_had:
        rows = rows.filter(~Exists(_happened(which.not_had)))
    if which.repeated is not None:
        since = day_before(which.repeated.within, today)
        lately = standing(Event.objects.filter(case=OuterRef("pk"), kind=which.repeated.event, occurred_on__gte=since))
        times = lately.order_by().values("case").annotate(times=Count("pk")).values("times")
        # Asked of one case at a time: a list of all that repeat would be made anew for each count.
        rows = rows.alias(times=Subquery(times)).filter(times__gte=which.repeated.times)
    return rows


def counted(actor: Actor, board: Board, which: Which, narrowed: Narrowed, now: datetime) -> QuerySet[Any]:
    """The same cases to be counted: where clocks say which, from the clocks, of which there are fewer."""
    cases = cases_of(actor, board, which, narrowed, now)
    clocks = which.late_for or which.waiting_for
    if not clocks:
        return cases
    return _first_clocks(board, clocks, cases, now if which.late_for else None)


def first_ids(
    actor: Actor, board: Board, section: Section, narrowed: Narrowed, now: datetime, most: int
) -> list[UUID]:
    """The ids of the first cases of a section in its order. Each part is read from an index in its order and cut."""
    cases = cases_of(actor, board, section, narrowed, now)
    clocks = section.waiting_for or section.late_for
    if section.sort == "due" and clocks:
        return _by_clock(board, clocks, cases, most)
    if section.sort == "due":
        timed = cases.filter(next_due_at__isnull=False).order_by("next_due_at", "pk")
        found = list(timed.values_list("pk", flat=True)[:most])
        if len(found) < most:  # wherever the database puts empty dates, they come last
            untimed = cases.filter(next_due_at__isnull=True).order_by("opened_at", "pk")
            found += untimed.values_list("pk", flat=True)[: most - len(found)]
        return found
    if section.sort == "urgency":
        soonest = F("next_due_at").asc(nulls_last=True)
        return list(cases.order_by("priority", soonest, "opened_at", "pk").values_list("pk", flat=True)[:most])
    order = "opened_at" if section.sort == "oldest" else "-opened_at"
    return list(cases.order_by(order, "pk").values_list("pk", flat=True)[:most])


def _by_clock(board: Board, duties: Iterable[str], cases: QuerySet[Case], most: int) -> list[UUID]:
    """By the day of the clocks: the first of each kind of clock, merged, so that none of them is sorted as a whole."""
    first = _first_clocks(board, duties, cases).order_by("due_at", "case")
    known = current_library().pathways
    picked: list[tuple[datetime, str, UUID]] = []
    for pathway in board.pathways:
        for duty in duties:
            if pathway in known and duty in known[pathway].duties:
                rows = first.filter(pathway=pathway, duty=duty, due_at__isnull=False).values_list("due_at", "case")[:most]
                picked += [(due, str(case), case) for due, case in rows if due is not None]
    return list(dict.fromkeys(case for _, _, case in sorted(picked)))[:most]


def episodes(actor: Actor, board: Board, section: Section, narrowed: Narrowed, now: datetime) -> QuerySet[Event]:
    """The events that began the episodes of a section, the newest first."""
    assert section.episodes is not None
    since = day_before(section.episodes.within, local_day(now))
    began = EventPolicy.visible_to(actor).filter(kind=section.episodes.of, occurred_on__gte=since)
    cases = cases_of(actor, board, section, narrowed, now).filter(pk=OuterRef("case"))
    return standing(began).filter(Exists(cases)).order_by("-occurred_on", "-recorded_at", "pk")


def narrow(actor: Actor, chosen: Narrowed) -> Q:
    """What the reader chose, as a condition on cases."""
    condition = Q()
    if chosen.district:
        condition &= Q(area__slug=chosen.district) | Q(area=None, subject__area__slug=chosen.district)
    if chosen.worker == "mine":
        condition &= Q(worker=actor.user_id) if actor.user_id is not None else Q(pk__in=())
    elif chosen.worker == "team":
        condition &= Q(team__in=sorted(actor.team_ids))
    elif chosen.worker == "nobody":
        condition &= Q(worker=None)
    if chosen.agency:
        condition &= Q(lead__slug=chosen.agency)
    return condition


def _running(board: Board, duties: Iterable[str]) -> QuerySet[Duty]:
    return Duty.objects.filter(pathway__in=board.pathways, duty__in=list(duties), outcome=Duty.Outcome.OPEN)


def _first_clocks(
    board: Board, duties: Iterable[str], cases: QuerySet[Case], late: datetime | None = None
) -> QuerySet[Duty]:
    """One clock a case: the first of these duties to be due. Reads the open clocks by their day."""
    running = _running(board, duties)
    sooner = running.filter(
        Q(due_at__lt=OuterRef("due_at")) | Q(due_at=OuterRef("due_at"), pk__lt=OuterRef("pk")), case=OuterRef("case")
    )
    rows = running.filter(~Exists(sooner), Exists(cases.filter(pk=OuterRef("case"))))
    return rows.filter(due_at__lt=late) if late is not None else rows


def _later() -> QuerySet[Event]:
    """Events of the same kind in the same case that happened after."""
    after = Q(occurred_on__gt=OuterRef("occurred_on"))
    after |= Q(occurred_on=OuterRef("occurred_on"), sequence__gt=OuterRef("sequence"))
    return standing(Event.objects.filter(after, case=OuterRef("case"), kind=OuterRef("kind")))


def _happened(found: Mapping[str, Mapping[str, Any]]) -> QuerySet[Event]:
    """Whether any of these happened in the case the query stands in, as the record stands."""
    condition = Q(pk__in=())
    for kind, answers in found.items():
        one = Q(kind=kind)
        for name, expected in answers.items():
            given = expected if isinstance(expected, list) else [expected]
            said = Q(pk__in=())
            for value in given:
                said |= Q(**{f"data__{name}": value})
            one &= said
        condition |= one
    return standing(Event.objects.filter(condition, case=OuterRef("pk")))


