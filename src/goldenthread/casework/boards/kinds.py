"""The kinds of column, one function each: what it says of a record, as lines.

A new kind is one function here, one key in `guidance.board.Column`, and its row in docs/look-up/boards.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from goldenthread.clocks.calendar import end_of, local_day
from goldenthread.clocks.engine import Happening
from goldenthread.clocks.interval import add_months
from goldenthread.guidance.board import Column, Each
from goldenthread.guidance.pathway import FieldType
from goldenthread.guidance.words import Interval, Unit

from ..front_door import URGENCY
from ..models import Duty
from ..words import due_of, due_state
from .cells import Cell, Line, Teller, at, short_day, shortened, soon_words, span_words
from .record import Record
from .which import day_before

Kind = Callable[[Teller, Column, Record], list[Line]]
NOT_RECORDED = Line("–", tone="quiet")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
PARTS = ((6, "night"), (12, "morning"), (18, "afternoon"), (24, "evening"))
"""Until this hour -> the part of the day."""


def fact(teller: Teller, column: Column, record: Record) -> list[Line]:
    case = record.case
    about = case.about
    area = case.area or (about.area if about is not None else case.subject.area)
    age = teller.age(record)
    state = record.pathway.states.get(case.state)
    told: dict[str, tuple[str, str]] = {
        "worker": (str(case.worker) if case.worker else "Nobody yet", "" if case.worker else "late"),
        "team": (str(case.team) if case.team else "", ""), "lead": (case.lead.title, ""),
        "district": (area.title if area else "", ""), "state": (state.title if state else case.state, ""),
        "opened": (short_day(local_day(case.opened_at), teller.today), ""),
        "closed": (short_day(local_day(case.closed_at), teller.today) if case.closed_at else "", ""),
        "age": (str(age) if age is not None else "", ""),
        "urgency": (URGENCY.get(case.priority, ("Standard", ""))[0], "late" if case.priority == 1 else ""),
        "reference": (case.reference, ""),
    }  # fmt: skip
    words, tone = told[column.fact or "reference"]
    return [Line(words, tone=tone)] if words else [NOT_RECORDED]


def answer(teller: Teller, column: Column, record: Record) -> list[Line]:
    asked: dict[str, list[str]] = {}
    for name in column.answer:
        kind, _, question = name.partition(".")
        asked.setdefault(kind, []).append(question)
    for one in reversed(record.happened):
        words = next((told for name in asked.get(one.kind, ()) if (told := teller.words(record, one, name))), "")
        if words:
            return [Line(words)]
    return [NOT_RECORDED]


def day(teller: Teller, column: Column, record: Record) -> list[Line]:
    found = teller.moment(record, column.day)
    if found is None:
        return [NOT_RECORDED]
    when = local_day(found) if isinstance(found, datetime) else found
    ahead = (when - teller.today).days
    if ahead < 0:
        return [Line(short_day(when, teller.today))]
    near = "today" if ahead == 0 else "tomorrow" if ahead == 1 else f"in {ahead} days"
    return [Line(short_day(when, teller.today), tone="strong" if ahead <= 7 else ""), Line(near, tone="quiet")]


def since(teller: Teller, column: Column, record: Record) -> list[Line]:
    began = teller.moment(record, column.since)
    if began is None:
        return [NOT_RECORDED]
    later = (one for one in teller.matching(record, column.until) if at(one.moment or one.day) >= at(began))
    ended = next(later, None) if column.until else None
    until = at(ended.moment or ended.day) if ended is not None else teller.now
    if isinstance(began, datetime) or column.hours:
        words = span_words(until - at(began), hours=column.hours)
    else:
        words = _days((local_day(until) - _day(began)).days)
    long = column.over is not None and until > longest(column.over, began)
    return [Line(words, tone="late" if long else "quiet" if ended is not None else "")]


def duty(teller: Teller, column: Column, record: Record) -> list[Line]:
    row = teller.due(record, column.duty)
    if row is None:
        return [NOT_RECORDED]
    rule = record.pathway.duties.get(row.duty)
    lines = [teller.due_line(row)]
    if column.named and rule is not None:
        lines.append(Line(rule.title, tone="quiet"))
    return lines


def stage(teller: Teller, column: Column, record: Record) -> list[Line]:
    assert column.stage is not None
    return [teller.stage_line(column.stage, record)]


def count(teller: Teller, column: Column, record: Record) -> list[Line]:
    assert column.count is not None
    times = teller.how_often(column.count, record)
    if column.count.alarm_from is not None and times >= column.count.alarm_from:
        return [Line(f"{times:,}", tone="strong"), Line(column.count.alarm, "overdue", chip=True)]
    return [Line(f"{times:,}", tone="" if times else "quiet")]


def said(teller: Teller, column: Column, record: Record) -> list[Line]:
    found = teller.said(record, column.said if isinstance(column.said, list) else ())
    if found is None:
        return [Line("Nothing recorded")]
    words, when = found
    return [Line(shortened(words), quote=True), Line(short_day(when, teller.today), tone="quiet")]


# Every thing that answers named ------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Thing:
    """One thing named in answers, with what became of it."""

    named: str
    first: Happening
    done: Happening | None = None
    marks: Counter[str] = field(default_factory=Counter)
    ids: set[Any] = field(default_factory=set)


def each(teller: Teller, column: Column, record: Record) -> list[Line]:
    """One line a thing: what it is, and whether it is done; those not done first."""
    told = column.each
    assert told is not None
    found = things(teller, told, record)
    waiting = [_waiting(teller, told, record, one) for one in found if one.done is None]
    done = [_done(teller, told, record, one) for one in found if one.done is not None]
    return [*waiting, *done] or [Line("None", tone="quiet")]


def things(teller: Teller, told: Each, record: Record) -> list[_Thing]:
    found: dict[str, _Thing] = {}
    for one in record.happened:
        for name in told.of:
            for key, words in _named(teller, record, one, name):
                thing = found.setdefault(key, _Thing(words, one))
                thing.ids.add(one.id)
                if thing.done is not None and thing.done.at < one.at and one.kind == thing.first.kind:
                    thing.first, thing.done = one, None  # asked again
        for name in told.done:
            for key, _ in _named(teller, record, one, name):
                if key in found:
                    found[key].done = one
        for mark, names in told.marks.items():
            for name in names:
                for key, _ in _named(teller, record, one, name):
                    if key in found:
                        found[key].marks[mark] += 1
    return list(found.values())


def _named(teller: Teller, record: Record, one: Happening, name: str) -> list[tuple[str, str]]:
    """(key, words) of the things an answer names: a person's name, an agency, a number, each choice made."""
    kind, _, asked = name.partition(".")
    question = teller.question(record, kind, asked) if kind == one.kind else None
    value = one.data.get(asked) if question is not None else None
    if question is None or value in (None, "", []):
        return []
    if question.type is FieldType.CHOICES:
        return [(str(code), question.of.get(str(code), str(code))) for code in (value if isinstance(value, list) else [value])]
    return [(" ".join(str(value).split()).casefold(), teller.words(record, one, asked))]


