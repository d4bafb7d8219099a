"""Definitions as SQL of other engines: each can be made, and is SQL that the engine's own grammar reads."""

from __future__ import annotations

from datetime import date

import pytest
import sqlglot

from goldenthread.guidance.library import shipped
from goldenthread.intelligence.indicators.compiling import DIALECTS, compiled, compiled_spell, spells_of
from goldenthread.intelligence.indicators.rows import Source

GRAMMAR = {"duckdb": "duckdb", "postgresql": "postgres", "spark": "spark", "trino": "trino"}
#: One of each kind: a count, a rate, a share with a repeat, with a duty, with a count of spells, a median, a latest answer.
CHOSEN = (
    "referrals_rate", "re_referrals_within_12_months", "plan_reviews_in_time", "placements_three_or_more",
    "assessment_duration", "placed_out_of_area", "plans_second_or_subsequent",
)  # fmt: skip


@pytest.fixture(scope="module")
def source() -> Source:
    return Source(shipped(), date(2017, 6, 30))


@pytest.mark.parametrize("dialect", [name for name in DIALECTS if name != "duckdb"])
def test_indicators_compile_for_other_engines(source: Source, dialect: str):
    for name in CHOSEN:
        indicator = shipped().indicators[name]
        texts = [compiled_spell(source, one, dialect) for one in spells_of(indicator)]
        for text in (compiled(source, indicator, None, dialect), *texts):
            [read] = sqlglot.parse(text, read=GRAMMAR[dialect])
            assert read is not None and {table.name for table in read.find_all(sqlglot.exp.Table)} <= {
                "events", "cases", "answers", "duties", "people", "areas", "periods", "period_days", "extract",
                *(f"spell_{one}" for one in spells_of(indicator)),
                *(cte.alias for cte in read.find_all(sqlglot.exp.CTE)),
            }  # fmt: skip


def test_every_spell_compiles(source: Source):
    for name in shipped().spells.spells:
        assert "SELECT" in compiled_spell(source, name)


def test_sql_is_made_once(source: Source):
    indicator = shipped().indicators["referrals"]
    assert compiled(source, indicator) is compiled(source, indicator)
