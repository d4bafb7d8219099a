"""Puts rows into the database: COPY on PostgreSQL, executemany on SQLite, without the settings that only everyday work
needs.

Raw statements because a model instance for each of two million duties would take longer than all the rest. Nothing here
changes or deletes what has been recorded, so the append-only triggers stay in force.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction

from .tables import COLUMNS, WITH_NUMBERS, Rows


def write(rows: Rows) -> int:
    """Insert the rows of one part, all or none. Returns how many there were."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table, columns in COLUMNS.items():
            if rows.get(table):
                _insert(cursor, table, columns, rows[table])
    return sum(len(each) for each in rows.values())


def _insert(cursor: Any, table: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    names = ", ".join(f'"{column}"' for column in columns)
    if connection.vendor == "postgresql":
        with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)
        return
    marks = ", ".join("?" for _ in columns)
    # past Django's cursor, which would rewrite every statement's marks
    cursor.connection.cursor().executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)


def give_password(users: list[int], encoded: str) -> None:
    """One password, already encoded, for accounts that have none."""
    marks = ", ".join("%s" for _ in users)
    with connection.cursor() as cursor:
        cursor.execute(f'UPDATE "agencies_user" SET password = %s WHERE id IN ({marks})', [encoded, *users])


@contextmanager
def in_bulk() -> Iterator[None]:
    """Settings for one long load, and what must be put right after it: numbers, statistics, links that lead nowhere."""
    sqlite, alone = connection.vendor == "sqlite", not connection.in_atomic_block
    indexes: list[tuple[str, str]] = []
    if sqlite:
        with connection.cursor() as cursor:
            if alone:  # SQLite changes none of these inside a transaction
                for setting in (
                    "synchronous = OFF",
                    "foreign_keys = OFF",
                    "cache_size = -400000",
                    "temp_store = MEMORY",
                ):
                    cursor.execute(f"PRAGMA {setting}")
            indexes = _put_aside(cursor)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for _, statement in indexes:
                cursor.execute(statement)
    with connection.cursor() as cursor:
        if sqlite:
            cursor.execute("PRAGMA foreign_key_check")
            if broken := cursor.fetchall():
                raise RuntimeError(f"{len(broken)} rows lead nowhere; the first is in {broken[0][0]}")
            cursor.execute("ANALYZE")
            if alone:
                for setting in ("foreign_keys = ON", "synchronous = FULL", "cache_size = -65536"):
                    cursor.execute(f"PRAGMA {setting}")
        else:
            models = [model for model in apps.get_models() if model._meta.db_table in WITH_NUMBERS]
            for statement in connection.ops.sequence_reset_sql(no_style(), models):
                cursor.execute(statement)
            cursor.execute("ANALYZE")


def _put_aside(cursor: Any) -> list[tuple[str, str]]:
    """Drop the indexes of the tables to be filled; they are made again in one go, which is far quicker than row by row."""
    marks = ", ".join("%s" for _ in COLUMNS)
    cursor.execute(
        f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({marks})",
        list(COLUMNS),
    )
    found = [(name, sql) for name, sql in cursor.fetchall() if not sql.upper().startswith("CREATE UNIQUE")]
    for name, _ in found:
        cursor.execute(f'DROP INDEX "{name}"')
    return found
