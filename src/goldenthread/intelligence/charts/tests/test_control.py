"""Control charts: limits as published examples have them, rules where they must fire and nowhere else."""

from __future__ import annotations

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .. import Change, Point, Rules, control_chart, effect, months
from . import worked_examples as known

APRIL = date(2024, 4, 1)


def _months(values, of=()):
    return months(APRIL, values, of)


def _fired(values, **options):
    return {(one.rule, one.points) for one in control_chart("x", "xmr", _months(values), **options).signals}


def test_xmr_limits_of_a_published_example():
    chart = control_chart("Loan costs", "xmr", _months(known.LOAN_COSTS))
    one = chart.points[0]
    assert one.centre == known.LOAN_MEAN
    assert (round(one.upper, 2), round(one.lower, 2)) == (known.LOAN_UPPER, known.LOAN_LOWER)
    assert chart.signals == ()
    assert chart.variation.icon == "common"


def test_p_limits_of_a_published_example():
    chart = control_chart("Cans", "p", _months(known.CANS, [known.CANS_EACH] * 30), scale=1)
    one = chart.points[0]
    assert [round(value, 4) for value in (one.centre, one.upper, one.lower)] == pytest.approx(
        [known.CANS_MEAN, known.CANS_UPPER, known.CANS_LOWER], abs=1.01e-4
    )
    assert [
        place for signal in chart.signals if signal.rule == "outside" for place in signal.points
    ] == known.CANS_OUTSIDE


def test_u_limits_of_a_published_example():
    chart = control_chart("Errors", "u", _months(known.ERRORS, [known.ERRORS_EACH] * 20))
    one = chart.points[0]
    assert (round(one.centre, 4), round(one.upper, 4), one.lower) == (
        known.ERRORS_MEAN,
        known.ERRORS_UPPER,
        0,
    )


def test_limits_of_a_p_chart_widen_where_there_are_few_children():
    chart = control_chart("ICPC in time", "p", _months([9] * 12, [10, 100] * 6))
    assert chart.points[0].upper - chart.points[0].lower > chart.points[1].upper - chart.points[1].lower
    assert max(point.upper for point in chart.points) <= 100
    assert min(point.lower for point in chart.points) >= 0


STEADY = [50, 52, 49, 51, 48, 52, 50, 49, 51, 50, 48, 52]


def test_a_point_outside_the_limits():
    assert ("outside", (12,)) in _fired([*STEADY, 70])


def test_seven_on_one_side_are_a_shift_and_six_are_not():
    wave = [40, 60] * 8
    assert _fired([*wave, *[51, 52, 51, 53, 51, 52, 51], 30]) == {("shift", tuple(range(15, 23)))}
    assert not _fired([*wave, 40, *[52, 51, 53, 51, 52, 51], 40, 60])


def test_the_length_of_a_shift_is_a_setting():
    values = [*[40, 60] * 8, *[51, 52, 51, 53, 51, 52], 30]
    assert _fired(values) == {("shift", tuple(range(15, 22)))}
    assert not _fired(values, rules=Rules(shift=8))


def test_a_point_on_the_average_ends_a_shift():
    values = [40, 60] * 6 + [51, 51, 51, 50, 51, 51, 51] + [44]
    chart = control_chart("x", "xmr", _months(values))
    assert chart.points[0].centre == 50
    assert not chart.signals


def test_six_rising_are_a_trend_and_five_are_not():
    wave = [40, 60] * 8
    assert ("trend", tuple(range(16, 22))) in _fired([*wave, 42, 45, 48, 51, 54, 57, 40, 60])
    assert not [one for one in _fired([*wave, 42, 46, 50, 54, 58, 40, 60]) if one[0] == "trend"]


def test_equal_neighbours_end_a_trend():
    assert not [one for one in _fired([40, 60] * 8 + [42, 44, 46, 46, 48, 50, 52]) if one[0] == "trend"]


def test_two_of_three_near_a_limit_with_all_three_on_one_side():
    chart = control_chart("x", "xmr", _months([*STEADY, *STEADY, 55, 51, 55]), baseline=24)
    assert ("near", (24, 26)) in {(one.rule, one.points) for one in chart.signals}
    chart = control_chart("x", "xmr", _months([*STEADY, *STEADY, 55, 49, 55]), baseline=24)
    assert "near" not in {one.rule for one in chart.signals}


