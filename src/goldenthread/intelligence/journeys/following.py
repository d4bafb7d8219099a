"""Follows each entry of a journey through what happened to the child afterwards: where it came to, when, and in time. Pure.

An event of a pathway that the journey has been in counts only in that very case; of another pathway, in any case of the child on
the same day or later. Nobody is followed longer than the journey says, nor beyond the day of the data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple

from goldenthread.guidance.journey import Column, Journey, Stage
from goldenthread.guidance.row_words import in_months_or_days
from goldenthread.guidance.terms import Matches, Test
from goldenthread.guidance.words import Interval

Clock = Literal["in time", "late", "no clock"]
NOT_RECORDED = "Not recorded"


class Happened(NamedTuple):
    """Something that happened to a child. `answers`: the answers that were chosen; `clocks`: duties it met, and whether late."""

    event: str
    case: str
    name: str
    """pathway.event"""
    day: date
    sequence: int
    area: str
    answers: Mapping[str, frozenset[str]]
    clocks: Mapping[str, bool]

    @property
    def pathway(self) -> str:
        return self.name.partition(".")[0]


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """How long a step took. `over`: it was taken; otherwise it was still waited for when the following ended."""

    days: int
    over: bool
    clock: Clock


@dataclass(frozen=True, slots=True)
class Walk:
    """One journey: its places by title, and its steps by the number of the column."""

    entered: date
    area: str
    group: str
    places: tuple[str, ...]
    steps: Mapping[int, Step] = field(default_factory=dict)


def group_of(journey: Journey, code: str | None) -> str:
    """The ethnic group of a code."""
    return next((name for name, codes in journey.ethnic_groups.items() if code in codes), NOT_RECORDED)


def later(day: date, interval: Interval) -> date:
    """A day moved on by months or days; the last day of a month where there is no such day."""
    months, days = in_months_or_days(interval)
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last)) + timedelta(days=days)


def follow(journey: Journey, events: Sequence[Happened], group: str, as_of: date, since: date) -> list[Walk]:
    """The journeys of one child, whose events are in order of day. `since`: entries before that day are not followed."""
    return [
        _walk(journey, one, events, group, as_of)
        for one in events
        if since <= one.day <= as_of and meets(journey.entered, one)
    ]


def meets(matches: Matches, one: Happened) -> bool:
    """Whether an event is among these, with the answers they ask for."""
    when = matches.get(one.name)
    return when is not None and all(_answered(one.answers.get(name, frozenset()), test) for name, test in when.items())


def _answered(given: frozenset[str], expected: Any) -> bool:
    if isinstance(expected, Test):
        if expected.given is not None and bool(given) != expected.given:
            return False
        return expected.is_not is None or not given & _codes(expected.is_not)
    return bool(given & _codes(expected))


def _codes(expected: Any) -> set[str]:
    every = expected if isinstance(expected, list) else [expected]
    return {str(one).lower() if isinstance(one, bool) else str(one) for one in every}


def _walk(journey: Journey, entry: Happened, events: Sequence[Happened], group: str, as_of: date) -> Walk:
    until = min(later(entry.day, journey.follow), as_of)
    ahead = [one for one in events if entry.day <= one.day <= until and one is not entry]
    at, cases, last, over = entry, {entry.pathway: entry.case}, -1, False
    places, steps = [journey.cohort], {}
    for nth, column in enumerate(journey.columns):
        found = _next(column, ahead, at, cases)
        if found is None:
            continue
        stage, one = found
        places.append(stage.title)
        steps[nth] = Step((one.day - at.day).days, True, _clock(column, one))
        at, last = one, nth
        cases.setdefault(one.pathway, one.case)
        if stage.ends:
            over = True
            break
    if not over:
        for nth, column in enumerate(journey.columns[last + 1 :], last + 1):
            if column.otherwise:
                places.append(column.otherwise)
                steps[nth] = Step((until - at.day).days, False, "no clock")
                break
    return Walk(entry.day, entry.area, group, tuple(places), steps)


def _next(
    column: Column, ahead: Iterable[Happened], at: Happened, cases: Mapping[str, str]
) -> tuple[Stage, Happened] | None:
    """The stage of a column that is come to, and by which event."""
    best: tuple[tuple[Any, ...], Stage, Happened] | None = None
    for one in ahead:
        if one.day < at.day or (one.case == at.case and one.sequence <= at.sequence):
            continue
        mine = cases.get(one.pathway)
        if mine is not None and mine != one.case:
            continue
        for order, stage in enumerate(column.stages.values()):
            if (stage.own and mine is None) or not meets(stage.reached, one):
                continue
            rank = (one.day, order) if column.choose == "earliest" else (order, one.day)
            if best is None or rank < best[0]:
                best = rank, stage, one
    return None if best is None else (best[1], best[2])


def _clock(column: Column, one: Happened) -> Clock:
    lates = [one.clocks[duty] for duty in column.clocks if duty in one.clocks]
    return "no clock" if not lates else "late" if any(lates) else "in time"
