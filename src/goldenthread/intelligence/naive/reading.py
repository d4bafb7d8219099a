"""One indicator for one area and period, by going through every row and asking of each whether it counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from goldenthread.guidance.indicator import Conditions, Indicator, Related, Rows
from goldenthread.guidance.row_words import Window
from goldenthread.guidance.words import Interval, Unit

from ..indicators.periods import Period
from .records import Event, Records, SpellFound, fits, holds, took_place


@dataclass
class Row:
    """What is being counted: an event, a spell or a duty, seen on a day."""

    id: str
    person: str
    case: str
    area: str
    agency: str | None
    age: int | None
    day: date | None
    start: date | None
    end: date | None
    due: date | None
    event: Event | None
    pathway: str
    on_time: bool | None = None
    """Of a report, or of a meeting's record: whether it was there by its day."""
    came: bool | None = None
    """Of a seat."""
    quorate: bool | None = None
    """Of a meeting."""


class Reader:
    """Reads indicators over one set of records."""

    def __init__(self, records: Records) -> None:
        self.records = records

    def rows(self, rows: Rows, period: Period, area: str, *, known: bool = True) -> list[Row]:
        """The rows that count in a period and area."""
        places = self.records.parts.get(area, set())
        found = []
        for row in self._candidates(rows, period):
            if row.area in places and self.meets(row, rows, rows, period):
                if known and not self._known(row, rows):
                    continue
                found.append(row)
        return found

    def _known(self, row: Row, rows: Rows) -> bool:
        return holds(row.event, rows.known) and self._latest_holds(row, rows.known_latest)

    def _candidates(self, rows: Rows, period: Period) -> Iterator[Row]:
        if rows.events:
            for event in self._events(rows.events):
                if period.start <= event.day <= period.end:
                    yield _of_event(event)
        elif rows.spells:
            for spell in self.records.spells(rows.spells):
                yield from self._of_spell(rows, spell, period)
        elif rows.of_meetings:
            yield from (row for row in self._of_meetings(rows) if row.day is not None and period.start <= row.day <= period.end)
        else:
            for duty in self._duties(rows.duties):
                day = {"started": duty.started, "met": duty.met, "due": duty.due}[rows.when or "due"]
                if day is not None and period.start <= day <= period.end:
                    met_by = self.records.events.get(duty.met_by or "")
                    yield Row(
                        duty.duty_row, duty.person, duty.case, duty.area, duty.agency, duty.age, day,
                        duty.started, duty.met, duty.due, met_by, duty.pathway,
                    )  # fmt: skip

    def _of_meetings(self, rows: Rows) -> Iterator[Row]:
        """Meetings that took place, places of agencies at them, or reports of meetings that were not cancelled."""
        for meeting in self.records.meetings:
            if meeting.kind in rows.meetings and took_place(meeting):
                row = _at_meeting(
                    meeting.meeting, meeting.meeting, meeting.area, meeting.holder,
                    meeting.planned if rows.when == "held" else meeting.record_due, meeting.record_due,
                )  # fmt: skip
                row.on_time = _by(meeting.issued, meeting.record_due)
                row.quorate = meeting.state == "held"
                yield row
        for seat in self.records.seats:
            if seat.kind in rows.seats and took_place(seat) and seat.agency is not None:
                row = _at_meeting(seat.seat, seat.meeting, seat.area, seat.agency, seat.planned, None)
                row.came = seat.attendance in ("came", "deputy")
                yield row
        for report in self.records.reports:
            if report.kind in rows.reports and report.state != "cancelled":
                due, done = report.due, report.received
                if rows.when == "shared_due":
                    due, done = report.shared_due, report.shared
                row = _at_meeting(report.report, report.meeting, report.area, report.agency, due, due)
                row.on_time = _by(done, due)
                yield row

    def _events(self, matches: Mapping[str, Mapping[str, Any]]) -> Iterator[Event]:
        for event in self.records.events.values():
            when = matches.get(f"{event.pathway}.{event.kind}")
            if when is not None and holds(event, when):
                yield event

    def _duties(self, names: list[str]) -> Iterator[Any]:
        """Duties that came to something: not excused, not without a date, not ended before they fell due."""
        for duty in self.records.duties:
            if f"{duty.pathway}.{duty.duty}" in names and (
                duty.outcome in ("open", "met") or (duty.outcome == "cancelled" and duty.late)
            ):
                yield duty

    def _of_spell(self, rows: Rows, spell: SpellFound, period: Period) -> Iterator[Row]:
        begun = spell.begun
        day: date | None
        if rows.when == "started":
            day, age = spell.start, begun.age
        elif rows.when == "ended":
            day, age = spell.end, spell.ended_age
        else:
            goes_past = spell.end is None or spell.end > (period.end if rows.when == "open_at_end" else period.start)
            if rows.when == "during":
                goes_past = goes_past or spell.start >= period.start
            if spell.start > period.end or not goes_past:
                return
            day, age = period.end, self._age_at(begun, period.end)
        if day is not None and period.start <= day <= period.end:
            yield Row(
                begun.id, begun.person, begun.case, begun.area, spell.agency, age, day, spell.start, spell.end, None,
                begun, begun.pathway,
            )  # fmt: skip

    def _age_at(self, begun: Event, day: date) -> int | None:
        """Age on the last day of a month: the month of birth is enough."""
        person = self.records.people.get(begun.person)
        if person is None or person.born is None:
            return -1 if begun.age is not None and begun.age < 0 else None
        if person.born > day:
            return -1
        return day.year - person.born.year - (1 if day.month < person.born.month else 0)

    def meets(self, row: Row, rows: Rows, conditions: Conditions, period: Period) -> bool:
        """Whether a row meets every condition."""
        duties = [one for one in self.records.duties if one.case == row.case] if (
            conditions.in_time or conditions.none_late or conditions.on_time is not None
        ) else []
        if not holds(row.event, conditions.answers) or not holds(row.event, conditions.met_by):
            return False
        if not all(holds(row.event, when) for when in conditions.all_answers):
            return False
        if not self._latest_holds(row, conditions.latest):
            return False
        for told, wanted in ((row.on_time, conditions.on_time), (row.came, conditions.came), (row.quorate, conditions.quorate)):
            if wanted is not None and told is not None and told is not wanted:
                return False
        if conditions.on_time is not None and row.on_time is None:
            good = any(one.duty_row == row.id and one.outcome == "met" and not one.late for one in duties)
            if good is not conditions.on_time:
                return False
        ages = conditions.ages
        if ages is not None:
            if row.age is None or (ages.at_least is not None and row.age < ages.at_least):
                return False
            if ages.under is not None and not 0 <= row.age < ages.under:
                return False
        if conditions.sex is not None:
            person = self.records.people.get(row.person)
            if person is None or person.sex != conditions.sex:
                return False
        lasted = conditions.lasted
        if lasted is not None:
            assert row.start is not None and row.day is not None
            if lasted.at_least is not None and moved(row.start, lasted.at_least) > row.day:
                return False
            if lasted.under is not None and moved(row.start, lasted.under) <= row.day:
                return False
        if conditions.still is not None and not any(
            spell.begun.case == row.case and (spell.end is None or (row.due is not None and spell.end >= row.due))
            for spell in self.records.spells(conditions.still)
        ):
            return False
        if conditions.in_time is not None:
            met = [
                one for one in duties
                if f"{one.pathway}.{one.duty}" == conditions.in_time and one.outcome == "met"
                and row.event is not None and one.met_by == row.event.id
            ]  # fmt: skip
            if not met or any(one.late for one in met):
                return False
        if conditions.none_late is not None and any(
            self._stood_late(one, period) for one in duties if f"{one.pathway}.{one.duty}" == conditions.none_late
        ):
            return False
        if not all(self._found(row, one, period) for one in conditions.having):
            return False
        if any(self._found(row, one, period) for one in conditions.not_having):
            return False
        if conditions.having_any or conditions.previous is not None:
            previous = conditions.previous
            told = previous is not None and row.event is not None and any(
                isinstance(one, float) and one >= previous.at_least for one in row.event.answers.get(previous.answer, [])
            )
            if not told and not any(self._found(row, one, period) for one in conditions.having_any):
                return False
        return True

    def _stood_late(self, duty: Any, period: Period) -> bool:
        """Whether a duty stood overdue at some time in the period."""
        if duty.due is None or duty.due > period.end or duty.outcome in ("excused", "waiting"):
            return False
        if duty.outcome == "open":
            return bool(duty.due < self.records.as_of)
        return bool(duty.late and (duty.due >= period.start or (duty.met is not None and duty.met >= period.start)))

    def _latest_holds(self, row: Row, latest: Mapping[str, Mapping[str, Any]]) -> bool:
        for name, when in latest.items():
            for question, expected in when.items():
                if not fits(self.latest_answer(row, name, question), expected):
                    return False
        return True

    def latest_answer(self, row: Row, name: str, question: str) -> list[Any]:
        """The last answer to a question by the row's day, of an event or of a group of events, in the row's case."""
        kinds = self.records.library.spells.groups.get(name, [name])
        told: list[Any] = []
        for event in self.records.events_of_case.get(row.case, []):
            if event.kind in kinds and event.answers.get(question) and row.day is not None and event.day <= row.day:
                told = event.answers[question]
        return told

    def _found(self, row: Row, related: Related, period: Period) -> bool:
        """Whether as much as is looked for stands beside the row."""
        found = set()
        for identity, person, case, day, start, end in self._others(related):
            if (person != row.person) if related.of == "child" else (case != row.case):
                continue
            if _stands(row, related, day, start, end, period):
                found.add(identity)
        return len(found) >= related.at_least

    def _others(self, related: Related) -> Iterator[tuple[str, str, str, date | None, date | None, date | None]]:
        if related.events:
            for event in self._events(related.events):
                if holds(event, related.answers):
                    yield event.id, event.person, event.case, event.day, None, None
        elif related.spells:
            for spell in self.records.spells(related.spells):
                if holds(spell.begun, related.answers):
                    day = spell.end if related.when == "ended" else spell.start
                    yield spell.begun.id, spell.begun.person, spell.begun.case, day, spell.start, spell.end
        else:
            for duty in self._duties(related.duties):
                good = duty.outcome == "met" and not duty.late
                bad = duty.late or (duty.outcome == "open" and duty.due is not None and duty.due < self.records.as_of)
                if (related.on_time is True and not good) or (related.on_time is False and not bad):
                    continue
                if not holds(self.records.events.get(duty.met_by or ""), related.met_by):
                    continue
                day = {"started": duty.started, "met": duty.met, "due": duty.due}[related.when or "due"]
                yield duty.duty_row, duty.person, duty.case, day, None, None


