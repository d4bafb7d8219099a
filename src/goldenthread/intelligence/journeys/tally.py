"""Adds up journeys: how many came to each place, how many went from each to each, how long the steps took. Pure."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from goldenthread.guidance.journey import Journey

from .drift import AT_RISK_AT_LEAST, Stay, drift
from .following import NOT_RECORDED, Walk

CLOCKS = ("in time", "late", "no clock")


@dataclass(slots=True)
class Took:
    """How long a step took: by how many days half, and nine of ten, had taken it. None: fewer had, or too few to say."""

    clocks: Counter[str] = field(default_factory=Counter)
    waiting: int = 0
    half: int | None = None
    nine: int | None = None

    @property
    def taken(self) -> int:
        return sum(self.clocks.values())


@dataclass(slots=True)
class Tally:
    """The journeys of one area and period, added up."""

    entered: int = 0
    places: Counter[str] = field(default_factory=Counter)
    flows: Counter[tuple[str, str]] = field(default_factory=Counter)
    steps: dict[int, Took] = field(default_factory=dict)
    groups: dict[str, Counter[str]] = field(default_factory=dict)
    """Group of children -> how many of them came to each place."""


def columns_of(journey: Journey, broad: bool = False) -> list[list[str]]:
    """The places by column, from left to right. `broad`: those that may be told together are."""
    found = [[journey.cohort]]
    for column in journey.columns:
        titles = dict.fromkeys((one.broader if broad else None) or one.title for one in column.stages.values())
        found.append([*titles, *([column.otherwise] if column.otherwise else [])])
    return found


def broader(journey: Journey) -> dict[str, str]:
    """Place -> what it is called where it is told together with others."""
    return {one.title: one.broader for one in journey.stages().values() if one.broader}


def compared(journey: Journey, broad: bool = False) -> list[str]:
    """The places of which groups are compared."""
    stages, names = journey.stages(), broader(journey) if broad else {}
    return list(dict.fromkeys(names.get(stages[one].title, stages[one].title) for one in journey.compare))


def tally(walks: Iterable[Walk], names: Mapping[str, str] | None = None) -> Tally:
    """`names`: places that are told under another name."""
    found = Tally()
    stays: dict[int, list[Stay]] = {}
    names = names or {}
    for walk in walks:
        places = [names.get(one, one) for one in walk.places]
        found.entered += 1
        found.places.update(places)
        found.flows.update(itertools.pairwise(places))
        found.groups.setdefault(walk.group, Counter()).update(places)
        for nth, step in walk.steps.items():
            took = found.steps.setdefault(nth, Took())
            stays.setdefault(nth, []).append(Stay(step.days, step.over))
            if step.over:
                took.clocks[step.clock] += 1
            else:
                took.waiting += 1
    for nth, many in stays.items():
        found.steps[nth].half, found.steps[nth].nine = _quantiles(many)
    return found


def _quantiles(stays: list[Stay]) -> tuple[int | None, int | None]:
    """The days by which half, and nine of ten, had taken a step, those who still wait counted in."""
    steps = drift(stays, ()).steps
    return tuple(  # type: ignore[return-value]
        next((one.day for one in steps if one.share <= share + 1e-9 and one.at_risk >= AT_RISK_AT_LEAST), None)
        for share in (0.5, 0.1)
    )


def group_order(journey: Journey) -> list[str]:
    return [*journey.ethnic_groups, NOT_RECORDED]


def payload(journey: Journey, one: Tally) -> dict[str, Any]:
    """A tally as it is kept: plain numbers."""
    return {
        "broad": False, "entered": one.entered, "places": dict(one.places),
        "flows": [[source, target, many] for (source, target), many in sorted(one.flows.items())],
        "steps": {
            str(nth): {"taken": took.taken, "waiting": took.waiting, "half": took.half, "nine": took.nine,
                       **{clock: took.clocks[clock] for clock in CLOCKS}}
            for nth, took in sorted(one.steps.items())
        },
        "groups": {
            name: {place: one.groups.get(name, Counter())[place] for place in (journey.cohort, *compared(journey))}
            for name in group_order(journey) if name in one.groups
        },
    }  # fmt: skip
