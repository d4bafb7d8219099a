"""Make a county ten counties: every person, case, event, duty and worker copied nine times, by SQL inside SQLite.

Copies keep their names, so that a name is as common in the larger county as in the smaller; organisations stay the same
few, so that an agency has ten times the cases. Each copy's ids differ from the original's in the version digit of a UUID
or by a fixed offset, so that every link inside a copy stays inside it.
"""

from __future__ import annotations

import sys
from typing import Any

OFFSET = 1_000_000_000
_VERSIONS = "56789abcd"
"""A digit for each copy, in the place where every original UUID has a 4."""


def multiply(times: int = 10) -> None:
    """Copy the rows of the people and casework apps, and of those who work on them, `times - 1` times."""
    from django.apps import apps
    from django.db import connection

    if connection.vendor != "sqlite":
        raise SystemExit("bench.multiply copies rows inside SQLite only")
    models = [
        apps.get_model("agencies", "Team"),
        apps.get_model("agencies", "User"),
        apps.get_model("agencies", "Membership"),
        *apps.get_app_config("people").get_models(),
        *apps.get_app_config("casework").get_models(),
    ]
    copied = set(models)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys = OFF")
        cursor.execute("PRAGMA synchronous = OFF")
        cursor.execute("PRAGMA cache_size = -2000000")
        # Indexes are made anew at the end, and rows written in the order of their keys: random places in a tree that is
        # larger than memory would cost more than all else.
        indexes = _indexes(cursor, {model._meta.db_table for model in models})
        for name, _ in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        for copy in range(times - 1):
            for model in models:
                columns, values = [], []
                for field in model._meta.concrete_fields:
                    columns.append(f'"{field.column}"')
                    values.append(_value(field, copied, copy))
                cursor.execute(
                    f'INSERT INTO "{model._meta.db_table}" ({", ".join(columns)}) '
                    f'SELECT {", ".join(values)} FROM "{model._meta.db_table}" WHERE {_original(model)} '
                    f'ORDER BY "{model._meta.pk.column}"'
                )
            print(f"copied {copy + 1} of {times - 1}", file=sys.stderr, flush=True)
        for _, made in indexes:
            cursor.execute(made)
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("ANALYZE")


def _indexes(cursor: Any, tables: set[str]) -> list[tuple[str, str]]:
    """Name and making of every index that is not part of a table itself."""
    cursor.execute("SELECT name, sql, tbl_name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
    return [(name, made) for name, made, table in cursor.fetchall() if table in tables]


def _original(model: Any) -> str:
    key = model._meta.pk
    if _is_uuid(key):
        return f"substr(\"{key.column}\", 13, 1) = '4'"
    return f'"{key.column}" < {OFFSET}'


def _is_uuid(field: Any) -> bool:
    target = field.target_field if field.is_relation else field
    return bool(target.get_internal_type() == "UUIDField")


def _value(field: Any, copied: set[Any], copy: int) -> str:
    column = f'"{field.column}"'
    linked = (
        field.primary_key or (field.is_relation and field.related_model in copied) or field.name == "group"
    )
    if linked and _is_uuid(field):
        moved = f"substr({column}, 1, 12) || '{_VERSIONS[copy]}' || substr({column}, 14)"
        return f"CASE WHEN {column} IS NULL THEN NULL ELSE {moved} END"
    if linked:
        return f"{column} + {OFFSET * (copy + 1)}"
    if field.unique:
        return f"{column} || '-{_VERSIONS[copy]}'"
    if field.name == "title" and field.model._meta.model_name == "team":
        return f"{column} || ' {_VERSIONS[copy]}'"
    return column
