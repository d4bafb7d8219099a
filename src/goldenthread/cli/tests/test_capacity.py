"""`goldenthread capacity`: over files of cases, as CSV and JSON; what cannot be is refused in words."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
import yaml
from typer.testing import CliRunner

from goldenthread.cli import app
from goldenthread.intelligence.capacity import working_out


@pytest.fixture
def cases(tmp_path, monkeypatch):
    """A contact on every day of twelve weeks; the last ten are not decided."""
    for few in ("FEWEST_RUNS", "MOST_RUNS"):
        monkeypatch.setattr(working_out, few, 3)
    found = []
    for nth in range(84):
        day = date(2026, 2, 25) + timedelta(days=nth)
        told = [("contact_received", 0, {"source": "school"}), ("screened", 1, {"priority": "green"})]
        if nth < 74:
            told.append(("decided", 2, {"outcome": "advice", "level_of_need": "2", "reasons": "x"}))
        found.append({
            "pathway": "contact", "area": "lancashire", "subject": {"id": f"child {nth}", "born": "2015-01-01"},
            "events": [
                {"kind": kind, "occurred": f"{day + timedelta(days=later)}T1{later}:00", "data": data}
                for kind, later, data in told
            ],
        })  # fmt: skip
    file = tmp_path / "cases.yaml"
    file.write_text(yaml.safe_dump(found))
    return file


def run(*words):
    return CliRunner().invoke(app, ["capacity", *map(str, words)])


def test_the_services_are_listed():
    assert "front_door  Front door: 4 with 6 hours a day" in run("list").output


def test_a_service_as_csv_and_as_json(cases):
    said = run("run", cases, "--service", "front_door", "--people", 1, "--people", 2, "--as-of", "2026-05-20")
    assert said.exit_code == 0, said.output
    lines = said.output.splitlines()
    assert lines[0].startswith("people,arrivals,busy,waiting_now") and len(lines) == 3
    assert lines[1].startswith("1,1.00,") and ",10," in lines[1]
    more = ("--people", 1, "--arrivals", 120, "--format", "json", "--as-of", "2026-05-20")
    told = json.loads(run("run", cases, "--service", "front_door", *more).output)
    assert told["measured"]["waiting"] == 10 and list(told["tried"]) == ["1/120"] and told["theory"]["people"] == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--service", "frontdoor"], "Did you mean front_door?"),
        (["--service", "designated_officer"], "counts restricted records. Add --restricted."),
        (["--service", "review_records", "--as-of", "2026-05-20"], "at least 20 of each are needed"),
        (["--format", "pdf", "--service", "front_door"], "write csv or json"),
    ],
)
def test_what_cannot_be_is_refused_in_words(cases, words, says):
    said = run("run", cases, *words)
    assert said.exit_code == 2 and says in said.output
