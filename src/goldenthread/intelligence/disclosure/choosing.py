"""Which further numbers to keep back, so that none that is small can be worked out: as few and as small as we can find.

For each small number and each end of its range we ask for the cheapest way the numbers could be otherwise (a whole
number flow through the sums: Kelly, Golden and Assad 1992; Fischetti and Salazar 2001). Every printed number that such a
way has to move is kept back too. Then each is tried once more: what is not needed after all is printed. The order is
fixed, so the same tables always give the same answer. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import log2

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from .reach import Reader, Witness, least_of
from .system import System

_Row = np.ndarray[tuple[int], np.dtype[np.float64]]


class Unprotected(Exception):
    """Nothing more can be kept back and a number could still be narrowed."""

    def __init__(self, which: int) -> None:
        super().__init__(which)
        self.which = which


@dataclass(slots=True)
class Choice:
    """What is kept back: numbers that are small, and numbers kept back for their sake."""

    system: System
    small: set[int] = field(default_factory=set)
    helping: set[int] = field(default_factory=set)
    _known_ways: list[Witness] = field(default_factory=list)

    @property
    def kept_back(self) -> frozenset[int]:
        return frozenset(self.small | self.helping)

    def unknown(self) -> frozenset[int]:
        """What a reader does not see: what is kept back, now or before, and what was never to be printed."""
        kept = self.kept_back
        return frozenset(
            which
            for which, node in enumerate(self.system.nodes)
            if which in kept or not (node.printed or node.out)
        )

    def wants(self) -> Iterator[tuple[int, int | None, int | None]]:
        """Every number to protect, with the ends it must be able to reach: at most, at least."""
        for which, node in enumerate(self.system.nodes):
            if node.need is not None and not node.out:
                yield which, node.need[0], None
                yield which, None, node.need[1]

    def proved(self, which: int, at_most: int | None, at_least: int | None, still: int | None = None) -> bool:
        """Whether a way that we already know has this number so small or so large (and leaves `still` as it is)."""
        value = self.system.nodes[which].value
        for way in ({}, *self._known_ways):
            could = value + way.get(which, 0)
            if (
                (still is None or still not in way)
                and (at_most is None or could <= at_most)
                and (at_least is None or could >= at_least)
            ):
                return True
        return False

    def learn(self, way: Witness) -> None:
        self._known_ways.append(way)

    def print_after_all(self, which: int) -> None:
        self.helping.discard(which)
        self._known_ways = [way for way in self._known_ways if which not in way]


def choose(system: System) -> Choice:
    """What to keep back. Raises Unprotected if earlier releases leave no way."""
    choice = Choice(system)
    choice.small = {
        which
        for which, node in enumerate(system.nodes)
        if node.need is not None and node.printed and not node.out
    }
    flow = _Flow(system)
    for which, node in enumerate(system.nodes):
        if node.need is None or node.out:
            continue
        if not _keep_back(choice, flow, which, at_most=node.need[0]):
            # Where zeros are shown, a total of three marks is known to be 3 or more, whoever hides what.
            told = flow.least_told_by_zeros(which)
            node.need = (max(node.need[0], told), max(node.need[1], told + 1))
            if not _keep_back(choice, flow, which, at_most=node.need[0]):
                raise Unprotected(which)
        if not _keep_back(choice, flow, which, at_least=node.need[1]):
            raise Unprotected(which)
    _print_what_is_not_needed(choice, flow)
    return choice


def _keep_back(
    choice: Choice, flow: _Flow, which: int, *, at_most: int | None = None, at_least: int | None = None
) -> bool:
    """Keeps back what it takes for this number to be possibly so small or so large; False if nothing does it."""
    if choice.proved(which, at_most, at_least):
        return True
    way = flow.cheapest(choice, which, at_most, at_least)
    if way is None:
        return False
    choice.learn(way)
    may = choice.system.may_be_kept_back
    choice.helping |= {moved for moved in way if may(moved) and moved not in choice.small}
    return True


def _print_what_is_not_needed(choice: Choice, flow: _Flow) -> None:
    """Tries to print each number that was kept back for another's sake, the most telling first."""
    for tried in sorted(choice.helping, key=lambda which: (-flow.price(which), which)):
        reader = Reader(choice.system, choice.unknown() - {tried})
        values = choice.system.nodes
        moves = [
            ((other, values[other].value - 1, None), (other, None, values[other].value + 1))
            for other in sorted(choice.helping - {tried})
        ]
        if all(_could(choice, reader, tried, *want) for want in choice.wants()) and all(
            _could(choice, reader, tried, *down) or _could(choice, reader, tried, *up) for down, up in moves
        ):
            choice.print_after_all(tried)


