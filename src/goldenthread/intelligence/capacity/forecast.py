"""When a backlog clears with so many people, from arrivals and durations as they were measured. Pure and seeded.

Each run makes up a future: weeks drawn from the weeks that were measured (so Mondays stay Mondays), durations drawn from
the durations that were measured, work taken first come first served. Over many runs the middle and the range of 8 in 10
are given. It assumes that people, work and demand stay as they were; it says so.
"""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from goldenthread.clocks.calendar import Calendar

from .queue import Served, simulate

DAYS_NEEDED = 20
DURATIONS_NEEDED = 20
WEEK = 5
ASSUMED = " If demand, durations and people stay as they were measured."


class NotEnoughData(ValueError):
    """Too few days or durations to say anything honest."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A queue as it is: the front door, the LADO, the reviewing officers."""

    name: str
    arrivals: tuple[int, ...]
    """How many came on each working day measured, in order, from a Monday. A day that is not known is left out with its
    whole week, never put in as a zero."""
    hours: tuple[float, ...]
    """How many hours of work each one took."""
    people: int
    hours_a_day: float
    """Hours that one person has for this work in a day."""
    waiting: int
    """How many wait now."""

    def __post_init__(self) -> None:
        if len(self.arrivals) < DAYS_NEEDED or len(self.hours) < DURATIONS_NEEDED:
            raise NotEnoughData(
                f"{self.name}: {len(self.arrivals)} days and {len(self.hours)} durations are measured; at least "
                f"{DAYS_NEEDED} of each are needed before a forecast says anything."
            )
        if min(self.arrivals) < 0 or min(self.hours) <= 0 or self.people < 1 or self.hours_a_day <= 0:
            raise ValueError(f"{self.name}: arrivals are never under zero, durations and people never zero")

    @property
    def work_a_day(self) -> float:
        """Hours of work that come in on a day, as a rule."""
        return sum(self.arrivals) / len(self.arrivals) * sum(self.hours) / len(self.hours)

    def busy(self, people: int) -> float:
        """The share of their time that so many people need for what comes in. At 1 or more a backlog never clears."""
        return self.work_a_day / (people * self.hours_a_day)


@dataclass(frozen=True, slots=True)
class Range:
    """The middle, and the ends between which 8 of 10 runs lie. None: not within the time looked at."""

    middle: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Outlook:
    """What so many people would do. Days are working days from now."""

    desk: Desk
    people: int
    busy: float
    clears: Range
    cleared: float
    """The share of runs in which the backlog cleared within the time looked at."""
    days_to_wait: Range
    """How long what comes in the second half of the time waits before someone takes it up."""
    still_waiting: Range
    """How many wait at the end of the time looked at."""
    runs: int
    horizon: int
    by_day: tuple[Range, ...] = ()
    """How many wait at the end of each day."""
    demand: float = 1.0
    """How many come, as times what was measured."""


