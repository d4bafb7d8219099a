"""Reading events from a CSV file, with everything that is wrong said by line and column. Nothing is written here.

Columns (docs/look-up/import-events.md): `case` (reference or id); or `person` (the id of people.csv, or ours, or `nhs:`
and a number) or `about` (an organisation), with `pathway`; `kind`, `occurred`, `recorded`, `organisation`; an answer a
column, `data.outcome`. Rows are taken in the order things happened, whatever their order in the file. Each is tried on
the case as it then stands, with the cases that earlier rows open, by the same checks as a form (`clocks.order`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Q
from django.utils import timezone

from goldenthread.agencies.models import Organisation
from goldenthread.clocks.calendar import LONDON, end_of, local_day
from goldenthread.clocks.engine import Happening, Program, Subject
from goldenthread.clocks.order import check_event, clean_answers
from goldenthread.foundation.csv_rows import Columns, Row, RowError, read_rows
from goldenthread.foundation.library import arrangement_for, current_library, programs
from goldenthread.people.dates import read_date
from goldenthread.people.identifiers import normalised
from goldenthread.people.models import Identifier, Person
from goldenthread.people.queries import people_by_source_id

from .answers import clean
from .models import Case
from .record import happenings_by_case, subject_of
from .subject import ORGANISATION, whom_of

COLUMNS = Columns(
    required=["kind", "occurred"],
    optional=["case", "person", "about", "pathway", "recorded", "organisation"],
    prefixes=["data."],
)
_BATCH = 500


@dataclass(slots=True)
class EventRow:
    """One event of a file, read and checked. `case` or `opened_by` says which case it goes to; with neither it opens one."""

    line: int
    kind: str
    occurred: date | datetime
    recorded: datetime | None
    organisation: Organisation | None
    data: dict[str, Any]
    pathway: str
    whom: Person | Organisation
    case: UUID | None = None
    opened_by: tuple[int, str] | None = None
    """The line of the row that opens its case, and the case's pathway."""
    opens: bool = False


@dataclass(slots=True)
class Reading:
    """A file read: the events that are right, in the order they happened, and what is wrong with the others."""

    header: list[str]
    rows: list[Row]
    events: list[EventRow]
    errors: list[RowError]


@dataclass(slots=True)
class _Track:
    """A case while a file is read: one there already, or one that a row opens."""

    whom: Person | Organisation
    program: Program
    happenings: list[Happening]
    case: UUID | None = None
    opened_by: tuple[int, str] | None = None

    @property
    def pathway(self) -> str:
        return self.program.pathway.id

    @property
    def opened(self) -> date:
        return min((one.day for one in self.happenings), default=date.max)


@dataclass(slots=True)
class _Given:
    """A row whose own values can be read; what they mean for a case comes next."""

    row: Row
    occurred: date | datetime
    recorded: datetime | None
    organisation: Organisation | None
    whom: Person | Organisation | None
    case: Case | None

    @property
    def day(self) -> date:
        return local_day(self.occurred) if isinstance(self.occurred, datetime) else self.occurred

    @property
    def when(self) -> tuple[date, bool, datetime, int]:
        """Its place among the rows: by day; on a day what opens a case first, then by time, what has no time last."""
        pathway = current_library().pathways.get(self.case.pathway if self.case else self.row.get("pathway"))
        kind = pathway.event_named(self.row.get("kind")) if pathway else None
        opens = pathway is not None and kind is not None and pathway.events[kind].opens
        moment = self.occurred if isinstance(self.occurred, datetime) else end_of(self.occurred)
        return self.day, not opens, moment, self.row.line


def read_events(path: Path, organisation: Organisation | None = None) -> Reading:
    """Raises csv_rows.WrongFile for a file that cannot be used at all. `organisation`: for rows that name none."""
    header, rows, errors = read_rows(path, COLUMNS)
    misread = {error.line for error in errors}
    found = _Found(rows, organisation)
    given: list[_Given] = []
    for row in rows:
        if row.line in misread:
            continue
        one, wrong = found.read(row)
        errors += wrong
        if one is not None:
            given.append(one)
    given.sort(key=lambda one: one.when)
    tracks = _Tracks(given, found.organisations)
    events: list[EventRow] = []
    for one in given:
        event, wrong = tracks.place(one)
        errors += wrong
        if event is not None:
            events.append(event)
    errors.sort(key=lambda error: error.line)
    return Reading(header, rows, events, errors)


