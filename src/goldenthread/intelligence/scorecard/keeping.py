"""The file of values beside an extract: written whole in one step, opened read-only by the pages. Knows no Django.

SQLite, as a page asks for a few hundred values by area and period, or for those of one indicator. It holds counts and rates,
small ones too, and nobody's pseudonym; it is readable by its owner only, as the extract is.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from goldenthread.guidance.indicator import Indicator

from ..extract.files import MANIFEST

FILE = "scorecard.sqlite3"
VERSION = "2"
_TABLES = """
CREATE TABLE about (name TEXT PRIMARY KEY, words TEXT NOT NULL);
CREATE TABLE indicator (id TEXT PRIMARY KEY, digest TEXT NOT NULL);
CREATE TABLE period (period TEXT PRIMARY KEY, frequency TEXT NOT NULL, starts TEXT NOT NULL, ends TEXT NOT NULL);
CREATE TABLE area (area TEXT PRIMARY KEY);
CREATE TABLE figure (indicator TEXT, area TEXT, period TEXT, value REAL, numerator REAL, denominator REAL, complete REAL,
                     notes TEXT, may_leave INTEGER, PRIMARY KEY (indicator, area, period)) WITHOUT ROWID;
CREATE TABLE grouped (indicator TEXT, grouping TEXT, grp TEXT, area TEXT, period TEXT, value REAL, numerator REAL,
                      denominator REAL, complete REAL, notes TEXT, may_leave INTEGER,
                      PRIMARY KEY (indicator, area, grouping, grp, period)) WITHOUT ROWID;
CREATE TABLE release (measure TEXT, year TEXT, digest TEXT, told TEXT, PRIMARY KEY (measure, year)) WITHOUT ROWID;
"""


class NotWorkedOut(Exception):
    """There is no file of values that can be read; `why` is `absent` or `unreadable`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Figure:
    """One value as it was worked out. `may_leave`: it may be told outside need to know."""

    value: float | None
    numerator: float | None
    denominator: float | None
    complete: float
    notes: tuple[str, ...]
    may_leave: bool = False


NONE = Figure(None, None, None, 0.0, ("no_records",))
"""What is not in the file: there were no records of the kind up to the end of the period."""


@dataclass(frozen=True, slots=True)
class Release:
    """What has left of one measure in one year: the counts as they were, and the cells that were kept back."""

    digest: str
    told: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class About:
    """Which extract the values are of, and when they were worked out."""

    as_of: date
    worked_out: datetime
    manifest: str
    values: int


def digest_of(indicator: Indicator) -> str:
    """A digest of a definition: a value belongs to the definition it was worked out by."""
    return sha256(indicator.model_dump_json(by_alias=True).encode()).hexdigest()[:16]


def manifest_digest(folder: Path) -> str:
    try:
        return sha256((folder / MANIFEST).read_bytes()).hexdigest()[:16]
    except OSError:
        return ""


