"""`goldenthread extract`: cases, events, answers and duties as Parquet files, without names. Django is loaded only inside."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from . import site
from .plainly import refuse, said_plainly

_OUT = typer.Argument(
    None, metavar="[FOLDER]", help="Where the extract is, or is to be. Without it: the service's own, with the scorecard."
)
_KEY = typer.Option(
    None, "--key-file", metavar="KEY", help="The key of the pseudonyms. Default: extract.key among this machine's own files."
)
_ALL = typer.Option(False, "--all", help="Take everything again, changed or not.")


def register(app: typer.Typer) -> None:
    app.command("extract", short_help="Take cases, events and duties out as Parquet, without names.")(extract)


def extract(folder: Path | None = _OUT, key_file: Path | None = _KEY, everything: bool = _ALL) -> None:
    """Bring an extract up to date: what has changed since the last one, by area and year. People can go on working."""
    site.prepare()
    from django.conf import settings
    from django.db import DatabaseError

    from goldenthread.intelligence.extract.files import NotAnExtract
    from goldenthread.intelligence.extract.taking import take

    place, key = folder or Path(settings.GT_EXTRACT), key_of(key_file)
    try:
        with said_plainly(), bar("Taking") as told:
            done = take(place, key, everything=everything, told=told)
    except NotAnExtract as error:
        refuse(str(error))
    except DatabaseError as error:
        refuse(f"The database cannot be used: {str(error).splitlines()[0]}. Has `manage.py migrate` been run?")
    cases = sum(one.rows["cases"] for one in done.manifest.partitions.values())
    typer.echo(f"{place.name} holds {cases:,} cases in {len(done.manifest.partitions):,} parts by area and year.")
    typer.echo(f"{done.taken:,} were taken now, with {done.events:,} events; {done.kept:,} had not changed.")
    if folder is None:
        _scorecard(place)


def _scorecard(folder: Path) -> None:
    """Work out the values that the scorecard shows, once, beside the extract."""
    from goldenthread.foundation.library import current_library
    from goldenthread.intelligence.capacity.working_out import work_out as try_services
    from goldenthread.intelligence.journeys.working_out import work_out as follow_journeys
    from goldenthread.intelligence.scorecard.working_out import work_out

    with said_plainly(), bar("Working out") as told:
        made = work_out(folder, current_library(), told=told)
    with said_plainly(), bar("Following journeys") as told:
        followed = follow_journeys(folder, current_library(), told=told)
    with said_plainly(), bar("Trying services") as told:
        tried = try_services(folder, current_library(), told=told)
    typer.echo(
        f"The scorecard has {made.about.values:,} values of {made.indicators:,} indicators, in {made.areas:,} areas and "
        f"{made.periods:,} periods. {made.may_leave:,} may leave need to know; small numbers are kept back."
    )
    typer.echo(f"{followed.followed:,} journeys of {followed.journeys:,} kinds were followed.")
    enough = tried.services - tried.too_little
    typer.echo(f"{enough:,} of {tried.services:,} services have enough for a forecast of their backlog.")


def key_of(file: Path | None) -> bytes:
    """The key in a file, or this machine's own. Refuses a file that holds none."""
    from django.conf import settings

    from goldenthread.intelligence.extract.pseudonyms import KeyUnusable, kept_key

    try:
        with said_plainly():
            return kept_key(file or Path(settings.VAR_DIR) / "extract.key")
    except KeyUnusable as error:
        refuse(str(error))


@contextmanager
def bar(words: str) -> Iterator[Callable[[str, int, int], None] | None]:
    """A progress bar on the error stream, where that is a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(words, total=None)
        yield lambda words, done, total: bar.update(task, description=words, completed=done, total=total)
