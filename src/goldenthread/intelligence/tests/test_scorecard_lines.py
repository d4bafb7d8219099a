"""Lines of a scorecard: what readers of either sort see, direction, target, how others stand; the charts and districts of one."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from goldenthread.guidance.indicator import Indicator
from goldenthread.guidance.library import shipped
from goldenthread.intelligence.indicators.periods import Period, previous
from goldenthread.intelligence.scorecard import pictures
from goldenthread.intelligence.scorecard.detail import charted_by, detail
from goldenthread.intelligence.scorecard.keeping import About, Figure, digest_of, keep, kept
from goldenthread.intelligence.scorecard.reading import (
    beside,
    judge,
    lines,
    period_for,
    shown,
    target_on,
    text_of,
)

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


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Twelve quarters of one indicator in a county and six districts; the smallest district is kept back."""
    one = indicator()
    periods, last = [], Q4
    for _ in range(14):
        periods.append(last)
        last = previous(last)
    rows = []
    for nth, period in enumerate(reversed(periods)):
        for place, area in enumerate(("county", "a", "b", "c", "d", "e", "f")):
            held = 200.0 - 20 * place
            met = held * (0.6 if nth < 7 else 0.8)
            rows.append(("one", area, period.key, Figure(100 * met / held, met, held, 1.0, (), area != "f")))
    about = About(AS_OF, __import__("datetime").datetime(2026, 5, 20, 3), "x", len(rows))
    named = [(period.key, "quarter", period.start, period.end) for period in periods]
    keep(tmp_path, about, {"one": digest_of(one)}, ["county", *"abcdef"], named, rows, {})
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
    assert [title for title, _ in found.places][-1] == "District f" and found.places[-1][1].now.text == "c"
    assert found.funnel is not None and found.funnel.not_known == ("District f",)


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
