"""Directions of travel: the printed word beside what the values say.

A change of no more than `TOLERANCE` per cent of the earlier value is stable; beyond it, which way is better decides. The
documents state no tolerance of their own, so a different word is a difference of view, with its reason, and no slip. Of all
tolerances in half per cents, 2 per cent differs from the documents we ship in the fewest places. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from .figure import DIRECTIONS, Figure, before, by_series
from .numbers import Range, change_within, written

TOLERANCE = Fraction(2)
"""Per cent of the earlier value."""
Word = Literal["Better", "Worse", "Stable", "No data", "Up", "Down"]
SHAPES: dict[str, str] = {"Better": "▲", "Worse": "▼", "Stable": "■", "No data": "○", "Up": "△", "Down": "▽"}


@dataclass(frozen=True, slots=True)
class Travel:
    """Which way a figure went, what is printed of it, and why."""

    figure: Figure
    earlier: Figure | None
    printed: str
    word: Word
    change: Fraction | None
    """Per cent of the earlier value; None where there is none."""
    why: str
    close: bool = False
    """Whether other values, printed the same, would have another word."""

    @property
    def differs(self) -> bool:
        return bool(self.printed) and DIRECTIONS.get(self.printed.lower()) != self.word

    @property
    def shape(self) -> str:
        return SHAPES[self.word]

    @property
    def sentence(self) -> str:
        return f"{self.figure.words}: printed {self.printed}, the values say {self.word}. {self.why}"


def travel(figure: Figure, earlier: Figure | None, tolerance: Fraction = TOLERANCE) -> Travel:
    """Which way a figure went since the earlier one."""
    if earlier is None:
        return Travel(figure, None, figure.printed_direction, "No data", None, "There is no earlier value of it.")
    now, then = figure.value.exact, earlier.value.exact
    told = f"{earlier.shown} then, {figure.shown} now"
    if not then:
        word = _word(figure.polarity, now - then) if now else "Stable"
        return Travel(figure, earlier, figure.printed_direction, word, None, f"{told}: of nought there is no per cent.")
    change = (now - then) / abs(then) * 100
    word = "Stable" if abs(change) <= tolerance else _word(figure.polarity, change)
    moved = f"{'up' if change > 0 else 'down'} {written(abs(change), 1)}%" if change else "no change"
    limit = f"{written(tolerance, 1 if tolerance.denominator > 1 else 0)}%"
    if not change:
        why = f"{told}: no change."
    elif word == "Stable":
        why = f"{told}: {moved}, within {limit}."
    else:
        better = {"higher": "higher is better", "lower": "lower is better"}.get(figure.polarity, "neither way is better")
        why = f"{told}: {moved}, more than {limit}, and {better}."
    behind = change_within(
        figure.value.behind(counted=figure.counted), earlier.value.behind(counted=earlier.counted)
    )
    close = behind is not None and _crosses(behind, tolerance)
    if close:
        why += " The values are rounded, and what lies behind them may be on the other side of that limit."
    return Travel(figure, earlier, figure.printed_direction, word, change, why, close)


def _word(polarity: str, change: Fraction) -> Word:
    if polarity not in ("higher", "lower"):
        return "Up" if change > 0 else "Down"
    return "Better" if (change > 0) == (polarity == "higher") else "Worse"


def _crosses(behind: Range, tolerance: Fraction) -> bool:
    """Whether the least and the most it may have changed fall on two sides of the tolerance."""
    least = Fraction(0) if behind.low <= 0 <= behind.high else min(abs(behind.low), abs(behind.high))
    return least <= tolerance < max(abs(behind.low), abs(behind.high))


def travels(figures: Sequence[Figure], tolerance: Fraction = TOLERANCE) -> list[Travel]:
    """Of every figure with a printed direction, in the order of the file."""
    series = by_series(figures)
    return [travel(one, before(one, series[one.series]), tolerance) for one in figures if one.printed_direction]


def differing(found: Iterable[Travel]) -> list[Travel]:
    return [one for one in found if one.differs]
