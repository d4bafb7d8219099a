"""`goldenthread guidance`: check the files, list what they hold, show one thing in plain words, run its worked cases."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches
from pathlib import Path

import typer

from goldenthread.agencies.seeding import shipped_roles
from goldenthread.clocks.assure import Outcome, assure
from goldenthread.clocks.assure_meetings import MeetingTold, assure_meetings
from goldenthread.guidance.agreement_words import agreement_text, told
from goldenthread.guidance.collection_words import collection_text, plain_collection
from goldenthread.guidance.library import SHIPPED, Library
from goldenthread.guidance.meeting_words import meeting_text, plain_meeting
from goldenthread.guidance.plain import FORCE, as_text, plain
from goldenthread.sharing.worked_tellings import Told, assure_tellings

from .plainly import day_from, library_from, refuse, said_plainly

app = typer.Typer(
    help="Guidance files: check, list, show and assure the pathways, the sharing agreements and the meetings.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

_CHECKED = typer.Argument(None, help="The folder to check; by default the shipped one.")
_COPY = typer.Argument(..., metavar="FOLDER", help="Where to; it is made, and must be empty.")
_FOLDER = typer.Option(
    None, "--folder", help="A folder of guidance to read in place of the one that is shipped."
)


@app.command(short_help="Check every guidance file.")
def check(folder: Path | None = _CHECKED) -> None:
    """Check every guidance file: each fault with its file, its line and what to write instead. Of the shipped guidance also
    the roles that come with it."""
    found = library_from(folder)
    if folder is None:
        with said_plainly():
            shipped_roles()
    duties = sum(len(pathway.duties) for pathway in found.pathways.values())
    typer.echo(
        f"{_many(len(found.pathways), 'pathway')} with {_many(duties, 'duty', 'duties')}, "
        f"{_many(len(found.agreements), 'agreement')}, {_many(len(found.meetings), 'kind')} of meeting, "
        f"{_many(len(found.collections), 'collection')}, {_many(len(found.calendars), 'calendar')}, "
        f"{_many(len(found.school_terms), 'set')} of school terms and "
        f"{_many(len(found.arrangements), 'arrangement')}: no faults."
    )


@app.command(short_help="Copy the guidance that ships, to change it.")
def copy(folder: Path = _COPY) -> None:
    """Copy every guidance file that ships into a folder of your own. To add to them instead, begin a folder with
    `adds_to: shipped` in its guidance.yaml."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        refuse(f"{folder} is there and not empty. Choose another folder, so that nothing in it is written over.")
    files = [one for one in sorted(SHIPPED.rglob("*.yaml")) if "tests" not in one.relative_to(SHIPPED).parts]
    with said_plainly():
        for one in files:
            to = folder / one.relative_to(SHIPPED)
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(one, to)
    typer.echo(f"{_many(len(files), 'file')} in {folder}. `goldenthread guidance check {folder}` says what is wrong in them.")


@app.command("list", short_help="List the pathways, the agreements and the meetings.")
def list_pathways(folder: Path | None = _FOLDER) -> None:
    """List the pathways with how many duties each has, whether law, guidance or local rule; then the sharing agreements
    and the kinds of meeting."""
    found = library_from(folder)
    width = max((len(name) for name in found.pathways), default=0)
    for name, pathway in found.pathways.items():
        force = Counter(duty.force for duty in pathway.duties.values())
        counts = ", ".join(f"{force[kind]} {words.lower()}" for kind, words in FORCE.items() if force[kind])
        typer.echo(
            f"{name:<{width}}  {pathway.title}: {_many(len(pathway.duties), 'duty', 'duties')} ({counts or 'none'})"
        )
    width = max((len(name) for name in found.agreements), default=0)
    if found.agreements:
        typer.echo("\nSharing agreements")
    for name, agreement in found.agreements.items():
        words = told(agreement, found, date.today())
        typer.echo(f"{name:<{width}}  {agreement.title}: {_many(len(agreement.clauses), 'clause')}. {words.state_words}")
    width = max((len(name) for name in found.meetings), default=0)
    if found.meetings:
        typer.echo("\nMeetings")
    for name, meeting in found.meetings.items():
        typer.echo(f"{name:<{width}}  {meeting.title}: {plain_meeting(meeting, found, date.today()).covers}")
    width = max((len(name) for name in found.collections), default=0)
    if found.collections:
        typer.echo("\nCollections")
    for name, collection in found.collections.items():
        typer.echo(f"{name:<{width}}  {collection.title}: every {collection.every}, {_many(len(collection.typed), 'value')}")


