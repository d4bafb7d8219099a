"""The statements made for PostgreSQL, run there over the worked tables: they come to what DuckDB comes to."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from .elsewhere import Table, asked, in_order

pytestmark = [pytest.mark.django_db, pytest.mark.postgres_only]


def test_every_worked_table_comes_to_the_same_on_postgresql() -> None:
    made: tuple[Table, ...] = ()
    told = 0
    with connection.cursor() as cursor:
        for one in asked("postgresql"):
            if one.tables is not made:
                made = one.tables
                for table in made:
                    _make(cursor, table)
            for name, query in one.spells.items():
                cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{name}")
                cursor.execute(f"CREATE TEMP TABLE {name} AS {query}")
            cursor.execute(one.query)
            found = in_order(cursor.fetchall())
            assert found == one.expected, one.name
            told += len(found)
    assert told > 100, "tables that come to nothing would show nothing"


def _make(cursor: Any, table: Table) -> None:
    columns = ", ".join(f'"{name}" {kind}' for name, kind in table.columns.items())
    cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table.name}")
    cursor.execute(f"CREATE TEMP TABLE {table.name} ({columns})")
    marks = ", ".join(["%s"] * len(table.columns))
    cursor.executemany(f"INSERT INTO pg_temp.{table.name} VALUES ({marks})", table.rows)
