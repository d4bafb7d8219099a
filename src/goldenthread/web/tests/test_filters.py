"""How dates, times, ages and numbers are written. Source: GOV.UK style guide."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from goldenthread.web import filters

NOW = datetime(2026, 11, 22, 10, 42, tzinfo=UTC)


def test_a_date_is_day_month_year_in_words():
    assert filters.gov_date(date(2026, 11, 2)) == "2 November 2026"


def test_a_date_that_is_not_known_says_so():
    assert filters.gov_date(None) == "not known"


def test_a_moment_is_told_in_london_time_in_summer():
    assert filters.gov_datetime(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == "1 July 2026, 12:30am"


@pytest.mark.parametrize(
    ("hour", "minute", "words"),
    [
        (10, 42, "10:42am"),
        (17, 0, "5pm"),
        (12, 0, "midday"),
        (0, 0, "midnight"),
        (12, 5, "12:05pm"),
        (0, 5, "12:05am"),
    ],
)
def test_times(hour, minute, words):
    assert filters.gov_time(datetime(2026, 1, 5, hour, minute, tzinfo=ZoneInfo("Europe/London"))) == words


def test_a_day_gives_its_year_only_when_it_is_another():
    assert filters.gov_day(date(2026, 11, 20), today=date(2026, 11, 22)) == "Friday 20 November"
    assert filters.gov_day(date(2027, 1, 8), today=date(2026, 11, 22)) == "Friday 8 January 2027"


@pytest.mark.parametrize(
    ("days", "words"),
    [(-2, "2 days late"), (-1, "1 day late"), (0, "due today"), (1, "due tomorrow"), (3, "3 days left")],
)
def test_a_due_day_is_met_on_any_moment_of_it(days, words):
    assert filters.relative(NOW.date() + timedelta(days=days), NOW) == words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(41, "41 min left"), (-18, "18 min late"), (130, "2 h 10 min left"), (300, "5 h left"), (-2880, "2 days late"),
     (0, "due now")],
)  # fmt: skip
def test_a_due_time_is_exact_to_the_minute(minutes, words):
    assert filters.relative(NOW + timedelta(minutes=minutes), NOW) == words


def test_a_due_time_counts_real_hours_over_the_clock_change():
    london = ZoneInfo("Europe/London")
    due = datetime(2026, 10, 25, 3, 0, tzinfo=london)  # the clocks go back at 2am
    now = datetime(2026, 10, 25, 0, 30, tzinfo=london)
    assert filters.relative(due.astimezone(UTC), now.astimezone(UTC)) == "3 h 30 min left"


@pytest.mark.parametrize(
    ("born", "words"),
    [
        (date(2017, 5, 14), "9 years"),
        (date(2017, 11, 23), "8 years"),
        (date(2024, 12, 1), "23 months"),
        (date(2026, 10, 1), "7 weeks"),
        (date(2026, 11, 20), "2 days"),
        (date(2027, 2, 1), "not yet born"),
        (None, "age not known"),
    ],
)
def test_ages_are_told_in_the_unit_that_fits(born, words):
    assert filters.age(born, date(2026, 11, 22)) == words


def test_a_child_born_on_29_february_has_a_birthday_on_1_march_in_common_years():
    born = date(2020, 2, 29)
    assert filters.age(born, date(2026, 2, 28)) == "5 years"
    assert filters.age(born, date(2026, 3, 1)) == "6 years"


def test_an_nhs_number_is_spaced_three_three_four():
    assert filters.nhs_number("9434765919") == "943 476 5919"
    assert filters.nhs_number("12") == "12"


def test_plurals_and_thousands():
    assert filters.plural(1, "case") == "1 case"
    assert filters.plural(1204, "case") == "1,204 cases"
    assert filters.plural(2, "child", "children") == "2 children"


@pytest.mark.parametrize(
    ("days", "words"), [(0, "today"), (1, "yesterday"), (5, "5 days ago"), (90, "2 months ago")]
)
def test_how_long_ago(days, words):
    assert filters.ago(NOW.date() - timedelta(days=days), NOW) == words


def test_somebody_who_has_died_is_as_old_as_they_were_then():
    ada = SimpleNamespace(born=date(2018, 5, 1), died=date(2020, 4, 30))
    assert filters.age_of(ada) == "died 30 April 2020 aged 23 months"
    assert filters.age_of(SimpleNamespace(born=None, died=date(2020, 4, 30))) == "died 30 April 2020 aged not known"
    assert filters.age_of(SimpleNamespace(born=None, died=None)) == "age not known"
