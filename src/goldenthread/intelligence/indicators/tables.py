"""The tables that indicators are worked out from: rows as both evaluations and the extract's files know them.

Ages are whole years on the row's day, -1 before birth; `born` is the first day of the month of birth, which is enough for
an age on the last day of a month. See docs/look-up/extract.md. Knows no Django.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import pyarrow as pa

NOT_KNOWN = "not known"


class PersonRow(NamedTuple):
    """A person, under a pseudonym."""

    person: str
    born: date | None
    sex: str | None
    ethnicity: str | None
    area: str


class CaseRow(NamedTuple):
    """A case. `closed` and `closed_by` are of the event that closed it, if it is closed."""

    case: str
    person: str
    pathway: str
    area: str
    lead: str | None
    worker: str | None
    opened: date
    closed: date | None
    closed_by: str | None


class EventRow(NamedTuple):
    """An event as it stands after corrections. `sequence` is its place in the case, in the order things happened."""

    event: str
    case: str
    person: str
    pathway: str
    kind: str
    day: date
    sequence: int
    recorded: date
    area: str
    agency: str | None
    age: int | None


class AnswerRow(NamedTuple):
    """One coded answer of an event; of a question with several answers, each. Text is never among them."""

    event: str
    pathway: str
    kind: str
    field: str
    code: str | None
    number: float | None
    date: date | None


class DutyRow(NamedTuple):
    """A clock. `age` is on the day it started; `met_by` the event that met it."""

    duty_row: str
    case: str
    person: str
    pathway: str
    duty: str
    ordinal: int
    started: date
    due: date | None
    met: date | None
    met_by: str | None
    outcome: str
    late: bool
    area: str
    agency: str | None
    age: int | None


class MeetingRow(NamedTuple):
    """A meeting. `group` is the board or sub-group that meets; `cases` how many it is about; `planned` the day it is for."""

    meeting: str
    kind: str
    group: str | None
    holder: str
    area: str
    planned: date
    arranged: date
    state: str
    cases: int
    record_due: date | None
    issued: date | None


class SeatRow(NamedTuple):
    """A place at a meeting. `attendance` is came, deputy or absent, and missing until the sheet is filled in; `agency` is
    missing for the family."""

    seat: str
    meeting: str
    kind: str
    rule: str | None
    area: str
    agency: str | None
    must: bool
    planned: date
    state: str
    attendance: str | None


class ReportRow(NamedTuple):
    """A report that a meeting asked of an agency about a case, and when it came and was shared with the family."""

    report: str
    meeting: str
    case: str | None
    kind: str
    area: str
    agency: str | None
    planned: date
    state: str
    due: date | None
    received: date | None
    shared_due: date | None
    shared: date | None


class AreaRow(NamedTuple):
    """That `part` lies within `area`; every area also lies within itself."""

    area: str
    part: str
    kind: str


class PopulationRow(NamedTuple):
    """How many people of a group live in an area, at the middle of a year."""

    area: str
    year: int
    people: str
    number: int


class CollectedRow(NamedTuple):
    """A value that agencies sent in. `value` is missing where some of those that make it up are; `complete` says how many are
    there, and `note` what else to know of it (a key of values.NOTES)."""

    indicator: str
    area: str
    period: str
    value: float | None
    complete: float = 1.0
    note: str = ""


ROWS: Mapping[str, type] = {
    "people": PersonRow,
    "cases": CaseRow,
    "events": EventRow,
    "answers": AnswerRow,
    "duties": DutyRow,
    "meetings": MeetingRow,
    "seats": SeatRow,
    "reports": ReportRow,
    "areas": AreaRow,
    "populations": PopulationRow,
    "collected": CollectedRow,
}


@dataclass
class Dataset:
    """All the tables, and the day up to which they tell."""

    as_of: date
    people: list[PersonRow] = field(default_factory=list)
    cases: list[CaseRow] = field(default_factory=list)
    events: list[EventRow] = field(default_factory=list)
    answers: list[AnswerRow] = field(default_factory=list)
    duties: list[DutyRow] = field(default_factory=list)
    meetings: list[MeetingRow] = field(default_factory=list)
    seats: list[SeatRow] = field(default_factory=list)
    reports: list[ReportRow] = field(default_factory=list)
    areas: list[AreaRow] = field(default_factory=list)
    populations: list[PopulationRow] = field(default_factory=list)
    collected: list[CollectedRow] = field(default_factory=list)

    def tables(self) -> dict[str, list[Any]]:
        return {name: getattr(self, name) for name in ROWS}


def schema_of(name: str) -> pa.Schema:
    """The Arrow types of a table's columns."""
    import typing

    import pyarrow as pa

    kinds = {str: pa.string(), date: pa.date32(), int: pa.int32(), float: pa.float64(), bool: pa.bool_()}
    hints = typing.get_type_hints(ROWS[name])
    columns = []
    for column, hint in hints.items():
        inner = [one for one in typing.get_args(hint) if one is not type(None)] or [hint]
        columns.append(pa.field(column, kinds[inner[0]], nullable=type(None) in typing.get_args(hint)))
    return pa.schema(columns)


def arrow_of(name: str, rows: Iterable[Any]) -> pa.Table:
    """Rows as an Arrow table of declared types, even where there are none."""
    import pyarrow as pa

    schema = schema_of(name)
    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    arrays = [pa.array(column, type=one.type) for column, one in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


def code_of(value: Any) -> tuple[str | None, float | None, date | None] | None:
    """An answer as (code, number, date), or None for one that says nothing."""
    if isinstance(value, bool):
        return ("true" if value else "false"), None, None
    if isinstance(value, (int, float)):
        return None, float(value), None
    if isinstance(value, datetime):
        return None, None, value.date()
    if isinstance(value, date):
        return None, None, value
    return (str(value), None, None) if value not in (None, "") else None
