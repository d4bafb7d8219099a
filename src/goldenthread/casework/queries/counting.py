"""Counts that stay cheap as data grows: never past a cap, and any number of them in one statement."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models import QuerySet, Value

from goldenthread.foundation.prepared import Statement, written

CAP = 300
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Count:
    """How many, counted to the cap: "300+" says there are at least that many."""

    number: int
    capped: bool = False

    def __str__(self) -> str:
        return f"{self.number:,}+" if self.capped else f"{self.number:,}"

    def __bool__(self) -> bool:
        return self.number > 0


def capped_counts(sets: Mapping[Key, QuerySet[Any] | Statement | None], cap: int = CAP) -> dict[Key, Count]:
    """The size of each queryset, or of what a statement finds, up to `cap`, in one statement."""
    parts: dict[Key, Statement] = {}
    for key, rows in sets.items():
        if isinstance(rows, QuerySet):
            part = written(rows.order_by().values(one=Value(1))[: cap + 1])
        else:
            part = (f"SELECT 1 FROM ({rows[0]}) AS whole LIMIT {cap + 1}", rows[1]) if rows else None
        if part is not None:
            parts[key] = part
    found = dict.fromkeys(sets, Count(0))
    if parts:
        sql = ", ".join(f"(SELECT COUNT(*) FROM ({part}) AS counted)" for part, _ in parts.values())
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {sql}", [one for _, params in parts.values() for one in params])
            row = cursor.fetchone() or ()
        for key, number in zip(parts, row, strict=True):
            found[key] = Count(min(number, cap), number > cap)
    return found


Part = tuple[str, tuple[Any, ...]]
"""A condition on the columns of the rows as SQL with its values, such as ("due_at < %s", (moment,))."""


def capped_parts(
    sets: Mapping[Key, tuple[Statement | None, Mapping[Any, Part]]], cap: int = CAP
) -> dict[Key, dict[Any, Count]]:
    """The size of parts of what statements find, each up to `cap`, in one statement; None finds nothing.

    A statement is put in once for all its parts: on a page with two dozen counts that is most of the time they take.
    """
    found: dict[Key, dict[Any, Count]] = {
        key: dict.fromkeys(parts, Count(0)) for key, (_, parts) in sets.items()
    }
    counts: list[str] = []
    values: list[Any] = []
    asked: list[tuple[Key, Any]] = []
    for key, (rows, parts) in sets.items():
        if rows is None:
            continue
        sql, params = rows
        for name, (condition, given) in parts.items():
            counts.append(
                f"(SELECT COUNT(*) FROM (SELECT 1 FROM ({sql}) AS whole WHERE {condition} LIMIT {cap + 1}) AS counted)"
            )
            values += [*params, *given]
            asked.append((key, name))
    if counts:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(counts)}", values)
            row = cursor.fetchone() or ()
        for (key, name), number in zip(asked, row, strict=True):
            found[key][name] = Count(min(number, cap), number > cap)
    return found


def capped_by(
    rows: Statement | None, column: str, wanted: Collection[str], among: Part, cap: int = CAP
) -> dict[str, Count]:
    """How many rows have each wanted word in a column, each up to `cap`, in one statement that is as long for fifty words
    as for one; those with none are left out."""
    if rows is None or not wanted:
        return {}
    (sql, params), (condition, given) = rows, among
    words = " UNION ALL ".join(["SELECT %s AS word"] * len(wanted))
    part = f"SELECT 1 FROM ({sql}) AS whole WHERE whole.{column} = words.word AND {condition} LIMIT {cap + 1}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT word, (SELECT COUNT(*) FROM ({part}) AS counted) FROM ({words}) AS words", [*params, *given, *wanted]
        )
        return {word: Count(min(number, cap), number > cap) for word, number in cursor.fetchall() if number}


def first_of_each(sets: Mapping[Key, Sequence[Statement | None]], pk: models.Field[Any, Any], limit: int) -> dict[Key, list[Any]]:
    """The ids of the first `limit` rows of each statement in each list, one statement after the other, in one statement.
    Statements give ids (`values("pk")`) in order; `pk` is the field that they are of."""
    statements: list[str] = []
    values: list[Any] = []
    keys = list(sets)
    for index, key in enumerate(keys):
        for place, rows in enumerate(sets[key]):
            if rows is not None:
                statements.append(f"SELECT {index} AS list, {place} AS place, picked.* FROM ({rows[0]} LIMIT {limit}) AS picked")
                values.extend(rows[1])
    found: dict[Key, list[Any]] = {key: [] for key in keys}
    if statements:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(statements), values)
            rows_found = cursor.fetchall()
        for index, _, identity in sorted(
            rows_found, key=lambda row: row[:2]
        ):  # stable: keeps each list's order
            found[keys[index]].append(pk.to_python(identity))
    return found
