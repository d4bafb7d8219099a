"""Dates as people type them."""

from datetime import date

import pytest

from goldenthread.people.dates import KnownDate, read_date

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    "typed",
    ["14/05/2017", "14 5 2017", "14-05-2017", "14.5.2017", "14/5/17", "2017-05-14", "14 May 2017", "14th may 2017",
     "14-MAY-2017", " 14  May, 2017 "],
)  # fmt: skip
def test_a_day_in_any_usual_form(typed):
    assert read_date(typed, TODAY) == KnownDate(date(2017, 5, 14), "day")


@pytest.mark.parametrize(
    ("typed", "first", "precision"),
    [
        ("May 2017", date(2017, 5, 1), "month"),
        ("05/2017", date(2017, 5, 1), "month"),
        ("sept 2016", date(2016, 9, 1), "month"),
        ("2017", date(2017, 1, 1), "year"),
        ("about 2017", date(2017, 1, 1), "estimated"),
        ("c. May 2017", date(2017, 1, 1), "estimated"),
        ("1/2/98", date(1998, 2, 1), "day"),
    ],
)
def test_a_date_that_is_partly_known(typed, first, precision):
    assert read_date(typed, TODAY) == KnownDate(first, precision)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("31/2/2017", "February 2017 has no day 31"),
        ("29 February 2017", "February 2017 has no day 29"),
        ("5/14/2017", "The month must be between 1 and 12"),
        ("14/05/217", "Enter a date like"),
        ("14/05/0217", "4 digits"),
        ("soon", "Enter a date like"),
        ("", "Enter a date like"),
        ("ma 2017", "Enter a date like"),
    ],
)
def test_what_is_not_a_date_is_explained(typed, said):
    with pytest.raises(ValueError, match=said):
        read_date(typed, TODAY)


def test_a_partly_known_date_reaches_to_its_last_day():
    assert read_date("February 2016", TODAY).last == date(2016, 2, 29)
    assert read_date("2016", TODAY).last == date(2016, 12, 31)
    assert read_date("2016", TODAY).words() == "2016"
    assert read_date("about 2016", TODAY).words() == "about 2016"
    assert read_date("3/2/2016", TODAY).words() == "3 February 2016"
