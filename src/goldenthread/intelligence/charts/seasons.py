"""The seasonal view: the same month over the years, and whether months differ by more than chance. Pure.

Each value is taken as a share of its own year's average, so that a rising number does not look like a season. Then the
variance between months is held against what is left within them (two-way analysis of variance, months by years, F with
11 and 11 x (years - 1) degrees of freedom), at 1 in 100. A test by ranks was tried and saw no August dip in three years.
It needs three complete years: with fewer, a school holiday and a bad week cannot be told apart.
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


@dataclass(frozen=True, slots=True)
class Seasons:
    """Financial years as rows, April to March; None is a month without a value. `typical`: per cent of a year's average."""

    years: dict[str, tuple[float | None, ...]]
    typical: tuple[float | None, ...]
    verdict: Literal["season", "no season seen", "not enough data"]
    chance: float | None
    words: str


def seasons(points: Sequence[Point]) -> Seasons:
    """Monthly points by financial year and month."""
    years: dict[str, list[float | None]] = defaultdict(lambda: [None] * 12)
    for point in checked(points):
        first = point.starts.year - (point.starts.month < 4)
        place = (point.starts.month - 4) % 12
        row = years[f"{first}/{(first + 1) % 100:02d}"]
        if row[place] is not None:
            raise ValueError(
                f"{point.period}: a second value for that month; the seasonal view takes monthly points"
            )
        row[place] = point.value
    rows = {year: tuple(values) for year, values in years.items()}
    whole = [values for values in rows.values() if None not in values]
    shares = [_of_year([value for value in values if value is not None]) for values in whole]
    shares = [one for one in shares if one]
    typical = tuple(
        sum(one[month] for one in shares) / len(shares) if shares else None for month in range(12)
    )
    if len(shares) < YEARS_NEEDED:
        words = (
            f"Not enough data: {len(shares)} complete years, and {YEARS_NEEDED} are needed to tell a season."
        )
        return Seasons(rows, typical, "not enough data", None, words)
    chance = by_chance(shares)
    if chance >= 0.01:
        words = f"No season seen: months differ no more than chance would make them ({_odds(chance)})."
        return Seasons(rows, typical, "no season seen", chance, words)
    known = [(value, month) for month, value in enumerate(typical) if value is not None]
    most, least = max(known), min(known)
    words = (
        f"Months differ by more than chance ({_odds(chance)}). Highest as a rule in {MONTHS[most[1]]} "
        f"({said(most[0], 0)} per cent of its year's average), lowest in {MONTHS[least[1]]} ({said(least[0], 0)}). "
        "Compare a month with the same month of other years."
    )
    return Seasons(rows, typical, "season", chance, words)


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
