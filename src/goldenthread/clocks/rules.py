"""Rules of force and recurrence made ready to run: the value in force on a day, the step that applies to a turn."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from goldenthread.guidance.pathway import DutyRule, Every
from goldenthread.guidance.words import ELAPSED, Interval, Unit

from .conditions import compile_when
from .interval import add_months, elapsed
from .run import Run

_DAYS = {Unit.DAYS: 1, Unit.WEEKS: 7}
_MONTHS = {Unit.MONTHS: 1, Unit.YEARS: 12}


class Measure:
    """What a rule gives, an interval or how else it is reckoned, with what the engine asks of it at every turn."""

    __slots__ = ("_ends", "amount", "days", "in_working_days", "months", "seconds", "value")

    def __init__(self, value: Any) -> None:
        self.value = value
        unit = value.unit if isinstance(value, Interval) else None
        self.amount: int = value.amount if unit else 0
        self.in_working_days = unit is Unit.WORKING_DAYS
        self.seconds = elapsed(value).total_seconds() if unit in ELAPSED else None
        """The length of an interval of hours or minutes; None for any other."""
        self.days = self.amount * _DAYS[unit] if unit in _DAYS else None
        """The length of an interval of days or weeks."""
        self.months = self.amount * _MONTHS[unit] if unit in _MONTHS else None
        """The length of an interval of months or years."""
        self._ends: dict[int, int] = {}

    def end(self, start: int) -> int:
        """The day on which months or years from a day end. Kept: many things happen on one day."""
        found = self._ends.get(start)
        if found is None:
            found = add_months(date.fromordinal(start), self.months or 0).toordinal()
            self._ends[start] = found
        return found


class RecurringStep:
    """One step of a recurring clock, ready to apply."""

    __slots__ = ("_during", "condition", "length", "measure", "turn", "until", "whenever")

    def __init__(self, step: Every) -> None:
        self.length: Interval = step.length
        self.measure = Measure(step.length)
        self.turn = 1 if step.first else 2 if step.second else 3 if step.third else 0
        self._during = Measure(step.during_first) if step.during_first is not None else None
        self.until = step.until
        self.condition = compile_when(step.when)
        self.whenever = step.then is not None and self.condition is None

    def applies(self, run: Run, turn: int, trigger: int, base: int, data: Mapping[str, Any]) -> bool:
        """Whether this step gives the interval of a turn that starts on day `base`, in a chain begun on `trigger`."""
        if self.whenever:
            return True
        if self.turn and self.turn != turn:
            return False
        during = self._during
        if during is not None:
            ends = (
                during.end(trigger) if during.months is not None else trigger + (during.days or during.amount)
            )
            if base >= ends:
                return False
        if self.until is not None:
            places = run.positions.get(self.until)
            if places and run.ordinals[places[0]] <= base:
                return False
        return self.condition is None or self.condition(data, base, run.around)


def in_force(rule: DutyRule) -> tuple[list[int], list[Any]]:
    """First days in force and the value from each: an interval, recurring steps, True for no length, None."""
    dated = rule.within or rule.by
    if dated is not None:
        return [day.toordinal() for day, _ in dated], [value for _, value in dated]
    if isinstance(rule.every, Mapping):
        dates = sorted(rule.every)
        return [day.toordinal() for day in dates], [
            None if (steps := rule.every[day]) is None else [RecurringStep(step) for step in steps]
            for day in dates
        ]
    value: Any = [RecurringStep(step) for step in rule.every] if rule.every else True
    assert rule.in_force is not None
    days, values = [rule.in_force.start.toordinal()], [value]
    if rule.in_force.end is not None:
        days.append(rule.in_force.end.toordinal() + 1)
        values.append(None)
    return days, values
