"""One clock of a pathway, compiled: finds its triggers among the events of a case and settles a duty for each.

Only `engine` uses this. Days are ordinals (date.toordinal); positions index the case's events in the order they happened.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from goldenthread.guidance.pathway import DutyRule, Every, Pathway
from goldenthread.guidance.words import ELAPSED, Interval

from .calendar import LONDON, Calendar, CalendarTooShort, start_of
from .conditions import Condition, Surroundings, compile_when
from .duty import ComputedDuty, Status
from .happening import Happening, Subject
from .interval import Pause, add_months, after_moment, birthday, day_before, due_day, moment_of, paused_day
from .proofs import HalfWay, Reckoning, prove

Counts = list[tuple[str, Condition | None]]
_NONE = -1


class Run:
    """The events of one case while its clocks are worked out."""

    __slots__ = ("around", "as_of", "closed_at", "due_from", "known", "opened", "ordinals", "positions", "subject", "today")

    def __init__(
        self, known: list[Happening], ordinals: list[int], positions: dict[str, list[int]], subject: Subject,
        around: Surroundings, as_of: datetime, today: int, closed_at: int, opened: date | None,
    ) -> None:
        self.known, self.ordinals, self.positions = known, ordinals, positions
        self.subject, self.around, self.as_of, self.today = subject, around, as_of, today
        self.closed_at, self.opened = closed_at, opened
        self.due_from: dict[tuple[str, Any], int] = {}
        """(duty, happening its clock runs from) -> due day, for clocks half way to it."""

    def first(self, counts: Counts, after: int, floor: int, own: str = "") -> int:
        """The first position at which one of `counts` happens: after position `after`, or on its day when the order in
        the day is not known, and not before the day `floor`. -1 for none."""
        best = _NONE
        positions, ordinals, known = self.positions, self.ordinals, self.known
        for kind, condition in counts:
            where = positions.get(kind)
            if where is None:
                continue
            for place in where[bisect_left(where, bisect_left(ordinals, floor)):] if len(where) > 4 else where:
                day = ordinals[place]
                if day < floor:
                    continue
                if place <= after and (
                    kind == own or place == after or day != ordinals[after]
                    or (known[place].moment is not None and known[after].moment is not None)
                ):
                    continue
                if condition is not None and not condition(known[place].data, day, self.around):
                    continue
                if best == _NONE or place < best:
                    best = place
                break
        return best


class _Trigger:
    __slots__ = ("base", "happening", "kind", "moment", "position")

    def __init__(self, position: int, base: int, moment: datetime | None, happening: Happening | None, kind: str) -> None:
        self.position, self.base, self.moment, self.happening, self.kind = position, base, moment, happening, kind


class Clock:
    """A duty rule ready to run."""

    def __init__(self, identity: str, rule: DutyRule, pathway: Pathway, calendar: Calendar) -> None:
        self.identity, self.rule, self.calendar = identity, rule, calendar
        self.reference = rule.reference
        self.is_midway = rule.midway is not None
        after = dict(rule.after or {})
        if rule.before and rule.before != "next school day" and rule.before not in after:
            after = {rule.before: {}}
        if rule.midway:
            starts, self._to = rule.midway
            after = {start: {} for start in ([starts] if isinstance(starts, str) else starts)}
        self.birthdays = [int(name.removeprefix("birthday ")) for name in after if name.startswith("birthday ")]
        self._after: list[tuple[str, str, Condition | None]] = [
            (*_split(name), compile_when({**when, **rule.when}))
            for name, when in after.items() if not name.startswith("birthday ")
        ]
        self._birthday_when = compile_when(rule.when)
        self.triggers = frozenset(kind for kind, _, _ in self._after)
        self._met: Counts = [(kind, compile_when(when)) for kind, when in rule.met_by.items()]
        self._ends: Counts = [
            (kind, compile_when(when)) for ending in (rule.unless, rule.stops) for kind, when in ending.items()
        ]
        self._matching = rule.matching
        self._extends = [(kind, event.extends.to) for kind, event in pathway.events.items()
                         if event.extends and event.extends.duty == identity]
        self._excuses = [(kind, event.excuses.reason) for kind, event in pathway.events.items()
                         if event.excuses and event.excuses.duty == identity]
        self._received_after = {kind: event.received_after for kind, event in pathway.events.items()
                                if event.received_after is not None and kind in self.triggers}
        self._titles = {kind: pathway.title_of(kind) for kind in pathway.events}
        self._recurring = rule.every is not None
        self._backwards = rule.by is not None
        self._school_day = rule.before == "next school day"
        self._latest = rule.counting == "latest" or (self._backwards and rule.counting == "each")
        self._days, self._values = _in_force(rule)
        self._pauses = (
            [(kind, compile_when(when)) for kind, when in rule.pauses.start.items()],
            [(kind, compile_when(when)) for kind, when in rule.pauses.end.items()],
        ) if rule.pauses else None

    # Triggers ---------------------------------------------------------------------------------------------------

    def run(self, run: Run, out: list[ComputedDuty]) -> None:
        """Settle every duty of this clock, in order, onto `out`."""
        triggers = self._find(run)
        if not triggers:
            return
        if self.rule.counting == "first":
            del triggers[1:]
        ordinal = 0
        for index, trigger in enumerate(triggers):
            value = self._value(trigger.base if not self._backwards else run.ordinals[trigger.position])
            if value is None:
                continue
            replaced = triggers[index + 1].position if self._latest and index + 1 < len(triggers) else _NONE
            earliest = triggers[index - 1].base + 1 if index else 0
            if self._recurring:
                ordinal = self._chain(run, trigger, value, ordinal, out)
            else:
                ordinal += 1
                self._once(run, trigger, value, ordinal, earliest, replaced, out)

    def _find(self, run: Run) -> list[_Trigger]:
        found: list[_Trigger] = []
        for kind, asked, condition in self._after:
            for place in run.positions.get(kind, ()):
                one = run.known[place]
                day = run.ordinals[place]
                if condition is not None and not condition(one.data, day, run.around):
                    continue
                base, moment = day, one.moment
                if asked:
                    given = as_date(one.data.get(asked))
                    if given is None:
                        continue
                    moment = given if isinstance(given, datetime) else None
                    base = (given.astimezone(LONDON) if isinstance(given, datetime) else given).toordinal()
                elif kind in self._received_after:
                    base, moment = self._deemed(kind, base, moment)
                found.append(_Trigger(place, base, moment, one, kind))
        born = run.subject.born
        if self.birthdays and born is not None and run.opened is not None:
            for age in self.birthdays:
                base = birthday(born, age).toordinal()
                if base <= run.opened.toordinal():
                    continue
                if self._birthday_when is None or self._birthday_when({}, base, run.around):
                    found.append(_Trigger(bisect_left(run.ordinals, base) - 1, base, None, None, ""))
        if len(found) > 1:
            found.sort(key=lambda trigger: (trigger.position, trigger.base))
        return found

    def _deemed(self, kind: str, day: int, moment: datetime | None) -> tuple[int, datetime | None]:
        """Received after the hour, or on a day that is not a working day: counted from the next working day."""
        late = moment is not None and moment.astimezone(LONDON).time() > self._received_after[kind]  # type: ignore[operator]
        if late or not self.calendar.is_working(day):
            following = self.calendar.plus_working(day, 1)
            return following, (start_of(date.fromordinal(following)) if moment is not None else None)
        return day, moment

    def _value(self, day: int) -> Any:
        found = bisect_right(self._days, day)
        return self._values[found - 1] if found else None

    # One-off clocks ---------------------------------------------------------------------------------------------

    def _once(
        self, run: Run, trigger: _Trigger, value: Any, ordinal: int, earliest: int, replaced: int, out: list[ComputedDuty]
    ) -> None:
        rule = self.rule
        place, base = trigger.position, trigger.base
        floor = base if not self._backwards else run.ordinals[place]
        accepts = rule.accepts_earlier
        if accepts is not False:
            floor = earliest if accepts is True else max(earliest, day_before(accepts, base, self.calendar))
            met = self._first_met(run, trigger, _NONE, floor)
        elif place == _NONE:
            met = self._first_met(run, trigger, _NONE, floor)
        else:
            met = self._first_met(run, trigger, place, floor)
        reckoning = Reckoning(rule, trigger.happening, date.fromordinal(base), trigger.moment, self.calendar)
        if trigger.happening is not None and base != run.ordinals[place] and trigger.kind in self._received_after:
            reckoning.deemed_from = trigger.happening.moment or trigger.happening.day
        self._emit(run, ordinal, value, reckoning, place, met, replaced, out)

    def _first_met(self, run: Run, trigger: _Trigger, after: int, floor: int) -> int:
        if not self._matching or trigger.happening is None:
            return run.first(self._met, after, floor, trigger.kind)
        wanted = [trigger.happening.data.get(name) for name in self._matching]
        while True:
            met = run.first(self._met, after, floor, trigger.kind)
            if met == _NONE or [run.known[met].data.get(name) for name in self._matching] == wanted:
                return met
            after, floor = met, run.ordinals[met]

    # Recurring clocks -------------------------------------------------------------------------------------------

    def _chain(self, run: Run, trigger: _Trigger, steps: Sequence[_Step], ordinal: int, out: list[ComputedDuty]) -> int:
        place, base, moment, happening, kind = (
            trigger.position, trigger.base, trigger.moment, trigger.happening, trigger.kind,
        )
        data = happening.data if happening is not None else {}
        anchor = happening
        turn = 0
        while True:
            turn += 1
            length = next((step.length for step in steps if step.applies(run, turn, trigger.base, base, data)), None)
            if length is None:
                return ordinal
            ordinal += 1
            met = run.first(self._met, place, base, kind)
            reckoning = Reckoning(self.rule, anchor, date.fromordinal(base), moment, self.calendar)
            settled = self._emit(run, ordinal, length, reckoning, place, met, _NONE, out)
            if not settled:
                return ordinal
            anchor = run.known[met]
            place, base, moment, kind = met, run.ordinals[met], anchor.moment, anchor.kind

    # Settling ---------------------------------------------------------------------------------------------------

    def _emit(
        self, run: Run, ordinal: int, value: Any, reckoning: Reckoning, place: int, met: int, replaced: int,
        out: list[ComputedDuty],
    ) -> bool:
        """Add one duty. True when it was met, so that a chain goes on from there."""
        rule, calendar = self.rule, self.calendar
        base = reckoning.base.toordinal()
        known, ordinals = run.known, run.ordinals
        ended, why = self._ending(run, place, met, replaced)
        if met != _NONE and ended != _NONE and ordinals[ended] < ordinals[met]:
            met = _NONE
        elif met != _NONE:
            ended = _NONE
        reason = ""
        due: int | None = None
        moment: datetime | None = None
        standing: str | None = None
        pauses: Sequence[Pause] = ()
        if self._pauses is not None:
            pauses, standing = self._paused(run, place, met)
            reckoning.pauses = pauses
        try:
            if isinstance(value, HalfWay):
                due = self._half_way(run, reckoning)
                if due is None:
                    return False
            elif self._school_day:
                moment = calendar.next_school_start(reckoning.moment or reckoning.base)
            elif self._backwards:
                due = day_before(value, base, calendar)
            elif value.unit in ELAPSED:
                moment = after_moment(value, reckoning.moment or start_of(reckoning.base))
                if pauses:
                    moment = prove(reckoning, value).due  # type: ignore[assignment]
            elif pauses:
                due = paused_day(value, base, calendar, rule.counts_trigger_day, pauses)
            else:
                due = due_day(value, base, calendar, inclusive=rule.counts_trigger_day)
        except CalendarTooShort as error:
            reason = str(error)
        if self._extends:
            extended = self._extension(run, place, met)
            if extended is not None:
                reckoning.extended = extended
                given = extended[0]
                moment = given if isinstance(given, datetime) else None
                due = None if moment is not None else given.toordinal()
        happening = known[met] if met != _NONE else None
        status: Status
        late = False
        if moment is not None:
            last: date | datetime | None = moment
            soon: date | datetime | None = moment - min(timedelta(days=1), (moment - moment_of(reckoning.moment or reckoning.base)) / 5)
            over = run.as_of > moment
            near = run.as_of >= soon  # type: ignore[operator]
        elif due is not None:
            last = date.fromordinal(due)
            ahead = day_before(rule.soon, due, calendar) if rule.soon is not None else due - max(1, min(7, (due - base) // 5))
            soon = date.fromordinal(ahead)
            over, near = run.today > due, run.today >= ahead
        else:
            last = soon = None
            over = near = False
        if happening is not None:
            late = moment is not None and _after_moment(happening, moment) or due is not None and ordinals[met] > due
            status = "met_late" if late else "met_on_time"
        elif ended != _NONE:
            status = "cancelled"
            late = due is not None and ordinals[ended] > due or moment is not None and _after_moment(known[ended], moment)
            reason = why
        elif standing is not None:
            status, reason, last, soon = "waiting", standing, None, None
        elif last is None or base > run.today and not self._backwards:
            status = "waiting"
        elif over:
            status, late = "overdue", True
        else:
            status = "due_soon" if near else "open"
        if self._excuses and happening is None:
            excused = run.first([(kind, None) for kind, _ in self._excuses], place, base if place == _NONE else ordinals[place])
            if excused != _NONE and (ended == _NONE or excused < ended):
                field = dict(self._excuses)[known[excused].kind]
                reason = str(known[excused].data.get(field) or "") if field else ""
                reason = reason or self._titles[known[excused].kind]
                status = "excused"
        if due is not None:
            run.due_from[self.identity, reckoning.anchor_id] = due
        if self._backwards:
            triggered = known[place].day
        else:
            triggered = reckoning.base
        reckoning.settled = (status, happening, reason)
        out.append(ComputedDuty(
            self.identity, ordinal, rule.title, rule.owner, rule.force, self.reference, triggered, reckoning.anchor_id,
            last, soon, happening, status, late, reason, partial(prove, reckoning, value),
        ))
        return happening is not None

    def _ending(self, run: Run, place: int, met: int, replaced: int) -> tuple[int, str]:
        """What ended the clock unmet: an event named by `unless` or `stops`, a new trigger, or the case closing."""
        ended, why = _NONE, ""
        if self._ends:
            ended = run.first(self._ends, place, run.ordinals[place] if place >= 0 else 0,
                              run.known[place].kind if place >= 0 else "")
            if ended != _NONE:
                why = self._titles[run.known[ended].kind]
        if replaced != _NONE and (ended == _NONE or replaced < ended):
            ended, why = replaced, f"Replaced: {self._titles[run.known[replaced].kind]}"
        closed = run.closed_at
        if closed != _NONE and not self.rule.survives_closure and closed >= place and (ended == _NONE or closed < ended):
            if met == _NONE or closed < met:
                ended, why = closed, "The case closed"
        return ended, why

    def _paused(self, run: Run, place: int, met: int) -> tuple[list[Pause], str | None]:
        assert self._pauses is not None
        starts, ends = self._pauses
        found: list[Pause] = []
        after = place
        while True:
            start = run.first(starts, after, run.ordinals[after] if after >= 0 else 0)
            if start == _NONE or (met != _NONE and start > met):
                return found, None
            again = run.first(ends, start, run.ordinals[start])
            if again == _NONE or (met != _NONE and again > met):
                if met != _NONE:
                    found.append((run.ordinals[start], run.ordinals[met]))
                    return found, None
                return found, f"Paused since {run.known[start].day.isoformat()}: {self._titles[run.known[start].kind]}"
            found.append((run.ordinals[start], run.ordinals[again]))
            after = again

    def _extension(self, run: Run, place: int, met: int) -> tuple[date | datetime, Happening] | None:
        granted = None
        for kind, asked in self._extends:
            for where in run.positions.get(kind, ()):
                if where > place and (met == _NONE or where < met):
                    given = as_date(run.known[where].data.get(asked))
                    if given is not None:
                        granted = (given, run.known[where])
        return granted

    def _half_way(self, run: Run, reckoning: Reckoning) -> int | None:
        start = reckoning.base.toordinal()
        kind, dot, asked = self._to.partition(".")
        end = None
        if not dot:
            end = run.due_from.get((kind, reckoning.anchor_id))
        else:
            for where in run.positions.get(kind, ()):
                given = as_date(run.known[where].data.get(asked))
                if given is not None and run.ordinals[where] >= start:
                    end = (given.astimezone(LONDON) if isinstance(given, datetime) else given).toordinal()
        if end is None:
            return None
        reckoning.half_way_to = date.fromordinal(end)
        return start + (end - start) // 2


class _Step:
    """One step of a recurring clock, ready to apply."""

    __slots__ = ("condition", "during", "length", "turn", "until", "whenever")

    def __init__(self, step: Every) -> None:
        self.length: Interval = step.length
        self.turn = 1 if step.first else 2 if step.second else 3 if step.third else 0
        self.during, self.until = step.during_first, step.until
        self.condition = compile_when(step.when)
        self.whenever = step.then is not None and self.condition is None

    def applies(self, run: Run, turn: int, trigger: int, base: int, data: Mapping[str, Any]) -> bool:
        if self.whenever:
            return True
        if self.turn and self.turn != turn:
            return False
        if self.during is not None and base >= _plus(self.during, trigger):
            return False
        if self.until is not None and any(run.ordinals[place] <= base for place in run.positions.get(self.until, ())):
            return False
        return self.condition is None or self.condition(data, base, run.around)


def _plus(length: Interval, day: int) -> int:
    months = {"months": length.amount, "years": 12 * length.amount}.get(length.unit.value)
    if months is not None:
        return add_months(date.fromordinal(day), months).toordinal()
    return day + length.amount * (7 if length.unit.value == "weeks" else 1)


def _in_force(rule: DutyRule) -> tuple[list[int], list[Any]]:
    """First days in force and the value from each: an interval, the steps of a recurring clock, or None."""
    if rule.within is not None or rule.by is not None:
        dated = rule.within or rule.by
        assert dated is not None
        return [day.toordinal() for day, _ in dated], [value for _, value in dated]
    if isinstance(rule.every, Mapping):
        dates = sorted(rule.every)
        return [day.toordinal() for day in dates], [
            None if (steps := rule.every[day]) is None else [_Step(step) for step in steps] for day in dates
        ]
    value: Any = [_Step(step) for step in rule.every] if rule.every else HalfWay() if rule.midway else rule.before
    assert rule.in_force is not None
    days, values = [rule.in_force.start.toordinal()], [value]
    if rule.in_force.end is not None:
        days.append(rule.in_force.end.toordinal() + 1)
        values.append(None)
    return days, values


def _split(name: str) -> tuple[str, str]:
    kind, _, asked = name.partition(".")
    return kind, asked


def _after_moment(one: Happening, limit: datetime) -> bool:
    """Whether something happened after a moment; where only its day is known, after that day."""
    if one.moment is not None:
        return one.moment > limit
    return one.day > limit.astimezone(LONDON).date()


def as_date(value: Any) -> date | datetime | None:
    """A day or an aware moment from an answer as stored (ISO text) or as given; None for anything else."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value) if "T" in value or " " in value.strip() else date.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        return value if value.tzinfo is not None else value.replace(tzinfo=LONDON)
    return value if isinstance(value, date) else None

