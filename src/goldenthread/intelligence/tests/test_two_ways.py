"""The two evaluations against each other, on made-up cohorts."""

from __future__ import annotations

from math import isclose

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from goldenthread.guidance.library import shipped
from goldenthread.intelligence.indicators.cohort import dataset_of
from goldenthread.intelligence.indicators.compiling import TOGETHER
from goldenthread.intelligence.indicators.engine import Engine, engine
from goldenthread.intelligence.indicators.periods import Period
from goldenthread.intelligence.indicators.tables import Dataset
from goldenthread.intelligence.indicators.values import Value
from goldenthread.intelligence.naive.evaluation import evaluate

from .made_up import LAST, cohorts, meetings

#: Indicators that between them use every word of the language.
CHOSEN = (
    "re_referrals_within_12_months", "children_re_referred_within_12_months", "referrals_rate",
    "referrals_no_further_action", "assessments_within_45_working_days", "assessment_duration",
    "strategy_minimum_attendance", "icpc_within_15_working_days", "plans_at_end", "plans_second_or_subsequent",
    "plans_second_within_2_years", "plans_lasting_2_years_open", "plan_reviews_in_time", "plan_visits_in_time",
    "looked_after_in_year", "placements_three_or_more", "placements_three_or_more_in_two_years", "placement_two_years",
    "placed_over_20_miles", "sdq_concern", "sdq_average", "initial_health_assessments_in_time",
    "care_leavers_in_touch_17_to_18", "missing_looked_after", "missing_incidents_per_child", "worker_caseload",
    "early_help_pending_6_months", "looked_after_reviews_in_time", "looked_after_participation",
    "initial_conference_attendance", "initial_conference_reports_in_time", "initial_conference_reports_shared_in_time",
    "initial_conferences_inquorate", "conference_records_in_time", "board_attendance",
)  # fmt: skip
PERIODS = [Period.parse(text) for text in ("2015/16", "2016/17", "2016/17 Q1", "2016-03", "2017-06", "12 months to 2017-01")]
PLACES = ["lancashire_12", "burnley", "everywhere"]


def test_those_chosen_use_every_word_of_the_language():
    """Anything the shipped definitions use is used by one that is tried here."""
    chosen = {name: shipped().indicators[name] for name in CHOSEN}

    def words(indicators) -> set[str]:
        parts = (getattr(one, key) for one in indicators.values() for key in ("counts", "of", "those"))
        return {name for part in parts if part is not None for name in part.model_fields_set}

    assert words(chosen) == words(shipped().indicators)


@pytest.mark.parametrize("name", CHOSEN)
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate])
@given(data=st.data())
def test_both_ways_give_the_same_values(name: str, data: st.DataObject):
    cohort = data.draw(meetings(dataset_of(data.draw(cohorts(name)), shipped(), LAST)))
    indicator = {name: shipped().indicators[name]}
    splits = [None, "age_band", "agency", *(["answer"] if indicator[name].each else [])]
    with engine(shipped(), cohort, LAST, threads=1) as run:
        for by in splits:
            compare(run, cohort, name, by)


AT_ONCE = ("plans_second_or_subsequent", "sdq_average", "initial_conference_attendance", "assessment_duration")


@pytest.mark.parametrize("name", AT_ONCE)
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate])
@given(data=st.data())
def test_all_groups_told_at_once_are_as_told_one_by_one(name: str, data: st.DataObject):
    cohort = data.draw(meetings(dataset_of(data.draw(cohorts(name)), shipped(), LAST)))
    indicator = {name: shipped().indicators[name]}
    with engine(shipped(), cohort, LAST, threads=1) as run:
        together = run.run_groups(indicator, PLACES, PERIODS)
        one_by_one = [value for by in (*TOGETHER, "answer") for value in run.run(indicator, PLACES, PERIODS, by)]
    assert sorted(together, key=repr) == sorted(one_by_one, key=repr)


def compare(run: Engine, cohort: Dataset, name: str, by: str | None) -> None:
    indicator = {name: shipped().indicators[name]}
    one = keyed(run.run(indicator, PLACES, PERIODS, by))
    other = keyed(evaluate(shipped(), cohort, indicator, PLACES, PERIODS, by))
    assert one.keys() == other.keys()
    for key, value in one.items():
        there = other[key]
        assert value.notes == there.notes, key
        for part in ("value", "numerator", "denominator", "complete"):
            a, b = getattr(value, part), getattr(there, part)
            assert (a is None) == (b is None), (key, part, a, b)
            assert a is None or isclose(a, b, rel_tol=1e-9, abs_tol=1e-9), (key, part, a, b)


def keyed(values: list[Value]) -> dict[tuple[str, str, str], Value]:
    found = {(one.area, one.period, one.group): one for one in values}
    assert len(found) == len(values)
    return found
