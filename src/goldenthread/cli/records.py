"""`goldenthread import` and `replay`: bring in files of people and events; work out open cases again.

Nothing is imported if anything is wrong, unless told to. A kind of file is a line in `_READERS`: what reads and writes
it. Django is loaded only inside the commands.
"""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from . import site
from .plainly import in_columns, refuse, said_plainly

#: Errors that are printed; the rest are counted.
SHOWN = 100

_FILE = typer.Argument(
    metavar="[KIND] FILE.csv", help="A file of people, events or figures, such as people.csv. Its kind may stand before it."
)
_KIND = typer.Option(None, "--kind", help="people, events or figures, where the file's name does not say.")
_KEEP_GOOD = typer.Option(
    False,
    "--keep-good",
    help="Import the rows that are right, and write the others to a file with the reasons.",
)
_ORGANISATION = typer.Option(
    None,
    "--organisation",
    metavar="ID",
    help="The organisation the records come from, which may then see them.",
)


@dataclass(frozen=True, slots=True)
class Read:
    """A file that was read: what is wrong with it, and how to write the rows that are right."""

    noun: str
    header: Sequence[str]
    rows: Sequence[Any]
    errors: Sequence[Any]
    good: int
    write: Callable[[Callable[[int], None]], int]
    there: int = 0
    """Rows that were there already, and are left as they are."""


def register(app: typer.Typer) -> None:
    app.command("import", short_help="Bring in a file of people, events or figures.")(import_file)
    app.command("replay", short_help="Work out open cases again after guidance has changed.")(replay)


def import_file(
    named: list[str] = _FILE,
    kind: str | None = _KIND,
    keep_good: bool = _KEEP_GOOD,
    organisation: str | None = _ORGANISATION,
) -> None:
    """Check every row of a CSV file and bring it in. If anything is wrong, nothing is imported, unless --keep-good."""
    file, kind = _file_and_kind(named, kind)
    reader = _reader_for(file, kind)
    site.prepare()
    from django.db import DatabaseError

    from goldenthread.foundation.csv_rows import WrongFile

    try:
        with said_plainly():
            typer.echo(f"Reading {file.name}")
            _finish(file, reader(file, organisation), keep_good)
    except WrongFile as error:
        refuse(f"{file.name} cannot be imported.", *str(error).splitlines())
    except DatabaseError as error:
        refuse(
            f"The database cannot be used: {str(error).splitlines()[0]}. Has `manage.py migrate` been run?"
        )


def _file_and_kind(named: Sequence[str], kind: str | None) -> tuple[Path, str | None]:
    """What is to be imported: `figures published.csv`, or a file alone."""
    if len(named) > 2:
        refuse(f"Import one file at a time: {', '.join(named)} were given.")
    if len(named) == 1:
        return Path(named[0]), kind
    if named[0] not in _READERS:
        refuse(f"There is no kind {named[0]!r}; known are {', '.join(_READERS)}.")
    if kind not in (None, named[0]):
        refuse(f"Both {named[0]} and --kind {kind} were given. Leave one out.")
    return Path(named[1]), named[0]


def _reader_for(file: Path, kind: str | None) -> Callable[[Path, str | None], Read]:
    stem = file.stem.lower()
    named = kind or next((each for each in _READERS if stem.startswith(each) or stem.endswith(f"_{each}")), None)
    if named not in _READERS:
        *first, last = _READERS
        kinds = f"{', '.join(first)} or {last}"
        refuse(f"{file.name} does not say what it holds. Name it after {kinds}, or add --kind {kinds}.")
    return _READERS[named]


def _finish(file: Path, read: Read, keep_good: bool) -> None:
    from goldenthread.foundation.csv_rows import write_bad_rows

    bad = len({error.line for error in read.errors})
    for error in read.errors[:SHOWN]:
        typer.echo(str(error), err=True)
    if len(read.errors) > SHOWN:
        typer.echo(f"and {len(read.errors) - SHOWN:,} more errors", err=True)
    if bad and not keep_good:
        refuse(
            f"Nothing was imported: {bad:,} of {len(read.rows):,} rows have errors.",
            "Put them right and import the file again, or add --keep-good to import the others.",
        )
    done = _with_progress(read) if read.good else 0
    typer.echo(f"Imported {done:,} {read.noun}.")
    if read.there:
        typer.echo(f"{read.there:,} were there already.")
    if bad:
        rest = write_bad_rows(_free_name(file), read.header, read.rows, read.errors)
        typer.echo(f"{bad:,} rows were not imported. They are in {rest} with the reasons.")


def _with_progress(read: Read) -> int:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns) as bar:
        task = bar.add_task(f"Importing {read.noun}", total=read.good)
        return read.write(lambda done: bar.update(task, advance=done))


def _free_name(file: Path) -> Path:
    """Where the rows that were not imported go: beside the file, never over something that is there."""
    names = [file.with_name(f"{file.stem}_not_imported{number or ''}.csv") for number in range(1000)]
    return next(name for name in names if not name.exists())


