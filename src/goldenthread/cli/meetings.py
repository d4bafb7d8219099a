"""`goldenthread meetings`: which there are, who came, whose report was sent. Names no child. Django is loaded only inside."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import typer

from . import site
from .plainly import day_from, in_columns, refuse

app = typer.Typer(help="Meetings in numbers: who was asked, who came, whose report was sent.", no_args_is_help=True)
FORMS = ("table", "csv", "json")
BY = ("agency", "seat")

_KIND = typer.Option("", "--kind", help="One kind of meeting, such as review_conference; without it, every kind.")
_FORM = typer.Option("table", "--format", help="table, csv or json.")


def register(main: typer.Typer) -> None:
    main.add_typer(app, name="meetings", short_help="Meetings in numbers: who was asked, who came, whose report was sent.")


@app.command("list", short_help="List meetings.")
def list_meetings(
    when: str = typer.Option("coming", "--when", help="today, week, coming or past."),
    kind: str = _KIND,
    most: int = typer.Option(50, "--most", min=1, max=2000, help="How many at the most."),
    form: str = _FORM,
) -> None:
    """The meetings there are, the nearest first: how many agencies have answered and came, how many reports are in."""
    _one_of(form, FORMS, "format")
    site.prepare()
    from django.db import transaction
    from django.utils import timezone

    from goldenthread.foundation import journal
    from goldenthread.foundation.actor import SystemActor
    from goldenthread.meetings.kinds import kinds, title_of
    from goldenthread.meetings.queries.listing import WHEN, listed
    from goldenthread.meetings.queries.tallies import tallies

    _one_of(when, tuple(WHEN), "time")
    _one_of(kind, ("", *kinds()), "kind of meeting")
    actor = SystemActor("goldenthread meetings list")
    with transaction.atomic():
        found = list(listed(actor, "agency", when, kind).select_related("holder", "group")[:most])
        journal.read(actor, "meetings.view", "meetings", "list", when=when, kind=kind)
    counted = tallies(actor, found)
    rows = [
        {
            "id": str(one.pk), "planned": f"{timezone.localtime(one.planned_at):%Y-%m-%d %H:%M}", "kind": one.kind,
            "title": title_of(one), "holder": one.holder.title, "state": one.state, "asked": counted[one.pk].asked,
            "answered": counted[one.pk].answered, "came": counted[one.pk].came, "reports": counted[one.pk].reports,
            "reports_sent": counted[one.pk].sent,
        }
        for one in found
    ]  # fmt: skip
    if form == "table":
        shown = ("planned", "title", "holder", "state", "asked", "answered", "came", "reports", "reports_sent")
        _table([{name: row[name] for name in shown} for row in rows])
        typer.echo(f"{len(rows):,} {'meeting' if len(rows) == 1 else 'meetings'}.")
    else:
        _file(form, rows, rows)


@app.command("figures", short_help="Attendance and reports over a period.")
def meeting_figures(
    first: str = typer.Option("", "--from", metavar="DATE", help="The first day; by default a year before the last."),
    last: str = typer.Option("today", "--to", metavar="DATE", help="The last day."),
    kind: str = _KIND,
    by: str = typer.Option("agency", "--by", help="agency or seat. JSON has both."),
    form: str = _FORM,
) -> None:
    """Of meetings that were held and closed: who was asked, came, sent only a report or neither, and whose reports came in
    time and were shared in time. The numbers of the page Attendance and reports, of every meeting."""
    _one_of(form, FORMS, "format")
    _one_of(by, BY, "line")
    ends = day_from(last, "--to")
    begins = day_from(first, "--from") if first else ends - timedelta(days=365)
    if begins > ends:
        refuse(f"--from: {begins} is after {ends}. Give the first day first.")
    site.prepare()
    from django.db import transaction

    from goldenthread.foundation import journal
    from goldenthread.foundation.actor import SystemActor
    from goldenthread.meetings.kinds import kinds
    from goldenthread.meetings.queries.figures import Attended, figures

    _one_of(kind, ("", *kinds()), "kind of meeting")
    actor = SystemActor("goldenthread meetings figures")
    with transaction.atomic():
        found = figures(actor, begins, ends, kind)
        journal.read(actor, "meetings.figures", "meetings", "figures", kind=kind, first=str(begins), last=str(ends))

    def row(one: Attended, name: str) -> dict[str, Any]:
        return {
            name: one.title, "invited": one.invited, "came": one.came, "per_cent": one.per_cent,
            "report_only": one.report_only, "neither": one.neither, "reports_asked": one.asked, "sent": one.sent,
            "in_time": one.in_time, "shared": one.shared, "shared_in_time": one.shared_in_time,
        }  # fmt: skip

    lines = {"agency": [row(one, "agency") for one in found.agencies], "seat": [row(one, "seat") for one in found.seats]}
    if form == "table":
        _table([*lines[by], row(found.whole, by)] if lines[by] else [])
        typer.echo(_said(found.meetings, found.inquorate, begins, ends))
    else:
        whole = {"from": str(begins), "to": str(ends), "kind": kind, "meetings": found.meetings, "inquorate": found.inquorate,
                 "agencies": lines["agency"], "seats": lines["seat"], "all": row(found.whole, "agency")}  # fmt: skip
        _file(form, lines[by], whole)


def _said(meetings: int, inquorate: int, begins: date, ends: date) -> str:
    closed = f"{meetings:,} {'meeting' if meetings == 1 else 'meetings'} held from {begins} to {ends} and closed"
    return f"{closed}; {inquorate:,} of them could not decide." if meetings else f"{closed}."


def _one_of(given: str, known: Sequence[str], what: str) -> None:
    if given not in known:
        refuse(f"There is no {what} {given!r}; choose {', '.join(one for one in known if one)}.")


def _table(rows: Sequence[dict[str, Any]]) -> None:
    """Words to the left, numbers to the right; nothing at all for no rows."""
    if not rows:
        return
    numbers = [place for place, value in enumerate(rows[0].values()) if isinstance(value, int)]
    in_columns([[name.replace("_", " ").capitalize() for name in rows[0]], *map(_written, rows)], numbers)


def _written(row: dict[str, Any]) -> list[str]:
    return ["" if value is None else str(value) for value in row.values()]


def _file(form: str, rows: Sequence[dict[str, Any]], whole: Any) -> None:
    """The rows as CSV that a spreadsheet runs nothing of, or the whole as JSON."""
    if form == "json":
        typer.echo(json.dumps(whole, ensure_ascii=False, indent=2))
        return
    from goldenthread.foundation.csv_rows import write_csv

    write_csv(sys.stdout, [*rows[:1], *map(_written, rows)])
