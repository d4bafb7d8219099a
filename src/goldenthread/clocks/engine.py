"""The engine: a pathway run over the events of a case gives its state, the pathways it opens and every duty.

A pathway is compiled once into a `Program`; a program is run on each case. Pure and quick: one core recomputes tens of
thousands of cases a second, because proofs are worked out only when somebody asks for one.

Reading of the language (docs/look-up/guidance-language.md):
* the value in force on the day of the trigger decides;
* conditions of a recurring clock (`every`) are judged on the day each interval starts;
* a duty is met by the first event that counts on or after its trigger; on the due day is in time;
* an event that stops, excuses or closes ends only what is still open then.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import msgspec

from goldenthread.guidance.library import Library
from goldenthread.guidance.pathway import Pathway

from .calendar import LONDON, Calendar, arrangement_of, calendar_for
from .clock import Clock
from .conditions import Condition, Surroundings, asked_alone, compile_when
from .duty import ComputedDuty
from .happening import Happening, Subject, effective
from .run import Run

__all__ = ["ComputedDuty", "Happening", "Lead", "Program", "Progress", "Subject", "programs_for"]


_FITTINGS = 4096
"""How many sets of kinds a program keeps its clocks fitted to; a county's cases have some hundreds."""


_ANSWERS = 256
"""For how many answers of an event kind what follows is kept; the rest are worked out each time."""


class Lead(msgspec.Struct, frozen=True, gc=False):
    """A pathway opened by an event: which, with which opening event, from which happening, and what is carried over."""

    pathway: str
    event: str
    day: date
    moment: datetime | None
    data: Mapping[str, Any]
    by: Any
    index: int


class Progress(msgspec.Struct, gc=False):
    """Where a case has come to, as known and as of a moment."""

    state: str
    is_open: bool
    opened: date | None
    closed: date | None
    leads: list[Lead]
    duties: list[ComputedDuty]
    effective: list[Happening]
    closing: Happening | None = None
    """What closed it."""

    @property
    def closed_moment(self) -> datetime | None:
        """When it closed; where only the day is known, the start of that day."""
        return self.closing.at if self.closing is not None else None


Follows = tuple[str | None, Sequence[tuple[int, str, str, Mapping[str, str]]]]
"""What follows from the answers of an event: the state it moves to, or None; and the pathways it opens."""


class _Kind:
    """One event kind, ready to apply."""

    __slots__ = (
        "_asked",
        "_kept",
        "_leads",
        "_to",
        "_to_when",
        "always",
        "closes",
        "idle",
        "opens",
        "reopens",
    )

    def __init__(self, pathway: Pathway, kind: str, opening: Mapping[str, str]) -> None:
        event = pathway.events[kind]
        self.opens, self.closes, self.reopens = event.opens, event.closes, event.reopens
        self._to = event.to
        self._to_when = [(state, compile_when(when)) for state, when in event.to_when]
        self._leads: list[tuple[tuple[int, str, str, Mapping[str, str]], Condition | None]] = [
            (
                (index, leads.open, leads.event or opening.get(leads.open, ""), leads.carry),
                compile_when(leads.when),
            )
            for index, leads in enumerate(event.leads_to)
        ]
        moves = self.opens or self.closes or self.reopens
        self.idle = not (moves or self._to or self._to_when or self._leads)
        self._asked = asked_alone(
            [*(when for _, when in event.to_when), *(one.when for one in event.leads_to)]
        )
        self._kept: dict[tuple[Any, ...], Follows] = {}
        conditions = [one for _, one in (*self._to_when, *self._leads) if one is not None]
        self.always: Follows | None = (
            None if conditions else self._worked_out({}, 0, Surroundings(Subject(), ()))
        )
        """What follows whatever the answers."""

    def follows(self, data: Mapping[str, Any], day: int, around: Surroundings) -> Follows:
        """Kept for the answers it was worked out from, where only they decide: the same few are given again and again."""
        if self._asked is None:
            return self._worked_out(data, day, around)
        key = tuple([data.get(name) for name in self._asked])
        try:
            found = self._kept.get(key)
        except TypeError:  # an answer is a list
            return self._worked_out(data, day, around)
        if found is None:
            found = self._worked_out(data, day, around)
            if len(self._kept) < _ANSWERS:
                self._kept[key] = found
        return found

    def _worked_out(self, data: Mapping[str, Any], day: int, around: Surroundings) -> Follows:
        state = self._to
        for target, condition in self._to_when:
            if condition is None or condition(data, day, around):
                state = target
                break
        leads = [one for one, condition in self._leads if condition is None or condition(data, day, around)]
        return state, leads


