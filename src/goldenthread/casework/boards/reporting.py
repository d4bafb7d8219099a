"""A new report about a person on a board that takes them: found by name, told where an episode of theirs is still open.

One absence reported by three people is one absence: the report that comes second is offered to join the first. What may
be recorded is asked of the pathway; nothing here names one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from goldenthread.clocks.calendar import local_day
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.library import pathways
from goldenthread.guidance.board import Board, NewReport
from goldenthread.guidance.pathway import Pathway
from goldenthread.people.models import Person

from ..models import Case, Event
from ..openings import fit_for, openings
from ..policies import CasePolicy
from ..words import day_words
from .page import possible_in
from .which import standing


@dataclass(frozen=True, slots=True)
class Way:
    """One way on, as a link."""

    words: str
    href: str


@dataclass(slots=True)
class Found:
    """One person who was found, with what is open for them and what can be done."""

    person: Person
    open: str = ""
    """What is still open, in words; empty where nothing is."""
    ways: list[Way] = field(default_factory=list)
    """The first is the one that is probably meant."""


def ways_for(actor: Actor, board: Board, people: Sequence[Person], ours: set[str]) -> list[Found]:
    """What can be done for each person found, with their cases of the board's pathways read at once."""
    told = board.report
    assert told is not None
    cases = CasePolicy.visible_to(actor).filter(pathway__in=board.pathways, subject__in=[one.pk for one in people])
    by_person: dict[object, list[Case]] = {}
    for case in cases.order_by("-is_open", "-opened_at"):
        by_person.setdefault(case.subject_id, []).append(case)
    open_now = [case.pk for some in by_person.values() for case in some if case.is_open]
    reports = standing(Event.objects.filter(case__in=open_now, kind=told.opens)).order_by("occurred_on", "sequence")
    began = dict(reports.values_list("case", "occurred_on"))
    return [_found(actor, board, told, person, by_person.get(person.pk, []), began, ours) for person in people]


def _found(
    actor: Actor, board: Board, told: NewReport, person: Person, cases: list[Case], began: dict[UUID, date],
    ours: set[str],
) -> Found:  # fmt: skip
    found = Found(person)
    for case in cases:
        pathway = pathways(case.arrangement).get(case.pathway)
        if pathway is None or told.opens not in pathway.events:
            continue
        again = possible_in(pathway.events[told.opens], case)
        joining = pathway.events.get(told.joins or "")
        joins = joining is not None and possible_in(joining, case)
        if joins and not again:
            day = began.get(case.pk, local_day(case.opened_at))
            state = pathway.states[case.state].title
            found.open = f"{state} since {day_words(day)}. One episode is counted once."
            found.ways.insert(0, _record("Join this report to it", case, told.joins))
        elif again:
            found.ways.append(_record(_new(pathway, told), case, told.opens))
            if joins:
                found.ways.append(_record("Join it to the last one", case, told.joins))
    if not found.ways:
        for pathway in (pathways("").get(name) for name in board.pathways):
            if pathway is None or fit_for(pathway, person, timezone.localdate()) == "never":
                continue
            if told.opens in openings(actor, pathway, ours):
                href = reverse("casework:open-case", args=[person.pk, pathway.id, told.opens])
                found.ways.append(Way(_new(pathway, told), href))
    return found


def _new(pathway: Pathway, told: NewReport) -> str:
    return f"Record: {pathway.title_of(told.opens).lower()}"


def _record(words: str, case: Case, kind: str | None) -> Way:
    return Way(words, reverse("casework:record", args=[case.pk, kind]))
