"""Lines of a scorecard: what readers of either sort see, direction, target, how others stand; the charts and districts of one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from goldenthread.guidance.indicator import Indicator
from goldenthread.guidance.library import shipped
from goldenthread.intelligence.charts import Change
from goldenthread.intelligence.charts.drawing import control_svg
from goldenthread.intelligence.indicators.periods import Period, previous
from goldenthread.intelligence.scorecard import pictures
from goldenthread.intelligence.scorecard.detail import charted_by, detail
from goldenthread.intelligence.scorecard.keeping import About, Figure, digest_of, keep, kept
from goldenthread.intelligence.scorecard.reading import (
    Shown,
    beside,
    judge,
    lines,
    period_for,
    shown,
    target_on,
    text_of,
)
from goldenthread.intelligence.scorecard.tiles import SHADES, Tile, step_of, steps, tile_map

AS_OF = date(2026, 5, 20)
Q4 = Period.quarter(2025, 4)


def indicator(**more: Any) -> Indicator:
    given: dict[str, Any] = {
        "title": "In time", "numerator": "in time", "denominator": "held", "of": {"events": "section_47.icpc_held"},
        "those": {"in_time": "section_47.icpc"}, "unit": "per cent", "better": "higher", "tolerance": 1, "reference": "Test",
    }  # fmt: skip
    return Indicator.model_validate(given | more)


def figure(value: float | None, leaves: bool = True, complete: float = 1.0, notes: tuple[str, ...] = ()) -> Figure:
    return Figure(value, None if value is None else value / 2, 50.0, complete, notes, leaves)


def test_a_number_that_is_kept_back_says_so_and_takes_its_parts_with_it():
    one = shown(figure(60.0, leaves=False), indicator(), Q4, AS_OF, exact=False)
    assert (one.text, one.value, one.numerator, one.denominator, one.words) == ("c", None, None, None, "kept back")
    assert shown(figure(60.0, leaves=False), indicator(), Q4, AS_OF, exact=True).text == "60.0%"


def test_months_and_what_is_not_over_are_for_those_who_see_every_number():
    month, now = Period.month(2026, 3), Period.quarter(2026, 1)
    for period, word in ((month, "quarter"), (now, "not over")):
        one = shown(figure(60.0, leaves=False), indicator(), period, AS_OF, exact=False)
        assert one.text == ":" and word in one.why
        assert shown(figure(60.0, leaves=False), indicator(), period, AS_OF, exact=True).value == 60.0


def test_missing_is_not_zero_and_says_why():
    one = shown(figure(None, complete=0.0, notes=("not_supplied",)), indicator(), Q4, AS_OF, exact=False)
    assert (one.text, one.value, one.words) == (":", None, "no figure") and "not supplied" in one.why


def test_completeness_is_never_rounded_up_to_all_of_it():
    assert shown(figure(60.0, complete=0.9996), indicator(), Q4, AS_OF, True).completeness == "99%"
    assert shown(figure(60.0), indicator(), Q4, AS_OF, True).completeness == "all"


@pytest.mark.parametrize(("value", "better", "target", "word", "shape"), [
    (90.0, "higher", 90.0, "On target", "met"), (89.0, "higher", 90.0, "Watch", "near"),
    (88.9, "higher", 90.0, "Below target", "missed"), (18.0, "lower", 18.0, "On target", "met"),
    (19.1, "lower", 18.0, "Above target", "missed"), (19.0, "lower", 18.0, "Watch", "near"),
    (50.0, "higher", None, "No target", "none"), (50.0, "neither", 40.0, "", "none"), (None, "higher", 90.0, "", "none"),
])  # fmt: skip
def test_a_target_is_met_nearly_met_or_missed(value, better, target, word, shape):
    judged = judge(value, target, indicator(better=better))
    assert (judged.word, judged.shape) == (word, shape)


def test_the_target_in_force_on_the_day_decides():
    one = indicator(target={date(2020, 4, 1): 80, date(2026, 4, 1): 90})
    assert [target_on(one, day) for day in (date(2020, 3, 31), date(2026, 3, 31), date(2026, 4, 1))] == [None, 80, 90]


def test_what_others_published_stands_beside_a_rate_and_never_beside_a_count():
    one = indicator(benchmark={"England 2023/24": 70, "England 2024/25": 83.4})
    assert beside(75.0, one) == (beside(75.0, one)[0], "83.4% England 2024/25")
    assert [beside(value, one)[0].word for value in (75.0, 83.0, 95.0)] == ["Worse", "About the same", "Better"]
    assert beside(95.0, indicator(benchmark={"England 2024/25": 83.4}, better="neither"))[0].word == "Higher"
    plans = shipped().indicators["plans_at_end"]
    assert plans.benchmark and beside(13.0, plans) is None


def test_an_indicator_told_by_year_shows_the_latest_year_that_was_over():
    yearly = indicator(periods=["year", "rolling_year"])
    assert period_for(yearly, Q4, exact=False).key == "2025/26"
    assert period_for(yearly, Period.quarter(2025, 2), exact=True).key == "2024/25"
    assert period_for(indicator(), Q4, exact=False) is Q4


def test_halves_are_rounded_up_as_they_are_printed():
    assert text_of(12.25, indicator()) == "12.3%"
    assert text_of(1234.0, shipped().indicators["contacts"]) == "1,234"


def run_of(last: Period, many: int) -> list[Period]:
    found = [last]
    while len(found) < many:
        found.append(previous(found[-1]))
    return found[::-1]


def write(folder: Path, rows: list[tuple[str, str, str, Figure]], periods: list[Period]) -> None:
    about = About(AS_OF, datetime(2026, 5, 20, 3), "x", len(rows))
    named = [(period.key, "quarter", period.start, period.end) for period in periods]
    keep(folder, about, {"one": digest_of(indicator())}, ["county", *"abcdef"], named, rows, {})


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Fourteen quarters of one indicator in a county and six districts; the smallest district is kept back."""
    rows = []
    for nth, period in enumerate(run_of(Q4, 14)):
        for place, area in enumerate(("county", "a", "b", "c", "d", "e", "f")):
            held = 200.0 - 20 * place
            met = held * (0.6 if nth < 7 else 0.8)
            rows.append(("one", area, period.key, Figure(100 * met / held, met, held, 1.0, (), area != "f")))
    write(tmp_path, rows, run_of(Q4, 14))
    return tmp_path


