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


class Measure:
    """What a rule gives, an interval or how else it is reckoned, with what the engine asks of it at every turn."""

    __slots__ = ("amount", "in_working_days", "seconds", "value")

    def __init__(self, value: Any) -> None:
        self.value = value
        is_interval = isinstance(value, Interval)
        self.amount: int = value.amount if is_interval else 0
        self.in_working_days = is_interval and value.unit is Unit.WORKING_DAYS
        self.seconds: float | None = None
        """The length of an interval of hours or minutes; None for any other."""
        if is_interval and value.unit in ELAPSED:
            self.seconds = elapsed(value).total_seconds()


class RecurringStep:
    """One step of a recurring clock, ready to apply."""

    __slots__ = ("condition", "during", "length", "measure", "turn", "until", "whenever")

    def __init__(self, step: Every) -> None:
        self.length: Interval = step.length
        self.measure = Measure(step.length)
        self.turn = 1 if step.first else 2 if step.second else 3 if step.third else 0
        self.during, self.until = step.during_first, step.until
        self.condition = compile_when(step.when)
        self.whenever = step.then is not None and self.condition is None

    def applies(self, run: Run, turn: int, trigger: int, base: int, data: Mapping[str, Any]) -> bool:
        """Whether this step gives the interval of a turn that starts on day `base`, in a chain begun on `trigger`."""
        if self.whenever:
            return True
        if self.turn and self.turn != turn:
            return False
        if self.during is not None and base >= _plus(self.during, trigger):
            return False
        if self.until is not None and any(
            run.ordinals[place] <= base for place in run.positions.get(self.until, ())
        ):
            return False
        return self.condition is None or self.condition(data, base, run.around)


def _plus(length: Interval, day: int) -> int:
    months = {"months": length.amount, "years": 12 * length.amount}.get(length.unit.value)
    if months is not None:
        return add_months(date.fromordinal(day), months).toordinal()
    return day + length.amount * (7 if length.unit.value == "weeks" else 1)


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
