"""What a column says of one case, in lines of few words, each with its state where it has one.

Pure over what `record` has read. The same lines are drawn on the page, put into the pack and written to the export.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from goldenthread.clocks.answers import as_date
from goldenthread.clocks.calendar import end_of, local_day, start_of
from goldenthread.clocks.conditions import Surroundings, compile_when
from goldenthread.clocks.engine import Happening
from goldenthread.clocks.interval import age_on
from goldenthread.guidance.board import Board, Counted, Stage
from goldenthread.guidance.pathway import Question

from ..models import Duty
from ..record import subject_of, voice_of
from ..words import answer_words, due_of, due_state, due_words
from .record import Record
from .which import day_before

QUOTED = 140
"""Letters of somebody's own words shown in a row; the case has them all."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a cell."""

    words: str
    state: str = ""
    """The state of a duty, for its shape and colour."""
    tone: str = ""
    """late, quiet or strong."""
    quote: bool = False
    chip: bool = False
    """Whether the state fills the line, as for one clock; else only its shape stands before the words."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What one column says of one row."""

    column: str
    title: str
    lines: list[Line] = field(default_factory=list)

    @property
    def text(self) -> str:
        """For an export: the lines in one, without shapes or colours."""
        return "; ".join(line.words for line in self.lines)


@dataclass(frozen=True, slots=True)
class Teller:
    """Puts columns into words at one moment."""

    board: Board
    now: datetime
    agencies: Mapping[str, str]

    @property
    def today(self) -> date:
        return local_day(self.now)

    # What the kinds of column share ---------------------------------------------------------------------------------

    def words(self, record: Record, one: Happening, name: str) -> str:
        """An answer of an event in words; empty where it was not given."""
        question = self.question(record, one.kind, name)
        value = one.data.get(name)
        if question is None or value in (None, "", []):
            return ""
        return answer_words(question, value, self.agencies)

    def question(self, record: Record, kind: str, name: str) -> Question | None:
        event = record.pathway.events.get(kind)
        return event.asks.get(name) if event is not None else None

    def matching(self, record: Record, found: Mapping[str, Any]) -> list[Happening]:
        """The events among these that were answered so, in the order they happened."""
        conditions = {kind: compile_when(when) for kind, when in found.items()}
        around = Surroundings(subject_of(record.case.subject), record.happened)
        return [one for one in record.happened if one.kind in conditions and _holds(conditions[one.kind], one, around)]

    def moment(self, record: Record, names: Iterable[str]) -> date | datetime | None:
        """The latest day or moment that any of these names tells: an event, a date it gave, or `opened`."""
        found: list[date | datetime] = []
        for name in names:
            if name == "opened":
                found.append(record.case.opened_at)
                continue
            kind, _, asked = name.partition(".")
            told_of = (one for one in reversed(record.happened) if one.kind == kind and (not asked or one.data.get(asked)))
            latest = next(told_of, None)
            told = None if latest is None else as_date(latest.data[asked]) if asked else (latest.moment or latest.day)
            if told is not None:
                found.append(told)
        return max(found, key=at, default=None)

    def due(self, record: Record, names: Iterable[str]) -> Duty | None:
        """The clock to speak of: the first running to be due; else the latest that ended; else one that waits."""
        rows = [row for row in record.duties if row.duty in set(names)]
        running = [row for row in rows if row.outcome == Duty.Outcome.OPEN]
        if running:
            return min(running, key=lambda row: row.due_at or end_of(date(9998, 12, 30)))
        ended = [row for row in rows if row.outcome in (Duty.Outcome.MET, Duty.Outcome.EXCUSED)]
        if ended:
            return max(ended, key=lambda row: (row.met_at or row.due_at or start_of(row.triggered_on), row.ordinal))
        return None

    def due_line(self, row: Duty) -> Line:
        """A clock in words: when it is due, or that it was met."""
        if row.outcome == Duty.Outcome.OPEN:
            return Line(first_capital(soon_words(due_of(row), self.now)), due_state(row, self.now), chip=True)
        if row.outcome == Duty.Outcome.EXCUSED:
            return Line("Excused", "excused", chip=True)
        met = f" {short_day(local_day(row.met_at), self.today)}" if row.met_at else ""
        return Line(f"Done{met}{', late' if row.late else ''}", "met_late" if row.late else "met_on_time", chip=True)

    def age(self, record: Record) -> int | None:
        """Whole years, today or on the day of death; None where the date of birth is not known or still ahead."""
        person = record.case.subject
        return age_on(person.born, person.died or self.today) if person.born and person.born <= self.today else None

    def stage_line(self, stage: Stage, record: Record) -> Line:
        """Where a stage stands: done; else held up; else late, due, asked for; else not yet."""
        words = stage.words
        done = self.matching(record, stage.done)
        held = self.matching(record, stage.held_up) if stage.held_up else []
        begun = self.matching(record, stage.begun) if stage.begun else []
        place = {one.id: index for index, one in enumerate(record.happened)}
        last = place[done[-1].id] if done else -1
        if held and place[held[-1].id] > last:
            return self._held_up(stage, record, held[-1])
        if done:
            return Line(f"{words.get('done', 'Done')} {short_day(done[-1].day, self.today)}", "met_on_time", chip=True)
        clock = self.due(record, stage.duty)
        if clock is not None and clock.outcome != Duty.Outcome.MET:
            return self.due_line(clock)
        if begun:
            return Line(f"{words.get('begun', 'Asked for')} {short_day(begun[-1].day, self.today)}", "open", chip=True)
        return Line(words.get("not_yet", "Not yet"), tone="quiet")

    def _held_up(self, stage: Stage, record: Record, held: Happening) -> Line:
        says = stage.words.get("held_up", "Held up")
        clock = self.due(record, stage.duty)
        if clock is not None and clock.outcome == Duty.Outcome.OPEN:
            return Line(f"{says}: {soon_words(due_of(clock), self.now)}", due_state(clock, self.now), chip=True)
        return Line(f"{says} since {short_day(held.day, self.today)}", "overdue", chip=True)

    def how_often(self, counted: Counted, record: Record) -> int:
        conditions = {kind: compile_when(when) for kind, when in counted.of.items()}
        around = Surroundings(subject_of(record.case.subject), record.happened)
        pool = [*record.others, *record.happened] if counted.across == "person" else record.happened
        since = day_before(counted.within, self.today) if counted.within is not None else date.min
        after = record.latest(counted.since) if counted.since else None
        if counted.since and after is None:
            return 0
        return sum(
            one.kind in conditions and since <= one.day <= self.today and _holds(conditions[one.kind], one, around)
            and (after is None or one.at > after.at)
            for one in pool
        )  # fmt: skip

    def said(self, record: Record, asked: Iterable[str] = ()) -> tuple[str, date] | None:
        """The latest own words and their day: any, or the answers to these questions alone."""
        names = {name.partition(".")[0]: name.partition(".")[2] for name in asked}
        for one in reversed(record.happened):
            if names:
                told = str(one.data.get(names.get(one.kind, "")) or "").strip()
                if told:
                    return told, one.day
                continue
            event = record.pathway.events.get(one.kind)
            words = voice_of(event, one.data) if event is not None else ""
            if words:
                return words, one.day
        return None


