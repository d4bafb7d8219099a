"""`goldenthread journeys`: list the journeys that guidance declares; follow one over files of cases, an extract, the database."""

from __future__ import annotations

import json
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import typer

from goldenthread.foundation.csv_rows import csv_lines
from goldenthread.guidance.journey import Journey
from goldenthread.guidance.library import Library
from goldenthread.intelligence.indicators.periods import Period, WrongPeriod
from goldenthread.intelligence.indicators.places import EVERYWHERE, WrongArea, area_id

from .extract import bar
from .indicators import data_read, written_out
from .plainly import library_from, refuse, said_plainly

_SOURCE = typer.Argument(
    None, metavar="[CASES|EXTRACT]", help="A file or folder of cases, or an extract. Without it: the database."
)
_JOURNEY = typer.Option(None, "--journey", metavar="ID", help="Which journey. Default: the first. `journeys list` names them.")
_PERIOD = typer.Option(..., "--period", metavar="PERIOD", help="Who entered in 2016/17, '2016/17 Q1' or 2016-04.")
_AREA = typer.Option(None, "--area", metavar="AREA", help="An area, such as Lancashire-12 or burnley. Default: everywhere.")
_FORMAT = typer.Option("csv", "--format", metavar="csv|json", help="How to print.")
_OUT = typer.Option(None, "-o", "--output", metavar="FILE", help="Write there, and print nothing else.")
_AS_OF = typer.Option(None, "--as-of", metavar="DATE", help="Run cases as they stood on a day.")
_KEEP_BACK = typer.Option(False, "--keep-back", help="Keep small numbers back, and what would give them away.")
_FOLDER = typer.Option(None, "--folder", help="A folder of guidance to read in place of the one that is shipped.")

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="What became of a cohort, step by step.")


@app.command("list", short_help="List the journeys.")
def list_(folder: Path | None = _FOLDER) -> None:
    """Print the id and title of every journey."""
    library = library_from(folder)
    for one in library.journeys.values():
        typer.echo(f"{one.id}  {one.title}, followed for {one.follow}")


@app.command("run", short_help="Follow a journey.")
def run(
    source: Path | None = _SOURCE, journey: str | None = _JOURNEY, period: str = _PERIOD, area: str | None = _AREA,
    form: str = _FORMAT, output: Path | None = _OUT, as_of: str | None = _AS_OF, keep_back: bool = _KEEP_BACK,
    folder: Path | None = _FOLDER,
) -> None:  # fmt: skip
    """How many went from each step to each, how long the steps took, and how groups of children fared."""
    library = library_from(folder)
    chosen = _chosen(library, journey)
    if form not in ("csv", "json"):
        refuse(f"--format {form}: write csv or json.")
    try:
        wanted, place = Period.parse(period), area_id(library, area or EVERYWHERE)
    except (WrongPeriod, WrongArea) as error:
        refuse(str(error))
    page = _page(library, chosen, source, as_of, wanted, place, keep_back)
    written_out(_as_json(chosen, wanted, place, page) if form == "json" else _as_csv(chosen, page), output)


def _chosen(library: Library, name: str | None) -> Journey:
    if not library.journeys:
        refuse("This guidance declares no journeys: there are no files in its folder `journeys`.")
    if name is None:
        return next(iter(library.journeys.values()))
    if name not in library.journeys:
        near = get_close_matches(name, library.journeys, n=1, cutoff=0.4)
        refuse(f"There is no journey {name!r}.{f' Did you mean {near[0]}?' if near else ''}")
    return library.journeys[name]


def _page(
    library: Library, journey: Journey, source: Path | None, as_of: str | None, period: Period, area: str, keep_back: bool
) -> Mapping[str, Any]:
    from goldenthread.intelligence.journeys.tally import payload, tally
    from goldenthread.intelligence.journeys.telling import tell
    from goldenthread.intelligence.journeys.working_out import by_area, followed, in_period
    from goldenthread.intelligence.scorecard.working_out import areas_told

    with said_plainly(), data_read(library, source, as_of) as (tables, day), bar("Following journeys") as told:
        found = followed(library, tables, day, told, {journey.id: journey}, since=period.start)[journey.id]
    tree = areas_told(library, [area, *{one.area for one in found}])
    here = in_period(by_area(found, tree), period)
    if not keep_back:
        return payload(journey, tally(here.get(area, ())))
    page: Mapping[str, Any] | None = tell(journey, period.key, here, tree, None).pages.get(area)
    if page is None:
        refuse("Nothing of this can be told without giving somebody away. Choose a larger area or a longer period.")
    return page


def _as_json(journey: Journey, period: Period, area: str, page: Mapping[str, Any]) -> str:
    return json.dumps({"journey": journey.id, "area": area, "period": period.key, **page}, indent=2, ensure_ascii=False)


def _as_csv(journey: Journey, page: Mapping[str, Any]) -> str:
    """A line a number; `c` where it is kept back."""
    rows = [("what", "from", "to", "group", "number")]
    for source, target, many in page["flows"]:
        rows.append(("journeys", source, target, "", _shown(many)))
    for nth, took in page["steps"].items():
        for name, many in took.items():
            shown = "" if many is None and name in ("half", "nine") else _shown(many)  # days may be missing, a count is not
            rows.append(("step", "", journey.columns[int(nth)].title, name, shown))
    for group, places in page["groups"].items():
        for place, many in places.items():
            rows.append(("group", "", place, group, _shown(many)))
    return csv_lines(rows)


def _shown(many: int | None) -> str:
    return "c" if many is None else str(many)
