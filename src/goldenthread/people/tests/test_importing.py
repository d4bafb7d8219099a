"""Files of people: what is right is brought in whole, what is wrong is said by line and column."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from goldenthread.agencies.models import Area
from goldenthread.foundation.csv_rows import WrongFile
from goldenthread.foundation.models import JournalEntry
from goldenthread.foundation.verify import broken_places
from goldenthread.people.actions import AddResidence, ImportPeople, RegisterPerson, RelatePeople
from goldenthread.people.importing import read_people
from goldenthread.people.models import (
    Address,
    Identifier,
    Person,
    PersonName,
    Relationship,
    Residence,
    SearchKey,
)
from goldenthread.people.queries import household_of, people_by_source_id, search_people

from .people_made_up import SYSTEM, organisation, person

pytestmark = pytest.mark.django_db

HEADER = "id,given_name,family_name,also_known_as,born,expected,sex,ethnicity,nhs_number,upn,address,postcode,from,area,mother_id"
GOOD = f"""{HEADER}
c1,Amina,Khan,Mina Khan; A Khan,14/05/2017,,female,APKN,943 476 5919,A123456789012,1 High Street,la1 1aa,01/02/2020,Carlisle,m1
m1,Fatima,Khan,,1990,,F,APKN,,,1 High Street,LA1 1AA,01/02/2020,carlisle,
u1,,Khan,,,{{due}},,,,,,,,,m1
"""


def due() -> str:
    from datetime import timedelta

    from django.utils import timezone

    return (timezone.localdate() + timedelta(days=60)).strftime("%d/%m/%Y")


def file(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "people.csv"
    path.write_bytes(text.replace("{due}", due()).encode(encoding))
    return path


@pytest.fixture(autouse=True)
def carlisle() -> Area:
    return Area.objects.create(slug="carlisle", title="Carlisle", kind="district", ons_code="E07000028")


def said(path: Path) -> list[str]:
    return [str(error) for error in read_people(path).errors]


def test_a_right_file_is_brought_in_whole(tmp_path, carlisle):
    reading = read_people(file(tmp_path, GOOD))
    assert reading.errors == []
    police = organisation("police", "police")
    assert ImportPeople(SYSTEM).run(reading.people, there=reading.there, organisation=police) == 3
    child, mother, unborn = (
        Person.objects.get(pk=people_by_source_id([each])[each.upper()]) for each in ("c1", "m1", "u1")
    )
    assert (child.name, child.born, child.born_precision, child.sex) == (
        "Amina Khan",
        date(2017, 5, 14),
        "day",
        "female",
    )
    assert (child.area, child.registered_by, mother.born_precision) == (carlisle, police, "year")
    assert unborn.unborn
    assert set(child.identifiers.values_list("scheme", "value")) == {
        ("source", "C1"), ("nhs", "9434765919"), ("upn", "A123456789012"),
    }  # fmt: skip
    assert household_of(SYSTEM, child) == [mother]
    assert set(mother.relationships.values_list("kind", "other__name")) == {
        ("child", "Amina Khan"),
        ("child", "Khan"),
    }
    assert child.relationships.get().other == mother
    assert search_people(SYSTEM, "mina khan 14/05/2017")[0].person == child
    assert JournalEntry.objects.filter(verb="people.import").count() == 3
    assert list(broken_places()) == []


def test_an_import_writes_what_registering_one_by_one_writes(tmp_path, carlisle):
    def told() -> list[object]:
        return [
            list(
                Person.objects.order_by("name").values_list(
                    "name", "born", "born_precision", "expected", "sex", "area"
                )
            ),
            sorted(PersonName.objects.values_list("full", "kind")),
            sorted(SearchKey.objects.values_list("person__name", "key")),
            sorted(Identifier.objects.values_list("person__name", "scheme", "value")),
            sorted(Address.objects.values_list("lines", "postcode", "area")),
            sorted(Residence.objects.values_list("person__name", "address__lines", "starts", "ends")),
            sorted(
                Relationship.objects.values_list(
                    "person__name", "other__name", "kind", "parental_responsibility"
                )
            ),
        ]

    reading = read_people(file(tmp_path, GOOD))
    ImportPeople(SYSTEM).run(reading.people)
    imported = told()
    for model in (Relationship, Residence, Address, Identifier, SearchKey, PersonName, Person):
        model.objects.all().delete()
    made = {}
    for row in reading.people:
        made[row.source_id] = RegisterPerson(SYSTEM).run(
            row.given_name, row.family_name, born=row.born, expected=row.expected, sex=row.sex, ethnicity=row.ethnicity,
            area=row.area, also_known_as=row.also_known_as, identifiers=[("source", row.source_id), *row.identifiers],
        )  # fmt: skip
        if row.address:
            home = {"starts": row.address_from, "area": row.area}
            AddResidence(SYSTEM).run(made[row.source_id], row.address, row.postcode, **home)
    for row in reading.people:
        for column, wanted in row.relatives.items():
            RelatePeople(SYSTEM).run(made[row.source_id], made[wanted], column.removesuffix("_id"))
    assert told() == imported


def test_every_fault_is_said_with_its_line_its_column_and_what_to_do(tmp_path):
    text = f"""{HEADER}
