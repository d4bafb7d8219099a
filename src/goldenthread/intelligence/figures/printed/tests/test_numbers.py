"""Printed numbers: read, rounded, and what may lie behind them. By hand first, then on all that Hypothesis thinks of."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenthread.intelligence.figures.printed.numbers import (
    NotANumber,
    Number,
    Range,
    change_within,
    could_print,
    cut,
    rounded,
    written,
)


@pytest.mark.parametrize(
    ("text", "value", "decimals", "percent"),
    [
        ("9,034", "9034", 0, False),
        ("57.0", "57.0", 1, False),
        ("-8.4%", "-8.4", 1, True),
        ("−8.4 %", "-8.4", 1, True),
        ("+4.06%", "4.06", 2, True),
        ("£141,600", "141600", 0, False),
        ("0", "0", 0, False),
    ],
)
def test_a_number_is_read_with_the_decimals_it_is_printed_with(text, value, decimals, percent):
    assert Number.parse(text) == Number(Decimal(value), decimals, percent)


@pytest.mark.parametrize("text", ["", "twelve", "1,23", "12,34,567", "1.", ".5", "5-6", "=1+1", "1e9", "٣", "9" * 16, "c", "-"])
def test_what_is_no_number_is_refused_in_words(text):
    with pytest.raises(NotANumber, match="digits"):
        Number.parse(text)


@pytest.mark.parametrize(
    ("value", "decimals", "as_rounded", "as_cut"),
    [
        (Fraction(12965, 1000), 1, "13.0", "12.9"),
        (Fraction(125, 1000), 2, "0.13", "0.12"),  # a half goes up, not to the even digit
        (Fraction(-245, 100), 1, "-2.5", "-2.4"),  # and away from zero
        (Fraction(2095 * 100, 6813), 1, "30.8", "30.7"),
        (Fraction(-616 * 100, 2179), 1, "-28.3", "-28.2"),
        (Fraction(1, 3), 0, "0", "0"),
        (Fraction(-1, 3), 0, "0", "0"),
        (Fraction(404 * 100, 4185), 0, "10", "9"),
    ],
)
def test_rounding_and_cutting_by_hand(value, decimals, as_rounded, as_cut):
    assert str(rounded(value, decimals)) == as_rounded
    assert str(cut(value, decimals)) == as_cut


def test_a_half_may_have_gone_either_way():
    worked = Fraction(1225, 100)  # 12.25
    assert could_print(Range(worked, worked), Number.parse("12.3"))
    assert could_print(Range(worked, worked), Number.parse("12.2"))
    assert not could_print(Range(worked, worked), Number.parse("12.4"))


def test_a_count_stands_for_itself_and_a_rounded_value_for_all_that_is_printed_so():
    assert Number.parse("74").behind(counted=True) == Range(Fraction(74), Fraction(74))
    assert Number.parse("74.2").behind(counted=False) == Range(Fraction("74.15"), Fraction("74.25"))


def test_no_change_is_worked_out_from_what_may_be_nought():
    assert change_within(Range(Fraction(1), Fraction(1)), Number.parse("0.0").behind(counted=False)) is None


SOME = st.decimals(min_value=-1_000_000, max_value=1_000_000, places=5)
PLACES = st.integers(min_value=0, max_value=4)


@given(SOME, PLACES)
def test_rounding_is_that_of_decimal_half_up_and_cutting_that_of_decimal_down(value, places):
    unit = Decimal(1).scaleb(-places)
    assert rounded(Fraction(value), places) == value.quantize(unit, ROUND_HALF_UP)
    assert cut(Fraction(value), places) == value.quantize(unit, ROUND_DOWN)


@given(SOME, PLACES)
def test_whatever_way_a_half_is_rounded_it_could_be_printed_so(value, places):
    exactly = Range(Fraction(value), Fraction(value))
    for way in (ROUND_HALF_UP, ROUND_HALF_EVEN):
        assert could_print(exactly, Number(value.quantize(Decimal(1).scaleb(-places), way), places))


@given(SOME, PLACES)
def test_what_is_a_digit_away_from_both_could_never_be_printed(value, places):
    unit = Decimal(1).scaleb(-places)
    up = value.quantize(unit, ROUND_HALF_UP)
    for wrong in (up + 2 * unit, up - 2 * unit):
        assert not could_print(Range(Fraction(value), Fraction(value)), Number(wrong, places))


ABOVE_NOUGHT = st.decimals(min_value=1, max_value=100_000, places=4)


@given(ABOVE_NOUGHT, ABOVE_NOUGHT, PLACES, PLACES)
def test_a_change_worked_out_before_rounding_is_never_called_impossible(now, before, places, change_places):
    """Whoever rounds the change of the true values, and prints the values rounded, is not told of a slip."""
    shown = [Number(rounded(Fraction(one), places), places) for one in (now, before)]
    behind = change_within(*(one.behind(counted=False) for one in shown))
    true_change = (Fraction(now) - Fraction(before)) / Fraction(before) * 100
    if behind is not None:
        assert could_print(behind, Number(rounded(true_change, change_places), change_places))


@given(SOME, PLACES)
def test_what_is_written_is_read_back(value, places):
    assert Number.parse(written(Fraction(value), places)).value == rounded(Fraction(value), places)
