"""What may leave need to know of a journey in a year: everything in it that adds up, held against everything else. Pure.

What comes into a place is the place; what goes out of it is no more than the place; districts add up to the county, groups of
children to all of them, steps to the places that end them. All of that, with what was told of the year before, is one system for
`disclosure`. Where most numbers would be small, places are told together (`broader`), then without districts, then as a whole:
the finest that protects everyone and still says something. What cannot be told is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from goldenthread.guidance.journey import Journey

from ..disclosure import (
    CannotProtect,
    Cell,
    Convention,
    Dimension,
    DoesNotAddUp,
    Earlier,
    NothingToPublish,
    Printed,
    Released,
    Share,
    Sum,
    Table,
    convention,
    suppress,
)
from ..disclosure.system import rest_of_share
from ..scorecard.releasing import CONVENTION, Tree
from .following import Walk
from .tally import CLOCKS, Tally, broader, columns_of, compared, group_order, tally

EVERYONE, ALL = "everyone", "all"
MANY = 0.3
"""Where a larger share of the numbers than this would be small, fewer places are told: what hides them would hide most others."""
ENOUGH, NEARLY_ALL, CLEARLY = 0.5, 0.9, 0.1
"""Districts are told where half of all moves could be; places are told together where clearly more is told so."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a year: a page for each area that is told of, and what the next release is held against."""

    digest: str
    pages: Mapping[str, Any]
    release: Mapping[str, Any]


NOTHING: Mapping[str, Any] = {"tables": [], "sums": [], "same": {}}


def tell(journey: Journey, year: str, walks: Mapping[str, Sequence[Walk]], tree: Tree, before: Told | None) -> Told:
    """`walks`: those of the year by area, each area with all of its parts."""
    present = {area: walks.get(area, ()) for area in tree.all()}
    digest = _digest(journey, present)
    if before is not None and before.digest == digest:
        return before
    rule = convention(CONVENTION)
    release = before.release if before is not None else NOTHING
    tree, same = _apart(tree, {area: len(of) for area, of in present.items()})
    earlier = [_earlier(f"{year} before", release)] if release["tables"] else []
    if earlier and release["same"] != same:
        return Told(digest, {}, release)  # a number would stand under another name than before: it could not be held against it
    divided = {tree.whole, *tree.parts}
    best: tuple[float, Told] | None = None
    for level in (tree, tree.without_leaves(), tree.top()):
        for broad in (False, True):
            names = broader(journey) if broad else {}
            counted = {area: tally(present[area], names) for area in level.all()}
            if _many_small(counted.values(), rule):
                continue
            tables, sums = _system(journey, counted, level, broad, divided)
            try:
                released = suppress(tables, rule, sums=sums, earlier=earlier)
            except (CannotProtect, NothingToPublish, DoesNotAddUp):
                continue
            pages = {
                area: _page(journey, one, area, level, released, broad, area in divided)
                for area, one in counted.items() if one.entered
            }  # fmt: skip
            says = _says(pages, counted)
            pages |= {area: pages[other] for area, other in same.items() if other in pages}
            if best is None or says > best[0] + CLEARLY:
                best = says, Told(digest, pages, {**_written(released), "same": same})
            if says >= NEARLY_ALL:
                break
        if best is not None and best[0] >= ENOUGH:
            break
    return best[1] if best is not None else Told(digest, {}, release)


def _apart(tree: Tree, sizes: Mapping[str, int]) -> tuple[Tree, dict[str, str]]:
    """The areas that are apart from each other: an area in which all of a larger one is told as that one is, and one in which
    nobody is is left out."""
    parts: dict[str, tuple[str, ...]] = {}
    same: dict[str, str] = {}

    def inside(area: str, as_told: str) -> Iterator[str]:
        for part in tree.parts.get(area, ()):
            if sizes[part] and sizes[part] == sizes[area]:
                same[part] = as_told
                yield from inside(part, as_told)
            elif sizes[part]:
                yield part
                if below := tuple(inside(part, part)):
                    parts[part] = below

    if top := tuple(inside(tree.whole, tree.whole)):
        parts[tree.whole] = top
    return Tree(tree.whole, parts), same


def _says(pages: Mapping[str, Any], counted: Mapping[str, Tally]) -> float:
    """The share of all moves that is told."""
    told = sum(many or 0 for page in pages.values() for *_, many in page["flows"])
    return told / max(1, sum(one.flows.total() for one in counted.values()))


