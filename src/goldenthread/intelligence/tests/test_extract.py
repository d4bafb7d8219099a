"""The extract over both databases: what it holds, what it must not hold, and that only what changed is taken again."""

from __future__ import annotations

import stat
from datetime import date, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from django.utils import timezone

from goldenthread.agencies.models import Area, Organisation
from goldenthread.casework.actions.open import OpenCase
from goldenthread.casework.models import Case, Event
from goldenthread.foundation.actor import SystemActor
from goldenthread.foundation.models import JournalEntry
from goldenthread.guidance.library import shipped
from goldenthread.intelligence.extract.files import TABLES, NotAnExtract, read_manifest
from goldenthread.intelligence.extract.pseudonyms import KeyUnusable, Pseudonyms, kept_key
from goldenthread.intelligence.extract.taking import take
from goldenthread.people.models import Person

KEY = bytes(range(32))
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place(transactional_db):
    county = Area.objects.create(slug="lancashire_12", title="Lancashire", kind="county")
    district = Area.objects.create(slug="burnley", title="Burnley", kind="district", within=county)
    council = Organisation.objects.create(slug="lcc_csc", title="Council", kind="childrens_social_care", area=county)
    return district, council


def child(area: Area, name: str = "Rosie Hartwell", **more) -> Person:
    return Person.objects.create(
        name=name, given_name=name.split()[0], family_name=name.split()[1], born=date(2010, 5, 14), sex="female",
        ethnicity="WBRI", area=area, created_at=timezone.now(), **more,
    )  # fmt: skip


def refer(person: Person, council: Organisation, reasons: str = "A worry about Rosie Hartwell at home."):
    return OpenCase(SystemActor("test")).run(
        _pathway(), person, timezone.now(), {"source": "school", "reasons": reasons}, lead=council
    )


def _pathway() -> str:
    """The pathway whose first event asks for a source and reasons, and that nothing restricts."""
    return next(
        one.id for one in shipped().pathways.values()
        if {"source", "reasons", "primary_need"} <= one.events[one.opening].asks.keys()
    )  # fmt: skip


def rows_of(folder: Path, table: str, part: str = "standard") -> list[dict]:
    manifest = read_manifest(folder)
    return [
        row
        for one in manifest.partitions.values()
        if one.part == part
        for row in pq.read_table(one.path(folder, table), partitioning=None).to_pylist()
    ]


def test_it_holds_cases_events_answers_and_duties_without_names(place, tmp_path):
    district, council = place
    refer(child(district), council)
    take(tmp_path / "out", KEY)
    [case] = rows_of(tmp_path / "out", "cases")
    assert (case["area"], case["lead"], case["closed"]) == ("burnley", "lcc_csc", None)
    [event] = rows_of(tmp_path / "out", "events")
    assert event["age"] is not None and event["case"] == case["case"]
    assert [(one["field"], one["code"]) for one in rows_of(tmp_path / "out", "answers")] == [("source", "school")]
    assert rows_of(tmp_path / "out", "duties")
    [person] = rows_of(tmp_path / "out", "people")
    assert person == {
        "person": case["person"], "born": date(2010, 5, 1), "sex": "female", "ethnicity": "WBRI", "area": "burnley",
    }  # fmt: skip
    whole = b"".join(path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file())
    tables = str([rows_of(tmp_path / "out", table) for table in TABLES])
    for secret in ("Rosie", "Hartwell", "worry", "2010-05-14", str(Person.objects.get().pk), Person.objects.get().pk.hex):
        assert secret.encode() not in whole and secret not in tables


def test_a_restricted_child_is_in_no_file_of_the_standard_part(place, tmp_path):
    district, council = place
    refer(child(district), council)
    refer(child(district, "Sam Hidden", restricted=True), council)
    take(tmp_path / "out", KEY)
    assert len(rows_of(tmp_path / "out", "cases")) == 1
    assert len(rows_of(tmp_path / "out", "cases", "restricted")) == 1
    one, other = (rows_of(tmp_path / "out", "people", part)[0]["person"] for part in ("standard", "restricted"))
    assert one != other
    assert Pseudonyms(KEY, "standard").of("person", "x") != Pseudonyms(KEY, "restricted").of("person", "x")
    read = [path for paths in read_manifest(tmp_path / "out").paths(tmp_path / "out").values() for path in paths]
    assert {path.relative_to(tmp_path / "out").parts[0] for path in read} == {"standard"}


def test_a_case_about_an_organisation_is_there_under_its_own_id(place, tmp_path):
    _, council = place
    pathway = next(one for one in shipped().pathways.values() if one.subject == "organisation" and one.sensitivity == "standard")
    Case.objects.create(
        reference="X-1", pathway=pathway.id, about=council, lead=council, state=next(iter(pathway.states)),
        opened_at=timezone.now(), version=1,
    )  # fmt: skip
    case = Case.objects.get()
    Event.objects.create(
        case=case, sequence=1, kind=pathway.opening, occurred_on=date(2026, 4, 1), recorded_at=timezone.now(), data={},
    )  # fmt: skip
    take(tmp_path / "out", KEY)
    assert [row["person"] for row in rows_of(tmp_path / "out", "cases")] == ["organisation lcc_csc"]
    assert rows_of(tmp_path / "out", "people") == []


def test_only_what_changed_is_taken_again(place, tmp_path):
    district, council = place
    refer(child(district), council)
    first = take(tmp_path / "out", KEY)
    assert (first.taken, first.kept) == (1, 0)
    assert (take(tmp_path / "out", KEY).taken, len(rows_of(tmp_path / "out", "cases"))) == (0, 1)
    refer(child(district, "Tim Second"), council)
    again = take(tmp_path / "out", KEY)
    assert (again.taken, len(rows_of(tmp_path / "out", "cases"))) == (1, 2)
    assert take(tmp_path / "out", KEY, everything=True).taken == 1
    files = list((tmp_path / "out").rglob("*.parquet"))
    assert len(files) == len(TABLES), "files that count no more are taken away"


def test_open_cases_are_taken_once_a_day(place, tmp_path, monkeypatch):
    district, council = place
    refer(child(district), council)
    take(tmp_path / "out", KEY)
    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr("goldenthread.intelligence.extract.taking.timezone.now", lambda: tomorrow)
    assert take(tmp_path / "out", KEY).taken == 1


def test_the_looking_is_journalled_with_counts_and_nothing_else(place, tmp_path):
    district, council = place
    refer(child(district), council)
    take(tmp_path / "out", KEY)
    entry = JournalEntry.objects.get(verb="extract.taken")
    assert entry.detail == {"cases": 1, "partitions": 1, "restricted": 0, "meetings": 0}


def test_a_folder_of_other_things_is_left_alone(place, tmp_path):
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(NotAnExtract, match="name an empty folder"):
        take(tmp_path, KEY)


def test_the_key_is_made_once_for_its_owner_only(tmp_path):
    key = kept_key(tmp_path / "extract.key")
    assert kept_key(tmp_path / "extract.key") == key and len(key) == 32
    assert stat.S_IMODE((tmp_path / "extract.key").stat().st_mode) == 0o600
    (tmp_path / "other").write_text("not a key")
    with pytest.raises(KeyUnusable, match="does not hold a key"):
        kept_key(tmp_path / "other")
