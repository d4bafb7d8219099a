"""The worked tables as another database takes them: rows, the statements made for it, and what DuckDB makes of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from goldenthread.guidance.library import shipped
from goldenthread.intelligence.indicators.compiling import TOGETHER, compiled, compiled_spell, spells_of
from goldenthread.intelligence.indicators.engine import engine
from goldenthread.intelligence.indicators.periods import Period
from goldenthread.intelligence.indicators.rows import PERIODS, Source
from goldenthread.intelligence.indicators.tables import ROWS, schema_of

from .worked_tables import Worked, worked

AREAS = ("lancashire_12", "burnley", "everywhere")
_KINDS = {"string": "text", "date32[day]": "date", "int32": "integer", "double": "double precision", "bool": "boolean"}
Rows = list[list[Any]]


@dataclass(frozen=True)
class Table:
    """A table to be made: its columns with SQL types, and its rows."""

    name: str
    columns: dict[str, str]
    rows: Rows


@dataclass(frozen=True)
class Asked:
    """One query of one worked table: what to make first, what to run, and what must come of it."""

    name: str
    tables: tuple[Table, ...]
    spells: dict[str, str]
    """Table to be made -> the query that makes it."""
    query: str
    expected: Rows


def asked(dialect: str) -> Iterator[Asked]:
    """Every worked table with its indicator; of every fourth, in the groups that it is told in too."""
    for nth, one in enumerate(worked()):
        tables = _tables(one)
        for name in dict.fromkeys(each.indicator for each in one.expected):
            indicator = shipped().indicators[name]
            source = Source(shipped(), one.data.as_of)
            together = "+".join(group for group in TOGETHER if group in indicator.by)
            groups = [*([together] if together else []), *(["answer"] if indicator.each else [])]
            expected = _here(one, name, [None, *(groups if nth % 4 == 0 else [])])
            spells = {f"spell_{spell}": compiled_spell(source, spell, dialect) for spell in spells_of(indicator)}
            for by, rows in expected.items():
                query = compiled(source, indicator, by, dialect)
                yield Asked(f"{one.name}/{name}/{by}", tables, spells, query, rows)


def in_order(rows: Any) -> Rows:
    """Rows that can be compared: numbers to a billionth, of whatever kind an engine gives them, sorted."""
    told = ([round(float(each), 9) if isinstance(each, (float, Decimal)) else each for each in row] for row in rows)
    return sorted(told, key=lambda row: [str(each) for each in row])


def _periods(one: Worked) -> list[Period]:
    return list({each.period.key: each.period for each in one.expected}.values())


def _here(one: Worked, name: str, groups: list[str | None]) -> dict[str | None, Rows]:
    indicator = shipped().indicators[name]
    with engine(shipped(), one.data, one.data.as_of, threads=1) as run:
        run.run({name: indicator}, AREAS, _periods(one))  # lays down areas, periods and spells
        return {by: in_order(run.connection.execute(compiled(run.source, indicator, by)).fetchall()) for by in groups}


def _tables(one: Worked) -> tuple[Table, ...]:
    found = []
    for name in ROWS:
        columns = {each.name: _KINDS[str(each.type)] for each in schema_of(name)}
        rows = [list(row) for row in getattr(one.data, name) if name != "areas" or row.area in AREAS]
        found.append(Table(name, columns, rows))
    kinds = {"string": "text", "date": "date"}
    periods = _periods(one)
    laid = {name: kinds[kind] for name, kind in PERIODS.items()}
    found.append(Table("periods", laid, [[each.key, each.start, each.end] for each in periods]))
    days = [
        [each.start + timedelta(days=nth), each.key, each.start, each.end]
        for each in periods for nth in range((each.end - each.start).days + 1)
    ]  # fmt: skip
    found.append(Table("period_days", {"day": "date", **laid}, days))
    found.append(Table("groupings", {"name": "text"}, [[each] for each in TOGETHER]))
    return tuple(found)
