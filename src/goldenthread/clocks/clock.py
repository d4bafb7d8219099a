"""One clock of a pathway, compiled: finds its triggers among the events of a case and settles a duty for each.

Only `engine` uses this. Days are ordinals (date.toordinal); positions index the case's events in the order they
happened.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from copy import copy
from datetime import date, datetime
from typing import Any

from goldenthread.guidance.pathway import DutyRule, Pathway

from .answers import as_date
from .calendar import FIRST, LONDON, Calendar, CalendarTooShort, start_of
from .conditions import Condition, compile_when
from .duty import Circumstances, ComputedDuty, Status, soon_seconds
from .happening import Happening
from .interval import (
    birthday,
    day_before,
    due_day,
    moment_of,
)
from .reckoning import reckon
from .rules import Measure, RecurringStep, in_force
from .run import NONE, Counts, Run, Trigger


class Clock:
    """A duty rule ready to run."""

    __slots__ = (
        "_after",
        "_as_ruled",
        "_birthday_when",
        "_birthdays",
        "_days",
        "_direct",
        "_ends",
        "_excuses",
        "_first_only",
        "_halved",
        "_in_order",
        "_latest",
        "_matching",
        "_met",
        "_nth",
        "_only_while",
        "_plain",
        "_rank",
        "_received_after",
        "_repeated",
        "_settled_from",
        "_stops",
        "_survives",
        "_unless",
        "_values",
        "backwards",
        "calendar",
        "extends",
        "half_way_to",
        "identity",
        "inclusive",
        "is_midway",
        "pauses",
        "rule",
        "titles",
        "triggers",
    )

    def __init__(self, identity: str, rule: DutyRule, pathway: Pathway, calendar: Calendar) -> None:
        self.identity, self.rule, self.calendar = identity, rule, calendar
        self.is_midway = rule.midway is not None
        self.backwards = rule.by is not None
        after = dict(rule.after or {})
        if self.backwards and not after:
            after = {str(rule.before): {}}
        if rule.midway:
            starts, self.half_way_to = rule.midway
            after = {start: {} for start in ([starts] if isinstance(starts, str) else starts)}
        self._birthdays = [
            int(name.removeprefix("birthday ")) for name in after if name.startswith("birthday ")
        ]
        self._birthday_when = compile_when(rule.when)
        self._only_while = compile_when(rule.only_while)
        self._repeated = rule.if_repeated
        self._after: list[tuple[str, str, Condition | None]] = [
            (kind, asked, compile_when({**when, **rule.when}))
            for name, when in after.items()
            if not name.startswith("birthday ")
            for kind, _, asked in [name.partition(".")]
        ]
        kinds = {kind for kind, _, _ in self._after}
        self.triggers: tuple[str, ...] | None = None if self._birthdays else tuple(kinds)
        """Event kinds without which the clock cannot start; None where a birthday starts it."""
        self._met: Counts = [(kind, compile_when(when)) for kind, when in rule.met_by.items()]
        self._unless: Counts = [(kind, compile_when(when)) for kind, when in rule.unless.items()]
        self._stops: Counts = [(kind, compile_when(when)) for kind, when in rule.stops.items()]
        events = pathway.events
        self.extends = [
            (kind, one.extends.to)
            for kind, one in events.items()
            if one.extends and one.extends.duty == identity
        ]
        self._excuses = {
            kind: one.excuses.reason
            for kind, one in events.items()
            if one.excuses and one.excuses.duty == identity
        }
        self._received_after = {
            kind: events[kind].received_after for kind in kinds if events[kind].received_after
        }
        self.titles = {kind: pathway.title_of(kind) for kind in events}
        self.pauses: tuple[Counts, Counts] | None = (
            (
                [(kind, compile_when(when)) for kind, when in rule.pauses.start.items()],
                [(kind, compile_when(when)) for kind, when in rule.pauses.end.items()],
            )
            if rule.pauses
            else None
        )
        self._halved = any(
            other.midway is not None and other.midway[1] == identity for other in pathway.duties.values()
        )
        """Another clock falls due half way to this one's due day."""
        self._latest = rule.counting == "latest" or (self.backwards and rule.counting == "each")
        self._days, values = in_force(rule)
        self._values: list[Measure | list[RecurringStep] | None] = [
            one if one is None or isinstance(one, list) else Measure(one) for one in values
        ]
        self._settled_from = self._days[-1]
        self._first_only = rule.counting == "first"
        self._direct = not (
            self._latest or self.backwards or rule.matching or rule.accepts_earlier is not False
        )
        """Met by the first event that counts on or after the trigger, and by nothing less plain."""
        self.inclusive = rule.counts_trigger_day
        self._survives = rule.survives_closure
        self._matching = rule.matching
        self._nth, self._rank = calendar.nth, calendar.rank
        self._in_order = self._finds_in_order()
        self._plain = self._counts_plainly()
        self._ends = bool(self._unless or self._stops)
        """Something besides the closing of the case can end it unmet."""
        self._as_ruled = self
        """The clock as the rule gives it, before it was fitted to a case."""

    def fitted(self, kinds: frozenset[str]) -> Clock | None:
        """This clock for cases that have these kinds of event and no other: what cannot happen is not looked for.

        None where it cannot start. A case has few of the kinds that a clock asks about, and few sets of kinds make up
        most cases, so that fitting each clock once to each set saves most of the looking.
        """
        if self.triggers is not None and kinds.isdisjoint(self.triggers):
            return None
        one = copy(self)
        one._after = [entry for entry in self._after if entry[0] in kinds]
        one._met, one._unless, one._stops = (
            [entry for entry in counts if entry[0] in kinds]
            for counts in (self._met, self._unless, self._stops)
        )
        one._excuses = {kind: asked for kind, asked in self._excuses.items() if kind in kinds}
        one.extends = [entry for entry in self.extends if entry[0] in kinds]
        if self.pauses is not None and kinds.isdisjoint(kind for kind, _ in self.pauses[0]):
            one.pauses = None
        one._plain = one._counts_plainly()
        one._in_order = one._finds_in_order()
        one._ends = bool(one._unless or one._stops)
        return one

    def _finds_in_order(self) -> bool:
        """Whether its triggers are found in the order they count: one kind, counted from when it happened."""
        return len(self._after) < 2 and not (
            self._birthdays or self._received_after or any(asked for _, asked, _ in self._after)
        )

    def _counts_plainly(self) -> bool:
        """Whether nothing but an interval decides when it is due."""
        return not (self.pauses or self.extends or self.backwards or self.is_midway or self.rule.before)

    def soon_day(self, base: int, due: int) -> int:
        """From which day it shows as due soon: as the rule says, else a fifth of the time, one to seven days before."""
        if self.rule.soon is not None:
            return day_before(self.rule.soon, due, self.calendar)
        return due - max(1, min(7, (due - base) // 5))

    # Triggers ---------------------------------------------------------------------------------------------------

    def run(self, run: Run, out: list[ComputedDuty]) -> None:
        """Settle every duty of this clock, in order, onto `out`."""
        if self._only_while is not None and not self._only_while({}, run.today, run):
            return
        triggers = self._find(run)
        if not triggers:
            return
        if len(triggers) > 1:
            if not self._in_order:
                triggers.sort(key=_in_order)
            if self._first_only:
                del triggers[1:]
        ordinal, used = 0, NONE
        for index, trigger in enumerate(triggers):
            started = run.ordinals[trigger[0]] if self.backwards else trigger[1]
            if started >= self._settled_from:
                value = self._values[-1]
            else:
                found = bisect_right(self._days, started)
                value = self._values[found - 1] if found else None
            if value is None:
                continue
            replaced = self._replacing(triggers, index) if self._latest else NONE
            if isinstance(value, list):
                ordinal = self._chain(run, trigger, value, ordinal, replaced, out)
                continue
            ordinal += 1
            if self._direct:
                met = run.first(self._met, trigger[0], trigger[1], trigger[4]) if self._met else NONE
                self._settle(run, trigger, value, ordinal, met, NONE, trigger, out)
                continue
            earliest = triggers[index - 1][1] + 1 if index else 0
            used = self._once(run, trigger, value, ordinal, earliest, used, replaced, out)

    def _replacing(self, triggers: Sequence[Trigger], index: int) -> int:
        """Where the next trigger is that takes the place of one; where the rule matches, one with the same answers."""
        same, one = self._matching, triggers[index][3]
        for following in triggers[index + 1 :]:
            other = following[3]
            if not same or one is None or other is None or _agree(same, one.data, other.data):
                return following[0]
        return NONE

    def _find(self, run: Run) -> list[Trigger]:
        found: list[Trigger] = []
        happenings, ordinals = run.happenings, run.ordinals
        for kind, asked, condition in self._after:
            for place in run.positions.get(kind, ()):
                one, day = happenings[place], ordinals[place]
                if condition is not None and not condition(one.data, day, run):
                    continue
                if self._repeated is not None and not self._has_repeated(run, place, day):
                    continue
                base, moment = day, one.moment
                if asked:
                    given = as_date(one.data.get(asked))
                    if given is None:
                        continue
                    moment = given if isinstance(given, datetime) else None
                    base = (given.astimezone(LONDON) if isinstance(given, datetime) else given).toordinal()
                elif self._received_after and kind in self._received_after:
                    base, moment = self._deemed(kind, base, moment)
                found.append((place, base, moment, one, kind))
        if self._birthdays:
            self._find_birthdays(run, found)
        return found

    def _has_repeated(self, run: Run, place: int, day: int) -> bool:
        """Whether the event named by `if_repeated` happened often enough lately, up to and with this one."""
        assert self._repeated is not None
        since = day_before(self._repeated.within, day, self.calendar)
        many = sum(
            1
            for other in run.positions.get(self._repeated.event, ())
            if other <= place and run.ordinals[other] >= since
        )
        return many >= self._repeated.times

    def _find_birthdays(self, run: Run, found: list[Trigger]) -> None:
        born = run.subject.born
        if born is not None and run.opened is not None:
            closed = run.ordinals[run.closed_at] if run.closed_at != NONE and not self._survives else None
            for age in self._birthdays:
                base = birthday(born, age).toordinal()
                if closed is not None and base > closed:
                    continue
                if base > run.opened.toordinal() and (
                    self._birthday_when is None or self._birthday_when({}, base, run)
                ):
                    found.append((bisect_left(run.ordinals, base) - 1, base, None, None, ""))

    def _deemed(self, kind: str, day: int, moment: datetime | None) -> tuple[int, datetime | None]:
        """Received after the hour, or on a day that is not a working day: counted from the next working day."""
        hour = self._received_after[kind]
        late = moment is not None and hour is not None and moment.astimezone(LONDON).time() > hour
        if late or not self.calendar.is_working(day):
            following = self.calendar.plus_working(day, 1)
            return following, (start_of(date.fromordinal(following)) if moment is not None else None)
        return day, moment

    def _once(
        self,
        run: Run,
        trigger: Trigger,
        value: Measure,
        ordinal: int,
        earliest: int,
        used: int,
        replaced: int,
        out: list[ComputedDuty],
    ) -> int:
        """Add the duty of one trigger. What met the trigger before, `used`, cannot have met this one ahead of time."""
        place, base, _, happening, kind = trigger
        accepts = self.rule.accepts_earlier
        if accepts is not False:
            floor = earliest if accepts is True else max(earliest, day_before(accepts, base, self.calendar))
            met = self._matched(run, happening, used, floor, kind)
        else:
            met = self._matched(run, happening, place, run.ordinals[place] if self.backwards else base, kind)
        return self._settle(run, trigger, value, ordinal, met, replaced, trigger, out)

    def _matched(self, run: Run, happening: Happening | None, after: int, floor: int, own: str) -> int:
        """The first event that meets the duty, with the same answers as the trigger where the rule says so."""
        same = self._matching
        met = run.first(self._met, after, floor, own) if self._met else NONE
        if not same or happening is None or met == NONE:
            return met
        while met != NONE and not _agree(same, happening.data, run.happenings[met].data):
            met = run.following(self._met, met)
        return met

    def _chain(
        self,
        run: Run,
        trigger: Trigger,
        steps: Sequence[RecurringStep],
        ordinal: int,
        replaced: int,
        out: list[ComputedDuty],
    ) -> int:
        begun, anchor = trigger[1], trigger[3]
        data = anchor.data if anchor is not None else {}
        turn, link = 0, trigger
        while True:
            turn += 1
            for step in steps:
                if step.applies(run, turn, begun, link[1], data):
                    break
            else:
                return ordinal
            ordinal += 1
            met = (
                run.first(self._met, link[0], link[1], link[4])
                if turn == 1
                else run.following(self._met, link[0])
            )
            onward = self._settle(run, link, step.measure, ordinal, met, replaced, trigger, out)
            if onward == NONE or (onward == run.closed_at and not self._survives):
                return ordinal
            one = run.happenings[onward]
            link = (onward, run.ordinals[onward], one.moment, one, one.kind)

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
        closed = run.closed_at
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
                    else moment_of(moment or date.fromordinal(base)).timestamp()
                )
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
            late = run.is_after(met, due_stamp) if due_stamp else 0 < due < ordinals[met]
            status = "met_late" if late else "met_on_time"
            reason = ""
        elif ended != NONE:
            late = run.is_after(ended, due_stamp) if due_stamp else 0 < due < ordinals[ended]
            status = "cancelled"
        elif standing:
            status, reason, due, due_stamp = "waiting", standing, 0, 0.0
        elif due_stamp:
            left = due_stamp - run.as_of.timestamp()
            whole = due_stamp - moment_of(moment or date.fromordinal(base)).timestamp()
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
        closed = run.closed_at
        if (
            closed != NONE
            and not self._survives
            and closed >= place
            and (ended == NONE or closed < ended)
            and (met == NONE or closed < met)
        ):
            ended, why = closed, "The case closed"
        return ended, why


def _in_order(trigger: Trigger) -> tuple[int, int]:
    return trigger[0], trigger[1]


def _agree(same: Sequence[str], these: Mapping[str, Any], those: Mapping[str, Any]) -> bool:
    """Whether two events gave the same answers to some questions."""
    for name in same:  # noqa: SIM110 - a generator costs more than the comparison
        if these.get(name) != those.get(name):
            return False
    return True
