"""How a due date was worked out: the rule in words, each step, a calendar of the days counted and skipped, the source.

Everything comes from `clocks`: this page only draws it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from goldenthread.clocks.calendar import Calendar, end_of, local_day
from goldenthread.clocks.duty import met_in_words
from goldenthread.clocks.engine import ComputedDuty
from goldenthread.clocks.proof import Proof
from goldenthread.foundation import journal
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import current_library
from goldenthread.foundation.policy import policy
from goldenthread.guidance.pathway import Pathway
from goldenthread.guidance.plain import FORCE, verified_in_words
from goldenthread.guidance.sentences import text_of

from ..record import as_known_on, program_of, progress_of
from ..words import day_words, due_words, rule_in_full, speaker_for
from .common import actor_of, case_of

MONTHS_DRAWN = 7
"""Longer clocks are drawn at both ends only: the months between have nothing to show."""


@policy(Capability.VIEW_CASES)
def proof(request: HttpRequest, case: UUID, duty: str, ordinal: int) -> HttpResponse:
    """One duty of a case and the proof of its day."""
    actor = actor_of(request)
    here = case_of(actor, case)
    program = program_of(here)
    known_on = _known_on(request)
    progress = as_known_on(here, known_on).progress if known_on else progress_of(here)
    found = next((one for one in progress.duties if (one.duty, one.ordinal) == (duty, ordinal)), None)
    rule = program.pathway.duties.get(duty)
    if found is None or rule is None:
        raise Http404
    proved = found.proof()
    journal.read(actor, "case.proof", "case", str(here.pk), duty=duty, ordinal=ordinal, known_on=request.GET.get("known_on", ""))
    speaker = speaker_for(program.pathway)
    months = months_drawn(found, proved, program.calendar)
    context = {
        "case": here, "pathway": program.pathway, "duty": found, "rule": rule, "proof": proved,
        "when": due_words(proved.due, end_of(known_on) if known_on else timezone.now()), "due_day": _day(proved.due),
        "met": met_in_words(found) if found.met or found.reason else "",
        "timing": rule_in_full(program.pathway, duty, found.triggered),
        "terms": [text_of(term) for term in speaker.terms(duty, rule)],
        "force": FORCE[rule.force], "verified": verified_in_words(rule.verified, rule.force),
        "edition": edition_on(program.pathway, found.triggered),
        "owner": current_library().roles.title_of(rule.owner),
        "trigger": trigger_in_words(program.pathway, found, here), "months": months,
        "skips": any(day.kind in ("weekend", "holiday") for month in months for day in month.days),
        "known_on": known_on, "known_words": day_words(known_on) if known_on else "",
    }  # fmt: skip
    return render(request, "casework/proof.html", context)


def _known_on(request: HttpRequest) -> date | None:
    """The day the case is shown as known on, carried from its page; a day that cannot be read is as good as none."""
    try:
        day = date.fromisoformat(request.GET.get("known_on", ""))
    except ValueError:
        return None
    return day if day < timezone.localdate() else None


def _day(when: date | datetime | None) -> date | None:
    return local_day(when) if isinstance(when, datetime) else when


def trigger_in_words(pathway: Pathway, duty: ComputedDuty, case: Any) -> str:
    """What started the clock, and when."""
    event = case.events.filter(pk=duty.triggered_by).first() if duty.triggered_by else None
    what = pathway.title_of(event.kind) if event is not None else "A birthday"
    return f"{what}, {day_words(duty.triggered)}"


def edition_on(pathway: Pathway, day: date) -> str:
    """The guidance in force on the day the clock started."""
    found = [one for one in pathway.editions if one.start <= day and (one.end is None or day <= one.end)]
    return " and ".join(one.title for one in found)


def counted(proof: Proof) -> bool:
    """Whether the days of this clock are counted one by one, so that some are skipped."""
    return any(step.counted is not None for step in proof.steps)


# The calendar ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the calendar: what it was to the clock, and its place in the drawing."""

    day: date
    kind: str
    """outside, start, counted, weekend, holiday, due."""
    why: str
    column: int
    row: int


@dataclass(frozen=True, slots=True)
class Month:
    title: str
    days: list[Day]
    rows: int


def months_drawn(duty: ComputedDuty, proved: Proof, calendar: Calendar) -> list[Month]:
    """The months from the start of a clock to its due day, each day with what it was."""
    due = _day(proved.due)
    if due is None:
        return []
    start = duty.triggered
    first, last = min(start, due), max(start, due)
    school = "school day" in proved.rule.lower()
    one_by_one = counted(proved)
    firsts = _firsts(first, last)
    if len(firsts) > MONTHS_DRAWN:
        firsts = [firsts[0], firsts[-1]]
    return [_month(month, first, last, start, due, calendar, one_by_one, school) for month in firsts]


def _firsts(first: date, last: date) -> list[date]:
    found, month = [], first.replace(day=1)
    while month <= last:
        found.append(month)
        month = (month + timedelta(days=32)).replace(day=1)
    return found


def _month(
    month: date, first: date, last: date, start: date, due: date, calendar: Calendar, one_by_one: bool, school: bool
) -> Month:  # fmt: skip
    days, day = [], month
    offset = month.weekday()
    while day.month == month.month:
        place = offset + day.day - 1
        kind, why = "outside", ""
        if day == due:
            kind, why = "due", "due day"
        elif day == start:
            kind, why = "start", "the clock started"
        elif first < day < last:
            skipped = _skipped(calendar, day, school) if one_by_one else None
            kind = "counted" if skipped is None else "weekend" if skipped == "weekend" else "holiday"
            why = "counted" if skipped is None else skipped
        days.append(Day(day, kind, why, place % 7, place // 7))
        day += timedelta(days=1)
    return Month(f"{month:%B} {month.year}", days, days[-1].row + 1)


def _skipped(calendar: Calendar, day: date, school: bool) -> str | None:
    return calendar.why_no_school(day.toordinal()) if school else calendar.why_not(day.toordinal())
