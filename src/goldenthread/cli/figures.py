"""`goldenthread figures`: work out again what documents print of their figures, and show their tables again.

Over a file it needs no database. Without one it takes the figures that were imported, or where there are none, those that
come with the service. Django is loaded only inside the commands that read what was imported.
"""

from __future__ import annotations

import getpass
import json
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from uuid import UUID

import typer

from goldenthread.foundation.csv_rows import WrongFile, csv_lines
from goldenthread.intelligence.figures.printed.checking import Finding, check
from goldenthread.intelligence.figures.printed.claims import Claim, read_claims
from goldenthread.intelligence.figures.printed.directions import TOLERANCE, Travel, differing, travels
from goldenthread.intelligence.figures.printed.figure import Figure, read_figures
from goldenthread.intelligence.figures.printed.numbers import NotANumber, Number, written
from goldenthread.intelligence.figures.printed.questions import questions
from goldenthread.intelligence.figures.printed.shipped import CLAIMS, FIGURES
from goldenthread.intelligence.figures.printed.tables import Table, tables

from .plainly import refuse, said_plainly

#: Errors that are printed; the rest are counted.
SHOWN = 100

_FILE = typer.Argument(None, metavar="[FILE.csv]", help="A file of figures. Without it: those that were imported.")
_CLAIMS = typer.Option(
    None, "--claims", metavar="FILE.csv", help="What the documents say of their figures. Default: the file that is shipped."
)
_TOLERANCE = typer.Option(str(TOLERANCE), "--tolerance", metavar="PER CENT", help="The most a figure may change and be stable.")
_FORMAT = typer.Option("text", "--format", metavar="text|csv|json", help="How to print.")
_ALL = typer.Option(False, "--all", help="Print also what is right.")
_TABLE = typer.Option(None, "--table", metavar="WORDS", help="Only tables whose title has these words.")
_DOCUMENT = typer.Option(None, "--document", metavar="WORDS", help="Only documents whose title or file has these words.")

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Figures that partnerships published: check and show them.")


@dataclass(frozen=True)
class Given:
    """Figures to work on, and where they are from, in words."""

    figures: Sequence[Figure]
    words: str


@app.command("check", short_help="Work out again every printed change, share, rate and total.")
def check_(
    file: Path | None = _FILE,
    claims: Path | None = _CLAIMS,
    tolerance: str = _TOLERANCE,
    form: str = _FORMAT,
    everything: bool = _ALL,
) -> None:
    """List the documents' own slips, what only they could settle, and printed directions that the values do not show."""
    _one_of(form, ("text", "csv", "json"))
    limit = _tolerance(tolerance)
    given = _given(file)
    findings = [*check(given.figures, _claims(claims)), *questions(given.figures)]
    went = travels(given.figures, limit)
    if form == "text":
        _print_check(given, findings, went, limit, everything=everything)
        return
    rows = [_row_of(one) for one in findings if everything or one.verdict != "right"]
    rows += [_row_of_travel(one) for one in went if everything or one.differs]
    if form == "json":
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    typer.echo(csv_lines([_HEADS, *([row.get(name) for name in _HEADS] for row in rows)]), nl=False)


@app.command("show", short_help="Show published tables again, with changes and shares worked out.")
def show(
    file: Path | None = _FILE, table: str | None = _TABLE, document: str | None = _DOCUMENT, form: str = _FORMAT
) -> None:
    """Print the tables of the documents: values as printed, changes and shares worked out to the digits they print."""
    _one_of(form, ("text", "csv", "json"))
    given = _given(file)
    made = [
        one
        for one in tables(given.figures, check(given.figures, _claims(None)))
        if _has(table, one.title) and (_has(document, one.document) or _has(document, one.source))
    ]
    if not made:
        titles = sorted({one.table for one in given.figures})
        refuse("There is no such table.", *(f"  {one}" for one in titles))
    if form == "json":
        typer.echo(json.dumps([_plain_table(one) for one in made], ensure_ascii=False, indent=1))
    elif form == "csv":
        typer.echo(csv_lines((one.document, one.title, *row) for one in made for row in _grid(one)), nl=False)
    else:
        typer.echo(given.words)
        for one in made:
            _print_table(one)


@app.command("withdraw", short_help="Take an import of figures back.")
def withdraw(number: str = typer.Argument(metavar="IMPORT", help="Its id, as the import's refusal or the page says.")) -> None:
    """Take an import back, so that a file that was put right can be imported. The journal keeps that it was there."""
    try:
        wanted = UUID(number)
    except ValueError:
        refuse(f"{number!r} is not the id of an import.")
    from . import site

    site.prepare()
    from django.db import DatabaseError

    from goldenthread.foundation.action import Invalid
    from goldenthread.foundation.actor import SystemActor
    from goldenthread.intelligence.figures.actions import WithdrawFigures

    try:
        many = WithdrawFigures(SystemActor(f"figures by {getpass.getuser()}"[:200])).run(wanted)
    except Invalid as wrong:
        refuse(*wrong.messages)
    except DatabaseError as error:
        refuse(f"The database cannot be used: {str(error).splitlines()[0]}. Has `manage.py migrate` been run?")
    typer.echo(f"{many:,} figures were taken back.")


# What is given ---------------------------------------------------------------------------------------------------------


def _given(file: Path | None) -> Given:
    if file is None:
        found = _imported()
        if found:
            return Given(found, f"{len(found):,} figures that were imported.")
        return Given(_read(FIGURES), "No figures have been imported. These are the figures that come with Golden Thread.")
    figures = _read(file)
    return Given(figures, f"{len(figures):,} figures of {file.name}.")


