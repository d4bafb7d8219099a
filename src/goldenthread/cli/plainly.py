"""How the command line refuses: in words on the error stream, with exit code 2, and never with a traceback."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, time
from pathlib import Path
from typing import NoReturn

import typer

from goldenthread.clocks.calendar import CalendarTooShort
from goldenthread.clocks.case import CaseFileError
from goldenthread.guidance.library import Library
from goldenthread.guidance.reading import GuidanceError


def refuse(*lines: str) -> NoReturn:
    """Say what is wrong and stop."""
    for line in lines:
        typer.echo(line, err=True)
    raise typer.Exit(2)


def in_columns(rows: Sequence[Sequence[str]], numbers: Collection[int] = ()) -> None:
    """Print rows in columns as wide as what is in them; those whose places are in `numbers` to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [
            cell.rjust(width) if place in numbers else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        typer.echo("  ".join(cells).rstrip())


@contextmanager
def said_plainly() -> Iterator[None]:
    """Turns what a person can put right (a wrong file, date or folder) into a refusal."""
    try:
        yield
    except GuidanceError as error:
        many = len(error.faults)
        refuse(*(str(fault) for fault in error.faults), f"{many} fault{'' if many == 1 else 's'} found.")
    except CaseFileError as error:
        refuse(*error.problems)
    except CalendarTooShort as error:
        refuse(f"The answer cannot be worked out: {error}.")
    except FileNotFoundError as error:
        refuse(f"There is no file {error.filename}.")
    except PermissionError as error:
        refuse(f"{error.filename} may not be opened by you.")
    except IsADirectoryError as error:
        refuse(f"{error.filename} is a folder; name a file.")


def library_from(folder: Path | None) -> Library:
    """The guidance in a folder, or the guidance that is shipped."""
    with said_plainly():
        return Library.load(folder)


_DAY_FIRST = re.compile(r"(\d{1,2})[/ .-](\d{1,2})[/ .-](\d{4})")


def day_from(text: str, what: str) -> date:
    """A day written 2026-12-21, 21/12/2026 or "today"."""
    if text == "today":
        return date.today()
    try:
        day_first = _DAY_FIRST.fullmatch(text.strip())
        if day_first:
            day, month, year = (int(part) for part in day_first.groups())
            return date(year, month, day)
        return date.fromisoformat(text.strip())
    except ValueError:
        refuse(f"{what}: {text!r} is not a date. Write it like 2026-12-21.")


def time_from(text: str, what: str) -> time:
    """A time of day written 09:30."""
    try:
        found = time.fromisoformat(text.strip())
    except ValueError:
        refuse(f"{what}: {text!r} is not a time of day. Write it like 09:30.")
    if found.tzinfo is not None:
        refuse(f"{what}: give the time in England, without a zone, like 09:30.")
    return found
