"""What goes into a chart: a value for each period, in order. A period without a value is a gap, never a zero. Pure."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

Better = Literal["higher", "lower", "neither"]
"""Which way is better."""


@dataclass(frozen=True, slots=True)
class Point:
    """One period. In p and u charts `value` is a count out of (or per) `of`; in an XmR chart `of` is not used."""

    period: str
    starts: date
    value: float | None
    of: float | None = None

    @property
    def known(self) -> bool:
        return self.value is not None


@dataclass(frozen=True, slots=True)
class Change:
    """A day from which things were to be different: an action's date, and what it was."""

    on: date
    what: str


def months(first: date, values: Sequence[float | None], of: Sequence[float | None] = ()) -> list[Point]:
    """Points for a run of months from the month of `first`."""
    found = []
    for nth, value in enumerate(values):
        year, month = divmod(first.year * 12 + first.month - 1 + nth, 12)
        starts = date(year, month + 1, 1)
        found.append(Point(f"{starts:%b} {year}", starts, value, of[nth] if of else None))
    return found


def checked(points: Sequence[Point]) -> list[Point]:
    """The points, refused if they are out of order."""
    for before, after in itertools.pairwise(points):
        if after.starts <= before.starts:
            raise ValueError(f"{after.period} comes after {before.period} and does not start after it")
    return list(points)


def said(value: float, decimals: int = 1) -> str:
    """A number as it is read: 12, 12.3, never 12.0."""
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def period(first: str, last: str) -> str:
    return first if first == last else f"{first} to {last}"
