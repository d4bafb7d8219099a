"""Works out the values of every indicator from an extract, once, and keeps them beside it. Knows no Django.

Areas: all of an arrangement that any case of the extract is in, what they lie in, and everywhere. Periods: 36 months, three
financial years and the present one with their quarters, and 25 times twelve months. The restricted part of the extract is
not read: what few may see is on no page of totals.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from goldenthread.guidance.indicator import Indicator
from goldenthread.guidance.library import Library

from ..extract.files import Manifest, read_manifest
from ..indicators.engine import engine
from ..indicators.periods import Period, between
from ..indicators.places import EVERYWHERE, areas_of, populations_of
from ..indicators.tables import arrow_of
from ..indicators.values import Value
from .grouping import may_leave, release_groups
from .keeping import About, Figure, Grouped, digest_of, keep, manifest_digest, releases_kept
from .releasing import Tree, behind, measures_of, release, years

MONTHS, ROLLING, YEARS = 36, 25, 3
"""How far back: months, times twelve months, and whole financial years before the present one with their quarters."""
Told = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is, and how much there is."""


@dataclass(frozen=True, slots=True)
class Made:
    """What was worked out."""

    about: About
    indicators: int
    areas: int
    periods: int
    may_leave: int
    """How many values may leave need to know."""


def indicators_told(library: Library) -> dict[str, Indicator]:
    """The indicators that a page of totals may show: not those that count what few may see."""
    return {name: one for name, one in library.indicators.items() if not one.restricted}


def areas_told(library: Library, present: Sequence[str]) -> Tree:
    """Everywhere, and every area of an arrangement that has a case, as they divide."""
    parts: dict[str, list[str]] = {}
    for arrangement in library.arrangements.values():
        if any(area.id in present for area in arrangement.areas):
            known = {area.id for area in arrangement.areas}
            for area in arrangement.areas:
                above = area.within if area.within in known else None
                beside = parts.setdefault(above or EVERYWHERE, [])
                if area.id not in beside:
                    beside.append(area.id)
    return Tree(EVERYWHERE, {area: tuple(inside) for area, inside in parts.items()})


def periods_told(as_of: date) -> list[Period]:
    """The periods that end in the time that is told of, the one that is not over yet included."""
    ahead = date(as_of.year + 1, 12, 31)
    years_from = date(as_of.year - (as_of.month < 4) - YEARS, 4, 1)  # whole years, so that quarters are held against theirs
    found = [
        *between(_months_back(as_of, MONTHS), ahead, ["month"]), *between(years_from, ahead, ["quarter"]),
        *between(years_from, ahead, ["year"]), *between(_months_back(as_of, ROLLING), as_of, ["rolling_year"]),
    ]  # fmt: skip
    return [one for one in found if one.start <= as_of]


def _months_back(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)