class Kept:
    """An open file of values."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        told = dict(connection.execute("SELECT name, words FROM about"))
        if told.get("version") != VERSION:
            raise NotWorkedOut("unreadable")
        self.about = About(
            date.fromisoformat(told["as_of"]), datetime.fromisoformat(told["worked_out"]), told["manifest"], int(told["values"])
        )
        self.areas = [area for (area,) in connection.execute("SELECT area FROM area")]
        self.digests = dict(connection.execute("SELECT id, digest FROM indicator"))

    def at(self, area: str, periods: Sequence[str], indicators: Sequence[str] | None = None) -> dict[tuple[str, str], Figure]:
        """(indicator, period) -> figure, of one area."""
        where, given = f"area = ? AND period IN ({_marks(periods)})", [area, *periods]
        if indicators is not None:
            where, given = f"{where} AND indicator IN ({_marks(indicators)})", [*given, *indicators]
        columns = "indicator, period, value, numerator, denominator, complete, notes, may_leave"
        rows = self._connection.execute(f"SELECT {columns} FROM figure WHERE {where}", given)
        return {(one, period): _figure(*rest) for one, period, *rest in rows}

    def of(self, indicator: str, areas: Sequence[str], periods: Sequence[str]) -> dict[tuple[str, str], Figure]:
        """(area, period) -> figure, of one indicator."""
        rows = self._connection.execute(
            "SELECT area, period, value, numerator, denominator, complete, notes, may_leave FROM figure "
            f"WHERE indicator = ? AND area IN ({_marks(areas)}) AND period IN ({_marks(periods)})",
            [indicator, *areas, *periods],
        )
        return {(area, period): _figure(*rest) for area, period, *rest in rows}

    def groups(self, indicator: str, area: str) -> dict[tuple[str, str, str], Figure]:
        """(grouping, group, year) -> figure, of one indicator in one area."""
        rows = self._connection.execute(
            "SELECT grouping, grp, period, value, numerator, denominator, complete, notes, may_leave FROM grouped "
            "WHERE indicator = ? AND area = ?",
            [indicator, area],
        )
        return {(by, group, period): _figure(*rest) for by, group, period, *rest in rows}

    def periods(self) -> list[str]:
        """The periods that were worked out, the earliest first."""
        return [one for (one,) in self._connection.execute("SELECT period FROM period ORDER BY ends, starts DESC")]


def releases_kept(folder: Path) -> dict[tuple[str, str], Release]:
    """What has been told, by measure and year, whichever edition wrote the file: what is out is out."""
    if not (folder / FILE).is_file():
        return {}
    try:
        connection = sqlite3.connect(f"{(folder / FILE).absolute().as_uri()}?mode=ro", uri=True)
        try:
            rows = connection.execute("SELECT measure, year, digest, told FROM release").fetchall()
        finally:
            connection.close()
    except sqlite3.Error:
        return {}
    return {(measure, year): Release(digest, json.loads(told)) for measure, year, digest, told in rows}


def _marks(given: Sequence[str]) -> str:
    return ",".join("?" * len(given))


def _figure(value: Any, numerator: Any, denominator: Any, complete: Any, notes: str, may_leave: int) -> Figure:
    return Figure(value, numerator, denominator, complete, tuple(notes.split()), bool(may_leave))


@contextmanager
def kept(folder: Path) -> Iterator[Kept]:
    """The values beside an extract. Raises NotWorkedOut."""
    path = folder / FILE
    if not path.is_file():
        raise NotWorkedOut("absent")
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    except sqlite3.Error as error:
        raise NotWorkedOut("unreadable") from error
    try:
        try:
            opened = Kept(connection)
        except (sqlite3.Error, KeyError, ValueError) as error:
            raise NotWorkedOut("unreadable") from error
        yield opened
    finally:
        connection.close()


Row = tuple[str, str, str, Figure]
Grouped = tuple[str, str, str, str, str]
"""Indicator, grouping, group, area and year of a value of one group."""


def keep(
    folder: Path, about: About, digests: Mapping[str, str], areas: Iterable[str], periods: Iterable[tuple[str, str, date, date]],
    figures: Iterable[Row], releases: Mapping[tuple[str, str], Release], grouped: Mapping[Grouped, Figure] | None = None,
) -> None:  # fmt: skip
    """Write the file anew and put it in place in one step: a page sees the old values or the new ones."""
    fresh = folder / f".{FILE}.{os.getpid()}"
    fresh.unlink(missing_ok=True)
    os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    connection = sqlite3.connect(fresh)
    try:
        with connection:
            connection.executescript(_TABLES)
            connection.executemany(
                "INSERT INTO about VALUES (?, ?)",
                [("version", VERSION), ("as_of", about.as_of.isoformat()), ("worked_out", about.worked_out.isoformat()),
                 ("manifest", about.manifest), ("values", str(about.values))],
            )  # fmt: skip
            connection.executemany("INSERT INTO indicator VALUES (?, ?)", digests.items())
            connection.executemany("INSERT INTO area VALUES (?)", [(area,) for area in areas])
            connection.executemany(
                "INSERT INTO period VALUES (?, ?, ?, ?)",
                [(key, frequency, first.isoformat(), last.isoformat()) for key, frequency, first, last in periods],
            )
            connection.executemany(
                "INSERT INTO figure VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    (indicator, area, period, one.value, one.numerator, one.denominator, one.complete, " ".join(one.notes),
                     int(one.may_leave))
                    for indicator, area, period, one in figures
                ),
            )  # fmt: skip
            connection.executemany(
                "INSERT INTO grouped VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    (*row, one.value, one.numerator, one.denominator, one.complete, " ".join(one.notes), int(one.may_leave))
                    for row, one in (grouped or {}).items()
                ),
            )
            connection.executemany(
                "INSERT INTO release VALUES (?, ?, ?, ?)",
                [(measure, year, one.digest, json.dumps(one.told)) for (measure, year), one in releases.items()],
            )
    finally:
        connection.close()
    fresh.replace(folder / FILE)
