"""`goldenthread people`: compare everyone's records and fill the queue of possible matches; measure errors by group.

Nothing is joined from here. Django is loaded only inside the commands.
"""

from __future__ import annotations

import getpass
import time

import typer

from . import site
from .plainly import in_columns, refuse

people = typer.Typer(
    help="People's records: who may be registered twice.", no_args_is_help=True, rich_markup_mode=None
)
#: The fewest made-up people that tell anything of a group.
FEWEST = 500


def register(app: typer.Typer) -> None:
    app.add_typer(people, name="people")


@people.callback()
def about() -> None:
    """People's records: who may be registered twice."""


@people.command(short_help="Compare everyone's records, and fill the queue of possible matches.")
def match(
    dry_run: bool = typer.Option(False, "--dry-run", help="Only count what is found; write nothing."),
    memory: str = typer.Option("4GB", "--memory", help="The most memory the matching may use, such as 4GB."),
    threads: int = typer.Option(0, "--threads", min=0, help="Processors to use; 0 for up to four."),
) -> None:
    """Compare everyone's records, and fill the queue of possible matches. A person decides; nothing is joined by it."""
    site.prepare()
    from django.db import DatabaseError

    from goldenthread.foundation.actor import SystemActor
    from goldenthread.people.actions import KeepMatches
    from goldenthread.people.matching.gather import find_matches
    from goldenthread.people.matching.model import declared

    _check_memory(memory)
    began = time.monotonic()
    try:
        found = find_matches(threads=threads or None, memory=memory)
        for grade in declared().grades:
            many = sum(each.grade == grade.id for each in found)
            typer.echo(f"{grade.title}: {many:,} {'pair' if many == 1 else 'pairs'}")
        if dry_run:
            typer.echo(f"Nothing was written. {time.monotonic() - began:.0f} seconds.")
            return
        kept = KeepMatches(SystemActor(f"matching by {getpass.getuser()}"[:200])).run(found)
    except DatabaseError as error:
        refuse(
            f"The database cannot be used: {str(error).splitlines()[0]}. Has `manage.py migrate` been run?"
        )
    typer.echo(
        f"In the queue: {kept['open']:,}, of which new: {kept['new']:,}. No longer found: {kept['gone']:,}. "
        f"{time.monotonic() - began:.0f} seconds."
    )


@people.command(
    name="errors-by-group", short_help="Measure, on made-up people, whom the matching serves worse."
)
def errors_by_group(
    size: int = typer.Option(
        5000, "--people", min=FEWEST, help="Records in each of the two made-up registers."
    ),
    seed: int = typer.Option(11, "--seed", help="Another seed makes other people."),
    numbers: bool = typer.Option(
        True, "--numbers/--no-numbers", help="Whether NHS and other numbers are known."
    ),
    form: str = typer.Option("table", "--format", help="table, or markdown for a document."),
) -> None:
    """Match two made-up registers, of which it is known who is who, and tell for each group what was missed and wrong."""
    if form not in ("table", "markdown"):
        refuse(f"There is no format {form!r}; choose table or markdown.")
    site.prepare()
    from goldenthread.demo.two_agencies import errors_of

    lines = [
        [row.group.replace("_", " "), f"{row.pairs:,}", f"{row.very_likely / row.pairs:.1%}" if row.pairs else "",
         f"{1 - row.recall:.1%}", f"{row.wrong_very_likely:,}", f"{row.wrong_possible:,}", f"{row.precision_of_all:.1%}"]
        for row in errors_of(size, seed, numbers=numbers)
    ]  # fmt: skip
    heads = [
        "Group",
        "True pairs",
        "Very likely",
        "Missed",
        "Wrong, very likely",
        "Wrong, possible",
        "Right of all shown",
    ]
    if form == "markdown":
        typer.echo("| " + " | ".join(heads) + " |\n|" + "---|" * len(heads))
        for line in lines:
            typer.echo("| " + " | ".join(line) + " |")
        return
    in_columns([heads, *lines])


def _check_memory(memory: str) -> None:
    number, unit = memory[:-2], memory[-2:].upper()
    if unit not in ("MB", "GB") or not number.isdigit() or int(number) < 1:
        refuse(f"--memory: {memory!r} is not an amount of memory. Write it like 4GB or 800MB.")