def work_out(
    folder: Path, library: Library, *, indicators: Mapping[str, Indicator] | None = None, told: Told | None = None
) -> Made:
    """Work out the values of the extract in `folder` and keep them there. Raises NotAnExtract."""
    manifest = read_manifest(folder)
    digest = manifest_digest(folder)
    chosen = dict(indicators) if indicators is not None else indicators_told(library)
    tree = areas_told(library, [area for _, area, _ in manifest.partitions])
    areas, periods = tree.all(), periods_told(manifest.as_of)
    figures = _figures(folder, manifest, library, chosen, areas, periods, told)
    earlier = releases_kept(folder)
    measures = measures_of(chosen, figures)
    whole_years = years([one for one in periods if one.end <= manifest.as_of])
    fresh = release(measures, tree, whole_years, earlier, _progress(told, "Keeping small numbers back"))
    releases = {**earlier, **fresh}  # what was told once has been told, whatever is told now
    cells: dict[str, set[tuple[str, str]]] = {}
    for (key, _), told_of in releases.items():
        cells.setdefault(key, set()).update((area, period) for area, period in told_of.told["cells"])
    over = {one.key for one in periods if one.end <= manifest.as_of and one.frequency in ("quarter", "year")}
    rows, leaving = [], 0
    for (name, area, period), one in figures.items():
        made_of = behind(name, chosen[name])
        behind_it = [key for key in (made_of.numerator, made_of.denominator) if key is not None]
        may = period in over and one.value is not None and all((area, period) in cells.get(key, ()) for key in behind_it)
        leaving += may
        rows.append((name, area, period, replace(one, may_leave=may)))
    about = About(manifest.as_of, datetime.now(UTC), digest, sum(one.value is not None for one in figures.values()))
    digests = {name: digest_of(one) for name, one in chosen.items()}
    named = [(one.key, one.frequency, one.start, one.end) for one in periods]
    if not earlier:  # for the first time: to be looked at while groups are worked out, and worked out again if they are not
        keep(folder, replace(about, manifest=""), digests, areas, named, rows, releases)
    grouped = _grouped(folder, manifest, library, chosen, tree, periods, told)
    fresh = release_groups(
        chosen, grouped, measures, tree, whole_years, fresh, earlier, _progress(told, "Keeping small groups back")
    )
    releases |= fresh
    ended = {one.name: one for one in whole_years if one.whole}
    leaves = {row: replace(one, may_leave=may_leave(row[0], chosen[row[0]], row, ended, fresh)) for row, one in grouped.items()}
    keep(folder, about, digests, areas, named, rows, releases, leaves)
    return Made(about, len(chosen), len(areas), len(periods), leaving)


def _grouped(
    folder: Path, manifest: Manifest, library: Library, chosen: Mapping[str, Indicator], tree: Tree, periods: Sequence[Period],
    told: Told | None,
) -> dict[Grouped, Figure]:  # fmt: skip
    """Values of ages, sexes, ethnicities, agencies and answers, year by year, of the areas that have parts."""
    say = _progress(told, "Working out groups")
    done = 0

    def progress(_: str) -> None:
        nonlocal done
        if say is not None:
            say(done, len(chosen))
        done += 1

    by_year = [one for one in periods if one.frequency == "year"]
    with _tables(folder, manifest, library) as tables, engine(library, tables, manifest.as_of) as one:
        values = one.run_groups(chosen, tree.without_leaves().all(), by_year, progress)
    return {
        (each.indicator, each.by, each.group, each.area, each.period): _figure(each)
        for each in values
        if each.notes != ("no_records",)
    }


def _progress(told: Told | None, what: str) -> Callable[[int, int], None] | None:
    return partial(told, what) if told is not None else None


def _figures(
    folder: Path, manifest: Manifest, library: Library, chosen: Mapping[str, Indicator], areas: Sequence[str],
    periods: Sequence[Period], told: Told | None,
) -> dict[tuple[str, str, str], Figure]:  # fmt: skip
    done = 0
    found: dict[tuple[str, str, str], Figure] = {}

    def progress(name: str) -> None:
        nonlocal done
        if told is not None:
            told("Working out indicators", done, len(chosen))
        done += 1

    with _tables(folder, manifest, library) as tables, engine(library, tables, manifest.as_of) as one:
        for value in one.run(chosen, areas, periods, None, progress):
            if value.notes != ("no_records",):  # what is not there has none
                found[value.indicator, value.area, value.period] = _figure(value)
    return found


def _figure(value: Value) -> Figure:
    return Figure(value.value, value.numerator, value.denominator, value.complete, value.notes)


@contextmanager
def _tables(folder: Path, manifest: Manifest, library: Library) -> Iterator[dict[str, Sequence[Path]]]:
    import pyarrow.parquet as pq

    tables: dict[str, Sequence[Path]] = dict(manifest.paths(folder))
    with tempfile.TemporaryDirectory(prefix="gt-places-") as places:
        for name, rows in (("areas", areas_of(library)), ("populations", populations_of(library))):
            path = Path(places) / f"{name}.parquet"
            pq.write_table(arrow_of(name, rows), path)
            tables[name] = [path]
        yield tables
