"""Works out journeys from an extract, once, and keeps them beside it. Knows no Django.

For each journey, area and period: every number, for those who may see small ones; and by financial year, once everybody in it has
been followed to the end, what may leave need to know. The restricted part of the extract is not read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from goldenthread.guidance.journey import Journey
from goldenthread.guidance.library import Library

from .. import beside
from ..extract.files import Manifest, read_manifest
from ..indicators.engine import engine
from ..indicators.periods import Period, between
from ..indicators.places import EVERYWHERE
from ..scorecard.keeping import NotWorkedOut, manifest_digest
from ..scorecard.releasing import Tree
from ..scorecard.working_out import areas_told
from .following import Walk, later
from .reading import walks
from .tally import payload, tally
from .telling import Told, tell

FILE = "journeys.sqlite3"
YEARS = 3
"""Whole financial years before the present one."""
EXACT, LEAVES, RELEASE = "exact", "leaves", "release"
Say = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Worked:
    """What was worked out."""

    journeys: int
    followed: int
    pages: int
    years_told: int


def periods_followed(as_of: date) -> list[Period]:
    """The financial years and their quarters that have begun, three whole years back."""
    first = date(as_of.year - (as_of.month < 4) - YEARS, 4, 1)
    ahead = date(as_of.year + 1, 3, 31)
    return [one for one in between(first, ahead, ["year", "quarter"]) if one.start <= as_of]


def definitions(library: Library) -> str:
    """A digest of every journey: a page belongs to the definitions it was worked out by."""
    return sha256("".join(one.model_dump_json() for one in library.journeys.values()).encode()).hexdigest()[:16]


def followed(
    library: Library, tables: Any, as_of: date, told: Say | None = None, journeys: Mapping[str, Journey] | None = None,
    *, since: date | None = None,
) -> dict[str, list[Walk]]:  # fmt: skip
    """The journeys entered since a day, or in the last years, by id, each entry by itself."""
    chosen = library.journeys if journeys is None else journeys
    say = None
    if told is not None:
        tell_them = told

        def say(done: int, total: int) -> None:
            tell_them("Following journeys", done, total)

    with engine(library, tables, as_of) as one:
        return walks(one.connection, chosen.values(), as_of, since or periods_followed(as_of)[0].start, say)


def by_area(found: Sequence[Walk], tree: Tree) -> dict[str, list[Walk]]:
    """The journeys of each area, those of its parts among them."""
    above = {part: area for area, parts in tree.parts.items() for part in parts}
    inside: dict[str, list[Walk]] = {area: [] for area in tree.all()}
    for one in found:
        at: str | None = one.area if one.area in inside else EVERYWHERE
        while at is not None:
            inside[at].append(one)
            at = above.get(at)
    return inside


def in_period(found: Mapping[str, Sequence[Walk]], period: Period) -> dict[str, list[Walk]]:
    return {area: [one for one in of if period.start <= one.entered <= period.end] for area, of in found.items()}


def over(journey: Journey, period: Period, as_of: date) -> bool:
    """Whether everybody who entered in a period has been followed to the end."""
    return later(period.end, journey.follow) <= as_of


def work_out(folder: Path, library: Library, *, told: Say | None = None) -> Worked:
    """Work out the journeys of the extract in `folder` and keep them there. Raises NotAnExtract."""
    manifest = read_manifest(folder)
    digest = manifest_digest(folder)
    tree = areas_told(library, [area for _, area, _ in manifest.partitions])
    found = followed(library, dict(manifest.paths(folder)), manifest.as_of, told)
    written = list(_pages(library, found, tree, manifest, _before(folder), told))
    made = beside.Made(manifest.as_of, datetime.now(UTC), digest, definitions(library))
    many = beside.keep(folder, FILE, made, written)
    years = sum(name[0] == RELEASE for name, _ in written)
    return Worked(len(found), sum(map(len, found.values())), many, years)


def _before(folder: Path) -> dict[tuple[str, str], Told]:
    """What was told before, by journey and year. What was told once has been told, whatever is told now."""
    found: dict[tuple[str, str], Told] = {}
    try:
        with beside.pages(folder, FILE) as kept:
            for name in kept.names(RELEASE):
                page = kept.page(*name)
                found[name[1], page["year"]] = Told(page["digest"], page["pages"], page["release"])
    except NotWorkedOut:
        return {}
    return found


def _pages(
    library: Library, found: Mapping[str, Sequence[Walk]], tree: Tree, manifest: Manifest,
    before: Mapping[tuple[str, str], Told], told: Say | None,
) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:  # fmt: skip
    periods = periods_followed(manifest.as_of)
    done, total = 0, len(found) * len(periods)
    kept = dict(before)
    for name, entries in found.items():
        journey = library.journeys[name]
        placed = by_area(entries, tree)
        for period in periods:
            if told is not None:
                told("Keeping small numbers back", done, total)
            done += 1
            here = in_period(placed, period)
            for area, of in here.items():
                if of:
                    yield (EXACT, name, area, key_of(period)), payload(journey, tally(of))
            if period.frequency == "year" and over(journey, period, manifest.as_of) and here[tree.whole]:
                one = tell(journey, period.key, here, tree, before.get((name, period.key)))
                kept[name, period.key] = one
                for area, page in one.pages.items():
                    yield (LEAVES, name, area, key_of(period)), page
    for (name, year), one in kept.items():
        page = {"year": year, "digest": one.digest, "pages": one.pages, "release": one.release}
        yield (RELEASE, name, year.replace("/", "-")), page


def key_of(period: Period) -> str:
    """A period as part of a name."""
    return period.key.replace("/", "-")
