"""`goldenthread indicators`: list the definitions, run them, and check the two ways of working them out against each other.

Over files of cases it needs no database. Over an extract, or over the database (an extract is then made and thrown away).
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from math import isclose
from pathlib import Path

import typer

from goldenthread.foundation.csv_rows import csv_lines
from goldenthread.guidance.indicator import Indicator
from goldenthread.guidance.library import Library
from goldenthread.intelligence.extract.files import NotAnExtract, is_extract, read_manifest
from goldenthread.intelligence.indicators.periods import FREQUENCIES, Period, WrongPeriod
from goldenthread.intelligence.indicators.places import (
    EVERYWHERE,
    WrongArea,
    area_id,
    areas_of,
    populations_of,
)
from goldenthread.intelligence.indicators.tables import Dataset, arrow_of
from goldenthread.intelligence.indicators.values import COLUMNS, Value, as_json, as_rows

from .plainly import day_from, library_from, refuse, said_plainly

BY = ("district", "age_band", "sex", "ethnicity", "agency", "answer")

_SOURCE = typer.Argument(
    None, metavar="[CASES|EXTRACT]", help="A file or folder of cases, or an extract. Without it: the database."
)
_PERIOD = typer.Option(
    ..., "--period", metavar="PERIOD", help="2016/17, '2016/17 Q1', 2016-04 or '12 months to 2016-12'. May be given again."
)
_EACH = typer.Option(
    None, "--each", metavar="|".join(FREQUENCIES), help="Every such period that ends in --period, in place of it."
)
_AREA = typer.Option(
    None, "--area", metavar="AREA", help="An area, such as Lancashire-12 or burnley. May be given again. Default: everywhere."
)
_INDICATOR = typer.Option(None, "--indicator", metavar="ID", help="Only this indicator. May be given again.")
_BY = typer.Option(None, "--by", metavar="|".join(BY), help="Split by this.")
_FORMAT = typer.Option("csv", "--format", metavar="csv|json", help="How to print.")
_OUT = typer.Option(None, "-o", "--output", metavar="FILE", help="Write there, and print nothing else.")
_AS_OF = typer.Option(None, "--as-of", metavar="DATE", help="Run cases as they stood on a day.")
_RESTRICTED = typer.Option(False, "--restricted", help="Read the restricted part of an extract too.")
_NAIVE = typer.Option(False, "--naive", help="Work it out row by row in plain Python, slowly.")
_FOLDER = typer.Option(None, "--folder", help="A folder of guidance to read in place of the one that is shipped.")

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="List, run and check indicators.")


@dataclass(frozen=True)
class Asked:
    """What a command was asked for."""

    library: Library
    indicators: Mapping[str, Indicator]
    areas: Sequence[str]
    periods: Sequence[Period]
    by: str | None


@app.command("list", short_help="List the indicators.")
def list_(folder: Path | None = _FOLDER) -> None:
    """Print the id, unit and title of every indicator, sheet by sheet."""
    library = library_from(folder)
    for sheet in library.sheets.values():
        typer.echo(f"{sheet.title}")
        for name, one in sheet.indicators.items():
            typer.echo(f"  {name}  {one.title} ({one.unit})")
    typer.echo(f"{len(library.indicators)} indicators.")


@app.command("run", short_help="Work out indicators for periods and areas.")
def run(
    source: Path | None = _SOURCE, period: list[str] = _PERIOD, area: list[str] | None = _AREA,
    indicator: list[str] | None = _INDICATOR, by: str | None = _BY, each: str | None = _EACH, form: str = _FORMAT,
    output: Path | None = _OUT, as_of: str | None = _AS_OF, restricted: bool = _RESTRICTED, naive: bool = _NAIVE,
    folder: Path | None = _FOLDER,
) -> None:  # fmt: skip
    """Print values as CSV or JSON. A value that cannot be known is empty, never 0; `notes` says why."""
    if form not in ("csv", "json"):
        refuse(f"--format {form}: write csv or json.")
    asked = _asked(period, area, indicator, by, each, folder, restricted or (source is not None and not is_extract(source)))
    values = _values(asked, source, as_of, restricted, naive)
    titles = {name: one.title for name, one in asked.indicators.items()}
    written_out((_as_csv if form == "csv" else as_json)(values, titles), output)
    if output is not None:
        typer.echo(f"{output.name} holds {len(values):,} values.")


def _as_csv(values: list[Value], titles: Mapping[str, str]) -> str:
    """A value that is missing is empty, never 0."""
    rows = ({**row, "notes": " ".join(row["notes"])} for row in as_rows(values, titles))
    return csv_lines([COLUMNS, *([row[name] for name in COLUMNS] for row in rows)])


def written_out(text: str, output: Path | None) -> None:
    """Print, or write to a file."""
    if output is None:
        typer.echo(text.rstrip("\n"))
        return
    with said_plainly():
        output.write_text(text, encoding="utf-8")


@app.command("check", short_help="Work out indicators twice, and compare.")
def check(
    source: Path | None = _SOURCE, period: list[str] = _PERIOD, area: list[str] | None = _AREA,
    indicator: list[str] | None = _INDICATOR, by: str | None = _BY, each: str | None = _EACH,
    as_of: str | None = _AS_OF, restricted: bool = _RESTRICTED, folder: Path | None = _FOLDER,
) -> None:  # fmt: skip
    """Work out the same values by SQL and row by row in plain Python, and print where they differ."""
    asked = _asked(period, area, indicator, by, each, folder, restricted or (source is not None and not is_extract(source)))
    one = _values(asked, source, as_of, restricted, naive=False)
    other = {_place(value): value for value in _values(asked, source, as_of, restricted, naive=True)}
    differ = [value for value in one if not same(value, other.get(_place(value)))]
    for value in differ:
        there = other.get(_place(value))
        typer.echo(f"{' '.join(filter(None, _place(value)))}: {value.shown or 'no value'} by SQL, "
                   f"{(there.shown or 'no value') if there else 'not there'} row by row", err=True)  # fmt: skip
    if differ or len(other) != len(one):
        refuse(f"{len(differ):,} of {len(one):,} values differ.")
    typer.echo(f"{len(one):,} values are the same both ways.")


def same(one: Value, other: Value | None) -> bool:
    """Whether two values agree, to the exactness of a computer's fractions."""
    if other is None or (one.value is None) != (other.value is None) or one.notes != other.notes:
        return False
    parts = ("value", "numerator", "denominator", "complete")
    return all(_close(getattr(one, part), getattr(other, part)) for part in parts)