def forecast(
    desk: Desk,
    people: Sequence[int] | None = None,
    *,
    horizon: int = 60,
    runs: int = 60,
    acceptable: int = 0,
    demand: float = 1.0,
    seed: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> list[Outlook]:
    """An outlook for each number of people: as many as now and one more, unless said otherwise.

    Cleared is the first day that ends with no more than `acceptable` waiting. Every number of people meets the same
    made-up futures, so that they differ by the people alone. `demand` makes more or fewer come.
    """
    numbers = list(people) if people is not None else [desk.people, desk.people + 1]
    found = []
    for nth, many in enumerate(numbers):
        days: list[float | None] = []
        waits: list[float] = []
        left: list[float] = []
        ends: list[list[int]] = []
        for run in range(runs):
            served = _future(desk, many, horizon, seed * 100_003 + run, demand)
            waiting = _waiting_at_ends(served, horizon, desk.hours_a_day)
            days.append(next((day + 1 for day, wait in enumerate(waiting) if wait <= acceptable), None))
            left.append(waiting[-1])
            ends.append(waiting)
            half = horizon * desk.hours_a_day / 2
            late = sorted(one.waited / desk.hours_a_day for one in served if one.arrived >= half)
            waits.append(late[len(late) // 2] if late else 0.0)
            if progress is not None:
                progress(nth * runs + run + 1, len(numbers) * runs)
        done = sum(day is not None for day in days) / runs
        by_day = tuple(_range(one) for one in zip(*ends, strict=True))
        outlook = Outlook(
            desk, many, desk.busy(many) * demand, _range(days), done, _range(waits), _range(left), runs, horizon, by_day, demand
        )
        found.append(outlook)
    return found


def _future(desk: Desk, people: int, horizon: int, seed: int, demand: float) -> list[Served]:
    luck = random.Random(seed)
    weeks = [desk.arrivals[start : start + WEEK] for start in range(0, len(desk.arrivals) - WEEK + 1, WEEK)]
    days: list[int] = []
    while len(days) < horizon:
        days += luck.choice(weeks)
    if demand != 1:  # a fraction of one that comes is one that comes so often
        days = [int(many * demand + luck.random()) for many in days]
    times = [0.0] * desk.waiting
    for day, many in enumerate(days[:horizon]):
        times += sorted((day + luck.random()) * desk.hours_a_day for _ in range(many))
    gaps = [after - before for before, after in zip([0.0, *times], times, strict=False)]
    return simulate(gaps, desk.hours, people, luck.randrange(2**31))


def _waiting_at_ends(served: Sequence[Served], horizon: int, hours_a_day: float) -> list[int]:
    arrived = sorted(one.arrived for one in served)
    started = sorted(one.started for one in served)
    ends = [(day + 1) * hours_a_day for day in range(horizon)]
    return [bisect_right(arrived, end) - bisect_right(started, end) for end in ends]


def _range(values: Sequence[float | None]) -> Range:
    """Middle, tenth and ninetieth; what never came counts as last."""
    ordered = sorted(values, key=lambda one: (one is None, one or 0))

    def at(share: float) -> float | None:
        return ordered[min(len(ordered) - 1, max(0, ceil(share * len(ordered)) - 1))]

    return Range(at(0.5), at(0.1), at(0.9))


def in_words(outlook: Outlook, day: Callable[[int], date] | None = None) -> str:
    """The outlook in a sentence or two. `day` gives the date of so many working days from now."""
    desk, extra = outlook.desk, outlook.people - outlook.desk.people
    who = f"With {outlook.people} {'person' if outlook.people == 1 else 'people'}"
    if extra:
        who += f" ({abs(extra)} {'more' if extra > 0 else 'fewer'})"
    limit = _when(outlook.horizon, day)
    share = f"{round(outlook.cleared * 100)} of 100 runs"
    if outlook.busy >= 1 and outlook.clears.middle is None:
        coming = desk.work_a_day * outlook.demand
        short = coming - outlook.people * desk.hours_a_day
        words = (
            f"{who} the backlog of {desk.waiting} never clears: each day brings {coming:.1f} hours of work and "
            f"{short:.1f} of them are left. By {limit} about {outlook.still_waiting.middle:g} wait "
            f"({outlook.still_waiting.low:g} to {outlook.still_waiting.high:g} in 8 runs of 10)."
        )
    elif outlook.clears.middle is None:
        words = f"{who} the backlog of {desk.waiting} does not clear by {limit}, but in {share}."
    else:
        words = f"{who} the backlog of {desk.waiting} clears by {_when(outlook.clears.middle, day)}"
        first = _when(outlook.clears.low, day) if outlook.clears.low is not None else limit
        if outlook.clears.high is None:
            words += f"; in 8 runs of 10 between {first} and some day after {limit}."
        else:
            words += f" (8 runs of 10: {first} to {_when(outlook.clears.high, day)})."
        if outlook.busy >= 0.95:
            words += f" They are busy {outlook.busy:.0%} of their time: it will come back."
    return words + ASSUMED


def working_days_after(start: date, calendar: Calendar) -> Callable[[int], date]:
    """The date of so many working days after a day, bank holidays left out."""
    return lambda days: date.fromordinal(calendar.plus_working(start.toordinal(), days))


def _when(days: float, day: Callable[[int], date] | None) -> str:
    if day is None:
        return f"working day {days:g}"
    found = day(int(days))
    return f"{found.day} {found:%B} {found.year}"