def _read(file: Path) -> list[Figure]:
    try:
        with said_plainly():
            reading = read_figures(file)
    except WrongFile as error:
        refuse(f"{file.name} cannot be read.", *str(error).splitlines())
    if reading.errors:
        bad = len({error.line for error in reading.errors})
        more = [f"and {len(reading.errors) - SHOWN:,} more errors"] if len(reading.errors) > SHOWN else []
        refuse(
            *(f"{file.name}, {error}" for error in reading.errors[:SHOWN]),
            *more,
            f"{bad:,} of {len(reading.rows):,} rows have errors. Put them right and try again.",
        )
    return reading.figures


def _claims(file: Path | None) -> list[Claim]:
    file = file or CLAIMS
    try:
        with said_plainly():
            reading = read_claims(file)
    except WrongFile as error:
        refuse(f"{file.name} cannot be read.", *str(error).splitlines())
    if reading.errors:
        refuse(*(f"{file.name}, {error}" for error in reading.errors[:SHOWN]))
    return reading.claims


def _imported() -> list[Figure]:
    """What was imported; nothing where there is no database yet."""
    from . import site

    site.prepare()
    from django.db import DatabaseError

    from goldenthread.foundation.actor import SystemActor
    from goldenthread.intelligence.figures.queries import loaded

    try:
        return loaded(SystemActor("figures")).figures
    except DatabaseError:
        return []


def _one_of(form: str, allowed: Sequence[str]) -> None:
    if form not in allowed:
        refuse(f"There is no format {form!r}; choose {', '.join(allowed)}.")


def _tolerance(text: str) -> Fraction:
    try:
        found = Number.parse(text).exact
    except NotANumber:
        refuse(f"--tolerance: {text!r} is not a number of per cent. Write it like 2 or 0.5.")
    if found < 0:
        refuse("--tolerance: a tolerance is never under zero.")
    return found


def _has(words: str | None, text: str) -> bool:
    return words is None or words.casefold() in text.casefold()


# How it is printed -----------------------------------------------------------------------------------------------------

_HEADS = ("what", "verdict", "document", "table", "figure", "printed", "worked_out", "how", "why", "words", "line")


def _row_of(one: Finding) -> dict[str, object]:
    figure = one.figure
    return dict(zip(_HEADS, (one.kind, one.verdict, one.where, figure.table, one.subject, one.printed, one.worked, one.how,
                             one.why, one.words, figure.line), strict=True))  # fmt: skip


def _row_of_travel(one: Travel) -> dict[str, object]:
    figure = one.figure
    verdict = "differs" if one.differs else "right"
    return dict(zip(_HEADS, ("direction", verdict, figure.where, figure.table, figure.words, one.printed, one.word, one.why,
                             "", "", figure.line), strict=True))  # fmt: skip


def _print_check(
    given: Given, findings: Sequence[Finding], went: Sequence[Travel], limit: Fraction, *, everything: bool
) -> None:
    worked = [one for one in findings if one.verdict not in ("question", "not checked")]
    slips = [one for one in findings if one.verdict == "slip"]
    asked = [one for one in findings if one.verdict == "question"]
    unchecked = [one for one in findings if one.verdict == "not checked"]
    typer.echo(given.words)
    typer.echo(f"{len(worked):,} printed changes, differences, shares, rates and totals worked out again: "
               f"{len(worked) - len(slips):,} are right, {_many(len(slips), 'is a slip', 'are slips')}.")  # fmt: skip
    beside = [one for one in slips if not one.words]
    _print_findings("Slips printed beside the figures", beside)
    _print_findings("Slips in what the documents say of the figures", [one for one in slips if one.words])
    _print_findings("Not slips: what the printed numbers alone cannot settle", asked)
    _print_findings("Not checked", unchecked)
    differ = differing(went)
    typer.echo("")
    most = written(limit, 1 if limit.denominator > 1 else 0)
    typer.echo(f"Directions of travel: {len(went):,} printed, {len(differ):,} differ from the values.")
    typer.echo(f"A change of no more than {most}% is stable; beyond it, which way is better decides.")
    for number, one in enumerate(differ, 1):
        typer.echo(f"  {number}. {one.sentence}")
        typer.echo(f"     {_at(one.figure, one.figure.where)}")
    if everything:
        _print_findings("Right", [one for one in worked if one.verdict != "slip"])


def _print_findings(title: str, found: Sequence[Finding]) -> None:
    if not found:
        return
    typer.echo("")
    typer.echo(f"{title}: {len(found):,}")
    for number, one in enumerate(found, 1):
        typer.echo(f"  {number}. {one.sentence}")
        if one.words:
            typer.echo(f"     “{one.words}”")
        typer.echo(f"     {_at(one.figure, one.where)}")


def _at(figure: Figure, where: str) -> str:
    """Where the figure stands: document, page or place, table, line of the file."""
    return f"{where}; table “{figure.table}”; line {figure.line}"


def _many(count: int, one: str, more: str) -> str:
    return f"{count:,} {one if count == 1 else more}"


def _grid(table: Table) -> list[list[str]]:
    return [[table.first, *table.heads], *([line.label, *(cell.text for cell in line.cells)] for line in table.lines)]


def _plain_table(table: Table) -> dict[str, object]:
    rows = _grid(table)
    return {
        "document": table.document, "source": table.source, "table": table.title, "where": table.where,
        "heads": rows[0], "rows": rows[1:],
    }  # fmt: skip


def _print_table(table: Table) -> None:
    typer.echo("")
    typer.echo(table.title)
    typer.echo(table.where)
    rows = _grid(table)
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        cells = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
        typer.echo("  ".join((row[0].ljust(widths[0]), *cells)).rstrip())
