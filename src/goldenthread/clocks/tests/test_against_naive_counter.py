"""Due days held against an independent counter that walks the calendar a day at a time, on any start and length."""

from __future__ import annotations

import calendar as month_lengths
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from goldenthread.clocks.calendar import LONDON, seconds_of
from goldenthread.clocks.interval import after, before, paused_day
from goldenthread.guidance.words import Interval, Unit

from .pathways import USUAL, calendar, dues, run, statuses

CALENDAR = calendar()
HOLIDAYS = {date.fromordinal(day) for day in CALENDAR.names}
starts = st.dates(date(2012, 1, 1), date(2027, 6, 30))
amounts = st.integers(1, 120)


def naive_working_days(start: date, amount: int, step: int = 1) -> date:
    day = start
    while amount:
        day += timedelta(days=step)
        if day.isoweekday() < 6 and day not in HOLIDAYS:
            amount -= 1
    return day


def naive_months(start: date, months: int) -> date:
    year, month = start.year, start.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return date(year, month, min(start.day, month_lengths.monthrange(year, month)[1]))


def naive_month_ends(start: date, months: int) -> date:
    """The last day of the calendar month so many after that of `start`: walk on until so many months have begun."""
    day, begun = start, 0
    while True:
        following = day + timedelta(days=1)
        if following.month != day.month:
            if begun == months:
                return day
            begun += 1
        day = following


@given(starts, st.integers(0, 24))
def test_whole_months_end_with_a_month(start: date, amount: int) -> None:
    proof = after(Interval(amount, Unit.WHOLE_MONTHS), start, CALENDAR)
    assert proof.due == naive_month_ends(start, amount)
    assert "To the last day of the calendar month" in proof.steps[0].text


@given(starts, st.integers(0, 5))
def test_whole_years_end_with_december(start: date, amount: int) -> None:
    assert after(Interval(amount, Unit.WHOLE_YEARS), start, CALENDAR).due == naive_month_ends(
        date(start.year, 12, 1), 12 * amount
    )


@given(starts, amounts)
def test_working_days_after(start: date, amount: int) -> None:
    proof = after(Interval(amount, Unit.WORKING_DAYS), start, CALENDAR)
    assert proof.due == naive_working_days(start, amount)
    assert [step.counted for step in proof.steps if step.counted][-1] == amount


@given(starts, amounts)
def test_working_days_before(start: date, amount: int) -> None:
    end = start + timedelta(days=400)
    assert before(Interval(amount, Unit.WORKING_DAYS), end, CALENDAR).due == naive_working_days(
        end, amount, step=-1
    )


@given(starts, st.integers(1, 36))
def test_months_after(start: date, amount: int) -> None:
    assert after(Interval(amount, Unit.MONTHS), start, CALENDAR).due == naive_months(start, amount)


@given(starts, amounts)
def test_counting_the_trigger_day_is_counting_from_the_day_before(start: date, amount: int) -> None:
    for unit in (Unit.WORKING_DAYS, Unit.DAYS):
        inclusive = after(Interval(amount, unit), start, CALENDAR, counts_trigger_day=True).due
        assert inclusive == after(Interval(amount, unit), start - timedelta(days=1), CALENDAR).due


@given(st.datetimes(datetime(2012, 1, 1), datetime(2028, 1, 1)), st.integers(1, 400))
def test_hours_are_hours_that_pass(start: datetime, hours: int) -> None:
    moment = start.replace(tzinfo=UTC).astimezone(LONDON)
    due = after(Interval(hours, Unit.HOURS), moment, CALENDAR).due
    assert isinstance(due, datetime)
    assert due.timestamp() - moment.timestamp() == hours * 3600


@given(starts, amounts, st.integers(0, 60), st.integers(0, 60))
def test_paused_working_days_leave_out_just_the_days_paused(
    start: date, amount: int, after_days: int, length: int
) -> None:
    first = start + timedelta(days=after_days)
    again = first + timedelta(days=length)
    day, left = start, amount
    while left:
        day += timedelta(days=1)
        if day.isoweekday() < 6 and day not in HOLIDAYS and not first <= day < again:
            left -= 1
    pauses = [(first.toordinal(), again.toordinal())]
    assert (
        paused_day(Interval(amount, Unit.WORKING_DAYS), start.toordinal(), CALENDAR, False, pauses)
        == day.toordinal()
    )
    assert after(Interval(amount, Unit.WORKING_DAYS), start, CALENDAR, pauses=pauses).due == day


@given(starts, st.integers(0, 30), st.integers(1, 60))
def test_a_later_start_is_never_due_sooner(start: date, later: int, amount: int) -> None:
    interval = Interval(amount, Unit.WORKING_DAYS)
    first = after(interval, start, CALENDAR).due
    second = after(interval, start + timedelta(days=later), CALENDAR).due
    assert first is not None and second is not None and first <= second


@given(starts, st.lists(st.integers(1, 300), max_size=8))
def test_a_chain_of_reviews_runs_from_each_one_held(start: date, gaps: list[int]) -> None:
    rule = (
        f"one: {{{USUAL}, after: opened, "
        "every: [{first: 20 working days}, {second: 3 months}, {then: 6 months}], in_force: {from: 2011-04-01}, met_by: held}"
    )
    days = [start]
    for gap in gaps:
        days.append(days[-1] + timedelta(days=gap))
    progress = run(
        rule,
        [("opened", start.isoformat()), *(("held", day.isoformat()) for day in days[1:])],
        days[-1].isoformat(),
    )
    expected = [naive_working_days(start, 20)]
    expected += [naive_months(day, 3 if turn == 0 else 6) for turn, day in enumerate(days[1:])]
    assert dues(progress) == [day.isoformat() for day in expected]
    for status, due, met in zip(statuses(progress), expected, days[1:], strict=False):
        assert status == ("met_on_time" if met <= due else "met_late")


@given(st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1)), st.integers(0, 1))
def test_seconds_of_a_time_in_london_are_its_timestamp_also_while_the_clocks_change(
    when: datetime, fold: int
) -> None:
    for moment in (when, datetime(when.year, 10, 31 - when.day % 7, when.hour, when.minute)):
        london = moment.replace(tzinfo=LONDON, fold=fold)
        assert seconds_of(london) == london.timestamp()
    assert seconds_of(when.replace(tzinfo=UTC)) == when.replace(tzinfo=UTC).timestamp()
