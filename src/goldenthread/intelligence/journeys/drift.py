"""Drift: how long children stay where they are, those who are still there counted in. Pure.

Durations of closed cases alone look short, as the longest are still open. So the share that lasts longer than a time is
worked out from both (Kaplan and Meier 1958; interval on the log-log scale with Greenwood's variance). How many are open
now beyond 9, 15 and 24 months is counted beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

from .intervals import Interval, wilson

AT_RISK_AT_LEAST = 5


@dataclass(frozen=True, slots=True)
class Stay:
    """How long one child has been, or was, at a stage. `over`: it has ended."""

    days: int
    over: bool


@dataclass(frozen=True, slots=True)
class Step:
    """From this day on, the share that stays longer. `at_risk`: how many were still there to see it."""

    day: int
    share: float
    interval: Interval
    at_risk: int


@dataclass(frozen=True, slots=True)
class Beyond:
    """Of those open now, how many are beyond a time."""

    days: int
    count: int
    of: int
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Drift:
    steps: tuple[Step, ...]
    half_end_within: int | None
    """The day by which half have ended; None where half have not, or too few are left to say."""
    beyond: tuple[Beyond, ...]
    words: str


def drift(stays: Sequence[Stay], thresholds: Sequence[int] = (274, 456, 730)) -> Drift:
    """Thresholds are in days: 9, 15 and 24 months unless said otherwise."""
    for one in stays:
        if one.days < 0:
            raise ValueError("nobody stays for less than no days")
    steps = _steps(stays)
    half = next((step.day for step in steps if step.share <= 0.5 and step.at_risk >= AT_RISK_AT_LEAST), None)
    now = [one.days for one in stays if not one.over]
    beyond = tuple(
        Beyond(
            days, many := sum(one > days for one in now), len(now), wilson(many, len(now)) if now else None
        )
        for days in thresholds
    )
    ended = len(stays) - len(now)
    words = f"{ended} ended, {len(now)} still open. "
    if half is not None:
        words += f"Half end within {half} days, those still open counted in. "
    else:
        words += "Half have not ended yet, or too few are left to say when half will have. "
    words += "Open now: " + ", ".join(f"{one.count} beyond {one.days} days" for one in beyond) + "."
    return Drift(steps, half, beyond, words)


def _steps(stays: Sequence[Stay]) -> tuple[Step, ...]:
    found, share, greenwood = [], 1.0, 0.0
    leaving, ending = Counter(one.days for one in stays), Counter(one.days for one in stays if one.over)
    at_risk = len(stays)
    for day, gone in sorted(leaving.items()):
        ended = ending[day]
        if not ended:
            at_risk -= gone
            continue
        share *= 1 - ended / at_risk
        if at_risk > ended:
            greenwood += ended / (at_risk * (at_risk - ended))
        found.append(Step(day, share, _interval(share, greenwood), at_risk))
        at_risk -= gone
    return tuple(found)


def _interval(share: float, greenwood: float) -> Interval:
    if not 0 < share < 1:
        return Interval(0.0, 1.0) if share == 0 else Interval(share, share)
    spread = exp(1.959964 * sqrt(greenwood) / abs(log(share)))
    return Interval(share**spread, share ** (1 / spread))
