"""Groups on the scorecard: which may leave, what a reader can make of everything that does, and what a page shows."""

from __future__ import annotations

import random
from datetime import date, datetime
from pathlib import Path

import pytest

from goldenthread.guidance.library import shipped
from goldenthread.intelligence.disclosure import convention
from goldenthread.intelligence.disclosure.tests.attacker import Pages
from goldenthread.intelligence.indicators.periods import Period
from goldenthread.intelligence.scorecard.grouping import key_of, may_leave, release_groups
from goldenthread.intelligence.scorecard.groups import groups_told
from goldenthread.intelligence.scorecard.keeping import About, Figure, Grouped, Release, keep, kept
from goldenthread.intelligence.scorecard.releasing import (
    Tree,
    behind,
    earlier_of,
    measures_of,
    release,
    years,
)

LIBRARY = shipped()
RULE = convention("partnership")
TREE = Tree("everywhere", {"everywhere": ("county", "city"), "county": ("a", "b", "c")})
LARGER = ("everywhere", "county")
QUARTERS = [Period.quarter(2025, nth) for nth in (1, 2, 3, 4)]
OVER = years([*QUARTERS, Period.year(2025)])
YEAR = "2025/26"
BANDS = ("1 to 4", "5 to 9", "10 to 15", "16 to 17")
SEXES = ("female", "male", "not known")
NAME = "contacts"
CHOSEN = {NAME: LIBRARY.indicators[NAME]}
MEASURE = behind(NAME, CHOSEN[NAME]).numerator or ""


def people(seed: int, many: int = 400) -> list[tuple[str, str, str, str]]:
    """Area, quarter, band and sex of each contact; some areas and groups have very few."""
    chance = random.Random(seed)
    return [
        (
            chance.choices(("a", "b", "c", "city"), (8, 6, 1, 5))[0], chance.choice(QUARTERS).key,
            chance.choices(BANDS, (6, 5, 4, 0.2))[0], chance.choices(SEXES, (10, 9, 0.3))[0],
        )
        for _ in range(many)
    ]  # fmt: skip


def told_of(rows: list[tuple[str, str, str, str]]) -> tuple[dict, dict]:
    """Counts by area and period, and by group, as the scorecard has them."""
    figures: dict[tuple[str, str, str], Figure] = {}
    grouped: dict[Grouped, Figure] = {}
    for area in TREE.all():
        inside = {"everywhere": ("a", "b", "c", "city"), "county": ("a", "b", "c")}.get(area, (area,))
        here = [row for row in rows if row[0] in inside]
        for period in (*(one.key for one in QUARTERS), YEAR):
            figures[NAME, area, period] = figure(sum(period in (YEAR, row[1]) for row in here))
        if area in LARGER:
            for by, place, names in (("age_band", 2, BANDS), ("sex", 3, SEXES)):
                for name in names:
                    grouped[NAME, by, name, area, YEAR] = figure(sum(row[place] == name for row in here))
    return figures, grouped


def figure(number: int) -> Figure:
    return Figure(float(number), float(number), None, 1.0, ())


def everything_told(rows, before=None) -> tuple[dict[tuple[str, str], Release], dict[tuple[str, str], Release], dict]:
    figures, grouped = told_of(rows)
    measures = measures_of(CHOSEN, figures)
    before = before or {}
    areas = release(measures, TREE, OVER, before)
    return areas, release_groups(CHOSEN, grouped, measures, TREE, OVER, areas, before), grouped


def pages_of(*releases: dict[tuple[str, str], Release]) -> tuple[Pages, dict]:
    """What a reader has in hand, and the small numbers in it."""
    pages, small = Pages(), {}
    for told in releases:
        for (_, year), one in told.items():
            if not one.told["cells"]:
                continue  # nothing is told now; its tables are those that were told before
            before = earlier_of(MEASURE, year, one)
            for table in before.tables:
                pages.read(table, {
                    codes: "c" if table.cell(codes) in before.kept_back else f"{number}" for codes, number in table.counts.items()
                })  # fmt: skip
                small |= {pages.name(table, codes): number for codes, number in table.counts.items() if RULE.is_small(number)}
    return pages, small


