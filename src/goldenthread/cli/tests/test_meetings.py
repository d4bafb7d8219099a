"""`goldenthread meetings`: the numbers of the page, as a table, CSV and JSON, without a child's name."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from typer.testing import CliRunner

from goldenthread.agencies.models import Organisation
from goldenthread.cli import app
from goldenthread.foundation.actor import SystemActor
from goldenthread.foundation.models import JournalEntry
from goldenthread.meetings.actions import CloseMeeting, SendReport, WritePage
from goldenthread.meetings.actions.writing import Written
from goldenthread.meetings.models import Page, Report
from goldenthread.meetings.queries.figures import figures
from goldenthread.meetings.tests.scene import Scene, came, scene

pytestmark = pytest.mark.django_db


def said(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["meetings", *words])
    assert result.exit_code == code, result.output
    return result.output


@pytest.fixture
def here(db: Any) -> Scene:
    """A conference that was held, and one that is coming."""
    here = scene()
    held = here.review()
    answers = {"outcome": "continue", "progress": "on_track", "child_said": "I like my new teacher."}
    WritePage(here.officer).run(Page.objects.get(), Written(answers=answers))
    SendReport(here.teacher).run(Report.objects.get(seat__organisation=here.place.school), "Amira comes every day.")
    came(here.officer, held, here.place.care, here.place.police, here.place.school)
    CloseMeeting(here.officer).run(held, True)
    here.review(timezone.now() + timedelta(days=20))
    return here


def test_the_figures_are_those_of_the_page(here: Scene) -> None:
    today = timezone.localdate()
    found = figures(SystemActor("tests"), today - timedelta(days=365), today)
    told = json.loads(said("figures", "--format", "json"))
    assert (told["meetings"], told["inquorate"]) == (found.meetings, found.inquorate) == (1, 0)
    assert [(one["agency"], one["invited"], one["came"], one["sent"]) for one in told["agencies"]] == [
        (one.title, one.invited, one.came, one.sent) for one in found.agencies
    ]
    assert told["all"]["invited"] == 4 and told["all"]["came"] == 3 and told["all"]["neither"] == 1
    assert [one["seat"] for one in told["seats"]] == [one.title for one in found.seats]
    assert JournalEntry.objects.filter(verb="meetings.figures", chain="reader/system").exists()


def test_a_table_and_a_file_for_a_spreadsheet(here: Scene) -> None:
    Organisation.objects.filter(pk=here.place.school.pk).update(title="=Hill school")
    rows = list(csv.DictReader(io.StringIO(said("figures", "--format", "csv"))))
    assert {one["agency"]: one["came"] for one in rows}["'=Hill school"] == "1", "a spreadsheet runs nothing"
    assert "School or college" in said("figures", "--by", "seat", "--format", "csv")
    table = said("figures", "--kind", "review_conference")
    assert table.splitlines()[0].split()[:3] == ["Agency", "Invited", "Came"] and "County police" in table
    assert "1 meeting held from" in table and "0 of them could not decide." in table
    assert "Amira" not in table and "Hussain" not in table
    before = said("figures", "--from", "2001-01-01", "--to", "2001-12-31")
    assert before == "0 meetings held from 2001-01-01 to 2001-12-31 and closed.\n"


def test_the_meetings_there_are_with_answers_and_reports(here: Scene) -> None:
    (coming,) = json.loads(said("list", "--format", "json"))
    assert (coming["state"], coming["asked"], coming["answered"], coming["reports"], coming["reports_sent"]) == (
        "arranged", 4, 0, 4, 0
    )  # fmt: skip
    (past,) = json.loads(said("list", "--when", "past", "--format", "json"))
    assert (past["state"], past["came"], past["reports"], past["reports_sent"]) == ("held", 3, 4, 1)
    table = said("list")
    assert "Review child protection conference" in table and "1 meeting." in table
    assert "Amira" not in table and "Hussain" not in table
    assert said("list", "--kind", "marac") == "0 meetings.\n"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("list", "--when", "never"), "There is no time 'never'; choose today, week, coming, past."),
        (("list", "--kind", "party"), "There is no kind of meeting 'party'; choose"),
        (("figures", "--kind", "party"), "There is no kind of meeting 'party'; choose"),
        (("figures", "--format", "xml"), "There is no format 'xml'; choose table, csv, json."),
        (("figures", "--by", "child"), "There is no line 'child'; choose agency, seat."),
        (("figures", "--from", "2026-02-01", "--to", "2026-01-01"), "--from: 2026-02-01 is after 2026-01-01."),
        (("figures", "--from", "soon"), "--from: 'soon' is not a date."),
    ],
)
def test_what_cannot_be_done_is_said(words: tuple[str, ...], why: str) -> None:
    assert why in said(*words, code=2)
