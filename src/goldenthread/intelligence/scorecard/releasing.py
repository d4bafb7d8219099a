"""Which values may leave need to know: every count behind them held against every other that a reader could see. Pure.

What leaves is told by quarter and by year, once they are over: not by month or rolling year, since the difference of two of
those is often one child. A count is known by what it counts, not by the indicator it is in: two indicators out of the same
children share one release of them. The counts of a financial year, its quarters, districts, county and whole go through
`disclosure` together with what was released of them before. Where most numbers are small, districts are left out
altogether: a page of marks tells nobody anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from goldenthread.guidance.indicator import Indicator

from ..disclosure import (
    CannotProtect,
    Cell,
    Convention,
    Dimension,
    DoesNotAddUp,
    Earlier,
    NothingToPublish,
    Released,
    Share,
    Table,
    convention,
    suppress,
)
from ..disclosure.printing import Printed
from ..disclosure.system import rest_of_share
from ..indicators.periods import Period
from .keeping import Figure, Release

CONVENTION = "partnership"
LEAVES = ("quarter", "year")
"""How often what leaves is told."""
BY = " by "
"""Between a measure and a grouping, in the name under which `grouping` keeps what it tells."""
MOSTLY = 0.5
"""Where a larger share of the numbers than this would be small, fewer places are told."""

Counts = Mapping[tuple[str, str], int]
"""(area, period) -> how many."""


@dataclass(frozen=True, slots=True)
class Tree:
    """Areas as they divide: the whole, and what each is made of."""

    whole: str
    parts: Mapping[str, tuple[str, ...]]

    def all(self) -> list[str]:
        return Dimension("area", self.whole, self.parts).codes()

    def without_leaves(self) -> Tree:
        """The areas that have parts, and those that stand beside them."""
        kept = {
            area: parts for area, parts in self.parts.items() if any(one in self.parts for one in parts) or area == self.whole
        }
        return Tree(self.whole, {area: kept[area] for area in kept})

    def top(self) -> Tree:
        return Tree(self.whole, {})


@dataclass(slots=True)
class Measure:
    """What is counted, wherever indicators use it. `part_of`: it is never more than that, and what is left is a number too."""

    key: str
    part_of: str | None
    counts: dict[tuple[str, str], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Behind:
    """The measures behind an indicator: its numerator and its denominator, as far as they count people."""

    numerator: str | None
    denominator: str | None


def behind(name: str, indicator: Indicator) -> Behind:
    """What an indicator's values are made of. A number that an agency sends in is told apart from all others."""
    if indicator.collected is not None:
        return Behind(f"sent in {name}" if indicator.unit == "count" else None, None)
    if indicator.those is not None:
        of, those = _digest(indicator.of), _digest(indicator.of, indicator.those)
        return Behind(those, of)
    if indicator.counts is not None:
        return Behind(_digest(indicator.counts), _digest(indicator.of) if indicator.of is not None else None)
    return Behind(None, _digest(indicator.of))


def _digest(*rows: Any) -> str:
    return sha256("|".join(one.model_dump_json(by_alias=True) for one in rows).encode()).hexdigest()[:16]


def measures_of(
    indicators: Mapping[str, Indicator], figures: Mapping[tuple[str, str, str], Figure]
) -> dict[str, Measure]:
    """Every measure with its counts, from figures by indicator, area and period. Wholes come before their parts."""
    found: dict[str, Measure] = {}
    by_indicator: dict[str, list[tuple[str, str, Figure]]] = {}
    for (name, area, period), one in figures.items():
        by_indicator.setdefault(name, []).append((area, period, one))
    for name, indicator in indicators.items():
        made_of = behind(name, indicator)
        shares = indicator.those is not None
        for key, numerator in ((made_of.denominator, False), (made_of.numerator, True)):
            if key is None:
                continue
            measure = found.setdefault(key, Measure(key, made_of.denominator if numerator and shares else None))
            for area, period, one in by_indicator.get(name, ()):
                number = one.numerator if numerator else one.denominator
                if number is not None and float(number).is_integer():
                    measure.counts[area, period] = int(number)
    return dict(sorted(found.items(), key=lambda pair: (pair[1].part_of is not None, pair[0])))