@pytest.mark.parametrize("seed", range(6))
def test_nobody_can_work_out_a_small_number_from_areas_and_groups_together(seed):
    areas, groups, _ = everything_told(people(seed))
    assert groups[key_of(MEASURE, "sex"), YEAR].told["cells"]
    pages, small = pages_of(areas, groups)
    assert small and not set(small) & set(pages.known)
    for name, (low, high) in pages.ranges(set(small)).items():
        assert low < high and high >= RULE.small.highest, (name, low, high)


def test_groups_that_are_told_next_time_are_held_against_those_that_were_told():
    rows = people(1)
    areas, groups, _ = everything_told(rows)
    one_more = [*rows, ("a", QUARTERS[0].key, "16 to 17", "not known")]
    again, groups_again, _ = everything_told(one_more, {**areas, **groups})
    pages, small = pages_of(again, groups_again)
    assert not set(small) & set(pages.known)
    same, groups_same, _ = everything_told(rows, {**areas, **groups})
    assert (same, groups_same) == (areas, groups)


def test_a_child_of_two_ages_in_one_year_keeps_that_breakdown_back():
    figures, grouped = told_of(people(2))
    for area in LARGER:
        grouped[NAME, "age_band", "1 to 4", area, YEAR] = figure(9999)
    measures = measures_of(CHOSEN, figures)
    areas = release(measures, TREE, OVER, {})
    told = release_groups(CHOSEN, grouped, measures, TREE, OVER, areas, {})
    assert told[key_of(MEASURE, "age_band"), YEAR].told["cells"] == []
    assert told[key_of(MEASURE, "sex"), YEAR].told["cells"]


def test_only_whole_years_that_are_over_may_leave():
    _, groups, grouped = everything_told(people(3))
    over = {one.name: one for one in OVER}
    row = next(one for one in grouped if may_leave(NAME, CHOSEN[NAME], one, over, groups))
    assert not may_leave(NAME, CHOSEN[NAME], row, {}, groups)
    assert not may_leave(NAME, CHOSEN[NAME], (*row[:4], "2026/27"), over, groups)
    small = [one for one, value in grouped.items() if RULE.is_small(int(value.value or 0))]
    assert small and not any(may_leave(NAME, CHOSEN[NAME], one, over, groups) for one in small)


def test_a_reader_sees_what_may_leave_and_the_few_who_check_see_every_group(tmp_path: Path):
    grouped = {
        (NAME, "age_band", "5 to 9", "county", YEAR): Figure(30.0, 30.0, None, 1.0, (), may_leave=True),
        (NAME, "age_band", "1 to 4", "county", YEAR): Figure(3.0, 3.0, None, 1.0, ()),
        (NAME, "age_band", "1 to 4", "county", "2026/27"): Figure(7.0, 7.0, None, 0.2, ("not_over",)),
        (NAME, "age_band", "5 to 9", "county", "2026/27"): Figure(8.0, 8.0, None, 0.2, ("not_over",)),
        (NAME, "ethnicity", "not known", "county", YEAR): Figure(33.0, 33.0, None, 1.0, ()),
        (NAME, "ethnicity", "WBRI", "county", YEAR): Figure(0.0, 0.0, None, 1.0, (), may_leave=True),
        (NAME, "agency", "not known", "county", YEAR): Figure(33.0, 33.0, None, 1.0, (), may_leave=True),
    }
    keep(tmp_path, About(date(2026, 5, 20), datetime(2026, 5, 20, 3), "x", 1), {}, ["county"], [], [], {}, grouped)

    def words(by: str, group: str) -> str:
        return f"{by} {group}"

    with kept(tmp_path) as values:
        open_to_all = groups_told(values, LIBRARY, NAME, "county", exact=False, words=words)
        exact = groups_told(values, LIBRARY, NAME, "county", exact=True, words=words)
        assert groups_told(values, LIBRARY, NAME, "a", exact=True, words=words) == []
    age, ethnicity = open_to_all  # and not agencies: to be told of nobody known is to be told nothing
    assert [one.key for one in age.years] == [YEAR]
    assert [(one.title, [cell.text for cell in one.cells]) for one in age.groups] == [("1 to 4", ["c"]), ("5 to 9", ["30"])]
    assert age.groups[1].bar and not age.groups[0].bar and not age.kept_back
    assert ethnicity.kept_back and [one.title for one in ethnicity.groups] == ["ethnicity WBRI", "Not known"]
    assert [[cell.text for cell in one.cells] for one in exact[0].groups] == [["7", "3"], ["8", "30"]]