def _title(teller: Teller, told: Each, record: Record, one: _Thing) -> str:
    labels = [words for name in told.label if (words := teller.words(record, one.first, name))]
    return ", ".join(labels) if labels else one.named


def _waiting(teller: Teller, told: Each, record: Record, one: _Thing) -> Line:
    clocks = [
        row for row in record.duties
        if row.duty == told.duty and row.triggered_by in one.ids and row.outcome == Duty.Outcome.OPEN
    ]  # fmt: skip
    clock = max(clocks, key=lambda row: row.ordinal, default=None)
    marks = "".join(f", {mark.lower()}{_times(times)}" for mark, times in one.marks.items())
    when = f", {soon_words(due_of(clock), teller.now)}" if clock is not None else ""
    state = due_state(clock, teller.now) if clock is not None else "open"
    return Line(f"{_title(teller, told, record, one)}: {told.open.lower()}{when}{marks}", state)


def _done(teller: Teller, told: Each, record: Record, one: _Thing) -> Line:
    assert one.done is not None
    came = [words for name in told.shows if (words := _short(teller, record, one.done, name))]
    return Line(f"{_title(teller, told, record, one)}: {', '.join(came) or told.closed.lower()}", "met_on_time")


def _short(teller: Teller, record: Record, one: Happening, name: str) -> str:
    question = teller.question(record, one.kind, name)
    words = teller.words(record, one, name)
    return f"“{shortened(words)}”" if words and question is not None and question.voice else words


