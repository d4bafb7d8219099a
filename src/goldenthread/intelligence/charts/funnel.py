"""Funnel plots: districts beside each other, with the limits that chance alone would give districts of their size. Pure.

Exact limits from the binomial (a share of children) or the Poisson (a rate), at 95 and 99.8 per cent, interpolated as in
Spiegelhalter, Funnel plots for comparing institutional performance, Statistics in Medicine 24 (2005), appendix A.1. If
districts differ by more than chance as a whole (overdispersion, his section 4.1: z scores, the outer tenths pulled in),
it is said, and the limits are made wider by its square root. A district without a figure is listed, never drawn at zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal

from scipy.special import bdtr, pdtr

from .series import Better, said

Kind = Literal["share", "rate"]
INNER, OUTER = 0.025, 0.001
UNITS_NEEDED = 5


@dataclass(frozen=True, slots=True)
class Unit:
    """A district: how many, out of (or in a population of) how many. None: not known, or kept back."""

    name: str
    events: int | None
    of: int
    kept_back: bool = False
    """It has a figure, which this reader is not told."""


@dataclass(frozen=True, slots=True)
class Band:
    """The limits for a size, as they are drawn: at 99.8, 95, 95 and 99.8 per cent."""

    of: float
    lowest: float
    low: float
    high: float
    highest: float


@dataclass(frozen=True, slots=True)
class Placed:
    unit: Unit
    value: float
    band: Band
    verdict: Literal["within", "high", "low", "very high", "very low"]
    words: str


@dataclass(frozen=True, slots=True)
class Funnel:
    title: str
    kind: Kind
    scale: float
    better: Better
    average: float | None
    placed: tuple[Placed, ...]
    not_known: tuple[str, ...]
    times_wider: float
    """How much more the districts vary than chance would have it; 1 where they do not."""
    notes: tuple[str, ...]

    def band(self, of: float) -> Band:
        """The limits for any size, for drawing."""
        assert self.average is not None
        return _band(self.kind, self.average / self.scale, of, self.scale, self.times_wider)

    @property
    def in_words(self) -> str:
        if self.average is None:
            return f"{self.title}: {' '.join(self.notes)}"
        out = [one.words for one in self.placed if one.verdict != "within"]
        said_all = out or ["Every district lies within what chance gives for its size."]
        return " ".join([f"{self.title}: {said(self.average)} overall.", *said_all, *self.notes])


def funnel(
    title: str, kind: Kind, units: Sequence[Unit], *, scale: float | None = None, better: Better = "neither"
) -> Funnel:
    """Districts against each other. `scale`: 100 for a share unless said, 10,000 for a rate."""
    scale = scale if scale is not None else (100 if kind == "share" else 10_000)
    for unit in units:
        if unit.of <= 0:
            raise ValueError(f"{unit.name}: nothing to be out of")
        if unit.events is not None and (unit.events < 0 or (kind == "share" and unit.events > unit.of)):
            raise ValueError(f"{unit.name}: {unit.events} out of {unit.of} cannot be")
    known = [(unit, unit.events) for unit in units if unit.events is not None]
    gone = tuple(unit.name for unit in units if unit.events is None)
    back = [unit.name for unit in units if unit.events is None and unit.kept_back]
    none = [name for name in gone if name not in back]
    notes = [f"Kept back, and in nothing here: {', '.join(back)}."] if back else []
    notes += [f"Not shown, for want of a figure: {', '.join(none)}."] if none else []
    if len(known) < UNITS_NEEDED:
        notes.append(f"Not enough data: {len(known)} districts, and {UNITS_NEEDED} are needed.")
        return Funnel(title, kind, scale, better, None, (), gone, 1, tuple(notes))
    overall = sum(events for _, events in known) / sum(unit.of for unit, _ in known)
    phi = overdispersion(kind, known, overall)
    wider = 1.0
    if phi > 1 + 2 * sqrt(2 / len(known)):
        wider = sqrt(phi)
        notes.append(
            f"The districts differ by more than chance: their spread (variance) is {said(phi)} times what chance "
            f"gives. The limits are {said(wider)} times as wide for it. Something real differs between districts: "
            "need, practice or recording."
        )
    placed = tuple(_placed(kind, unit, events, overall, scale, wider) for unit, events in known)
    return Funnel(title, kind, scale, better, scale * overall, placed, gone, wider, tuple(notes))


def overdispersion(kind: Kind, known: Sequence[tuple[Unit, int]], overall: float) -> float:
    """The mean squared z score, its outer tenths pulled in."""
    spread = overall * (1 - overall) if kind == "share" else overall
    if spread <= 0:
        return 1.0
    z = sorted((events / unit.of - overall) / sqrt(spread / unit.of) for unit, events in known)
    cut = len(z) // 10
    if cut:
        z = [min(max(one, z[cut]), z[-cut - 1]) for one in z]
    return sum(one * one for one in z) / len(z)


def _placed(kind: Kind, unit: Unit, events: int, overall: float, scale: float, wider: float) -> Placed:
    value, band = scale * events / unit.of, _band(kind, overall, unit.of, scale, wider)
    verdict: Literal["within", "high", "low", "very high", "very low"] = "within"
    words = f"{unit.name}: {said(value)}, within what chance gives for its size."
    seldom = {side: _seldom(kind, overall, unit.of, events, side) for side in ("high", "low")}
    for side, out, far, limits in (
        ("high", value > band.high and seldom["high"] < INNER, value > band.highest and seldom["high"] < OUTER,
         (band.high, band.highest)),
        ("low", value < band.low and seldom["low"] < INNER, value < band.lowest and seldom["low"] < OUTER,
         (band.low, band.lowest)),
    ):  # fmt: skip
        if out:
            limit, level = (limits[1], "99.8") if far else (limits[0], "95")
            verdict = ("very high" if far else "high") if side == "high" else ("very low" if far else "low")
            words = (
                f"{unit.name}: {said(value)}, {'above' if side == 'high' else 'below'} the {level} per cent "
            )
            words += f"limit ({said(limit)})."
    return Placed(unit, value, band, verdict, words)


def _seldom(kind: Kind, overall: float, of: int, events: int, side: str) -> float:
    """How often chance gives as many as this or more (or fewer). All of ten in time is nothing rare where most are, though it
    lies over a limit that is drawn between nine and ten."""
    under = events if side == "low" else events - 1
    if under < 0:
        return 1.0
    share = float(bdtr(under, of, overall) if kind == "share" else pdtr(under, of * overall))
    return share if side == "low" else 1 - share


def _band(kind: Kind, overall: float, of: float, scale: float, wider: float) -> Band:
    def limit(tail: float) -> float:
        exact = exact_limit(kind, overall, of, tail)
        stretched = overall + wider * (exact - overall)
        top = 1.0 if kind == "share" else float("inf")
        return scale * min(max(stretched, 0.0), top)

    return Band(of, limit(OUTER), limit(INNER), limit(1 - INNER), limit(1 - OUTER))


def exact_limit(kind: Kind, overall: float, of: float, tail: float) -> float:
    """The share or rate that a part `tail` of such districts would lie under; between whole numbers, interpolated."""

    def under(count: int) -> float:
        if count < 0:
            return 0.0
        return float(
            bdtr(min(count, int(of)), int(of), overall) if kind == "share" else pdtr(count, of * overall)
        )

    low, high = -1, max(1, int(of * overall))
    while under(high) < tail:
        low, high = high, 2 * high + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if under(middle) < tail else (low, middle)
    back = (under(high) - tail) / (under(high) - under(high - 1))
    return max(0.0, (high - back) / of)
