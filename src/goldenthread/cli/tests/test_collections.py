"""Collections from the command line: asked for, written as a workbook, taken again, and how agencies stand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from goldenthread.cli import app
from goldenthread.foundation.workbook import workbook
from goldenthread.foundation.workbook_reading import read_sheet
from goldenthread.intelligence.collections.queries import values_at
from goldenthread.intelligence.collections.tests.place import FIRES, Place, place

pytestmark = pytest.mark.django_db
ONE = ["--organisation", "fire", "--period", "2025/26 Q1"]


@pytest.fixture
def here(db: None) -> Place:
    return place()


def run(*words: str) -> str:
    found = CliRunner().invoke(app, ["collections", *words])
    assert found.exit_code == 0, found.output
    return found.stdout


def refused(*words: str) -> str:
    found = CliRunner().invoke(app, ["collections", *words])
    assert found.exit_code == 2, found.output
    return found.output


def test_a_form_goes_out_as_a_workbook_and_comes_in_again(here: Place, tmp_path: Path) -> None:
    file = tmp_path / "fire.xlsx"
    assert "Due 2025-07-28" in run("template", "fire_safety", *ONE, "--to", str(file))
    rows = [list(row.cells) for row in read_sheet(file.read_bytes())]
    for row in rows:
        row[5:] = [FIRES[row[0]], ""] if row[0] in FIRES else row[5:]
    file.write_bytes(workbook("Filled", rows[0], rows[1:]))
    said = run("import", str(file), "--collection", "fire_safety", *ONE)
    assert "11 values entered" in said and "It can be agreed and sent." in said
    assert values_at(here.form())["visits"].value == 480
    assert "Values have been saved since" in refused("import", str(file), "--collection", "fire_safety", *ONE)


def test_a_wrong_workbook_is_told_by_row_and_column(here: Place, tmp_path: Path) -> None:
    file = tmp_path / "fire.xlsx"
    file.write_bytes(b"nothing")
    assert "Row 1, the file: It is not an Excel workbook" in refused("import", str(file), "--collection", "fire_safety", *ONE)
    assert "There is no file" in refused("import", str(tmp_path / "none.xlsx"), "--collection", "fire_safety", *ONE)
    wrong = refused("template", "fire_safety", "--organisation", "fire", "--period", "1999", "--to", str(file))
    assert "It is asked for 2025/26 Q1, 2025/26 Q2, 2025/26 Q3." in wrong
    assert "Did you mean fire_safety?" in refused("template", "fire_safty", *ONE, "--to", str(file))


def test_the_list_and_how_agencies_stand(here: Place) -> None:
    rows = {one["id"]: one for one in json.loads(run("list", "--format", "json"))}
    assert (rows["fire_safety"]["asked_since"], rows["fire_safety"]["forms"]) == ("2025-04-01", 3)
    assert rows["police_children"]["asked_since"] == ""
    assert "forms opened." in run("ask", "district_housing", "--from", "2026/27 Q1")
    status = json.loads(run("status", "fire_safety", "--waiting", "--format", "json"))
    assert status[0] == {
        "collection": "fire_safety", "period": "2025/26 Q1", "agency": "fire", "due": "2025-07-28", "came": "",
        "timely": "overdue", "state": "late",
    }  # fmt: skip
    assert run("status", "fire_safety", "--format", "csv").startswith("collection,period,agency,due,came,timely,state\n")
    assert "2025/26 Q2" in run("status")
    assert "not a period" in refused("ask", "fire_safety", "--from", "soon")
