"""`goldenthread register`: the action register, made anew from the events. Django is loaded only inside the command."""

from __future__ import annotations

import typer

from . import site

app = typer.Typer(help="The action register.", no_args_is_help=True)


def register(main: typer.Typer) -> None:
    main.add_typer(app, name="register", short_help="The action register: make it anew from the events.")


@app.command(short_help="Make the register anew from the events.")
def rebuild() -> None:
    """Needed after guidance changed which events make actions. Says how many lines changed; run again, none do."""
    site.prepare()
    from goldenthread.casework.actions.registering import RebuildRegister
    from goldenthread.foundation.actor import SystemActor

    changed = RebuildRegister(SystemActor("goldenthread register rebuild")).run()
    typer.echo(f"{changed:,} lines of the register changed.")
