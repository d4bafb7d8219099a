"""The lists of the Encompass page: whose school must be found, who is not told yet, what waits at a school.

What waits is read from the open duties, which are indexed by organisation and pathway. Depends on the policies of
`casework`; a school that is to be found is also shown, by name only, to the agency that keeps lists of pupils.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from goldenthread.agencies.kinds import kinds_of
from goldenthread.agencies.models import Area, Organisation
from goldenthread.casework.models import Case, Duty, Involvement
from goldenthread.casework.policies import NOTHING, CasePolicy, DutyPolicy, seen_by
from goldenthread.casework.queries.counting import Count, capped_counts
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.policy import Policy

from ..encompass import (
    NoNotices,
    Notice,
    changed_school,
    notice_pathway,
    notices_of,
    school_day_after,
    school_notices,
    schools_of,
    titles_of,
)

Side = Literal["police", "school", "finder"]
PAGE = 50
LATELY = timedelta(days=30)
HOLIDAYS = timedelta(days=60)
"""Longer than the longest school holidays: how far back a child may have changed school before school begins."""
LOOKED_AT = 400


class SearchPolicy(Policy[Case]):
    """Notices whose school is not known: to those who may see the case, and to the agency that keeps lists of pupils of
    the area. That a school is sought is all the latter may know; a restricted child's is never shown to them."""

    model = Case

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Case]:
        notices, pathway = school_notices(), notice_pathway()
        sought = [next(iter(pathway.states)), pathway.events[notices.events.unknown].to or ""]
        rows = Case.objects.filter(pathway=notices.pathway, is_open=True, state__in=sought)
        return rows.filter(seen_by(actor) | cls._as_finder(actor, sought[1]))

    @staticmethod
    def _as_finder(actor: Actor, state: str) -> Q:
        if not actor.may(Capability.VIEW_CASES) or not actor.organisation_ids:
            return NOTHING
        pathway = notice_pathway()
        kinds = set(pathway.events[school_notices().events.found].by) - {pathway.lead}
        finders = list(Organisation.objects.filter(pk__in=actor.organisation_ids, kind__in=kinds, active=True))
        if not finders:
            return NOTHING
        where = Q()
        if all(one.area_id is not None for one in finders):
            areas = _within([one.area_id for one in finders if one.area_id is not None])
            where = Q(area__in=areas) | Q(area=None, subject__area__in=areas)
        return where & Q(state=state, restricted=False, subject__restricted=False)


def _within(areas: Iterable[int]) -> set[int]:
    """Areas and all that lie in them."""
    found = set(areas)
    fresh = set(found)
    while fresh:
        fresh = set(Area.objects.filter(within__in=fresh).values_list("pk", flat=True)) - found
        found |= fresh
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """One child of one incident in a list."""

    notice: Notice
    due: Duty | None
    """The clock that runs, for the list it is in."""
    schools: list[str]
    """Titles of schools told, or in the list of changed schools those to be told."""
    begins: datetime | None
    """When the next school day after the incident begins."""


@dataclass(frozen=True, slots=True)
class Queue:
    """One list: its name in the address, what it is called, how many."""

    name: str
    title: str
    about: str
    count: Count
    alarm: bool = False


POLICE: tuple[tuple[str, str, str], ...] = (
    ("find", "School to be found", "Nobody knows yet which school these children go to."),
    ("tell", "Not told yet", "The school is known or being decided, and has not been told."),
    ("changed", "School has changed", "The child goes to another school by the next school day than the one that was told."),
    ("unopened", "Told, not opened", "The school has not opened the notice yet."),
    ("waiting", "Opened", "The school has it and has not said yet what it did."),
    ("done", "Done lately", "Closed in the last 30 days."),
)
SCHOOL: tuple[tuple[str, str, str], ...] = (
    ("unopened", "To open", "The police have told you of these. They see when you have opened one."),
    ("waiting", "Say what you did", "You have opened these. Say what the school did, and whether the child was seen."),
    ("done", "Done lately", "What the school did is recorded. From the last 30 days."),
)
FINDER: tuple[tuple[str, str, str], ...] = (
    ("find", "School to be found", "The police need to know which school these children go to, before the next school day."),
)
LISTS = {"police": POLICE, "school": SCHOOL, "finder": FINDER}


def side_of(kinds: set[str]) -> Side | None:
    """Which side of a notice an agency of these kinds is on; None where it is on none."""
    notices, pathway = school_notices(), notice_pathway()
    if kinds & set(pathway.events[pathway.opening].by):
        return "police"
    if kinds & set(notices.kinds):
        return "school"
    return "finder" if kinds & set(pathway.events[notices.events.found].by) else None


def has_side(actor: Actor) -> bool:
    """Whether the actor's agency has a part in telling schools, for the bar at the top of every page."""
    try:
        return side_of(kinds_of(actor)) is not None
    except NoNotices:
        return False