def test_a_line_tells_now_before_and_the_change_between_what_is_printed(place):
    with kept(place) as values:
        (one,) = lines(values, {"one": indicator(target={date(2020, 4, 1): 85})}, "county", Q4, exact=False)
    assert (one.now.text, one.before.text, one.travel.word, one.judged.word) == ("80.0%", "80.0%", "Stable", "Below target")
    assert one.needs_a_look and len(one.trend) == 12
    with kept(place) as values:
        (other,) = lines(values, {"one": indicator()}, "f", Q4, exact=False)
    assert other.travel is None and other.judged.word == "No target" and not other.needs_a_look


def test_the_chart_sees_the_shift_and_districts_stand_beside_each_other(place):
    districts = {one: f"District {one}" for one in "abcdef"}
    with kept(place) as values:
        found = detail(values, "one", indicator(), "county", districts, Q4, False, "quarter")
    assert found.kind == "p" and {one.rule for one in found.chart.signals} >= {"shift"}
    assert found.places[-1].title == "District f" and found.places[-1].line.now.text == "c"
    assert found.funnel is not None and found.funnel.not_known == ("District f",)


def test_a_marked_change_is_drawn_and_judged_and_the_stretch_between_two_marks_is_held_apart(place):
    """Seven quarters at 60 per cent, then seven at 80: the change lies with the eighth, which began on 1 July 2024."""
    changes = [Change(date(2024, 7, 1), "Second screener"), Change(date(2026, 1, 10), "New form")]
    with kept(place) as values:
        found = detail(values, "one", indicator(), "county", {}, Q4, False, "quarter", changes)
    first, second = found.effects
    assert first.sentence == "Since 1 July 2024 the average is 80%; before it was 60%. This is more than chance, and better."
    assert first.points_after == 7 and first.why.endswith("A chart shows that something changed, not why.")
    assert second.sentence == "No period that began since 10 January 2026 is on the chart yet."
    assert [(one.points[nth].period, change.what) for one in (found.chart,) for nth, change in one.changes] == [
        ("2024/25 Q2", "Second screener")
    ]
    assert "After the mark “Second screener” there are 7 of the 12 points" in found.chart.in_words
    wide = control_svg(found.chart, "one")
    assert "A: Second screener" in wide and "New form" not in wide


def test_the_same_quarter_of_other_years_stands_together(place):
    with kept(place) as values:
        found = detail(values, "one", indicator(), "county", {}, Q4, False, "quarter")
    assert found.seasons is not None and found.seasons.names == ("Apr to Jun", "Jul to Sep", "Oct to Dec", "Jan to Mar")
    assert list(found.seasons.years) == ["2023/24", "2024/25", "2025/26"] and found.seasons.verdict == "no season seen"


