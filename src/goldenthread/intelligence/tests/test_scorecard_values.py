"""The values of a scorecard: worked out once from an extract, which may leave, and what a reader can make of those that do."""

from __future__ import annotations

import random
import stat
from datetime import date, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from goldenthread.guidance.library import shipped
from goldenthread.intelligence.disclosure import convention
from goldenthread.intelligence.disclosure.tests.attacker import Pages
from goldenthread.intelligence.extract.files import TABLES, Manifest, Partition, write_manifest
from goldenthread.intelligence.indicators.periods import Period
from goldenthread.intelligence.indicators.tables import Dataset, EventRow, arrow_of
from goldenthread.intelligence.scorecard.keeping import (
    FILE,
    Figure,
    NotWorkedOut,
    Release,
    kept,
    manifest_digest,
)
from goldenthread.intelligence.scorecard.releasing import (
    Measure,
    Tree,
    earlier_of,
    measures_of,
    release,
    years,
)
from goldenthread.intelligence.scorecard.working_out import areas_told, periods_told, work_out

LIBRARY = shipped()
TODAY = date(2026, 5, 20)
TREE = Tree("all", {"all": ("north", "south"), "north": ("a", "b", "c", "d"), "south": ("e", "f")})
YEAR = years([Period.quarter(2025, nth) for nth in (1, 2, 3, 4)] + [Period.year(2025)])


def contacts(folder: Path, days: dict[str, list[date]], part: str = "standard") -> None:
    """An extract of nothing but contacts received: area -> days."""
    manifest = Manifest(TODAY, "made up")
    for area, found in days.items():
        rows = [
            EventRow(f"{area}{nth}", f"c{area}{nth}", f"p{area}{nth}", "contact", "contact_received", day, 0, day, area, None, 7)
            for nth, day in enumerate(found)
        ]
        data = Dataset(TODAY, events=rows)
        many = {table: len(getattr(data, table)) for table in TABLES}
        one = Partition(part, area, "2025", f"{area}{len(found)}", True, TODAY, many)
        manifest.partitions[one.key] = one
        for table in TABLES:
            path = one.path(folder, table)
            path.parent.mkdir(parents=True, exist_ok=True)
            pq.write_table(arrow_of(table, getattr(data, table)), path)
    folder.mkdir(parents=True, exist_ok=True)
    write_manifest(folder, manifest)


def spread(first: date, many: int, every: int) -> list[date]:
    return [first + timedelta(days=every * nth) for nth in range(many)]


@pytest.fixture
def extract(tmp_path):
    contacts(tmp_path, {
        "burnley": spread(date(2025, 4, 1), 40, 9), "chorley": spread(date(2025, 4, 1), 60, 6),
        "pendle": [date(2025, 5, 1), date(2025, 5, 2)], "wyre": spread(date(2025, 4, 2), 90, 4),
    })  # fmt: skip
    return tmp_path


ONLY = {name: LIBRARY.indicators[name] for name in ("contacts", "plans_at_end")}


def test_values_are_kept_once_beside_the_extract_for_its_owner_only(extract):
    made = work_out(extract, LIBRARY, indicators=ONLY)
    assert stat.S_IMODE((extract / FILE).stat().st_mode) == 0o600
    with kept(extract) as values:
        assert values.about.as_of == TODAY and values.about.manifest == manifest_digest(extract)
        found = values.at("lancashire_12", ["2025/26", "2025/26 Q1"])
        assert found["contacts", "2025/26"].value == 40 + 60 + 2 + 90 + -0
        assert values.of("contacts", ["burnley"], ["2025/26"])["burnley", "2025/26"].value == 40
        assert ("plans_at_end", "2025/26") not in found  # no records of the kind: not there, and not zero
    assert made.indicators == 2 and {"burnley", "lancashire_12", "pan_lancashire", "everywhere"} <= set(values.areas)


def test_a_small_count_and_what_would_give_it_away_may_not_leave(extract):
    work_out(extract, LIBRARY, indicators=ONLY)
    with kept(extract) as values:
        found = values.of("contacts", values.areas, ["2025/26", "2025/26 Q1", "2026/27 Q1", "2025-05"])
    year = {area: found[area, "2025/26"] for area in values.areas}
    assert year["pendle"].value == 2 and not year["pendle"].may_leave
    assert sum(not one.may_leave for one in year.values()) >= 2
    assert year["lancashire_12"].may_leave
    assert not found["lancashire_12", "2025-05"].may_leave  # by month: never
    assert not found["lancashire_12", "2026/27 Q1"].may_leave  # not over


def test_the_restricted_part_is_not_read(tmp_path):
    contacts(tmp_path, {"burnley": spread(date(2025, 4, 1), 10, 9)})
    manifest = (tmp_path / "manifest.json").read_text()
    (tmp_path / "manifest.json").write_text(manifest.replace('"part": "standard"', '"part": "restricted"'))
    work_out(tmp_path, LIBRARY, indicators=ONLY)
    with kept(tmp_path) as values:
        assert values.at("everywhere", ["2025/26"]) == {}


def test_no_file_and_a_broken_one_are_told_apart(tmp_path):
    with pytest.raises(NotWorkedOut) as found, kept(tmp_path):
        pass
    assert found.value.why == "absent"
    (tmp_path / FILE).write_text("not a database")
    with pytest.raises(NotWorkedOut) as found, kept(tmp_path):
        pass
    assert found.value.why == "unreadable"


