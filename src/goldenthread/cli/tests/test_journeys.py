"""`goldenthread journeys`: over files of cases, as CSV and JSON, with small numbers kept back if wanted."""

from __future__ import annotations

import json

import pytest
import yaml
from typer.testing import CliRunner

from goldenthread.cli import app


def case(nth: int, outcome: str) -> dict:
    return {
        "id": f"c{nth}", "pathway": "contact", "area": "lancashire", "subject": {"id": f"child {nth}", "born": "2015-01-01"},
        "events": [
            {"kind": "contact_received", "occurred": "2024-05-01T09:00", "data": {"source": "school"}},
            {"kind": "decided", "occurred": "2024-05-02T10:00",
             "data": {"outcome": outcome, "level_of_need": "2", "reasons": "x"}},
        ],
    }  # fmt: skip


@pytest.fixture
def cases(tmp_path):
    ways = ["advice"] * 30 + ["no_further_action"] * 20 + ["early_help"] * 8 + ["referral"] * 2
    file = tmp_path / "cases.yaml"
    file.write_text(yaml.safe_dump([case(nth, outcome) for nth, outcome in enumerate(ways)]))
    return file


def run(*words):
    return CliRunner().invoke(app, ["journeys", *map(str, words)])


def test_the_journeys_are_listed():
    assert "from_contact  From contact to outcome, followed for 6 months" in run("list").output


def test_a_journey_as_csv_and_as_json(cases):
    said = run("run", cases, "--period", "2024/25", "--as-of", "2025-12-01")
    assert said.exit_code == 0, said.output
    assert "journeys,Contact,Advice,,30\n" in said.output and "journeys,Contact,Referral,,2\n" in said.output
    told = json.loads(run("run", cases, "--period", "2024/25", "--as-of", "2025-12-01", "--format", "json").output)
    assert told["entered"] == 60 and ["Early help", "Nothing begun", 8] in told["flows"]


def test_small_numbers_are_kept_back_where_that_is_wanted(cases):
    said = run("run", cases, "--period", "2024/25", "--as-of", "2025-12-01", "--keep-back")
    assert said.exit_code == 0 and ",2\n" not in said.output and ",c\n" in said.output


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--period", "soon"], "is not a period"),
        (["--period", "2024/25", "--journey", "from_contct"], "Did you mean from_contact?"),
        (["--period", "2024/25", "--area", "Burnly"], "did you mean burnley?"),
        (["--period", "2024/25", "--format", "pdf"], "write csv or json"),
    ],
)
def test_what_cannot_be_is_refused_in_words(cases, words, says):
    said = run("run", cases, *words)
    assert said.exit_code == 2 and says in said.output
