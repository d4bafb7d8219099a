"""Everything a reader could hold against everything else: one set of numbers and of sums over them.

All tables of a release, what was released earlier, what is left over of totals and of percentages become numbers
(`Node`) and equations (`Equation`). A cell whose count has not changed since an earlier release is one number, not two:
we assume a reader who knows that. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from .conventions import Convention
from .tables import Cell, DoesNotAddUp, Earlier, Share, Sum, Table


@dataclass(slots=True)
class Node:
    """One number. `need` is the range that a reader must not be able to narrow."""

    cell: Cell
    value: int
    printed: bool = False
    """It is to be printed now."""
    out: bool = False
    """An earlier release printed it: it cannot be called back."""
    marked: bool = False
    """An earlier release marked it `c`."""
    need: tuple[int, int] | None = None
    level: int = 0
    """How many numbers are added into it: totals are kept back last."""


@dataclass(frozen=True, slots=True)
class Equation:
    total: int
    parts: tuple[int, ...]


@dataclass(slots=True)
class System:
    """Numbers and equations. `least` is the smallest number that a `c` can stand for."""

    nodes: list[Node] = field(default_factory=list)
    equations: list[Equation] = field(default_factory=list)
    least: int = 1
    _places: dict[tuple[Cell, int], int] = field(default_factory=dict)
    _seen: set[Equation] = field(default_factory=set)

    def place(self, cell: Cell, value: int) -> int:
        """The number of this cell at this value; new if it was not there."""
        found = self._places.setdefault((cell, value), len(self.nodes))
        if found == len(self.nodes):
            self.nodes.append(Node(cell, value))
        return found

    def add(self, equation: Equation) -> None:
        if equation not in self._seen:
            self._seen.add(equation)
            self.equations.append(equation)

    def may_be_kept_back(self, which: int) -> bool:
        """Whether marking it would tell a reader less than printing it."""
        node = self.nodes[which]
        return node.printed and not node.out and node.value >= self.least


def counted(tables: Iterable[Table], where: str = "") -> dict[Cell, int | None]:
    """Every cell that the tables print, once; two tables must agree on what they share."""
    found: dict[Cell, int | None] = {}
    for table in tables:
        for codes, count in table.counts.items():
            cell = table.cell(codes)
            before = found.setdefault(cell, count)
            if before is None:
                found[cell] = count
            elif count is not None and before != count:
                raise DoesNotAddUp(f"{where}{cell}: two tables give different counts")
    return found


def build(
    tables: Sequence[Table],
    shares: Sequence[Share],
    sums: Sequence[Sum],
    earlier: Sequence[Earlier],
    rule: Convention,
) -> System:
    """One system of everything that is printed now, or was printed before."""
    _one_whole([*tables, *(table for release in earlier for table in release.tables)])
    system = System(least=rule.least)
    before: dict[Cell, int | None] = {}
    for release in earlier:
        where = f"{release.name}: "
        then = counted(release.tables, where)
        places = _source(system, then, before, [*_sums(release.tables), *release.sums], where, rule)
        if lost := release.kept_back - set(then):
            raise DoesNotAddUp(f"{release.name}: {min(lost)} is marked c and is in none of its tables")
        for cell, count in then.items():
            if count is None:
                continue
            if cell in release.kept_back:
                system.nodes[places[cell]].marked = True
            else:
                system.nodes[places[cell]].out = True
        before.update(then)
    given = counted(tables)
    all_sums = [*_sums(tables), *sums, *map(rest_of_share, shares)]
    now = _source(system, given, before, all_sums, "", rule)
    for cell, count in given.items():
        if count is not None:
            system.nodes[now[cell]].printed = True
    for node in system.nodes:
        if node.need is None and not node.out and rule.is_small(node.value):
            node.need = (max(rule.small.lowest, rule.least), rule.small.highest)
    for equation in system.equations:
        total = system.nodes[equation.total]
        total.level = max(total.level, len(equation.parts))
    return system


def _one_whole(tables: Iterable[Table]) -> None:
    """A dimension has one whole in all tables, or "plans" would be of England here and of Lancashire there."""
    wholes: dict[str, str] = {}
    listed = list(tables)
    for one in (dimension for table in listed for dimension in table.dimensions):
        if wholes.setdefault(one.name, one.whole) != one.whole:
            raise DoesNotAddUp(
                f"{one.name}: the whole is {wholes[one.name]} in one table and {one.whole} in another. Put the smaller one "
                "under the larger in its hierarchy, or give the table a measure of its own"
            )
    for table in listed:
        for name, code in table.fixed.items():
            if wholes.get(name) == code:
                raise DoesNotAddUp(f"{table.measure}: {code} is the whole of {name}; leave it out of `fixed`")


def _sums(tables: Iterable[Table]) -> list[Sum]:
    return [one for table in tables for one in table.sums()]


def rest_of_share(share: Share) -> Sum:
    """A whole is the part and what is left of it."""
    return Sum(share.of, (share.part,), partial=True)


def _source(
    system: System,
    given: Mapping[Cell, int | None],
    before: Mapping[Cell, int | None],
    sums: Sequence[Sum],
    where: str,
    rule: Convention,
) -> dict[Cell, int]:
    """Places the numbers and sums of one release; where each of its cells is.

    A reader fills what this release does not give from those `before` it. Such a number may since have been revised,
    so a sum that it breaks is no contradiction: it is one that no reader can use.
    """
    borrowed = {
        cell: count for cell, count in before.items() if given.get(cell) is None and count is not None
    }
    values = _worked_out({**given, **borrowed}, sums, frozenset(borrowed))
    places = {cell: system.place(cell, value) for cell, value in values.items()}
    for one in sums:
        if one.total not in values:
            continue
        total = values[one.total]
        known = [part for part in one.parts if part in values]
        left = total - sum(values[part] for part in known)
        whole = len(known) == len(one.parts) and not one.partial
        if left < 0 or (whole and left):
            if any(cell in borrowed for cell in (one.total, *one.parts)):
                continue
            raise DoesNotAddUp(
                f"{where}{one.total}: its parts ({', '.join(map(str, one.parts))}) do not add up to it"
            )
        parts = [places[part] for part in known]
        if not whole:
            rest = Cell("left over", (("beside", "; ".join(map(str, known))), ("of", str(one.total))))
            parts.append(system.place(rest, left))
        system.add(Equation(places[one.total], tuple(sorted(parts))))
        full = [part for part in parts if system.nodes[part].value]
        if one.guarded and total and len(full) == 1 and len(parts) > 1:
            system.least = 0
            system.nodes[full[0]].need = (max(0, total - rule.small.highest), total)
    return places


def _worked_out(
    given: Mapping[Cell, int | None], sums: Sequence[Sum], borrowed: frozenset[Cell]
) -> dict[Cell, int]:
    """The values given and those that follow from them, where all but one number of a sum is known."""
    values = {cell: count for cell, count in given.items() if count is not None}
    waiting = [one for one in sums if not one.partial]
    while True:
        still = []
        for one in waiting:
            unknown = [cell for cell in (one.total, *one.parts) if cell not in values]
            if len(unknown) > 1:
                still.append(one)
            elif unknown:
                known = sum(values[part] for part in one.parts if part in values)
                found = known if unknown[0] == one.total else values[one.total] - known
                if found < 0 and borrowed:
                    continue
                if found < 0:
                    raise DoesNotAddUp(f"{one.total}: its parts come to more than it")
                values[unknown[0]] = found
        if len(still) == len(waiting):
            return values
        waiting = still