def _holds(condition: Any, one: Happening, around: Surroundings) -> bool:
    return condition is None or bool(condition(one.data, one.day.toordinal(), around))


def at(moment: date | datetime) -> datetime:
    return moment if isinstance(moment, datetime) else start_of(moment)


def short_day(day: date, today: date) -> str:
    """3 November; with the year where it is another."""
    return f"{day.day} {day:%b}" if day.year == today.year else f"{day.day} {day:%b %Y}"


def soon_words(due: date | datetime | None, now: datetime) -> str:
    """When something is due, short enough for a cell: 2 days late, today by 5pm, Fri 27 Nov."""
    today = local_day(now)
    day = local_day(due) if isinstance(due, datetime) else due
    if day is None or (day - today).days < 2 or (isinstance(due, datetime) and due < now):
        return due_words(due, now)
    return f"{day:%a} {short_day(day, today)}"


def first_capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def shortened(words: str) -> str:
    """Somebody's own words, as many as fit a row."""
    short = " ".join(words.split())
    return short if len(short) <= QUOTED else short[:QUOTED].rsplit(" ", 1)[0] + " …"


def span_words(span: timedelta, *, hours: bool = False) -> str:
    """25 min, 7 hours, 3 days; with `hours` in hours until the fourth day is over."""
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes < 60:
        return f"{minutes} min"
    if minutes < (96 if hours else 48) * 60:
        return f"{minutes // 60} h {minutes % 60} min" if minutes < 6 * 60 and minutes % 60 else f"{minutes // 60} hours"
    days = minutes // (24 * 60)
    return f"{days:,} days"
