"""Reads what journeys need out of an extract, child by child, and follows every entry. Knows no Django."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import Any

from goldenthread.guidance.journey import Journey
from goldenthread.guidance.terms import Matches

from .following import Happened, Walk, follow, group_of

BATCH = 20_000


def walks(
    connection: Any, journeys: Iterable[Journey], as_of: date, since: date, told: Callable[[int, int], None] | None = None
) -> dict[str, list[Walk]]:
    """The journeys by id that were entered since a day. `connection`: a DuckDB with the tables of an extract."""
    wanted = list(journeys)
    names = sorted({name for one in wanted for name in one.events()})
    fields = sorted({(name, field) for one in wanted for name, field in _fields(one)})
    clocks = sorted({duty for one in wanted for column in one.columns for duty in column.clocks})
    answers = _answers(connection, fields, since)
    met = _met(connection, clocks)
    groups = dict(connection.execute("SELECT person, ethnicity FROM people").fetchall())
    found: dict[str, list[Walk]] = {one.id: [] for one in wanted}
    total = _count(connection, names, since)
    done = 0
    for person, rows in groupby(_events(connection, names, since), key=lambda row: row[0]):
        events = [
            Happened(event, case, name, day, sequence, area, answers.get(event, {}), met.get(event, {}))
            for _, event, case, name, day, sequence, area in rows
        ]
        for one in wanted:
            found[one.id] += follow(one, events, group_of(one, groups.get(person)), as_of, since)
        done += len(events)
        if told is not None:
            told(done, total)
    return found


def _fields(journey: Journey) -> Iterator[tuple[str, str]]:
    every: list[Matches] = [journey.entered, *(stage.reached for stage in journey.stages().values())]
    for matches in every:
        for name, when in matches.items():
            for field in when:
                yield name, field


def _count(connection: Any, names: list[str], since: date) -> int:
    marks = ",".join("?" * len(names))
    [[many]] = connection.execute(
        f"SELECT count(*) FROM events WHERE pathway || '.' || kind IN ({marks}) AND day >= ?", [*names, since]
    ).fetchall()
    return int(many)


def _events(connection: Any, names: list[str], since: date) -> Iterator[tuple[Any, ...]]:
    marks = ",".join("?" * len(names))
    rows = connection.execute(
        "SELECT person, event, \"case\", pathway || '.' || kind, day, sequence, area FROM events "
        f"WHERE pathway || '.' || kind IN ({marks}) AND day >= ? ORDER BY person, day, \"case\", sequence",
        [*names, since],
    )
    while batch := rows.fetchmany(BATCH):
        yield from batch


def _answers(
    connection: Any, fields: list[tuple[str, str]], since: date
) -> dict[str, dict[str, frozenset[str]]]:
    found: dict[str, dict[str, frozenset[str]]] = {}
    if not fields:
        return found
    marks = ",".join("?" * len(fields))
    rows = connection.execute(
        "SELECT a.event, a.field, a.code FROM answers a WHERE a.code IS NOT NULL "
        f"AND a.pathway || '.' || a.kind || ':' || a.field IN ({marks}) "
        "AND a.event IN (SELECT event FROM events WHERE day >= ?)",
        [*(f"{name}:{field}" for name, field in fields), since],
    )
    for event, field, code in rows.fetchall():
        given = found.setdefault(event, {})
        given[field] = given.get(field, frozenset()) | {code}
    return found


def _met(connection: Any, clocks: list[str]) -> Mapping[str, dict[str, bool]]:
    """Event -> the duties it met, and whether late."""
    found: dict[str, dict[str, bool]] = {}
    if not clocks:
        return found
    marks = ",".join("?" * len(clocks))
    rows = connection.execute(
        "SELECT met_by, pathway || '.' || duty, late FROM duties WHERE outcome = 'met' AND met_by IS NOT NULL "
        f"AND pathway || '.' || duty IN ({marks})",
        clocks,
    )
    for event, duty, late in rows.fetchall():
        own = found.setdefault(event, {})
        own[duty] = own.get(duty, False) or late
    return found