class _Found:
    """The people, cases and organisations that a file names, each read once."""

    def __init__(self, rows: Sequence[Row], organisation: Organisation | None) -> None:
        self.default = organisation
        self.now = timezone.now()
        self.organisations: dict[str, Organisation] = {}
        for one in Organisation.objects.filter(active=True):
            self.organisations[one.slug] = self.organisations[one.title.lower()] = one
        self.people = _people({row.get("person") for row in rows} - {""})
        self.cases: dict[str, Case] = {}
        for names in _batches({row.get("case") for row in rows} - {""}):
            ids = [UUID(name) for name in names if _is_uuid(name)]
            for case in Case.objects.filter(Q(reference__in=names) | Q(pk__in=ids)).select_related("subject", "about"):
                self.cases[case.reference] = self.cases[str(case.pk)] = case

    def read(self, row: Row) -> tuple[_Given | None, list[RowError]]:
        errors: list[RowError] = []

        def wrong(column: str, message: str) -> None:
            errors.append(RowError(row.line, column, message))

        if not row.get("kind"):
            wrong("kind", "is missing; say what happened")
        occurred = recorded = None
        for column in ("occurred", "recorded"):
            text = row.get(column)
            if not text:
                continue
            try:
                value = when(text, local_day(self.now))
            except ValueError as error:
                wrong(column, f"{text!r} is not a date. {error}")
                continue
            if column == "occurred":
                occurred = value
            elif isinstance(value, datetime):
                recorded = value
            else:  # a day: its end, or for today, now
                recorded = self.now if value == local_day(self.now) else end_of(value)
        if not row.get("occurred"):
            wrong("occurred", "is missing; give the day it happened")
        if recorded is not None and recorded > self.now:
            wrong("recorded", f"{row.get('recorded')} is in the future")
        named: dict[str, Organisation | None] = {"organisation": self.default, "about": None}
        for column in named:
            if word := row.get(column):
                named[column] = self.organisations.get(word) or self.organisations.get(word.lower())
                if named[column] is None:
                    near = get_close_matches(word.lower(), self.organisations, n=1, cutoff=0.5)
                    hint = f"; did you mean {self.organisations[near[0]].slug!r}?" if near else ""
                    wrong(column, f"there is no organisation {word!r}{hint}")
        whom: Person | Organisation | None = None
        case = None
        if row.get("case"):
            case = self.cases.get(row.get("case"))
            if case is None:
                wrong("case", f"there is no case {row.get('case')!r}")
            elif row.get("pathway") and row.get("pathway") != case.pathway:
                wrong("pathway", f"case {case.reference} is of {case.pathway!r}, not {row.get('pathway')!r}")
        elif not (row.get("person") or row.get("about")) or not row.get("pathway"):
            wrong("case", "give a case, or a person and a pathway, or in `about` an organisation and a pathway")
        elif row.get("person") and row.get("about"):
            wrong("about", "a case is for a person or about an organisation, not both")
        elif row.get("about"):
            whom = named["about"]
        else:
            whom = self.people.get(row.get("person"))
            if whom is None:
                wrong("person", f"there is no person {row.get('person')!r}; import people first")
        if errors:
            return None, errors
        assert occurred is not None
        return _Given(row, occurred, recorded, named["organisation"], whom, case), []