def test_a_gap_ends_every_run_and_is_no_zero():
    values = [*[40, 60] * 8, *[52, 51, 53, None, 51, 52, 51, 53], 40]
    chart = control_chart("x", "xmr", _months(values))
    assert not chart.signals
    assert chart.points[19].value is None
    assert "a gap, not a zero" in " ".join(chart.notes)
    without = [value for value in values if value is not None]
    assert chart.points[0].centre == pytest.approx(sum(without) / len(without))


def test_no_range_is_taken_across_a_gap():
    values = [10, 10, 10, 10, 10, 10, None, 90, 90, 90, 90, 90, 90]
    assert control_chart("x", "xmr", _months(values)).points[0].upper == 50


def test_a_month_with_nothing_to_count_is_a_gap():
    chart = control_chart("In time", "p", _months([5] * 12 + [0], [10] * 12 + [0]))
    assert chart.points[12].value is None
    assert "Nothing to count in Apr 2025" in " ".join(chart.notes)


@pytest.mark.parametrize(
    ("many", "words"),
    [(5, "Not enough data: 5 of at least 6"), (6, "Trial limits: 6 points"), (11, "Trial limits: 11 points")],
)
def test_few_points_are_said_to_be_few(many, words):
    chart = control_chart("x", "xmr", _months(STEADY[:many]))
    assert words in " ".join(chart.notes)
    assert (chart.points[0].centre is None) == (many < 6)
    if many < 6:
        assert chart.variation.icon == "none"


def test_limits_are_made_anew_after_a_change_once_there_are_twelve_points():
    change = Change(date(2025, 4, 10), "Second screener")
    values = [*STEADY, 50, *[value + 20 for value in STEADY]]
    chart = control_chart("x", "xmr", _months(values), changes=[change], better="higher")
    assert [(phase.first, phase.last) for phase in chart.phases] == [(0, 12), (13, 24)]
    assert chart.points[12].centre < 51 < 69 < chart.points[13].centre
    assert chart.changes[0][0] == 13
    assert not chart.signals


def test_until_then_points_are_held_against_the_limits_from_before():
    change = Change(date(2025, 4, 1), "Second screener")
    chart = control_chart(
        "x", "xmr", _months([*STEADY, *[70] * 11]), changes=[change], better="higher", baseline=12
    )
    assert len(chart.phases) == 1
    assert "there are 11 of the 12 points" in chart.notes[0]
    assert chart.variation.icon == "improving_high"


def test_what_the_icons_say_follows_which_way_is_better():
    icons = {
        better: control_chart("x", "xmr", _months([*STEADY, 70]), better=better).variation
        for better in ("higher", "lower", "neither")
    }
    assert {better: (one.icon, one.letter) for better, one in icons.items()} == {
        "higher": ("improving_high", "H"),
        "lower": ("concern_high", "H"),
        "neither": ("up", "↑"),
    }
    assert icons["lower"].words == "A concern: a significant change to higher values"
    assert icons["lower"].because == ("Apr 2025: above the upper limit (70 against 61.4)",)


def test_an_old_signal_does_not_colour_the_latest_point():
    chart = control_chart("x", "xmr", _months([70, *STEADY, *STEADY]), better="lower")
    assert chart.signals[0].rule == "outside"
    assert chart.variation.icon == "common"


@pytest.mark.parametrize(
    ("better", "target", "icon"),
    [
        ("higher", 40, "passing"), ("higher", 50, "hit_and_miss"), ("higher", 90, "failing"),
        ("lower", 40, "failing"), ("lower", 50, "hit_and_miss"), ("lower", 90, "passing"),
        ("neither", 50, "none"), ("higher", None, "none"),
    ],
)  # fmt: skip
def test_assurance_compares_the_target_with_the_limits(better, target, icon):
    assert control_chart("x", "xmr", _months(STEADY), better=better, target=target).assurance.icon == icon


