"""When something falls due in a case that is still being made up: the pathway's own clocks, asked ahead of time.

The values in force, intervals, conditions and steps are the pathway's; only what a plain reading needs is here (within,
every, before, midway). What comes of a case is always settled by `clocks.engine`, never by this. Pure.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from goldenthread.clocks.answers import as_date
from goldenthread.clocks.calendar import Calendar, CalendarTooShort
from goldenthread.clocks.conditions import Condition, Surroundings, compile_when
from goldenthread.clocks.happening import Happening
from goldenthread.clocks.interval import after_moment, day_before, due_day
from goldenthread.clocks.rules import RecurringStep, in_force
from goldenthread.guidance.pathway import DutyRule, Pathway
from goldenthread.guidance.words import ELAPSED


class Steps:
    """What a recurring step looks at: events by kind, their days, the subject."""

    __slots__ = ("around", "ordinals", "positions")

    def __init__(self, around: Surroundings, happenings: Sequence[Happening]) -> None:
        self.around = around
        self.ordinals = [one.day.toordinal() for one in happenings]
        self.positions: dict[str, list[int]] = {}
        for place, one in enumerate(happenings):
            self.positions.setdefault(one.kind, []).append(place)


class Deadline:
    """One duty rule, ready to say when it is due."""

    def __init__(self, rule: DutyRule, pathway: Pathway, calendar: Calendar) -> None:
        self.rule, self.calendar = rule, calendar
        after: Mapping[str, Any] = rule.after or ({str(rule.before): {}} if rule.before else {})
        if rule.midway:
            starts = rule.midway[0]
            after = {start: {} for start in ([starts] if isinstance(starts, str) else starts)}
        self.after: list[tuple[str, str, Condition | None]] = [
            (*_kind_and_field(name), compile_when({**when, **rule.when}))
            for name, when in after.items()
            if not name.startswith("birthday ")
        ]
        self.only_while = compile_when(rule.only_while)
        self.met = {kind: compile_when(when) for kind, when in rule.met_by.items()}
        self.days, self.values = in_force(rule)
        self.half_of = rule.midway[1] if rule.midway else ""

    def due(
        self, happenings: Sequence[Happening], around: Surroundings, deadlines: Mapping[str, Deadline]
    ) -> tuple[datetime | date, datetime | date] | None:
        """(what it is counted from, when it is due) for the turn now running; None where the clock does not run."""
        if not self.rule.in_use:
            return None
        if self.only_while and not self.only_while({}, happenings[-1].day.toordinal(), around):
            return None
        found = self._trigger(happenings, around)
        if found is None:
            return None
        begun, base = found
        value = self._value(begun.day.toordinal())
        if value is None:
            return None
        day = base if not isinstance(base, datetime) else base.date()
        try:
            if self.half_of:
                other = deadlines[self.half_of].due(happenings, around, deadlines)
                if other is None:
                    return None
                end = _day(other[1])
                return day, date.fromordinal((day.toordinal() + end.toordinal()) // 2)
            if self.rule.by is not None:
                return begun.day, date.fromordinal(day_before(value, day.toordinal(), self.calendar))
            if self.rule.before:
                return None
            if isinstance(value, list):
                return self._recurring(value, begun, base, happenings, around)
            return base, self._after(value, base)
        except (CalendarTooShort, IndexError):
            return None

    def _trigger(
        self, happenings: Sequence[Happening], around: Surroundings
    ) -> tuple[Happening, date | datetime] | None:
        order = happenings if self.rule.counting == "first" or self.rule.every else reversed(happenings)
        for one in order:
            for kind, asked, condition in self.after:
                if one.kind != kind or (condition and not condition(one.data, one.day.toordinal(), around)):
                    continue
                if not asked:
                    return one, one.moment or one.day
                given = as_date(one.data.get(asked))
                if given is not None:
                    return one, given
        return None

    def _value(self, day: int) -> Any:
        place = bisect_right(self.days, day)
        return self.values[place - 1] if place else None

    def _recurring(
        self, steps: list[RecurringStep], begun: Happening, base: date | datetime, happenings: Sequence[Happening],
        around: Surroundings,
    ) -> tuple[date | datetime, date | datetime] | None:  # fmt: skip
        turn, start, begins = 1, base, False
        for one in happenings:
            if begins and one.kind in self.met:
                condition = self.met[one.kind]
                if condition is None or condition(one.data, one.day.toordinal(), around):
                    turn, start = turn + 1, one.moment or one.day
            begins = begins or one is begun
        first = _day(base).toordinal()
        run = Steps(around, happenings if any(step.until for step in steps) else ())
        for step in steps:
            if step.applies(run, turn, first, _day(start).toordinal(), begun.data):  # type: ignore[arg-type]
                return start, self._after(step.length, start)
        return None

    def _after(self, value: Any, base: date | datetime) -> date | datetime:
        if value.unit in ELAPSED:
            if not isinstance(base, datetime):
                base = datetime(base.year, base.month, base.day, 12)
            return after_moment(value, base)
        return date.fromordinal(
            due_day(value, _day(base).toordinal(), self.calendar, inclusive=self.rule.counts_trigger_day)
        )


def _day(when: date | datetime) -> date:
    return when.date() if isinstance(when, datetime) else when


def _kind_and_field(name: str) -> tuple[str, str]:
    kind, _, asked = name.partition(".")
    return kind, asked


def deadlines_of(pathway: Pathway, calendar: Calendar) -> dict[str, Deadline]:
    """Every duty of a pathway as a deadline."""
    return {name: Deadline(rule, pathway, calendar) for name, rule in pathway.duties.items()}
