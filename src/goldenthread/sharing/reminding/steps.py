"""Which steps of its rule a duty has reached, and when the next one comes. Source of the steps: guidance/reminders.yaml.

Pure but for the calendars of the library: the same for a dry run and for the night.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from goldenthread.clocks.calendar import end_of, start_of
from goldenthread.guidance.pathway import Pathway
from goldenthread.guidance.reminding import ReminderRule, Reminders, ReminderStep

from ..exchange import moment_after

MOST_STEPS = 400
"""A step that comes again and again is counted no further than this."""


@dataclass(frozen=True, slots=True)
class Reached:
    """A step that has come: which, by its place in all that ever come, and what it says."""

    number: int
    step: ReminderStep
    stage: str
    """soon, due or late."""


def rule_for(reminders: Reminders, pathway: Pathway | None, duty: str, by_the_hour: bool) -> ReminderRule:
    """The duty's own rule, its pathway's, or the usual one."""
    rule = pathway.duties.get(duty) if pathway is not None else None
    named = (rule.reminders if rule is not None else None) or (pathway.reminders if pathway is not None else None)
    return reminders.rules[named or (reminders.by_the_hour if by_the_hour else reminders.usual)]


def is_by_the_hour(due_on: date | None, due_at: datetime) -> bool:
    """Whether a clock ends at an hour and not with its day."""
    return due_on is None or due_at != end_of(due_on)


def moments(
    rule: ReminderRule, soon_at: datetime | None, due_on: date | None, due_at: datetime, arrangement: str, until: datetime
) -> Iterator[tuple[datetime, Reached]]:
    """Every step with its moment, in the order of the rule, up to the first that comes after `until`, which is the last
    given. A step that comes again does so without end."""
    by_hour = is_by_the_hour(due_on, due_at)
    number, moment = -1, due_at
    for step in rule.steps:
        number += 1
        if step.at == "soon":
            moment = min(soon_at or due_at, due_at)
        elif step.at == "due":
            moment = due_at if by_hour or due_on is None else start_of(due_on)
        else:
            assert step.late_by is not None  # a step has one or the other
            moment = moment_after(step.late_by, due_at, arrangement)
        yield moment, Reached(number, step, step.at or "late")
        if moment > until:
            return
    last = rule.steps[-1] if rule.steps else None
    while last is not None and last.again_every is not None and number < MOST_STEPS:
        number += 1
        after = moment_after(last.again_every, moment, arrangement)
        moment = after if after > moment else moment + timedelta(days=1)
        yield moment, Reached(number, last, "late")
        if moment > until:
            return


def reached(found: Sequence[tuple[datetime, Reached]], told: int, now: datetime) -> tuple[list[Reached], int, datetime | None]:
    """Steps that have come since `told` of them had, how many have come in all, and when the next does.

    A duty that is seen late for the first time is not told of at each step that it missed: each person hears of the last.
    """
    come = [step for moment, step in found if moment <= now]
    later = [moment for moment, _ in found if moment > now]
    last_for = {one.step.tell: one for one in come if one.number >= told}
    return sorted(last_for.values(), key=lambda one: one.number), max(told, len(come)), min(later, default=None)
