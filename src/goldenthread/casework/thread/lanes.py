"""The lanes beneath the line: the child's words first, what is late and due, cases, agencies and their silences. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from .canvas import RADIUS, SMALL, Canvas
from .labels import HEIGHT, Box, Wanted, place
from .measure import shortened, width_of
from .saying import days_of, named, spoken_of
from .shapes import Circle, Line, Link, Rect, Shape, Words
from .story import Clock, Lane, PathwayLane, Silence, Tick


class Lanes(Canvas):
    """Draws lanes, one row each."""

    def lanes(self) -> None:
        """All of them, in their order."""
        self._said()
        self._clocks()
        if self.story.pathways:
            self._heading("Cases")
        for pathway in self.story.pathways:
            self._pathway(pathway)
        if self.story.lanes:
            self._heading("Agencies")
        for lane in self.story.lanes:
            self._lane(lane)

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
                group[0].spoken
                if len(group) == 1
                else f"{lane.title}: {len(group)} contacts, {days_of(group)}"
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
