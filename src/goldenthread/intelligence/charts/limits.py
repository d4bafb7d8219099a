"""Averages and limits of XmR, p and u charts. Pure.

XmR: the average, and 2.66 times the mean moving range to either side (Wheeler, Understanding Variation; 2.66 is 3/1.128
as Making Data Count rounds it). A range is taken only between neighbours that are both known. Outliers are not screened,
as in Making Data Count's own tools. p: binomial, 3 standard errors. u: Poisson, 3 standard errors (Montgomery,
Introduction to Statistical Quality Control, chapter 7). Limits stop where values must: a percentage at 0 and 100.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal

from .rules import Placed
from .series import Point

Kind = Literal["xmr", "p", "u"]

FROM_MOVING_RANGE = 2.66


@dataclass(frozen=True, slots=True)
class Limits:
    """What a stretch of points is judged by. For p and u the limits of a point depend on what it is out of."""

    kind: Kind
    centre: float
    sigma: float
    """XmR: a third of 2.66 mean moving ranges. p and u: what the standard error of one is."""
    scale: float
    lowest: float | None
    highest: float | None
    times_wider: float
    """How much more the points vary than chance alone would have it (p and u only): Laney's sigma z."""

    def place(self, point: Point) -> Placed | None:
        """The point on the chart, or None for a gap."""
        value = shown(self.kind, point, self.scale)
        if value is None:
            return None
        sigma = self.sigma
        if self.kind != "xmr":
            assert point.of is not None
            sigma = self.sigma / sqrt(point.of)
        lower, upper = self.centre - 3 * sigma, self.centre + 3 * sigma
        if self.lowest is not None:
            lower = max(lower, self.lowest)
        if self.highest is not None:
            upper = min(upper, self.highest)
        return Placed(value, self.centre, sigma, lower, upper)


def shown(kind: Kind, point: Point, scale: float) -> float | None:
    """The value as it is drawn: a percentage for a p chart, a rate for a u chart. None of nothing is a gap."""
    if point.value is None:
        return None
    if kind == "xmr":
        return point.value
    if point.of is None:
        raise ValueError(f"{point.period}: a {kind} chart needs what the count is out of")
    if point.of == 0:
        return None
    if point.value < 0 or (kind == "p" and point.value > point.of):
        raise ValueError(f"{point.period}: {point.value:g} out of {point.of:g} cannot be")
    return scale * point.value / point.of


def limits(
    kind: Kind, points: Sequence[Point], scale: float, lowest: float | None, highest: float | None
) -> Limits:
    """Limits from a stretch of points, of which at least one is known."""
    if kind == "xmr":
        values = [point.value for point in points]
        known = [value for value in values if value is not None]
        centre = sum(known) / len(known)
        ranges = [
            abs(after - before)
            for before, after in itertools.pairwise(values)
            if before is not None and after is not None
        ]
        sigma = FROM_MOVING_RANGE * sum(ranges) / len(ranges) / 3 if ranges else 0.0
        return Limits(kind, centre, sigma, 1, lowest, highest, 1)
    counted = [(point.value, point.of) for point in points if point.value is not None and point.of]
    overall = sum(value for value, _ in counted) / sum(of for _, of in counted)
    one = sqrt(overall * (1 - overall)) if kind == "p" else sqrt(overall)
    top = scale if kind == "p" else highest
    return Limits(
        kind, scale * overall, scale * one, scale, lowest or 0, top, _times_wider(counted, overall, one)
    )


def _times_wider(counted: Sequence[tuple[float, float]], overall: float, one: float) -> float:
    """Laney's sigma z: the moving range of the standardised points over what chance would give (Laney 2002)."""
    if one == 0 or len(counted) < 2:
        return 1
    z = [(value / of - overall) / (one / sqrt(of)) for value, of in counted]
    ranges = [abs(after - before) for before, after in itertools.pairwise(z)]
    return sum(ranges) / len(ranges) / 1.128