def _could(
    choice: Choice, reader: Reader, tried: int, which: int, at_most: int | None, at_least: int | None
) -> bool:
    """Whether a number could be so small or so large to a reader who also sees the number that is tried."""
    if choice.proved(which, at_most, at_least, still=tried):
        return True
    way = reader.could_be(which, at_most=at_most, at_least=at_least)
    if way is not None:
        choice.learn(way)
    return way is not None


class _Flow:
    """The cheapest way to move one number while every sum still holds."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._many = len(system.nodes)
        rows, columns, signs = [], [], []
        for row, equation in enumerate(system.equations):
            for which, sign in (*((part, 1.0) for part in equation.parts), (equation.total, -1.0)):
                rows.append(row)
                columns.append(which)
                signs.append(sign)
        one_way = csr_array((signs, (rows, columns)), shape=(len(system.equations), self._many))
        self._one_way = one_way
        both = csr_array(
            (
                [*signs, *(-sign for sign in signs)],
                ([*rows, *rows], [*columns, *(column + self._many for column in columns)]),
            ),
            shape=(one_way.shape[0], 2 * self._many),
        )
        self._held = LinearConstraint(both, 0, 0) if system.equations else ()

    def price(self, which: int) -> float:
        """What it costs a reader to lose this number: more for a larger one, and much more for a total."""
        node = self._system.nodes[which]
        price = (8 + log2(1 + node.value)) * (1 + node.level)
        return price / 2 if node.marked else price

    def cheapest(
        self, choice: Choice, which: int, at_most: int | None, at_least: int | None
    ) -> Witness | None:
        """The way that costs least to make this number possibly so small or so large."""
        system, many = self._system, self._many
        hidden = choice.unknown()
        price, most = np.zeros(2 * many), np.zeros(2 * many)
        for one, node in enumerate(system.nodes):
            if one in hidden or system.may_be_kept_back(one):
                price[one] = price[one + many] = (0.01 if one in hidden else self.price(one)) + one * 1e-7
                most[one], most[one + many] = np.inf, max(0, node.value - least_of(system, one))
        least = np.zeros(2 * many)
        value = system.nodes[which].value
        if at_least is not None:
            least[which], most[which + many] = max(0, at_least - value), 0
        if at_most is not None:
            least[which + many], most[which] = max(0, value - at_most), 0
        if np.any(least > most):
            return None
        return self._way(price, least, most)

    def least_told_by_zeros(self, which: int) -> int:
        """The least that a number can be for a reader who sees nothing but which numbers are zeros."""
        system, many = self._system, self._many
        most = np.zeros(2 * many)
        for one, node in enumerate(system.nodes):
            shown_zero = node.value == 0 and (node.printed or node.out) and system.least > 0
            most[one] = 0 if shown_zero else np.inf
            most[one + many] = max(0, node.value - least_of(system, one))
        price = np.full(2 * many, 1e-6)
        price[which], price[which + many] = 1, -1
        most[which] = 0
        way = self._way(price, np.zeros(2 * many), most)
        assert way is not None  # the numbers as they are
        return system.nodes[which].value + way.get(which, 0)

    def _way(self, price: _Row, least: _Row, most: _Row) -> Witness | None:
        found = milp(
            price, integrality=np.ones(len(price)), bounds=Bounds(least, most), constraints=self._held
        )
        if found.x is None:
            return None
        change = np.rint(found.x[: self._many]) - np.rint(found.x[self._many :])
        if self._system.equations and np.any(self._one_way @ change):
            return None  # what does not hold to the unit proves nothing
        return {one: int(moved) for one, moved in enumerate(change) if moved}
