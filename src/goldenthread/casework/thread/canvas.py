"""What every part of the drawing stands on: the frame, where a day is, words, rows, and marks that become one. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from .labels import Box
from .measure import shortened, width_of
from .shapes import Drawing, Line, Words
from .story import Mark, Story

LABEL, SMALL = 15.0, 13.0
LEVELS = (4, 3, 2, 1)
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


class Canvas:
    """One story in one frame, drawn from the top down: `y` is where the next row begins."""

    def __init__(self, story: Story, frame: Frame) -> None:
        self.story, self.frame = story, frame
        self.drawing = Drawing(frame.width, 0)
        self.span = max((story.last - story.first).days, 1)
        self.plot_right = frame.width - frame.right
        self.base = frame.above + frame.level_gap * (len(LEVELS) - 1)
        self.y = self.base + 30

    def x(self, day: date) -> float:
        """Where a day is, held inside the picture."""
        share = min(max((day - self.story.first).days / self.span, 0), 1)
        return round(self.frame.left + share * (self.plot_right - self.frame.left), 1)

    def level_y(self, level: int) -> float:
        return self.base - self.frame.level_gap * (min(max(level, 1), 4) - 1)

    def inside(self, marks: Iterable[M]) -> list[M]:
        return sorted((mark for mark in marks if self.story.inside(mark.day)), key=lambda mark: mark.day)

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

    def _words(self, x: float, y: float, text: str, style: str, size: float) -> Box:
        box = Box(x, y - size * 0.8, width_of(text, size), size)
        self.drawing.still.append(Words(round(x, 1), round(y, 1), text, style))
        self.drawing.words_at.append(box)
        return box
