"""Every worked table, through both evaluations."""

from __future__ import annotations

from pathlib import Path

import pytest

from goldenthread.guidance.library import shipped
from goldenthread.intelligence.indicators.engine import engine
from goldenthread.intelligence.indicators.values import Value
from goldenthread.intelligence.naive.evaluation import evaluate

from .worked_tables import Expected, Worked, page, worked

PAGE = Path(__file__).parents[4] / "docs" / "look-up" / "worked-indicators.md"
AREA = "lancashire_12"


def by_sql(one: Worked, wanted: Expected) -> list[Value]:
    indicator = shipped().indicators[wanted.indicator]
    with engine(shipped(), one.data, one.data.as_of, threads=1) as run:
        return run.run({wanted.indicator: indicator}, [AREA], [wanted.period], wanted.by)


def row_by_row(one: Worked, wanted: Expected) -> list[Value]:
    indicator = shipped().indicators[wanted.indicator]
    return evaluate(shipped(), one.data, {wanted.indicator: indicator}, [AREA], [wanted.period], wanted.by)


@pytest.mark.parametrize("way", [by_sql, row_by_row])
@pytest.mark.parametrize("one", worked(), ids=lambda one: one.name)
def test_a_worked_table_comes_to_what_was_counted_by_hand(one: Worked, way):
    for wanted in one.expected:
        found = next((value for value in way(one, wanted) if value.group == wanted.group), None)
        assert found is not None, f"{wanted.indicator} has no {wanted.group}"
        told = (found.numerator, found.denominator, found.shown)
        assert told == (wanted.numerator, wanted.denominator, wanted.shown), f"{wanted.indicator} {wanted.period} {wanted.group}"


def test_the_page_of_the_manual_is_made_from_these_tables():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python scripts/make_worked_indicators.py"
