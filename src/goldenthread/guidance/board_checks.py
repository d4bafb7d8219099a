"""Checks of a board against the pathways it reads: names that lead nowhere, answers that cannot be given.

Pure. Yields (place in the file, problem); `library` turns them into faults with file and line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from .board import Board, Column, Each, Which
from .checks import Where, _near, _wrong_answers
from .pathway import FieldType, Pathway, Question
from .terms import Test
from .words import Unit

if TYPE_CHECKING:
    from .library import Library

DATED = (FieldType.DATE, FieldType.MOMENT)
CHART_TIMES = ("weekday", "time of day", "month")
CALENDAR = (Unit.HOURS, Unit.DAYS, Unit.WEEKS, Unit.MONTHS, Unit.YEARS)


def check_board(library: Library, board: Board) -> Iterator[tuple[Where, str]]:
    """What is wrong with a board; nothing is said of a pathway whose own file could not be read."""
    pathways = []
    for index, name in enumerate(board.pathways):
        if f"pathways/{name}" in library.unreadable:
            return
        if name not in library.pathways:
            yield ("pathways", index), f"unknown pathway {name!r}{_near(name, library.pathways)}"
        else:
            pathways.append(library.pathways[name])
    if len(pathways) < len(board.pathways):
        return
    known = _Known(pathways)
    for identity, section in board.sections.items():
        at: Where = ("sections", identity)
        yield from _check_which(known, section, at)
        yield from _columns(board, section.columns, (*at, "columns"))
        for index, kind in enumerate(section.actions):
            yield from known.event(kind, (*at, "actions", index))
        if section.episodes is not None:
            yield from known.event(section.episodes.of, (*at, "episodes", "of"))
            if section.episodes.until is not None:
                yield from known.event(section.episodes.until, (*at, "episodes", "until"))
            yield from _length(section.episodes.within, (*at, "episodes", "within"))
    for identity, column in board.columns.items():
        yield from _check_column(known, column, ("columns", identity))
    for identity, total in board.totals.items():
        yield from _check_which(known, total, ("totals", identity))
    for index, chart in enumerate(board.charts):
        at = ("charts", index)
        yield from known.event(chart.of, (*at, "of"))
        yield from _length(chart.within, (*at, "within"))
        if chart.by not in CHART_TIMES:
            yield from known.field(chart.by, (*at, "by"), hint=f"; or write {', '.join(CHART_TIMES)}")
            if chart.by.partition(".")[0] != chart.of:
                yield (*at, "by"), f"a chart of {chart.of!r} goes by an answer of that event"
    for index, kind in enumerate(board.actions):
        yield from known.event(kind, ("actions", index))
    if board.report is not None:
        yield from known.event(board.report.opens, ("report", "opens"))
        if not any(one.events[board.report.opens].opens for one in pathways if board.report.opens in one.events):
            yield ("report", "opens"), f"{board.report.opens!r} does not open a case"
        if board.report.joins is not None:
            yield from known.event(board.report.joins, ("report", "joins"))
    if board.pack is not None:
        for index, part in enumerate(board.pack.parts):
            yield from _columns(board, part.columns, ("pack", "parts", index, "columns"))


class _Known:
    """The events, fields, duties and states of a board's pathways."""

    def __init__(self, pathways: list[Pathway]) -> None:
        self.events: dict[str, dict[str, Question]] = {}
        self.duties: set[str] = set()
        self.states: set[str] = set()
        for pathway in pathways:
            for kind, event in pathway.events.items():
                self.events.setdefault(kind, {}).update(event.asks)
            self.duties |= set(pathway.duties)
            self.states |= set(pathway.states)

    def event(self, kind: str, at: Where) -> Iterator[tuple[Where, str]]:
        if kind not in self.events:
            yield at, f"unknown event {kind!r}{_near(kind, self.events)}"

    def duty(self, name: str, at: Where) -> Iterator[tuple[Where, str]]:
        if name not in self.duties:
            yield at, f"unknown duty {name!r}{_near(name, self.duties)}"

    def field(self, name: str, at: Where, *, hint: str = "") -> Iterator[tuple[Where, str]]:
        kind, dot, asked = name.partition(".")
        if not dot:
            yield at, f"{name!r}: write the event and its question, such as {name}.outcome{hint}"
        elif kind not in self.events:
            yield at, f"unknown event {kind!r}{_near(kind, self.events)}"
        elif asked not in self.events[kind]:
            yield at, f"{kind} does not ask {asked!r}{_near(asked, self.events[kind])}"

    def dated(self, name: str, at: Where) -> Iterator[tuple[Where, str]]:
        """An event, or a date that it asked for."""
        if "." not in name:
            yield from self.event(name, at)
            return
        wrong = list(self.field(name, at))
        yield from wrong
        kind, _, asked = name.partition(".")
        if not wrong and self.events[kind][asked].type not in DATED:
            yield at, f"{name} is not a date"

    def matches(self, found: Mapping[str, Any], at: Where, *, plain: bool = False) -> Iterator[tuple[Where, str]]:
        """Events with answers. `plain`: only answers that the database can look for."""
        for kind, when in found.items():
            place = (*at, kind)
            wrong = list(self.event(kind, place))
            yield from wrong
            for asked, expected in {} if wrong else when.items():
                question = self.events[kind].get(asked)
                if question is None:
                    yield (*place, asked), f"{kind} does not ask {asked!r}{_near(asked, self.events[kind])}"
                    continue
                if plain and (isinstance(expected, Test) or question.type is FieldType.CHOICES):
                    yield (*place, asked), "write one answer or a list of them, of a question that takes one answer"
                    continue
                wrong_answers = _wrong_answers(f"{kind}.{asked}", question, expected)
                yield from (((*place, asked), problem) for problem in wrong_answers)


