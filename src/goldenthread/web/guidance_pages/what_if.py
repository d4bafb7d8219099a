"""What if: a length of time from a day, and a case of made-up events, worked out by the engine with its proof.

Knows forms as they were typed, so that a page shows again whatever was wrong. Nothing is written anywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.http import QueryDict

from goldenthread.clocks.calendar import LONDON, CalendarTooShort, calendar_for, end_of, start_of
from goldenthread.clocks.duty import ComputedDuty
from goldenthread.clocks.engine import Program, Progress
from goldenthread.clocks.happening import Happening, Subject, effective
from goldenthread.clocks.interval import after, before
from goldenthread.clocks.order import check_event, clean_answers
from goldenthread.clocks.proof import Proof
from goldenthread.guidance.library import Library
from goldenthread.guidance.pathway import FieldType, Question
from goldenthread.guidance.sentences import capital, field_in_words
from goldenthread.guidance.words import ELAPSED, Interval

from .key_answers import key_answers, speaks_of_sex
from .typed import HINT, HINT_WITH_TIME, NotTyped, read_day, read_when

MOST_EVENTS = 40


@dataclass
class Box:
    """One thing to fill in: what was typed, and what is wrong with it."""

    name: str
    label: str
    value: str = ""
    hint: str = ""
    options: Sequence[tuple[str, str]] = ()
    values: Sequence[str] = ()
    """What was chosen where more than one may be."""
    kind: str = "text"
    """text, select, checkboxes or checkbox."""
    error: str = ""
    width: str = "govuk-input--width-20"

    @property
    def id(self) -> str:
        return f"what-if-{self.name}"


class LengthForm:
    """A length of time counted from a day."""

    def __init__(self, given: QueryDict, library: Library, area: str) -> None:
        self.sent = "from" in given
        self.library = library
        self.length = Box(
            "length",
            "How long",
            given.get("length", ""),
            "For example, 15 working days, 6 months or 72 hours",
        )
        self.start = Box("from", "From which day", given.get("from", ""), HINT_WITH_TIME)
        self.area = area_box(
            library, given.get("area", area), "Whose school terms, if school days are counted"
        )
        self.back = Box(
            "back", "Count back: at least this long before the day", "1" if given.get("back") else ""
        )
        self.first = Box("first", "Count the day itself as the first day", "1" if given.get("first") else "")
        self.back.kind = self.first.kind = "checkbox"
        self.proof: Proof | None = None
        if self.sent:
            self._work_out()

    def boxes(self) -> list[Box]:
        return [self.length, self.start, self.area, self.back, self.first]

    def _work_out(self) -> None:
        interval: Interval | None = None
        try:
            interval = Interval.parse(self.length.value)
        except ValueError:
            self.length.error = (
                "Enter a whole number and a unit, like 15 working days, 72 hours, 6 weeks, 3 months or 5 school days"
                if self.length.value.strip()
                else "Enter how long, like 15 working days"
            )
        try:
            start = read_when(self.start.value, "The day")
            if start is None:
                self.start.error = "Enter the day it is counted from"
            elif isinstance(start, datetime) and interval is not None and interval.unit not in ELAPSED:
                start = start.date()
        except NotTyped as wrong:
            start, self.start.error = None, str(wrong)
        if self.area.value and self.area.value not in self.library.arrangements:
            self.area.error = "Choose an area from the list"
        if self.back.value and self.first.value:
            self.first.error = "Counting back never counts the day itself: choose one of the two"
        if interval is None or start is None or any(box.error for box in self.boxes()):
            return
        try:
            calendar = calendar_for(self.library, self.area.value or None)
            if self.back.value:
                self.proof = before(interval, start, calendar)
            else:
                self.proof = after(interval, start, calendar, counts_trigger_day=bool(self.first.value))
        except CalendarTooShort as error:
            self.area.error = f"{capital(str(error))}."
        except (ValueError, OverflowError):
            self.length.error = (
                f"{capital(str(interval))} cannot be counted {'back ' if self.back.value else ''}from there"
            )


@dataclass
class Row:
    """One made-up event."""

    number: int
    kind: Box
    when: Box
    answers: list[Box] = field(default_factory=list)
    error: str = ""
    """What is wrong with the event as a whole."""

    @property
    def is_blank(self) -> bool:
        return not self.kind.value and not self.when.value.strip()

    def boxes(self) -> list[Box]:
        return [self.kind, self.when, *self.answers]


@dataclass(frozen=True)
class Result:
    """What came of the case."""

    progress: Progress
    state: str
    as_of: datetime
    duties: tuple[ComputedDuty, ...]
    """By the day they fall due; those without a day last."""


class CaseForm:
    """A person and what happened, as typed. `do` is the button that was pressed: show, add, update or remove-N."""

    def __init__(
        self, given: QueryDict | None, program: Program, library: Library, area: str, today: date
    ) -> None:
        self.program, self.pathway, self.today = program, program.pathway, today
        self.asked = key_answers(self.pathway)
        data = given if given is not None else QueryDict()
        self.sent = given is not None
        self.born = Box("born", "When was the child born?", data.get("born", ""), HINT)
        if self.pathway.subject != "child":
            self.born.label = f"When was the {self.pathway.subject} born?"
        self.sex: Box | None = None
        if speaks_of_sex(self.pathway):
            options = [("", "Not said"), ("female", "Female"), ("male", "Male")]
            self.sex = Box(
                "sex", "Sex", data.get("sex", ""), "Some of these clocks depend on it", options, kind="select"
            )
        self.area = area_box(library, data.get("area", area), "Area")
        self.as_of = Box(
            "as_of", "Show what is due as it stands on", data.get("as_of", ""), f"{HINT}. Today if left empty"
        )
        self.rows = self._rows(data)
        self.result: Result | None = None
        do = data.get("do", "")
        if do.startswith("remove-") and do[7:].isdigit():
            self._remove(int(do[7:]))
        elif do == "add" and len(self.rows) < MOST_EVENTS:
            self.rows.append(self._row(len(self.rows), QueryDict()))
        elif do == "show":
            self._work_out()

    def boxes(self) -> list[Box]:
        """Every box, in the order of the page."""
        person = [self.born, *([self.sex] if self.sex else []), self.area]
        return [*person, *(box for row in self.rows for box in row.boxes()), self.as_of]

    def problems(self) -> list[tuple[str, str]]:
        """(id of the box, message), for the summary at the top."""
        found = [(box.id, box.error) for box in [self.born, self.area] if box.error]
        for row in self.rows:
            if row.error:
                found.append((row.kind.id, f"Event {row.number + 1}: {row.error}"))
            found += [(box.id, f"Event {row.number + 1}: {box.error}") for box in row.boxes() if box.error]
        return found + ([(self.as_of.id, self.as_of.error)] if self.as_of.error else [])

    # The events ---------------------------------------------------------------------------------------------

    def _rows(self, data: QueryDict) -> list[Row]:
        if not self.sent:
            first = QueryDict(mutable=True)
            first["kind-0"] = self.pathway.opening
            return [self._row(0, first), self._row(1, QueryDict())]
        count = 0
        while count < MOST_EVENTS and f"kind-{count}" in data:
            count += 1
        return [self._row(number, data) for number in range(max(count, 1))]

    def _row(self, number: int, data: QueryDict, source: int | None = None) -> Row:
        """Row `number`, read from the boxes of row `source`."""
        at = number if source is None else source
        kind = data.get(f"kind-{at}", "")
        options = [("", "Choose"), *((name, self.pathway.title_of(name)) for name in self.pathway.events)]
        row = Row(
            number,
            Box(f"kind-{number}", "What happened?", kind, options=options, kind="select"),
            Box(f"when-{number}", "When?", data.get(f"when-{at}", ""), HINT_WITH_TIME),
        )
        for name in self.asked.get(kind, ()):
            question = self.pathway.events[kind].asks[name]
            given = data.getlist(f"answer-{at}-{name}")
            row.answers.append(_answer_box(f"answer-{number}-{name}", name, question, given))
        return row

    def _remove(self, gone: int) -> None:
        left = [row for row in self.rows if row.number != gone]
        if not left:
            self.rows = [self._row(0, QueryDict())]
            return
        data = QueryDict(mutable=True)
        for number, row in enumerate(left):
            data[f"kind-{number}"], data[f"when-{number}"] = row.kind.value, row.when.value
            for box in row.answers:
                data.setlist(
                    f"answer-{number}-{box.name.split('-', 2)[2]}",
                    list(box.values) or ([box.value] if box.value else []),
                )
        self.rows = [self._row(number, data) for number in range(len(left))]

    # Working it out -----------------------------------------------------------------------------------------

    def _work_out(self) -> None:
        born = self._read(self.born, "The date of birth")
        as_of = self._read(self.as_of, "The day")
        happenings = [
            one for row in self.rows if not row.is_blank and (one := self._happening(row)) is not None
        ]
        if not happenings and not self.problems():
            self.rows[0].kind.error = "Choose what happened, and enter when"
        if self.problems():
            return
        last = max(one.day for one in happenings)
        moment = end_of(as_of or max(self.today, last))
        subject = Subject(born, self.sex.value or None if self.sex else None)
        self._check_order(happenings, subject, moment)
        if self.problems():
            return
        progress = self.program.run(happenings, subject, moment)
        duties = tuple(sorted(progress.duties, key=_by_due))
        state = self.pathway.states[progress.state].title
        self.result = Result(progress, state, moment, duties)

    def _read(self, box: Box, what: str) -> date | None:
        try:
            return read_day(box.value, what)
        except NotTyped as wrong:
            box.error = str(wrong)
            return None

    def _happening(self, row: Row) -> Happening | None:
        if row.kind.value not in self.pathway.events:
            row.kind.error = (
                "Choose what happened" if not row.kind.value else "Choose what happened from the list"
            )
        try:
            when = read_when(row.when.value, "The date")
            if when is None:
                row.when.error = "Enter when it happened"
        except NotTyped as wrong:
            when, row.when.error = None, str(wrong)
        if when is None or row.kind.error:
            return None
        event = self.pathway.events[row.kind.value]
        given: dict[str, Any] = {}
        for box in row.answers:
            name = box.name.split("-", 2)[2]
            try:
                given[name] = _answer(event.asks[name], box)
            except NotTyped as wrong:
                box.error = str(wrong)
        answers, wrong_answers = clean_answers(event, given, complete=False)
        for problem in wrong_answers:
            for box in row.answers:
                if box.name.endswith(f"-{problem.field}"):
                    box.error = problem.message
        if any(box.error for box in row.answers):
            return None
        return Happening.on(row.number, row.kind.value, when, answers)

    def _check_order(self, happenings: Sequence[Happening], subject: Subject, as_of: datetime) -> None:
        so_far: list[Happening] = []
        for one in effective(happenings):
            row = self.rows[one.id]
            now = max(as_of, one.at, end_of(one.day))
            for problem in check_event(self.program, so_far, one, subject, now, complete=False):
                if problem.field == "occurred":
                    row.when.error = row.when.error or problem.message
                else:
                    row.error = row.error or problem.message
            so_far.append(one)


def area_box(library: Library, chosen: str, label: str) -> Box:
    options = [("", "No area: England and Wales bank holidays only")]
    options += [(one.id, one.title) for one in library.arrangements.values()]
    return Box("area", label, chosen, options=options, kind="select")


def _answer_box(box: str, name: str, question: Question, given: Sequence[str]) -> Box:
    label = question.label or capital(field_in_words(name))
    value = given[0] if given else ""
    if question.type is FieldType.YES_NO:
        return Box(
            box, label, value, options=[("", "Not answered"), ("yes", "Yes"), ("no", "No")], kind="select"
        )
    if question.type is FieldType.CHOICE:
        return Box(box, label, value, options=[("", "Not answered"), *question.of.items()], kind="select")
    if question.type is FieldType.CHOICES:
        return Box(box, label, "", options=list(question.of.items()), values=list(given), kind="checkboxes")
    hint = {FieldType.DATE: HINT, FieldType.MOMENT: HINT_WITH_TIME}.get(question.type, "")
    return Box(box, label, value, hint)


def _answer(question: Question, box: Box) -> Any:
    """What was typed as an answer the engine's checks understand."""
    if box.kind == "checkboxes":
        return list(box.values)
    if question.type is FieldType.DATE:
        return read_day(box.value, "The date")
    if question.type is FieldType.MOMENT:
        return read_when(box.value, "The date")
    return box.value


def _by_due(duty: ComputedDuty) -> tuple[bool, datetime, str, int]:
    due = duty.due
    moment = (
        due
        if isinstance(due, datetime)
        else start_of(due)
        if due is not None
        else datetime.max.replace(tzinfo=LONDON)
    )
    return due is None, moment, duty.duty, duty.ordinal
