"""What a golden thread tells: levels of need, decisions, clocks, the child's words, contacts. Pure data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Step:
    """The level of need from a day on."""

    day: date
    level: int


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing on one day. `title` is drawn, `words` is read out, `href` is where it is told in full."""

    day: date
    title: str
    href: str
    words: str = ""

    @property
    def spoken(self) -> str:
        return self.words or self.title


@dataclass(frozen=True, slots=True)
class Clock(Mark):
    """A duty that was or is late, or is still to come."""

    late: bool = False
    now: bool = False
    """Late and not done yet: what the eye should find first."""


@dataclass(frozen=True, slots=True)
class Tick(Mark):
    """An agency was in touch. `seen`: the child or family was seen or heard; else the agency wrote."""

    seen: bool = True


@dataclass(frozen=True, slots=True)
class Silence:
    """A time with nothing from an agency while a case was open. `ongoing` where it has not ended."""

    start: date
    end: date
    ongoing: bool = False

    @property
    def months(self) -> int:
        return months_between(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Lane:
    """One kind of agency."""

    title: str
    ticks: Sequence[Tick]
    silences: Sequence[Silence] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """A case, from its first day to its last; `end` is None while it is open."""

    start: date
    end: date | None
    href: str
    words: str


@dataclass(frozen=True, slots=True)
class PathwayLane:
    title: str
    bars: Sequence[Bar]


@dataclass(frozen=True, slots=True)
class Story:
    """All that one picture tells, from `first` to `last`. `known`: the day it is told as known on."""

    name: str
    first: date
    last: date
    today: date
    levels: Sequence[Step] = ()
    level_titles: Mapping[int, str] = field(default_factory=dict)
    decisions: Sequence[Mark] = ()
    clocks: Sequence[Clock] = ()
    said: Sequence[Mark] = ()
    lanes: Sequence[Lane] = ()
    pathways: Sequence[PathwayLane] = ()
    known: date | None = None

    def level_on(self, day: date) -> int:
        """The level of need at the end of a day; 1 before anything was known."""
        level = 1
        for step in self.levels:
            if step.day > day:
                break
            level = step.level
        return level

    def inside(self, day: date) -> bool:
        return self.first <= day <= self.last


def months_between(start: date, end: date) -> int:
    """Whole months from one day to a later one."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months - (1 if end.day < start.day else 0)


def level_steps(spans: Sequence[tuple[date, date | None, int]]) -> list[Step]:
    """The highest level of the cases open at once, as steps. `spans`: first day, last day or None, level.

    On the day a case closes its level still holds until another begins: the step down is drawn on that day.
    """
    days = sorted({day for start, end, _ in spans for day in (start, end) if day is not None})
    steps: list[Step] = []
    for day in days:
        there = [level for start, end, level in spans if start <= day and (end is None or day < end)]
        level = max(there, default=1)
        if level != (steps[-1].level if steps else 1):
            steps.append(Step(day, level))
    return steps
