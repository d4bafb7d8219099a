"""A small pathway for tests: every form of clock the language has, once each, on events with plain names."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from goldenthread.clocks.calendar import LONDON, Calendar, end_of
from goldenthread.clocks.engine import ComputedDuty, Happening, Program, Progress, Subject
from goldenthread.guidance.calendars import SchoolTerms, WorkingCalendar
from goldenthread.guidance.library import SHIPPED
from goldenthread.guidance.pathway import Pathway
from goldenthread.guidance.reading import read

EVENTS = """
id: trial
title: Trial
subject: child
lead: childrens_social_care
basis: public_task
about: A pathway for tests.
reference: None, for tests
states: {open: {title: Open}, done: {title: Done, closed: true}}
events:
  opened: {opens: true, to: open, asks: {outcome: {of: [section_47, other], type: choice}, long_term: {type: yes_no}}}
  again: {asks: {outcome: {of: [section_47, other], type: choice}, agency: {type: text}}}
  late_post: {received_after: "17:00"}
  planned: {asks: {on_day: {type: date, future: true}}}
  seen: {asks: {agency: {type: text}, seen: {type: yes_no}}}
  held: {}
  police_started: {}
  police_ended: {}
  granted: {extends: {duty: one, to: until}, asks: {until: {type: date, future: true}}}
  not_possible: {excuses: {duty: one, reason: why}, asks: {why: {type: text}}}
  moved: {}
  stopped: {}
  closed: {closes: true, to: done}
  reopened: {reopens: true, in_states: [done], to: open}
duties:
"""


@cache
def calendar() -> Calendar:
    """England and Wales, with Lancashire's school terms."""
    folder = SHIPPED / "calendars"
    working, _ = read(WorkingCalendar, folder / "england_and_wales.yaml")
    terms, _ = read(SchoolTerms, folder / "school_terms" / "lancashire.yaml")
    return Calendar(working, terms)


@cache
def program(duties: str) -> Program:
    """The trial pathway with the duties given as YAML, without the keys every duty needs but no test is about."""
    lines = []
    for line in duties.strip("\n").splitlines():
        lines.append("  " + line)
    text = EVENTS + "\n".join(lines)
    pathway, _ = read(Pathway, Path("trial.yaml"), text)
    return Program(pathway, calendar(), {})


USUAL = "title: Do it, owner: childrens_social_care, force: local, reference: For tests"


def at(text: str) -> date | datetime:
    """A day, or a moment in London."""
    return (
        date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text).replace(tzinfo=LONDON)
    )


def run(
    duties: str, events: list[Any], as_of: str, born: str | None = None, known_on: str | None = None
) -> Progress:
    """Run events given as (kind, when) or (kind, when, answers)."""
    happenings = [
        Happening.on(number, kind, at(when), *rest) for number, (kind, when, *rest) in enumerate(events, 1)
    ]
    moment = at(as_of)
    known = at(known_on) if known_on else None
    return program(duties).run(
        happenings,
        Subject(date.fromisoformat(born) if born else None),
        moment if isinstance(moment, datetime) else end_of(moment),
        known if known is None or isinstance(known, datetime) else end_of(known),
    )


def dues(progress: Progress, duty: str = "one") -> list[str | None]:
    return [one.due.isoformat() if one.due else None for one in progress.duties if one.duty == duty]


def statuses(progress: Progress, duty: str = "one") -> list[str]:
    return [one.status for one in progress.duties if one.duty == duty]


def only(progress: Progress, duty: str = "one") -> ComputedDuty:
    [found] = [one for one in progress.duties if one.duty == duty]
    return found
