"""Reading people from a CSV file, with everything that is wrong said by line and column. Nothing is written here.

Columns (docs/look-up/import-people.md): `id` names the person within the file and to `import events.csv`; dates may be
partly known ("May 2017", "2017", "about 2017"); several names, languages or aliases are parted by ";".
Depends on `models`, `identifiers`, `dates`, `rules` and `foundation.csv_rows`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from uuid import UUID

from django.utils import timezone

from goldenthread.agencies.models import Area
from goldenthread.foundation.csv_rows import Columns, Row, RowError, read_rows

from .codes import ETHNICITIES
from .dates import KnownDate, read_date
from .identifiers import SCHEMES, normalised, problem_with
from .models import Identifier
from .queries import people_by_source_id
from .rules import born_errors, name_errors

#: Column -> scheme.
NUMBERS: Mapping[str, str] = {
    "nhs_number": "nhs",
    "upn": "upn",
    "uln": "uln",
    "local_authority_id": "ula",
    "police_reference": "police",
}
#: Column -> what that person is to this one.
RELATIVES: Mapping[str, str] = {"mother_id": "mother", "father_id": "father", "carer_id": "carer"}
COLUMNS = Columns(
    required=["id", "family_name"],
    optional=["given_name", "also_known_as", "born", "expected", "died", "sex", "ethnicity", "languages", "interpreter",
              *NUMBERS, "address", "postcode", "from", "area", "restricted", *RELATIVES],
)  # fmt: skip
_SEXES = {"": "", "f": "female", "female": "female", "girl": "female", "woman": "female",
          "m": "male", "male": "male", "boy": "male", "man": "male", "unknown": "", "u": ""}  # fmt: skip
_YES = {
    "": False,
    "no": False,
    "n": False,
    "false": False,
    "0": False,
    "yes": True,
    "y": True,
    "true": True,
    "1": True,
}


@dataclass(slots=True)
class PersonRow:
    """One person of a file, read and checked."""

    line: int
    source_id: str
    given_name: str
    family_name: str
    also_known_as: list[str]
    born: KnownDate | None
    expected: date | None
    died: date | None
    sex: str
    ethnicity: str
    languages: list[str]
    interpreter: bool
    restricted: bool
    identifiers: list[tuple[str, str]]
    address: str
    postcode: str
    address_from: date | None
    area: Area | None
    relatives: dict[str, str]
    """Column -> id in the file."""

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.given_name, self.family_name) if part)


@dataclass(slots=True)
class Reading:
    """A file read: the people that are right, and everything that is wrong with the others."""

    header: list[str]
    rows: list[Row]
    people: list[PersonRow]
    errors: list[RowError]
    there: dict[str, UUID] = field(default_factory=dict)
    """Relatives who are registered already, by their id in the file they came from."""


def read_people(path: Path) -> Reading:
    """Raises csv_rows.WrongFile for a file that cannot be used at all."""
    header, rows, errors = read_rows(path, COLUMNS)
    areas = _Areas()
    people: list[PersonRow] = []
    for row in rows:
        person, wrong = _read_row(row, areas)
        errors += wrong
        people.append(person)
    errors += _twice_in_file(people)
    errors += _there_already(people)
    known = {person.source_id: person for person in people}
    wanted = {each for person in people for each in person.relatives.values() if each not in known}
    there = people_by_source_id(wanted)
    errors += _relatives_wrong(people, known, there)
    _drop_with_relatives(people, known, errors)
    bad = {error.line for error in errors}
    errors.sort(key=lambda error: error.line)
    return Reading(header, rows, [person for person in people if person.line not in bad], errors, there)


class _Areas:
    """Areas by id, name or ONS code."""

    def __init__(self) -> None:
        self.by_word: dict[str, Area] = {}
        for area in Area.objects.all():
            for word in (area.slug, area.title, area.ons_code):
                if word:
                    self.by_word[word.lower()] = area

    def find(self, word: str) -> Area | str:
        """The area, or what is wrong."""
        area = self.by_word.get(word.lower())
        if area is not None:
            return area
        near = get_close_matches(word.lower(), self.by_word, n=1, cutoff=0.6)
        hint = (
            f"did you mean {self.by_word[near[0]].title}?" if near else "use an area's id, name or ONS code"
        )
        return f"there is no area {word!r}; {hint}"


def _read_row(row: Row, areas: _Areas) -> tuple[PersonRow, list[RowError]]:
    errors: list[RowError] = []

    def wrong(column: str, message: str) -> None:
        errors.append(RowError(row.line, column, message[:1].lower() + message[1:]))

    def when(column: str) -> KnownDate | None:
        if not row.get(column):
            return None
        try:
            return read_date(row.get(column), timezone.localdate())
        except ValueError as error:
            wrong(column, f"{row.get(column)!r} is not a date. {error}")
            return None

    def day(column: str) -> date | None:
        known = when(column)
        if known and known.precision != "day":
            wrong(column, f"{row.get(column)!r} is not a day. Give day, month and year")
            return None
        return known.first if known else None

    def choice(column: str, choices: Mapping[str, object], words: str) -> object:
        given = row.get(column)
        if given.lower() not in choices:
            wrong(column, f"{given!r} is not known; use {words}")
        return choices.get(given.lower(), choices[""])

    source_id = normalised("source", row.get("id"))
    if not source_id:
        wrong("id", "is empty; every person needs an id of their own in the file")
    elif problem := problem_with("source", source_id):
        wrong("id", problem)
    born, expected, died = when("born"), day("expected"), day("died")
    for column, message in born_errors(born, expected, died).items():
        wrong(column, message)
    given, family = row.get("given_name"), row.get("family_name")
    for column, message in name_errors(given, family, "").items():
        wrong(column, message)
    ethnicity = row.get("ethnicity").upper()
    if ethnicity and ethnicity not in ETHNICITIES:
        near = get_close_matches(ethnicity, ETHNICITIES, n=1, cutoff=0.5)
        hint = f"did you mean {near[0]} ({ETHNICITIES[near[0]]})?" if near else "use a DfE code such as WBRI"
        wrong("ethnicity", f"{ethnicity!r} is not an ethnicity code; {hint}")
    numbers = [(scheme, row.get(column)) for column, scheme in NUMBERS.items() if row.get(column)]
    for column, scheme in NUMBERS.items():
        if row.get(column) and (problem := problem_with(scheme, row.get(column))):
            wrong(column, problem)
    area = areas.find(row.get("area")) if row.get("area") else None
    if isinstance(area, str):
        wrong("area", area)
        area = None
    address_from = day("from")
    if address_from and address_from > timezone.localdate():
        wrong("from", "the first day at the address must not be in the future")
    if address_from and not (row.get("address") or row.get("postcode")):
        wrong("from", "is given without an address")
    person = PersonRow(
        line=row.line, source_id=source_id, given_name=given, family_name=family,
        also_known_as=_several(row.get("also_known_as")), born=born, expected=expected, died=died,
        sex=str(choice("sex", _SEXES, "female or male")), ethnicity=ethnicity, languages=_several(row.get("languages")),
        interpreter=bool(choice("interpreter", _YES, "yes or no")), restricted=bool(choice("restricted", _YES, "yes or no")),
        identifiers=[(scheme, normalised(scheme, value)) for scheme, value in numbers], address=row.get("address"),
        postcode=row.get("postcode"), address_from=address_from, area=area,
        relatives={column: normalised("source", row.get(column)) for column in RELATIVES if row.get(column)},
    )  # fmt: skip
    return person, errors


def _several(value: str) -> list[str]:
    return list(dict.fromkeys(part.strip() for part in value.split(";") if part.strip()))


def _column_of(scheme: str) -> str:
    return next((column for column, each in NUMBERS.items() if each == scheme), "id")


def _numbers_of(person: PersonRow) -> list[tuple[str, str]]:
    own = [("source", person.source_id)] if person.source_id else []
    return own + person.identifiers


def _twice_in_file(people: Iterable[PersonRow]) -> list[RowError]:
    errors: list[RowError] = []
    first: dict[tuple[str, str], int] = {}
    for person in people:
        for number in _numbers_of(person):
            line = first.setdefault(number, person.line)
            if line != person.line:
                errors.append(RowError(person.line, _column_of(number[0]), f"is the same as on line {line}"))
    return errors


def _there_already(people: Iterable[PersonRow]) -> list[RowError]:
    errors: list[RowError] = []
    lines: dict[tuple[str, str], int] = {}
    for person in people:
        for number in _numbers_of(person):
            lines.setdefault(number, person.line)
    values = list({value for _, value in lines})
    for start in range(0, len(values), 500):
        held = Identifier.objects.filter(value__in=values[start : start + 500]).values_list("scheme", "value")
        for number in set(held):
            if number in lines:
                title = "id" if number[0] == "source" else SCHEMES[number[0]]
                errors.append(
                    RowError(
                        lines[number],
                        _column_of(number[0]),
                        f"someone is already registered with this {title}",
                    )
                )
    return errors


def _relatives_wrong(
    people: Iterable[PersonRow], known: Mapping[str, PersonRow], there: Mapping[str, UUID]
) -> list[RowError]:
    errors: list[RowError] = []
    for person in people:
        for column, wanted in person.relatives.items():
            other = known.get(wanted)
            if wanted == person.source_id:
                errors.append(RowError(person.line, column, "is the person's own id"))
            elif other is None and wanted not in there:
                errors.append(
                    RowError(
                        person.line, column, f"there is no one with id {wanted!r} in the file or registered"
                    )
                )
            elif (
                other
                and column != "carer_id"
                and person.born
                and other.born
                and other.born.first > person.born.last
            ):
                errors.append(
                    RowError(person.line, column, f"the person on line {other.line} was born later")
                )
            elif other and (column, other.sex) in (("mother_id", "male"), ("father_id", "female")):
                errors.append(
                    RowError(person.line, column, f"the person on line {other.line} is {other.sex}")
                )
    return errors


def _drop_with_relatives(
    people: Iterable[PersonRow], known: Mapping[str, PersonRow], errors: list[RowError]
) -> None:
    """Someone whose mother is on a row that is wrong cannot be imported either: the tie would be lost unseen."""
    bad = {error.line for error in errors}
    waiting = [person for person in people if person.line not in bad and person.relatives]
    changed = True
    while changed:
        changed = False
        for person in waiting:
            for column, wanted in person.relatives.items():
                other = known.get(wanted)
                if other and other.line in bad and person.line not in bad:
                    errors.append(
                        RowError(person.line, column, f"refers to line {other.line}, which has errors")
                    )
                    bad.add(person.line)
                    changed = True
