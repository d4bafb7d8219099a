"""Where everything of a golden thread goes, in one of two frames: wide for screens, narrow for phones. Pure.

A hundred events must be as calm as ten: marks that would touch become one, labels without a free place become
numbers with a list beneath, and ticks that would touch become a bar.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TypeVar

from .labels import HEIGHT, Box, Placed, Wanted, place
from .measure import shortened, width_of
from .shapes import Circle, Drawing, KeyEntry, Line, Link, Path, Rect, Shape, Words
from .story import Clock, Lane, Mark, PathwayLane, Silence, Story, Tick

LABEL, SMALL = 15.0, 13.0
LEVELS = (4, 3, 2, 1)
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

M = TypeVar("M", bound=Mark)


@dataclass(frozen=True, slots=True)
class Frame:
    """How large, and how much can be told in words."""

    width: float
    left: float
    right: float
    level_gap: float
    above: float
    row: float
    names_above: bool
    """Lanes are named above their line, not beside it."""
    labels: bool
    """Decisions are named where there is room; otherwise all are numbered."""
    dots: int
    """At most so many decisions are drawn apart."""


WIDE = Frame(1100, 148, 26, 57, 60, 26, names_above=False, labels=True, dots=26)
NARROW = Frame(360, 20, 12, 36, 34, 36, names_above=True, labels=False, dots=11)

RADIUS, NUMBERED = 7.0, 9.5
_TOO_MANY_NUMBERS = 6
"""When more labels than this find no place, every decision is numbered: half and half is harder to read."""


def lay_out(story: Story, frame: Frame = WIDE) -> Drawing:
    """The whole picture."""
    return _Layout(story, frame).drawing


class _Layout:
    def __init__(self, story: Story, frame: Frame) -> None:
        self.story, self.frame = story, frame
        self.drawing = Drawing(frame.width, 0)
        self.span = max((story.last - story.first).days, 1)
        self.plot_right = frame.width - frame.right
        self.base = frame.above + frame.level_gap * (len(LEVELS) - 1)
        self.y = self.base + 30
        self._levels()
        rows_from = self.y
        self._said()
        self._clocks()
        if story.pathways:
            self._heading("Cases")
        for pathway in story.pathways:
            self._pathway(pathway)
        if story.lanes:
            self._heading("Agencies")
        for lane in story.lanes:
            self._lane(lane)
        self._dates(rows_from)
        self.drawing.height = self.y + 26

    def x(self, day: date) -> float:
        """Where a day is, held inside the picture."""
        share = min(max((day - self.story.first).days / self.span, 0), 1)
        return round(self.frame.left + share * (self.plot_right - self.frame.left), 1)

    def level_y(self, level: int) -> float:
        return self.base - self.frame.level_gap * (min(max(level, 1), 4) - 1)

    def inside(self, marks: Iterable[M]) -> list[M]:
        return sorted((mark for mark in marks if self.story.inside(mark.day)), key=lambda mark: mark.day)

    # The line and its decisions

    def _levels(self) -> None:
        still = self.drawing.still
        for level in LEVELS:
            y = self.level_y(level)
            still.append(Line(self.frame.left, y, self.plot_right, y, "gt-t-grid"))
            title = "" if self.frame.names_above else f" {self.story.level_titles.get(level, '')}".rstrip()
            self._words(
                4, y + 4, shortened(f"{level}{title}", SMALL, self.frame.left - 10), "gt-t-small", SMALL
            )
        segments = self._line()
        today = self._today()
        self._decisions([*segments, *today])

    def _line(self) -> list[Box]:
        """The gold line up to today, and the boxes it takes."""
        story = self.story
        end = min(story.known or story.today, story.last)
        points = [(self.x(story.first), self.level_y(story.level_on(story.first)))]
        for step in story.levels:
            if story.first < step.day <= end:
                points += [(self.x(step.day), points[-1][1]), (self.x(step.day), self.level_y(step.level))]
        points.append((self.x(end), points[-1][1]))
        foot = [(points[-1][0], self.base), (points[0][0], self.base)]
        self.drawing.still += [Path([*points, *foot], "gt-t-fill", closed=True), Path(points, "gt-t-line")]
        return [
            Box(min(a[0], b[0]) - 2.5, min(a[1], b[1]) - 2.5, abs(a[0] - b[0]) + 5, abs(a[1] - b[1]) + 5)
            for a, b in pairwise(points)
        ]

    def _today(self) -> list[Box]:
        """The word over today's line, or over the day it is told as known on; the line itself comes last."""
        story = self.story
        day = story.known or story.today
        text = f"known on {day_in_words(day)}" if story.known else "today"
        if not story.inside(day):
            return []
        x, width = self.x(day), width_of(text, LABEL)
        at = min(max(x - width / 2, self.frame.left), self.frame.width - 4 - width)
        box = self._words(at, 16, text, "gt-t-label", LABEL)
        return [box, Box(x - 2, 20, 4, self.base)]

    def _decisions(self, taken: list[Box]) -> None:
        clusters = self._clusters()
        spots = [
            (self.x(group[-1].day), self.level_y(self.story.level_on(group[-1].day))) for group in clusters
        ]
        radius = RADIUS if self.frame.labels else NUMBERED
        placed = self._labels(clusters, spots, taken, RADIUS) if self.frame.labels else {}
        if len(clusters) - len(placed) > _TOO_MANY_NUMBERS:
            placed = {}
        elif len(placed) < len(clusters):
            # numbered dots are larger, so the labels that stay are placed again round them
            numbered = {index for index in range(len(clusters)) if index not in placed}
            again = self._labels(clusters, spots, taken, NUMBERED, without=numbered)
            placed = again
        number = 0
        for index, (group, (x, y)) in enumerate(zip(clusters, spots, strict=True)):
            label = placed.get(index)
            shapes: list[Shape] = []
            if label is None:
                number += 1
                self.drawing.key.append(KeyEntry(number, spoken_of(group), group[-1].href))
                shapes += [
                    Circle(x, y, NUMBERED, "gt-t-dot"),
                    Words(x, y + 4, str(number), "gt-t-number", "middle"),
                ]
            else:
                if label.leader:
                    line = label.leader
                    shapes.append(Line(x, line.y, x, line.bottom, "gt-t-leader"))
                text = self._label_of(group)
                shapes += [
                    Circle(x, y, RADIUS, "gt-t-dot"),
                    Words(round(label.box.x, 1), round(label.box.y + 13, 1), text, "gt-t-label"),
                ]
                self.drawing.words_at.append(label.box)
            radius = RADIUS if label else NUMBERED
            self.drawing.marks_at.append(Box(x - radius, y - radius, 2 * radius, 2 * radius))
            seen = self._label_of(group) if label else str(number)
            self.drawing.links.append(Link(group[-1].href, named(seen, spoken_of(group)), shapes))

    def _clusters(self) -> list[list[Mark]]:
        """Decisions in groups whose dots do not touch, at most as many as the frame can bear."""
        marks = self.inside(self.story.decisions)
        apart = 2 * NUMBERED + 1.5
        groups = self._grouped(marks, apart, by_level=True)
        while len(groups) > self.frame.dots and apart < self.frame.width:
            apart *= 1.25
            groups = self._grouped(marks, apart, by_level=True)
        return groups

    def _grouped(self, marks: Sequence[M], apart: float, *, by_level: bool = False) -> list[list[M]]:
        """Marks that would stand nearer than `apart` on the same line, laid together at the last of them."""
        found: list[list[M]] = []
        latest: dict[int, list[M]] = {}
        for mark in marks:
            line = self.story.level_on(mark.day) if by_level else 0
            group = latest.get(line)
            if group is not None and self.x(mark.day) - self.x(group[0].day) < apart:
                group.append(mark)
            else:
                latest[line] = [mark]
                found.append(latest[line])
        return self._settled(found, apart, by_level)

    def _settled(self, groups: list[list[M]], apart: float, by_level: bool) -> list[list[M]]:
        """Groups stand where their last mark does; where that brings two too near they become one."""
        by_line: dict[int, list[list[M]]] = {}
        for group in groups:
            line = self.story.level_on(group[-1].day) if by_level else 0
            before = by_line.setdefault(line, [])
            if before and self.x(group[-1].day) - self.x(before[-1][-1].day) < apart:
                before[-1].extend(group)
            else:
                before.append(group)
        return sorted((group for line in by_line.values() for group in line), key=lambda group: group[-1].day)

    def _label_of(self, group: Sequence[Mark]) -> str:
        more = f" and {len(group) - 1} more" if len(group) > 1 else ""
        return shortened(group[-1].title, LABEL, 230) + more

    def _labels(
        self,
        groups: Sequence[Sequence[Mark]],
        spots: Sequence[tuple[float, float]],
        taken: Iterable[Box],
        radius: float,
        without: Iterable[int] = (),
    ) -> dict[int, Placed]:
        """Labels that have a place, by group. The latest, and those that changed the level, choose first."""
        story, left_out = self.story, set(without)
        turning = {step.day for step in story.levels}
        order = sorted(
            (index for index in range(len(groups)) if index not in left_out),
            key=lambda index: (not turning & {mark.day for mark in groups[index]}, -index),
        )
        wanted = [
            Wanted(index, *spots[index], width_of(self._label_of(groups[index]), LABEL), radius)
            for index in order
        ]
        dots = [Box(x - radius, y - radius, 2 * radius, 2 * radius) for x, y in spots]
        area = Box(self.frame.left + 2, 22, self.frame.width - self.frame.left - 6, self.base + 24 - 22)
        return {one.key: one for one in place(wanted, [*taken, *dots], area)}

    # Lanes

    def _row(self, title: str, style: str = "gt-t-small") -> float:
        """Draws the name and line of the next lane; gives the height of its middle."""
        frame = self.frame
        if frame.names_above:
            middle = self.y + 24
            self._words(4, self.y + 8, shortened(title, SMALL, frame.width - 8), style, SMALL)
        else:
            middle = self.y + frame.row / 2
            self._words(4, middle + 4, shortened(title, SMALL, frame.left - 10), style, SMALL)
        self.drawing.still.append(Line(frame.left, middle, self.plot_right, middle, "gt-t-grid"))
        self.y += frame.row
        return middle

    def _heading(self, title: str) -> None:
        """A word over the lanes that follow."""
        self.y += 8
        self._words(4, self.y + 11, title, "gt-t-small gt-t-small--head", SMALL)
        self.y += 18

    def _said(self) -> None:
        middle = self._row(f"{self.story.name} said", "gt-t-small gt-t-small--said")
        for group in self._grouped(self.inside(self.story.said), 24):
            x = self.x(group[-1].day)
            words = group[-1].spoken if len(group) == 1 else f"{spoken_of(group)}"
            self.drawing.links.append(Link(group[-1].href, words, [
                Rect(Box(x - 10, middle - 12, 20, 24), "gt-t-hit"), Words(x, middle + 14, "”", "gt-t-said", "middle"),
            ]))  # fmt: skip
            self.drawing.marks_at.append(Box(x - 7, middle - 6, 14, 12))

    def _clocks(self) -> None:
        clocks = self.inside(self.story.clocks)
        if not clocks:
            return
        labelled = self.frame.labels
        room = HEIGHT + 4 if labelled else 0
        self.y += room
        middle = self._row("Late, and due")
        self.y += room
        radius = RADIUS
        groups = self._clock_groups(clocks, 2 * radius + 2)
        spots = self._apart([self.x(group[-1].day) for group in groups], 2 * radius + 2)
        order = sorted(
            range(len(groups)), key=lambda index: (not groups[index][-1].now, groups[index][-1].late, -index)
        )
        area = Box(
            self.frame.left + 2,
            middle - radius - HEIGHT - 6,
            self.frame.width - self.frame.left - 6,
            2 * (radius + HEIGHT + 6),
        )
        wanted = [
            Wanted(
                index,
                spots[index],
                middle,
                width_of(self._clock_words(groups[index]), SMALL, bold=True),
                radius,
            )
            for index in order
        ]
        dots = [Box(x - radius, middle - radius, 2 * radius, 2 * radius) for x in spots]
        now = self.x(self.story.known or self.story.today)
        taken = [*dots, Box(now - 1.5, area.y, 3, area.height)]
        placed = {one.key: one for one in place(wanted, taken, area)} if labelled else {}
        for index, (group, x) in enumerate(zip(groups, spots, strict=True)):
            last = group[-1]
            style = ("gt-t-late gt-t-late--now" if last.now else "gt-t-late") if last.late else "gt-t-due"
            shapes: list[Shape] = [Circle(x, middle, radius, style)]
            label = placed.get(index)
            if label is not None:
                tone = "gt-t-small gt-t-small--late" if last.late else "gt-t-small"
                shapes.append(
                    Words(round(label.box.x, 1), round(label.box.y + 13, 1), self._clock_words(group), tone)
                )
                self.drawing.words_at.append(label.box)
            words = named(self._clock_words(group) if label else "", spoken_of(group))
            self.drawing.links.append(Link(last.href, words, shapes))
            self.drawing.marks_at.append(Box(x - radius, middle - radius, 2 * radius, 2 * radius))

    def _clock_groups(self, clocks: Sequence[Clock], least: float) -> list[list[Clock]]:
        """Clocks of one kind laid together where they would touch, until all fit on the lane."""
        room = (self.plot_right - self.frame.left) / least
        apart = least
        while True:
            groups: list[list[Clock]] = []
            for late, now in ((True, True), (True, False), (False, False)):
                groups += self._grouped([one for one in clocks if (one.late, one.now) == (late, now)], apart)
            if len(groups) <= room * 0.7 or apart > self.frame.width:
                return groups
            apart *= 1.25

    def _clock_words(self, group: Sequence[Clock]) -> str:
        more = f" and {len(group) - 1} more" if len(group) > 1 else ""
        return shortened(group[-1].title, SMALL, 210) + more

    def _apart(self, places: Sequence[float], apart: float) -> list[float]:
        """Marks of different kinds on one lane moved aside just enough not to touch, and kept inside."""
        low, high = self.frame.left + apart / 2, self.frame.width - apart / 2
        order = sorted(range(len(places)), key=lambda index: places[index])
        found = list(places)
        for before, index in zip([None, *order], order, strict=False):
            least = low if before is None else found[before] + apart
            found[index] = max(found[index], least)
        limit = high
        for index in reversed(order):
            found[index] = min(found[index], limit)
            limit = found[index] - apart
        return [round(x, 1) for x in found]

    def _pathway(self, lane: PathwayLane) -> None:
        middle = self._row(lane.title)
        for bar in lane.bars:
            start, end = bar.start, bar.end or min(self.story.known or self.story.today, self.story.last)
            if end < self.story.first or start > self.story.last:
                continue
            x, right = self.x(start), self.x(end)
            box = Box(x, middle - 6, max(right - x, 4), 12)
            style = "gt-t-bar" if bar.end is not None else "gt-t-bar gt-t-bar--open"
            self.drawing.links.append(Link(bar.href, bar.words, [Rect(box, style, 2)]))

    def _lane(self, lane: Lane) -> None:
        middle = self._row(lane.title)
        gaps = [gap for gap in lane.silences if gap.end >= self.story.first and gap.start <= self.story.last]
        for gap in gaps:
            self._silence(gap, middle)
        for group in self._runs(self.inside(lane.ticks)):
            x, right = self.x(group[0].day), self.x(group[-1].day)
            half = 8 if any(tick.seen for tick in group) else 4
            if right - x < 3:
                shapes: list[Shape] = [Line(x, middle - half, x, middle + half, "gt-t-tick")]
            else:
                shapes = [Rect(Box(x - 1.5, middle - half, right - x + 3, 2 * half), "gt-t-run", 1.5)]
            words = (
                group[0].spoken if len(group) == 1 else f"{lane.title}: {len(group)} contacts, {_days(group)}"
            )
            shapes.append(Rect(Box(x - 4, middle - 12, right - x + 8, 24), "gt-t-hit"))
            self.drawing.links.append(Link(group[-1].href, words, shapes, tab=False))

    def _runs(self, ticks: Sequence[Tick]) -> list[list[Tick]]:
        """Ticks in runs: those nearer than five units to the one before, seen and written apart."""
        found: list[list[Tick]] = []
        for tick in ticks:
            if found and found[-1][-1].seen == tick.seen and self.x(tick.day) - self.x(found[-1][-1].day) < 5:
                found[-1].append(tick)
            else:
                found.append([tick])
        return found

    def _silence(self, gap: Silence, middle: float) -> None:
        x, right = self.x(gap.start) + 2, self.x(gap.end) - 2
        if right <= x:
            return
        self.drawing.still.append(Rect(Box(x, middle - 10, right - x, 20), "gt-t-gap", 2))
        for text in (f"nothing for {gap.months} months", f"{gap.months} months"):
            width = width_of(text, SMALL)
            if width <= right - x - 8:
                self._words((x + right - width) / 2, middle + 4.5, text, "gt-t-small gt-t-small--gap", SMALL)
                break

    # Dates

    def _dates(self, rows_from: float) -> None:
        story, still = self.story, self.drawing.still
        top, bottom = self.frame.above - 8, self.y + 4
        free = self.frame.left
        for day, text in _marks_of_time(story.first, story.last, self.frame.width - self.frame.left):
            x = self.x(day)
            still.insert(0, Line(x, top, x, bottom, "gt-t-year"))
            width = width_of(text, SMALL)
            if x + 4 >= free and x + 4 + width <= self.frame.width:
                self._words(x + 4, self.y + 18, text, "gt-t-small", SMALL)
                free = x + 4 + width + 8
        day = story.known or story.today
        if story.inside(day):
            x = self.x(day)
            if story.known and x < self.plot_right:
                still.insert(0, Rect(Box(x, top, self.plot_right - x, bottom - top), "gt-t-after"))
            still.append(Line(x, 20, x, bottom, "gt-t-now gt-t-now--known" if story.known else "gt-t-now"))

    def _words(self, x: float, y: float, text: str, style: str, size: float) -> Box:
        box = Box(x, y - size * 0.8, width_of(text, size), size)
        self.drawing.still.append(Words(round(x, 1), round(y, 1), text, style))
        self.drawing.words_at.append(box)
        return box


