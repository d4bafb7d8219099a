"""The boards, each with cases made by events: what a row says and in which order, as the record stands."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from goldenthread.casework.actions import AmendEvent, WithdrawEvent
from goldenthread.casework.boards.which import day_before
from goldenthread.casework.models import Case, Event
from goldenthread.foundation.library import current_library
from goldenthread.guidance.words import Interval

from . import board_cases
from .board_cases import Making
from .board_cases_adults import ADULTS, dols, provider_quality
from .boards_told import SYSTEM, everyone, making, numbers, shown, states, told
from .partnership import Partnership, partnership
from .visitors import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(db: Any) -> Partnership:
    return partnership()


@pytest.fixture
def make(place: Partnership) -> Making:
    return making(place)


# Each board ----------------------------------------------------------------------------------------------------------


def test_the_marac_list_finds_repeats_and_children_not_heard(make: Making) -> None:
    board_cases.marac(make)
    rows = shown("marac", "to_hear").rows
    assert [row.name for row in rows] == ["Leah Barnes", "Zofia Nowak"]
    leah = told(rows[0])
    assert leah["referrals"] == ["2", "Repeat"]
    assert leah["children"][0].startswith("Ivy Barnes: not heard, ")
    assert leah["children"][1] == "Noah Barnes: “I listen for his car.”"  # however the name was typed
    assert states(rows[0], "children")[1] == "met_on_time"
    assert leah["adviser"][0].startswith("Reached")
    assert leah["said"][0] == "I sleep with the chair against the door."  # hers, not the child's
    assert told(rows[1])["referrals"] == ["1"]
    assert told(rows[1])["said"] == ["Nothing recorded"]
    assert [row.name for row in shown("marac", "repeats").rows] == ["Leah Barnes"]
    plan = shown("marac", "under_way").rows[0]
    actions = told(plan)["actions"]
    assert len(actions) == 3
    assert any("Offer a tenancy: open, 6 days late" in one for one in actions)
    assert actions[-1].endswith("Visit the perpetrator: Done")
    sections, totals = numbers("marac")
    assert sections["to_hear"] == 2 and sections["under_way"] == 1
    assert (totals["to_hear"], totals["repeats"], totals["unheard"], totals["actions_late"]) == (2, 1, 2, 1)


def test_a_repeat_is_found_in_an_earlier_case_of_the_same_person(make: Making) -> None:
    who = make.person("Leah Barnes", date(1993, 4, 2))
    earlier = make.open("domestic_abuse", who, 300, "referred", "police", criteria=["ticks"])
    make.tell(earlier, 290, "closed", "police", reason="moved")
    make.open("domestic_abuse", who, 3, "referred", "police", criteria=["ticks"])
    assert told(shown("marac", "to_hear").rows[0])["referrals"] == ["2", "Repeat"]


def test_the_missing_board_tells_hours_patterns_and_one_absence_once(make: Making) -> None:
    board_cases.missing(make)
    ellis = shown("missing", "missing_now").rows[0]
    assert told(ellis)["gone_for"] == ["33 hours"] and told(ellis)["reports"] == ["1"]
    assert told(ellis)["last_seen"] == ["Nelson bus station"]
    back = shown("missing", "back").rows
    assert [row.name for row in back] == ["Ruby Shah"]
    ruby = back[0]
    assert states(ruby, "interview") == ["overdue"] and told(ruby)["was_gone"] == ["12 hours"]
    often = shown("missing", "often").rows
    assert [row.name for row in often] == ["Kai Doyle"]
    pattern = told(often[0])["pattern"]
    assert pattern[0] == "4 times in 90 days"
    assert "evening" in pattern[1] and pattern[2] == "Talbot Road arcade (4 times)"
    absences = shown("missing", "episodes").rows
    assert [row.name for row in absences].count("Kai Doyle") == 4
    assert [row.name for row in absences].count("Ellis Ward") == 1  # reported twice
    lasted = [told(row)["was_gone"] for row in absences if row.name == "Kai Doyle"]
    assert lasted == [["10 hours"]] * 4
    assert all(not row.actions and row.when for row in absences)


def test_an_absence_is_over_when_the_child_is_found(make: Making) -> None:
    cases = board_cases.missing(make)
    make.tell(cases["now"], 0, "found", "police", how="police")
    assert shown("missing", "missing_now").rows == []
    assert "Ellis Ward" in {row.name for row in shown("missing", "back").rows}


def test_the_allegations_board_follows_strands_and_chases_employers(make: Making) -> None:
    board_cases.allegations(make)
    followed = shown("allegations", "followed").rows[0]
    strands = told(followed)["strands"]
    assert strands[-1] == "Police: No further action" and len(strands) == 3
    assert states(followed, "strands") == ["open", "open", "met_on_time"]
    assert told(followed)["updates"] == ["Hill school: asked, 20 days late, taken higher"]
    assert told(followed)["open_for"] == ["118 days"]
    assert [row.name for row in shown("allegations", "chasing").rows] == ["Martin Cole"]
    assert [row.name for row in shown("allegations", "longest").rows] == ["Peter Shaw", "Martin Cole", "Dawn Reeve"]
    lanes = {lane.state: [row.name for row in lane.rows] for lane in shown("allegations", "by_stage").lanes}
    assert lanes == {"known": [], "received": ["Dawn Reeve"], "tracked": ["Martin Cole"], "concluded": ["Peter Shaw"]}
    _, totals = numbers("allegations")
    assert totals == {"to_consider": 1, "chase": 1, "over_one": 2, "over_three": 2, "over_twelve": 1}


def test_the_health_board_shows_every_stage_that_delays(make: Making) -> None:
    board_cases.health(make)
    rows = {row.name: row for row in shown("health_assessments", "initial").rows}
    assert list(rows) == ["Tyler Moss", "Omar Aziz", "Mia Lund"]  # the first to be due at the top
    mia = told(rows["Mia Lund"])
    assert mia["consent"][0].startswith("Missing: ") and states(rows["Mia Lund"], "consent") == ["overdue"]
    assert mia["details"][0].startswith("Complete ")  # missing when asked, found since
    assert told(rows["Tyler Moss"])["other_area"][0].startswith("Refused: ")
    assert told(rows["Omar Aziz"])["appointment"][0].startswith("Offered ")
    assert told(rows["Omar Aziz"])["other_area"] == ["Not asked"]
    assert rows["Mia Lund"].actions == [] or rows["Mia Lund"].actions[0][0] == "iha_consent_received"
    refused = shown("health_assessments", "elsewhere").rows
    assert [row.name for row in refused] == ["Tyler Moss"] and told(refused[0])["area"] == ["Cumbria"]


def test_the_private_fostering_board_puts_sisters_together(make: Making) -> None:
    board_cases.private_fostering(make)
    rows = shown("private_fostering", "visits").rows
    assert {row.name for row in rows[:2]} == {"Linh Tran", "Mai Tran"} and rows[1].follows and not rows[0].follows
    assert told(rows[0])["alone"] == ["No"] and told(rows[0])["said"][0] == "I miss my mum’s soup."
    assert told(rows[2])["last_visit"] == ["–"]


def test_the_early_help_board_has_the_oldest_first_and_the_latest_answer(make: Making) -> None:
    cases = board_cases.early_help(make)
    rows = shown("early_help_pending", "pending").rows
    assert [row.name for row in rows] == ["Corey Platt", "Ella Frost"]
    assert told(rows[0])["chased"] == ["3"] and told(rows[0])["last_answer"] == ["Will not complete it"]
    assert [row.name for row in shown("early_help_pending", "no_answer").rows] == ["Corey Platt"]
    make.tell(cases["old"], 1, "requestor_chased", "early_help_service", answer="still_working")
    assert shown("early_help_pending", "no_answer").rows == []  # the latest answer counts
    _, totals = numbers("early_help_pending")
    assert (totals["pending"], totals["never"], totals["half_year"]) == (2, 1, 1)


def test_the_custody_board_shows_searches_nobody_looked_at(make: Making) -> None:
    cases = board_cases.custody(make)
    row = next(row for row in shown("custody", "concerns").rows if row.name == "Reece Dunn")
    assert told(row)["searches"] == ["1", "Section 47?"] and states(row, "to_consider")[0] == "overdue"
    make.tell(cases["inside"], 0, "notice_considered", of_what="strip_search", section_47=False, reasons="Seen with the nurse.")
    assert [row.name for row in shown("custody", "concerns").rows] == []
    assert told(shown("custody", "release").rows[0])["release"][1] == "in 12 days"


def test_the_child_death_board_is_without_names(make: Making) -> None:
    cases = board_cases.child_deaths(make)
    row = shown("child_deaths", "gathering").rows[0]
    assert row.name == Case.objects.get(pk=cases["gathering"].pk).reference and "Lowe" not in row.about
    forms = told(row)["forms"]
    assert len(forms) == 3 and forms[-1] == "County police: Known"
    assert any(one.startswith("Hill school: asked, ") and one.endswith("chased twice") for one in forms)


def test_the_review_board_puts_three_pathways_in_one_order(make: Making) -> None:
    make.open("looked_after", make.person("Omar Aziz", date(2009, 9, 1)), 13, "became_looked_after", legal_status="C2")
    make.open("child_in_need", make.person("Ada Pole", date(2011, 9, 1)), 90, "became_child_in_need")
    make.open("child_protection_plan", make.person("Ben Lee", date(2015, 9, 1)), 20, "plan_started", category="neglect")
    rows = shown("reviews_due", "due").rows
    due = [row.record.duties for row in rows]
    days = [min(one.due_at for one in some if one.duty == "review" and one.outcome == "open") for some in due]
    assert len(days) == len(rows) >= 2 and days == sorted(days)


def test_the_list_for_deprivation_of_liberty_goes_by_the_tool(make: Making) -> None:
    dols(make)
    rows = shown("dols", "waiting").rows
    assert [row.name for row in rows] == ["Albert Rowe", "Edith Marsh"]
    assert told(rows[0])["priority"] == ["High"] and told(rows[0])["objects"] == ["Yes"]
    assert told(rows[1])["waited"] == ["40 days"]
    assert told(shown("dols", "withdrawn").rows[0])["why_withdrawn"] == ["Died"]
    assert told(shown("dols", "authorised").rows[0])["until"][1] == "in 20 days"
    _, totals = numbers("dols")
    assert (totals["waiting"], totals["high"], totals["unsorted"]) == (2, 1, 0)


def test_the_board_of_providers_tells_ratings_over_time_and_late_actions(make: Making) -> None:
    provider_quality(make)
    home = shown("provider_quality", "in_process").rows[0]
    assert home.name == "Willow Bank" and told(home)["placements"] == ["No, stopped"]
    assert [line.rpartition(": ")[2] for line in told(home)["ratings"]] == ["Good", "Inadequate"]
    assert told(home)["actions"][0].endswith("Review all medicines: open, 7 days late")
    lanes = {lane.state: len(lane.rows) for lane in shown("provider_quality", "by_stage").lanes}
    assert lanes == {"watched": 0, "radar": 1, "in_process": 1, "sustaining": 0, "closing": 0}


ALL = {**board_cases.EVERY, **ADULTS}


@pytest.mark.parametrize("name", sorted(ALL))
def test_every_page_of_a_board_opens(place: Partnership, make: Making, name: str) -> None:
    ALL[name](make)
    client, board = everyone(place), current_library().boards[name]
    for section in board.sections:
        for address in ("boards:board", "boards:export"):
            answer = client.get(reverse(address, args=[board.slug]), {"section": section})
            assert answer.status_code == 200
    for total in board.totals:
        assert client.get(reverse("boards:board", args=[board.slug]), {"only": total}).status_code == 200
    if board.pack:
        assert client.get(reverse("boards:packs", args=[board.slug])).status_code == 200
    assert board.title in words(client.get(reverse("boards:list")))


# The record as it stands ---------------------------------------------------------------------------------------------


def test_a_withdrawn_event_counts_for_nothing(make: Making) -> None:
    leah = board_cases.marac(make)["repeat"]
    first = Event.objects.filter(case=leah, kind="referred").order_by("sequence").first()
    incident = Event.objects.get(case=leah, kind="incident_reported")
    WithdrawEvent(SYSTEM).run(incident, "It was another family.")
    second = Event.objects.filter(case=leah, kind="referred").order_by("-sequence").first()
    assert first is not None and second is not None
    WithdrawEvent(SYSTEM).run(second, "Referred twice by mistake.")
    assert [row.name for row in shown("marac", "repeats").rows] == []
    assert numbers("marac")[1]["repeats"] == 0


def test_a_correction_is_what_counts(make: Making) -> None:
    old = board_cases.early_help(make)["old"]
    latest = Event.objects.filter(case=old, kind="requestor_chased").order_by("-sequence").first()
    assert latest is not None
    AmendEvent(SYSTEM).run(latest, latest.occurred_at or latest.occurred_on, {"answer": "still_working"}, "Misheard.")
    assert shown("early_help_pending", "no_answer").rows == []
    row = next(row for row in shown("early_help_pending", "pending").rows if row.name == "Corey Platt")
    assert told(row)["last_answer"] == ["Still working on it"] and told(row)["chased"] == ["3"]


@pytest.mark.parametrize(
    ("length", "day"),
    [("3 days", date(2026, 2, 26)), ("2 weeks", date(2026, 2, 15)), ("36 hours", date(2026, 2, 27)),
     ("1 month", date(2026, 2, 1)), ("12 months", date(2025, 3, 1)), ("2 years", date(2024, 3, 1))],
)  # fmt: skip
def test_a_length_of_time_ago(length: str, day: date) -> None:
    assert day_before(Interval.parse(length), date(2026, 3, 1)) == day


def test_a_month_before_the_31st_is_the_last_day_of_the_month_before() -> None:
    assert day_before(Interval.parse("1 month"), date(2026, 3, 31)) == date(2026, 2, 28)
