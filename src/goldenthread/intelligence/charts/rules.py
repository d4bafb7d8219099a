"""The rules that tell a real change from ordinary variation, as NHS England's Making Data Count states them. Pure.

Four rules: a point outside the limits; a shift of 7 or more on one side of the average; a trend of 6 or more all rising
or all falling; 2 of 3 near a limit. Source: NHS England, Making data count: strengthening your decisions (2019) and its
Excel tools. Their tools differ: NHSRplotthedots 0.2 takes a trend of 7, abspc 1.1 a shift of 8; so both are settings.

"Near a limit" is the outer third between average and limit; all three points lie on one side of the average
(NHSRplotthedots, ptd_two_in_three). A point on the average ends a shift. A gap ends every run: nothing is claimed
across a month that nobody knows.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

Rule = Literal["outside", "shift", "trend", "near"]
Side = Literal["high", "low"]


@dataclass(frozen=True, slots=True)
class Rules:
    """How many points it takes."""

    shift: int = 7
    trend: int = 6


@dataclass(frozen=True, slots=True)
class Placed:
    """A point with what it is judged by. `sigma` is a third of the way from average to limit."""

    value: float
    centre: float
    sigma: float
    lower: float
    upper: float

    @property
    def side(self) -> int:
        return (self.value > self.centre) - (self.value < self.centre)

    @property
    def outside(self) -> bool:
        return self.value > self.upper or self.value < self.lower

    @property
    def near(self) -> bool:
        return not self.outside and abs(self.value - self.centre) > 2 * self.sigma


@dataclass(frozen=True, slots=True)
class Signal:
    """A rule that fired: which points (by their place in the chart), and which way."""

    rule: Rule
    points: tuple[int, ...]
    side: Side
    words: str = ""

    @property
    def first(self) -> int:
        return self.points[0]

    @property
    def last(self) -> int:
        return self.points[-1]


def signals(placed: Sequence[Placed | None], rules: Rules) -> list[Signal]:
    """Every rule that fires on a stretch of points; None is a gap. In the order of their last points."""
    found: list[Signal] = []
    for start, run in _between_gaps(placed):
        found += _outside(start, run)
        found += _shifts(start, run, rules.shift)
        found += _trends(start, run, rules.trend)
        found += _near(start, run)
    return sorted(found, key=lambda one: (one.last, one.first, one.rule))


def _between_gaps(placed: Sequence[Placed | None]) -> Iterator[tuple[int, list[Placed]]]:
    run: list[Placed] = []
    for place, one in enumerate([*placed, None]):
        if one is not None:
            run.append(one)
        elif run:
            yield place - len(run), run
            run = []


def _outside(start: int, run: Sequence[Placed]) -> Iterator[Signal]:
    for place, one in enumerate(run):
        if one.outside:
            yield Signal("outside", (start + place,), "high" if one.value > one.upper else "low")


def _shifts(start: int, run: Sequence[Placed], least: int) -> Iterator[Signal]:
    yield from _alike(start, [one.side for one in run], least, "shift")


def _trends(start: int, run: Sequence[Placed], least: int) -> Iterator[Signal]:
    steps = [
        (after.value > before.value) - (after.value < before.value)
        for before, after in itertools.pairwise(run)
    ]
    yield from _alike(start, steps, least - 1, "trend", also_next=True)


def _alike(
    start: int, signs: Sequence[int], least: int, rule: Rule, *, also_next: bool = False
) -> Iterator[Signal]:
    """Runs of one sign that are long enough, each as long as it goes."""
    place = 0
    while place < len(signs):
        end = place
        while end < len(signs) and signs[end] == signs[place]:
            end += 1
        if signs[place] and end - place >= least:
            yield Signal(
                rule,
                tuple(range(start + place, start + end + also_next)),
                "high" if signs[place] > 0 else "low",
            )
        place = end


def _near(start: int, run: Sequence[Placed]) -> Iterator[Signal]:
    """Windows of three; those that overlap are one signal."""
    hits: list[int] = []
    for first in range(len(run) - 2):
        three = run[first : first + 3]
        if sum(one.near for one in three) >= 2 and abs(sum(one.side for one in three)) == 3:
            hits.append(first)
    for group in _runs_of(hits, lambda before, after: after - before <= 2):
        points = sorted({place for first in group for place in range(first, first + 3) if run[place].near})
        yield Signal(
            "near", tuple(start + place for place in points), "high" if run[points[0]].side > 0 else "low"
        )


def _runs_of(places: Sequence[int], joined: Callable[[int, int], bool]) -> Iterator[list[int]]:
    group: list[int] = []
    for place in places:
        if group and not joined(group[-1], place):
            yield group
            group = []
        group.append(place)
    if group:
        yield group