def _times(times: int) -> str:
    return "" if times == 1 else " twice" if times == 2 else f" {times} times"


# When and where it keeps happening ---------------------------------------------------------------------------------


def pattern(teller: Teller, column: Column, record: Record) -> list[Line]:
    told = column.pattern
    assert told is not None
    since = day_before(told.within, teller.today)
    lately = [one for one in record.happened if one.kind == told.of and since <= one.day <= teller.today]
    if not lately:
        return [Line(f"None in {told.within}", tone="quiet")]
    often = f"{len(lately)} {'time' if len(lately) == 1 else 'times'} in {told.within}"
    lines = [Line(often, tone="strong" if len(lately) > 2 else "")]
    days = _usual(Counter(WEEKDAYS[one.day.weekday()] for one in lately))
    parts = _usual(Counter(part_of_day(one.moment) for one in lately if one.moment is not None))
    usual = ", ".join(part for part in (days, parts) if part)
    if len(lately) > 1 and usual:
        lines.append(Line(f"Mostly {usual}", tone="quiet"))
    places = places_of(teller, record, told.places, since)
    lines += [Line(f"{place}{f' ({times} times)' if times > 1 else ''}", tone="quiet") for place, times in places.most_common(2)]
    return lines


def places_of(teller: Teller, record: Record, names: list[str], since: date) -> Counter[str]:
    asked = [name.partition(".") for name in names]
    told: Counter[str] = Counter()
    spelt: dict[str, str] = {}
    for one in record.happened:
        for kind, _, question in asked:
            words = teller.words(record, one, question) if one.kind == kind and one.day >= since else ""
            if words:
                told[spelt.setdefault(words.casefold().strip(" ."), words)] += 1
    return told


def _usual(times: Counter[str]) -> str:
    """What more than a third of the times share, at most two, the commonest first."""
    whole = sum(times.values())
    often = [word for word, number in times.most_common(2) if number > 1 and number * 3 > whole]
    return " and ".join(often)


def part_of_day(moment: datetime) -> str:
    hour = timezone.localtime(moment).hour
    return next(word for until, word in PARTS if hour < until)


def longest(length: Interval, began: date | datetime) -> datetime:
    """The last moment at which something that began then has not lasted longer than this: to the hour, or to the day."""
    if length.unit is Unit.HOURS:
        return at(began) + timedelta(hours=length.amount)
    if length.unit in (Unit.MONTHS, Unit.YEARS):
        return end_of(add_months(_day(began), length.amount * (12 if length.unit is Unit.YEARS else 1)))
    return end_of(_day(began) + timedelta(days=length.amount * (7 if length.unit is Unit.WEEKS else 1)))


def _days(days: int) -> str:
    return "today" if days == 0 else f"{days:,} {'day' if days == 1 else 'days'}"


def _day(moment: date | datetime) -> date:
    return local_day(moment) if isinstance(moment, datetime) else moment


KINDS: Mapping[str, Kind] = {
    "fact": fact, "answer": answer, "day": day, "since": since, "duty": duty, "stage": stage, "count": count, "each": each,
    "said": said, "pattern": pattern,
}  # fmt: skip


def tell(teller: Teller, name: str, column: Column, record: Record) -> Cell:
    """A column of one row in words."""
    return Cell(name, column.title, KINDS[column.kind](teller, column, record))
