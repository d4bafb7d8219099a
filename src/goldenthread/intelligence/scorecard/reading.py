"""Lines of a scorecard from the values that are kept: now, before, direction, target, how others stand, how complete. Pure.

`exact` readers see every number. All others see what may leave need to know, and `c` where a number is kept back; what is
made of a number that is kept back (a change, a direction, a colour) is kept back with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from goldenthread.guidance.indicator import Indicator

from ..charts import Direction, direction
from ..indicators.periods import Period, previous
from ..indicators.values import NOTES
from .keeping import NONE, Figure, Kept
from .releasing import LEAVES

KEPT_BACK, MISSING = "c", ":"
_ORDER: tuple[str, ...] = ("quarter", "year", "rolling_year", "month")
"""How often an indicator is told if it is not told as often as was asked."""
SPARK = 12


@dataclass(frozen=True, slots=True)
class Shown:
    """A value as a reader may see it. `mark`: why no number stands there, `c` or `:`."""

    text: str
    value: float | None
    mark: str
    why: str
    numerator: float | None
    denominator: float | None
    complete: float | None
    notes: tuple[str, ...]
    """In words."""

    @property
    def words(self) -> str:
        """For those who hear the page."""
        return {"": self.text, KEPT_BACK: "kept back", MISSING: "no figure"}[self.mark]

    @property
    def completeness(self) -> str:
        """How much of what it needs was there, never rounded up to all of it."""
        if self.complete is None:
            return ""
        return "all" if self.complete >= 1 else f"{min(99, int(self.complete * 100))}%"


@dataclass(frozen=True, slots=True)
class Judged:
    """How a value stands: a word and a shape, so that colour is never alone."""

    word: str
    shape: Literal["met", "near", "missed", "none"]
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator on the page."""

    id: str
    indicator: Indicator
    period: Period
    before_period: Period
    now: Shown
    before: Shown
    travel: Direction | None
    """None where a number that it would tell of is kept back."""
    target: float | None
    judged: Judged
    others: tuple[Judged, str] | None
    """How it stands beside what was published elsewhere, and that."""
    trend: tuple[tuple[str, float | None], ...]

    @property
    def needs_a_look(self) -> bool:
        return self.judged.shape == "missed" or (self.travel is not None and self.travel.word == "Worse")


def text_of(value: float, indicator: Indicator) -> str:
    """A value as it is printed, a half rounded up."""
    step = Decimal(1).scaleb(-indicator.decimals)
    number = f"{Decimal(repr(value)).quantize(step, ROUND_HALF_UP):,}"
    return f"{number}%" if indicator.unit == "per cent" else number


def shown(figure: Figure, indicator: Indicator, period: Period, as_of: date, exact: bool) -> Shown:
    """A value as this reader may see it."""
    if not exact and not figure.may_leave:
        if period.frequency not in LEAVES:
            return _without(MISSING, "Outside need to know, figures are told by quarter and by year.")
        if period.end > as_of:
            return _without(MISSING, "The period is not over.")
        if figure.value is None:
            return _without(MISSING, " ".join(NOTES[one] for one in figure.notes), complete=figure.complete)
        return _without(KEPT_BACK, "Kept back: it is small, or a small number could be worked out from it.")
    notes = tuple(NOTES[one] for one in figure.notes)
    if figure.value is None:
        return Shown(MISSING, None, MISSING, " ".join(notes), figure.numerator, figure.denominator, figure.complete, notes)
    return Shown(
        text_of(figure.value, indicator), figure.value, "", "", figure.numerator, figure.denominator, figure.complete, notes
    )


def _without(mark: str, why: str, complete: float | None = None) -> Shown:
    return Shown(mark, None, mark, why, None, None, complete, ())


def period_for(indicator: Indicator, asked: Period, exact: bool) -> Period:
    """The period asked for, or where the indicator is not told so often the latest that it is told for and that ends by then."""
    if asked.frequency in indicator.periods:
        return asked
    for frequency in _ORDER:
        if frequency in indicator.periods and (exact or frequency in LEAVES):
            return _latest(frequency, asked.end)
    return asked


