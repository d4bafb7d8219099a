"""Work a due date out again with every step shown: what the engine skipped to be quick, done when somebody asks why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from goldenthread.guidance.pathway import DutyRule

from .calendar import Calendar, CalendarTooShort
from .happening import Happening
from .interval import Pause, after, before
from .proof import Proof, Step, in_words


class HalfWay:
    """Stands where an interval would, for a clock that falls due half way to another date."""


class Reckoning:
    """What one due date was worked out from."""

    __slots__ = ("anchor", "base", "calendar", "deemed_from", "extended", "half_way_to", "moment", "pauses", "rule", "settled")

    def __init__(
        self, rule: DutyRule, anchor: Happening | None, base: date, moment: datetime | None, calendar: Calendar
    ) -> None:
        self.rule, self.anchor, self.base, self.moment, self.calendar = rule, anchor, base, moment, calendar
        self.pauses: Sequence[Pause] = ()
        self.deemed_from: date | datetime | None = None
        self.extended: tuple[date | datetime, Happening] | None = None
        self.half_way_to: date | None = None
        self.settled: tuple[str, Happening | None, str] = ("", None, "")

    @property
    def anchor_id(self) -> Any:
        return self.anchor.id if self.anchor is not None else None


def prove(reckoning: Reckoning, value: Any) -> Proof:
    """The proof of one due date. Never raises: where the calendar does not reach, the proof says so."""
    rule = reckoning.rule
    try:
        proof = _reckon(reckoning, value)
    except CalendarTooShort as error:
        proof = Proof(None, f"{rule.title}: the day cannot be worked out", (Step(str(error).capitalize()),), certain=False)
    steps = list(proof.steps)
    if reckoning.deemed_from is not None:
        steps.insert(0, Step(
            f"Received {in_words(reckoning.deemed_from)}: out of hours, so counted from {in_words(reckoning.base)}"
        ))
    due = proof.due
    if reckoning.extended is not None:
        given, event = reckoning.extended
        steps.append(Step(
            f"Would have been due {in_words(due) if due else 'on a day not known'}; extended on "
            f"{in_words(event.day)} to {in_words(given)}"
        ))
        due = given
    status, met, reason = reckoning.settled
    if status == "waiting" and reason and reason.startswith("Paused"):
        steps.append(Step(f"{reason}. The due day is worked out when the clock runs again."))
        due = None
    elif met is not None:
        steps.append(Step(f"Met {in_words(met.moment or met.day)}, {'late' if status == 'met_late' else 'in time'}"))
    elif status in ("cancelled", "excused"):
        steps.append(Step(f"{status.capitalize()}: {reason}"))
    return replace(proof, due=due, steps=tuple(steps), reference=rule.reference)


def _reckon(reckoning: Reckoning, value: Any) -> Proof:
    rule, calendar = reckoning.rule, reckoning.calendar
    start = reckoning.moment or reckoning.base
    if isinstance(value, HalfWay):
        end = reckoning.half_way_to
        assert end is not None
        middle = reckoning.base + (end - reckoning.base) // 2
        return Proof(middle, f"Half way from {in_words(reckoning.base)} to {in_words(end)}", (
            Step(f"{(end - reckoning.base).days} days in all; a half day is left off."),
        ))
    if rule.before == "next school day":
        due = calendar.next_school_start(start)
        steps = [Step(f"{in_words(date.fromordinal(day))}: {calendar.why_no_school(day)}")
                 for day in range(reckoning.base.toordinal() + 1, due.date().toordinal()) if calendar.why_no_school(day)]
        return Proof(due, f"Before the next school day starts, after {in_words(start)}", tuple(steps))
    if rule.by is not None:
        return before(value, start, calendar)
    return after(value, start, calendar, counts_trigger_day=rule.counts_trigger_day, pauses=reckoning.pauses)
