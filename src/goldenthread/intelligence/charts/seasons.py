"""The seasonal view: the same month over the years, and whether months differ by more than chance. Pure.

Each value is taken as a share of its own year's average, so that a rising number does not look like a season. Then the
variance between months is held against what is left within them (two-way analysis of variance, months by years, F with
11 and 11 x (years - 1) degrees of freedom), at 1 in 100. A test by ranks was tried and saw no August dip in three years.
It needs three complete years: with fewer, a school holiday and a bad week cannot be told apart. Quarters are told in the same
way, for those who are not shown months.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from scipy.special import fdtrc

from .series import Point, checked, said

MONTHS = ("Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar")
YEARS_NEEDED = 3
FEWEST = 5
"""On average in a month or quarter; with fewer, a season cannot be told from a handful of families. Our own rule."""
Every = Literal["month", "quarter"]


@dataclass(frozen=True, slots=True)
class Seasons:
    """Years as rows, their months or quarters as columns; None: no value. `typical`: per cent of a year's average."""

    years: dict[str, tuple[float | None, ...]]
    typical: tuple[float | None, ...]
    verdict: Literal["season", "no season seen", "not enough data"]
    chance: float | None
    words: str
    names: tuple[str, ...] = MONTHS


def seasons(
    points: Sequence[Point], *, every: Every = "month", begins: int = 4, counted: Sequence[float | None] = ()
) -> Seasons:
    """Points by year and month, or quarter. A year begins with the month `begins`: the financial year's unless said.

    `counted`: how many are behind each point, where that is known; too few on average, and no season is told.
    """
    wide = 12 if every == "month" else 4
    names = _names(every, begins)
    years: dict[str, list[float | None]] = defaultdict(lambda: [None] * wide)
    for point in checked(points):
        first = point.starts.year - (point.starts.month < begins)
        place = (point.starts.month - begins) % 12 // (12 // wide)
        row = years[str(first) if begins == 1 else f"{first}/{(first + 1) % 100:02d}"]
        if row[place] is not None:
            raise ValueError(f"{point.period}: a second value for that {every}; the seasonal view takes one for each {every}")
        row[place] = point.value
    rows = {year: tuple(values) for year, values in years.items()}
    whole = [values for values in rows.values() if None not in values]
    shares = [_of_year([value for value in values if value is not None]) for values in whole]
    shares = [one for one in shares if one]
    typical = tuple(sum(one[place] for one in shares) / len(shares) if shares else None for place in range(wide))
    known = [one for one in counted if one is not None]
    if len(shares) < YEARS_NEEDED:
        there = f"{len(shares)} complete year{'s' * (len(shares) != 1)}"
        words = f"Not enough data: {there}, and {YEARS_NEEDED} are needed to tell a season."
        return Seasons(rows, typical, "not enough data", None, words, names)
    if known and sum(known) / len(known) < FEWEST:
        few = said(sum(known) / len(known))
        words = f"Not enough data: {few} on average a {every}, and {FEWEST} are needed to tell a season."
        return Seasons(rows, typical, "not enough data", None, words, names)
    chance = by_chance(shares)
    if chance >= 0.01:
        words = f"No season seen: {every}s differ no more than chance would make them ({_odds(chance)})."
        return Seasons(rows, typical, "no season seen", chance, words, names)
    placed = [(value, place) for place, value in enumerate(typical) if value is not None]
    most, least = max(placed), min(placed)
    words = (
        f"{every.capitalize()}s differ by more than chance ({_odds(chance)}). Highest as a rule in {names[most[1]]} "
        f"({said(most[0], 0)} per cent of its year's average), lowest in {names[least[1]]} ({said(least[0], 0)}). "
        f"Compare a {every} with the same {every} of other years."
    )
    return Seasons(rows, typical, "season", chance, words, names)


def _names(every: Every, begins: int) -> tuple[str, ...]:
    """What stands over the columns."""
    turned = (begins - 4) % 12
    run = MONTHS[turned:] + MONTHS[:turned]
    return run if every == "month" else tuple(f"{run[nth]} to {run[nth + 2]}" for nth in range(0, 12, 3))


def _of_year(values: Sequence[float]) -> list[float]:
    average = sum(values) / len(values)
    return [100 * value / average for value in values] if average else []


def by_chance(years: Sequence[Sequence[float]]) -> float:
    """How often chance alone would make columns (months) differ so much, rows (years) being alike."""
    rows, columns = len(years), len(years[0])
    overall = sum(map(sum, years)) / (rows * columns)
    of_column = [sum(one[column] for one in years) / rows for column in range(columns)]
    of_row = [sum(one) / columns for one in years]
    between = rows * sum((mean - overall) ** 2 for mean in of_column)
    within = sum(
        (value - of_column[column] - of_row[row] + overall) ** 2
        for row, one in enumerate(years)
        for column, value in enumerate(one)
    )
    if within < 1e-9:
        return 0.0 if between > 1e-9 else 1.0
    f = (between / (columns - 1)) / (within / ((columns - 1) * (rows - 1)))
    return float(fdtrc(columns - 1, (columns - 1) * (rows - 1), f))


def _odds(chance: float) -> str:
    return "less than 1 in 1,000 by chance" if chance < 0.001 else f"{said(100 * chance)} in 100 by chance"