def _latest(frequency: str, end: date) -> Period:
    """The latest period of a frequency that ends by a day."""
    if frequency == "rolling_year":
        return Period.rolling_year(end.year, end.month)
    if frequency == "year":
        return Period.year(end.year - 1 if (end.month, end.day) >= (3, 31) else end.year - 2)
    if frequency == "month":
        return Period.month(end.year, end.month)
    quarter = Period.quarter(end.year - (end.month < 4), (end.month - 4) % 12 // 3 + 1)
    return quarter if quarter.end <= end else previous(quarter)


def target_on(indicator: Indicator, day: date) -> float | None:
    """The target in force on a day."""
    days = [one for one in indicator.target if one <= day]
    return indicator.target[max(days)] if days else None


def judge(value: float | None, target: float | None, indicator: Indicator) -> Judged:
    """Met, missed by no more than the tolerance, or missed. A value equal to the target meets it."""
    if target is None:
        return Judged("No target", "none", "")
    if value is None or indicator.better == "neither":
        return Judged("", "none", "")
    short = (target - value) if indicator.better == "higher" else (value - target)
    if short <= 0:
        return Judged("On target", "met", "")
    goal = text_of(target, indicator)
    if short <= indicator.tolerance:
        return Judged("Watch", "near", f"short of {goal} by no more than {indicator.tolerance:g}")
    side = "Below" if indicator.better == "higher" else "Above"
    return Judged(f"{side} target", "missed", f"the target is {goal}")


def beside(value: float | None, indicator: Indicator) -> tuple[Judged, str] | None:
    """How a value stands beside the latest published one of elsewhere. Counts of places of other sizes are not compared."""
    if not indicator.benchmark or indicator.unit == "count":
        return None
    where, other = list(indicator.benchmark.items())[-1]
    told = f"{text_of(other, indicator)} {where}"
    if value is None:
        return Judged("", "none", ""), told
    apart = value - other
    if abs(apart) <= indicator.tolerance:
        return Judged("About the same", "none", ""), told
    if indicator.better == "neither":
        return Judged("Higher" if apart > 0 else "Lower", "none", ""), told
    good = (apart > 0) == (indicator.better == "higher")
    return Judged("Better" if good else "Worse", "none", ""), told


def lines(
    kept: Kept, indicators: Mapping[str, Indicator], area: str, asked: Period, exact: bool
) -> list[Line]:
    """A line for each indicator, of one area and period."""
    wanted = {name: period_for(one, asked, exact) for name, one in indicators.items()}
    spans = {name: _span(period, SPARK) for name, period in wanted.items()}
    keys = sorted({one.key for span in spans.values() for one in span})
    figures = kept.at(area, keys, list(indicators))
    found = []
    for name, indicator in indicators.items():
        span = spans[name]
        seen = [
            shown(figures.get((name, one.key), NONE), indicator, one, kept.about.as_of, exact) for one in span
        ]
        found.append(line(name, indicator, span, seen))
    return found


def line(name: str, indicator: Indicator, span: Sequence[Period], seen: Sequence[Shown]) -> Line:
    """A line from what may be seen of the latest periods, the last of them the one that was asked for."""
    now, before, period = seen[-1], seen[-2], span[-1]
    travel = None
    if KEPT_BACK not in (now.mark, before.mark):
        travel = direction(_printed(now, indicator), _printed(before, indicator), indicator.better, tolerance=indicator.tolerance)
    target = target_on(indicator, period.end)
    trend = tuple((one.key, each.value) for one, each in zip(span, seen, strict=True))
    return Line(
        name, indicator, period, span[-2], now, before, travel, target, judge(now.value, target, indicator),
        beside(now.value, indicator), trend,
    )  # fmt: skip


def _printed(one: Shown, indicator: Indicator) -> Decimal | None:
    """The value as printed: a change is between what the page shows, so that a reader's subtraction is right."""
    if one.value is None:
        return None
    return Decimal(repr(one.value)).quantize(Decimal(1).scaleb(-indicator.decimals), ROUND_HALF_UP)


def _span(last: Period, many: int) -> list[Period]:
    """A run of periods that ends with this one. Twelve months at a time are told year by year."""
    found = [last]
    for _ in range(many - 1 if last.frequency in ("month", "quarter") else 3):
        found.append(previous(found[-1]))
    return found[::-1]


def latest_over(as_of: date, frequency: str = "quarter") -> Period:
    """The latest period that is over on a day."""
    return _latest(frequency, as_of)
