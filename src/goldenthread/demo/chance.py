"""Seeded chance that keeps to its shares: what has come up too seldom becomes likelier, so that small numbers fit the
figures too.

A plain draw of 18 plans out of 500 children would be off by a quarter as often as not. Here each choice has an account of
what it is owed: every draw pays the shares in and takes what came up out. Pure.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Collection, Mapping, Sequence
from math import exp, log
from random import Random
from typing import TypeVar
from uuid import UUID

T = TypeVar("T")


class Chance:
    """One stream of chance. The same seed gives the same answers in the same order."""

    def __init__(self, seed: str) -> None:
        self.random = Random(seed)
        self._owed: dict[str, dict[str, float]] = {}
        self._bits = self.random.getrandbits

    def uuid(self) -> UUID:
        return UUID(int=self._bits(128), version=4)

    def hit(self, account: str, share: float, count: int = 1) -> bool:
        """Whether something of that share comes up."""
        if share >= 1.0 or share <= 0.0:
            return share >= 1.0
        owed = self._owed.setdefault(account, {})
        standing = owed.get("", 0.0) + share * count
        found = standing > self.random.random() * count
        owed[""] = standing - count if found else standing
        return found

    def pick(
        self,
        account: str,
        shares: Mapping[str, float],
        count: int = 1,
        allowed: Collection[str] | None = None,
    ) -> str:
        """One of the choices, by their shares and what each is owed; `count` is for how many it is decided at once."""
        owed = self._owed.get(account)
        if owed is None:
            owed = self._owed[account] = {
                name: self.random.random() * share for name, share in shares.items()
            }
        paid = count / sum(shares.values())
        weights: list[float] = []
        names: list[str] = []
        total = 0.0
        for name, share in shares.items():
            standing = owed[name] = owed.get(name, 0.0) + share * paid
            if allowed is None or name in allowed:
                total += (standing * standing if standing > 0.0 else 0.0) + 1e-3 * share
                weights.append(total)
                names.append(name)
        found = names[min(bisect(weights, self.random.random() * total), len(names) - 1)]
        owed[found] -= count
        return found

    def owed(self, account: str, name: str) -> float:
        """How much more often a choice should have come up by now."""
        return self._owed.get(account, {}).get(name, 0.0)

    def weighted(self, choices: Sequence[T], weights: Sequence[float]) -> T:
        """A plain draw by weights that need not add to one; `weights` are cumulated."""
        return choices[min(bisect(weights, self.random.random() * weights[-1]), len(choices) - 1)]

    def one(self, choices: Sequence[T]) -> T:
        return choices[int(self.random.random() * len(choices))]

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self.random.random()

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self.random.random() * (high - low + 1))

    def around(self, median: float, spread: float) -> float:
        """Skewed to the long side, as lengths of time are: half are under the median."""
        return exp(self.random.gauss(log(median), spread))

    def some(self, choices: Sequence[T], count: int) -> list[T]:
        return self.random.sample(choices, min(count, len(choices)))