def _check_which(known: _Known, which: Which, at: Where) -> Iterator[tuple[Where, str]]:
    for index, state in enumerate(which.states):
        if state not in known.states:
            yield (*at, "states", index), f"unknown state {state!r}{_near(state, known.states)}"
    for key in ("waiting_for", "late_for"):
        for name in getattr(which, key):
            yield from known.duty(name, (*at, key))
    yield from known.matches(which.had, (*at, "had"), plain=True)
    yield from known.matches(which.latest, (*at, "latest"), plain=True)
    yield from known.matches(which.not_had, (*at, "not_had"), plain=True)
    if which.repeated is not None:
        yield from known.event(which.repeated.event, (*at, "repeated", "event"))
        yield from _length(which.repeated.within, (*at, "repeated", "within"))
    if which.opened_before is not None:
        yield from _length(which.opened_before, (*at, "opened_before"))


def _check_column(known: _Known, column: Column, at: Where) -> Iterator[tuple[Where, str]]:
    for name in column.answer:
        yield from known.field(name, (*at, "answer"))
    for name in column.day:
        yield from known.dated(name, (*at, "day"))
    for name in column.since:
        if name != "opened":
            yield from known.dated(name, (*at, "since"))
    for name in column.said if isinstance(column.said, list) else []:
        yield from known.field(name, (*at, "said"))
    for name in column.duty:
        yield from known.duty(name, (*at, "duty"))
    yield from known.matches(column.until, (*at, "until"))
    if column.over is not None:
        yield from _length(column.over, (*at, "over"))
    if column.stage is not None:
        for key in ("done", "held_up", "begun"):
            yield from known.matches(getattr(column.stage, key), (*at, "stage", key))
        for name in column.stage.duty:
            yield from known.duty(name, (*at, "stage", "duty"))
    if column.count is not None:
        yield from known.matches(column.count.of, (*at, "count", "of"))
        for name in column.count.since:
            yield from known.event(name, (*at, "count", "since"))
        if column.count.within is not None:
            yield from _length(column.count.within, (*at, "count", "within"))
    if column.each is not None:
        yield from _check_each(known, column.each, (*at, "each"))
    if column.pattern is not None:
        yield from known.event(column.pattern.of, (*at, "pattern", "of"))
        yield from _length(column.pattern.within, (*at, "pattern", "within"))
        for name in column.pattern.places:
            yield from known.field(name, (*at, "pattern", "places"))


def _check_each(known: _Known, each: Each, at: Where) -> Iterator[tuple[Where, str]]:
    for key, names in (("of", each.of), ("done", each.done)):
        for name in names:
            yield from known.field(name, (*at, key))
    for word, names in each.marks.items():
        for name in names:
            yield from known.field(name, (*at, "marks", word))
    for key, asked, events in (("label", each.label, each.of), ("shows", each.shows, each.done)):
        kinds = [name.partition(".")[0] for name in events]
        for name in asked:
            if all(name not in known.events.get(kind, {}) for kind in kinds):
                yield (*at, key), f"{' and '.join(kinds)} does not ask {name!r}"
    if each.duty is not None:
        yield from known.duty(each.duty, (*at, "duty"))


def _columns(board: Board, names: Iterable[str], at: Where) -> Iterator[tuple[Where, str]]:
    for index, name in enumerate(names):
        if name not in board.columns:
            yield (*at, index), f"unknown column {name!r}{_near(name, board.columns)}"


def _length(length: Any, at: Where) -> Iterator[tuple[Where, str]]:
    if length.unit not in CALENDAR:
        yield at, f"{length}: a board counts in hours, days, weeks, months or years"
