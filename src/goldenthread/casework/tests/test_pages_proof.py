"""The proof of a due date on its page: each day counted or skipped, the source, now and as known on a day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from goldenthread.casework.actions import OpenCase, RecordEvent
from goldenthread.casework.models import Case
from goldenthread.foundation.models import JournalEntry

from .partnership import Partnership, at
from .visitors import visitor, words

DATA = {"reasons": "Neglect", "held_at": "County Hall"}


@pytest.fixture
def case(place: Partnership) -> Case:
    made: Case = OpenCase(place.system).run("plan", place.child(), date(2025, 12, 15), DATA, lead=place.care)
    return made


@pytest.fixture
def rosa(place: Partnership) -> Client:
    return visitor(place, "Rosa Whittle", "social_worker", place.care, place.team)


def test_the_proof_over_christmas_names_each_holiday_in_words_and_on_the_calendar(case: Case, rosa: Client) -> None:
    page = rosa.get(f"/cases/{case.pk}/duties/conference/1/")
    said, html = words(page), page.content.decode()
    assert page.status_code == 200
    assert "Within 15 working days after plan started." in said
    assert "15 working days after Monday 15 December 2025" in said
    assert "Christmas Day" in said and "Boxing Day" in said and "New Year" in said
    assert "Wednesday 7 January" in said
    assert "Made-up Regulations 2010, reg 1" in said and "Law" in said and "Plan started, Monday 15 December 2025" in said
    assert html.count("<svg class=\"gt-drawing gt-drawing--natural gt-month\"") == 2
    assert html.count("gt-day gt-day--holiday") == 3 + 1  # three holidays, and the key
    assert "Thursday 25 December 2025 Christmas day, not counted" in said


def test_a_clock_in_hours_shows_its_moment(place: Partnership) -> None:
    concern = OpenCase(place.screener).run("concern", place.child(), at("2026-03-02 09:30"), {})
    sana = visitor(place, "Sana Begum", "front_door_screener", place.care)
    said = words(sana.get(f"/cases/{concern.pk}/duties/screening/1/"))
    assert "1:30pm, Monday 2 March" in said and "Every hour counts" in said


def test_a_duty_that_is_not_there_or_may_not_be_seen_is_not_found(place: Partnership, case: Case, rosa: Client) -> None:
    assert rosa.get(f"/cases/{case.pk}/duties/conference/2/").status_code == 404
    assert rosa.get(f"/cases/{case.pk}/duties/nothing/1/").status_code == 404
    teacher = visitor(place, "Ann Dale", "school_safeguarding_lead", place.school)
    assert teacher.get(f"/cases/{case.pk}/duties/conference/1/").status_code == 404


def test_the_proof_as_known_on_a_day_leaves_out_what_was_recorded_later(place: Partnership, rosa: Client) -> None:
    made = OpenCase(place.system).run("plan", place.child(), timezone.localdate() - timedelta(days=3), DATA, lead=place.care)
    RecordEvent(place.worker).run(made, "reviewed", timezone.localdate() - timedelta(days=1), {})
    address = f"/cases/{made.pk}/duties/conference/1/"
    assert "Met on time" in words(rosa.get(address))
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    assert rosa.get(f"{address}?known_on={yesterday}").status_code == 404  # the case itself was recorded today
    assert "Met on time" in words(rosa.get(f"{address}?known_on=nonsense"))


def test_reading_a_proof_is_journalled(case: Case, rosa: Client) -> None:
    rosa.get(f"/cases/{case.pk}/duties/conference/1/")
    assert JournalEntry.objects.get(verb="case.proof").detail["duty"] == "conference"
