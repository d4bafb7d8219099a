"""Which figures raise a question: by each rule, only from what is told to everyone, in words that give nothing away."""

from __future__ import annotations

from pathlib import Path

import pytest

from goldenthread.guidance.library import shipped
from goldenthread.intelligence.indicators.periods import Period
from goldenthread.intelligence.questions.finding import Found, exceptions_of
from goldenthread.intelligence.questions.kept_back import kept_back_in
from goldenthread.intelligence.scorecard.keeping import Figure, kept
from goldenthread.intelligence.tests.told import COUNTY, QUARTERS, Given, scorecard, share

LAST, BEFORE = QUARTERS[-1], QUARTERS[-2]
IN_TIME = "contacts_screened_in_time"
CASELOAD = "reviewing_officer_caseload"


def found(folder: Path, given: dict[tuple[str, str], dict[str, Given]]) -> list[Found]:
    with kept(scorecard(folder, shipped(), given)) as values:
        return list(exceptions_of(values, shipped()))


def steady(last: Given) -> dict[str, Given]:
    """Screened in time: 90 to 92 of a hundred, quarter by quarter, and then this."""
    values: dict[str, Given] = {key: share(90 + nth % 3, 100) for nth, key in enumerate(QUARTERS)}
    return {**values, LAST: last}


def test_a_fall_out_of_control_asks_the_agency_that_answers_for_the_figure(tmp_path):
    [one] = found(tmp_path, {(IN_TIME, COUNTY): steady(share(60, 100))})
    assert (one.told.rule, one.told.period, one.told.value) == ("out_of_control", LAST, "60.0%")
    assert one.kind == "childrens_social_care"
    assert "below the lower limit" in one.told.because and "Lancashire was 60.0% in" in one.question


def test_a_change_for_the_better_and_an_ordinary_one_ask_nothing(tmp_path):
    assert found(tmp_path, {(IN_TIME, COUNTY): steady(share(100, 100))}) == []
    assert found(tmp_path / "b", {(IN_TIME, COUNTY): steady(share(91, 100))}) == []


def test_a_target_missed_twice_running_asks_and_missed_once_does_not(tmp_path):
    once: dict[str, Given] = {BEFORE: 65.0, LAST: 92.0}
    [one] = found(tmp_path, {(CASELOAD, COUNTY): {BEFORE: 88.0, LAST: 92.0}})
    assert (one.told.rule, one.kind) == ("off_target", "reviewing_service")
    assert "missed its target of 70.0 again: 92.0 children per officer in" in one.question
    assert "and 88.0 children per officer in the period before" in one.question
    assert found(tmp_path / "b", {(CASELOAD, COUNTY): once}) == []


def test_a_figure_that_was_there_and_is_not_asks_its_supplier(tmp_path):
    name = "domestic_violence_notifications_where_a_child_lives_at_the_a"
    [one] = found(tmp_path, {(name, COUNTY): {BEFORE: 800.0, LAST: None}})
    assert (one.told.rule, one.told.value, one.supplier) == ("newly_missing", ":", "Lancashire Constabulary")
    assert f"there was a figure in {BEFORE} (800), and there is none in {LAST}." in one.question
    assert found(tmp_path / "b", {(name, COUNTY): {BEFORE: None, LAST: None}}) == []


def test_inputs_that_are_newly_incomplete_ask(tmp_path):
    [one] = found(tmp_path, {(IN_TIME, COUNTY): steady(share(91, 100, complete=0.5))})
    assert one.told.rule == "newly_missing" and "only 50% of what it needs was there" in one.told.because


def test_nothing_to_count_is_no_missing_figure(tmp_path):
    nobody = Figure(None, 0, 0, 1.0, ("nothing_counted",), False)
    assert found(tmp_path, {(IN_TIME, COUNTY): {BEFORE: share(9, 10), LAST: nobody}}) == []


@pytest.mark.parametrize(("theirs", "asks"), [(520.0, False), (700.0, True)])
def test_two_agencies_figures_that_lie_too_far_apart_ask(tmp_path, theirs, asks):
    ours, other = "police_contacts_domestic_abuse", "domestic_violence_notifications_where_a_child_lives_at_the_a"
    one = found(tmp_path, {(ours, COUNTY): {LAST: 500.0}, (other, COUNTY): {LAST: theirs}})
    assert [each.told.rule for each in one] == (["disagree"] if asks else [])
    if asks:
        assert one[0].kind == "police" and "was 500" in one[0].question and "was 700" in one[0].question


def test_what_is_kept_back_is_in_no_question_and_raises_none(tmp_path):
    small = {**steady(share(1, 4, may_leave=False))}
    assert found(tmp_path, {(IN_TIME, COUNTY): small}) == []
    [one] = found(tmp_path / "b", {(CASELOAD, COUNTY): {QUARTERS[-3]: (3.0, False), BEFORE: 88.0, LAST: 92.0}})
    assert "3.0" not in one.question + one.told.because


def test_areas_that_the_rule_does_not_name_are_not_looked_at(tmp_path):
    assert found(tmp_path, {(CASELOAD, "burnley"): {BEFORE: 88.0, LAST: 92.0}}) == []


def test_words_of_somebody_who_sees_every_number_are_held_against_what_is_kept_back(tmp_path):
    library = shipped()
    folder = scorecard(tmp_path, library, {(IN_TIME, COUNTY): {BEFORE: share(90, 100), LAST: share(3, 17, may_leave=False)}})
    with kept(folder) as values:
        def given(text: str) -> str:
            return kept_back_in(text, values, IN_TIME, library.indicators[IN_TIME], COUNTY, Period.parse(LAST))

        assert given("Only 3 of 17 were in time.") in ("3", "17")
        assert given("Why 17.6% only?") == "17.6"
        assert given("Why less than the 90 of before, in 2025/26 Q3 and on 13/3/2026, and 1.3 of 30?") == ""
