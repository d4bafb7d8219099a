"""Triggers that make the database itself refuse to change or delete rows of a table.

Used in migrations: `RunPython(*append_only("casework_event"))`. PostgreSQL also refuses TRUNCATE; SQLite has none. Works
on SQLite and PostgreSQL and stops with a clear message on anything else, because a record that can be edited is not
one. Depends on Django alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ImproperlyConfigured

Step = Callable[[Any, Any], None]

_SQLITE = """
CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {VERB} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only: {verb} refused'); END
"""
_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION goldenthread_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, lower(TG_OP) USING ERRCODE = 'restrict_violation';
END $$
"""
_POSTGRESQL = """
CREATE OR REPLACE TRIGGER {table}_no_{verb} BEFORE {VERB} ON {table}
FOR EACH {each} EXECUTE FUNCTION goldenthread_append_only()
"""
_EACH = {"update": "ROW", "delete": "ROW", "truncate": "STATEMENT"}


def append_only(*tables: str) -> tuple[Step, Step]:
    """The forward and backward steps of a migration that makes `tables` append-only."""

    def forwards(apps: Any, editor: Any) -> None:
        vendor = editor.connection.vendor
        verbs = _verbs(vendor)
        if vendor == "postgresql":
            editor.execute(_POSTGRESQL_FUNCTION, params=None)
        for table in tables:
            for verb in verbs:
                text = _POSTGRESQL if vendor == "postgresql" else _SQLITE
                statement = text.format(table=table, verb=verb, VERB=verb.upper(), each=_EACH[verb])
                editor.execute(statement, params=None)

    def backwards(apps: Any, editor: Any) -> None:
        vendor = editor.connection.vendor
        for table in tables:
            for verb in _verbs(vendor):
                where = f" ON {table}" if vendor == "postgresql" else ""
                editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}{where}", params=None)

    return forwards, backwards


def _verbs(vendor: str) -> tuple[str, ...]:
    verbs = {"sqlite": ("update", "delete"), "postgresql": ("update", "delete", "truncate")}
    if vendor not in verbs:
        raise ImproperlyConfigured(
            f"The journal needs SQLite or PostgreSQL; it cannot be kept unchanged on {vendor}."
        )
    return verbs[vendor]
