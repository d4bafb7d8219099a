"""The tables laid out for plain reading: each event with its answers, each case with its events and duties.

Spells are read here event by event, as a person would with a finger on the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from goldenthread.guidance.indicator import Spell
from goldenthread.guidance.library import Library
from goldenthread.guidance.terms import Test

from ..indicators.tables import CaseRow, Dataset, DutyRow, MeetingRow, PersonRow, SeatRow


@dataclass
class Event:
    """An event with its answers: question -> every code, number or date given."""

    id: str
    case: str
    person: str
    pathway: str
    kind: str
    day: date
    sequence: int
    area: str
    agency: str | None
    age: int | None
    answers: dict[str, list[Any]] = field(default_factory=dict)


@dataclass
class SpellFound:
    """A spell: from the day it began, to the day it ended if it has."""

    start: date
    end: date | None
    begun: Event
    ended_age: int | None
    agency: str | None


class Records:
    """Everything of a dataset, by case and by person."""

    def __init__(self, library: Library, data: Dataset) -> None:
        self.library, self.as_of = library, data.as_of
        self.events = {
            row.event: Event(
                row.event, row.case, row.person, row.pathway, row.kind, row.day, row.sequence, row.area, row.agency, row.age
            )
            for row in data.events
        }
        for answer in data.answers:
            given = answer.code if answer.code is not None else answer.number if answer.number is not None else answer.date
            if given is not None:
                self.events[answer.event].answers.setdefault(answer.field, []).append(given)
        self.people: dict[str, PersonRow] = {row.person: row for row in data.people}
        self.cases: dict[str, CaseRow] = {row.case: row for row in data.cases}
        self.events_of_case: dict[str, list[Event]] = {}
        for event in sorted(self.events.values(), key=lambda one: (one.case, one.sequence)):
            self.events_of_case.setdefault(event.case, []).append(event)
        self.duties: list[DutyRow] = data.duties
        self.meetings, self.seats, self.reports = data.meetings, data.seats, data.reports
        self.parts: dict[str, set[str]] = {}
        for area in data.areas:
            self.parts.setdefault(area.area, set()).add(area.part)
        self.populations = {(row.area, row.people, row.year): row.number for row in data.populations}
        self.collected = {(row.indicator, row.area, row.period): row for row in data.collected}
        self._spells: dict[str, list[SpellFound]] = {}

    def first_day(self, pathways: set[str]) -> date | None:
        return min((one.day for one in self.events.values() if one.pathway in pathways), default=None)

    def first_meeting(self, kinds: list[str]) -> date | None:
        return min((one.planned for one in self.meetings if one.kind in kinds and took_place(one)), default=None)

    def spells(self, name: str) -> list[SpellFound]:
        """Every spell of this name, case by case."""
        if name not in self._spells:
            spell = self.library.spells.spells.get(name)
            found: list[SpellFound] = []
            for case in self.cases.values():
                if case.pathway == (spell.pathway if spell else name):
                    found += self._in_case(case, spell)
            self._spells[name] = found
        return self._spells[name]

    def _in_case(self, case: CaseRow, spell: Spell | None) -> list[SpellFound]:
        events = self.events_of_case.get(case.case, [])
        kinds = self.library.pathways[case.pathway].events
        if spell is None:
            opening = next((one for one in events if kinds[one.kind].opens), None)
            if opening is None:
                return []
            closing = self.events[case.closed_by] if case.closed_by else None
            return [SpellFound(case.opened, case.closed, opening, closing.age if closing else None, case.lead)]
        found: list[SpellFound] = []
        running: SpellFound | None = None
        for event in events:
            begins = holds(event, spell.starts[event.kind]) if event.kind in spell.starts else (
                not spell.starts and kinds[event.kind].opens
            )
            ends = (event.kind in spell.ends and holds(event, spell.ends[event.kind])) or event.id == case.closed_by
            if begins and running is not None and spell.restarts and not _same(spell, running.begun, event):
                running.end, running.ended_age = event.day, event.age
                running = None
            if begins and running is None:
                running = SpellFound(event.day, None, event, None, case.lead)
                found.append(running)
            elif begins and spell.restarts and running is not None:
                running = SpellFound(running.start, None, running.begun, None, case.lead)
                found[-1] = running
            if ends and running is not None:
                running.end, running.ended_age = event.day, event.age
                running = None
        return found


def took_place(one: MeetingRow | SeatRow) -> bool:
    """Whether a meeting was held, even if too few came to decide."""
    return one.state in ("held", "inquorate")


def _same(spell: Spell, before: Event, now: Event) -> bool:
    """Whether the answer that tells one spell from the next is the same as before."""
    if spell.same is None:
        return False
    one, other = before.answers.get(spell.same), now.answers.get(spell.same)
    return one is not None and one == other


def holds(event: Event | None, when: Mapping[str, Any]) -> bool:
    """Whether an event's answers are as they should be. An answer not given is not any value."""
    return all(fits(event.answers.get(name, []) if event is not None else [], expected) for name, expected in when.items())


def fits(given: list[Any], expected: Any) -> bool:
    """Whether the answers given to one question fit what is expected."""
    if isinstance(expected, Test):
        if expected.given is not None and bool(given) is not expected.given:
            return False
        if expected.is_not is not None and any(_is(one, expected.is_not) for one in given):
            return False
        if expected.at_least is None and expected.under is None:
            return True
        numbers = [one for one in given if isinstance(one, (int, float)) and not isinstance(one, bool)]
        return any(
            (expected.at_least is None or one >= expected.at_least) and (expected.under is None or one < expected.under)
            for one in numbers
        )
    return any(_is(one, expected) for one in given)


def _is(one: Any, expected: Any) -> bool:
    """Whether an answer is one of those expected; in the tables, yes and no are `true` and `false`."""
    for value in expected if isinstance(expected, list) else [expected]:
        if isinstance(value, bool):
            value = "true" if value else "false"
        if one == value or (isinstance(one, str) and isinstance(value, (int, float)) and one == str(value)):
            return True
    return False
