"""A case written as a file: `pathway`, `subject`, `area`, `as_of`, `events` in; state, opened pathways and duties out.

For `goldenthread run-case` and the worked cases that examine each pathway. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

from goldenthread.guidance.library import Library

from .calendar import LONDON, arrangement_of, end_of, local_day, start_of
from .duty import ComputedDuty
from .engine import Program, Progress, programs_for
from .happening import Happening, Subject, effective
from .order import check_event, clean_answers

_KEYS = ("pathway", "subject", "area", "as_of", "known_on", "events")
_EVENT_KEYS = ("kind", "occurred", "recorded", "data", "id", "amends", "withdrawn")


class CaseFileError(Exception):
    """The case cannot be run. `problems` says where and what to do, one a line."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


def run_case(case: Mapping[str, Any], library: Library) -> dict[str, Any]:
    """Run a case given as plain values and say what came of it, ready for JSON.

    Raises CaseFileError naming every unknown key, pathway, event, code and impossible date. What could not be recorded
    as it stands (an event out of order, in the future, before birth) is run all the same and told under `warnings`.
    """
    read = read_case(case, library)
    warnings = read.warnings + _warnings(read.program, read.happenings, read.subject, read.as_of)
    return {**as_plain(read.run(), read.program, read.as_of), "warnings": warnings}


@dataclass(frozen=True)
class ReadCase:
    """A case of a file, understood but not yet run."""

    program: Program
    subject: Subject
    happenings: list[Happening]
    as_of: datetime
    known_on: datetime | None
    area: str | None
    warnings: list[str]

    def run(self) -> Progress:
        # what was recorded after the day in question was not known on it
        return self.program.run(self.happenings, self.subject, self.as_of, self.known_on or self.as_of)


def read_case(case: Mapping[str, Any], library: Library) -> ReadCase:
    """Understand a case given as plain values. Raises CaseFileError as `run_case` does."""
    problems: list[str] = []
    if not isinstance(case, Mapping):
        raise CaseFileError(["a case is a mapping with `pathway`, `subject`, `area`, `as_of` and `events`"])
    _unknown(case, _KEYS, "the case", problems)
    area = str(case.get("area") or "").strip().lower().replace(" ", "_")
    if area and arrangement_of(library, area) is None:
        known = [
            *library.arrangements,
            *(entry.id for one in library.arrangements.values() for entry in one.areas),
        ]
        problems.append(f"area: {area!r} is not known{_near(area, known)}")
    programs = programs_for(library, area or None)
    pathway = str(case.get("pathway", ""))
    if pathway not in programs:
        problems.append(f"pathway: {pathway!r} is not known{_near(pathway, list(programs))}")
        raise CaseFileError(problems)
    subject = _subject(case.get("subject") or {}, problems)
    as_of = _moment(case.get("as_of"), "as_of", problems, end=True) or datetime.now(LONDON)
    known_on = _moment(case.get("known_on"), "known_on", problems, end=True)
    warnings: list[str] = []
    happenings = _events(case.get("events") or [], programs[pathway], problems, warnings)
    if problems:
        raise CaseFileError(problems)
    return ReadCase(programs[pathway], subject, happenings, as_of, known_on, area or None, warnings)


def as_plain(progress: Progress, program: Program, as_of: datetime) -> dict[str, Any]:
    """A case's progress as plain values for JSON."""
    pathway = program.pathway
    return {
        "pathway": pathway.id,
        "as_of": as_of.isoformat(),
        "case": {
            "state": progress.state,
            "title": pathway.states[progress.state].title,
            "open": progress.is_open,
            "opened": _iso(progress.opened),
            "closed": _iso(progress.closed),
        },
        "state": progress.state,
        "opened": [
            {
                "pathway": lead.pathway,
                "event": lead.event,
                "on": _iso(lead.moment or lead.day),
                "by": str(lead.by),
                "data": dict(lead.data),
            }
            for lead in progress.leads
        ],
        "duties": [_duty(duty) for duty in progress.duties],
    }


def _duty(duty: ComputedDuty) -> dict[str, Any]:
    return {
        "duty": duty.duty,
        "ordinal": duty.ordinal,
        "title": duty.title,
        "triggered": _iso(duty.triggered),
        "due": _iso(duty.due),
        "met": _iso(duty.met.moment or duty.met.day) if duty.met else None,
        "status": duty.status,
        "late": duty.late,
        "reason": duty.reason,
        "owner": duty.owner,
        "force": duty.force,
        "reference": duty.reference,
        "proof": duty.proof().lines(),
    }


