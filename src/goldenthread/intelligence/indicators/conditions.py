"""Conditions on the rows of an indicator, as Ibis expressions: each takes rows and gives those that meet it.

Rows that are not yet laid over periods have no column `period`; conditions that speak of the period wait until they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis
import ibis.expr.types as ir

from goldenthread.guidance.indicator import Conditions, Related, Rows
from goldenthread.guidance.indicator_checks import events_of, pathways_of
from goldenthread.guidance.row_words import Window, in_months_or_days
from goldenthread.guidance.words import Interval

from .answered import answered, answers_to, keep, leave, tests_of
from .rows import KEY, Source, answering


def needs_period(conditions: Conditions, rows: Rows) -> bool:
    """Whether these conditions can only be judged once it is known which period is meant."""
    if rows.when in ("open_at_end", "during"):
        return True
    related = (*conditions.having, *conditions.having_any, *conditions.not_having)
    return conditions.none_late is not None or any(one.within.needs_period for one in related)


def narrowed(source: Source, rows: Rows, conditions: Conditions, table: ir.Table) -> ir.Table:
    """The rows that meet every condition. `on_time` was judged where the duties were read: see `plain_rows`."""
    library = source.library
    if conditions.answers:
        table = answered(source, table, "event", answering(library, rows), conditions.answers)
    for when in conditions.all_answers:
        table = answered(source, table, "event", answering(library, rows), when)
    if conditions.met_by:
        table = answered(source, table, "event", answering(library, rows), conditions.met_by)
    for name, when in conditions.latest.items():
        table = latest(source, rows, table, name, when)
    if conditions.ages is not None:
        if conditions.ages.at_least is not None:
            table = table.filter(table.age >= conditions.ages.at_least)
        if conditions.ages.under is not None:
            table = table.filter(table.age < conditions.ages.under, table.age >= 0)
    if conditions.sex is not None:
        people = source.people.filter(source.people.sex == conditions.sex).select(_person="person")
        table = keep(table, people, [table.person == people._person])
    if conditions.lasted is not None:
        if conditions.lasted.at_least is not None:
            table = table.filter(later(table.start, conditions.lasted.at_least) <= table.day)
        if conditions.lasted.under is not None:
            table = table.filter(later(table.start, conditions.lasted.under) > table.day)
    if conditions.still is not None:
        spells = source.spell(conditions.still).select(_case="case", _end="end")
        ended_later = spells._end.isnull() | (spells._end >= table.due)
        table = keep(table, spells, [table.case == spells._case, ended_later])
    if conditions.in_time is not None:
        met = source.of_duties([conditions.in_time])
        met = met.filter(met.outcome == "met")
        good, late = (met.filter(one).select(_event="met_by").view() for one in (~met.late, met.late))
        table = keep(table, good, [table.event == good._event])
        table = leave(table, late, [table.event == late._event])
    if conditions.none_late is not None:
        table = _none_late(source, table, conditions.none_late)
    for related in conditions.having:
        table = keep(table, *_beside(source, table, related))
    for related in conditions.not_having:
        table = leave(table, *_beside(source, table, related))
    if conditions.having_any or conditions.previous is not None:
        table = _any(source, rows, conditions, table)
    return table


def latest(source: Source, rows: Rows, table: ir.Table, name: str, when: Mapping[str, Any]) -> ir.Table:
    """The rows in whose case the latest answer by then, of an event or a group of events, is as it should be."""
    for field, expected in when.items():
        last = latest_answers(source, rows, table, name, field)
        for wanted, test in tests_of(expected):
            found = last.filter(test(last)) if test is not None else last
            keys = found.select(**{f"_{one}": one for one in key_of(table)}).distinct().view()
            join = keep if wanted else leave
            table = join(table, keys, [table[one] == keys[f"_{one}"] for one in key_of(table)])
    return table


def latest_answers(source: Source, rows: Rows, table: ir.Table, name: str, field: str) -> ir.Table:
    """For each row the latest answer to a question by its day: the key of the row, and code, number and date."""
    kinds = list(events_of(source.library, pathways_of(source.library, rows), name))
    answers = answers_to(source, kinds, field)
    events = source.events.select(_of="event", _case="case", _day="day", _sequence="sequence")
    told = answers.inner_join(events, answers.event == events._of).select(
        "code", "number", "date", "_case", "_day", "_sequence"
    )
    keys = table.select(*key_of(table), "case", "day")
    joined = keys.inner_join(told, [keys.case == told._case, told._day <= keys.day])
    last = joined._sequence.max().over(group_by=[joined[one] for one in key_of(table)])
    joined = joined.mutate(_last=last)
    return joined.filter(joined._sequence == joined._last).select(*key_of(table), "code", "number", "date")


def key_of(table: ir.Table) -> list[str]:
    return [one for one in KEY if one in table.columns]


def later(day: ir.DateValue, interval: Interval) -> ir.DateValue:
    """A day moved on by an interval."""
    months, days = in_months_or_days(interval)
    return (day + (ibis.interval(months=months) if months else ibis.interval(days=days))).cast("date")


def _none_late(source: Source, table: ir.Table, name: str) -> ir.Table:
    duties = source.of_duties([name])
    late = duties.filter(duties.late | (duties.outcome == "open")).select(
        _case="case", _due="due", _met="met", _open=duties.outcome == "open"
    )
    as_of = source.extract_day()
    stood = (late._due >= table.period_start) | (late._met >= table.period_start) | late._open
    overdue = ~late._open | (late._due < as_of)
    tests = [table.case == late._case, late._due <= table.period_end, stood.fill_null(False), overdue]
    return leave(table, late, tests)


def _any(source: Source, rows: Rows, conditions: Conditions, table: ir.Table) -> ir.Table:
    found = [keep(table, *_beside(source, table, one)) for one in conditions.having_any]
    if conditions.previous is not None:
        kinds = answering(source.library, rows)
        answers = answers_to(source, kinds, conditions.previous.answer)
        told = answers.filter(answers.number >= conditions.previous.at_least).select(_event="event")
        found.append(keep(table, told, [table.event == told._event]))
    return found[0] if len(found) == 1 else ibis.union(*found, distinct=True)


def _beside(source: Source, table: ir.Table, related: Related) -> tuple[ir.Table, list[Any]]:
    """What is looked for beside a row, and how it must stand to it: ready for a semi-join or an anti-join."""
    other = _others(source, related).view()  # the same rows may be looked for twice
    whose = table.person == other._person if related.of == "child" else table.case == other._case
    tests: list[Any] = [whose, *_when(table, other, related)]
    if related.at_least == 1:
        return other, tests
    keys = key_of(table)
    joined = table.select(*table.columns).inner_join(other, tests)
    many = joined.group_by(keys).aggregate(_many=joined._row.nunique())
    many = many.filter(many._many >= related.at_least).rename(**{f"_{one}": one for one in keys})
    return many, [table[one] == many[f"_{one}"] for one in keys]


def _others(source: Source, related: Related) -> ir.Table:
    """The rows that are looked for: _row, _person, _case, _day, _start, _end."""
    nothing = ibis.null("date")
    if related.kind == "events":
        events = source.happened(related.events)
        events = answered(source, events, "event", related.events, related.answers)
        return events.select(
            _row="event", _person="person", _case="case", _day="day", _start=nothing, _end=nothing
        )
    if related.kind == "spells":
        assert related.spells is not None
        spells = source.spell(related.spells)
        spells = answered(source, spells, "row", answering(source.library, related), related.answers)
        day = spells.end if related.when == "ended" else spells.start
        return spells.select(_row="row", _person="person", _case="case", _day=day, _start="start", _end="end")
    duties = source.of_duties(related.duties)
    if related.on_time is True:
        duties = duties.filter(duties.outcome == "met", ~duties.late)
    elif related.on_time is False:
        duties = duties.filter(duties.late | ((duties.outcome == "open") & (duties.due < source.extract_day())))
    if related.met_by:
        duties = answered(source, duties, "met_by", answering(source.library, related), related.met_by)
    day = getattr(duties, related.when or "due")
    duties = duties.filter(day.notnull())
    return duties.select(
        _row="duty_row", _person="person", _case="case", _day=getattr(duties, related.when or "due"),
        _start=nothing, _end=nothing,
    )  # fmt: skip


def _when(table: ir.Table, other: ir.Table, related: Related) -> list[Any]:
    """How the other's day must lie to the row's."""
    window = related.within
    if related.when == "open":
        return [other._start <= table.day, other._end.isnull() | (other._end > table.day)]
    if related.when == "at_any_time":
        return _overlapping(table, other, window)
    day, there = table.day, other._day
    kind, interval = window.kind, window.interval
    if kind == "in_period":
        return [there >= table.period_start, there <= table.period_end]
    if kind == "during":
        return [there >= table.start, there <= table.day, table.end.isnull() | (there <= table.end)]
    if kind == "that_day":
        return [there == day]
    if kind == "any_before":
        return [there < day]
    if kind == "any_after":
        return [there >= day]
    if kind == "by_then" or interval is None:
        return [there <= day]
    if kind == "before":
        return [there < day, later(there, interval) >= day]
    if kind == "after":
        return [there >= day, there <= later(day, interval)]
    return [there <= table.period_end, later(there, interval) > table.period_end]


def _overlapping(table: ir.Table, other: ir.Table, window: Window) -> list[Any]:
    end, start = other._end, other._start
    if window.interval is None:
        inside = end.isnull() | (end > table.period_start) | (start >= table.period_start)
    else:
        inside = (
            end.isnull()
            | (later(end, window.interval) > table.period_end)
            | (later(start, window.interval) > table.period_end)
        )
    return [start <= table.period_end, inside]
