"""A release: tables in, what may be printed out, or the reason in words why nothing may. Pure.

Order of work: every number and sum of this release and of earlier ones becomes one system; small numbers are kept
back; then what would give them away; then all is rounded. Rounding comes last and is never relied on to protect.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from . import printing
from .choosing import Choice, Unprotected, choose
from .conventions import Convention
from .printing import Printed
from .reach import Reader
from .system import Node, System, build, rest_of_share
from .tables import Cell, Earlier, Share, Sum, Table


class NothingToPublish(Exception):
    """Every number would be a mark."""


class CannotProtect(Exception):
    """What is out already gives a small number away, whatever is kept back now."""


@dataclass(frozen=True, slots=True)
class Range:
    """How far a reader with every page in hand can narrow a number that is kept back. For need to know only."""

    cell: Cell
    low: int
    high: int | None

    def __str__(self) -> str:
        return (
            f"{self.cell}: {self.low} or more"
            if self.high is None
            else f"{self.cell}: {self.low} to {self.high}"
        )


@dataclass(frozen=True, slots=True)
class Released:
    """What may be printed. `cells` go out; the rest, and every reason, stays in need to know."""

    rule: Convention
    cells: Mapping[Cell, Printed]
    shares: Mapping[Share, Printed]
    tables: tuple[Table, ...]
    sums: tuple[Sum, ...]
    notes: tuple[str, ...]
    """For the analyst: what was done and what to look at."""
    _system: System
    _choice: Choice

    def text(self, table: Table) -> dict[tuple[str, ...], str]:
        """A table as it is printed."""
        return {codes: self.cells[table.cell(codes)].text for codes in table.counts}

    def kept_back(self) -> frozenset[Cell]:
        return frozenset(cell for cell, one in self.cells.items() if one.kept_back)

    def ranges(self) -> list[Range]:
        """The proof: what a reader can still narrow each number to that is kept back."""
        reader = Reader(self._system, self._choice.unknown())
        return [
            Range(self._system.nodes[which].cell, *reader.narrowed_to(which))
            for which in sorted(self._choice.kept_back)
        ]

    def as_earlier(self, name: str) -> Earlier:
        """This release, for the next one to be held against."""
        return Earlier(name, self.tables, self.kept_back(), self.sums)


def suppress(
    tables: Sequence[Table],
    rule: Convention,
    *,
    shares: Sequence[Share] = (),
    sums: Sequence[Sum] = (),
    earlier: Sequence[Earlier] = (),
) -> Released:
    """What may be printed of these tables.

    `sums` are what adds up besides the hierarchies: months to a year, two ways of dividing a county. Raises
    NothingToPublish, CannotProtect or DoesNotAddUp, each with words for the person who asked.
    """
    system = build(tables, shares, sums, earlier, rule)
    try:
        choice = choose(system)
    except Unprotected as failed:
        raise CannotProtect(_cannot(system.nodes[failed.which], earlier)) from None
    cells = _cells(tables, system, choice, rule)
    if not any(one.number for one in cells.values()) and any(one.kept_back for one in cells.values()):
        raise NothingToPublish(
            f"Nothing can be published of {', '.join(sorted({table.measure for table in tables}))}: every number is "
            "small, or would give a small one away. Put years together, or districts, or use wider age bands."
        )
    return Released(
        rule,
        cells,
        {share: _share(share, cells, system, rule) for share in shares},
        tuple(tables),
        (*sums, *map(rest_of_share, shares)),
        _notes(system, choice, earlier, rule),
        system,
        choice,
    )


def _cells(tables: Sequence[Table], system: System, choice: Choice, rule: Convention) -> dict[Cell, Printed]:
    kept = {system.nodes[which].cell for which in choice.helping if system.nodes[which].printed}
    small = {system.nodes[which].cell for which in choice.small}
    found: dict[Cell, Printed] = {}
    for table in tables:
        for codes, value in table.counts.items():
            cell = table.cell(codes)
            if value is None:
                found.setdefault(cell, printing.missing(rule))
            elif cell in small or rule.is_small(value):
                found[cell] = printing.kept_back(rule, "small")
            elif cell in kept:
                found[cell] = printing.kept_back(rule, "for another")
            else:
                found[cell] = printing.count(value, rule, table.level(codes))
    return found


def _share(share: Share, cells: Mapping[Cell, Printed], system: System, rule: Convention) -> Printed:
    for one in (share.part, share.of):
        if one not in cells:
            raise ValueError(
                f"{one} is not in these tables: a percentage is printed with both counts it is made of"
            )
    values = {node.cell: node.value for node in system.nodes if node.printed}
    behind = [cells[share.part], cells[share.of]]
    if any(one.number is None for one in behind):
        return printing.percentage(0, 0, rule, behind)
    return printing.percentage(values[share.part], values[share.of], rule, behind)


def _cannot(node: Node, earlier: Sequence[Earlier]) -> str:
    if earlier:
        names = ", ".join(one.name for one in earlier)
        return (
            f"{node.cell} cannot be protected: what is already out ({names}) lets a reader narrow it, whatever is kept "
            "back now. Tell the person who answers for the earlier release; leave this breakdown out of this one."
        )
    return (
        f"{node.cell} cannot be protected: it follows from numbers that are not small and not to be kept back. "
        "Print fewer breakdowns, or wider ones."
    )


def _notes(system: System, choice: Choice, earlier: Sequence[Earlier], rule: Convention) -> tuple[str, ...]:
    printed = [node for node in system.nodes if node.printed]
    found = [
        f"{len(printed)} numbers: {len(choice.small)} kept back as small, {len(choice.helping)} more so that those "
        "cannot be worked out."
    ]
    if system.least == 0 and rule.zeros == "shown":
        found.append("In this release c can also stand for a zero: say so beside the tables.")
    if already := sorted(node.cell for node in printed if node.out and rule.is_small(node.value)):
        found.append(f"Already out in an earlier release, though small by this rule: {_list(already)}.")
    now = {node.cell: node.value for node in printed}
    revised = {
        node.cell
        for node in system.nodes
        if node.out and node.cell in now and 0 < abs(node.value - now[node.cell]) <= rule.small.highest
    }
    if revised:
        found.append(
            f"Changed by {rule.small.highest} or fewer since {' or '.join(one.name for one in earlier)}: "
            f"{_list(sorted(revised))}. A reader who has both sees that so few were added or taken away."
        )
    return tuple(found)


def _list(cells: Sequence[Cell]) -> str:
    return "; ".join(map(str, cells))