class Program:
    """A pathway compiled for one area's calendar."""

    def __init__(self, pathway: Pathway, calendar: Calendar, openings: Mapping[str, str]) -> None:
        self.pathway = pathway
        self.calendar = calendar
        applied = {kind: _Kind(pathway, kind, openings) for kind in pathway.events}
        self._kinds = {kind: None if one.idle else one for kind, one in applied.items()}
        self._names = {name: kind for kind, event in pathway.events.items() for name in (kind, *event.also)}
        self._closed = {state for state, entry in pathway.states.items() if entry.closed}
        self._first = next(iter(pathway.states))
        clocks = {
            identity: Clock(identity, rule, pathway, calendar)
            for identity, rule in pathway.duties.items()
            if rule.in_use
        }
        # a clock half way to another's due day runs after it
        self._clocks = sorted(clocks.values(), key=lambda clock: clock.is_midway)
        self._fitted: dict[frozenset[str], Sequence[Clock]] = {}

    def run(
        self,
        happenings: Iterable[Happening],
        subject: Subject,
        as_of: datetime,
        known_on: datetime | None = None,
    ) -> Progress:
        """Everything the pathway says of a case as of a moment, from what was known by `known_on`.

        Happenings after `as_of` are left out. Kinds the pathway does not know are left out too: `order` refuses them
        when they are recorded.
        """
        today = (as_of if as_of.tzinfo is LONDON else as_of.astimezone(LONDON)).toordinal()
        if not isinstance(happenings, list):
            happenings = list(happenings)  # read twice where there are corrections
        known, ordinals, positions = self._known(happenings, as_of, today, known_on)
        run = Run(known, ordinals, positions, subject, as_of, today)
        kinds, closed_states = self._kinds, self._closed
        state, is_open = self._first, False
        opened: date | None = None
        closed_at = -1
        leads: list[Lead] = []
        for position, one in enumerate(known):
            kind = kinds[one.kind]
            if kind is None:
                continue
            if kind.opens and opened is None:
                opened, is_open = one.day, True
            if kind.reopens:
                is_open, closed_at = True, -1
            to, opens = kind.always or kind.follows(one.data, ordinals[position], run)
            state = to or state
            if is_open and (kind.closes or state in closed_states):
                is_open, closed_at = False, position
            for index, pathway, event, carry in opens:
                carried = _carried(one, carry, opened, self.pathway.actions_from)
                leads.append(Lead(pathway, event, one.day, one.moment, carried, one.id, index))
        run.closed_at, run.opened = closed_at, opened
        duties: list[ComputedDuty] = []
        for clock in self._clocks_for(frozenset(positions)):
            clock.run(run, duties)
        closing = known[closed_at] if closed_at >= 0 else None
        return Progress(
            state,
            is_open,
            opened,
            closing.day if closing else None,
            leads,
            duties,
            known,
            closing,
        )

    def _clocks_for(self, kinds: frozenset[str]) -> Sequence[Clock]:
        """The clocks that can start in a case with these kinds of event, each fitted to them."""
        fitted = self._fitted.get(kinds)
        if fitted is None:
            if len(self._fitted) >= _FITTINGS:
                self._fitted.clear()
            fitted = [one for one in (clock.fitted(kinds) for clock in self._clocks) if one is not None]
            self._fitted[kinds] = fitted
        return fitted

    def _known(
        self, happenings: Sequence[Happening], as_of: datetime, today: int, known_on: datetime | None
    ) -> tuple[list[Happening], list[int], dict[str, list[int]]]:
        """What had happened, as known, in order, under this pathway's own names; the day of each; where each kind is."""
        names = self._names
        known: list[Happening] = []
        ordinals: list[int] = []
        positions: dict[str, list[int]] = {}
        place, last, last_moment, in_order = 0, 0, None, True
        for one in happenings:
            if one.amends is not None:
                return self._known(effective(happenings, known_on), as_of, today, None)
            if known_on is not None and one.recorded > known_on:
                continue
            day, moment = one.day.toordinal(), one.moment
            if day >= today and (day > today or (moment is not None and moment > as_of)):
                continue
            kind = names.get(one.kind)
            if kind is None:
                continue
            if kind != one.kind:
                one = msgspec.structs.replace(one, kind=kind)
            if day != last:
                in_order = in_order and day > last
                last, last_moment = day, moment
            elif moment is not None:
                in_order = in_order and (last_moment is None or moment >= last_moment)
                last_moment = moment
            if kind in positions:
                positions[kind].append(place)
            else:
                positions[kind] = [place]
            place += 1
            known.append(one)
            ordinals.append(day)
        if not in_order:
            known = effective(known)
            ordinals = [one.day.toordinal() for one in known]
            positions = {}
            for place, one in enumerate(known):
                positions.setdefault(one.kind, []).append(place)
        return known, ordinals, positions


def _carried(one: Happening, carry: Mapping[str, str], opened: date | None, source: str) -> dict[str, Any]:
    """Answers carried into the case that is opened, by its own field names; empty ones are left out."""
    found: dict[str, Any] = {}
    for theirs, ours in carry.items():
        value = one.data.get(ours)
        if value is None and ours == "occurred":
            value = one.day.isoformat()
        elif value is None and ours == "opened":
            value = opened.isoformat() if opened is not None else None
        elif value is None and ours == "actions_from":
            value = source
        if value not in (None, ""):
            found[theirs] = value
    return found


_libraries: dict[int, Library] = {}


def programs_for(library: Library, area: str | None = None) -> Mapping[str, Program]:
    """Every pathway compiled for an area, with its local rules. Kept for the life of the process."""
    _libraries[id(library)] = library
    return _programs(id(library), arrangement_of(library, area))


@lru_cache(maxsize=32)
def _programs(library_id: int, arrangement: str | None) -> Mapping[str, Program]:
    library = _libraries[library_id]
    calendar = calendar_for(library, arrangement)
    pathways = library.in_area(arrangement)
    openings = {identity: pathway.opening for identity, pathway in pathways.items()}
    return {identity: Program(pathway, calendar, openings) for identity, pathway in pathways.items()}


def run_all(
    programs: Mapping[str, Program],
    cases: Sequence[tuple[str, Subject, Sequence[Happening]]],
    as_of: datetime,
) -> list[Progress]:
    """Run many cases, each (pathway, subject, happenings).

    Nothing the engine makes goes in circles, so the collector of circles would only walk it in vain meanwhile.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        return [programs[pathway].run(happenings, subject, as_of) for pathway, subject, happenings in cases]
    finally:
        if collects:
            gc.enable()