@app.command(short_help="Print a pathway, an agreement or a kind of meeting in plain words.")
def show(
    name: str = typer.Argument(
        metavar="PATHWAY",
        help="The id of a pathway, such as contact, of an agreement, a kind of meeting or a collection. "
        "`goldenthread guidance list` has them all.",
    ),
    on: str = typer.Option("today", "--on", metavar="DATE", help="Show the rules in force on this day."),
    area: str | None = typer.Option(None, "--area", help="Lay the local rules of an arrangement over it."),
    folder: Path | None = _FOLDER,
) -> None:
    """Print a pathway in plain words: states, events, and what is due when, with its source. Or an agreement: who may tell
    whom what, by which clause and until when. Or a kind of meeting: who must be there, and what is due around it."""
    found = library_from(folder)
    day: date = day_from(on, "--on")
    if name in found.agreements:
        typer.echo(agreement_text(told(found.agreements[name], found, day)), nl=False)
        return
    if name in found.meetings and name not in found.pathways:
        typer.echo(meeting_text(plain_meeting(found.meetings[name], found, day)), nl=False)
        return
    if name in found.collections and name not in found.pathways:
        typer.echo(collection_text(plain_collection(found.collections[name], found, day)), nl=False)
        return
    _known(name, "pathway, agreement, meeting or collection", [*_all(found), *found.collections])
    if area:
        _known(area, "arrangement", found.arrangements)
    typer.echo(as_text(plain(found.in_area(area)[name], found, day)), nl=False)


@app.command("assure", short_help="Run the worked cases.")
def assure_pathways(
    pathway: str | None = typer.Argument(
        None, help="One pathway, agreement or kind of meeting; without it, all that have worked cases."
    ),
    folder: Path | None = _FOLDER,
    quiet: bool = typer.Option(False, "--quiet", "-q", help="Print only the cases that fail, and the count."),
) -> None:
    """Run the worked cases: does each clock fall due on the day the guidance says, and does each agreement permit,
    deny or refer what its clauses say, and may each meeting decide, with its reports and record due on the right day?"""
    found = library_from(folder)
    if pathway:
        _known(pathway, "pathway, agreement or meeting", _all(found))
    outcomes: list[Outcome | Told | MeetingTold] = []
    with said_plainly():
        if pathway is None or pathway in found.pathways:
            outcomes += assure(found, pathway)
        if pathway is None or pathway in found.agreements:
            outcomes += assure_tellings(found, pathway)
        if pathway is None or pathway in found.meetings:
            outcomes += assure_meetings(found, pathway)
    for outcome in outcomes:
        if not quiet or outcome.differences:
            _print(outcome)
    failed = sum(1 for outcome in outcomes if outcome.differences)
    typer.echo(f"{_many(len(outcomes), 'worked case')}: {len(outcomes) - failed} as expected, {failed} not.")
    if not outcomes:
        refuse(
            f"There are no worked cases{f' for {pathway}' if pathway else ''} under {found.folder}/worked_cases."
        )
    if failed:
        raise typer.Exit(1)


def _all(library: Library) -> list[str]:
    return [*library.pathways, *library.agreements, *library.meetings]


def _print(outcome: Outcome | Told | MeetingTold) -> None:
    typer.echo(
        f"{'NOT AS EXPECTED' if outcome.differences else 'as expected'}: {outcome.title} ({outcome.place})"
    )
    for line in outcome.lines:
        typer.echo(f"  {line}")
    for difference in outcome.differences:
        typer.echo(f"  Expected {difference}")
    typer.echo("")


def _known(name: str, what: str, names: Iterable[str]) -> None:
    known = list(names)
    if name not in known:
        near = get_close_matches(name, known, n=1, cutoff=0.5)
        hint = f" Did you mean {near[0]}?" if near else f" There are: {', '.join(known)}."
        refuse(f"There is no {what} called {name!r}.{hint}")


def _many(count: int, one: str, many: str | None = None) -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"
