"""`goldenthread indicators` over files of cases, and `goldenthread extract` with indicators over it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from goldenthread.cli import app

CASES = [
    {"id": "1", "pathway": "referral", "area": "burnley", "subject": {"id": "A", "born": "2010-05-01"},
     "events": [{"kind": "referral_received", "occurred": "2016-01-15", "data": {"source": "school"}}]},
    {"id": "2", "pathway": "referral", "area": "burnley", "subject": {"id": "A", "born": "2010-05-01"},
     "events": [{"kind": "referral_received", "occurred": "2016-05-02", "data": {"source": "police"}}]},
    {"id": "3", "pathway": "referral", "area": "preston", "subject": {"id": "B"},
     "events": [{"kind": "referral_received", "occurred": "2016-06-02"}]},
]  # fmt: skip
NAME = "re_referrals_within_12_months"


def run(*words: str, code: int = 0):
    done = CliRunner().invoke(app, ["indicators", *words])
    assert done.exit_code == code, done.output
    return done


@pytest.fixture
def cohort(tmp_path: Path) -> str:
    (tmp_path / "cohort").mkdir()
    (tmp_path / "cohort" / "one.json").write_text(json.dumps(CASES[:2]))
    (tmp_path / "cohort" / "two.json").write_text(json.dumps(CASES[2]))
    return str(tmp_path / "cohort")


def test_a_cohort_gives_values_as_json(cohort):
    done = run("run", cohort, "--period", "2016/17", "--area", "Lancashire-12", "--indicator", NAME, "--format", "json")
    [value] = json.loads(done.stdout)
    assert (value["indicator"], value["area"], value["value"]) == (NAME, "lancashire_12", 50)
    assert (value["numerator"], value["denominator"], value["unit"]) == (1, 2, "per cent")


def test_as_csv_by_district_a_missing_value_is_empty(cohort):
    done = run("run", cohort, "--period", "2016/17 Q1", "--area", "lancashire_12", "--indicator", NAME, "--by", "district")
    rows = {row["area"]: row for row in csv.DictReader(io.StringIO(done.stdout))}
    assert rows["burnley"]["shown"] == "100.0" and rows["preston"]["shown"] == "0.0"
    assert rows["fylde"]["value"] == "" and rows["fylde"]["notes"] == "nothing_counted"
    assert len(rows) == 12


def test_each_month_of_a_year_and_by_answer(cohort):
    done = run("run", cohort, "--period", "2016/17", "--each", "month", "--indicator", "referrals", "--format", "json")
    counts = {one["period"]: one["value"] for one in json.loads(done.stdout)}
    assert len(counts) == 12 and (counts["2016-05"], counts["2016-06"], counts["2016-07"]) == (1, 1, 0)
    done = run("run", cohort, "--period", "2016/17", "--by", "answer", "--indicator", "referrals", "--format", "json")
    assert {one["group"]: one["value"] for one in json.loads(done.stdout)} == {"police": 1, "not known": 1}


def test_both_ways_are_compared(cohort):
    done = run("check", cohort, "--period", "2016/17", "--indicator", NAME, "--indicator", "referrals")
    assert "2 values are the same both ways." in done.stdout


def test_the_naive_reading_can_be_asked_for(cohort):
    words = ("run", cohort, "--period", "2016/17", "--indicator", NAME)
    assert run(*words).stdout == run(*words, "--naive").stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--period", "2016"], "'2016' is not a period"),
        (["--period", "2016/17", "--area", "Lancashir-12"], "did you mean lancashire"),
        (["--period", "2016/17", "--indicator", "referals"], "Did you mean referrals?"),
        (["--period", "2016/17", "--by", "height"], "--by height"),
        (["--period", "2016/17", "--each", "week"], "--each week"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(cohort, words, told):
    assert told in run("run", cohort, *words, code=2).output


def test_a_case_that_cannot_be_read_names_its_file(tmp_path):
    (tmp_path / "bad.json").write_text('[{"pathway": "referal", "events": []}]')
    assert "bad.json[1]: pathway: 'referal' is not known; did you mean 'referral'?" in run(
        "run", str(tmp_path), "--period", "2016/17", code=2
    ).output
    assert "There is no file" in run("run", str(tmp_path / "none"), "--period", "2016/17", code=2).output


def test_the_indicators_are_listed():
    done = run("list")
    assert f"  {NAME}  Re-referrals within 12 months (per cent)" in done.stdout


@pytest.mark.django_db(transaction=True)
def test_an_extract_gives_values_too(tmp_path):
    done = CliRunner().invoke(app, ["extract", str(tmp_path / "out"), "--key-file", str(tmp_path / "key")])
    assert done.exit_code == 0, done.output
    assert "out holds 0 cases in 0 parts by area and year." in done.stdout
    done = run("run", str(tmp_path / "out"), "--period", "2016/17", "--indicator", "referrals", "--format", "json")
    assert json.loads(done.stdout)[0]["notes"] == ["no_records"]
    assert "Add --restricted" in run(
        "run", str(tmp_path / "out"), "--period", "2016/17", "--indicator", "allegations", code=2
    ).output
