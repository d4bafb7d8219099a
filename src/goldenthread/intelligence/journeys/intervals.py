"""Intervals for shares, rates and their ratios, made for small numbers. Pure.

Share: Wilson's score interval (Wilson 1927; Newcombe, Statistics in Medicine 17 (1998), method 3), or the exact one of
Clopper and Pearson (1934). Rate: exact (Garwood 1936). Ratio of shares: the score interval of Koopman, Biometrics 40
(1984). Ratio of rates: exact, given how many there are in both together (Przyborowski and Wilenski 1940). None of them
breaks at zero, as the textbook ones do.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf, sqrt
from typing import NamedTuple

from scipy.special import betaincinv, gammaincinv, ndtri


class Interval(NamedTuple):
    low: float
    high: float


def wilson(events: int, of: int, level: float = 0.95) -> Interval:
    z = _z(level)
    share = events / of
    middle = share + z * z / (2 * of)
    half = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    low, high = (middle - half) / (1 + z * z / of), (middle + half) / (1 + z * z / of)
    return Interval(0.0 if events == 0 else low, 1.0 if events == of else high)


def exact_share(events: int, of: int, level: float = 0.95) -> Interval:
    tail = (1 - level) / 2
    low = 0.0 if events == 0 else float(betaincinv(events, of - events + 1, tail))
    high = 1.0 if events == of else float(betaincinv(events + 1, of - events, 1 - tail))
    return Interval(low, high)


def exact_rate(events: int, population: float, level: float = 0.95) -> Interval:
    tail = (1 - level) / 2
    low = 0.0 if events == 0 else float(gammaincinv(events, tail))
    return Interval(low / population, float(gammaincinv(events + 1, 1 - tail)) / population)


def ratio_of_rates(
    events: int, population: float, other: int, beside: float, level: float = 0.95
) -> Interval:
    """How many times as high the first rate is as the second."""
    if events + other == 0:
        return Interval(0.0, inf)
    low, high = exact_share(events, events + other, level)

    def ratio(share: float) -> float:
        return inf if share >= 1 else share / (1 - share) * beside / population

    return Interval(ratio(low), ratio(high))


def ratio_of_shares(events: int, of: int, other: int, beside: int, level: float = 0.95) -> Interval:
    """How many times as high the first share is as the second."""
    if events + other == 0:
        return Interval(0.0, inf)
    z2 = _z(level) ** 2

    def too_far(ratio: float) -> bool:
        return _score(events, of, other, beside, ratio) > z2

    guess = ((events + 0.5) / (of + 0.5)) / ((other + 0.5) / (beside + 0.5))
    centre = guess if events in (0, of) or other in (0, beside) else (events / of) / (other / beside)
    low = 0.0 if events == 0 else _edge(too_far, centre, 0.5)
    high = inf if other == 0 else _edge(too_far, centre, 2.0)
    return Interval(low, high)


def _score(events: int, of: int, other: int, beside: int, ratio: float) -> float:
    """Koopman's chi-squared for a ratio, at the shares that are likeliest under it."""
    total = of + beside
    a, b, c = ratio * total, -(ratio * (of + other) + events + beside), events + other
    second = (-b - sqrt(max(0.0, b * b - 4 * a * c))) / (2 * a)
    return _far(events, of, min(1.0, ratio * second)) + _far(other, beside, second)


def _far(events: int, of: int, share: float) -> float:
    """How far a count lies from what a share would give, in squared standard errors."""
    gap = (events - of * share) ** 2
    if gap < 1e-12:
        return 0.0
    return gap / (of * share * (1 - share)) if 0 < share < 1 else inf


def _edge(too_far: Callable[[float], bool], inside: float, step: float) -> float:
    """Where it becomes too far, going from `inside` by factors of `step`."""
    outside = inside * step
    while not too_far(outside):
        inside, outside = outside, outside * step
        if not 1e-12 < outside < 1e12:
            return 0.0 if step < 1 else inf
    for _ in range(100):
        middle = sqrt(inside * outside)
        if too_far(middle):
            outside = middle
        else:
            inside = middle
    return inside


def _z(level: float) -> float:
    if not 0 < level < 1:
        raise ValueError("a level lies between 0 and 1, such as 0.95")
    return float(ndtri(0.5 + level / 2))
