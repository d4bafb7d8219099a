"""What is in the database before the demo is built: nothing, a demo (which, and how old), half of one, or records of
somebody's own.

The journal remembers: the demo notes there that it began and what it built. Only a demo is ever cleared away, and one in
which people have recorded things only when they say so (`--fresh`).
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

import msgspec
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.migrations.executor import MigrationExecutor

from goldenthread.agencies.models import User
from goldenthread.casework.models import Event
from goldenthread.foundation.models import JournalEntry

from .build import CHAIN, Built
from .parts import Size

OLDEST = 7
"""Days after which a demo's "today" is too far gone, and it is built anew unless people have worked in it."""

Holds = Literal["nothing", "demo", "half", "records"]


class Standing(msgspec.Struct):
    """What the database holds."""

    holds: Holds
    built: Built | None = None
    added: int = 0
    """Events recorded since it was built."""
    migrated: bool = True


def standing() -> Standing:
    """Look at the database. Raises DatabaseError where it cannot be reached."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    if JournalEntry._meta.db_table not in tables:
        return (
            Standing("nothing") if not tables - {"django_migrations"} else Standing("records", migrated=False)
        )
    entries = JournalEntry.objects.filter(chain=CHAIN)
    last = entries.filter(verb="demo.built").order_by("-sequence").first()
    if last is None:
        if entries.exists():
            return Standing("half")
        empty = not Event.objects.exists() and not User.objects.exists() and not JournalEntry.objects.exists()
        return Standing("nothing" if empty else "records")
    built = msgspec.convert(last.detail, Built)
    return Standing("demo", built, Event.objects.count() - built.events, _migrated())


def _migrated() -> bool:
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    known = set(executor.loader.disk_migrations)
    ours = {name for name in executor.loader.applied_migrations if name[0] in executor.loader.migrated_apps}
    return not executor.migration_plan(executor.loader.graph.leaf_nodes()) and ours <= known


def unfit(found: Standing, size: Size, seed: int, today: date) -> str:
    """Why a demo that is there will not do, in words; empty where it will."""
    built = found.built
    assert built is not None
    if built.size != size.name:
        return f"it is of the size “{built.size}”, not “{size.name}”"
    if built.seed != seed:
        return f"it was made from the seed {built.seed}, not {seed}"
    if not found.migrated:
        return "the tables have changed since"
    days = (today - date.fromisoformat(built.day)).days
    if days > OLDEST:
        return f"its today was {days} days ago"
    return ""


def clear() -> None:
    """Take a demo away: the SQLite file, or every table of the PostgreSQL schema. Call only where `standing` says it is one."""
    if connection.vendor == "sqlite":
        name = str(connection.settings_dict["NAME"])
        connections.close_all()
        for ending in ("", "-wal", "-shm", "-journal"):
            Path(name + ending).unlink(missing_ok=True)
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        schema = connection.ops.quote_name(cursor.fetchone()[0])
        cursor.execute(f"DROP SCHEMA {schema} CASCADE")
        cursor.execute(f"CREATE SCHEMA {schema}")
    connections.close_all()


def make_tables() -> None:
    """The empty tables."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "PRAGMA synchronous = OFF"
            )  # nothing is lost if this is cut off: it is begun again
    call_command("migrate", verbosity=0, interactive=False)
