"""`goldenthread collections`: what agencies are asked to send in, forms as workbooks out and in, and how each agency stands.

Counts of areas, never a person. Django is loaded only inside the commands.
"""

from __future__ import annotations

import getpass
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from . import site
from .plainly import in_columns, refuse, said_plainly

if TYPE_CHECKING:
    from goldenthread.guidance.collection import Collection
    from goldenthread.intelligence.collections.models import Submission

FORMS = ("table", "csv", "json")
_HELP = "What agencies are asked to send in: ask, list, fill in by workbook, see how each stands."
app = typer.Typer(help=_HELP, no_args_is_help=True, rich_markup_mode=None)

_COLLECTION = typer.Argument(metavar="COLLECTION", help="Its id, such as fire_safety; `goldenthread collections list` has them.")
_AGENCY = typer.Option(..., "--organisation", metavar="AGENCY", help="The agency's id, such as lancashire_fire.")
_PERIOD = typer.Option(..., "--period", metavar="PERIOD", help="Such as '2025/26 Q1', 2025-04 or 2025/26.")
_TO = typer.Option(..., "--to", metavar="FILE.xlsx", help="Where to write it.")
_FILE = typer.Argument(metavar="FILE.xlsx", help="The workbook that was filled in.")
_NAMED = typer.Option(..., "--collection", metavar="COLLECTION", help="Its id, such as fire_safety.")
_SINCE = typer.Option(..., "--from", metavar="PERIOD", help="The first period.")
_FORM = typer.Option("table", "--format", help="table, csv or json.")


def register(main: typer.Typer) -> None:
    main.add_typer(app, name="collections", short_help="What agencies are asked to send in.")


@app.command("list", short_help="List the collections, and which are asked for.")
def list_collections(form: str = _FORM) -> None:
    """Every collection: who fills it in, how often, since when it is asked for, and how much of it came."""
    _one_of(form)
    site.prepare()
    from goldenthread.foundation.library import current_library
    from goldenthread.intelligence.collections.models import Submission
    from goldenthread.intelligence.collections.queries import askings

    asked, library = askings(), current_library()
    rows = []
    for name, one in library.collections.items():
        asking = asked.get(name)
        sent = Submission.objects.filter(collection=name)
        rows.append(
            {
                "id": name, "title": one.title, "from": ", ".join(one.agencies), "every": one.every,
                "asked_since": "" if asking is None or asking.until else str(asking.since), "forms": sent.count(),
                "came": sent.exclude(first_sent_on=None).count(),
            }
        )  # fmt: skip
    _print(form, rows)


@app.command("ask", short_help="Ask every agency of its kinds for a collection.")
def ask(name: str = _COLLECTION, since: str = _SINCE) -> None:
    """Open a form for each agency and each period that has begun since. Said again, it does nothing twice."""
    site.prepare()
    from goldenthread.foundation.action import Invalid
    from goldenthread.intelligence.collections.actions import StartAsking
    from goldenthread.intelligence.indicators.periods import Period, WrongPeriod

    _known(name)
    try:
        opened = StartAsking(_actor()).run(name, Period.parse(since).start)
    except (Invalid, WrongPeriod) as wrong:
        refuse(*(wrong.messages if isinstance(wrong, Invalid) else [str(wrong)]))
    typer.echo(f"{opened:,} forms opened.")


@app.command("template", short_help="Write a form as an Excel workbook to fill in.")
def template(
    name: str = _COLLECTION, organisation: str = _AGENCY, period: str = _PERIOD,
    to: Path = _TO,
) -> None:  # fmt: skip
    """The workbook of one agency and period, with what has been entered so far and the last values beside it."""
    site.prepare()
    from goldenthread.intelligence.collections.periods import districts_of
    from goldenthread.intelligence.collections.queries import before, values_at
    from goldenthread.intelligence.collections.sheets import form_of

    here, collection = _submission(name, organisation, period)
    content = form_of(here, collection, districts_of(here.organisation), values_at(here), before(here))
    with said_plainly():
        to.write_bytes(content)
    typer.echo(f"{to.name}: {collection.title}, {here.organisation.title}, {here.period}. Due {here.due_on}.")