def _close(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)


def _place(value: Value) -> tuple[str, ...]:
    return value.indicator, value.area, value.period, value.by, value.group


def _asked(
    periods: list[str], areas: list[str] | None, names: list[str] | None, by: str | None, each: str | None,
    folder: Path | None, restricted: bool,
) -> Asked:  # fmt: skip
    library = library_from(folder)
    if by is not None and by not in BY:
        refuse(f"--by {by}: write one of {', '.join(BY)}.")
    if each is not None and each not in FREQUENCIES:
        refuse(f"--each {each}: write one of {', '.join(FREQUENCIES)}.")
    chosen = dict(library.indicators)
    for name in names or ():
        if name not in chosen:
            near = get_close_matches(name, chosen, n=1, cutoff=0.4)
            refuse(f"There is no indicator {name!r}.{f' Did you mean {near[0]}?' if near else ''}")
    if names:
        chosen = {name: chosen[name] for name in names}
        few = [name for name, one in chosen.items() if one.restricted and not restricted]
        if few:
            refuse(f"{few[0]} counts restricted records. Add --restricted.")
    else:
        chosen = {name: one for name, one in chosen.items() if restricted or not one.restricted}
    try:
        wanted = [Period.parse(text) for text in periods]
        places = [area_id(library, text) for text in areas or [EVERYWHERE]]
    except (WrongPeriod, WrongArea) as error:
        refuse(str(error))
    if each is not None:
        wanted = [part for one in wanted for part in one.parts(each)]
    if by == "district":
        inside = areas_of(library)
        places = list(dict.fromkeys(
            row.part for place in places for row in inside
            if row.area == place and any(two.area == two.part == row.part and two.kind == "district" for two in inside)
        ))  # fmt: skip
        if not places:
            refuse("None of these areas has districts.")
    return Asked(library, chosen, places, wanted, None if by == "district" else by)


def _values(asked: Asked, source: Path | None, as_of: str | None, restricted: bool, naive: bool) -> list[Value]:
    from goldenthread.intelligence.indicators.engine import engine
    from goldenthread.intelligence.naive.evaluation import evaluate

    with said_plainly(), data_read(asked.library, source, as_of, restricted) as (tables, day):
        if naive:
            data = tables if isinstance(tables, Dataset) else _dataset(tables, day)
            return evaluate(asked.library, data, asked.indicators, asked.areas, asked.periods, asked.by)
        with engine(asked.library, tables, day) as one, _progress(len(asked.indicators)) as told:
            return one.run(asked.indicators, asked.areas, asked.periods, asked.by, told)


@contextmanager
def data_read(
    library: Library, source: Path | None, as_of: str | None, restricted: bool = False
) -> Iterator[tuple[Dataset | Mapping[str, Sequence[Path]], date]]:
    """The tables to read, and the day of the data."""
    from goldenthread.intelligence.indicators.cohort import dataset_of, read_cohort

    with ExitStack() as stack:
        if source is not None and not is_extract(source):
            data = dataset_of(read_cohort(source), library, day_from(as_of, "--as-of") if as_of else None)
            yield data, data.as_of
            return
        if as_of is not None:
            refuse("--as-of goes with files of cases. An extract tells of the day it was taken.")
        if source is None:
            source = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gt-extract-")))
            _take(source)
        places = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gt-places-")))
        try:
            manifest = read_manifest(source)
        except NotAnExtract as error:
            refuse(str(error))
        tables: dict[str, Sequence[Path]] = dict(manifest.paths(source, restricted=restricted))
        import pyarrow.parquet as pq

        for name, rows in (("areas", areas_of(library)), ("populations", populations_of(library))):
            pq.write_table(arrow_of(name, rows), places / f"{name}.parquet")
            tables[name] = [places / f"{name}.parquet"]
        yield tables, manifest.as_of


def _take(folder: Path) -> None:
    from . import site

    site.prepare()
    from goldenthread.intelligence.extract.taking import take

    from .extract import key_of

    take(folder, key_of(None))


def _dataset(tables: Mapping[str, Sequence[Path]], day: date) -> Dataset:
    import pyarrow.parquet as pq

    from goldenthread.intelligence.indicators.tables import ROWS

    data = Dataset(day)
    for name, kind in ROWS.items():
        rows = [kind(**row) for path in tables.get(name, ()) for row in pq.read_table(path, partitioning=None).to_pylist()]
        setattr(data, name, list(dict.fromkeys(rows)) if name == "people" else rows)
    return data


@contextmanager
def _progress(total: int) -> Iterator[Callable[[str], None] | None]:
    """A progress bar on the error stream, where that is a terminal."""
    import sys

    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Working out", total=total)
        yield lambda name: bar.update(task, advance=1, description=name)