def _importer(file: Path) -> Any:
    from goldenthread.foundation.actor import SystemActor

    return SystemActor(f"import of {file.name} by {getpass.getuser()}"[:200])


def _organisation(slug: str | None) -> Any:
    from difflib import get_close_matches

    from goldenthread.agencies.models import Organisation

    if slug is None:
        return None
    found = Organisation.objects.filter(slug=slug).first()
    if found is None:
        near = get_close_matches(slug, Organisation.objects.values_list("slug", flat=True), n=1, cutoff=0.5)
        refuse(f"There is no organisation {slug!r}{f'; did you mean {near[0]!r}?' if near else '.'}")
    return found


def _people(file: Path, organisation: str | None) -> Read:
    from goldenthread.people.actions import ImportPeople
    from goldenthread.people.importing import read_people

    source = _organisation(organisation)
    reading = read_people(file)

    def write(progress: Callable[[int], None]) -> int:
        action = ImportPeople(_importer(file))
        return action.run(reading.people, there=reading.there, organisation=source, progress=progress)

    return Read("people", reading.header, reading.rows, reading.errors, len(reading.people), write)


def _events(file: Path, organisation: str | None) -> Read:
    from goldenthread.casework.actions import ImportEvents
    from goldenthread.casework.importing import read_events

    reading = read_events(file, _organisation(organisation))

    def write(progress: Callable[[int], None]) -> int:
        return ImportEvents(_importer(file)).run(reading.events, progress=progress)

    return Read("events", reading.header, reading.rows, reading.errors, len(reading.events), write)


def _figures(file: Path, organisation: str | None) -> Read:
    from goldenthread.intelligence.figures.actions import ImportFigures
    from goldenthread.intelligence.figures.importing import read_for_import

    if organisation is not None:
        refuse("--organisation goes with people and events. Figures name their agency in the file, and everyone may see them.")
    found = read_for_import(file)

    def write(progress: Callable[[int], None]) -> int:
        return ImportFigures(_importer(file)).run(found.new, found.source, progress=progress)

    reading = found.reading
    return Read("figures", reading.header, reading.rows, reading.errors, len(found.new), write, found.there)


_READERS: dict[str, Callable[[Path, str | None], Read]] = {"people": _people, "events": _events, "figures": _figures}


# Replay -------------------------------------------------------------------------------------------------------------


def replay(
    dry_run: bool = typer.Option(False, "--dry-run", help="Only list what would change; write nothing."),
    arrangement: str | None = typer.Option(
        None, "--arrangement", metavar="ID", help="Only cases of one arrangement."
    ),
    form: str = typer.Option("table", "--format", help="table, or csv for a spreadsheet."),
) -> None:
    """Work out the duties of every open case again, and list each date that moved, is new or is gone, and why."""
    if form not in ("table", "csv"):
        refuse(f"There is no format {form!r}; choose table or csv.")
    site.prepare()
    from django.db import DatabaseError
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from goldenthread.casework.actions import ReplayClocks
    from goldenthread.foundation.actor import SystemActor
    from goldenthread.foundation.library import current_library

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    try:
        with said_plainly():
            known = current_library().arrangements
            if arrangement is not None and arrangement not in known:
                refuse(f"There is no arrangement {arrangement!r}; known are {', '.join(sorted(known))}.")
            with Progress(*columns, console=Console(stderr=True)) as bar:
                task = bar.add_task("Working out cases", total=None)
                moved = ReplayClocks(SystemActor(f"replay by {getpass.getuser()}"[:200])).run(
                    dry_run,
                    arrangement=arrangement,
                    told=lambda done, total: bar.update(task, completed=done, total=total),
                )
    except DatabaseError as error:
        refuse(
            f"The database cannot be used: {str(error).splitlines()[0]}. Has `manage.py migrate` been run?"
        )
    _list_moved(moved, form)
    verb = "would change" if dry_run else "changed"
    cases = len({one.case_id for one in moved})
    duties = f"{len(moved):,} {'duty' if len(moved) == 1 else 'duties'}"
    typer.echo(f"{duties} of {cases:,} {'case' if cases == 1 else 'cases'} {verb}.", err=form == "csv")


def _list_moved(moved: Sequence[Any], form: str) -> None:
    """One line a duty: whose, which, from when to when, and why."""
    heads = ("case", "pathway", "duty", "ordinal", "title", "change", "old_due", "new_due", "why")
    lines = [
        [str(getattr(one, head)) if getattr(one, head) is not None else "" for head in heads] for one in moved
    ]
    if form == "csv":
        from goldenthread.foundation.csv_rows import write_csv

        write_csv(sys.stdout, [heads, *lines])
        return
    if not lines:
        return
    titles = ("Case", "Duty", "Change", "Was due", "Now due", "Why")
    rows = [(one[0], f"{one[4]} ({one[3]})", one[5], one[6], one[7], one[8]) for one in lines]
    in_columns([titles, *rows])
