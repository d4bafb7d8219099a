"""`goldenthread journal seal` and `goldenthread verify`: seal the journal, and prove that it is as it was written.

`verify` answers with exit code 1 where the journal is broken, so that a nightly job can raise the alarm. Django is loaded
only inside the commands.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice

import typer

from . import site
from .plainly import refuse

#: Broken places that are printed, unless told otherwise.
SHOWN = 100

_SEAL = typer.Option(
    None, "--seal", metavar="NUMBER:DIGEST", help="A seal as it was kept elsewhere, such as 12:9f86d0… May be given again."
)
_CHAIN = typer.Option(None, "--chain", metavar="CHAIN", help="Only this chain, such as reader/17.")
_MOST = typer.Option(SHOWN, "--most", min=1, metavar="NUMBER", help="How many broken places to print.")

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Seal the journal, and list its seals.")


def register(root: typer.Typer) -> None:
    root.add_typer(app, name="journal", short_help="Seal the journal, and list its seals.")
    root.command("verify", short_help="Prove that the journal is as it was written.")(verify)


@app.command("seal", short_help="Seal what was written since the last seal.")
def seal() -> None:
    """Seal the ends of all chains that moved since the last seal, and print the digest to keep elsewhere."""
    site.prepare()
    with _database():
        from goldenthread.foundation.action import Invalid
        from goldenthread.foundation.actions import SealJournal
        from goldenthread.foundation.actor import SystemActor
        from goldenthread.foundation.seals import PROVES

        try:
            made = SealJournal(SystemActor("journal seal")).run()
        except Invalid as wrong:
            refuse(str(wrong))
        if made is None:
            typer.echo("Nothing was written since the last seal.")
            return
        entries, chains = _many(made.entries, "new entry", "new entries"), _many(made.chains, "chain")
        typer.echo(f"Seal {made.number} covers {entries} in {chains}.")
        typer.echo(f"Keep this where nobody who can write to the database can change it: {made.number}:{made.digest}")
        typer.echo(f"What it proves: {PROVES}")


@app.command("seals", short_help="List the latest seals.")
def seals() -> None:
    """Print the latest seals with their digests, the latest first."""
    site.prepare()
    with _database():
        from goldenthread.foundation.models import JournalSeal

        found = list(JournalSeal.objects.order_by("-number")[:20])
        for one in found:
            typer.echo(f"{one.number}:{one.digest}  {one.at:%Y-%m-%d %H:%M} UTC, {one.entries:,} entries, {one.chains:,} chains")
        if not found:
            typer.echo("There is no seal yet. Make one with: goldenthread journal seal")


def verify(chain: str | None = _CHAIN, seal: list[str] | None = _SEAL, most: int = _MOST) -> None:
    """Read the whole journal and say each place where an entry was changed, removed, moved, put in or cut off."""
    kept = dict(_kept(text) for text in seal or [])
    if chain is not None and kept:
        refuse("--chain and --seal do not go together: a seal covers every chain.")
    site.prepare()
    with _database():
        from goldenthread.foundation.verify import Verification, entries_to_read

        began = time.monotonic()
        with _bar(entries_to_read(chain)) as tell:
            work = Verification(chain, kept=kept, tell=tell)
            places = list(islice(work.broken(), most + 1))
        for place in places[:most]:
            typer.echo(str(place), err=True)
        if places:
            more = f" The first {most:,} are shown; add --most to see others." if len(places) > most else ""
            typer.echo(f"The journal is broken.{more} See docs/understand/journal.md for what to do.", err=True)
            raise typer.Exit(1)
        seconds = time.monotonic() - began
        sealed = "" if chain is not None else f" and {_many(work.seals, 'seal')}"
        read = f"{_many(work.entries, 'entry', 'entries')} in {_many(work.chains, 'chain')}{sealed}"
        typer.echo(f"As they were written: {read} ({seconds:.1f} s).")
        if chain is None and not work.seals:
            typer.echo("There is no seal: a chain that was removed whole would not show. goldenthread journal seal makes one.")


def _many(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def _kept(text: str) -> tuple[int, str]:
    number, _, digest = text.strip().partition(":")
    digest = digest.strip().lower()
    if not number.isdecimal() or len(digest) != 64 or set(digest) - set("0123456789abcdef"):
        refuse(f"--seal: {text!r} is not a seal. Give its number and its digest of 64 letters and digits, like 12:9f86…")
    return int(number), digest


@contextmanager
def _bar(total: int) -> Iterator[Callable[[int], None]]:
    """A bar on the error stream that is told how many entries were read."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Verifying the journal", total=total)
        yield lambda done: bar.update(task, completed=done)


@contextmanager
def _database() -> Iterator[None]:
    """Say in words that the database cannot be used."""
    from django.db import DatabaseError

    try:
        yield
    except DatabaseError as error:
        refuse(f"The journal cannot be read: {str(error).splitlines()[0]}. Has `manage.py migrate` been run?")