def _digest(journey: Journey, walks: Mapping[str, Sequence[Walk]]) -> str:
    plain = [(area, sorted((one.places, one.group, sorted(one.steps.items())) for one in of)) for area, of in walks.items()]
    return sha256(f"{CONVENTION}{journey.model_dump_json()}{plain}".encode()).hexdigest()[:16]


def _many_small(counted: Any, rule: Convention) -> bool:
    numbers = [many for one in counted for many in (*one.flows.values(), *one.places.values())]
    return not numbers or sum(map(rule.is_small, numbers)) > MANY * len(numbers)


def _flow(journey: Journey, source: str, target: str) -> str:
    return f"{journey.id}: {source} to {target}"


def _place(journey: Journey, place: str) -> str:
    return f"{journey.id}: {place}"


def _at(area: str, tree: Tree) -> dict[str, str]:
    return {} if area == tree.whole else {"area": area}


def _cell(measure: str, area: str, tree: Tree, **where: str) -> Cell:
    return Cell(measure, tuple(sorted({**_at(area, tree), **where}.items())))


def _system(
    journey: Journey, counted: Mapping[str, Tally], tree: Tree, broad: bool, divided: set[str]
) -> tuple[list[Table], list[Sum]]:
    columns = columns_of(journey, broad)
    whole = counted[tree.whole]
    places = [place for column in columns for place in column if whole.places[place]]
    flows = sorted(whole.flows)
    areas = tree.all()
    tables = [
        _by_area(_place(journey, place), {area: counted[area].places[place] for area in areas}, tree) for place in places
    ] + [
        _by_area(_flow(journey, *flow), {area: counted[area].flows[flow] for area in areas}, tree) for flow in flows
    ]
    sums: list[Sum] = []
    for area in areas:
        for place in places:
            total = _cell(_place(journey, place), area, tree)
            came = [_cell(_flow(journey, *flow), area, tree) for flow in flows if flow[1] == place]
            went = [_cell(_flow(journey, *flow), area, tree) for flow in flows if flow[0] == place]
            gone = sum(many for flow, many in counted[area].flows.items() if flow[0] == place)
            if came:
                sums.append(Sum(total, tuple(came)))
            if went:
                sums.append(Sum(total, tuple(went), partial=gone < counted[area].places[place]))
    tables += _steps(journey, counted, tree, columns, sums)
    tables += _groups(journey, counted, tree, broad, divided, sums)
    return tables, sums


def _by_area(measure: str, counts: Mapping[str, int], tree: Tree) -> Table:
    partial = {area for area, parts in tree.parts.items() if counts[area] != sum(counts[part] for part in parts)}
    dimension = Dimension("area", tree.whole, tree.parts, frozenset(partial))
    return Table(measure, (dimension,), {(area,): many for area, many in counts.items()})


def _steps(
    journey: Journey, counted: Mapping[str, Tally], tree: Tree, columns: Sequence[Sequence[str]], sums: list[Sum]
) -> list[Table]:
    """Each step with a clock, in time or late; all who took it are those who came to the column's places."""
    clock = Dimension("clock", ALL, {ALL: CLOCKS})
    found = []
    for nth, column in enumerate(journey.columns):
        if not column.clocks:
            continue
        places = [place for place in columns[nth + 1] if place != column.otherwise]
        measure = f"{journey.id}: step {nth}"
        for area in tree.all():
            one = counted[area]
            took = one.steps.get(nth)
            clocks = {name: took.clocks[name] if took is not None else 0 for name in CLOCKS}
            counts: dict[tuple[str, ...], int | None] = {(ALL,): sum(clocks.values())}
            counts |= {(name,): many for name, many in clocks.items()}
            found.append(Table(measure, (clock,), counts, _at(area, tree)))
            parts = tuple(
                _cell(_place(journey, place), area, tree) for place in places if counted[tree.whole].places[place]
            )
            if parts:
                sums.append(Sum(_cell(measure, area, tree), parts))
    return found


