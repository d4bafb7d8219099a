"""`goldenthread import`, as a person runs it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

from goldenthread.cli import app

pytestmark = pytest.mark.django_db

GOOD_AND_BAD = "id,family_name,born\nc1,Khan,2017\nc2,Shah,31/02/2017\n"


def run(*words: str):
    return CliRunner().invoke(app, ["import", *words])


def people() -> int:
    from goldenthread.people.models import Person

    return Person.objects.count()


def test_a_right_file_is_imported(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("id,family_name,born\nc1,Khan,2017\nc2,Shah,2016\n")
    result = run(str(path))
    assert result.exit_code == 0, result.output
    assert "Imported 2 people." in result.output
    assert people() == 2


def test_nothing_is_imported_if_anything_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(GOOD_AND_BAD)
    result = run(str(path))
    assert result.exit_code == 2
    assert "line 3, born: '31/02/2017' is not a date. February 2017 has no day 31" in result.output
    assert "Nothing was imported: 1 of 2 rows have errors." in result.output
    assert people() == 0
    assert [each.name for each in tmp_path.iterdir()] == ["people.csv"]


def test_keep_good_imports_the_rest_and_writes_the_bad_rows_with_reasons(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(GOOD_AND_BAD)
    result = run(str(path), "--keep-good")
    assert result.exit_code == 0, result.output
    assert people() == 1
    with (tmp_path / "people_not_imported.csv").open(encoding="utf-8-sig") as rest:
        (row,) = csv.DictReader(rest)
    assert (row["id"], row["born"]) == ("c2", "31/02/2017")
    assert row["why_not_imported"].startswith("born: '31/02/2017' is not a date")
    again = run(str(tmp_path / "people_not_imported.csv"), "--keep-good")
    assert "Imported 0 people." in again.output
    assert (tmp_path / "people_not_imported_not_imported.csv").exists()


def test_people_are_known_to_the_organisation_they_came_from(tmp_path: Path) -> None:
    from goldenthread.agencies.models import Organisation
    from goldenthread.people.models import Person

    school = Organisation.objects.create(slug="stanley_school", title="Stanley School", kind="school")
    path = tmp_path / "people.csv"
    path.write_text("id,family_name\nc1,Khan\n")
    wrong = run(str(path), "--organisation", "stanley_scool")
    assert wrong.exit_code == 2
    assert "did you mean 'stanley_school'?" in wrong.output
    assert run(str(path), "--organisation", "stanley_school").exit_code == 0
    assert Person.objects.get().registered_by == school


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("people.csv", "id,famly_name\n", "did you mean 'family_name'?"),
        ("people.csv", "", "is empty"),
        ("children.csv", "id,family_name\n", "does not say what it holds"),
        ("people.csv", None, "cannot be opened: No such file or directory"),
    ],
)
def test_a_file_that_cannot_be_used_says_what_to_do(
    tmp_path: Path, name: str, text: str | None, says: str
) -> None:
    path = tmp_path / name
    if text is not None:
        path.write_text(text)
    result = run(str(path))
    assert result.exit_code == 2
    assert says in result.output
    assert "Traceback" not in result.output


def test_a_file_named_otherwise_is_read_as_its_kind_is_said(tmp_path: Path) -> None:
    path = tmp_path / "children.csv"
    path.write_text("id,family_name\nc1,Khan\n")
    assert run(str(path), "--kind", "people").exit_code == 0
    assert people() == 1
