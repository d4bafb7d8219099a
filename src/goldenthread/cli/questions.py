"""`goldenthread indicators questions`: the questions that figures raise, and raising those that the rules find now."""

from __future__ import annotations

import typer

from . import site
from .plainly import refuse, said_plainly

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="List and raise questions to agencies about figures.")
_ALL = typer.Option(False, "--all", help="Those that are closed too.")
_DRY = typer.Option(False, "--dry-run", help="Say what would be asked, and ask nothing.")


@app.command("list", short_help="List the questions that are open.")
def list_(every: bool = _ALL) -> None:
    """Print each question: its case, the figure as it was told, whom it asks, where it is and when it is due."""
    site.prepare()
    with said_plainly():
        from goldenthread.foundation.actor import SystemActor
        from goldenthread.intelligence.questions.queries import questions, told

        rows = questions(SystemActor("goldenthread indicators questions"))
        rows = rows if every else rows.filter(case__is_open=True)
        found = told(list(rows))
    for one in found:
        row, late = one.row, ", late" if one.late else ""
        due = "" if one.closed or one.due is None else f", due {one.due.date().isoformat()}{late}"
        about = row.case.about.title if row.case.about is not None else ""
        typer.echo(f"{row.case.reference}  {row.indicator} {row.area} {row.period}: {row.value}. To {about}. {one.state}{due}.")
    typer.echo(f"{len(found):,} questions.")


@app.command("raise", short_help="Raise the questions that the rules find now.")
def raise_(dry_run: bool = _DRY) -> None:
    """Look through the scorecard by the rules of exceptions.yaml, as `goldenthread nightly` does, and ask the agencies."""
    site.prepare()
    with said_plainly():
        from goldenthread.intelligence.nightly import find_and_ask
        from goldenthread.intelligence.scorecard.keeping import NotWorkedOut

        try:
            done = find_and_ask(dry_run=dry_run)
        except NotWorkedOut:
            refuse("There is no scorecard yet.", "Make one with `goldenthread extract`.")
    for one, agency in done.asked:
        told = one.told
        typer.echo(f"{told.rule}  {told.indicator} {told.area} {told.period}: {told.value}. To {agency.title}.")
        typer.echo(f"  {one.question}")
    typer.echo(f"{'Would be: ' if dry_run else ''}{done.words()}.")
