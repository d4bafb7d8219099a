"""`goldenthread demo`: builds a made-up partnership, or finds the one built before, and serves it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

import typer

from . import site
from .plainly import refuse, said_plainly

if TYPE_CHECKING:
    from rich.console import Console

    from goldenthread.demo.build import Built, Tell, Telling
    from goldenthread.demo.parts import Size
    from goldenthread.demo.renewal import Standing

_SIZE = typer.Option("default", "--size", help="small (250 children), default (4,000) or county (40,000).")
_SEED = typer.Option(7, "--seed", help="Another number makes up other people.")
_SERVE = typer.Option(True, "--serve/--no-serve", help="Serve the pages when it is built.")
_FRESH = typer.Option(False, "--fresh", help="Build it anew, even where one is there already.")
_PORT = typer.Option(8000, "--port", min=1, max=65535, help="The port to serve on.")


def register(app: typer.Typer) -> None:
    app.command("demo", short_help="Build a made-up partnership and serve it.")(demo)


def demo(
    size: str = _SIZE, seed: int = _SEED, serve: bool = _SERVE, fresh: bool = _FRESH, port: int = _PORT
) -> None:
    """Build a made-up partnership for Lancashire, with two years of events that end today, and serve it. Nobody in it is real."""
    site.prepare()
    from django.conf import settings
    from django.db import DatabaseError
    from rich.console import Console

    from goldenthread.demo.figures import FiguresWrong
    from goldenthread.demo.parts import SIZES, size_named

    if not settings.GT_DEMO:
        refuse(
            "The settings in use are not the demo's, and the demo's accounts have a password that everybody knows.",
            "Unset DJANGO_SETTINGS_MODULE, or set it to goldenthread.web.settings.demo.",
        )
    if size not in SIZES and not size.isdecimal():
        refuse(f"There is no size {size!r}. Choose {', '.join(SIZES)}, or a number of children.")
    if size.isdecimal() and not 50 <= int(size) <= 500_000:
        refuse("The number of children is from 50 to 500000.")
    console = Console(highlight=False)
    if serve:
        from .serve import _check_port  # before a minute is spent on building what could not be served

        _check_port("127.0.0.1", port)
    try:
        with said_plainly():
            built = _ready(console, size_named(size), seed, fresh)
    except FiguresWrong as error:
        refuse(str(error), "The demo follows the guidance; put the name right in one or the other.")
    except DatabaseError as error:
        refuse(
            f"The database cannot be used: {str(error).splitlines()[0]}.",
            "Check GT_DATABASE_URL, or leave it out to use a file on this machine.",
        )
    _write_accounts(built)
    if not serve:
        _sign_ins(console)
        console.print("To work out its scorecard: goldenthread extract. To serve it: goldenthread serve")
        return
    from django.conf import settings

    from .behind import begin
    from .serve import serve as serve_pages

    def ready(address: str) -> None:
        _sign_ins(console)
        log = begin(settings.VAR_DIR)
        console.print(f"Its scorecard, journeys and forecasts are being worked out and are there in some minutes ({log.name}).")
        console.print(f"Golden Thread is on [bold]{address}[/] (Ctrl-C to stop).")

    raise typer.Exit(serve_pages(port=port, ready=ready))


def _ready(console: Console, size: Size, seed: int, fresh: bool) -> Built:
    """The demo that is in the database when this is done."""
    from django.utils import timezone

    from goldenthread.demo import renewal

    found = renewal.standing()
    today = timezone.localdate()
    if found.holds == "records":
        refuse(
            "The database holds records that the demo did not make, so it is left alone.",
            "Set GT_DATABASE_URL to an empty database, or GT_VAR to another folder.",
        )
    if found.holds == "demo" and not fresh:
        why = renewal.unfit(found, size, seed, today)
        assert found.built is not None
        if not why:
            console.print(
                f"Using the demonstration that is there: {_words(found.built, today)}. Build it anew with --fresh."
            )
            return found.built
        if found.added > 0:
            refuse(
                f"There is a demonstration already, but {why}; and {found.added} event{'s have' if found.added > 1 else ' has'} "
                "been recorded in it since.",
                "Build it anew, losing them, with --fresh.",
            )
        console.print(f"There is a demonstration already, but {why}. It is built anew.")
    return _build(console, found, size, seed)


def _build(console: Console, found: Standing, size: Size, seed: int) -> Built:
    from goldenthread.demo import renewal
    from goldenthread.demo.build import build

    console.print(
        f"Making up {size.children:,} children known to services in Lancashire, and two years until today."
    )
    with _progress(console) as tell:
        from goldenthread.demo.build import Telling

        tell(Telling("Tables", 0, 1))
        if found.holds != "nothing":
            renewal.clear()
        renewal.make_tables()
        tell(Telling("Tables", 1, 1))
        built = build(size.name, seed=seed, tell=tell)
    console.print(
        f"Ready in {built.seconds:.0f} seconds: {built.children:,} children, {built.cases:,} cases, {built.events:,} events."
    )
    return built


@contextmanager
def _progress(console: Console) -> Iterator[Tell]:
    """A bar for each stage; plain lines where there is no terminal."""
    from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    bars = Progress(
        TextColumn("{task.description:<52}"), BarColumn(bar_width=30), TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(), console=console,
    )  # fmt: skip
    stages: dict[str, TaskID] = {}

    def tell(said: Telling) -> None:
        if said.stage not in stages:
            stages[said.stage] = bars.add_task(said.stage, total=said.of)
            if not console.is_terminal:
                console.print(f"  {said.stage}")
        bars.update(stages[said.stage], completed=said.done, total=said.of)

    if not console.is_terminal:
        yield tell
        return
    with bars:
        yield tell


def _words(built: Built, today: date) -> str:
    day = date.fromisoformat(built.day)
    days = (today - day).days
    when = "today" if not days else f"{days} day{'s' if days > 1 else ''} ago"
    return f"{built.children:,} children, built {when} ({day.day} {day:%B %Y})"


def _write_accounts(built: Built) -> None:
    """The file that the sign-in page shows accounts from."""
    from pathlib import Path

    from django.conf import settings

    from goldenthread.agencies.models import Organisation
    from goldenthread.demo.accounts import write_accounts
    from goldenthread.demo.build import signing_in

    titles = dict(Organisation.objects.values_list("slug", "title"))
    write_accounts(Path(settings.GT_DEMO_ACCOUNTS), signing_in(), titles)


def _in_a_sentence(job: str) -> str:
    """With a small letter, but for abbreviations such as MARAC."""
    return job if job[:2].isupper() else job[:1].lower() + job[1:]


def _sign_ins(console: Console) -> None:
    from rich.table import Table

    from goldenthread.demo.accounts import PASSWORD
    from goldenthread.demo.build import signing_in

    people = signing_in()
    for heading, service in (("Sign in as", False), ("Or, to run one service, as", True)):
        table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
        for title in (heading, "Who", "What they do"):
            table.add_column(title)
        for one in people:
            if one.service == service:
                table.add_row(one.worker.username, f"{one.worker.name}, {_in_a_sentence(one.worker.job)}", one.does)
        console.print()
        console.print(table)
    console.print()
    console.print(
        f"The password of each is [bold]{PASSWORD}[/]. Two-factor sign-in, which a real service requires, is off in the demo."
    )
    console.print("Nobody here is real.")
