"""Reads cases and events out of the database in one snapshot, without keeping anybody from their work.

By ADBC (Arrow database connectivity) for a SQLite file and for PostgreSQL: batches of columns, no ORM. Where Django's own
connection must be used (inside a transaction that is not over) the same statements run on it. Everything is asked for as
text, as the two databases and the two drivers disagree on the types of dates and ids.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from django.db import connection

from goldenthread.agencies.models import Area, Organisation
from goldenthread.casework.models import Case, Event
from goldenthread.people.models import Person

_UTC = ZoneInfo("UTC")
_TABLES = {
    "case": Case._meta.db_table, "event": Event._meta.db_table, "person": Person._meta.db_table,
    "area": Area._meta.db_table, "organisation": Organisation._meta.db_table,
}  # fmt: skip
_PLACE = "COALESCE(a.slug, pa.slug, 'everywhere')"
_YEAR = "substr(CAST(c.opened_at AS TEXT), 1, 4)"
_FEW = "CASE WHEN c.restricted OR p.restricted THEN 1 ELSE 0 END"
_FROM = (
    "FROM {case} c LEFT JOIN {person} p ON p.id = c.subject_id LEFT JOIN {area} a ON a.id = c.area_id "
    "LEFT JOIN {area} pa ON pa.id = p.area_id"
).format(**_TABLES)

#: One line a partition: where, when, whether few may see it, and numbers that change when anything in it does.
PARTITIONS = (
    f"SELECT {_PLACE}, {_YEAR}, {_FEW}, c.pathway, COUNT(*), SUM(c.version), SUM(p.version), "
    "SUM(CASE WHEN c.is_open THEN 1 ELSE 0 END), COUNT(c.worker_id), COALESCE(SUM(c.worker_id), 0), SUM(c.lead_id) "
    f"{_FROM} GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4"
)
CASES = (
    "SELECT CAST(c.id AS TEXT), c.pathway, CAST(c.subject_id AS TEXT), ab.slug, o.slug, CAST(c.worker_id AS TEXT), "
    "c.arrangement, CAST(p.born AS TEXT), p.born_precision, CAST(p.expected AS TEXT), p.sex, p.ethnicity, pa.slug "
    f"{_FROM} JOIN {_TABLES['organisation']} o ON o.id = c.lead_id "
    f"LEFT JOIN {_TABLES['organisation']} ab ON ab.id = c.about_id "
    f"WHERE {_PLACE} = '{{area}}' AND {_YEAR} = '{{year}}' AND {_FEW} = {{few}} AND c.pathway = '{{pathway}}' "
    "ORDER BY c.id"
)
EVENTS = (
    "SELECT CAST(e.case_id AS TEXT), CAST(e.id AS TEXT), e.kind, CAST(e.occurred_on AS TEXT), "
    "CAST(e.occurred_at AS TEXT), CAST(e.recorded_at AS TEXT), CAST(e.data AS TEXT), CAST(e.amends_id AS TEXT), "
    "CASE WHEN e.withdrawn THEN 1 ELSE 0 END, eo.slug "
    f"{_FROM} JOIN {_TABLES['event']} e ON e.case_id = c.id "
    f"LEFT JOIN {_TABLES['organisation']} eo ON eo.id = e.organisation_id "
    f"WHERE {_PLACE} = '{{area}}' AND {_YEAR} = '{{year}}' AND {_FEW} = {{few}} AND c.pathway = '{{pathway}}' "
    "ORDER BY e.case_id, e.sequence"
)


class Snapshot:
    """The database as it was at one moment."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor

    def rows(self, statement: str) -> Iterator[tuple[Any, ...]]:
        self._cursor.execute(statement)
        batches = getattr(self._cursor, "fetch_record_batch", None)
        if batches is None:
            yield from iter(self._cursor.fetchone, None)
            return
        for batch in batches():
            yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


@contextmanager
def snapshot() -> Iterator[Snapshot]:
    """Open the database for reading, in a transaction of its own that sees one moment."""
    if connection.in_atomic_block:
        with connection.cursor() as cursor:
            yield Snapshot(cursor)
        return
    with _adbc() as adbc, adbc.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield Snapshot(cursor)
        adbc.rollback()


def _adbc() -> Any:
    given = connection.settings_dict
    if connection.vendor == "postgresql":
        import adbc_driver_postgresql.dbapi as driver

        options = {key: value for key, value in (("host", given["HOST"]), ("port", given["PORT"])) if value}
        options |= {"user": given["USER"], "password": given["PASSWORD"]}
        query = urlencode({key: value for key, value in options.items() if value}, quote_via=quote)
        return driver.connect(f"postgresql:///{quote(str(given['NAME']))}?{query}")
    import adbc_driver_sqlite.dbapi as lite

    return lite.connect(f"file:{quote(str(given['NAME']))}?mode=ro")


def moment(text: str | None) -> datetime | None:
    """A moment as either database writes it; SQLite's are in UTC and do not say so."""
    if not text:
        return None
    found = datetime.fromisoformat(text if text[-3:-2] not in "+-" else f"{text}:00")
    return found if found.tzinfo is not None else found.replace(tzinfo=_UTC)


def day(text: str | None) -> date | None:
    return date.fromisoformat(text[:10]) if text else None


def plain_id(text: str) -> str:
    """An id without the hyphens that one database writes and the other does not."""
    return text.replace("-", "")