class _Tracks:
    """Every case that the file touches, as it stands after the rows tried so far."""

    def __init__(self, given: Sequence[_Given], named: Mapping[str, Organisation]) -> None:
        self.now = timezone.now()
        self._named = named
        self.of: dict[tuple[object, str], list[_Track]] = {}
        self.by_case: dict[UUID, _Track] = {}
        self.broken: dict[tuple[object, str], int] = {}
        """Whom it is for and pathway -> the line whose case could not be opened."""
        everyone = [one.whom if one.case is None else whom_of(one.case) for one in given]
        people = {one.pk for one in everyone if isinstance(one, Person)}
        agencies = {one.pk for one in everyone if isinstance(one, Organisation)}
        spans = [*(Q(subject__in=batch) for batch in _batches(people)), *(Q(about__in=batch) for batch in _batches(agencies))]
        for span in spans:
            cases = list(Case.objects.filter(span).select_related("subject", "about"))
            happenings = happenings_by_case([case.pk for case in cases])
            for case in cases:
                program = programs(case.arrangement).get(case.pathway)
                if program is not None:
                    whom = whom_of(case)
                    track = _Track(whom, program, happenings[case.pk], case.pk)
                    self.by_case[case.pk] = track
                    self.of.setdefault((whom.pk, case.pathway), []).append(track)

    def place(self, one: _Given) -> tuple[EventRow | None, list[RowError]]:
        """Try one row. What is right stays in its case for the rows that follow."""
        row = one.row

        def refused(column: str, message: str) -> tuple[None, list[RowError]]:
            return None, [RowError(row.line, column, message)]

        if one.case is not None:
            track = self.by_case.get(one.case.pk)
            if track is None:
                return refused(
                    "case", f"the guidance has no pathway {one.case.pathway!r}, which this case is of"
                )
            program, whom = track.program, track.whom
        else:
            assert one.whom is not None
            whom = one.whom
            known = programs(arrangement_for(whom.area.slug if whom.area else None))
            found = known.get(row.get("pathway"))
            if found is None:
                near = get_close_matches(row.get("pathway"), known, n=1, cutoff=0.5)
                hint = f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(sorted(known))}"
                return refused("pathway", f"there is no pathway {row.get('pathway')!r}{hint}")
            program = found
            if (found.pathway.subject == ORGANISATION) is isinstance(whom, Person):
                needs = "about" if isinstance(whom, Person) else "person"
                return refused(needs, f"is missing; a case of {found.pathway.id} needs it")
        pathway = program.pathway
        subject = subject_of(whom) if isinstance(whom, Person) else Subject(None)
        kind = pathway.event_named(row.get("kind"))
        if kind is None:
            names = [*pathway.events, *(also for event in pathway.events.values() for also in event.also)]
            near = get_close_matches(row.get("kind"), names, n=1, cutoff=0.5)
            return refused(
                "kind",
                f"{pathway.id} has no event {row.get('kind')!r}{f'; did you mean {near[0]!r}?' if near else ''}",
            )
        event = pathway.events[kind]
        answers, problems = clean(event, row.under("data."))
        errors = [RowError(row.line, f"data.{one.field}", one.message) for one in problems]
        day, moment = one.day, one.occurred if isinstance(one.occurred, datetime) else None
        new = Happening(uuid4(), kind, day, moment, one.recorded or self.now, answers)
        key = (whom.pk, pathway.id)
        opens = False
        if one.case is None:
            track = self._track_for(key, day)
            standing = track.program.run(track.happenings, subject, self.now) if track else None
            again = event.opens and standing is not None and (not standing.is_open or standing.opened is None)
            opens = event.opens and (track is None or again)
            if opens:
                track = _Track(whom, program, [], opened_by=(row.line, pathway.id))
            elif track is None:
                if key in self.broken:
                    return refused("", f"not tried: line {self.broken[key]}, which opens this case, is wrong")
                opening = " or ".join(name for name, one in pathway.events.items() if one.opens)
                who = "this person" if isinstance(whom, Person) else whom.title
                return refused("kind", f"{who} has no case of {pathway.id} by then; it begins with {opening}")
        assert track is not None
        if any(
            (had.kind, had.day, had.moment, dict(had.data)) == (kind, day, moment, answers)
            for had in track.happenings
        ):
            errors.append(
                RowError(row.line, "", "this is already recorded in the case, with the same day and answers")
            )
        for problem in check_event(program, track.happenings, new, subject, self.now, complete=False):
            errors.append(RowError(row.line, problem.field, problem.message))
        if errors:
            if opens:
                self.broken.setdefault(key, row.line)
            return None, errors
        placed = EventRow(
            row.line, kind, one.occurred, one.recorded, one.organisation, answers, pathway.id, whom,
            track.case, None if opens else track.opened_by, opens,
        )  # fmt: skip
        track.happenings.append(new)
        if opens:
            self.of.setdefault(key, []).append(track)
        if event.leads_to:
            self._follow(track, new, row.line, subject)
        return placed, []

    def _track_for(self, key: tuple[object, str], day: date) -> _Track | None:
        """The case a row belongs to: the latest opened by its day."""
        begun = [track for track in self.of.get(key, ()) if track.opened <= day]
        return max(begun, key=lambda track: track.opened, default=None)

    def _follow(self, track: _Track, new: Happening, line: int, subject: Subject) -> None:
        """The cases that a row opens: later rows may go on with them."""
        progress = track.program.run(track.happenings, subject, self.now)
        known = programs(arrangement_for(track.whom.area.slug if track.whom.area else None))
        for lead in progress.leads:
            if lead.by != new.id or lead.pathway not in known:
                continue
            program = known[lead.pathway]
            answers, _ = clean_answers(program.pathway.events[lead.event], lead.data, complete=False)
            first = Happening(uuid4(), lead.event, lead.day, lead.moment, new.recorded, answers)
            about = track.program.pathway.events[new.kind].leads_to[lead.index].about
            whom = track.whom if about is None else self._named.get(str(new.data.get(about)))
            if whom is None:
                continue  # recording the row refuses it, by the same rule as a form
            following = _Track(whom, program, [first], opened_by=(line, lead.pathway))
            self.of.setdefault((whom.pk, lead.pathway), []).append(following)


