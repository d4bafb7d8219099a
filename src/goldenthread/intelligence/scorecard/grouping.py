"""Which values of groups (ages, sexes, ethnicities, agencies, answers) may leave need to know. Pure.

Groups are told year by year, of areas that have parts and of the whole. Each breakdown is held against what is told of the
same count by area and quarter, against the other breakdowns of it, and against what it is part of: whatever a reader could
put together. A breakdown that cannot be protected, or whose groups do not add up to the whole (a child of two ages in one
year), is told only to the few who check the figures.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
    NothingToPublish,
    Share,
    Table,
    convention,
    suppress,
)
from ..disclosure.system import rest_of_share
from .keeping import Figure, Grouped, Release
from .releasing import BY, CONVENTION, Measure, Tree, Year, behind, earlier_of, mostly_small, written

ALL = "all"
"""The whole of a breakdown, in its tables."""


@dataclass(slots=True)
class _Counts:
    """One measure broken down one way."""

    part_of: str | None
    at: dict[tuple[str, str, str], int] = field(default_factory=dict)
    """(area, group, year) -> how many."""


def key_of(measure: str, by: str) -> str:
    """What a release of a breakdown is kept under, beside that of the measure by area."""
    return f"{measure}{BY}{by}"


def release_groups(
    indicators: Mapping[str, Indicator], grouped: Mapping[Grouped, Figure], measures: Mapping[str, Measure], tree: Tree,
    over: Sequence[Year], areas: Mapping[tuple[str, str], Release], before: Mapping[tuple[str, str], Release],
    progress: Callable[[int, int], None] | None = None,
) -> dict[tuple[str, str], Release]:  # fmt: skip
    """What may be told of each breakdown in each whole year. `areas` is what `release` tells by area and quarter."""
    rule = convention(CONVENTION)
    found: dict[tuple[str, str], Release] = {}
    counted = _counts(indicators, grouped)
    whole = [one for one in over if one.whole]
    for nth, year in enumerate(whole):
        for place, ((measure, by), one) in enumerate(counted.items()):
            if progress is not None:
                progress(nth * len(counted) + place, len(whole) * len(counted))
            told_by_area = areas.get((measure, year.name))
            if told_by_area is None:
                continue
            others = [found[key] for key in found if key[0].startswith(f"{measure}{BY}") and key[1] == year.name]
            above = [
                release
                for key in ((one.part_of or "", year.name), (key_of(one.part_of or "", by), year.name))
                if (release := (found if BY in key[0] else areas).get(key)) is not None
            ]
            table = _Breakdown(measure, by, one, measures[measure], tree.without_leaves(), year)
            digest = table.digest([told_by_area, *others, *above])
            key = key_of(measure, by), year.name
            earlier = before.get(key)
            if earlier is not None and earlier.digest == digest:
                found[key] = earlier
                continue
            known = [
                earlier_of(measure, f"{year.name} by area", told_by_area),
                *(earlier_of(measure, f"{year.name} another way", each) for each in others if each.told["tables"]),
                *(earlier_of(one.part_of or "", "what it is part of", each) for each in above if each.told["tables"]),
                *([earlier_of(measure, f"{year.name} before", earlier)] if earlier and earlier.told["tables"] else []),
            ]
            told = table.told(known, rule, above) or {"cells": [], "tables": earlier.told["tables"] if earlier else []}
            found[key] = Release(digest, told)
    return found


def may_leave(
    name: str, indicator: Indicator, row: Grouped, over: Mapping[str, Year], releases: Mapping[tuple[str, str], Release]
) -> bool:
    """Whether every count behind a value of a group is among those that may be told."""
    _, by, group, area, year = row
    if year not in over:
        return False
    made_of = behind(name, indicator)
    keys = [key for key in (made_of.numerator, made_of.denominator) if key is not None]
    kept = [releases.get((key_of(key, by), year)) for key in keys]
    return bool(keys) and all(one is not None and [area, group] in one.told["cells"] for one in kept)


def _counts(indicators: Mapping[str, Indicator], grouped: Mapping[Grouped, Figure]) -> dict[tuple[str, str], _Counts]:
    """Counts by measure and breakdown, wholes before their parts."""
    found: dict[tuple[str, str], _Counts] = {}
    for (name, by, group, area, year), one in grouped.items():
        indicator = indicators[name]
        made_of = behind(name, indicator)
        shared = by == "answer" and indicator.each is not None and indicator.each.share
        for key, number, part_of in (
            (made_of.denominator, one.denominator, None),
            (made_of.numerator, one.numerator, made_of.denominator if indicator.those is not None else None),
        ):
            if key is None or number is None or not float(number).is_integer() or (shared and key == made_of.denominator):
                continue
            found.setdefault((key, by), _Counts(part_of)).at[area, group, year] = int(number)
    return dict(sorted(found.items(), key=lambda pair: (pair[1].part_of is not None, pair[0])))


class _Breakdown:
    """One measure broken down one way in one year, by the larger areas."""

    def __init__(self, measure: str, by: str, counts: _Counts, whole: Measure, level: Tree, year: Year) -> None:
        self.measure, self.by, self.counts, self.whole, self.level, self.year = measure, by, counts, whole, level, year
        self.groups = sorted({group for _, group, one in counts.at if one == year.name})

    def digest(self, beside: Sequence[Release]) -> str:
        here = sorted((place, number) for place, number in self.counts.at.items() if place[2] == self.year.name)
        text = f"{here}{[one.digest for one in beside]}{CONVENTION}"
        return sha256(text.encode()).hexdigest()[:16]

    def told(self, known: Sequence[Any], rule: Convention, above: Sequence[Release]) -> dict[str, Any] | None:
        """A release as it is kept, or None where nothing can be told."""
        if not self.groups or (self.counts.part_of is not None and not (above and all(one.told["cells"] for one in above))):
            return None
        for level in (self.level, self.level.top()):
            table = self._table(level)
            if table is None or mostly_small(list(table.counts.values()), rule):
                continue
            part_of = self.counts.part_of
            cells = [table.cell(codes) for codes in table.counts]
            sums = [rest_of_share(Share(one, Cell(part_of, one.where))) for one in cells] if part_of else []
            try:
                released = suppress([table], rule, sums=sums, earlier=known)
            except (CannotProtect, NothingToPublish, DoesNotAddUp):
                continue
            printed = {codes: released.cells[table.cell(codes)] for codes in table.counts}
            told = sorted([*codes] for codes, one in printed.items() if one.number is not None)
            return {"cells": told, "tables": [written(table, printed)]}
        return None

    def _table(self, level: Tree) -> Table | None:
        """Areas by groups, with all of each area as it is told by area. None where groups do not add up to it."""
        year, last = self.year.name, self.year.quarters[-1] if self.year.quarters else ""
        counts: dict[tuple[str, ...], int | None] = {}
        for area in level.all():
            everyone = self.whole.counts.get((area, year), 0)
            here = [self.counts.at.get((area, group, year), 0) for group in self.groups]
            if sum(here) != everyone:
                return None
            counts[area, ALL] = everyone
            counts |= {(area, group): number for group, number in zip(self.groups, here, strict=True)}
        places = Dimension("area", level.whole, level.parts, _partial(level, counts))
        same = last and all(self.whole.counts.get((area, last), 0) == counts[area, ALL] for area in level.all())
        fixed = {"year": year, "period": last} if same else {"year": year}  # what stands on a day is told of its last quarter
        return Table(self.measure, (places, Dimension(self.by, ALL, {ALL: tuple(self.groups)})), counts, fixed)


def _partial(level: Tree, counts: Mapping[tuple[str, ...], int | None]) -> frozenset[str]:
    """Areas of which some are of no part."""
    groups = {group for _, group in counts}
    return frozenset(
        area
        for area, parts in level.parts.items()
        if any((counts[area, group] or 0) != sum(counts[part, group] or 0 for part in parts) for group in groups)
    )