,Amina,Khan,,14/05/2017,,female,,,,,,,,
c2,Bilal,Khan,,31/02/2017,,boi,APNK,943 476 5918,A123456789021,,,,Carlile,
c3,,,,2017,,,,,,,,01/01/2020,,
c4,Cara,Bell,,01/01/2090,,,,,,,,,,nobody
c5,Dan,Bell,,,May 2030,,,,,,,,,c5
"""
    errors = said(file(tmp_path, text))
    assert errors == [
        "line 2, id: is empty; every person needs an id of their own in the file",
        "line 3, born: '31/02/2017' is not a date. February 2017 has no day 31",
        "line 3, ethnicity: 'APNK' is not an ethnicity code; did you mean APKN (Pakistani)?",
        "line 3, nhs_number: this is not an NHS number: it has 10 digits and the last must agree with the others. "
        "Check each digit",
        "line 3, upn: this is not a UPN: it has a letter and 12 digits, and the letter must agree with them. "
        "Check each character",
        "line 3, area: there is no area 'Carlile'; did you mean Carlisle?",
        "line 3, sex: 'boi' is not known; use female or male",
        "line 4, family_name: enter a name. For an unborn child, use the mother's family name",
        "line 4, from: is given without an address",
        "line 5, born: the date of birth must be in the past. For an unborn child, give the expected date",
        "line 5, mother_id: there is no one with id 'NOBODY' in the file or registered",
        "line 6, expected: 'May 2030' is not a day. Give day, month and year",
        "line 6, mother_id: is the person's own id",
    ]
    assert not Person.objects.exists()


def test_a_number_twice_in_the_file_or_held_already_is_refused(tmp_path):
    person("Amina", "Khan", identifiers=[("nhs", "4010232137"), ("source", "c9")])
    text = """id,family_name,nhs_number
c1,Khan,943 476 5919
c1,Khan,9434765919
c2,Shah,401 023 2137
c9,Bell,
"""
    assert said(file(tmp_path, text)) == [
        "line 3, id: is the same as on line 2",
        "line 3, nhs_number: is the same as on line 2",
        "line 4, nhs_number: someone is already registered with this NHS number",
        "line 5, id: someone is already registered with this id",
    ]


def test_a_child_whose_mother_has_errors_is_not_left_without_her(tmp_path):
    text = """id,family_name,born,mother_id
g1,Khan,31/02/1960,
m1,Khan,1990,g1
c1,Khan,2017,m1
c2,Shah,2017,
"""
    reading = read_people(file(tmp_path, text))
    assert [row.source_id for row in reading.people] == ["C2"]
    assert [str(error) for error in reading.errors][1:] == [
        "line 3, mother_id: refers to line 2, which has errors",
        "line 4, mother_id: refers to line 3, which has errors",
    ]


def test_a_mother_must_be_older_and_not_recorded_as_male(tmp_path):
    text = """id,family_name,born,sex,mother_id
m1,Khan,2018,,
c1,Khan,2017,,m1
m2,Shah,1980,male,
c2,Shah,2017,,m2
"""
    assert said(file(tmp_path, text)) == [
        "line 3, mother_id: the person on line 2 was born later",
        "line 5, mother_id: the person on line 4 is male",
    ]


def test_a_relative_who_is_registered_already_is_found(tmp_path):
    mother = person("Fatima", "Khan", date(1990, 1, 1), identifiers=[("source", "m1")])
    reading = read_people(file(tmp_path, "id,family_name,born,mother_id\nc1,Khan,2017,m1\n"))
    ImportPeople(SYSTEM).run(reading.people, there=reading.there)
    assert mother.relationships.get().kind == "child"


def test_wrong_columns_stop_the_file(tmp_path):
    with pytest.raises(WrongFile) as caught:
        read_people(file(tmp_path, "id,surname,familyname,borne\n"))
    assert "unknown column 'familyname': did you mean 'family_name'?" in str(caught.value)
    assert "unknown column 'borne': did you mean 'born'?" in str(caught.value)
    assert "column 'family_name' is missing" in str(caught.value)


def test_accents_of_an_older_excel_are_kept(tmp_path):
    reading = read_people(file(tmp_path, "id,given_name,family_name\nc1,Siobhán,O’Brien\n", "cp1252"))
    assert reading.people[0].name == "Siobhán O’Brien"


def test_if_one_row_cannot_be_written_none_is(tmp_path, monkeypatch):
    reading = read_people(file(tmp_path, GOOD))

    def full(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Residence.objects, "bulk_create", full)
    with pytest.raises(OSError, match="disk full"):
        ImportPeople(SYSTEM).run(reading.people)
    assert not Person.objects.exists()
    assert not JournalEntry.objects.exists()


def test_two_imports_of_the_same_file_refuse_the_second(tmp_path):
    path = file(tmp_path, GOOD)
    ImportPeople(SYSTEM).run(read_people(path).people)
    again = read_people(path)
    assert again.people == []
    assert "line 2, id: someone is already registered with this id" in [str(error) for error in again.errors]
