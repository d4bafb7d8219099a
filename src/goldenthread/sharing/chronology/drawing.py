"""Gaps and clusters of a chronology, and its picture: agencies as lanes, lines as ticks, what is empty and what is dense. Pure.

A gap is more than four months without a line; a cluster is four weeks that hold at least six lines of two agencies or
more and three times as many as four weeks hold on average. Both are this project's own choice, not a rule: they say
where to look. They are found in what the reader may see, and say so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from goldenthread.casework.thread.labels import Box
from goldenthread.casework.thread.measure import shortened
from goldenthread.casework.thread.shapes import Drawing, Line, Rect, Words
from goldenthread.casework.thread.silences import SILENT_MONTHS
from goldenthread.casework.thread.story import months_between

WEEKS = timedelta(days=28)
LEAST, TIMES = 6, 3
SMALL = 13.0
MOST_LANES = 14


@dataclass(frozen=True, slots=True)
class Dot:
    """One line, as the picture needs it."""

    day: date
    agency: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A time without a line."""

    start: date
    end: date

    @property
    def months(self) -> int:
        return months_between(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Cluster:
    """A time with many."""

    start: date
    end: date
    lines: int
    agencies: tuple[str, ...]


def gaps(dots: Sequence[Dot]) -> list[Gap]:
    """Times of more than four months between two lines, the longest first."""
    days = sorted({dot.day for dot in dots})
    found = [
        Gap(before, after)
        for before, after in pairwise(days)
        if months_between(before, after) > SILENT_MONTHS
        or (months_between(before, after) == SILENT_MONTHS and before.day != after.day)
    ]
    return sorted(found, key=lambda gap: (gap.start - gap.end, gap.start))


def clusters(dots: Sequence[Dot]) -> list[Cluster]:
    """The densest times, the fullest first. Windows that overlap are one."""
    ordered = sorted(dots, key=lambda dot: dot.day)
    if not ordered:
        return []
    span = max((ordered[-1].day - ordered[0].day).days + 1, WEEKS.days)
    wanted = max(LEAST, TIMES * len(ordered) * WEEKS.days / span)
    windows: list[tuple[int, int]] = []
    last = 0
    for first, dot in enumerate(ordered):
        last = max(last, first)
        while last + 1 < len(ordered) and ordered[last + 1].day < dot.day + WEEKS:
            last += 1
        if last - first + 1 >= wanted and len({one.agency for one in ordered[first : last + 1]}) > 1:
            if windows and first <= windows[-1][1]:
                windows[-1] = (windows[-1][0], last)
            else:
                windows.append((first, last))
    found = [
        Cluster(
            ordered[first].day, ordered[last].day, last - first + 1,
            tuple(sorted({one.agency for one in ordered[first : last + 1]})),
        )
        for first, last in windows
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-one.lines, one.start))


# The picture ---------------------------------------------------------------------------------------------------------


def lanes_of(dots: Sequence[Dot]) -> list[str]:
    """Agencies in the order of their first line; beyond what can be drawn apart, the rest together."""
    first: dict[str, date] = {}
    for dot in dots:
        first[dot.agency] = min(first.get(dot.agency, dot.day), dot.day)
    ordered = sorted(first, key=lambda agency: (first[agency], agency))
    return ordered if len(ordered) <= MOST_LANES else [*ordered[: MOST_LANES - 1], ""]


def picture(dots: Sequence[Dot], *, narrow: bool = False) -> Drawing:
    """Lanes of ticks over the years, gaps and clusters behind them."""
    width, left, right, row = (360.0, 10.0, 10.0, 40.0) if narrow else (1100.0, 330.0, 20.0, 26.0)
    top = 26.0
    lanes = lanes_of(dots)
    drawing = Drawing(width, top + row * len(lanes) + 10)
    first, last = min(dot.day for dot in dots), max(dot.day for dot in dots)
    span = max((last - first).days, 1)

    def x(day: date) -> float:
        return round(left + (day - first).days / span * (width - left - right), 1)

    bottom = drawing.height - 6
    for gap in gaps(dots):
        box = Box(x(gap.start) + 2, top, max(x(gap.end) - x(gap.start) - 4, 1), bottom - top)
        drawing.still.append(Rect(box, "gt-t-gap"))
    for cluster in clusters(dots):
        box = Box(x(cluster.start) - 3, top, x(cluster.end) - x(cluster.start) + 6, bottom - top)
        drawing.still.append(Rect(box, "gt-t-fill"))
    _years(drawing, first, last, x, top, bottom, 110.0 if narrow else 55.0)
    for index, lane in enumerate(lanes):
        middle = top + row * index + (26 if narrow else row / 2)
        title = lane or "Other agencies"
        drawing.still.append(Line(left, middle, width - right, middle, "gt-t-grid"))
        place = (left, middle - 12) if narrow else (4.0, middle + 4)
        drawing.still.append(Words(*place, shortened(title, SMALL, width - 20 if narrow else left - 14), "gt-t-small"))
        own = {dot.day for dot in dots if dot.agency == lane or (not lane and dot.agency not in lanes)}
        for place_x in sorted({round(x(day)) for day in own}):
            drawing.still.append(Line(place_x, middle - 7, place_x, middle + 7, "gt-t-tick"))
    return drawing


def _years(
    drawing: Drawing, first: date, last: date, x: Callable[[date], float], top: float, bottom: float, apart: float
) -> None:  # fmt: skip
    before = float("-inf")
    for year in range(first.year, last.year + 1):
        day = max(date(year, 1, 1), first)
        if year > first.year:
            drawing.still.append(Line(x(day), top - 6, x(day), bottom, "gt-t-year"))
        if x(day) - before >= apart and x(day) < drawing.width - 40:
            drawing.still.append(Words(x(day) + 3, top - 10, str(year), "gt-t-small"))
            before = x(day)


def described(dots: Sequence[Dot]) -> str:
    """The picture in two sentences."""
    agencies = len({dot.agency for dot in dots})
    first, last = min(dot.day for dot in dots), max(dot.day for dot in dots)
    empty, dense = gaps(dots), clusters(dots)
    return (
        f"{len(dots):,} lines of {agencies} {'agency' if agencies == 1 else 'agencies'} from {first.day} {first:%B %Y} to "
        f"{last.day} {last:%B %Y}. {_many(len(empty), 'gap')} of more than {SILENT_MONTHS} months; "
        f"{_many(len(dense), 'cluster')}."
    )


def _many(count: int, one: str) -> str:
    return f"{count or 'No'} {one}{'' if count == 1 else 's'}"
