"""Until when a record is kept, and why: the schedules of guidance/retention.yaml applied to one case, with a proof.

The latest day decides. A record with an open case of the same person, of a pathway that no schedule names, or whose day
cannot be worked out, is kept. Pure: depends on `guidance` and `clocks`; reads no rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from goldenthread.clocks.conditions import Surroundings, compile_when
from goldenthread.clocks.happening import Happening, Subject
from goldenthread.clocks.interval import add_months, birthday
from goldenthread.clocks.proof import in_words
from goldenthread.guidance.retention import Retention, Schedule
from goldenthread.guidance.terms import When
from goldenthread.guidance.words import Interval, Unit

EXACT, MONTH = "day", "month"
UNTOLD = "for a reason that your role does not show"


@dataclass(frozen=True, slots=True)
class Whose:
    """What retention needs to know of the person a record is about."""

    born: date | None
    precision: str = EXACT
    """How exactly `born` is known: day, month, or less. Only its first day is kept."""
    expected: date | None = None
    died: date | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One case, as retention sees it."""

    id: str
    reference: str
    pathway: str
    title: str
    restricted: bool
    closed: date | None
    """None while it is open."""
    happened: Sequence[Happening] = ()
    """What stands of it, in order."""


@dataclass(frozen=True, slots=True)
class Line:
    """What one schedule says of a record."""

    schedule: str
    """Empty where it is not told."""
    title: str
    until: date | None
    """None where it cannot be worked out: then it is kept."""
    why: str
    reference: str
    through: str = ""
    """The other record of the same person through which it applies."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Until when a record is kept: the day from which it may be destroyed, or None, and every rule that speaks of it."""

    until: date | None
    governing: Line | None
    lines: tuple[Line, ...]
    because: str = ""
    """Why no day can be given."""

    def is_due(self, today: date) -> bool:
        return self.until is not None and self.until <= today

    def proof(self) -> list[str]:
        """How the day was worked out, a sentence a line."""
        said = [
            f"{line.title}{f' ({line.through})' if line.through else ''}: {line.why}" for line in self.lines
        ]
        if self.because:
            said.append(self.because)
        elif self.until is not None and len(self.lines) > 1:
            said.append(f"The latest day decides: {in_words(self.until)}.")
        return said


def kept(
    retention: Retention, record: Record, whose: Whose, others: Iterable[Record], today: date, *, tells_restricted: bool = True
) -> Kept:
    """Until when `record` is kept; `others` are every other record of the same person.

    A restricted one among them counts alike, but without `tells_restricted` nothing says that it is there.
    """
    others = list(others)
    lines = [
        line
        for identity, one in retention.schedules.items()
        if (line := _line(identity, one, record, whose, today))
    ]
    named = any(record.pathway in retention.schedules[line.schedule].pathways for line in lines)
    hidden = [] if tells_restricted else [one for one in others if one.restricted]
    for line in _through(retention, [one for one in others if one not in hidden], whose, today):
        if all(had.schedule != line.schedule or had.until != line.until for had in lines):
            lines.append(line)
    latest = max((line.until for line in lines if line.until is not None), default=date.min)
    untold = _through(retention, hidden, whose, today)
    if longer := [line for line in untold if line.until is None or line.until > latest]:
        lines.append(_untold(max(longer, key=lambda line: line.until or date.max)))
    found = tuple(lines)
    still_open = [one for one in (record, *others) if one.closed is None]
    if still_open:
        return Kept(None, None, found, _because_open(record, still_open, tells_restricted))
    if not named:
        return Kept(
            None, None, found, "No schedule names records of this kind, so it is kept until one does."
        )
    unknown = next((line for line in lines if line.until is None), None)
    if unknown is not None:
        return Kept(None, unknown, found, "One of these days cannot be worked out, so the record is kept.")
    # of two that give the same day, the one that speaks of this kind of record
    kinds = {identity for identity, one in retention.schedules.items() if one.pathways}
    governing = max(lines, key=lambda line: (line.until or date.min, line.schedule in kinds))
    return Kept(governing.until, governing, found)


def _through(retention: Retention, others: Iterable[Record], whose: Whose, today: date) -> Iterator[Line]:
    """What the schedules that reach a whole person say of a record for the sake of others."""
    for other in others:
        for identity, schedule in retention.schedules.items():
            if schedule.reaches == "person":
                line = _line(identity, schedule, other, whose, today, through=other.reference)
                if line is not None:
                    yield line


