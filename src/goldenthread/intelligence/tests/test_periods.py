"""Periods: how they are written, and which days they hold."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from goldenthread.intelligence.indicators.periods import FREQUENCIES, Period, WrongPeriod, between, previous


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2016/17", date(2016, 4, 1), date(2017, 3, 31)),
        ("1999/00", date(1999, 4, 1), date(2000, 3, 31)),
        ("2016/17 Q1", date(2016, 4, 1), date(2016, 6, 30)),
        ("2016/17 Q4", date(2017, 1, 1), date(2017, 3, 31)),
        ("2016-02", date(2016, 2, 1), date(2016, 2, 29)),
        ("12 months to 2016-12", date(2016, 1, 1), date(2016, 12, 31)),
        ("12 months to 2017-02", date(2016, 3, 1), date(2017, 2, 28)),
    ],
)
def test_a_period_is_read_and_written_alike(text, start, end):
    period = Period.parse(text)
    assert (period.start, period.end, period.key) == (start, end, text)


@pytest.mark.parametrize("text", ["2016", "2016/18", "2016/17 Q5", "2016-13", "12 months to 2016-00", "", "Q1"])
def test_another_writing_is_refused_with_the_forms(text):
    with pytest.raises(WrongPeriod, match="2016/17"):
        Period.parse(text)


def test_a_year_has_its_parts():
    year = Period.parse("2016/17")
    assert [one.key for one in year.parts("quarter")] == [f"2016/17 Q{n}" for n in (1, 2, 3, 4)]
    assert len(year.parts("month")) == 12 and year.parts("month")[0].key == "2016-04"
    assert year.parts("rolling_year")[-1].key == "12 months to 2017-03"


def test_every_period_follows_the_one_before():
    for frequency in FREQUENCIES:
        row = between(date(2014, 1, 1), date(2018, 12, 31), [frequency])
        for one, following in pairwise(row):
            if frequency != "rolling_year":
                assert previous(following) == one
        assert all(Period.parse(one.key) == one for one in row)


def test_the_population_of_a_period_is_of_its_mid_year():
    assert Period.parse("2016/17").population_year == 2016
    assert Period.parse("2016-05").population_year == 2015
    assert Period.parse("2016-06").population_year == 2016