def _at_meeting(identity: str, meeting: str, area: str, agency: str | None, day: date | None, due: date | None) -> Row:
    return Row(identity, "", meeting, area, agency, None, day, None, None, due, None, "")


def _by(done: date | None, due: date | None) -> bool:
    return done is not None and due is not None and done <= due


def _of_event(event: Event) -> Row:
    return Row(
        event.id, event.person, event.case, event.area, event.agency, event.age, event.day, None, None, None, event,
        event.pathway,
    )  # fmt: skip


def _stands(
    row: Row, related: Related, day: date | None, start: date | None, end: date | None, period: Period
) -> bool:
    """Whether another thing stands to the row, in time, as it should."""
    window: Window = related.within
    assert row.day is not None
    if related.when == "open":
        return start is not None and start <= row.day and (end is None or end > row.day)
    if related.when == "at_any_time":
        assert start is not None
        if start > period.end:
            return False
        if window.interval is None:
            return end is None or end > period.start or start >= period.start
        return end is None or moved(end, window.interval) > period.end or moved(start, window.interval) > period.end
    if day is None:
        return False
    length = window.interval
    match window.kind:
        case "in_period":
            return period.start <= day <= period.end
        case "during":
            return row.start is not None and row.start <= day <= row.day and (row.end is None or day <= row.end)
        case "that_day":
            return day == row.day
        case "any_before":
            return day < row.day
        case "any_after":
            return day >= row.day
        case "by_then":
            return day <= row.day
        case "before":
            assert length is not None
            return day < row.day <= moved(day, length)
        case "after":
            assert length is not None
            return row.day <= day <= moved(row.day, length)
        case "to_end":
            assert length is not None
            return day <= period.end < moved(day, length)


def moved(day: date, length: Interval) -> date:
    """A day moved on by days, weeks, calendar months or years; to the last day of a shorter month."""
    if length.unit in (Unit.DAYS, Unit.WEEKS):
        return day + timedelta(days=length.amount * (7 if length.unit is Unit.WEEKS else 1))
    months = length.amount * (12 if length.unit is Unit.YEARS else 1)
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        if last <= day.day:
            try:
                return date(year, month + 1, last)
            except ValueError:
                continue
    raise AssertionError("every month has 28 days")


def first_record(records: Records, indicator: Indicator) -> date | None:
    """The day of the first record that the main rows of an indicator could come from."""
    main = indicator.of or indicator.counts
    assert main is not None
    if main.of_meetings:
        return records.first_meeting(main.of_meetings)
    if main.spells:
        spell = records.library.spells.spells.get(main.spells)
        return records.first_day({spell.pathway if spell else main.spells})
    return records.first_day({name.split(".")[0] for name in (*main.events, *main.duties)})
