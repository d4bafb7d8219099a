"""Reads the database's address from one environment value.

Knows nothing but the standard library. `GT_DATABASE_URL` is either `sqlite:///path/to/file` (three slashes for a path
relative to the working directory, four for an absolute one) or `postgresql://user:password@host:port/name`; a
PostgreSQL server on a Unix socket is `postgresql:///name?host=/run/postgresql&user=me`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

# Set on every SQLite connection. Write-ahead logging lets people read while one writes; FULL because an event that
# a person was told is saved must survive a power cut. Recursive triggers, so that INSERT OR REPLACE, which deletes the
# row that is in its way, meets the triggers that refuse to delete from append-only tables.
SQLITE_START = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous}; PRAGMA cache_size=-65536; PRAGMA recursive_triggers=ON;"
)


class DatabaseAddressWrong(ValueError):
    """The database's address cannot be used as it is written."""


def database_from_url(url: str, *, synchronous: str = "FULL") -> dict[str, Any]:
    """Django's settings for the database at `url`."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(unquote(parts.path), synchronous)
    if parts.scheme in ("postgresql", "postgres"):
        return _postgresql(parts.path, url)
    raise DatabaseAddressWrong(
        f"GT_DATABASE_URL starts with {parts.scheme or 'nothing'}; write sqlite:///file or postgresql://user@host/name"
    )


def _sqlite(path: str, synchronous: str) -> dict[str, Any]:
    name = path[1:]
    if not name:
        raise DatabaseAddressWrong(
            "GT_DATABASE_URL names no SQLite file; write for example sqlite:///var/goldenthread.sqlite3"
        )
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": name,
        "OPTIONS": {
            "timeout": 20,
            # Take the write lock when a transaction starts, so two writers queue instead of one failing half-way.
            "transaction_mode": "IMMEDIATE",
            "init_command": SQLITE_START.format(synchronous=synchronous),
        },
    }


def _postgresql(path: str, url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    name = unquote(path.lstrip("/"))
    if not name:
        raise DatabaseAddressWrong(
            "GT_DATABASE_URL names no database; write for example postgresql://user@host/goldenthread"
        )
    try:
        port = parts.port
    except ValueError as wrong:
        raise DatabaseAddressWrong(f"GT_DATABASE_URL: {wrong}") from wrong
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or "") or query.pop("user", ""),
        "PASSWORD": unquote(parts.password or "") or query.pop("password", ""),
        "HOST": parts.hostname or query.pop("host", ""),
        "PORT": str(port or query.pop("port", "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": query,
    }