def when(text: str, today: date) -> date | datetime:
    """A day, or a moment where a time is given: 2026-03-27, 27/3/2026, 2026-03-27T09:30, 27/3/2026 09:30.

    A time without a zone is London time. Raises ValueError with words for the person.
    """
    try:
        moment = datetime.fromisoformat(text)
        if len(text) > 10:
            return moment if moment.tzinfo is not None else moment.replace(tzinfo=LONDON)
    except ValueError:
        pass
    words = text.rsplit(" ", 1)
    clock = None
    if len(words) == 2 and ":" in words[1]:
        try:
            clock = time.fromisoformat(words[1])
        except ValueError:
            raise ValueError("Write the time like 09:30") from None
        text = words[0]
    known = read_date(text, today)
    if known.precision != "day":
        raise ValueError("An event needs its day, not only a month or a year")
    return datetime.combine(known.first, clock, LONDON) if clock is not None else known.first


def _people(names: set[str]) -> dict[str, Person]:
    """People by what a file calls them: the id of people.csv, our own, or `scheme:number`."""
    ids: dict[str, UUID] = {name: UUID(name) for name in names if _is_uuid(name)}
    by_source = people_by_source_id(name for name in names if name not in ids)
    ids |= {name: by_source[key] for name in names if (key := normalised("source", name)) in by_source}
    for name in names - set(ids):
        scheme, colon, value = name.partition(":")
        if colon:
            rows = Identifier.objects.filter(scheme=scheme, value=normalised(scheme, value))
            holders = list(rows.values_list("person_id", flat=True)[:2])
            if len(holders) == 1:
                ids[name] = holders[0]
    found: dict[UUID, Person] = {}
    for batch in _batches(set(ids.values())):
        found |= Person.objects.filter(merged_into=None).select_related("area").in_bulk(batch)
    return {name: found[identity] for name, identity in ids.items() if identity in found}


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _batches(names: Iterable[Any]) -> Iterable[list[Any]]:
    every = sorted(names, key=str)
    return [every[start : start + _BATCH] for start in range(0, len(every), _BATCH)]
