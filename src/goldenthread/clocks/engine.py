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
from .conditions import Condition, Surroundings, compile_when
from .duty import ComputedDuty
from .happening import Happening, Subject, effective
from .run import Run

__all__ = ["ComputedDuty", "Happening", "Lead", "Program", "Progress", "Subject", "programs_for"]


_FITTINGS = 4096
"""How many sets of kinds a program keeps its clocks fitted to; a county's cases have some hundreds."""


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
    closed_moment: datetime | None = None


class _Kind:
    """One event kind, ready to apply."""

    __slots__ = ("closes", "idle", "leads", "opens", "reopens", "to", "to_when")

    def __init__(self, pathway: Pathway, kind: str, opening: Mapping[str, str]) -> None:
        event = pathway.events[kind]
        self.opens, self.closes, self.reopens = event.opens, event.closes, event.reopens
        self.to = event.to
        self.to_when = [(state, compile_when(when)) for state, when in event.to_when]
        self.leads: list[tuple[str, str, Condition | None, Mapping[str, str]]] = [
            (leads.open, leads.event or opening.get(leads.open, ""), compile_when(leads.when), leads.carry)
            for leads in event.leads_to
        ]
        self.idle = not (self.opens or self.closes or self.reopens or self.to or self.to_when or self.leads)

    def state_after(self, state: str, data: Mapping[str, Any], day: int, around: Surroundings) -> str:
        for target, condition in self.to_when:
            if condition is None or condition(data, day, around):
                return target
        return self.to or state


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
        today = as_of.astimezone(LONDON).toordinal()
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
            if kind.to_when:
                state = kind.state_after(state, one.data, ordinals[position], run)
            elif kind.to is not None:
                state = kind.to
            if is_open and (kind.closes or state in closed_states):
                is_open, closed_at = False, position
            if kind.leads:
                for index, (pathway, event, condition, carry) in enumerate(kind.leads):
                    if condition is None or condition(one.data, ordinals[position], run):
                        leads.append(
                            Lead(
                                pathway,
                                event,
                                one.day,
                                one.moment,
                                _carried(one, carry, opened),
                                one.id,
                                index,
                            )
                        )
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
            closing.at if closing else None,
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
        last, last_moment, in_order = 0, None, True
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
                positions[kind].append(len(known))
            else:
                positions[kind] = [len(known)]
            known.append(one)
            ordinals.append(day)
        if not in_order:
            known = effective(known)
            ordinals = [one.day.toordinal() for one in known]
            positions = {}
            for place, one in enumerate(known):
                positions.setdefault(one.kind, []).append(place)
        return known, ordinals, positions


def _carried(one: Happening, carry: Mapping[str, str], opened: date | None) -> dict[str, Any]:
    """Answers carried into the case that is opened, by its own field names; empty ones are left out."""
    found: dict[str, Any] = {}
    for theirs, ours in carry.items():
        value = one.data.get(ours)
        if value is None and ours == "occurred":
            value = one.day.isoformat()
        elif value is None and ours == "opened":
            value = opened.isoformat() if opened is not None else None
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
