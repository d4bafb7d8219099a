"""`goldenthread remind`: tell people of duties that are due soon, due and late. Part of `goldenthread nightly` too.

Django is loaded only inside the command.
"""

from __future__ import annotations

import typer

from . import site

_DRY = typer.Option(False, "--dry-run", help="Say what would be told, and tell nobody.")


def register(app: typer.Typer) -> None:
    app.command("remind", short_help="Tell people of duties that are due soon, due and late.")(remind)


def remind(dry_run: bool = _DRY) -> None:
    """Tell everybody what has come since the last run, on their page and by email. Run twice, it tells once."""
    site.prepare()
    from goldenthread.sharing.actions import reminding

    if dry_run:
        typer.echo(f"Would tell: {reminding.would_tell().words()}. Nothing was sent.")
        return
    told = reminding.remind()
    typer.echo(f"Told: {told.words()}; {told.posted.words()}.")
