"""Due dates: how long after, or before, what.

Source: the guidance each duty cites, and for what it leaves unsaid Dodds v Walker [1981] 1 WLR 1027: a period "within N
working days of" an event excludes the day of the event ("beginning with" includes it, `counts_trigger_day`), and months
are calendar months, ending on the same day or on the last day of a shorter month (31 August and 6 months is 28 or 29
February); Interpretation Act 1978 s 5 and Sch 1, "month".
Hours are elapsed time, so they run through weekends and clock changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache

from goldenthread.guidance.words import ELAPSED, Interval, Unit

from .calendar import LONDON, Calendar, start_of
from .proof import Proof, Step, in_words, span_in_words

Pause = tuple[int, int]
"""First day the clock stood still and the day it ran again (ordinals)."""


def add_months(day: date, months: int) -> date:
    """The same day of a later (or earlier) month, or the last day of that month where it is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, _month_length(year, month + 1)))


def _whole(day: date, interval: Interval) -> date:
    """The last day of the calendar month, or year, that is so many after the one of `day`; the first day never matters."""
    if interval.unit is Unit.WHOLE_YEARS:
        return date(day.year + interval.amount, 12, 31)
    month = add_months(day.replace(day=1), interval.amount)
    return month.replace(day=_month_length(month.year, month.month))


