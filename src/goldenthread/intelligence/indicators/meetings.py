"""The rows of indicators that count meetings, the places at them, or the reports that they ask for, as Ibis expressions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from goldenthread.guidance.indicator import Conditions, Indicator, Rows

if TYPE_CHECKING:
    from .rows import Source

HELD = ("held", "inquorate")
"""States of a meeting that took place."""
CAME = ("came", "deputy")


def meeting_rows(source: Source, rows: Rows, conditions: Sequence[Conditions]) -> ir.Table:
    """The rows without a period, narrowed by what the conditions say of meetings."""
    if rows.meetings:
        table = source.meetings
        table = table.filter(table.kind.isin(rows.meetings), table.state.isin(HELD))
        day = table.planned if rows.when == "held" else table.record_due
        table = table.mutate(row="meeting", agency="holder", due="record_due", done="issued", day=day)
    elif rows.seats:
        table = source.seats
        table = table.filter(table.kind.isin(rows.seats), table.state.isin(HELD), table.agency.notnull())
        table = table.mutate(row="seat", due=ibis.null("date"), done=ibis.null("date"), day="planned")
    else:
        table = source.reports
        table = table.filter(table.kind.isin(rows.reports), table.state != "cancelled")
        due, done = (table.due, table.received) if rows.when == "due" else (table.shared_due, table.shared)
        table = table.mutate(row="report", due=due, done=done, day=due)
    for one in conditions:
        if one.on_time is not None:
            good = ibis.coalesce(table.done <= table.due, False)
            table = table.filter(good if one.on_time else ~good)
        if one.came is not None:
            there = ibis.coalesce(table.attendance.isin(CAME), False)
            table = table.filter(there if one.came else ~there)
        if one.quorate is not None:
            table = table.filter((table.state == "held") if one.quorate else (table.state == "inquorate"))
    nothing = ibis.null("date")
    return table.select(
        "row", "area", "agency", "day", "due", event=ibis.null("string"), person=ibis.null("string"), case="meeting",
        age=ibis.null("int32"), start=nothing, end=nothing,
    )  # fmt: skip


def source_of(kind: str) -> str:
    """What stands for the records of a kind of meeting, where indicators ask since when there are any."""
    return f"meetings {kind}"


def kinds_read(indicator: Indicator) -> set[str]:
    """The kinds of meeting that the main rows of an indicator come from, as `source_of` names them."""
    return {source_of(kind) for kind in indicator.main.of_meetings} if indicator.main is not None else set()