class TestEffect:
    change = Change(date(2025, 4, 1), "Second screener")

    def _of(self, values, better="higher"):
        return effect("xmr", _months(values), self.change, better=better)

    def test_better(self):
        found = self._of([*STEADY, *[70] * 4])
        assert (found.verdict, found.before, found.after) == ("better", pytest.approx(50.17, abs=0.01), 70)
        assert found.words.endswith("A chart shows that something changed, not why.")

    def test_worse_is_the_same_the_other_way_round(self):
        assert self._of([*STEADY, *[70] * 4], "lower").verdict == "worse"

    def test_no_change_seen(self):
        assert self._of([*STEADY, *STEADY[:8]]).verdict == "no change seen"

    def test_too_early(self):
        assert self._of([*STEADY, 50, 51]).verdict == "too early"

    def test_cannot_say(self):
        assert self._of([None] * 8 + [50, 51, 49, 52] + [70] * 8).verdict == "cannot say"

    def test_both_ways(self):
        assert self._of([*STEADY, 70, 30]).verdict == "mixed"

    def test_the_sentence_says_since_when_how_much_and_whether_by_more_than_chance(self):
        assert self._of([*STEADY, *[70] * 4]).sentence == (
            "Since 1 April 2025 the average is 70; before it was 50.2. This is more than chance, and better."
        )
        assert self._of([*STEADY, *STEADY[:8]]).sentence.endswith("This is not more than chance.")
        assert self._of([*STEADY, 50, 51]).sentence.endswith("chance: 2 points since, and 7 would show a shift.")
        few = self._of([None] * 8 + [50, 51, 49, 52] + [70] * 8).sentence
        assert few == "Since 1 April 2025 the average is 70. Whether it changed cannot be said: too few points before it."
        assert self._of(STEADY).sentence == "No period that began since 1 April 2025 is on the chart yet."

    def test_a_later_change_ends_what_is_judged(self):
        later = Change(date(2025, 6, 1), "Another")
        found = effect("xmr", _months([*STEADY, 50, 51, *[90] * 6]), self.change, until=later)
        assert (found.verdict, found.points_after) == ("too early", 2)

    def test_shares_that_always_varied_more_than_chance_are_judged_by_how_they_varied(self):
        shares = [400, 600] * 6
        points = _months([*shares, 620, 380], [1000] * 14)
        assert effect("p", points, self.change, better="higher").verdict == "too early"
        assert "as an XmR chart" in effect("p", points, self.change, better="higher").why
        calm = _months([500, 505] * 6 + [620, 620], [1000] * 14)
        assert effect("p", calm, self.change, better="higher").verdict == "better"


values = st.lists(st.one_of(st.none(), st.floats(0, 100).map(lambda one: round(one, 1))), max_size=40)


@given(values, st.sampled_from(["higher", "lower", "neither"]))
def test_any_series_makes_a_chart_that_holds_together(series, better):
    chart = control_chart("x", "xmr", _months(series), better=better, target=50, lowest=0, highest=100)
    assert [point.value for point in chart.points] == series
    assert chart.in_words
    for point in chart.points:
        if point.centre is not None:
            assert 0 <= point.lower <= point.centre <= point.upper <= 100
    for signal in chart.signals:
        assert all(series[place] is not None for place in signal.points)
        first, last = signal.first, signal.last
        assert None not in series[first : last + 1], "a rule ran across a gap"
        assert signal.words


@given(values)
def test_turned_upside_down_it_says_the_same_the_other_way(series):
    up = control_chart("x", "xmr", _months(series))
    down = control_chart("x", "xmr", _months([None if value is None else -value for value in series]))
    opposite = {"high": "low", "low": "high"}
    ours = {(one.rule, one.points, opposite[one.side]) for one in up.signals}
    theirs = {(one.rule, one.points, one.side) for one in down.signals}
    near_a_tie = any(
        point.value is not None and point.centre is not None
        and any(math.isclose(point.value, edge, abs_tol=1e-9) for edge in (point.centre, point.lower, point.upper))
        for point in up.points
    )  # fmt: skip
    assert near_a_tie or ours == theirs


@given(st.lists(st.integers(0, 30), min_size=12, max_size=30))
def test_the_naive_reading_of_the_rules_agrees(counts):
    """Shift and trend said again in the plainest way."""
    chart = control_chart("x", "xmr", _months(counts))
    centre = chart.points[0].centre
    shifted, trended = set(), set()
    for start in range(len(counts)):
        seven = counts[start : start + 7]
        if len(seven) == 7 and (all(one > centre for one in seven) or all(one < centre for one in seven)):
            shifted |= set(range(start, start + 7))
        six = counts[start : start + 6]
        if len(six) == 6 and (six == sorted(set(six)) or six[::-1] == sorted(set(six))):
            trended |= set(range(start, start + 6))
    assert {place for one in chart.signals if one.rule == "shift" for place in one.points} == shifted
    assert {place for one in chart.signals if one.rule == "trend" for place in one.points} == trended


def test_periods_out_of_order_are_refused():
    with pytest.raises(ValueError, match="does not start after"):
        control_chart("x", "xmr", [Point("May", date(2025, 5, 1), 1), Point("Apr", date(2025, 4, 1), 1)])


def test_more_than_all_is_refused():
    with pytest.raises(ValueError, match="11 out of 10 cannot be"):
        control_chart("x", "p", _months([11] * 12, [10] * 12))
