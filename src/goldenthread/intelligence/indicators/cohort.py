"""A cohort from files of cases, as `run-case` takes them: a folder of YAML or JSON files, one case a file or many.

Beside what `run-case` knows a case may say who it is about (`subject.id`, by which the cases of one child are known to be
of one child), the child's `ethnicity`, and the `lead`, `worker` and `id` of the case; an event may say its `agency`.
Knows no Django.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from goldenthread.clocks.answers import as_date
from goldenthread.clocks.calendar import LONDON, local_day
from goldenthread.clocks.case import CaseFileError, ReadCase, read_case
from goldenthread.clocks.duty import ComputedDuty
from goldenthread.clocks.engine import Happening, Progress
from goldenthread.clocks.interval import age_on
from goldenthread.guidance.library import Library
from goldenthread.guidance.pathway import FieldType, Pathway, Question
from goldenthread.guidance.reading import parse

from .places import EVERYWHERE, areas_of, populations_of
from .tables import AnswerRow, CaseRow, Dataset, DutyRow, EventRow, PersonRow, code_of

_OUTCOMES = {
    "waiting": "waiting", "open": "open", "due_soon": "open", "overdue": "open", "met_on_time": "met", "met_late": "met",
    "cancelled": "cancelled", "excused": "excused",
}  # fmt: skip
CODED = frozenset(FieldType) - {FieldType.TEXT, FieldType.LONG_TEXT, FieldType.PERSON, FieldType.ORGANISATION}
"""Kinds of answer that are extracted as they are. What a person typed never is."""


def read_cohort(path: Path) -> list[tuple[str, Mapping[str, Any]]]:
    """The cases of a file or of every file of a folder, each with where it stands. Raises CaseFileError, GuidanceError."""
    if not path.exists():
        raise FileNotFoundError(2, "no such file", str(path))
    files = [path] if path.is_file() else sorted(
        one for one in path.rglob("*") if one.suffix in (".yaml", ".yml", ".json")
    )
    if not files:
        raise CaseFileError([f"{path}: there are no .yaml or .json files of cases here"])
    return [(f"{file.name}[{number}]", case) for file in files for number, case in enumerate(_cases(file), 1)]


def _cases(file: Path) -> Iterator[Mapping[str, Any]]:
    if file.suffix == ".json":
        try:
            value = json.loads(file.read_text(encoding="utf-8"))
        except ValueError as error:
            raise CaseFileError([f"{file.name}: not readable as JSON: {error}"]) from error
    else:
        value = parse(file).value
    if isinstance(value, Mapping) and isinstance(value.get("cases"), list):
        value = value["cases"]
    yield from value if isinstance(value, list) else [value]


def dataset_of(
    cases: Sequence[tuple[str, Mapping[str, Any]]], library: Library, as_of: date | None = None
) -> Dataset:
    """The tables that a cohort makes. Raises CaseFileError naming every case that cannot be understood."""
    problems: list[str] = []
    read: list[tuple[str, Mapping[str, Any], ReadCase]] = []
    for where, given in cases:
        try:
            read.append((where, given, read_case(_plainly(given, as_of), library)))
        except CaseFileError as error:
            problems.extend(f"{where}: {problem}" for problem in error.problems)
    if problems:
        raise CaseFileError(problems)
    latest = max((local_day(one.as_of) for _, _, one in read), default=date.today())
    found = Dataset(as_of or latest, areas=areas_of(library), populations=populations_of(library))
    people: dict[str, PersonRow] = {}
    hashed = Hashed(library, lambda words: words)
    for number, (where, given, one) in enumerate(read, 1):
        subject = given.get("subject") or {}
        person = str(subject.get("id") or where)
        area = home_of(library, one.area)
        people.setdefault(
            person, PersonRow(person, month_of(one.subject.born), one.subject.sex, subject.get("ethnicity"), area)
        )
        add_case(
            found,
            CaseKeys(str(given.get("id") or f"case {number}"), person, area, given.get("lead"), given.get("worker")),
            one.program.pathway,
            one.run(),
            one.subject.born,
            False,
            agencies={
                event.get("id", place): event.get("agency")
                for place, event in enumerate(given.get("events") or [], 1)
                if isinstance(event, Mapping)
            },
            hashed=hashed,
        )
    found.people = list(people.values())
    return found


def home_of(library: Library, area: str | None) -> str:
    """The area a case counts in: its own, the home of an arrangement, or nowhere in particular."""
    arrangement = library.arrangements.get(area or "")
    return arrangement.home_area if arrangement is not None else area or EVERYWHERE


def _plainly(given: Mapping[str, Any], as_of: date | None) -> Mapping[str, Any]:
    """The case without what only a cohort says."""
    if not isinstance(given, Mapping):
        return given
    case = {key: value for key, value in given.items() if key not in ("id", "lead", "worker")}
    if isinstance(case.get("subject"), Mapping):
        case["subject"] = {key: one for key, one in case["subject"].items() if key not in ("id", "ethnicity")}
    if isinstance(case.get("events"), list):
        case["events"] = [
            {key: one for key, one in event.items() if key != "agency"} if isinstance(event, Mapping) else event
            for event in case["events"]
        ]
    if as_of is not None:
        case["as_of"] = as_of
    return case


class CaseKeys:
    """What a case is called in the tables."""

    __slots__ = ("area", "case", "lead", "person", "worker")

    def __init__(self, case: str, person: str, area: str, lead: str | None, worker: str | None) -> None:
        self.case, self.person, self.area, self.lead, self.worker = case, person, area, lead, worker


def add_case(
    found: Dataset,
    keys: CaseKeys,
    pathway: Pathway,
    progress: Progress,
    born: date | None,
    unborn: bool,
    agencies: Mapping[Any, str | None],
    hashed: Hashed,
) -> None:
    """The rows of one case that was run."""
    known = progress.effective
    if not known or progress.opened is None:
        return
    names = {one.id: f"{keys.case}/{place}" for place, one in enumerate(known, 1)}
    closing = progress.closing
    found.cases.append(
        CaseRow(
            keys.case, keys.person, pathway.id, keys.area, keys.lead, keys.worker,
            progress.opened, progress.closed, names[closing.id] if closing is not None else None,
        )
    )  # fmt: skip
    for place, one in enumerate(known, 1):
        found.events.append(
            EventRow(
                names[one.id], keys.case, keys.person, pathway.id, one.kind, one.day, place,
                one.recorded.astimezone(LONDON).date(), keys.area, agencies.get(one.id), age_of(born, one.day, unborn),
            )
        )  # fmt: skip
        found.answers.extend(answers_of(names[one.id], pathway, one, hashed))
    for duty in progress.duties:
        found.duties.append(_duty(keys, pathway, duty, names, born, unborn))


def _duty(
    keys: CaseKeys, pathway: Pathway, duty: ComputedDuty, names: Mapping[Any, str], born: date | None, unborn: bool
) -> DutyRow:
    due, met = duty.due, duty.met
    outcome = _OUTCOMES[duty.status]
    return DutyRow(
        f"{keys.case}/{duty.duty}/{duty.ordinal}", keys.case, keys.person, pathway.id, duty.duty, duty.ordinal,
        duty.triggered, local_day(due) if isinstance(due, datetime) else due, met.day if met else None,
        names.get(met.id) if met else None, outcome, duty.late and outcome not in ("open", "waiting"),
        keys.area, keys.lead, age_of(born, duty.triggered, unborn),
    )  # fmt: skip


class Hashed:
    """The answers in words that a spell compares (the same carer as before), and how they are made unreadable."""

    def __init__(self, library: Library, pseudonym: Callable[[str], str]) -> None:
        self.fields = {(one.pathway, one.same) for one in library.spells.spells.values() if one.same}
        self.pseudonym = pseudonym

    def code(self, pathway: str, name: str, value: Any) -> str | None:
        if (pathway, name) not in self.fields or value in (None, ""):
            return None
        return self.pseudonym(" ".join(str(value).lower().split()))


def answers_of(event: str, pathway: Pathway, one: Happening, hashed: Hashed) -> Iterator[AnswerRow]:
    """The coded answers of an event."""
    asks = pathway.events[one.kind].asks
    for name, value in one.data.items():
        question = asks.get(name)
        if question is None:
            continue
        if question.type in CODED:
            yield from _answer(event, pathway.id, one.kind, name, question, value)
        elif (code := hashed.code(pathway.id, name, value)) is not None:
            yield AnswerRow(event, pathway.id, one.kind, name, code, None, None)


def _answer(
    event: str, pathway: str, kind: str, name: str, question: Question, value: Any
) -> Iterator[AnswerRow]:
    for single in dict.fromkeys(value) if isinstance(value, list) else [value]:
        if question.type in (FieldType.DATE, FieldType.MOMENT):
            single = as_date(single)
            single = local_day(single) if isinstance(single, datetime) else single
        found = code_of(single)
        if found is not None:
            yield AnswerRow(event, pathway, kind, name, *found)


def age_of(born: date | None, day: date, unborn: bool) -> int | None:
    """Whole years of age, -1 before birth, None where it is not known."""
    if born is None:
        return -1 if unborn else None
    return max(-1, age_on(born, day))


def month_of(born: date | None) -> date | None:
    """The first day of the month of birth; for 29 February of March, as the birthday is then in most years."""
    if born is None:
        return None
    return date(born.year, 3, 1) if (born.month, born.day) == (2, 29) else born.replace(day=1)