def rows_of(actor: Actor, side: Side, name: str, now: datetime) -> QuerySet[Case]:
    """The cases of one list."""
    notices, pathway = school_notices(), notice_pathway()
    unknown, told = pathway.events[notices.events.unknown].to, pathway.events[notices.events.told].to
    seen = CasePolicy.visible_to(actor).filter(pathway=notices.pathway)
    if side == "school":
        part = Involvement.objects.filter(case=OuterRef("pk"), organisation__in=actor.organisation_ids)
        seen = seen.filter(Exists(part))
    opened, acted = duties_met_by(notices.events.opened), duties_met_by(notices.events.done)
    if name == "find":
        rows = SearchPolicy.visible_to(actor).filter(state=unknown)
    elif name == "tell":
        rows = seen.filter(is_open=True, state=next(iter(pathway.states)))
    elif name == "changed":
        rows = seen.filter(pk__in=[one.case.pk for one in _changed(seen.filter(state=told, is_open=True), now)])
    elif name == "unopened":
        rows = seen.filter(Exists(_open(actor, side, opened)))
    elif name == "waiting":
        rows = seen.filter(Exists(_open(actor, side, acted)))
        if side == "police":
            rows = rows.filter(~Exists(_open(actor, side, opened)))
    else:
        rows = seen.filter(is_open=False, closed_at__gte=now - LATELY)
        if side == "school":
            rows = rows.filter(~Exists(_open(actor, side, [*opened, *acted])))
    return rows


def duties_met_by(event: str) -> list[str]:
    return [duty for duty, rule in notice_pathway().duties.items() if event in rule.met_by]


def _open(actor: Actor, side: Side, duties: list[str]) -> QuerySet[Duty]:
    rows = DutyPolicy.visible_to(actor).filter(case=OuterRef("pk"), duty__in=duties, outcome=Duty.Outcome.OPEN)
    return rows.filter(organisation__in=actor.organisation_ids) if side == "school" else rows


def _changed(rows: QuerySet[Case], now: datetime) -> list[Notice]:
    """Of the latest that were told, those whose child will be at another school when the next school day begins."""
    cases = list(rows.filter(opened_at__gte=now - HOLIDAYS).select_related("subject", "lead").order_by("-opened_at")[:LOOKED_AT])
    by_start: dict[tuple[str, date], list[Case]] = {}
    for case in cases:
        day = school_day_after(case.opened_at, case.arrangement)
        if day.starts is not None and day.starts > now:
            by_start.setdefault((case.arrangement, day.day), []).append(case)
    found: list[Notice] = []
    for (_, begins), group in by_start.items():
        at = schools_of([case.subject.pk for case in group], begins)
        found += [notice for notice in notices_of(group) if changed_school(notice, now, at)]
    return found


def queues(actor: Actor, side: Side, now: datetime | None = None) -> list[Queue]:
    """Every list of a side with how many it holds."""
    moment = now or timezone.now()
    counts = capped_counts({name: rows_of(actor, side, name, moment) for name, _, _ in LISTS[side]})
    return [
        Queue(name, title, about, counts[name], name in ("find", "tell", "changed") and bool(counts[name]))
        for name, title, about in LISTS[side]
    ]


def lines(actor: Actor, side: Side, name: str, start: int = 0, now: datetime | None = None) -> list[Line]:
    """One page of a list: what waits by when it is due, what is done the latest first."""
    moment = now or timezone.now()
    rows = rows_of(actor, side, name, moment).select_related("subject", "lead", "area")
    order = ("-closed_at", "pk") if name == "done" else ("next_due_at", "opened_at", "pk")
    cases = list(rows.order_by(*order)[start : start + PAGE])
    notices = notices_of(cases)
    titles = titles_of(notices)
    notice_events = school_notices().events
    wanted = {"find": duties_met_by(notice_events.found), "tell": duties_met_by(notice_events.told),
              "changed": duties_met_by(notice_events.told), "unopened": duties_met_by(notice_events.opened),
              "waiting": duties_met_by(notice_events.done), "done": duties_met_by(notice_events.told)}[name]  # fmt: skip
    clocks: dict[object, Duty] = {}
    duties = Duty.objects.filter(case__in=cases, duty__in=wanted)
    if side == "school":
        duties = duties.filter(organisation__in=actor.organisation_ids)
    for duty in duties.order_by("-due_at"):
        clocks[duty.case_id] = duty
    found = []
    for notice in notices:
        day = school_day_after(notice.incident.moment or notice.incident.day, notice.case.arrangement)
        if name == "changed":
            schools = [row.organisation.title for row in changed_school(notice, moment)]
        else:
            schools = [titles.get(one.school, one.school) for one in notice.schools]
        found.append(Line(notice, clocks.get(notice.case.pk), schools, day.starts))
    return found


def notice_cases(notice: Notice, actor: Actor) -> list[Case]:
    """The other children of the same incident whom the actor may see."""
    if notice.case.group is None:
        return []
    rows = CasePolicy.visible_to(actor).filter(group=notice.case.group, pathway=notice.case.pathway)
    return list(rows.exclude(pk=notice.case.pk).select_related("subject", "lead").order_by("subject__born", "pk"))