def test_nothing_is_drawn_from_a_number_that_is_kept_back(tmp_path):
    """Whatever a number that is kept back is, every chart, limit, average, map and funnel of all other readers is the same."""
    found, changes = [], [Change(date(2025, 1, 1), "A")]
    for nth, met in enumerate((1.0, 5.0)):
        folder = tmp_path / str(nth)
        folder.mkdir()
        rows = []
        for back, period in enumerate(run_of(Q4, 14)):
            for area in ("county", *"abcdef"):
                secret = area == "f" or (area == "county" and back in (3, 9))
                number = met + back if secret else 60.0 + back
                rows.append(("one", area, period.key, Figure(number, number, 100.0, 1.0, (), not secret)))
        write(folder, rows, run_of(Q4, 14))
        districts = {one: f"District {one}" for one in "abcdef"}
        with kept(folder) as values:
            found.append(detail(values, "one", indicator(), "county", districts, Q4, False, "quarter", changes))
    assert found[0] == found[1] and found[0].funnel is not None and found[0].seasons is not None
    assert any(one.mark == "c" for _, one in found[0].charted)
    with kept(folder) as values:
        exact = detail(values, "one", indicator(), "county", districts, Q4, True, "quarter", changes)
    assert exact != found[1]


def squares(*numbers: float | str) -> list[Tile]:
    """Squares in one row, of numbers or of marks."""
    return [
        Tile(
            f"District {nth}", 0, nth,
            Shown(one, None, one, "", None, None, None, ()) if isinstance(one, str)
            else Shown(f"{one:g}", one, "", "", None, None, None, ()),
            href=f"/{nth}",
        )
        for nth, one in enumerate(numbers)
    ]  # fmt: skip


def test_a_tile_map_tells_each_number_by_itself_by_shade_and_by_bars():
    drawn = tile_map(squares(10.0, 20.0, 50.0, "c", ":"), "m", "Plans")
    assert drawn.count("<a ") == 5 and 'href="/3"' in drawn and 'role="group"' in drawn and "style=" not in drawn
    for told in ("District 0 10", "District 3 c, kept back", "District 4 :, no figure"):
        assert f'aria-label="{told}"' in drawn
    assert SHADES[0] in drawn and SHADES[3] in drawn and drawn.count("stroke-dasharray") == 2  # the square and its key
    assert "10 to 20" in drawn and "to 50" in drawn and "kept back" in drawn
    assert step_of(20.0, steps([10.0, 50.0])) == 0 and step_of(20.1, steps([10.0, 50.0])) == 1
    assert tile_map(squares("c", ":"), "m", "Plans") == ""


def test_a_tile_map_that_leads_nowhere_is_one_picture():
    still = [replace(one, href="") for one in squares(1.0, 1.0)]
    drawn = tile_map(still, "m", "Plans", narrow=True)
    assert 'role="img"' in drawn and "<a " not in drawn


def test_a_kept_back_period_is_a_c_in_the_small_picture():
    one = pictures.Place("Burnley", [("Q1", 4.0), ("Q2", None)], "Burnley: kept back.", frozenset({1}))
    assert ">c</text>" in pictures.multiples([one], [("Q1", 5.0), ("Q2", 6.0)], "county", "count", "x")[0]


def test_what_stands_on_a_day_is_no_u_chart_and_rolling_years_are_not_charted():
    library = shipped()
    assert charted_by(library.indicators["plan_rate"], exact=True) == ["month", "quarter", "year"]
    assert charted_by(library.indicators["plan_rate"], exact=False) == ["quarter", "year"]


def test_small_pictures_leave_gaps_and_say_what_they_show():
    drawn = pictures.spark([("Q1", 1.0), ("Q2", None), ("Q3", 3.0), ("Q4", 2.0)], "Plans", "count")
    assert "no figure" in drawn and drawn.count("<path") == 1 and "style=" not in drawn
    assert pictures.spark([("Q1", 1.0), ("Q2", None)], "Plans", "count") == ""
    nowhere = pictures.Place("Burnley", [("Q1", None), ("Q2", None)], "No figures.")
    many = pictures.multiples([nowhere], [("Q1", 5.0), ("Q2", 6.0)], "county", "count", "x")
    assert "No figures" in many[0] and 'role="img"' in many[0]