@app.command("import", short_help="Take the values of a workbook that was filled in.")
def import_(
    file: Path = _FILE, name: str = _NAMED, organisation: str = _AGENCY, period: str = _PERIOD
) -> None:  # fmt: skip
    """Enter the values. Anything wrong is told by row and column, and then nothing is entered. A person of the agency agrees
    and sends them in the browser."""
    site.prepare()
    from goldenthread.foundation.action import Invalid, Stale
    from goldenthread.intelligence.collections.actions import SaveValues
    from goldenthread.intelligence.collections.periods import districts_of
    from goldenthread.intelligence.collections.queries import before, values_at
    from goldenthread.intelligence.collections.sheets import WrongSheet, read_form
    from goldenthread.intelligence.collections.values import problems

    here, collection = _submission(name, organisation, period)
    districts = districts_of(here.organisation)
    with said_plainly():
        content = file.read_bytes()
    try:
        taken = read_form(content, here, collection, districts)
        saved = SaveValues(_actor()).run(here, taken.typed, taken.version)
    except WrongSheet as wrong:
        refuse(*(f"{file.name}, {error}" for error in wrong.errors), "Nothing was entered.")
    except Invalid as error:
        refuse(*error.messages, "Nothing was entered.")
    except Stale:
        refuse("Values have been saved since this workbook was written. Write it again. Nothing was entered.")
    left = problems(collection, districts, values_at(saved), before(saved))
    typer.echo(f"{len(taken.typed):,} values entered: {collection.title}, {here.organisation.title}, {here.period}.")
    for one in left:
        typer.echo(f"  {one.box}: {one.message}")
    typer.echo(f"{len(left):,} to put right or explain before it can be sent." if left else "It can be agreed and sent.")


@app.command("status", short_help="How each agency stands: what is due, came, in time, final.")
def status(
    name: str = typer.Argument("", metavar="[COLLECTION]", help="One collection; without it, every one."),
    waiting: bool = typer.Option(False, "--waiting", help="Only what is due or late."),
    form: str = _FORM,
) -> None:
    """Every form whose period is over: its due day, whether it came in time, and apart from that whether it is final."""
    _one_of(form)
    site.prepare()
    from django.utils import timezone

    from goldenthread.foundation.actor import SystemActor
    from goldenthread.intelligence.collections.policies import SubmissionPolicy
    from goldenthread.intelligence.collections.queries import known, standing, timeliness

    if name:
        _known(name)
    today = timezone.localdate()
    rows = known(SubmissionPolicy.visible_to(SystemActor("goldenthread collections status"))).filter(last_day__lt=today)
    rows = rows.filter(collection=name) if name else rows
    rows = rows.filter(state__in=("draft", "returned")) if waiting else rows
    found = rows.select_related("organisation").order_by("collection", "first_day", "organisation__slug")
    _print(
        form,
        [
            {
                "collection": one.collection, "period": one.period, "agency": one.organisation.slug, "due": str(one.due_on),
                "came": str(one.first_sent_on or ""), "timely": timeliness(one, today), "state": standing(one, today),
            }
            for one in found
        ],
    )  # fmt: skip


def _submission(name: str, organisation: str, period: str) -> tuple[Submission, Collection]:
    from goldenthread.intelligence.collections.models import Submission

    collection = _known(name)
    rows = Submission.objects.filter(collection=name).select_related("organisation__area")
    here = rows.filter(organisation__slug=organisation, period=period).first()
    if here is None:
        asked = sorted(set(rows.filter(organisation__slug=organisation).values_list("period", flat=True)))
        none = "It is not asked of that agency: see `goldenthread collections ask`."
        hint = f"It is asked for {', '.join(asked)}." if asked else none
        refuse(f"There is no form of {name} for {organisation!r}, {period!r}. {hint}")
    return here, collection


def _known(name: str) -> Collection:
    from difflib import get_close_matches

    from goldenthread.foundation.library import current_library

    found = current_library().collections
    if name not in found:
        near = get_close_matches(name, found, n=1, cutoff=0.5)
        hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(found)}."
        refuse(f"There is no collection {name!r}. {hint}")
    return found[name]


def _actor() -> Any:
    from goldenthread.foundation.actor import SystemActor

    return SystemActor(f"collections by {getpass.getuser()}"[:200])


def _one_of(form: str) -> None:
    if form not in FORMS:
        refuse(f"There is no format {form!r}; choose {', '.join(FORMS)}.")


def _print(form: str, rows: list[dict[str, Any]]) -> None:
    if form == "json":
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    elif form == "csv":
        from goldenthread.foundation.csv_rows import write_csv

        write_csv(sys.stdout, [list(one) for one in rows[:1]] + [[str(value) for value in one.values()] for one in rows])
    elif rows:
        heads = [name.replace("_", " ").capitalize() for name in rows[0]]
        numbers = [place for place, value in enumerate(rows[0].values()) if isinstance(value, int)]
        in_columns([heads, *([str(value) for value in one.values()] for one in rows)], numbers)