def test_areas_are_those_of_an_arrangement_that_has_cases_and_periods_reach_back_whole_years():
    tree = areas_told(LIBRARY, ["burnley"])
    assert "wyre" in tree.all() and "blackpool" in tree.all()
    assert not {"allerdale", "mendip"} & set(tree.all())
    keys = [one.key for one in periods_told(date(2026, 11, 22))]
    assert {"2023/24 Q1", "2023/24", "2026/27", "2026/27 Q3", "2023-11", "2026-11", "12 months to 2026-10"} <= set(keys)
    assert not {"2022/23", "2026/27 Q4", "12 months to 2026-11", "2023-10"} & set(keys)


def test_indicators_out_of_the_same_children_share_one_release_of_them():
    names = ("plans_second_or_subsequent", "plans_second_within_2_years", "plans_started")
    chosen = {name: LIBRARY.indicators[name] for name in names}
    figure = Figure(10.0, 3.0, 30.0, 1.0, ())
    found = measures_of(chosen, {(name, "all", "2025/26"): figure for name in names[:2]})
    wholes = [one for one in found.values() if one.part_of is None]
    assert len(found) == 3 and len(wholes) == 1  # plans begun are one measure, wherever they are counted
    assert next(iter(found.values())) is wholes[0]


def made(seed: int, small: float = 0.2) -> dict[tuple[str, str], int]:
    """Counts that add up over quarters and areas, of which some are small."""
    chance = random.Random(seed)
    counts: dict[tuple[str, str], int] = {}
    leaves = ("a", "b", "c", "d", "e", "f")
    for area in leaves:
        for quarter in YEAR[0].quarters:
            counts[area, quarter] = chance.randint(0, 5) if chance.random() < small else chance.randint(6, 60)
    for quarter in YEAR[0].quarters:
        for above, parts in (("north", leaves[:4]), ("south", leaves[4:]), ("all", leaves)):
            counts[above, quarter] = sum(counts[one, quarter] for one in parts)
    for area in TREE.all():
        counts[area, "2025/26"] = sum(counts[area, one] for one in YEAR[0].quarters)
    return counts


def part_of(whole: dict[tuple[str, str], int], seed: int) -> dict[tuple[str, str], int]:
    chance = random.Random(seed)
    leaves = {place: chance.randint(0, number) for place, number in whole.items()
              if place[0] in "abcdef" and place[1] != "2025/26"}  # fmt: skip
    counts = dict(leaves)
    for quarter in YEAR[0].quarters:
        for above, parts in (("north", "abcd"), ("south", "ef"), ("all", "abcdef")):
            counts[above, quarter] = sum(leaves[one, quarter] for one in parts)
    for area in TREE.all():
        counts[area, "2025/26"] = sum(counts[area, one] for one in YEAR[0].quarters)
    return counts


def pages_of(releases: dict[tuple[str, str], Release]) -> Pages:
    """What a reader has in hand: every table that was told, and that a part and what is left of it make the whole."""
    pages = Pages()
    for (key, year), one in releases.items():
        before = earlier_of(key, year, one)
        for table in before.tables:
            pages.read(table, {
                codes: "c" if table.cell(codes) in before.kept_back else f"{number}" for codes, number in table.counts.items()
            })  # fmt: skip
    for name in [one for one in {*pages.known, *pages.marked} if one[0] == "p"]:
        whole = ("w", *name[1:])
        if whole in pages.known or whole in pages.marked:
            pages.rows.append({whole: -1, name: 1, ("what is left", *name[1:]): 1})
    return pages


@pytest.mark.parametrize("seed", range(4))
def test_nobody_can_work_out_a_small_number_from_all_that_is_told(seed):
    whole = made(seed)
    measures = {"w": Measure("w", None, whole), "p": Measure("p", "w", part_of(whole, seed + 100))}
    told = release(measures, TREE, YEAR, {})
    assert told["w", "2025/26"].told["cells"]
    pages = pages_of(told)
    rule = convention("partnership")
    small = {
        pages.name(table, codes): number
        for (key, year), one in told.items() for table in earlier_of(key, year, one).tables
        for codes, number in table.counts.items() if rule.is_small(number)
    }  # fmt: skip
    assert small and not set(small) & set(pages.known)
    for name, (low, high) in pages.ranges(set(small)).items():
        placed = dict(name[1:])
        alone = placed.get("area") in set("abcdef") and "period" in placed
        # a total over several c, none of which is a zero, is at least as many: docs/understand/disclosure.md, rule 2
        assert high >= rule.small.highest and low < high and (low <= rule.small.lowest or not alone), (name, low, high)


def test_what_has_not_changed_stands_and_what_has_is_held_against_what_was_told():
    whole = made(1)
    first = release({"w": Measure("w", None, whole)}, TREE, YEAR, {})
    assert release({"w": Measure("w", None, whole)}, TREE, YEAR, first) == first
    later = dict(whole)
    for place in (("a", "2025/26 Q1"), ("north", "2025/26 Q1"), ("all", "2025/26 Q1"), ("a", "2025/26"), ("north", "2025/26"),
                  ("all", "2025/26")):  # fmt: skip
        later[place] += 9
    second = release({"w": Measure("w", None, later)}, TREE, YEAR, first)
    kept_back = {tuple(one) for table in first["w", "2025/26"].told["tables"] for one in table["kept_back"]}
    opened = {tuple(one) for one in second["w", "2025/26"].told["cells"]}
    unchanged = {place for place in kept_back if later[place] == whole[place]}
    assert unchanged and not unchanged & {place for place in opened if convention("partnership").is_small(whole[place])}


def test_where_most_are_small_districts_are_left_out_and_the_county_is_told():
    counts = {(area, "2025/26"): 2 for area in "abcdef"}
    counts |= {("north", "2025/26"): 8, ("south", "2025/26"): 4, ("all", "2025/26"): 12}
    told = release({"w": Measure("w", None, counts)}, TREE, years([Period.year(2025)]), {})["w", "2025/26"]
    assert [one[0] for one in told.told["cells"]] == ["all"]
