"""`goldenthread retention`: how long records are kept, which are due, what was destroyed. It destroys nothing.

Destruction needs two people, so it is done on the pages. Django is loaded only inside the commands that read records.
"""

from __future__ import annotations

import typer

from . import site

app = typer.Typer(
    help="How long records are kept, and which are due. Destroys nothing.", no_args_is_help=True
)


def register(main: typer.Typer) -> None:
    main.add_typer(app, name="retention", short_help="How long records are kept, and which are due.")


@app.command(short_help="How long each kind of record is kept.")
def schedules() -> None:
    """Every schedule: how long, counted from what, where that is written, and how far it was checked."""
    site.prepare()
    from django.utils import timezone

    from goldenthread.casework.retention import in_force
    from goldenthread.foundation.library import current_library

    for name, one in current_library().retention.schedules.items():
        length = in_force(one, timezone.localdate())
        typer.echo(f"{name}: {f'{length} from {one.counted_from}' if length else 'no longer in force'}")
        checked = {True: "checked", False: "not checked", "partly": "partly checked"}[one.verified]
        typer.echo(f"  {one.title}. {one.reference} ({checked})")


@app.command(short_help="Which records are due for destruction.")
def due() -> None:
    """Records that are due, by reference: nobody is named. Those that somebody holds say so."""
    site.prepare()
    from django.utils import timezone

    from goldenthread.casework.queries.retention import review_list
    from goldenthread.foundation.actor import SystemActor

    over, soon, more = review_list(SystemActor("goldenthread retention due"), timezone.localdate())
    for one in over:
        rule = one.kept.governing.title if one.kept.governing else ""
        typer.echo(f"{one.case.reference}  until {one.kept.until}  {rule}{'  HELD' if one.held else ''}")
    typer.echo(f"{len(over):,}{' or more' if more else ''} due, {len(soon):,} in the time to come.")


@app.command(short_help="What was destroyed, and whether the certificates are whole.")
def certificates() -> None:
    """Every certificate of destruction, checked against its digest and the journal. Fails if one was changed."""
    site.prepare()
    from goldenthread.casework.actions.retention import digest_of
    from goldenthread.casework.models import DestructionCertificate
    from goldenthread.casework.queries.retention import is_whole

    broken = 0
    for one in DestructionCertificate.objects.select_related("proposed_by", "agreed_by").order_by(
        "destroyed_at"
    ):
        whole = is_whole(one, digest_of(one))
        broken += not whole
        said = "whole" if whole else "CHANGED since it was written"
        typer.echo(f"{one.destroyed_at:%Y-%m-%d}  {one.pk}  {len(one.body.get('cases', []))} records  {said}")
    typer.echo(f"{broken} of the certificates changed." if broken else "Every certificate is whole.")
    if broken:
        raise typer.Exit(1)