@dataclass(frozen=True, slots=True)
class Year:
    """A financial year and those of its periods that are over, the year itself last if it is."""

    name: str
    quarters: tuple[str, ...]
    whole: bool


def years(periods: Sequence[Period]) -> list[Year]:
    """The years of these periods, which are over."""
    found: dict[str, list[Period]] = {}
    for one in periods:
        if one.frequency in LEAVES:
            found.setdefault(one.key[:7], []).append(one)
    return [
        Year(name, tuple(one.key for one in sorted(inside) if one.frequency == "quarter"),
             any(one.frequency == "year" for one in inside))
        for name, inside in sorted(found.items())
    ]  # fmt: skip


def release(
    measures: Mapping[str, Measure], tree: Tree, over: Sequence[Year], before: Mapping[tuple[str, str], Release],
    progress: Callable[[int, int], None] | None = None,
) -> dict[tuple[str, str], Release]:  # fmt: skip
    """What may be told of each measure in each year. What has not changed since `before` stands as it was told."""
    rule = convention(CONVENTION)
    found: dict[tuple[str, str], Release] = {}
    in_groups: dict[tuple[str, str], list[Release]] = {}
    for (key, name), one in before.items():
        if BY in key:
            in_groups.setdefault((key.partition(BY)[0], name), []).append(one)
    for nth, year in enumerate(over):
        for place, (key, measure) in enumerate(measures.items()):
            if progress is not None:
                progress(nth * len(measures) + place, len(over) * len(measures))
            counts = {
                (area, period): measure.counts[area, period]
                for area in tree.all()
                for period in (*year.quarters, *([year.name] if year.whole else []))
                if (area, period) in measure.counts
            }
            if not counts:
                continue
            whole = found.get((measure.part_of, year.name)) if measure.part_of else None
            digest = _of(counts, whole)
            earlier = before.get((key, year.name))
            if earlier is not None and earlier.digest == digest:
                found[key, year.name] = earlier
                continue
            out = [one for one in in_groups.get((key, year.name), []) if one.told["tables"]]
            groups = [earlier_of(key, f"groups in {year.name}", one) for one in out]
            told = _told(key, counts, tree, year, measure.part_of, whole, earlier, rule, groups)
            found[key, year.name] = Release(digest, told)
    return found


def _of(counts: Counts, whole: Release | None) -> str:
    text = f"{sorted(counts.items())}{whole.digest if whole else ''}{CONVENTION}"
    return sha256(text.encode()).hexdigest()[:16]


def _told(
    key: str, counts: Counts, tree: Tree, year: Year, part_of: str | None, whole: Release | None,
    earlier: Release | None, rule: Convention, groups: Sequence[Earlier],
) -> dict[str, Any]:  # fmt: skip
    """A release as it is kept: the finest breakdown that protects everyone and still says something."""
    nothing = {"cells": [], "tables": earlier.told["tables"] if earlier is not None else []}
    if part_of is not None and whole is not None and not whole.told["cells"]:
        return nothing
    before = [*groups]
    if earlier is not None and earlier.told["tables"]:
        before.append(earlier_of(key, f"{year.name} before", earlier))
    if part_of is not None and whole is not None:
        before.append(earlier_of(part_of, f"what it is part of in {year.name}", whole))
    for level in (tree, tree.without_leaves(), tree.top()):
        areas = level.all()
        shown = {place: number for place, number in counts.items() if place[0] in areas}
        if len(areas) > 1 and mostly_small(list(shown.values()), rule):
            continue
        tables = _tables(key, shown, level, year)
        sums = [rest_of_share(Share(one, Cell(part_of, one.where))) for one in _cells(tables)] if part_of else []
        try:
            released = suppress([one.table for one in tables], rule, sums=sums, earlier=before)
        except (CannotProtect, NothingToPublish, DoesNotAddUp):
            continue
        return _kept(released, tables)
    return nothing


def mostly_small(counts: Sequence[int | None], rule: Convention) -> bool:
    """Whether a page of these would be a page of marks."""
    numbers = [number for number in counts if number]
    return bool(numbers) and sum(map(rule.is_small, numbers)) > MOSTLY * len(numbers)