def named(seen: str, spoken: str) -> str:
    """A name that begins with the words one sees, so that they can be spoken to reach it."""
    return spoken if not seen or spoken.startswith(f"{seen},") else f"{seen}: {spoken}"


def spoken_of(group: Sequence[Mark]) -> str:
    """One mark, or several laid together, read out."""
    if len(group) == 1:
        return group[0].spoken
    titles = "; ".join(mark.title for mark in group[-4:])
    before = f"{len(group) - 4} more before; " if len(group) > 4 else ""
    together = "" if group[0].day == group[-1].day else f"{len(group)} together, "
    return f"{together}{_days(group)}: {before}{titles}"


def day_in_words(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _days(group: Sequence[Mark]) -> str:
    first, last = group[0].day, group[-1].day
    return day_in_words(first) if first == last else f"{day_in_words(first)} to {day_in_words(last)}"


def _marks_of_time(first: date, last: date, room: float) -> list[tuple[date, str]]:
    """Years, quarters or months, whichever the room can bear."""
    days = (last - first).days
    months = 12 if days > 600 else 3 if days > 330 or room < 500 else 1
    found = []
    day = date(first.year, 1, 1)
    while day <= last:
        if day >= first:
            name = (
                str(day.year)
                if months == 12
                else _MONTHS[day.month - 1][:3] + (f" {day.year}" if day.month == 1 else "")
            )
            found.append((day, name))
        day = _month_after(day, months)
    return found


def _month_after(day: date, months: int) -> date:
    index = day.month - 1 + months
    return date(day.year + index // 12, index % 12 + 1, 1)
