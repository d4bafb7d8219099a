"""`goldenthread capacity`: measure a service, and try it with other people and arrivals."""

from __future__ import annotations

import json
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import typer

from goldenthread.foundation.csv_rows import csv_lines
from goldenthread.guidance.capacity import Service
from goldenthread.guidance.library import Library

from .extract import bar
from .indicators import data_read, written_out
from .plainly import library_from, refuse, said_plainly

_SOURCE = typer.Argument(
    None, metavar="[CASES|EXTRACT]", help="A file or folder of cases, or an extract. Without it: the database."
)
_SERVICE = typer.Option(None, "--service", metavar="ID", help="Which service. Default: the first. `capacity list` names them.")
_PEOPLE = typer.Option(None, "--people", metavar="N", min=1, max=500, help="With so many people. May be given again.")
_ARRIVALS = typer.Option(100, "--arrivals", metavar="PER CENT", min=10, max=300, help="Arrivals, as per cent of those measured.")
_FORMAT = typer.Option("csv", "--format", metavar="csv|json", help="How to print.")
_OUT = typer.Option(None, "-o", "--output", metavar="FILE", help="Write there, and print nothing else.")
_AS_OF = typer.Option(None, "--as-of", metavar="DATE", help="Run cases as they stood on a day.")
_RESTRICTED = typer.Option(False, "--restricted", help="Read the restricted part of an extract too.")
_FOLDER = typer.Option(None, "--folder", help="A folder of guidance to read in place of the one that is shipped.")

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="When a backlog clears with so many people.")


@app.command("list", short_help="List the services.")
def list_(folder: Path | None = _FOLDER) -> None:
    """Print the id, people and title of every service."""
    for one in library_from(folder).services.values():
        typer.echo(f"{one.id}  {one.title}: {one.people} with {one.hours_a_day:g} hours a day")


@app.command("run", short_help="Measure a service, and try it with other people.")
def run(
    source: Path | None = _SOURCE, service: str | None = _SERVICE, people: list[int] | None = _PEOPLE, arrivals: int = _ARRIVALS,
    form: str = _FORMAT, output: Path | None = _OUT, as_of: str | None = _AS_OF, restricted: bool = _RESTRICTED,
    folder: Path | None = _FOLDER,
) -> None:  # fmt: skip
    """What waits now, and for each number of people how busy they are and when the backlog clears, with the range of the runs."""
    library = library_from(folder)
    chosen = _chosen(library, service)
    if form not in ("csv", "json"):
        refuse(f"--format {form}: write csv or json.")
    if chosen.restricted(library) and not restricted:
        refuse(f"{chosen.id} counts restricted records. Add --restricted.")
    from goldenthread.intelligence.capacity.working_out import page

    with said_plainly(), data_read(library, source, as_of, restricted) as (tables, day), bar("Trying") as told:
        found = page(library, chosen, tables, day, told, people or None, (arrivals,))
    if found["problem"] is not None:
        refuse(found["problem"])
    written_out(_as_json(chosen, found) if form == "json" else _as_csv(found), output)


def _chosen(library: Library, name: str | None) -> Service:
    if not library.services:
        refuse("This guidance declares no services: there are no files in its folder `capacity`.")
    if name is None or name in library.services:
        return library.services[name] if name else next(iter(library.services.values()))
    near = get_close_matches(name, library.services, n=1, cutoff=0.4)
    refuse(f"There is no service {name!r}.{f' Did you mean {near[0]}?' if near else ''}")


def _as_json(service: Service, page: dict[str, Any]) -> str:
    return json.dumps({"service": service.id, **page}, indent=2, ensure_ascii=False)


def _as_csv(page: dict[str, Any]) -> str:
    """A line a number of people. Days are working days from now; an empty one did not come within the days looked at."""
    heads = (
        "people", "arrivals", "busy", "waiting_now", "clears_middle", "clears_low", "clears_high", "share_cleared",
        "waiting_at_end", "days_before_taken_up", "runs", "days_looked_at",
    )  # fmt: skip
    return csv_lines([heads, *(
        (one["people"], f"{one['demand']:.2f}", f"{one['busy']:.3f}", page["measured"]["waiting"], *one["clears"],
         f"{one['cleared']:.2f}", one["still_waiting"][0], f"{one['days_to_wait'][0]:.2f}", one["runs"], one["horizon"])
        for one in page["tried"].values()
    )])  # fmt: skip
