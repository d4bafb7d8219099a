"""One clock of a pathway, compiled: finds its triggers among the events of a case and settles a duty for each.

Only `engine` uses this. Days are ordinals (date.toordinal); positions index the case's events in the order they
happened.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Mapping, Sequence
from copy import copy
from datetime import date, datetime
from typing import Any

from goldenthread.guidance.pathway import DutyRule, Pathway

from .answers import as_date
from .calendar import LONDON, Calendar, start_of
from .conditions import Condition, compile_when
from .duty import ComputedDuty
from .happening import Happening
from .interval import birthday, day_before
from .rules import Measure, RecurringStep, in_force
from .run import NONE, Counts, Run, Trigger
from .settling import Settling


class Clock(Settling):
    """A duty rule ready to run."""

    __slots__ = (
        "_after", "_birthday_when", "_birthdays", "_days", "_direct", "_first_only", "_in_order", "_latest",
        "_matching", "_met", "_only_while", "_repeated", "_settled_from", "_simple", "_values", "triggers",
    )  # fmt: skip

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
        self._days.insert(0, 0)  # before the first, nothing was in force
        values.insert(0, None)
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
        self._soon = rule.soon
        self._matching = rule.matching
        self._nth, self._rank = calendar.nth, calendar.rank
        self._in_order = self._finds_in_order()
        self._simple = self._is_simple()
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
        one._simple = one._is_simple()
        one._ends = bool(one._unless or one._stops)
        return one

    def _finds_in_order(self) -> bool:
        """Whether its triggers are found in the order they count: one kind, counted from when it happened."""
        return len(self._after) < 2 and not (
            self._birthdays or self._received_after or any(asked for _, asked, _ in self._after)
        )

    def _is_simple(self) -> bool:
        """Whether it starts when one kind of event happens and is met by nothing before that."""
        looks_back = self.backwards or self.rule.accepts_earlier is not False
        return self._in_order and len(self._after) == 1 and not looks_back and self._repeated is None

    def _counts_plainly(self) -> bool:
        """Whether nothing but an interval decides when it is due."""
        return not (self.pauses or self.extends or self.backwards or self.is_midway or self.rule.before)

    # Triggers ---------------------------------------------------------------------------------------------------

    def run(self, run: Run, out: list[ComputedDuty]) -> None:
        """Settle every duty of this clock, in order, onto `out`."""
        if self._only_while is not None and not self._only_while({}, run.today, run):
            return
        if self._simple:
            [(kind, _, condition)] = self._after
            places = run.positions[kind]
            if not self._latest or len(places) == 1:
                self._run_simply(run, kind, places, condition, out)
                return
        triggers = self._find(run)
        if not triggers:
            return
        if len(triggers) > 1:
            if not self._in_order:
                triggers.sort(key=_in_order)
            if self._first_only:
                del triggers[1:]
        ordinal = 0
        before: dict[Hashable, tuple[int, int]] = {}
        """For each set of matched answers: the earliest day that the next may be met ahead of time, and what met the last."""
        for index, trigger in enumerate(triggers):
            started = run.ordinals[trigger[0]] if self.backwards else trigger[1]
            value = (
                self._values[-1]
                if started >= self._settled_from
                else self._values[self._in_force_on(started)]
            )
            answers = None if self._direct else self._answers(trigger)
            earliest, used = before.get(answers, (0, NONE))
            before[answers] = trigger[1] + 1, used
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
            used = self._once(run, trigger, value, ordinal, earliest, used, replaced, out)
            before[answers] = trigger[1] + 1, used

    def _run_simply(
        self, run: Run, kind: str, places: list[int], condition: Condition | None, out: list[ComputedDuty]
    ) -> None:
        """As `run`, for the many clocks that start when one kind of event happens and look at nothing before it."""
        happenings, ordinals, met_by = run.happenings, run.ordinals, self._met
        ordinal = 0
        for place in places:
            one, day = happenings[place], ordinals[place]
            if condition is not None and not condition(one.data, day, run):
                continue
            value = self._values[-1 if day >= self._settled_from else self._in_force_on(day)]
            if value is not None:
                trigger = (place, day, one.moment, one, kind)
                if isinstance(value, list):
                    ordinal = self._chain(run, trigger, value, ordinal, NONE, out)
                else:
                    ordinal += 1
                    met = run.first(met_by, place, day, kind) if met_by else NONE
                    if self._matching and met != NONE:
                        met = self._matching_one(run, one, met)
                    self._settle(run, trigger, value, ordinal, met, NONE, trigger, out)
            if self._first_only:
                return

    def _in_force_on(self, day: int) -> int:
        """Which of the values was in force on a day."""
        return bisect_right(self._days, day) - 1

    def _answers(self, trigger: Trigger) -> Hashable:
        """What a trigger answered to the questions that must match: nothing where the rule matches none."""
        one = trigger[3]
        return str([one.data.get(name) for name in self._matching]) if self._matching and one is not None else None

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
        met = run.first(self._met, after, floor, own) if self._met else NONE
        if not self._matching or happening is None or met == NONE:
            return met
        return self._matching_one(run, happening, met)

    def _matching_one(self, run: Run, happening: Happening, met: int) -> int:
        """From `met` on, the first event that meets the duty and gives the same answers as its trigger."""
        while met != NONE and not _agree(self._matching, happening.data, run.happenings[met].data):
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


def _in_order(trigger: Trigger) -> tuple[int, int]:
    return trigger[0], trigger[1]


def _agree(same: Sequence[str], these: Mapping[str, Any], those: Mapping[str, Any]) -> bool:
    """Whether two events gave the same answers to some questions."""
    for name in same:  # noqa: SIM110 - a generator costs more than the comparison
        if these.get(name) != those.get(name):
            return False
    return True
