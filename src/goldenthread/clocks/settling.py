"""The second half of a clock: the duty of one trigger, settled. When it is due, what met, ended or excused it.

Only `clock` uses this. Days are ordinals; positions index the case's events in the order they happened.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from datetime import date, time
from typing import TYPE_CHECKING

from goldenthread.guidance.pathway import DutyRule
from goldenthread.guidance.words import Interval

from .calendar import FIRST, Calendar, CalendarTooShort, seconds_of
from .duty import Circumstances, ComputedDuty, Status, soon_seconds
from .interval import day_before, due_day, moment_of
from .reckoning import reckon
from .rules import Measure
from .run import NONE, Counts, Run, Trigger

if TYPE_CHECKING:
    from .clock import Clock


class Settling:
    """What a clock needs to settle a duty once its trigger and what met it are found. `Clock` fills it in."""

    __slots__ = (
        "_as_ruled", "_ends", "_excuses", "_halved", "_nth", "_plain", "_rank", "_received_after", "_soon", "_stops",
        "_survives", "_unless", "backwards", "calendar", "extends", "half_way_to", "identity", "inclusive", "is_midway", "pauses",
        "rule", "titles",
    )  # fmt: skip

    identity: str
    rule: DutyRule
    calendar: Calendar
    is_midway: bool
    backwards: bool
    inclusive: bool
    half_way_to: str
    titles: Mapping[str, str]
    extends: list[tuple[str, str]]
    pauses: tuple[Counts, Counts] | None
    _as_ruled: Clock
    _ends: bool
    _excuses: Mapping[str, str | None]
    _halved: bool
    _nth: array[int]
    _rank: array[int]
    _plain: bool
    _received_after: Mapping[str, time | None]
    _soon: Interval | None
    _stops: Counts
    _unless: Counts
    _survives: bool

    def soon_day(self, base: int, due: int) -> int:
        """From which day it shows as due soon: as the rule says, else a fifth of the time, one to seven days before."""
        if self._soon is not None:
            return day_before(self._soon, due, self.calendar)
        fifth = (due - base) // 5
        return due - (1 if fifth < 1 else 7 if fifth > 7 else fifth)

    # Settling ---------------------------------------------------------------------------------------------------

    def _settle(
        self,
        run: Run,
        trigger: Trigger,
        value: Measure,
        ordinal: int,
        met: int,
        replaced: int,
        begun: Trigger,
        out: list[ComputedDuty],
    ) -> int:
        """Add one duty, of a turn of the clock that `begun` started.

        Returns the position of what met or excused it, from which a recurring clock goes on, or NONE.
        """
        place, base, moment, anchor, kind = trigger
        ordinals, known = run.ordinals, run.happenings
        ended, reason = NONE, ""
        closed = NONE if self._survives else run.closed_at
        if self._ends or replaced != NONE or (closed != NONE and (met == NONE or closed < met)):
            ended, reason = self._ending(run, place, kind, met, replaced, begun)
            if ended != NONE:
                if met != NONE and ordinals[ended] < ordinals[met]:
                    met = NONE
                elif met != NONE:
                    ended, reason = NONE, ""
        bent: Circumstances | None = None
        due, due_stamp = 0, 0.0
        standing = ""
        try:
            if not self._plain:
                due, due_stamp, bent, standing = reckon(self, run, trigger, value.value, met)
                if due == NONE:
                    return NONE
            elif value.in_working_days and not self.inclusive:
                if base >= FIRST:
                    due = self._nth[self._rank[base - FIRST] + value.amount - 1]
            elif value.seconds is not None:
                due_stamp = value.seconds + (
                    run.stamp(place)
                    if moment is not None and place >= 0 and moment is known[place].moment
                    else seconds_of(moment_of(moment or date.fromordinal(base)))
                )
            elif value.days is not None:
                due = base + value.days - self.inclusive
            elif value.months is not None:
                due = value.end(base) - self.inclusive
            else:
                due = due_day(value.value, base, self.calendar, inclusive=self.inclusive)
        except CalendarTooShort as error:
            reason = reason or str(error)
        except IndexError:
            reason = reason or f"the calendar “{self.calendar.title}” does not reach the answer"
        if (
            self._received_after
            and anchor is not None
            and base != ordinals[place]
            and kind in self._received_after
        ):
            bent = bent or Circumstances()
            bent.deemed_from = anchor.moment or anchor.day
        excused = NONE
        if self._excuses:
            excused, met = self._excused(run, place, base, due, met, ended, onward=begun is not trigger)
        happening = known[met] if met != NONE else None
        status: Status
        late = False
        if happening is not None:
            if not due_stamp:
                late = 0 < due < ordinals[met]
            elif happening.moment is not None:
                late = run.stamp(met) > due_stamp
            else:
                late = run.is_after(met, due_stamp)
            status = "met_late" if late else "met_on_time"
            reason = ""
        elif ended != NONE:
            late = run.is_after(ended, due_stamp) if due_stamp else 0 < due < ordinals[ended]
            status = "cancelled"
        elif standing:
            status, reason, due, due_stamp = "waiting", standing, 0, 0.0
        elif due_stamp:
            left = due_stamp - seconds_of(run.as_of)
            whole = due_stamp - seconds_of(moment_of(moment or date.fromordinal(base)))
            late = left < 0
            status = "overdue" if late else "due_soon" if left <= soon_seconds(whole) else "open"
        elif not due:
            status = "waiting"
        elif run.today > due:
            status, late = "overdue", True
        elif base > run.today and not self.backwards:
            status = "waiting"
        else:
            status = "due_soon" if run.today >= self.soon_day(base, due) else "open"
        if excused != NONE:
            asked = self._excuses[known[excused].kind]
            given = str(known[excused].data.get(asked) or "") if asked else ""
            status, reason, late = "excused", given or self.titles[known[excused].kind], False
        if self._halved and due and anchor is not None:
            run.due_from[self.identity, anchor.id] = due
        out.append(
            ComputedDuty(
                self._as_ruled,
                ordinal,
                base,
                moment,
                anchor,
                due,
                due_stamp,
                happening,
                status,
                late,
                reason,
                value.value,
                bent,
            )
        )
        return met if met != NONE else excused

    def _excused(
        self, run: Run, place: int, base: int, due: int, met: int, ended: int, *, onward: bool
    ) -> tuple[int, int]:
        """(what excused the duty, what met it), at most one of them.

        Done after all, it is met. But where the clock recurs and that was after it fell due, it is the next turn
        that was met: this one was excused.
        """
        excusing: Counts = [(one, None) for one in self._excuses]
        floor = base if place == NONE else run.ordinals[place]
        excused = run.following(excusing, place) if onward else run.first(excusing, place, floor)
        if excused == NONE or (ended != NONE and ended < excused):
            return NONE, met
        if met != NONE and not (
            self.rule.every is not None and excused < met and 0 < due < run.ordinals[met]
        ):
            return NONE, met
        return excused, NONE

    def _ending(
        self, run: Run, place: int, kind: str, met: int, replaced: int, begun: Trigger
    ) -> tuple[int, str]:
        """What ended the clock unmet: an event named by `unless` or `stops`, a new trigger, or the case closing."""
        ended, why = NONE, ""
        floor = run.ordinals[place] if place >= 0 else 0
        if self._unless:
            ended = run.first(self._unless, place, floor, kind)
        if self._stops:
            stopped = run.first(self._stops, place, floor, kind, begun[0] if begun[3] is not None else NONE)
            if stopped != NONE and (ended == NONE or stopped < ended):
                ended = stopped
        if ended != NONE:
            why = self.titles[run.happenings[ended].kind]
        if replaced != NONE and (ended == NONE or replaced < ended):
            ended, why = replaced, f"Replaced: {self.titles[run.happenings[replaced].kind]}"
        closed = NONE if self._survives else run.closed_at
        if (
            closed != NONE
            and closed >= place
            and (ended == NONE or closed < ended)
            and (met == NONE or closed < met)
        ):
            ended, why = closed, "The case closed"
        return ended, why