def _iso(value: date | datetime | None) -> str | None:
    return value.isoformat() if value is not None else None


def _unknown(given: Mapping[str, Any], known: tuple[str, ...], where: str, problems: list[str]) -> None:
    problems.extend(
        f"{where}: unknown key {key!r}{_near(str(key), list(known))}" for key in given if key not in known
    )


def _near(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    return f"; did you mean {near[0]!r}?" if near else f"; known: {', '.join(known[:20])}"


def _subject(given: Mapping[str, Any], problems: list[str]) -> Subject:
    _unknown(given, ("born", "sex"), "subject", problems)
    born = given.get("born")
    if isinstance(born, str):
        try:
            born = date.fromisoformat(born)
        except ValueError:
            problems.append(f"subject.born: {born!r} is not a date; write it as 2017-05-14")
            born = None
    if isinstance(born, datetime):
        born = born.date()
    return Subject(born if isinstance(born, date) else None, given.get("sex"))


def _when(value: Any, where: str, problems: list[str]) -> date | datetime | None:
    """A day or an aware moment; a moment without a zone is London time."""
    if isinstance(value, str):
        text = value.strip()
        try:
            value = date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
        except ValueError:
            problems.append(f"{where}: {text!r} is not a date; write 2026-12-21 or 2026-12-21T09:30")
            return None
    if isinstance(value, datetime):
        return value.replace(tzinfo=LONDON) if value.tzinfo is None else value.astimezone(LONDON)
    if isinstance(value, date) or value is None:
        return value
    problems.append(f"{where}: {value!r} is not a date; write 2026-12-21 or 2026-12-21T09:30")
    return None


def _moment(value: Any, where: str, problems: list[str], *, end: bool) -> datetime | None:
    """A moment; a bare day stands for its end (or start)."""
    when = _when(value, where, problems)
    if when is None or isinstance(when, datetime):
        return when
    return end_of(when) if end else start_of(when)


def _events(given: Any, program: Program, problems: list[str], warnings: list[str]) -> list[Happening]:
    if not isinstance(given, list) or not given:
        problems.append("events: give a list of at least one event, each with `kind` and `occurred`")
        return []
    found: list[Happening] = []
    for number, entry in enumerate(given, 1):
        where = f"events[{number}]"
        if not isinstance(entry, Mapping):
            problems.append(f"{where}: an event is a mapping with `kind` and `occurred`")
            continue
        _unknown(entry, _EVENT_KEYS, where, problems)
        name = str(entry.get("kind", ""))
        kind = program.pathway.event_named(name)
        if kind is None:
            known = [
                *program.pathway.events,
                *(also for one in program.pathway.events.values() for also in one.also),
            ]
            problems.append(f"{where}: {program.pathway.id} has no event {name!r}{_near(name, known)}")
            continue
        occurred = _when(entry.get("occurred"), f"{where}.occurred", problems)
        if occurred is None:
            if entry.get("occurred") is None:
                problems.append(f"{where}: `occurred` is missing; give the day it happened")
            continue
        recorded = _when(entry.get("recorded"), f"{where}.recorded", problems)
        if recorded is not None and not isinstance(recorded, datetime):
            recorded = (
                start_of(recorded) if recorded > _day(occurred) else max(start_of(recorded), _start(occurred))
            )
        data = entry.get("data") or {}
        event = program.pathway.events[kind]
        answers, faults = clean_answers(event, data, complete=False)
        for fault in faults:
            told = problems if fault.field in event.asks else warnings
            told.append(f"{where}.data.{fault.field}: {fault.message}")
        moment = occurred if isinstance(occurred, datetime) else None
        found.append(
            Happening(
                entry.get("id", number),
                kind,
                _day(occurred),
                moment,
                recorded or _start(occurred),
                answers,
                entry.get("amends"),
                bool(entry.get("withdrawn", False)),
            )
        )
    return found


def _warnings(program: Program, happenings: list[Happening], subject: Subject, as_of: datetime) -> list[str]:
    """Why an event of the file could not have been recorded where it stands, event by event."""
    found: list[str] = []
    so_far: list[Happening] = []
    for one in effective(happenings):
        faults = check_event(program, so_far, one, subject, as_of, complete=False)
        found.extend(f"{one.kind} on {one.day.isoformat()}: {fault.message}" for fault in faults)
        so_far.append(one)
    return found


def _day(when: date | datetime) -> date:
    return local_day(when) if isinstance(when, datetime) else when


def _start(when: date | datetime) -> datetime:
    return when if isinstance(when, datetime) else start_of(when)
