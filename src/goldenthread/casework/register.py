"""The action register, worked out: the actions that a case's events make, as the words `registers` of its pathway say.

Pure: from the events that stand to one `Agreed` for each action. `casework.actions.registering` keeps them in a table in the
same transaction as the event, and can make that table anew; a test holds the two equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from goldenthread.clocks.answers import as_date
from goldenthread.clocks.calendar import local_day
from goldenthread.clocks.happening import Happening
from goldenthread.guidance.pathway import Pathway
from goldenthread.guidance.register import SOURCES, Registered

LONGEST = 200
DONE = "done"
"""The progress of an action that is done and waits for its effect to be judged."""


@dataclass(slots=True)
class Agreed:
    """One action as the events have it. The names are the columns of the table, but for `agency`, which is a slug."""

    entry: str
    number: str
    source: str
    agreed_on: date
    event: Any
    """The event by which it was first agreed."""
    what: str = ""
    agency: str = ""
    who: str = ""
    due_on: date | None = None
    where: str = ""
    measure: str = ""
    progress: str = ""
    progress_on: date | None = None
    said: str = ""
    evidence: str = ""
    evidence_on: date | None = None
    """The evidence's own date."""
    evidences: int = 0
    closed_on: date | None = None
    how: str = ""
    changed: str = ""
    reopened: int = 0


COLUMNS = tuple(field.name for field in fields(Agreed))


def identity_of(case: UUID, entry: str, number: str) -> UUID:
    """The same action has the same key whenever the table is made."""
    return uuid5(case, f"{entry}/{number}")


def makes_any(pathway: Pathway, happenings: Iterable[Happening]) -> bool:
    """Whether any of these events, standing or not, agrees an action: most cases have none."""
    if not pathway.registers:
        return False
    agreeing = {kind for entry in pathway.registers.values() for kind in entry.agreed}
    return any(one.kind in agreeing for one in happenings)


def actions_of(pathway: Pathway, effective: Iterable[Happening]) -> list[Agreed]:
    """The actions that the events of one case make, in the order they were agreed."""
    found: dict[tuple[str, str], Agreed] = {}
    for one in effective:
        for name, entry in pathway.registers.items():
            number = number_of(one.data.get(entry.number)) if entry.number else ""
            key = (name, number)
            if one.kind in entry.agreed:
                if key not in found:
                    found[key] = Agreed(name, number, pathway.actions_from, one.day, one.id)
                elif found[key].closed_on is not None:
                    _open_again(found[key])
                _said_at_first(found[key], entry, one.data)
            elif key in found:
                _moved_on(found[key], entry, one)
    return list(found.values())


def _said_at_first(action: Agreed, entry: Registered, data: Mapping[str, Any]) -> None:
    for column in ("what", "agency", "who", "where", "measure"):
        if value := _text(data, getattr(entry, column)):
            setattr(action, column, value if column == "what" else value[:LONGEST])
    if (day := _day(data, entry.due)) is not None:
        action.due_on = day
    if (source := _text(data, entry.source)) in SOURCES:
        action.source = source


def _moved_on(action: Agreed, entry: Registered, one: Happening) -> None:
    """What an event after the agreement says of an action."""
    data = one.data
    if one.kind in entry.reopened:
        _open_again(action)
        _said_at_first(action, entry, {key: value for key, value in data.items() if key != entry.what})
        return
    if one.kind not in (*entry.progressed, *entry.closed):
        return
    if how := _text(data, entry.progress):
        action.progress, action.progress_on = how, one.day
    if said := _text(data, entry.said):
        action.said, action.progress_on = said, one.day
    if evidence := _text(data, entry.evidence):
        action.evidence, action.evidences = evidence, action.evidences + 1
        action.evidence_on = _day(data, entry.evidence_dated) or one.day
    if changed := _text(data, entry.changed):
        action.changed = changed
    if (day := _day(data, entry.due)) is not None:
        action.due_on = day
        if action.progress == DONE:  # sent back, to be shown by another day
            action.progress = ""
    if one.kind in entry.done:
        action.progress, action.progress_on = DONE, one.day
    if one.kind in entry.closed:
        action.closed_on, action.how = one.day, _text(data, entry.how) or action.how


def _open_again(action: Agreed) -> None:
    action.closed_on, action.how, action.progress, action.reopened = None, "", "", action.reopened + 1


def _text(data: Mapping[str, Any], name: str | None) -> str:
    value = data.get(name) if name else None
    return "" if value is None or isinstance(value, (list, bool)) else str(value).strip()


def _day(data: Mapping[str, Any], name: str | None) -> date | None:
    found = as_date(data.get(name)) if name else None
    return local_day(found) if isinstance(found, datetime) else found


def number_of(value: Any) -> str:
    """1, 1.0 and "1" are one action."""
    try:
        return f"{float(value):g}"[:20]
    except (TypeError, ValueError):
        return str(value or "")[:20]
