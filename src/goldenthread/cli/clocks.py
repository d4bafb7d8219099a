"""`goldenthread due` and `goldenthread run-case`: work out a date, or a whole case, with the proof."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import typer

from goldenthread.clocks.calendar import LONDON, Calendar, arrangement_of, calendar_for
from goldenthread.clocks.case import run_case
from goldenthread.clocks.interval import after, before
from goldenthread.guidance.library import Library
from goldenthread.guidance.reading import parse
from goldenthread.guidance.words import ELAPSED, Interval

from .plainly import day_from, library_from, refuse, said_plainly, time_from

_FOLDER = typer.Option(
    None, "--folder", help="A folder of guidance to read in place of the one that is shipped."
)
_CASE = typer.Argument(
    metavar="FILE.yaml", help="A case: pathway, subject, area, as_of, events. - reads it in."
)


def register(app: typer.Typer) -> None:
    app.command(short_help="Work out a due date, with its proof.")(due)
    app.command("run-case", short_help="Run a case written in a file.")(run_case_file)


def due(
    length: str = typer.Argument(
        metavar="TEXT", help='A length of time, such as "15 working days" or "72 hours".'
    ),
    start: str = typer.Option(
        ..., "--from", metavar="DATE", help="The day it is counted from, such as 2026-12-21."
    ),
    at: str | None = typer.Option(
        None, "--time", metavar="HH:MM", help="The time of day, for a clock in hours."
    ),
    calendar: str | None = typer.Option(
        None,
        "--calendar",
        help="A calendar, or an arrangement for its school terms. Default: england_and_wales.",
    ),
    counts_trigger_day: bool = typer.Option(
        False, "--counts-trigger-day", help="Count the first day as day 1."
    ),
    count_back: bool = typer.Option(
        False, "--before", help="Count back: the last day at least this long before."
    ),
    folder: Path | None = _FOLDER,
) -> None:
    """Print the day something is due, and how it was worked out: each day counted, each day skipped and why."""
    try:
        interval = Interval.parse(length)
    except ValueError as error:
        refuse(f"{str(error)[0].upper()}{str(error)[1:]}.")
    day = day_from(start, "--from")
    if at and interval.unit not in ELAPSED:
        refuse(f"--time is only for a clock in hours or minutes; {interval} is counted in whole days.")
    if count_back and counts_trigger_day:
        refuse(
            "--before and --counts-trigger-day do not go together: counting back never counts the day itself."
        )
    begun: date | datetime = datetime.combine(day, time_from(at, "--time"), LONDON) if at else day
    with said_plainly():
        chosen = _calendar(library_from(folder), calendar)
        try:
            if count_back:
                proof = before(interval, begun, chosen)
            else:
                proof = after(interval, begun, chosen, counts_trigger_day=counts_trigger_day)
        except (ValueError, OverflowError):
            refuse(f"{interval} cannot be counted {'back ' if count_back else ''}from {day.isoformat()}.")
    assert proof.due is not None
    typer.echo(
        proof.due.isoformat(timespec="minutes") if isinstance(proof.due, datetime) else proof.due.isoformat()
    )
    for line in proof.lines():
        typer.echo(f"  {line}")


def _calendar(library: Library, name: str | None) -> Calendar:
    if name is None:
        return calendar_for(library, None)
    if name in library.calendars:
        return Calendar(library.calendars[name])
    if arrangement_of(library, name) is None:
        known = ", ".join([*library.calendars, *library.arrangements])
        refuse(f"There is no calendar or arrangement called {name!r}. There are: {known}.")
    return calendar_for(library, name)


def run_case_file(
    file: Path = _CASE,
    folder: Path | None = _FOLDER,
) -> None:
    """Print, as JSON, what comes of a case: its state, the pathways it opens, and every duty with its proof."""
    with said_plainly():
        library = library_from(folder)
        text = typer.get_text_stream("stdin").read() if str(file) == "-" else None
        value = parse(file, text).value
        if not isinstance(value, Mapping):
            refuse(f"{file}: a case is written as keys and values: pathway, subject, area, as_of, events.")
        result = run_case(value, library)
    typer.echo(json.dumps(result, indent=2, ensure_ascii=False, default=str))
