"""Direction of travel, seasons, funnels; the drawings and the tables beside them."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .. import Change, Point, Unit, beside, control_chart, direction, drawing, funnel, months, seasons
from ..funnel import exact_limit
from ..icons import icon_svg
from ..paper import ticks
from ..seasons import by_chance


@pytest.mark.parametrize(
    ("now", "before", "better", "tolerance", "word"),
    [
        (93.1, 88.4, "higher", 0, "Better"), (88.4, 93.1, "higher", 0, "Worse"),
        (22.6, 24.5, "lower", 0, "Better"), (24.5, 22.6, "lower", 0, "Worse"),
        (78.5, 78.4, "higher", "0.1", "Stable"), (78.6, 78.4, "higher", "0.1", "Better"),
        (5, 5, "neither", 0, "Stable"), (6, 5, "neither", 0, "Higher"), (4, 5, "neither", 0, "Lower"),
        (None, 5, "higher", 0, "No data"), (5, None, "lower", 0, "No data"), (0, 5, "lower", 0, "Better"),
    ],
)  # fmt: skip
def test_direction_of_travel(now, before, better, tolerance, word):
    assert direction(now, before, better, tolerance=tolerance).word == word


def test_a_tolerance_is_exact_where_floats_are_not():
    assert direction(0.3, 0.2, "higher", tolerance=0.1).word == "Stable"
    assert direction(0.3, 0.2, "higher").change == Decimal("0.1")


def test_a_tolerance_in_per_cent_of_the_period_before():
    assert direction(102, 100, "higher", tolerance=2, relative=True).word == "Stable"
    assert direction(103, 100, "higher", tolerance=2, relative=True).word == "Better"
    assert direction(3, 0, "higher", tolerance=2, relative=True).word == "No data"


@given(st.decimals(-1000, 1000, places=1), st.decimals(-1000, 1000, places=1), st.decimals(0, 50, places=1))
def test_better_and_worse_are_each_other_turned_round(now, before, tolerance):
    opposite = {"Better": "Worse", "Worse": "Better", "Stable": "Stable"}
    there = direction(now, before, "higher", tolerance=tolerance)
    assert direction(before, now, "higher", tolerance=tolerance).word == opposite[there.word]
    assert direction(now, before, "lower", tolerance=tolerance).word == opposite[there.word]


class TestSeasons:
    def _series(self, years, dip):
        luck = random.Random(4)
        return months(
            date(2022, 4, 1),
            [luck.gauss(100, 5) - (dip if nth % 12 == 4 else 0) for nth in range(12 * years)],
        )

    def test_a_dip_each_august(self):
        found = seasons(self._series(3, 30))
        assert found.verdict == "season"
        assert "lowest in Aug" in found.words

    def test_none_where_there_is_none(self):
        assert seasons(self._series(4, 0)).verdict == "no season seen"

    def test_two_years_are_not_enough(self):
        found = seasons(self._series(2, 50))
        assert (found.verdict, found.chance) == ("not enough data", None)

    def test_a_missing_month_leaves_its_year_out_and_stays_empty(self):
        points = self._series(4, 30)
        points[5] = type(points[5])(points[5].period, points[5].starts, None)
        found = seasons(points)
        assert found.years["2022/23"][5] is None
        assert found.verdict == "season"

    def test_a_rising_number_is_no_season(self):
        luck = random.Random(1)
        rising = [(100 + 60 * (nth // 12)) * luck.gauss(1, 0.05) for nth in range(48)]
        assert seasons(months(date(2022, 4, 1), rising)).verdict == "no season seen"

    def test_quarters_stand_under_their_names_and_a_year_may_begin_with_any_of_them(self):
        luck = random.Random(5)
        starts = [date(2022 + (nth * 3 + 6) // 12, (nth * 3 + 6) % 12 + 1, 1) for nth in range(12)]
        quarters = [Point(str(day), day, luck.gauss(100, 2) - 30 * (nth % 4 == 0)) for nth, day in enumerate(starts)]
        found = seasons(quarters, every="quarter", begins=7)
        assert found.names == ("Jul to Sep", "Oct to Dec", "Jan to Mar", "Apr to Jun") and next(iter(found.years)) == "2022/23"
        assert found.verdict == "season" and "lowest in Jul to Sep" in found.words
        assert "same quarter of other years" in found.words

    def test_a_handful_is_no_season_however_it_falls(self):
        found = seasons(self._series(3, 30), counted=[4.0] * 36)
        assert found.verdict == "not enough data" and found.words.startswith("Not enough data: 4 on average a month")

    def test_the_analysis_of_variance_by_hand(self):
        # Rows 1,2,3 and 2,4,6: columns 1.5, 3, 4.5; F = 4.5 / 0.5 = 9 with 2 and 2; P = 1 / (1 + F) = 0.1 for 2 and 2.
        assert by_chance([[1, 2, 3], [2, 4, 6]]) == pytest.approx(0.1)


class TestFunnel:
    def test_exact_limits_against_tables_of_the_distributions(self):
        # Poisson 10: P(X <= 3) = 0.01034, P(X <= 4) = 0.02925. 0.025 lies 0.2248 back from 4.
        assert exact_limit("rate", 0.001, 10_000, 0.025) * 10_000 == pytest.approx(4 - 0.2248, abs=0.001)
        # Binomial 20, a half: P(X <= 5) = 0.020695, P(X <= 6) = 0.057659.
        assert exact_limit("share", 0.5, 20, 0.025) * 20 == pytest.approx(6 - 0.8835, abs=0.001)

    def _units(self, rates):
        return [
            Unit(f"District {nth}", round(rate * (1500 + 400 * nth)), 1500 + 400 * nth)
            for nth, rate in enumerate(rates)
        ]

    def test_one_district_stands_out(self):
        found = funnel("Plans", "rate", self._units([0.005] * 11 + [0.0085]), better="lower")
        assert [one.unit.name for one in found.placed if one.verdict != "within"] == ["District 11"]

    def test_more_than_chance_is_said_and_widens_the_limits(self):
        found = funnel("Plans", "rate", self._units([0.002, 0.01] * 6))
        assert found.times_wider > 1
        assert "differ by more than chance" in found.notes[0]

    def test_a_district_without_a_figure_is_listed_and_not_drawn(self):
        units = [*self._units([0.005] * 6), Unit("Wyre", None, 4000)]
        found = funnel("Plans", "rate", units)
        assert found.not_known == ("Wyre",)
        assert "Wyre" not in drawing.funnel_svg(found, "f").split("</desc>")[1]
        assert beside.of_funnel(found).rows[-1][:2] == ("Wyre", "no figure")

    def test_all_in_time_is_nothing_rare_where_most_are(self):
        units = [Unit(f"District {nth}", 10 - (nth == 0), 10) for nth in range(8)]
        found = funnel("In time", "share", units, better="higher")
        assert found.times_wider == 1 and [one.verdict for one in found.placed] == ["within"] * 8

    def test_too_few_districts(self):
        found = funnel("Plans", "share", self._units([0.1] * 4))
        assert found.average is None
        assert "Not enough data" in found.in_words

    @given(st.sampled_from(["share", "rate"]), st.floats(0.001, 0.999), st.integers(1, 3000))
    def test_limits_lie_in_order(self, kind, overall, of):
        limits = [exact_limit(kind, overall, of, tail) for tail in (0.001, 0.025, 0.5, 0.975, 0.999)]
        assert limits == sorted(limits)
        assert limits[0] >= 0 and (kind == "rate" or limits[-1] <= 1)


def _chart(many=30, **options):
    luck = random.Random(2)
    values = [round(luck.gauss(70, 6), 1) for _ in range(many)]
    if many > 5:
        values[4] = None
    return control_chart("Decided in a day", "xmr", months(date(2024, 1, 1), values), **options)


@pytest.mark.parametrize("width", [360, 720])
@pytest.mark.parametrize("many", [0, 1, 3, 8, 30, 60])
def test_no_words_of_a_control_chart_meet_or_leave_the_page(width, many):
    change = Change(date(2025, 3, 1), "Second screener at the front door <pilot>")
    chart = _chart(many, better="higher", target=75, changes=[change])
    paper = drawing.control_paper(chart, width, 340)
    for nth, one in enumerate(paper.labels):
        assert one[0] >= -1 and one[2] <= width + 1, one
        for other in paper.labels[nth + 1 :]:
            assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1], (
                one,
                other,
            )


@pytest.mark.parametrize("width", [360, 720])
def test_words_of_changes_that_would_meet_give_way_to_their_letters(width):
    words = [(date(2025, 3, 1), "Second screener"), (date(2025, 4, 1), "New form"), (date(2025, 5, 1), "Third screener")]
    paper = drawing.control_paper(_chart(30, changes=[Change(*one) for one in words]), width, 340)
    assert "Second screener" not in "".join(paper.drawn)
    for nth, one in enumerate(paper.labels):
        for other in paper.labels[nth + 1 :]:
            assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1], (one, other)


def test_a_funnel_tells_what_is_kept_back_apart_from_what_is_not_there():
    units = [Unit(f"d{n}", 50 + n, 900 * n + 400) for n in range(6)]
    units += [Unit("Wyre", None, 1, kept_back=True), Unit("Fylde", None, 1)]
    notes = funnel("Plans", "rate", units).notes
    assert "Kept back, and in nothing here: Wyre." in notes and "Not shown, for want of a figure: Fylde." in notes


def test_a_picture_is_well_formed_named_and_described_and_has_no_inline_style():
    chart = _chart(better="higher", target=75)
    for svg in (
        drawing.control_svg(chart, "a"),
        drawing.funnel_svg(
            funnel("<Plans>", "rate", [Unit(f"d{n}", 5 + n, 900 * n + 400) for n in range(9)]), "b"
        ),
        drawing.seasons_svg(seasons(months(date(2022, 4, 1), [5.0] * 30)), "c", "Referrals & more"),
    ):
        root = ElementTree.fromstring(svg)
        assert root.get("role") == "img"
        assert [child.tag.split("}")[1] for child in root[:2]] == ["title", "desc"]
        assert "style=" not in svg


def test_a_gap_breaks_the_line():
    chart = _chart(12)
    lines = [
        line
        for line in drawing.control_svg(chart, "a").split("<path")[1:]
        if 'stroke="#484949" stroke-width="2"' in line
    ]
    assert len(lines) == 2


def test_what_stands_out_has_a_shape_of_its_own():
    points = months(date(2024, 1, 1), [*[50, 52, 49, 51] * 4, 80])
    for better, shape in (("higher", "diamond"), ("lower", "up"), ("neither", "square")):
        chart = control_chart("x", "xmr", points, better=better, baseline=16)
        assert drawing._look(chart.points[-1], better)[0] == shape
        assert drawing._look(chart.points[0], better)[0] == "circle"


def test_icons_carry_a_letter_and_their_words():
    chart = control_chart(
        "x", "xmr", months(date(2024, 1, 1), [*[50, 52, 49, 51] * 4, 80]), better="lower", target=20
    )
    for one, letter in ((chart.variation, "H"), (chart.assurance, "F")):
        root = ElementTree.fromstring(icon_svg(one, "i"))
        assert root[0].text == one.words
        assert [child.text for child in root if child.tag.endswith("text")] == [letter]


def test_the_table_says_what_the_picture_shows():
    change = Change(date(2025, 1, 1), "Second screener")
    grid = beside.of_chart(_chart(changes=[change], unit="%"))
    assert grid.headings == ("Period", "Value (%)", "Average", "Lower", "Upper", "Noted")
    assert grid.rows[4][1] == "no data"
    assert grid.rows[12][5].startswith("Change: Second screener")
    assert "&lt;" in beside.html(type(grid)("<x>", grid.headings, grid.rows))


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6))
def test_ticks_cover_what_is_drawn(low, span):
    found = ticks(low, low + span)
    near = 1e-6 * max(1, abs(low), span)
    assert found[0] <= low + near and found[-1] >= low + span - near
    assert 2 <= len(found) <= 14
