"""Where everything of a golden thread goes, in one of two frames: wide for screens, narrow for phones. Pure.

A hundred events must be as calm as ten: marks that would touch become one, labels without a free place become
numbers with a list beneath, and ticks that would touch become a bar.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from .canvas import LABEL, LEVELS, NARROW, NUMBERED, RADIUS, SMALL, WIDE, Frame
from .labels import Box, Placed, Wanted, place
from .lanes import Lanes
from .measure import shortened, width_of
from .saying import day_in_words, marks_of_time, named, spoken_of
from .shapes import Circle, Drawing, KeyEntry, Line, Link, Path, Rect, Shape, Words
from .story import Mark, Story

__all__ = ["NARROW", "WIDE", "Frame", "day_in_words", "lay_out"]

_TOO_MANY_NUMBERS = 6
"""When more labels than this find no place, every decision is numbered: half and half is harder to read."""


_AGAIN = 3
"""A decision of the same name more often than this is named only the first and the last time."""


def lay_out(story: Story, frame: Frame = WIDE) -> Drawing:
    """The whole picture."""
    return _Layout(story, frame).drawn()


class _Layout(Lanes):
    """The line of need with its decisions, over the lanes."""

    def drawn(self) -> Drawing:
        self._levels()
        self.lanes()
        self._dates()
        self.drawing.height = self.y + 26
        return self.drawing

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
        quiet = self._repeated(clusters)
        placed = self._labels(clusters, spots, taken, RADIUS, without=quiet) if self.frame.labels else {}
        if len(clusters) - len(quiet) - len(placed) > _TOO_MANY_NUMBERS:
            placed = {}
        elif len(placed) < len(clusters) - len(quiet):
            # numbered dots are larger, so the labels that stay are placed again round them
            without = {index for index in range(len(clusters)) if index not in placed}
            placed = self._labels(clusters, spots, taken, NUMBERED, without=without)
        number = 0
        for index, (group, (x, y)) in enumerate(zip(clusters, spots, strict=True)):
            label = placed.get(index)
            plain = label is not None or index in quiet
            shapes: list[Shape] = [Circle(x, y, RADIUS if plain else NUMBERED, "gt-t-dot")]
            seen = ""
            if label is not None:
                seen = self._label_of(group)
                shapes += self._leader(label, x)
                shapes.append(Words(round(label.box.x, 1), round(label.box.y + 13, 1), seen, "gt-t-label"))
                self.drawing.words_at.append(label.box)
            elif not plain:
                number += 1
                seen = str(number)
                self.drawing.key.append(KeyEntry(number, spoken_of(group), group[-1].href))
                shapes.append(Words(x, y + 4, seen, "gt-t-number", "middle"))
            radius = RADIUS if plain else NUMBERED
            self.drawing.marks_at.append(Box(x - radius, y - radius, 2 * radius, 2 * radius))
            self.drawing.links.append(Link(group[-1].href, named(seen, spoken_of(group)), shapes))

    @staticmethod
    def _leader(label: Placed, x: float) -> list[Shape]:
        line = label.leader
        return [Line(x, line.y, x, line.bottom, "gt-t-leader")] if line else []

    def _repeated(self, clusters: Sequence[Sequence[Mark]]) -> set[int]:
        """What is decided again and again, such as reviews, is named the first and the last time; between, a dot says it."""
        by_title: dict[str, list[int]] = {}
        for index, group in enumerate(clusters):
            if len(group) == 1:
                by_title.setdefault(group[0].title, []).append(index)
        return {index for same in by_title.values() if len(same) > _AGAIN for index in same[1:-1]}

    def _clusters(self) -> list[list[Mark]]:
        """Decisions in groups whose dots do not touch, at most as many as the frame can bear."""
        marks = self.inside(self.story.decisions)
        apart = 2 * NUMBERED + 1.5
        groups = self._grouped(marks, apart, by_level=True)
        while len(groups) > self.frame.dots and apart < self.frame.width:
            apart *= 1.25
            groups = self._grouped(marks, apart, by_level=True)
        return groups

    def _label_of(self, group: Sequence[Mark]) -> str:
        """One title for marks laid together: that of the one that changed the level, or else of the last."""
        turning = {step.day for step in self.story.levels}
        lead = next((mark for mark in group if mark.day in turning), group[-1])
        more = f" and {len(group) - 1} more" if len(group) > 1 else ""
        return shortened(lead.title, LABEL, 230) + more

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

    def _dates(self) -> None:
        story, still = self.story, self.drawing.still
        top, bottom = self.frame.above - 8, self.y + 4
        free = self.frame.left
        for day, text in marks_of_time(story.first, story.last, self.frame.width - self.frame.left):
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
