"""One page of a board: its rows in words, its lanes, its numbers. Reads as the reader may see; bounded however much there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from goldenthread.agencies.kinds import kinds_of
from goldenthread.clocks.calendar import local_day
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import current_library
from goldenthread.guidance.board import Board, Column, Section, Total
from goldenthread.guidance.pathway import EventKind

from ..models import Case, Duty
from ..next_events import may_say
from ..queries.counting import Count, capped_counts
from .cells import Cell, Teller, short_day
from .kinds import tell
from .record import Record, agency_titles, episode_of, read_records
from .which import Narrowed, counted, episodes, first_ids

PAGE = 25
LANE = 8
"""Cards of a lane until "Show all"."""
PAGES = 200
"""The last page that is read: further on, narrow the board."""
BARS = {1: "late", 2: "soon"}


@dataclass(frozen=True, slots=True)
class Row:
    """One case or episode as a board tells it."""

    record: Record
    name: str
    about: str
    """The age."""
    when: str
    """For an episode, its day."""
    cells: list[Cell]
    actions: list[tuple[str, str]]
    """Events to record: kind and title."""
    marks: list[str]
    bar: str
    follows: bool = False
    """A brother or sister of the row above."""

    @property
    def case(self) -> Case:
        return self.record.case


@dataclass(frozen=True, slots=True)
class Lane:
    """One state of a section shown side by side."""

    state: str
    title: str
    count: Count
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Shown:
    """The rows of a section, or its lanes."""

    rows: list[Row] = field(default_factory=list)
    lanes: list[Lane] = field(default_factory=list)
    more: bool = False

    @property
    def cases(self) -> list[str]:
        """The ids of the cases told of, for the journal."""
        rows = [*self.rows, *(row for lane in self.lanes for row in lane.rows)]
        return list(dict.fromkeys(str(row.case.pk) for row in rows))


def section_of(total: Total, like: Section) -> Section:
    """A number above the board as a section of its own: those cases alone, with the columns of another section."""
    conditions = {name: getattr(total, name) for name in Total.model_fields if name in Section.model_fields and name != "title"}
    sort = "due" if total.waiting_for or total.late_for else "urgency"
    return Section.model_construct(**{**_PLAIN, **conditions, "title": total.title, "sort": sort, "columns": like.columns})


_PLAIN: Mapping[str, Any] = {
    name: one.get_default(call_default_factory=True) for name, one in Section.model_fields.items() if not one.is_required()
}


def show(
    actor: Actor, board: Board, section: Section, narrowed: Narrowed, now: datetime, *, page: int = 1, size: int = PAGE,
    lane: str = "",
) -> Shown:  # fmt: skip
    """A page of a section; of one with lanes, the first cards of each, or one lane in full."""
    start = (page - 1) * size
    if section.episodes is not None:
        began = list(episodes(actor, board, section, narrowed, now).values_list("pk", "case")[start : start + size + 1])
        return Shown(_episode_rows(actor, board, section, began[:size], now), more=len(began) > size)
    if section.lanes and not lane:
        return _lanes(actor, board, section, narrowed, now)
    if lane:
        section = section.model_copy(update={"states": [lane]})
    ids = first_ids(actor, board, section, narrowed, now, start + size + 1)[start:]
    return Shown(rows_of(actor, board, section, ids[:size], now), more=len(ids) > size)


def rows_of(
    actor: Actor, board: Board, section: Section, ids: Sequence[UUID], now: datetime, columns: Mapping[str, Column] | None = None
) -> list[Row]:
    """Cases in words, in the order of their ids; brothers and sisters together where the section says so."""
    told = columns if columns is not None else board.columns_of(section)
    records = list(read_records(actor, board, told.values(), ids).values())
    if section.together:
        records = _families(records)
    rows = _worded(actor, board, section, told, records, now)
    if not section.together:
        return rows
    groups = [row.case.group for row in rows]
    return [
        row if index == 0 or row.case.group is None or row.case.group != groups[index - 1] else _following(row)
        for index, row in enumerate(rows)
    ]


def _following(row: Row) -> Row:
    return replace(row, follows=True)


def _families(records: list[Record]) -> list[Record]:
    """Brothers and sisters whose cases were opened together, moved up to the first of them."""
    together: dict[UUID, list[Record]] = {}
    for record in records:
        together.setdefault(record.case.group or record.case.pk, []).append(record)
    return [record for family in together.values() for record in family]


def _lanes(actor: Actor, board: Board, section: Section, narrowed: Narrowed, now: datetime) -> Shown:
    parts = {state: section.model_copy(update={"states": [state], "lanes": False}) for state in section.states}
    counts = capped_counts({state: counted(actor, board, part, narrowed, now) for state, part in parts.items()})
    picked = {state: first_ids(actor, board, part, narrowed, now, LANE) for state, part in parts.items()}
    rows = rows_of(actor, board, section, [one for some in picked.values() for one in some], now)
    titles = states_of(board)
    lane_of = {identity: state for state, some in picked.items() for identity in some}
    lanes = [
        Lane(state, titles.get(state, state), counts[state], [row for row in rows if lane_of[row.case.pk] == state])
        for state in section.states
    ]
    return Shown(lanes=lanes)


def _episode_rows(
    actor: Actor, board: Board, section: Section, began: Sequence[tuple[UUID, UUID]], now: datetime
) -> list[Row]:
    assert section.episodes is not None
    told = board.columns_of(section)
    extra = [kind for kind in (section.episodes.of, section.episodes.until) if kind]
    cases = read_records(actor, board, told.values(), list(dict.fromkeys(case for _, case in began)), extra=extra)
    parts = [episode_of(cases[case], event) for event, case in began if case in cases]
    return _worded(actor, board, section, told, [part for part in parts if part is not None], now)


def _worded(
    actor: Actor, board: Board, section: Section, columns: Mapping[str, Column], records: list[Record], now: datetime
) -> list[Row]:
    teller = Teller(board, now, agency_titles(records))
    recorder = _Recorder(actor, board.actions_of(section))
    return [
        Row(
            record, _name(board, record), _age(board, teller, record), _when(teller, record),
            [tell(teller, name, column, record) for name, column in columns.items()],
            recorder.actions(record), _marks(record), BARS.get(record.case.priority, ""),
        )
        for record in records
    ]  # fmt: skip


def _name(board: Board, record: Record) -> str:
    return record.case.subject.name if board.names else record.case.reference


def _age(board: Board, teller: Teller, record: Record) -> str:
    age = teller.age(record)
    return str(age) if age is not None and board.names else ""


def _when(teller: Teller, record: Record) -> str:
    return short_day(record.began.day, local_day(teller.now)) if record.began is not None else ""


def _marks(record: Record) -> list[str]:
    """What must not be missed: a restricted record among plain ones, a second open case of the same kind."""
    marks = [f"Also open: {reference}" for reference in record.twice]
    restricted = record.case.restricted or record.case.subject.restricted
    if restricted and record.pathway.sensitivity != "restricted":
        marks.append("Restricted")
    return marks


class _Recorder:
    """What the reader may record from a row. Reads the kinds of their agencies once, and only if a board offers anything."""

    def __init__(self, actor: Actor, offered: list[str]) -> None:
        self.actor, self.offered = actor, offered
        self.ours: frozenset[str] = frozenset()
        if offered and actor.may(Capability.RECORD_EVENTS):
            self.ours = frozenset(kinds_of(actor))

    def actions(self, record: Record) -> list[tuple[str, str]]:
        if not self.actor.may(Capability.RECORD_EVENTS) or record.began is not None:
            return []
        possible = [
            kind
            for kind in self.offered
            if (event := record.pathway.events.get(kind)) is not None
            and possible_in(event, record.case)
            and may_say(self.actor, event, self.ours) is not None
        ]
        wanted = _wanted(record)
        possible.sort(key=lambda kind: wanted.index(kind) if kind in wanted else len(wanted))
        return [(kind, record.pathway.title_of(kind)) for kind in possible]


def _wanted(record: Record) -> list[str]:
    """What meets the clocks that the row shows running, the first to be due first."""
    running = [row for row in record.duties if row.outcome == Duty.Outcome.OPEN and row.due_at is not None]
    rules = record.pathway.duties
    return [
        kind for row in sorted(running, key=lambda row: row.due_at or row.soon_at)  # type: ignore[arg-type, return-value]
        if row.duty in rules for kind in rules[row.duty].met_by
    ]  # fmt: skip


def possible_in(event: EventKind, case: Case) -> bool:
    """Whether an event can happen where a case stands, as far as its row tells; the form asks the whole question."""
    if case.is_open:
        return case.state in event.in_states if event.in_states else not event.opens
    return case.state in event.in_states


def states_of(board: Board) -> dict[str, str]:
    """The titles of the states of a board's pathways."""
    known = current_library().pathways
    return {state: told.title for name in board.pathways if name in known for state, told in known[name].states.items()}


def numbers(
    actor: Actor, board: Board, narrowed: Narrowed, now: datetime
) -> tuple[dict[str, Count], dict[str, Count]]:
    """How many cases each section and each total has, capped, in one statement."""
    sets: dict[tuple[str, str], QuerySet[Any]] = {
        ("section", name): episodes(actor, board, section, narrowed, now)
        if section.episodes is not None else counted(actor, board, section, narrowed, now)
        for name, section in board.sections.items()
    }  # fmt: skip
    sets |= {("total", name): counted(actor, board, total, narrowed, now) for name, total in board.totals.items()}
    found = capped_counts(sets)
    return (
        {name: found["section", name] for name in board.sections},
        {name: found["total", name] for name in board.totals},
    )
