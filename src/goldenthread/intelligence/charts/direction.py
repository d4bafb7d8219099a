"""Direction of travel: better, worse or stable, by which way is better and a stated tolerance. Pure.

Two figures say little: the next one is always higher, lower or the same. A tolerance keeps small moves from being called
a change, and the words say what it is. Whether the change is real is for the control chart.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from .series import Better

Word = Literal["Better", "Worse", "Stable", "Higher", "Lower", "No data"]
Number = int | float | str | Decimal

_SHAPE: dict[Word, str] = {
    "Better": "▲", "Worse": "▼", "Stable": "■", "Higher": "△", "Lower": "▽", "No data": "○"
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Direction:
    """`shape` goes with the word, so that colour is never alone. `change` is current less previous, exactly."""

    word: Word
    shape: str
    change: Decimal | None
    per_cent: Decimal | None
    words: str


def direction(
    current: Number | None,
    previous: Number | None,
    better: Better,
    *,
    tolerance: Number = 0,
    relative: bool = False,
) -> Direction:
    """Which way a figure went. A change of no more than the tolerance is stable.

    `relative`: the tolerance is in per cent of the previous figure.
    """
    if current is None or previous is None:
        gone = "this period" if current is None else "the period before"
        return Direction(
            "No data", _SHAPE["No data"], None, None, f"No figure for {gone}: nothing to compare"
        )
    now, before, allowed = (Decimal(str(one)) for one in (current, previous, tolerance))
    if allowed < 0:
        raise ValueError("a tolerance is never under zero")
    change = now - before
    per_cent = change * 100 / abs(before) if before else None
    if relative and per_cent is None and change:
        return Direction(
            "No data", _SHAPE["No data"], change, None, "The period before was zero: no per cent of it"
        )
    size = abs(per_cent if relative and per_cent is not None else change)
    within = (
        f"within the tolerance of {allowed.normalize():f}{' per cent' if relative else ''}" if allowed else ""
    )
    word: Word
    if size <= allowed:
        word = "Stable"
        words = f"Stable: {_moved(change)}, {within}" if change and within else "Stable: no change"
    elif better == "neither":
        word = "Higher" if change > 0 else "Lower"
        words = f"{word}: {_moved(change)}. Neither way is better in itself"
    else:
        word = "Better" if (change > 0) == (better == "higher") else "Worse"
        words = f"{word}: {_moved(change)}; {better} is better"
    return Direction(word, _SHAPE[word], change, per_cent, words)


def _moved(change: Decimal) -> str:
    return f"{'up' if change > 0 else 'down'} by {abs(change).normalize():f}"