def _groups(
    journey: Journey, counted: Mapping[str, Tally], tree: Tree, broad: bool, divided: set[str], sums: list[Sum]
) -> list[Table]:
    """Groups of children at the places that are compared: in the whole and in areas that are divided, not in each district."""
    groups = [name for name in group_order(journey) if name in counted[tree.whole].groups]
    if not groups or not journey.ethnic_groups:
        return []
    dimension = Dimension("group", EVERYONE, {EVERYONE: tuple(groups)})
    found = []
    for area in (one for one in tree.all() if one in divided):
        for place in (journey.cohort, *compared(journey, broad)):
            if not counted[tree.whole].places[place]:
                continue
            counts: dict[tuple[str, ...], int | None] = {(EVERYONE,): counted[area].places[place]}
            counts |= {(name,): counted[area].groups[name][place] if name in counted[area].groups else 0 for name in groups}
            found.append(Table(_place(journey, place), (dimension,), counts, _at(area, tree)))
            if place != journey.cohort:
                part, whole = _place(journey, place), _place(journey, journey.cohort)
                for where in ({}, *({"group": name} for name in groups)):
                    share = Share(_cell(part, area, tree, **where), _cell(whole, area, tree, **where))
                    sums.append(rest_of_share(share))
    return found


def _page(
    journey: Journey, one: Tally, area: str, tree: Tree, released: Released, broad: bool, with_groups: bool
) -> dict[str, Any]:
    """What a reader outside need to know sees of an area; None where a number is kept back."""

    def told(measure: str, **where: str) -> int | None:
        printed: Printed | None = released.cells.get(_cell(measure, area, tree, **where))
        return None if printed is None or printed.number is None else int(printed.number)

    steps: dict[str, Any] = {}
    for nth, column in enumerate(journey.columns):
        took = one.steps.get(nth)
        if took is None or not column.clocks:
            continue
        measure = f"{journey.id}: step {nth}"
        taken, waiting = told(measure), told(_place(journey, column.otherwise)) if column.otherwise and took.waiting else 0
        shown = taken is not None and waiting is not None
        steps[str(nth)] = {
            "taken": taken, "waiting": waiting, "half": took.half if shown else None, "nine": took.nine if shown else None,
            **{name: told(measure, clock=name) for name in CLOCKS},
        }  # fmt: skip
    return {
        "broad": broad, "entered": told(_place(journey, journey.cohort)),
        "places": {place: told(_place(journey, place)) for place in one.places},
        "flows": [[*flow, told(_flow(journey, *flow))] for flow in sorted(one.flows)],
        "steps": steps,
        "groups": {
            name: {
                place: told(_place(journey, place), group=name) if one.places[place] else 0
                for place in (journey.cohort, *compared(journey, broad))
            }
            for name in (group_order(journey) if with_groups else ()) if name in one.groups
        },
    }  # fmt: skip


def _written(released: Released) -> dict[str, Any]:
    """A release as it is kept, for the next to be held against."""
    return {
        "tables": [
            {
                "measure": one.measure, "fixed": dict(one.fixed),
                "dimensions": [
                    {"name": each.name, "whole": each.whole, "partial": sorted(each.partial),
                     "parts": {area: list(parts) for area, parts in each.parts.items()}}
                    for each in one.dimensions
                ],
                "counts": [[*codes, number] for codes, number in one.counts.items()],
                "kept_back": [list(codes) for codes in one.counts if released.cells[one.cell(codes)].kept_back],
            }
            for one in released.tables
        ],
        "sums": [[_plain(one.total), [_plain(part) for part in one.parts], one.partial] for one in released.sums],
    }  # fmt: skip


def _plain(cell: Cell) -> list[Any]:
    return [cell.measure, [list(pair) for pair in cell.where]]


def _cells(written: Sequence[Any]) -> Iterator[Cell]:
    for measure, where in written:
        yield Cell(measure, tuple((name, code) for name, code in where))


def _earlier(name: str, release: Mapping[str, Any]) -> Earlier:
    tables, kept_back = [], set()
    for one in release["tables"]:
        dimensions = tuple(
            Dimension(each["name"], each["whole"], {area: tuple(parts) for area, parts in each["parts"].items()},
                      frozenset(each["partial"]))
            for each in one["dimensions"]
        )  # fmt: skip
        table = Table(one["measure"], dimensions, {tuple(row[:-1]): row[-1] for row in one["counts"]}, one["fixed"])
        tables.append(table)
        kept_back |= {table.cell(tuple(codes)) for codes in one["kept_back"]}
    sums = tuple(
        Sum(next(_cells([total])), tuple(_cells(parts)), partial) for total, parts, partial in release["sums"]
    )
    return Earlier(name, tuple(tables), frozenset(kept_back), sums)