@dataclass(frozen=True, slots=True)
class _Told:
    """A table, and the periods that it tells of if it is not divided by period."""

    table: Table
    periods: tuple[str, ...] = ()


def _cells(tables: Sequence[_Told]) -> Iterator[Cell]:
    for one in tables:
        yield from map(one.table.cell, one.table.counts)


def _tables(key: str, counts: Counts, level: Tree, year: Year) -> list[_Told]:
    """Counts as tables of areas by periods: a year with its quarters where they add up, else each period by itself.

    A number has the same name in both, so that quarters told one by one are held against the year that is told later.
    """
    areas = level.all()
    periods = [one for one in (*year.quarters, *([year.name] if year.whole else [])) if (level.whole, one) in counts]
    places = _areas(counts, level, periods)
    at = {one: {area: counts.get((area, one), 0) for area in areas} for one in periods}
    if year.name in at and len(at) == 5 and all(
        sum(at[one][area] for one in year.quarters) == at[year.name][area] for area in areas
    ):  # fmt: skip
        time = Dimension("period", year.name, {year.name: year.quarters})
        given: dict[tuple[str, ...], int | None] = {(area, one): at[one][area] for area in areas for one in periods}
        return [_Told(Table(key, (places, time), given, {"year": year.name}))]
    found = []
    last = year.quarters[-1] if year.quarters else ""
    same = year.name in at and at.get(last) == at[year.name]  # what stands on a day is one number, told twice
    for one in periods:
        if one == year.name and same:
            continue
        told = (last, year.name) if same and one == last else (one,)
        fixed = {"year": year.name} if one == year.name else {"year": year.name, "period": one}
        found.append(_Told(Table(key, (places,), {(area,): at[one][area] for area in areas}, fixed), told))
    return found


def _areas(counts: Counts, level: Tree, periods: Sequence[str]) -> Dimension:
    """The areas with what they are made of. Where some are of no part, what is left over is a number of its own."""
    partial = {
        area
        for area, parts in level.parts.items()
        if any(counts.get((area, one), 0) != sum(counts.get((part, one), 0) for part in parts) for one in periods)
    }
    return Dimension("area", level.whole, level.parts, frozenset(partial))


def _kept(released: Released, tables: Sequence[_Told]) -> dict[str, Any]:
    """A release as it is written down: the cells that may be told, and its tables for the next to be held against."""
    cells, out = set(), []
    for one in tables:
        table = one.table
        printed = {codes: released.cells[table.cell(codes)] for codes in table.counts}
        cells |= {
            (codes[0], period)
            for codes, cell in printed.items() if cell.number is not None
            for period in (one.periods or codes[1:])
        }  # fmt: skip
        out.append(written(table, printed))
    return {"cells": sorted(map(list, cells)), "tables": out}


def written(table: Table, printed: Mapping[tuple[str, ...], Printed]) -> dict[str, Any]:
    """A table that is out, as it is written down."""
    return {
        "dimensions": [
            {"name": each.name, "whole": each.whole, "partial": sorted(each.partial),
             "parts": {area: list(parts) for area, parts in each.parts.items()}}
            for each in table.dimensions
        ],
        "fixed": dict(table.fixed),
        "counts": [[*codes, number] for codes, number in table.counts.items()],
        "kept_back": [list(codes) for codes, cell in printed.items() if cell.kept_back],
    }  # fmt: skip


def earlier_of(key: str, name: str, release: Release) -> Earlier:
    """What was told of a measure, as `disclosure` holds it against what is to be told now."""
    tables, kept_back = [], set()
    for one in release.told["tables"]:
        dimensions = tuple(
            Dimension(each["name"], each["whole"], {area: tuple(parts) for area, parts in each["parts"].items()},
                      frozenset(each["partial"]))
            for each in one["dimensions"]
        )  # fmt: skip
        table = Table(key, dimensions, {tuple(row[:-1]): row[-1] for row in one["counts"]}, one["fixed"])
        tables.append(table)
        kept_back |= {table.cell(tuple(codes)) for codes in one["kept_back"]}
    return Earlier(name, tuple(tables), frozenset(kept_back))
