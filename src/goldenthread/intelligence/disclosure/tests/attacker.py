"""An attack written apart from the defence: it reads printed pages and solves for what is marked.

Shares no code with the engine but the description of a table. Three attacks: exact, by elimination over fractions;
ranges, by whole-number programs over all pages at once; and trying every possibility, for tiny tables.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from ..tables import Table

Name = tuple


class Pages:
    """Printed tables, laid over each other. A cell printed anywhere is known everywhere."""

    def __init__(self, least: int = 1) -> None:
        self.least = least
        self.known: dict[Name, int] = {}
        self.marked: set[Name] = set()
        self.names: list[Name] = []
        self.rows: list[dict[Name, int]] = []

    def name(self, table: Table, codes: tuple[str, ...]) -> Name:
        along = {
            one.name: code for one, code in zip(table.dimensions, codes, strict=True) if code != one.whole
        }
        return (table.measure, *sorted({**along, **table.fixed}.items()))

    def read(self, table: Table, texts: dict[tuple[str, ...], str]) -> None:
        for codes, text in texts.items():
            name = self.name(table, codes)
            if text == "c":
                self.marked.add(name)
            elif text != ":":
                number = int(text.replace(",", ""))
                assert self.known.setdefault(name, number) == number
        for which, along in enumerate(table.dimensions):
            rest = [one.codes() if nth != which else [None] for nth, one in enumerate(table.dimensions)]
            for codes in product(*rest):
                for total, parts in along.parts.items():
                    at = [
                        self.name(table, (*codes[:which], one, *codes[which + 1 :]))
                        for one in (total, *parts)
                    ]
                    row = {at[0]: -1, **dict.fromkeys(at[1:], 1)}
                    if total in along.partial:
                        row[("rest", at[0], *at[1:])] = 1
                    if row not in self.rows:
                        self.rows.append(row)

    def unknown(self) -> list[Name]:
        names = {name: None for row in self.rows for name in row}
        names.update(dict.fromkeys(sorted(self.marked)))
        return [name for name in names if name not in self.known]

    def equations(self) -> tuple[list[Name], np.ndarray, np.ndarray]:
        names = self.unknown()
        place = {name: nth for nth, name in enumerate(names)}
        matrix, right = np.zeros((len(self.rows), len(names))), np.zeros(len(self.rows))
        for nth, row in enumerate(self.rows):
            for name, sign in row.items():
                if name in place:
                    matrix[nth, place[name]] += sign
                else:
                    right[nth] -= sign * self.known[name]
        return names, matrix, right

    def floor(self, name: Name) -> int:
        return self.least if name in self.marked else 0

    def solved_exactly(self) -> dict[Name, Fraction]:
        """What elimination alone finds, signs and whole numbers left aside."""
        names, matrix, right = self.equations()
        rows = [
            [*map(Fraction, line.astype(int).tolist()), Fraction(int(of))]
            for line, of in zip(matrix, right, strict=True)
        ]
        found, top = {}, 0
        for column in range(len(names)):
            pivot = next((nth for nth in range(top, len(rows)) if rows[nth][column]), None)
            if pivot is None:
                continue
            rows[top], rows[pivot] = rows[pivot], rows[top]
            lead = rows[top][column]
            rows[top] = [value / lead for value in rows[top]]
            for nth, row in enumerate(rows):
                if nth != top and row[column]:
                    times = row[column]
                    rows[nth] = [a - times * b for a, b in zip(row, rows[top], strict=True)]
            top += 1
        for row in rows:
            filled = [nth for nth, value in enumerate(row[:-1]) if value]
            if len(filled) == 1:
                found[names[filled[0]]] = row[-1]
        return found

    def ranges(self, wanted: set[Name] | None = None) -> dict[Name, tuple[int, float]]:
        """The least and the most of each marked cell, by whole-number programs."""
        names, matrix, right = self.equations()
        least = np.array([self.floor(name) for name in names], dtype=float)
        found = {}
        for nth, name in enumerate(names):
            if name not in (self.marked if wanted is None else wanted):
                continue
            ends = []
            for sign in (1, -1):
                cost = np.zeros(len(names))
                cost[nth] = sign
                tight = milp(
                    cost,
                    integrality=np.ones(len(names)),
                    bounds=Bounds(least, np.inf),
                    constraints=LinearConstraint(matrix, right, right),
                )
                assert tight.x is not None or sign < 0, (name, tight.message)
                ends.append(float("inf") if tight.x is None else round(tight.x[nth]))
            found[name] = (int(ends[0]), ends[1])
        return found

    def every_possibility(self, most: int) -> dict[Name, set[int]]:
        """Each value that each unknown cell takes in any possible table, by trying all. Tiny tables only."""
        names, matrix, right = self.equations()
        found: dict[Name, set[int]] = {name: set() for name in names}
        floors = [self.floor(name) for name in names]
        for values in product(*(range(floor, most + 1) for floor in floors)):
            if np.array_equal(matrix @ np.array(values), right):
                for name, value in zip(names, values, strict=True):
                    found[name].add(value)
        return found
