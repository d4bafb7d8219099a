"""Directions of travel with their tolerance, and tables made again to the printed digit."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenthread.intelligence.figures.drawing import chart_of
from goldenthread.intelligence.figures.printed.checking import check
from goldenthread.intelligence.figures.printed.directions import TOLERANCE, differing, travels
from goldenthread.intelligence.figures.printed.figure import Figure, read_figures
from goldenthread.intelligence.figures.printed.numbers import Number
from goldenthread.intelligence.figures.printed.periods import period_of
from goldenthread.intelligence.figures.printed.shipped import FIGURES, shipped_claims
from goldenthread.intelligence.figures.printed.tables import tables

from .by_hand import claims, count, figures, rate


@pytest.mark.parametrize(
    ("before", "now", "polarity", "word", "close"),
    [
        ("100.0", "102.0", "lower", "Stable", True),  # exactly the tolerance is stable
        ("100.0", "102.2", "lower", "Worse", False),
        ("100.0", "102.2", "higher", "Better", False),
        ("100.0", "97.0", "lower", "Better", False),
        ("100.0", "97.0", "none", "Down", False),
        ("0.3", "0.3", "lower", "Stable", True),
        ("11.9", "11.6", "lower", "Better", True),  # 2.5%, but from 1.7% to 3.4% lie behind it
        ("0", "5", "lower", "Worse", False),
        ("0", "0", "lower", "Stable", False),
    ],
)
def test_directions_by_hand(tmp_path, before, now, polarity, word, close):
    found = figures(
        tmp_path, rate(now, "latest", polarity=polarity, direction="Stable"), rate(before, "previous", polarity=polarity)
    )
    (went,) = travels(found)
    assert (went.word, went.close) == (word, close)
    assert went.differs == (word != "Stable")


def test_without_an_earlier_value_there_is_no_data_as_printed(tmp_path):
    (went,) = travels(figures(tmp_path, rate("5", "latest", direction="No data")))
    assert (went.word, went.differs) == ("No data", False)


def test_a_reason_names_values_tolerance_and_which_way_is_better(tmp_path):
    found = figures(tmp_path, rate("342.2", "latest", direction="Stable"), rate("379.8", "previous"))
    (went,) = differing(travels(found))
    assert went.why == "379.8 then, 342.2 now: down 9.9%, more than 2%, and lower is better."


def test_the_published_directions_that_differ():
    found = read_figures(FIGURES).figures
    went = travels(found)
    assert len(went) == 38
    assert [(one.figure.indicator, one.printed, one.word, one.close) for one in differing(went)] == [
        ("Suicide rate", "Stable", "Better", True),
        ("Infant mortality", "Stable", "Better", False),
        ("Children aged 5 with decayed, missing or filled teeth", "Stable", "Better", False),
        ("Hospital admissions for asthma (under 19)", "Stable", "Better", False),
    ]


def test_no_other_tolerance_in_half_per_cents_differs_in_fewer_places():
    found = read_figures(FIGURES).figures
    many = {half: len(differing(travels(found, Fraction(half, 2)))) for half in range(21)}
    assert min(many, key=many.__getitem__) == TOLERANCE * 2


def grid(table):
    return [[line.label, *(cell.text for cell in line.cells)] for line in table.lines]


def test_a_table_by_years_with_changes_to_the_printed_digit(tmp_path):
    found = figures(
        tmp_path, count(542, "2015/16"), count(564, "2016/17", change="4.06%"),
        count(4, "2015/16", indicator="Deaths"), count(2, "2016/17", indicator="Deaths"),
        count(9, "2016/17", indicator="New"),
    )  # fmt: skip
    (made,) = tables(found)
    assert [made.first, *made.heads] == ["Indicator", "2015/16", "2016/17", "Change", "Printed"]
    assert grid(made) == [
        ["Referrals", "542", "564", "+4.06%", "4.06%"],
        ["Deaths", "4", "2", "-50.0%", ""],
        ["New", "", "9", "", ""],
    ]


def test_a_table_of_parts_has_shares_to_the_printed_digit_and_a_total(tmp_path):
    parts = (("Burnley", 510), ("Fylde", 332), ("Wyre", 4271))
    found = figures(tmp_path, *(count(value, "2016/17", area=area) for area, value in parts))
    (made,) = tables(found)
    assert grid(made) == [
        ["Burnley", "510", "10.0%"],
        ["Fylde", "332", "6.5%"],
        ["Wyre", "4,271", "83.5%"],
        ["Total", "5,113", "100%"],
    ]
    told = claims(tmp_path, "doc,share,10%,T,Referrals,Burnley,,2016/17,,,,,,5113,,,Burnley 510 10%")
    (made,) = tables(found, check(found, told))
    assert grid(made)[0] == ["Burnley", "510", "10%"]


def test_health_profiles_stand_as_they_are_printed():
    made = next(one for one in tables(read_figures(FIGURES).figures) if one.title == "Adult health profiles")
    assert grid(made)[2] == [
        "Suicide rate", "per 100,000", "10.1", "11.3", "11.6", "11.9", "-2.5%", "Stable", "▲ Better"
    ]  # fmt: skip
    assert len(made.lines) == 20


def published(title):
    found = read_figures(FIGURES).figures
    return next(one for one in tables(found, check(found, shipped_claims())) if one.title == title)


def test_the_districts_table_is_made_again_to_the_digit():
    rows = {row[0]: row[1:] for row in grid(published("CAFs initiated by district"))}
    # as printed: Lancaster 667 13% 404 10% 424 10.2% 272 9.5%, the latest year first
    assert rows["Lancaster"][:8] == ["272", "9.5%", "424", "10.2%", "404", "10%", "667", "13%"]
    assert rows["Out of county"][:8] == ["21", "0.7%", "14", "0.3%", "8", "0%", "20", "0%"]
    assert rows["Total"][:8] == ["2,870", "100%", "4,152", "100%", "4,185", "100%", "5,113", "100%"]


def test_the_ratings_table_is_made_again_to_the_digit():
    assert grid(published("CQC ratings, all establishments")) == [
        ["Outstanding", "17", "2.3%", "96", "2.6%", "657", "2.3%"],
        ["Good", "543", "74.2%", "2,718", "74.8%", "22,332", "78.5%"],
        ["Requires improvement", "160", "21.9%", "735", "20.2%", "4,975", "17.5%"],
        ["Inadequate", "12", "1.6%", "87", "2.4%", "484", "1.7%"],
        ["Total", "732", "100%", "3,636", "100%", "28,448", "100%"],
    ]


A_FIGURE = st.builds(
    lambda indicator, unit, area, breakdown, period, comparator, value: Figure(
        "d", "t", indicator, unit, area, breakdown, period_of(period), comparator, Number.parse(str(value))
    ),
    st.sampled_from(["Referrals", "Plans"]), st.sampled_from(["count", "%"]), st.sampled_from(["England", "Ryeford"]),
    st.sampled_from(["", "Neglect", "All"]), st.sampled_from(["2015/16", "2016/17", "latest", "previous"]),
    st.sampled_from(["local", "england", "target"]), st.integers(0, 99),
)  # fmt: skip


@given(st.lists(A_FIGURE, min_size=1, max_size=25, unique_by=lambda one: one.identity))
def test_no_figure_is_left_out_of_a_table_or_stands_in_it_twice_as_a_value(found):
    (made,) = tables(found)
    shown = [cell.figure.identity for line in made.lines for cell in line.cells if cell.figure and not cell.worked]
    assert sorted(shown) == sorted(one.identity for one in found)
    assert {len(line.cells) for line in made.lines} == {len(made.heads)}
    chart_of(made)


def test_every_published_figure_stands_in_a_table_as_it_is_printed():
    found = read_figures(FIGURES).figures
    shown = [cell.figure for table in tables(found) for line in table.lines for cell in line.cells if cell.figure]
    assert {one.identity for one in shown} == {one.identity for one in found}
    for table in tables(found):
        for line in table.lines:
            for cell in line.cells:
                assert cell.text != "None"