def _month_length(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def birthday(born: date, age: int) -> date:
    """The day someone reaches an age; born on 29 February, 1 March in other years.

    Source: Family Law Reform Act 1969 s 9 (an age is attained at the start of the anniversary).
    """
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def age_on(born: date, day: date) -> int:
    """Whole years of age on a day; below 0 before birth."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def due_day(interval: Interval, start: int, calendar: Calendar, *, inclusive: bool = False) -> int:
    """The last day (ordinal) of an interval of days that starts on `start`; raises CalendarTooShort.

    `inclusive` counts the first day. The plain, fast path: no pauses, no proof.
    """
    unit, amount = interval.unit, interval.amount
    if unit is Unit.WORKING_DAYS:
        return calendar.plus_working(start - 1 if inclusive else start, amount)
    if unit is Unit.DAYS:
        return start + amount - inclusive
    if unit is Unit.WEEKS:
        return start + 7 * amount - inclusive
    if unit is Unit.MONTHS:
        return add_months(date.fromordinal(start), amount).toordinal() - inclusive
    if unit is Unit.YEARS:
        return add_months(date.fromordinal(start), 12 * amount).toordinal() - inclusive
    if unit is Unit.SCHOOL_DAYS:
        return calendar.plus_school(start - 1 if inclusive else start, amount)
    if unit is Unit.SCHOOL_TERMS:
        return calendar.plus_terms(start, amount)
    if unit is Unit.WHOLE_MONTHS or unit is Unit.WHOLE_YEARS:
        return _whole(date.fromordinal(start), interval).toordinal()
    raise ValueError(f"{interval} is elapsed time, not days")


def day_before(interval: Interval, end: int, calendar: Calendar) -> int:
    """The last day (ordinal) that is a whole interval before the day `end`; raises CalendarTooShort."""
    unit, amount = interval.unit, interval.amount
    if unit is Unit.WORKING_DAYS:
        return calendar.minus_working(end, amount)
    if unit is Unit.DAYS:
        return end - amount
    if unit is Unit.WEEKS:
        return end - 7 * amount
    if unit is Unit.MONTHS:
        return add_months(date.fromordinal(end), -amount).toordinal()
    if unit is Unit.YEARS:
        return add_months(date.fromordinal(end), -12 * amount).toordinal()
    if unit is Unit.SCHOOL_DAYS:
        return calendar.minus_school(end, amount)
    raise ValueError(f"{interval} before a day cannot be counted in {unit.value}")


@cache
def elapsed_seconds(interval: Interval) -> float:
    """The length of an interval of hours or minutes, in seconds."""
    return elapsed(interval).total_seconds()


def elapsed(interval: Interval) -> timedelta:
    """The length of an interval of hours or minutes."""
    return timedelta(minutes=interval.amount * (60 if interval.unit is Unit.HOURS else 1))


def moment_of(start: date | datetime) -> datetime:
    """A start as a moment: a bare day starts at its midnight, so that a clock in hours is never too long."""
    return start if isinstance(start, datetime) else start_of(start)


def after_moment(interval: Interval, start: datetime) -> datetime:
    """The moment an elapsed interval ends, in London time."""
    return (start.astimezone(UTC) + elapsed(interval)).astimezone(LONDON)


def after(
    interval: Interval,
    start: date | datetime,
    calendar: Calendar,
    *,
    counts_trigger_day: bool = False,
    pauses: Sequence[Pause] = (),
) -> Proof:
    """The last day (or moment) on which something due within `interval` of `start` is in time, with its proof.

    `start` is a day, or an aware moment: for intervals in days the day in London on which it falls.
    Raises CalendarTooShort if the calendar does not reach the answer.
    """
    if interval.unit in ELAPSED:
        return _elapsed_proof(interval, start, pauses)
    first = (start.astimezone(LONDON).date() if isinstance(start, datetime) else start).toordinal()
    joined = "beginning with" if counts_trigger_day else "after"
    rule = f"{_capital(str(interval))} {joined} {in_words(date.fromordinal(first))}"
    if interval.unit in (Unit.WORKING_DAYS, Unit.SCHOOL_DAYS):
        return _counted_proof(interval, first, calendar, rule, counts_trigger_day, pauses)
    due = due_day(interval, first, calendar, inclusive=counts_trigger_day)
    steps = [Step("The first day is counted." if counts_trigger_day else "The day itself is not counted.")]
    if interval.unit in (Unit.MONTHS, Unit.YEARS):
        day, landed = date.fromordinal(first), date.fromordinal(due + counts_trigger_day)
        if landed.day != day.day:
            steps.append(
                Step(f"{landed:%B %Y} has no day {day.day}, so it ends on the last day of the month.")
            )
        else:
            steps.append(Step(f"Calendar months: the same day of the month, {landed.day} {landed:%B %Y}."))
    elif interval.unit is Unit.SCHOOL_TERMS:
        steps = [Step("By the last day of the next school term.")]
    elif interval.unit in (Unit.WHOLE_MONTHS, Unit.WHOLE_YEARS):
        steps = [Step(f"To the last day of the calendar {interval.unit.value[6:-1]}, whatever its first day was.")]
    else:
        steps.append(Step("Weekends and bank holidays are counted."))
    due, added = _pushed(first, due, pauses)
    steps += added
    return Proof(date.fromordinal(due), rule, tuple(steps))


def before(interval: Interval, end: date | datetime, calendar: Calendar) -> Proof:
    """The last day that is at least `interval` before the day `end`, with its proof. Raises CalendarTooShort."""
    if interval.unit in ELAPSED:
        moment = (moment_of(end).astimezone(UTC) - elapsed(interval)).astimezone(LONDON)
        return Proof(moment, f"{_capital(str(interval))} before {in_words(moment_of(end))}")
    last = (end.astimezone(LONDON).date() if isinstance(end, datetime) else end).toordinal()
    due = day_before(interval, last, calendar)
    steps = [Step("The day itself is not counted.")]
    if interval.unit in (Unit.WORKING_DAYS, Unit.SCHOOL_DAYS):
        steps += _runs(last - 1, due, calendar, interval.unit, step=-1)
    certain = interval.unit is not Unit.WORKING_DAYS or calendar.certain(due, last)
    return Proof(
        date.fromordinal(due),
        f"{_capital(str(interval))} before {in_words(date.fromordinal(last))}",
        tuple(steps),
        certain,
    )


def paused_day(
    interval: Interval, start: int, calendar: Calendar, inclusive: bool, pauses: Sequence[Pause]
) -> int:
    """As `due_day`, with days on which the clock stood still left out."""
    if interval.unit not in (Unit.WORKING_DAYS, Unit.SCHOOL_DAYS):
        return _pushed(start, due_day(interval, start, calendar, inclusive=inclusive), pauses)[0]
    counts = calendar.is_working if interval.unit is Unit.WORKING_DAYS else calendar.is_school_day
    day, left = (start - 1 if inclusive else start), interval.amount
    while left:
        day += 1
        if counts(day) and not any(first <= day < again for first, again in pauses):
            left -= 1
    return day


def _counted_proof(
    interval: Interval, first: int, calendar: Calendar, rule: str, inclusive: bool, pauses: Sequence[Pause]
) -> Proof:
    due = (
        paused_day(interval, first, calendar, inclusive, pauses)
        if pauses
        else due_day(interval, first, calendar, inclusive=inclusive)
    )
    steps = [Step("The first day is counted." if inclusive else "The day itself is not counted.")]
    steps += _runs(first if inclusive else first + 1, due, calendar, interval.unit, pauses=pauses)
    certain = calendar.certain(first, due) if interval.unit is Unit.WORKING_DAYS else True
    return Proof(date.fromordinal(due), rule, tuple(steps), certain)


def _runs(
    first: int, last: int, calendar: Calendar, unit: Unit, *, step: int = 1, pauses: Sequence[Pause] = ()
) -> list[Step]:
    """Days from `first` to `last`, in runs that count or that are skipped for the same reason."""
    why = calendar.why_not if unit is Unit.WORKING_DAYS else calendar.why_no_school

    def reason(day: int) -> str | None:
        if any(start <= day < again for start, again in pauses):
            return "the clock was paused"
        return why(day)

    steps: list[Step] = []
    counted, day = 0, first
    while (last - day) * step >= 0:
        skipped, end = reason(day), day
        while (last - end) * step > 0 and reason(end + step) == skipped:
            end += step
        low, high = sorted((day, end))
        span = span_in_words(date.fromordinal(low), date.fromordinal(high))
        if skipped is not None:
            steps.append(Step(f"{span}: {skipped}, not counted"))
        else:
            number = high - low + 1
            numbers = f"day {counted + 1}" if number == 1 else f"days {counted + 1} to {counted + number}"
            counted += number
            steps.append(Step(f"{span}: {numbers}", counted))
        day = end + step
    return steps


def _pushed(first: int, due: int, pauses: Sequence[Pause]) -> tuple[int, list[Step]]:
    """A calendar due day moved on by the days the clock stood still before it."""
    steps = []
    for start, again in sorted(pauses):
        if again > first and start <= due:
            lost = again - max(start, first)
            due += lost
            span = span_in_words(date.fromordinal(max(start, first)), date.fromordinal(again - 1))
            steps.append(Step(f"{span}: the clock was paused, {lost} {'day' if lost == 1 else 'days'} added"))
    return due, steps


def _elapsed_proof(interval: Interval, start: date | datetime, pauses: Sequence[Pause]) -> Proof:
    moment = moment_of(start)
    due = after_moment(interval, moment)
    steps = [Step("Every hour counts, nights, weekends and bank holidays included.")]
    if not isinstance(start, datetime):
        steps.insert(0, Step("Only the day is known, so the clock is taken to start at its first minute."))
    local = moment.astimezone(LONDON)
    if local.utcoffset() != due.utcoffset():
        steps.append(Step("The clocks change in between; the hours that pass are what counts."))
    for first, again in sorted(pauses):
        if start_of(date.fromordinal(first)) <= due and start_of(date.fromordinal(again)) > moment:
            lost = start_of(date.fromordinal(again)) - max(start_of(date.fromordinal(first)), moment)
            due = (due.astimezone(UTC) + lost).astimezone(LONDON)
            steps.append(
                Step(
                    f"{span_in_words(date.fromordinal(first), date.fromordinal(again - 1))}: the clock was paused"
                )
            )
    return Proof(due, f"{_capital(str(interval))} after {in_words(moment)}", tuple(steps))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
