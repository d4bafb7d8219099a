"""Intervals as published examples have them; differences claimed only where there is enough to claim them."""

from __future__ import annotations

from math import inf
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import bdtr

from .. import (
    Group,
    differences,
    exact_rate,
    exact_share,
    forest,
    ratio_of_rates,
    ratio_of_shares,
    wilson,
    within_districts,
)


@pytest.mark.parametrize(
    ("events", "of", "by_score", "exactly"),
    [
        (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)),
        (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
        (0, 20, (0.0, 0.1611), (0.0, 0.1684)),
        (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
    ],
)
def test_shares_as_newcombe_printed_them(events, of, by_score, exactly):
    """Newcombe 1998, table I, methods 3 and 5."""
    assert wilson(events, of) == pytest.approx(by_score, abs=5e-5)
    assert exact_share(events, of) == pytest.approx(exactly, abs=5e-5)


def test_rates_as_the_tables_of_garwood_have_them():
    assert exact_rate(10, 1) == pytest.approx((4.795, 18.390), abs=0.001)
    assert exact_rate(0, 1) == pytest.approx((0, 3.689), abs=0.001)


def test_a_ratio_of_shares_as_koopman_printed_it():
    """Koopman 1984: 36 of 40 against 16 of 80."""
    assert ratio_of_shares(36, 40, 16, 80) == pytest.approx((2.94, 7.15), abs=0.01)


small = st.integers(1, 60)


@given(small, small, st.data())
def test_intervals_hold_what_was_seen_and_turn_round_with_the_groups(of, beside, data):
    events, other = data.draw(st.integers(0, of)), data.draw(st.integers(0, beside))
    for interval in (wilson(events, of), exact_share(events, of)):
        assert 0 <= interval.low <= events / of <= interval.high <= 1
    rate = exact_rate(events, of)
    assert rate.low <= events / of <= rate.high
    for method in (ratio_of_shares, ratio_of_rates):
        there, back = method(events, of, other, beside), method(other, beside, events, of)
        if events and other:
            seen = (events / of) / (other / beside)
            assert there.low <= seen * (1 + 1e-9) and seen <= there.high * (1 + 1e-9)
        if events + other:
            assert there.low == pytest.approx(0 if back.high == inf else 1 / back.high, rel=1e-6)


@given(st.integers(1, 40), st.floats(0.02, 0.98))
def test_the_exact_interval_covers_as_often_as_it_says(of, truth):
    missed = sum(
        float(bdtr(n, of, truth) - (bdtr(n - 1, of, truth) if n else 0))
        for n in range(of + 1)
        if not exact_share(n, of).low <= truth <= exact_share(n, of).high
    )
    assert missed <= 0.05 + 1e-9


POPULATION = [
    Group("White British", 420, 180_000), Group("Pakistani", 70, 24_000), Group("Black African", 9, 1_200),
    Group("Gypsy or Irish Traveller", 2, 180), Group("Mixed", None, 6_000),
]  # fmt: skip


def test_a_difference_that_is_shown_and_one_that_is_too_few_to_say():
    found = differences("Child protection plans", "rate", POPULATION)
    rows = {one.group.name: one for one in found.rows}
    assert rows["Gypsy or Irish Traveller"].verdict == "too few to say"
    assert rows["Gypsy or Irish Traveller"].ratio is None
    assert rows["Mixed"].verdict == "not known"
    assert rows["White British"].verdict == "lower"
    assert "Too few to say: " in found.in_words


def test_one_group_can_be_held_against_another():
    found = differences("Plans", "rate", POPULATION, against="White British")
    row = found.rows[1]
    assert row.ratio == pytest.approx((70 / 24_000) / (420 / 180_000))
    assert row.words.startswith("Pakistani: 29.2, 1.2 times White British (")
    assert row.verdict == "no difference shown"


def test_what_is_not_recorded_is_said():
    found = differences("Plans", "rate", POPULATION, not_recorded=120)
    assert "For 120 of 621 (19%) the group is not recorded" in found.notes[0]
    assert "turn any of these differences round" in found.notes[0]


def test_a_difference_that_is_only_of_places_goes_when_districts_are_held_apart():
    """Both groups fare alike in either district, but more of one live where more is done."""
    districts = {
        "Burnley": (Group("Pakistani", 90, 3_000), Group("others", 60, 2_000)),
        "Fylde": (Group("Pakistani", 5, 500), Group("others", 95, 9_500)),
    }
    overall = differences("Plans", "share", [Group("Pakistani", 95, 3_500), Group("others", 155, 11_500)])
    assert overall.rows[0].verdict == "higher"
    apart = within_districts("Pakistani", districts)
    assert apart.ratio == pytest.approx(1)
    assert apart.interval.low < 1 < apart.interval.high


def test_too_few_in_all_districts_together():
    few = {"Fylde": (Group("Mixed", 1, 40), Group("others", 60, 9_000))}
    assert within_districts("Mixed", few).ratio is None


@pytest.mark.parametrize("width", [360, 720])
def test_the_picture_and_its_table(width):
    found = differences("Plans", "rate", POPULATION)
    root = ElementTree.fromstring(forest.svg(found, "a", width=width))
    assert root.get("role") == "img"
    labels = forest.paper(found, width).labels
    assert all(one[0] >= 0 and one[2] <= width for one in labels)
    grid = forest.grid(found)
    assert grid.rows[4][:3] == ("Mixed", "no figure", "6,000")
    assert grid.rows[3][-1] == "too few to say"
