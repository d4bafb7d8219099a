"""How far a reader can narrow what is kept back: the attack, as the defence uses it.

A reader knows every printed number, every sum, that counts are whole and never under zero, and whether `c` can be a
zero. What remains possible is a set of whole-number points; a mixed-integer program (HiGHS, in scipy) finds one with a
number at most, or at least, so large. A point once found (a `Witness`) is kept, as it proves many things. Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from .system import System

Witness = Mapping[int, int]
"""A way the numbers could be: the change of each number that is not as it truly is."""


@dataclass(slots=True)
class Reader:
    """Someone with every page in hand. `unknown` are the numbers that are not printed for them."""

    system: System
    unknown: frozenset[int]
    _group: dict[int, int] = field(default_factory=dict)
    _programs: dict[int, _Program] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._group = _groups(self.system, self.unknown)

    def together(self, which: int) -> int:
        """The group of unknown numbers that hang together with this one."""
        return self._group[which]

    def could_be(
        self, which: int, *, at_most: int | None = None, at_least: int | None = None
    ) -> Witness | None:
        """A way the numbers could be with this one so small or so large; None if a reader can rule it out."""
        return self._program(which).point(which, at_most, at_least)

    def narrowed_to(self, which: int) -> tuple[int, int | None]:
        """The smallest and the largest that a number could be; None where nothing stops it."""
        program = self._program(which)
        low, high = program.end(which, 1), program.end(which, -1)
        assert low is not None
        return low, high

    def _program(self, which: int) -> _Program:
        group = self._group[which]
        if group not in self._programs:
            members = sorted(one for one in self.unknown if self._group[one] == group)
            self._programs[group] = _Program(self.system, members)
        return self._programs[group]


def least_of(system: System, which: int) -> int:
    """The least a reader knows an unknown number to be."""
    node = system.nodes[which]
    return system.least if node.printed or node.marked else 0


class _Program:
    """The sums over one group of unknown numbers, ready to be solved."""

    def __init__(self, system: System, members: list[int]) -> None:
        self._members = members
        self._column = {one: nth for nth, one in enumerate(members)}
        self._truth = np.array([system.nodes[one].value for one in members], dtype=float)
        self._least = np.array([least_of(system, one) for one in members], dtype=float)
        self._least = np.minimum(self._least, self._truth)
        rows, columns, signs, row = [], [], [], 0
        for equation in system.equations:
            terms = [(part, 1.0) for part in equation.parts if part in self._column]
            if equation.total in self._column:
                terms.append((equation.total, -1.0))
            for which, sign in terms:
                rows.append(row)
                columns.append(self._column[which])
                signs.append(sign)
            row += bool(terms)
        self._sums = csr_array((signs, (rows, columns)), shape=(row, len(members)))
        self._right = self._sums @ self._truth

    def _solve(self, cost: np.ndarray, least: np.ndarray, most: np.ndarray) -> np.ndarray | str:
        held = LinearConstraint(self._sums, self._right, self._right) if self._sums.shape[0] else ()
        found = milp(cost, integrality=np.ones(len(cost)), bounds=Bounds(least, most), constraints=held)
        if found.x is None:
            return "none" if found.status == 2 else "endless"
        solved: np.ndarray = np.rint(found.x)
        holds = (
            np.all(solved >= least)
            and np.all(solved <= most)
            and np.array_equal(self._sums @ solved, self._right)
        )
        return solved if holds else "none"  # what does not hold to the unit proves nothing

    def point(self, which: int, at_most: int | None, at_least: int | None) -> Witness | None:
        least, most = self._least.copy(), np.full(len(self._members), np.inf)
        column = self._column[which]
        if at_most is not None:
            most[column] = at_most
        if at_least is not None:
            least[column] = max(least[column], at_least)
        if least[column] > most[column]:
            return None
        found = self._solve(np.zeros(len(self._members)), least, most)
        if isinstance(found, str):
            return None
        change = found - self._truth
        return {one: int(moved) for one, moved in zip(self._members, change, strict=True) if moved}

    def end(self, which: int, sign: int) -> int | None:
        cost = np.zeros(len(self._members))
        cost[self._column[which]] = sign
        found = self._solve(cost, self._least, np.full(len(self._members), np.inf))
        return None if isinstance(found, str) else int(found[self._column[which]])


def _groups(system: System, unknown: Iterable[int]) -> dict[int, int]:
    """Which unknown numbers hang together by a sum, each group by its first member."""
    parent = {one: one for one in unknown}

    def root(one: int) -> int:
        while parent[one] != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    for equation in system.equations:
        tied = [one for one in (equation.total, *equation.parts) if one in parent]
        for other in tied[1:]:
            first, second = sorted((root(tied[0]), root(other)))
            parent[second] = first
    found: dict[int, int] = defaultdict(int)
    for one in parent:
        found[one] = root(one)
    return dict(found)
