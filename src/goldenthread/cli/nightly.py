"""`goldenthread nightly`: what is done every night, and for clocks in hours more often, by the system itself.

Each part of the house adds its work as one line of `WORKS`: a name and the function that does it, which says in a sentence
what it did. Work that fails is said and does not keep the rest from being done. Django is loaded only inside the command.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module

import typer

from . import site

#: Name -> module:function. The function takes nothing and gives what it did: a number, or words.
WORKS: dict[str, tuple[str, str]] = {
    "requests": ("goldenthread.sharing.actions.asking:take_up_asked", "asked elsewhere and kept as requests"),
    "climbing": ("goldenthread.sharing.actions.climbing:climb", "notices given of late answers"),
    "agreements": ("goldenthread.sharing.actions.ending:warn_of_ending", "notices given of agreements that end"),
    "looks": ("goldenthread.sharing.actions.access:ask_about_looks", "questions put about unusual looks"),
    "access": ("goldenthread.sharing.actions.access:climb", "notices given of questions and reviews that are late"),
    "collections": ("goldenthread.intelligence.collections.actions.asking:nightly", ""),
    "reminders": ("goldenthread.sharing.actions.reminding:nightly", ""),
    "email": ("goldenthread.sharing.actions.notices:mail_waiting", "notices sent by email"),
    "scorecard": ("goldenthread.intelligence.nightly:bring_up_to_date", ""),
    "questions": ("goldenthread.intelligence.nightly:ask_agencies", ""),
    "subscriptions": ("goldenthread.intelligence.nightly:tell_subscribed", ""),
    "journeys": ("goldenthread.intelligence.nightly:journeys", ""),
    "capacity": ("goldenthread.intelligence.nightly:capacity", ""),
    "seal": ("goldenthread.foundation.actions:seal", ""),  # last, so that it covers what the night did
}

_ONLY = typer.Option(None, "--only", metavar="WORK", help=f"Do only this: {', '.join(WORKS)}. May be given several times.")


def register(app: typer.Typer) -> None:
    app.command("nightly", short_help="Do what is done every night: let late requests climb, send notices.")(nightly)


def nightly(only: list[str] | None = _ONLY) -> None:
    """Do every night's work, or only some of it: run `goldenthread nightly --only climbing` every quarter of an hour."""
    from .plainly import refuse

    unknown = sorted(set(only or ()) - WORKS.keys())
    if unknown:
        refuse(f"There is no work called {unknown[0]!r}. Choose among {', '.join(WORKS)}.")
    site.prepare()
    failed = 0
    for name, (where, words) in WORKS.items():
        if only and name not in only:
            continue
        try:
            done = _work(where)()
        except Exception as error:  # whatever it is, the rest must still be done
            failed += 1
            typer.echo(f"{name}: could not be done ({type(error).__name__}). The other work goes on.", err=True)
            continue
        typer.echo(f"{name}: {done if isinstance(done, str) else f'{done:,} {words}'}.")
    if failed:
        sys.exit(1)


def _work(where: str) -> Callable[[], int | str]:
    module, _, function = where.partition(":")
    found: Callable[[], int | str] = getattr(import_module(module), function)
    return found
