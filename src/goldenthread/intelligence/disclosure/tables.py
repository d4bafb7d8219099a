"""Tables of counts as they are handed in: dimensions with their hierarchies, and what adds up to what.

A cell is known by its measure and its place. The whole of a dimension is left out of the place: "plans, district
Burnley" is the same cell in a table by age and in a table by sex, and that is how tables are linked. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import NamedTuple


class DoesNotAddUp(ValueError):
    """What was handed in contradicts itself; the message says where."""


class Cell(NamedTuple):
    """One number: what is counted, and where. A dimension that is not named is taken whole."""

    measure: str
    where: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return ", ".join((self.measure, *(f"{name} {code}" for name, code in self.where)))


def cell(measure: str, **where: str) -> Cell:
    """A cell by hand: cell("plans", area="Burnley", age="0 to 4")."""
    return Cell(measure, tuple(sorted(where.items())))


class Sum(NamedTuple):
    """A total and its parts. `partial`: the parts are not all of it, so what is left over is a number of its own."""

    total: Cell
    parts: tuple[Cell, ...]
    partial: bool = False
    guarded: bool = False


@dataclass(frozen=True, slots=True)
class Dimension:
    """One way of breaking down: districts in a county, ages in bands, quarters in a year.

    `parts` says what each total is made of, at any depth. Two dimensions of one name may divide the same whole in two
    ways (districts, and health districts): give each its own table, with the same codes where they mean the same.
    """

    name: str
    whole: str
    parts: Mapping[str, tuple[str, ...]]
    partial: frozenset[str] = frozenset()
    """Totals whose parts are not all given, such as a county of which two districts are shown."""
    levels: Mapping[str, str] = field(default_factory=dict)
    """Codes with a level of their own for rounding, such as England: national."""
    guarded: bool = False
    """Keep back a full cell where everyone of a total is in one place of this dimension: it tells of each of them."""

    def __post_init__(self) -> None:
        seen = [self.whole]
        for code in seen:
            for part in self.parts.get(code, ()):
                if part in seen:
                    raise DoesNotAddUp(f"{self.name}: {part} is in two places of the hierarchy")
                seen.append(part)
        if lost := (set(self.parts) | self.partial) - set(seen):
            raise DoesNotAddUp(
                f"{self.name}: {', '.join(sorted(lost))} belongs to nothing under {self.whole}"
            )

    def codes(self) -> list[str]:
        """Every code, each total before its parts."""
        return [self.whole, *(part for code in self.parts.get(self.whole, ()) for part in self._under(code))]

    def _under(self, code: str) -> Iterator[str]:
        yield code
        for part in self.parts.get(code, ()):
            yield from self._under(part)


def flat(name: str, whole: str, *parts: str) -> Dimension:
    """A dimension of one level: a whole and its parts."""
    return Dimension(name, whole, {whole: parts})


@dataclass(frozen=True, slots=True)
class Table:
    """Counts of one measure. `counts` holds the cells that are to be printed; None is a number that is missing.

    Cells of the dimensions that `counts` does not hold are not printed, but a reader may work them out.
    """

    measure: str
    dimensions: tuple[Dimension, ...]
    counts: Mapping[tuple[str, ...], int | None]
    fixed: Mapping[str, str] = field(default_factory=dict)
    """Where the table lies in dimensions that it does not break down, such as {"area": "Burnley"}."""

    def __post_init__(self) -> None:
        known = [set(one.codes()) for one in self.dimensions]
        for codes, count in self.counts.items():
            if len(codes) != len(known) or any(code not in of for code, of in zip(codes, known, strict=True)):
                raise DoesNotAddUp(f"{self.measure}: {codes} is no cell of this table")
            if count is not None and count < 0:
                raise DoesNotAddUp(f"{self.cell(codes)}: a count is never under zero")

    def cell(self, codes: tuple[str, ...]) -> Cell:
        placed = [
            (one.name, code) for one, code in zip(self.dimensions, codes, strict=True) if code != one.whole
        ]
        return Cell(self.measure, tuple(sorted([*placed, *self.fixed.items()])))

    def level(self, codes: tuple[str, ...]) -> str | None:
        """The level of area for rounding, if one of the codes has one."""
        return next(
            (
                one.levels[code]
                for one, code in zip(self.dimensions, codes, strict=True)
                if code in one.levels
            ),
            None,
        )

    def places(self) -> Iterator[tuple[str, ...]]:
        return product(*(one.codes() for one in self.dimensions))

    def sums(self) -> Iterator[Sum]:
        """Everything that adds up in this table, along each dimension."""
        for which, along in enumerate(self.dimensions):
            others = [one.codes() for nth, one in enumerate(self.dimensions) if nth != which]
            for rest in product(*others):
                for total, parts in along.parts.items():
                    if not parts:
                        continue

                    def at(code: str, rest: tuple[str, ...] = rest, which: int = which) -> Cell:
                        return self.cell((*rest[:which], code, *rest[which:]))

                    yield Sum(at(total), tuple(map(at, parts)), total in along.partial, along.guarded)


@dataclass(frozen=True, slots=True)
class Share:
    """A percentage that is to be printed: a part of a whole. What is left of the whole is a number too."""

    part: Cell
    of: Cell


@dataclass(frozen=True, slots=True)
class Earlier:
    """A release that is already out: its tables as they were then, and the cells it marked `c`."""

    name: str
    tables: tuple[Table, ...]
    kept_back: frozenset[Cell]
    sums: tuple[Sum, ...] = ()
