"""A file of pages that are worked out once and kept beside an extract: journeys, capacity. Knows no Django.

SQLite, as the scorecard's values are: a page asks for one entry by its name. Written whole and put in place in one step; holds
numbers, small ones too, and nobody's pseudonym; readable by its owner only.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from .scorecard.keeping import NotWorkedOut

VERSION = "1"


@dataclass(frozen=True, slots=True)
class Made:
    """Which extract and which definitions the pages are of, and when they were worked out."""

    as_of: date
    worked_out: datetime
    manifest: str
    definitions: str


class Pages:
    """An open file."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        told = dict(connection.execute("SELECT name, words FROM about"))
        if told.get("version") != VERSION:
            raise NotWorkedOut("unreadable")
        self.made = Made(
            date.fromisoformat(told["as_of"]), datetime.fromisoformat(told["worked_out"]), told["manifest"], told["definitions"]
        )

    def page(self, *name: str) -> Any:
        """A page by its name; None where there is none."""
        row = self._connection.execute("SELECT page FROM page WHERE name = ?", ["/".join(name)]).fetchone()
        return None if row is None else json.loads(row[0])

    def names(self, *start: str) -> list[tuple[str, ...]]:
        """The names of the pages under one."""
        first = "/".join((*start, ""))
        rows = self._connection.execute("SELECT name FROM page WHERE name >= ? AND name < ?", [first, first[:-1] + "0"])
        return [tuple(name.split("/")) for (name,) in rows]


@contextmanager
def pages(folder: Path, file: str) -> Iterator[Pages]:
    """The pages in a file beside an extract. Raises NotWorkedOut."""
    path = folder / file
    if not path.is_file():
        raise NotWorkedOut("absent")
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    except sqlite3.Error as error:
        raise NotWorkedOut("unreadable") from error
    try:
        try:
            opened = Pages(connection)
        except (sqlite3.Error, KeyError, ValueError) as error:
            raise NotWorkedOut("unreadable") from error
        yield opened
    finally:
        connection.close()


def keep(folder: Path, file: str, made: Made, written: Iterable[tuple[tuple[str, ...], Mapping[str, Any]]]) -> int:
    """Write the file anew and put it in place in one step; how many pages there are."""
    fresh = folder / f".{file}.{os.getpid()}"
    fresh.unlink(missing_ok=True)
    os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    connection = sqlite3.connect(fresh)
    try:
        with connection:
            connection.execute("CREATE TABLE about (name TEXT PRIMARY KEY, words TEXT NOT NULL)")
            connection.execute("CREATE TABLE page (name TEXT PRIMARY KEY, page TEXT NOT NULL) WITHOUT ROWID")
            connection.executemany(
                "INSERT INTO about VALUES (?, ?)",
                [("version", VERSION), ("as_of", made.as_of.isoformat()), ("worked_out", made.worked_out.isoformat()),
                 ("manifest", made.manifest), ("definitions", made.definitions)],
            )  # fmt: skip
            connection.executemany(
                "INSERT INTO page VALUES (?, ?)", (("/".join(name), json.dumps(page)) for name, page in written)
            )
            [[many]] = connection.execute("SELECT count(*) FROM page")
    finally:
        connection.close()
    fresh.replace(folder / file)
    return int(many)
