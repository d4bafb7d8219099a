"""A pathway's states and events drawn as one SVG picture, narrow enough for a phone. Pure.

States stand in a column in the order of the file, closed ones last. Under each stands a stem with the events that take
a case on from it: an event that leads to the next state runs down the stem, any other runs out to the right into a line
that ends at its state. An event is drawn under the state it most naturally follows. Every text has a row of its
own, so no label can meet another; `Diagram.labels` gives their boxes for the test that proves it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .canvas import BLUE, GREY, INK, Box, Canvas
from .lettering import broken, width_of
from .library import AgencyRoles
from .pathway import EventKind, Pathway
from .sentences import Speaker, capital, either, field_in_words

WIDTH = 370
_LEFT = 14
_STEM = 30
_TEXT = 46
_LANE = 13
_PAD = 10
_CLOSED = "Case closed"


@dataclass(frozen=True)
class Diagram:
    svg: str
    width: int
    height: int
    labels: tuple[tuple[str, Box], ...]
    """Each text with its box."""
    runs: tuple[Box, ...]
    """Each straight run of line, as a box without width or height."""


@dataclass(frozen=True, slots=True)
class _Arrow:
    """One way a case moves: to a state, or (None) to its end. `words` is the condition; none if it always holds."""

    target: str | None
    words: str


@dataclass(slots=True)
class _Row:
    """An event under a state, with the pathways it opens: (id, condition)."""

    kind: str
    title: str
    arrows: list[_Arrow]
    flags: list[tuple[str, str]]
    also: str = ""


def draw(pathway: Pathway, roles: AgencyRoles, titles: Mapping[str, str]) -> Diagram:
    """The picture of a pathway. `titles` gives the titles of the pathways it opens."""
    return _Layout(_Plan(pathway, Speaker(pathway, roles, titles), titles)).draw()


class _Plan:
    """Which event is drawn where."""

    def __init__(self, pathway: Pathway, speaker: Speaker, titles: Mapping[str, str]) -> None:
        self.pathway, self.speaker, self.titles = pathway, speaker, titles
        self.open = [state for state, entry in pathway.states.items() if not entry.closed]
        self.order = self.open + [state for state, entry in pathway.states.items() if entry.closed]
        self.place = {state: index for index, state in enumerate(self.order)}
        self.start: list[_Row] = []
        self.under: dict[str, list[_Row]] = {state: [] for state in self.order}
        self.anytime: list[_Row] = []
        for kind, event in pathway.events.items():
            self._put(kind, event)

    def levels(self) -> Iterator[tuple[int, list[_Row]]]:
        """The rows under the start (level -1) and under each state (its place in the column)."""
        yield -1, self.start
        for level, state in enumerate(self.order):
            yield level, self.under[state]

    def place_of(self, target: str | None) -> int:
        return len(self.order) if target is None else self.place[target]

    def runs_down(self, level: int, target: str | None) -> bool:
        """Whether an arrow from the rows of a level ends at the very next state."""
        return target is not None and self.place[target] == level + 1

    def is_closed(self, target: str | None) -> bool:
        return target is None or self.pathway.states[target].closed

    def _put(self, kind: str, event: EventKind) -> None:
        row = _Row(kind, self.pathway.title_of(kind), self._arrows(kind, event), self._flags(kind, event))
        if event.opens:
            self.start.append(row)
            # It may be said again in an open case; drawn there only where it then leads on.
            if not any(arrow.target != state for state in event.in_states for arrow in row.arrows):
                return
            row = replace(row)
        possible = event.in_states or self.open
        home, others = self._home(possible, row)
        if home is None:
            beyond = [state for state in possible if state not in self.open]
            if not set(self.open) <= set(possible):
                row.also = f"only while {self._listed(possible)}"
            elif beyond:
                row.also = f"also when {self._listed(beyond)}"
            self.anytime.append(row)
            return
        if len(self.open) > 1 and {home, *others} >= set(self.open):
            row.also = "from any open state"
        elif others:
            row.also = f"also from {self._listed(others)}"
        self.under[home].append(row)

    def _arrows(self, kind: str, event: EventKind) -> list[_Arrow]:
        found = [_Arrow(state, self._condition(kind, when)) for state, when in event.to_when]
        if event.to:
            found.append(_Arrow(event.to, "otherwise" if event.to_when else ""))
        if not found and event.opens:
            found.append(_Arrow(self.order[0], ""))
        if not found and event.closes:
            found.append(_Arrow(None, ""))
        return _merged(found)

    def _flags(self, kind: str, event: EventKind) -> list[tuple[str, str]]:
        opened: dict[str, list[str]] = {}
        for leads in event.leads_to:
            opened.setdefault(leads.open, []).append(self._condition(kind, leads.when))
        return [(pathway, either(words) if all(words) else "") for pathway, words in opened.items()]

    def _home(self, possible: Sequence[str], row: _Row) -> tuple[str | None, list[str]]:
        """The state an event is drawn under and the others it may happen in.

        An event that moves the case stands under the nearest state above the one it leads to. One that does not stands
        under its state if it has one or two, and otherwise (None) with those that may happen at any time.
        """
        places = sorted(self.place[state] for state in possible)
        if row.arrows:
            main = row.arrows[-1] if row.arrows[-1].words in ("", "otherwise") else row.arrows[0]
            above = [place for place in places if place < self.place_of(main.target)]
            home = above[-1] if above else places[0]
        elif len(places) > 2 or set(self.open) <= set(possible):
            return None, []
        else:
            home = places[0]
        return self.order[home], [self.order[place] for place in places if place != home]

    def _listed(self, states: Sequence[str]) -> str:
        return either([self.pathway.states[state].title for state in states])

    def _condition(self, kind: str, when: Mapping[str, Any]) -> str:
        return " and ".join(self.speaker.condition(kind, name, expected) for name, expected in when.items())

    def described(self) -> Iterator[str]:
        """The picture in words, for those who cannot see it."""
        yield f"{either([row.title for row in self.start])} opens the case."
        for level, rows in self.levels():
            if rows and level >= 0:
                yield f"From {self.pathway.states[self.order[level]].title}:"
            yield from (self._led(row) for row in rows)
        if self.anytime:
            yield f"At any time while open: {either([row.title for row in self.anytime], 'and')}."

    def _led(self, row: _Row) -> str:
        ways = [
            f"leads to {self.pathway.states[arrow.target].title if arrow.target else 'the end of the case'}"
            + (f" ({arrow.words})" if arrow.words else "")
            for arrow in row.arrows
        ]
        ways += [f"opens {self.title_of(opened)}" for opened, _ in row.flags]
        also = f" ({row.also})" if row.also else ""
        return f"{row.title}{also} {either(ways, 'and')}." if ways else f"{row.title}{also}."

    def title_of(self, pathway: str) -> str:
        return self.titles.get(pathway, capital(field_in_words(pathway)))


def _merged(arrows: Sequence[_Arrow]) -> list[_Arrow]:
    """Arrows to the same state as one."""
    found: dict[str | None, list[str]] = {}
    for arrow in arrows:
        found.setdefault(arrow.target, []).append(arrow.words)
    if len(found) == 1 and any(words in ("", "otherwise") for words in found[arrows[0].target]):
        return [_Arrow(arrows[0].target, "")]
    return [_Arrow(to, "otherwise" if "otherwise" in words else either(words)) for to, words in found.items()]


class _Layout:
    """Puts a plan on the canvas, from top to bottom."""

    def __init__(self, plan: _Plan) -> None:
        self.plan = plan
        self.canvas = Canvas()
        self.lane = _lanes(plan)
        lanes = 1 + max(self.lane.values(), default=-1)
        self.right = WIDTH - _LEFT - (8 + _LANE * lanes if lanes else 0)
        self.pending: list[tuple[float, float, str | None]] = []
        """Lines that leave a row: where they start and the state they end at."""
        self.box_at: dict[str | None, Box] = {}

    def draw(self) -> Diagram:
        plan, canvas = self.plan, self.canvas
        canvas.dot(_STEM, 20, filled=True, radius=6, colour=INK)
        y = self._stem(plan.start, -1, 27)
        for level, state in enumerate(plan.order):
            y = self._state(state, level, y)
        if any(arrow.target is None for _, rows in plan.levels() for row in rows for arrow in row.arrows):
            y = self._end_mark(y)
        if plan.anytime:
            y = self._anytime(y + 6)
        self._lines_to_the_right()
        pathway, height = plan.pathway, int(y + 8)
        svg = canvas.svg(
            f"diagram-{pathway.id}",
            WIDTH,
            height,
            f"{pathway.title}: states and events",
            " ".join(plan.described()),
        )
        return Diagram(svg, WIDTH, height, tuple(canvas.labels), tuple(canvas.runs))

    def _state(self, state: str, level: int, y: float) -> float:
        entry = self.plan.pathway.states[state]
        lines = broken(entry.title, 16, self.right - _LEFT - 2 * _PAD, bold=True)
        box = Box(_LEFT, y, self.right, y + 14 + 20 * len(lines))
        self.canvas.rounded(box, closed=entry.closed)
        for number, words in enumerate(lines):
            self.canvas.text(_LEFT + _PAD, y + 22.5 + 20 * number, words, 16, "state", bold=True)
        self.box_at[state] = box
        return self._stem(self.plan.under[state], level, box.bottom)

    def _stem(self, rows: Sequence[_Row], level: int, top: float) -> float:
        """The events under a state (or the start), and the line down to the next state if one leads there."""
        if not rows:
            return top + 14
        y = last = top
        for row in rows:
            last = y + 19
            y = self._row(row, level, y + 8)
        down = any(self.plan.runs_down(level, arrow.target) for row in rows for arrow in row.arrows)
        end = y + 14 if down else last
        self.canvas.line(f"M{_STEM} {top:g}V{end:g}", BLUE, arrow=down)
        self.canvas.runs.append(Box(_STEM, top, _STEM, end))
        return y + 16 if down else y + 14

    def _row(self, row: _Row, level: int, y: float) -> float:
        """One event; returns where the next may begin."""
        self.canvas.dot(_STEM, y + 11, filled=bool(row.arrows))
        lines = broken(row.title, 15, self.right - _TEXT)
        y = self._lines(lines, y + 2, 15, "event", step=19)
        line_y = y - 10
        if row.also:
            y = self._lines(broken(row.also, 13, self.right - _TEXT), y, 13, "also", GREY)
        if [arrow.words for arrow in row.arrows] == [""]:
            if not self.plan.runs_down(level, row.arrows[0].target):
                self.pending.append((_TEXT + width_of(lines[-1], 15) + 6, line_y, row.arrows[0].target))
        else:
            for arrow in row.arrows:
                y = self._branch(arrow, level, y)
        for opened, words in row.flags:
            y = self._flag(opened, words, y)
        return y

    def _branch(self, arrow: _Arrow, level: int, y: float) -> float:
        """One of several ways an event leads, by its answers."""
        down = self.plan.runs_down(level, arrow.target)
        pieces = broken(capital(arrow.words) + (" ↓" if down else ""), 13, self.right - _TEXT - 14)
        y = self._lines(pieces, y, 13, "condition", GREY, x=_TEXT + 8)
        if not down:
            self.pending.append((_TEXT + 14 + width_of(pieces[-1], 13), y - 8.5, arrow.target))
        return y

    def _lines(
        self,
        lines: Sequence[str],
        y: float,
        size: int,
        kind: str,
        colour: str = INK,
        *,
        x: float = _TEXT,
        step: float = 17,
    ) -> float:
        for words in lines:
            self.canvas.text(x, y + step - 4, words, size, kind, colour)
            y += step
        return y

    def _flag(self, opened: str, words: str, y: float) -> float:
        """A pennant for a pathway that the event opens."""
        x = _TEXT + 2
        lines = broken(f"opens {self.plan.title_of(opened)}", 13, self.right - x - 24, bold=True)
        height = 17 * len(lines) + 5
        self.canvas.pennant(x, y + 3, max(width_of(line, 13, bold=True) for line in lines) + 13, height)
        for number, line in enumerate(lines):
            self.canvas.text(x + 7, y + 18.5 + 17 * number, line, 13, "opens", bold=True)
        y += height + 5
        if words:
            y = self._lines(broken(f"when {words}", 13, self.right - x), y, 13, "condition", GREY, x=x)
        return y + 2

    def _end_mark(self, y: float) -> float:
        """Where cases end that close without a state of their own."""
        self.canvas.dot(_STEM, y + 12, filled=False, radius=9, colour=INK)
        self.canvas.dot(_STEM, y + 12, filled=True, radius=4, colour=INK)
        self.canvas.text(_TEXT, y + 17.5, _CLOSED, 16, "state", bold=True)
        self.box_at[None] = Box(_STEM - 9, y, _TEXT + width_of(_CLOSED, 16, bold=True) + 8, y + 24)
        return y + 38

    def _anytime(self, y: float) -> float:
        """Events that leave the case where it is and may happen in most states."""
        top, room = y, WIDTH - _LEFT - _PAD - _TEXT
        self.canvas.text(_LEFT + _PAD, y + 22, "At any time while open", 15, "group", bold=True)
        y += 29
        for row in self.plan.anytime:
            self.canvas.dot(_STEM, y + 11, filled=False)
            y = self._lines(broken(row.title, 15, room), y + 2, 15, "event", step=19)
            if row.also:
                y = self._lines(broken(row.also, 13, room), y, 13, "also", GREY)
            for opened, words in row.flags:
                y = self._flag(opened, words, y)
            y += 4
        y += 8
        self.canvas.dashed(Box(_LEFT, top, WIDTH - _LEFT, y))
        self.canvas.shapes.insert(0, self.canvas.shapes.pop())
        return y

    # Lines to the right -------------------------------------------------------------------------------------

    def _lines_to_the_right(self) -> None:
        """One upright line a state, ending at its right side; rows join it with a rounded corner."""
        heights: dict[str | None, list[float]] = {}
        for _, y, target in self.pending:
            heights.setdefault(target, []).append(y)
        for target, joining in heights.items():
            x, into = self._lane_x(target), self._into(target)
            for far in {min(joining), max(joining)}:
                turn = 6 if far < into else -6
                path = f"M{x:g} {far + turn:g}V{into - turn:g}"
                self.canvas.line(path, self._colour(target))
                self.canvas.runs.append(Box(x, min(far, into), x, max(far, into)))
        for target, joining in heights.items():
            x, into, edge = self._lane_x(target), self._into(target), self.box_at[target].right + 3
            for turn in {6 if y < into else -6 for y in joining}:
                path = f"M{x:g} {into - turn:g}Q{x:g} {into:g} {x - 6:g} {into:g}H{edge:g}"
                clear = f"M{x - 6:g} {into:g}H{edge:g}"
                self.canvas.line(path, self._colour(target), arrow=True, clear=clear)
            self.canvas.runs.append(Box(edge, into, x, into))
        for start, y, target in self.pending:
            x = self._lane_x(target)
            turn = 6 if y < self._into(target) else -6
            along = f"M{start:g} {y:g}H{x - 6:g}"
            self.canvas.line(f"{along}Q{x:g} {y:g} {x:g} {y + turn:g}", self._colour(target), clear=along)
            self.canvas.runs.append(Box(start, y, x, y))

    def _lane_x(self, target: str | None) -> float:
        return self.right + 8 + _LANE * (self.lane[target] + 0.5)

    def _into(self, target: str | None) -> float:
        box = self.box_at[target]
        return (box.top + box.bottom) / 2

    def _colour(self, target: str | None) -> str:
        return GREY if self.plan.is_closed(target) else BLUE


def _lanes(plan: _Plan) -> dict[str | None, int]:
    """A lane at the right for each state that lines end at; two that never run side by side share one.

    Short lines take the inner lanes, so that few cross.
    """
    spans: dict[str | None, tuple[int, int]] = {}
    for level, rows in plan.levels():
        for arrow in (arrow for row in rows for arrow in row.arrows):
            if not plan.runs_down(level, arrow.target):
                to = plan.place_of(arrow.target)
                low, high = spans.get(arrow.target, (to, to))
                spans[arrow.target] = (min(low, level, to), max(high, level, to))
    taken: list[list[tuple[int, int]]] = []
    lane: dict[str | None, int] = {}
    for target, (low, high) in sorted(spans.items(), key=lambda span: span[1][1] - span[1][0]):
        free = (
            number
            for number, others in enumerate(taken)
            if all(high < start or end < low for start, end in others)
        )
        lane[target] = next(free, len(taken))
        if lane[target] == len(taken):
            taken.append([])
        taken[lane[target]].append((low, high))
    return lane