def _untold(line: Line) -> Line:
    """A line that gives the day alone: neither the record through which it applies nor its kind."""
    so = f", so until {in_words(line.until)}" if line.until is not None else ""
    return replace(line, schedule="", title="Another rule", why=f"kept {UNTOLD}{so}.", reference="", through="")


def _because_open(record: Record, still_open: Sequence[Record], tells_restricted: bool) -> str:
    if record.closed is None:
        return "This record is still open, so nothing is counted yet."
    told = next((one for one in still_open if tells_restricted or not one.restricted), None)
    if told is None:
        return f"It is kept {UNTOLD}."
    return f"Another record of the same person, {told.reference}, is still open, so nothing is counted yet."


def _line(
    identity: str, schedule: Schedule, record: Record, whose: Whose, today: date, through: str = ""
) -> Line | None:
    """What a schedule says of a record; None where it does not speak of it."""
    length = in_force(schedule, today)
    if length is None or not _speaks_of(schedule, record, whose):
        return None
    start, words = counted_from(schedule, record, whose)
    until = after(start, length) if start is not None else None
    why = f"kept {length} from {words}"
    why += f", so until {in_words(until)}." if until is not None else "."
    return Line(identity, schedule.title, until, why, schedule.reference, through)


def in_force(schedule: Schedule, today: date) -> Interval | None:
    """How long a schedule keeps records, as it stands today; None before it came into force or after it ended."""
    value: Interval | None = None
    for day, length in schedule.keep:
        if day <= today:
            value = length
    return value


def counted_from(schedule: Schedule, record: Record, whose: Whose) -> tuple[date | None, str]:
    """The day that a schedule counts from, and that day in words."""
    if schedule.counted_from == "closure":
        if record.closed is None:
            return None, "the day it closes, which has not come"
        return record.closed, f"the day it closed, {in_words(record.closed)}"
    if schedule.counted_from == "death":
        return (
            whose.died,
            f"the death, {in_words(whose.died)}" if whose.died else "a death that is not recorded",
        )
    latest = latest_birth(whose)
    if latest is None:
        return None, "birth; the date of birth is not known"
    if whose.born is None:
        return latest, f"the expected date of birth, {in_words(latest)}"
    if whose.precision == EXACT:
        return latest, f"birth, {in_words(latest)}"
    return latest, f"birth, which was by {in_words(latest)}: the exact day is not known"


def latest_birth(whose: Whose) -> date | None:
    """The last day on which the person can have been born: nothing is destroyed before it surely may be."""
    if whose.born is None:
        return whose.expected
    if whose.precision == EXACT:
        return whose.born
    if whose.precision == MONTH:
        first_of_next = add_months(whose.born.replace(day=1), 1)
        return date.fromordinal(first_of_next.toordinal() - 1)
    return whose.born.replace(month=12, day=31)


def after(start: date, length: Interval) -> date:
    """The same day so many years or months on; for years from 29 February, 1 March where there is none."""
    if length.unit is Unit.YEARS:
        return birthday(start, length.amount)
    return add_months(start, length.amount)


def _speaks_of(schedule: Schedule, record: Record, whose: Whose) -> bool:
    if schedule.pathways and record.pathway not in schedule.pathways:
        return False
    if schedule.sensitivity == "restricted" and not record.restricted:
        return False
    if schedule.died_under is not None and not _died_before(whose, schedule.died_under):
        return False
    if schedule.unless_died_under is not None and _died_before(
        whose, schedule.unless_died_under, surely=True
    ):
        return False
    if schedule.when and not _happened(schedule.when, record, whose):
        return False
    return not (schedule.unless and _happened(schedule.unless, record, whose))


def _died_before(whose: Whose, age: int, *, surely: bool = False) -> bool:
    """Whether the person died before a birthday. Where the birth is not exactly known: whether they may have, or, with
    `surely`, whether they must have. So of two schedules both apply, and the longer decides."""
    if whose.died is None:
        return False
    birth = (whose.born or whose.expected) if surely else latest_birth(whose)
    if birth is None:
        return not surely
    return whose.died < birthday(birth, age)


def _happened(events: Mapping[str, When], record: Record, whose: Whose) -> bool:
    """Whether an event of one of these kinds, with these answers, stands in the record."""
    around = Surroundings(Subject(whose.born), record.happened)
    for one in record.happened:
        if one.kind in events:
            condition = compile_when(events[one.kind])
            answers: Mapping[str, Any] = one.data
            if condition is None or condition(answers, one.day.toordinal(), around):
                return True
    return False
