"""What a chart says in two words: the variation and assurance icons of Making Data Count, with their words. Pure.

Variation looks at the latest point: is it part of something unusual, and is that good? Assurance compares the target
with the limits: will it be met every time, never, or now and then? Source: NHS England, Making data count:
strengthening your decisions, "Using summary icons"; NHSRplotthedots (the latest point decides).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from .rules import Placed, Signal
from .series import Better, said

VariationIcon = Literal[
    "common", "improving_high", "improving_low", "concern_high", "concern_low", "up", "down", "none"
]
AssuranceIcon = Literal["passing", "failing", "hit_and_miss", "none"]


@dataclass(frozen=True, slots=True)
class Variation:
    """`letter` is what stands in the icon, so that colour is never alone."""

    icon: VariationIcon
    letter: str
    words: str
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assurance:
    icon: AssuranceIcon
    letter: str
    words: str


def variation(fired: Sequence[Signal], latest: int | None, better: Better, has_limits: bool) -> Variation:
    """What the latest known point says. The signal that reaches it decides; of several, the strongest."""
    if latest is None:
        return Variation("none", "", "No data")
    if not has_limits:
        return Variation("none", "", "Not enough data to tell a change from ordinary variation")
    reaching = [one for one in fired if latest in one.points]
    if not reaching:
        return Variation("common", "", "No significant change: this is ordinary variation")
    order = ("outside", "shift", "near", "trend")
    strongest = min(reaching, key=lambda one: order.index(one.rule))
    high = strongest.side == "high"
    because = tuple(one.words for one in reaching)
    letter, end = ("H", "higher") if high else ("L", "lower")
    if better == "neither":
        return Variation(
            "up" if high else "down", "↑" if high else "↓", f"A significant change to {end} values", because
        )
    if (better == "higher") == high:
        return Variation(
            "improving_high" if high else "improving_low",
            letter,
            f"Getting better: a significant change to {end} values",
            because,
        )
    return Variation(
        "concern_high" if high else "concern_low",
        letter,
        f"A concern: a significant change to {end} values",
        because,
    )


def assurance(latest: Placed | None, target: float | None, better: Better) -> Assurance:
    """Whether the process as it is will meet its target. A value equal to the target meets it."""
    if target is None or better == "neither" or latest is None:
        return Assurance("none", "", "No target" if target is None else "Cannot be said")
    if better == "higher":
        always, never = target <= latest.lower, target > latest.upper
    else:
        always, never = target >= latest.upper, target < latest.lower
    goal = said(target)
    if always:
        return Assurance(
            "passing", "P", f"The target of {goal} will be met every time unless something changes"
        )
    if never:
        return Assurance("failing", "F", f"The target of {goal} will not be met unless something changes")
    return Assurance(
        "hit_and_miss", "?", f"The target of {goal} will be met some times and missed others, by chance"
    )
