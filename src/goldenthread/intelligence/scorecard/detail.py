"""All about one indicator: its control chart, its districts beside each other, and the words and tables for both. Pure.

A share of children is a p chart, a rate of things that happen a u chart, all else an XmR chart: what stands on a day is the
same children twice, so chance alone does not say how far it moves. A period that is not over is not drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from goldenthread.guidance.indicator import Indicator

from ..charts import (
    Better,
    Change,
    Chart,
    Effect,
    Funnel,
    Point,
    Seasons,
    Unit,
    control_chart,
    effect,
    funnel,
    seasons,
)
from ..charts.limits import Kind
from ..indicators.periods import Period, previous
from .keeping import NONE, Kept
from .reading import KEPT_BACK, Line, Shown, line, shown, target_on
from .releasing import LEAVES

MANY: Mapping[str, int] = {"month": 36, "quarter": 15, "year": 4, "rolling_year": 4}
"""How many periods are charted."""


@dataclass(frozen=True, slots=True)
class Told:
    """One area: its line, and each of the latest periods as this reader may see it."""

    area: str
    title: str
    line: Line
    seen: tuple[tuple[Period, Shown], ...]

    def lines(self) -> list[Line]:
        """A line for each of its periods that has one before it, the latest first."""
        periods, shown = [one for one, _ in self.seen], [one for _, one in self.seen]
        return [
            line(self.line.id, self.line.indicator, periods[:many], shown[:many]) for many in range(len(self.seen), 1, -1)
        ]


@dataclass(frozen=True, slots=True)
class Detail:
    """An indicator in one area."""

    whole: Told
    chart: Chart
    kind: Kind
    charted: tuple[tuple[Period, Shown], ...]
    effects: tuple[Effect, ...]
    """What became of the numbers after each marked change, in the order of the changes."""
    seasons: Seasons | None
    places: tuple[Told, ...]
    """Its districts: the smallest areas in it."""
    funnel: Funnel | None

    @property
    def line(self) -> Line:
        return self.whole.line


def charted_by(indicator: Indicator, exact: bool) -> list[str]:
    """How often it can be charted, the finest first; twelve months at a time overlap and are not charted."""
    return [one for one in ("month", "quarter", "year") if one in indicator.periods and (exact or one in LEAVES)]


def detail(
    kept: Kept, name: str, indicator: Indicator, area: str, districts: Mapping[str, str], period: Period, exact: bool,
    frequency: str, changes: Sequence[Change] = (),
) -> Detail:  # fmt: skip
    """`period` is the indicator's own (`reading.period_for`); `districts` are area and title; `changes` in order of days."""
    as_of = kept.about.as_of
    span = _run(period, 12 if period.frequency in ("month", "quarter") else 4)
    charted = _charted(period, frequency, as_of)
    by_season = _seasonal(frequency, as_of)
    keys = sorted({one.key for one in (*span, *charted)})
    figures = kept.of(name, [area, *districts], keys)
    figures |= kept.of(name, [area], [one.key for one in by_season])

    def seen(place: str, one: Period) -> Shown:
        return shown(figures.get((place, one.key), NONE), indicator, one, as_of, exact)

    def told(place: str, title: str) -> Told:
        shown = [seen(place, one) for one in span]
        return Told(place, title, line(name, indicator, span, shown), tuple(zip(span, shown, strict=True)))

    whole = told(area, "")
    places = [told(place, title) for place, title in districts.items()]
    points = [(one, seen(area, one)) for one in charted]
    kind = _kind(indicator)
    made = _Made(indicator, kind, [_point(kind, one, each) for one, each in points[_first(points) :]])
    return Detail(
        whole, _chart(made, period, changes), kind, tuple(points), _effects(made, changes),
        _seasons(made, frequency, [(one, seen(area, one)) for one in by_season]), tuple(places),
        _funnel(indicator, places, period),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Made:
    """What a chart is made of."""

    indicator: Indicator
    kind: Kind
    series: Sequence[Point]

    @property
    def unit(self) -> str:
        return "%" if self.indicator.unit == "per cent" else ""

    @property
    def scale(self) -> float | None:
        return float(self.indicator.per.each) if self.kind == "u" and self.indicator.per is not None else None


def _first(points: Sequence[tuple[Period, Shown]]) -> int:
    """Where the first known value is."""
    return next((nth for nth, (_, one) in enumerate(points) if one.value is not None), 0)


def _run(last: Period, many: int) -> list[Period]:
    found = [last]
    while len(found) < many:
        found.append(previous(found[-1]))
    return found[::-1]


def _charted(asked: Period, frequency: str, as_of: date) -> list[Period]:
    """Periods of a frequency up to the one asked for, or to the latest that is over."""
    last = {"month": Period.month, "quarter": _quarter, "year": _year}[frequency](asked.end.year, asked.end.month)
    while last.end > min(asked.end, as_of):
        last = previous(last)
    return _run(last, MANY[frequency])


def _quarter(year: int, month: int) -> Period:
    return Period.quarter(year - (month < 4), (month - 4) % 12 // 3 + 1)


def _year(year: int, month: int) -> Period:
    return Period.year(year - (month < 4))


def _kind(indicator: Indicator) -> Kind:
    if indicator.those is not None:
        return "p"
    if indicator.per is not None and indicator.counts is not None and indicator.counts.when not in ("open_at_end", "during"):
        return "u"
    return "xmr"


def _chart(made: _Made, period: Period, changes: Sequence[Change]) -> Chart:
    better: Better = made.indicator.better
    return control_chart(
        made.indicator.title, made.kind, made.series, better=better, target=target_on(made.indicator, period.end),
        changes=changes, unit=made.unit, scale=made.scale, lowest=0.0,
        highest=100.0 if made.indicator.unit == "per cent" else None,
    )  # fmt: skip


def _effects(made: _Made, changes: Sequence[Change]) -> tuple[Effect, ...]:
    """Each change held against the stretch between the change before it and itself, up to the change after it."""
    return tuple(
        effect(
            made.kind, made.series, one, better=made.indicator.better, scale=made.scale, unit=made.unit,
            since=next((each for each in reversed(changes) if each.on < one.on), None),
            until=next((each for each in changes if each.on > one.on), None),
        )
        for one in changes
    )  # fmt: skip


SEASONAL: Mapping[str, int] = {"month": 36, "quarter": 12}
"""How many periods make the three years of the seasonal view."""


def _seasonal(frequency: str, as_of: date) -> list[Period]:
    """The latest three years of months or quarters that are over, whichever period was asked for."""
    if frequency not in SEASONAL:
        return []
    last = Period.month(as_of.year, as_of.month) if frequency == "month" else _quarter(as_of.year, as_of.month)
    return _run(last if last.end <= as_of else previous(last), SEASONAL[frequency])


def _seasons(made: _Made, frequency: str, told: Sequence[tuple[Period, Shown]]) -> Seasons | None:
    if not told or all(one.value is None for _, one in told):
        return None
    points = [Point(one.key, one.start, each.value) for one, each in told]
    every: Literal["month", "quarter"] = "month" if frequency == "month" else "quarter"
    counting = made.indicator.counts is not None or made.indicator.those is not None  # else an average: of how many
    counted = [each.numerator if counting else each.denominator for _, each in told]
    return seasons(points, every=every, begins=told[0][0].start.month, counted=counted)


def _point(kind: Kind, period: Period, one: Shown) -> Point:
    title = f"{period.start:%b %Y}" if period.frequency == "month" else period.key
    if one.value is None:
        return Point(title, period.start, None)
    return Point(title, period.start, one.value) if kind == "xmr" else Point(title, period.start, one.numerator, one.denominator)


def _funnel(indicator: Indicator, places: Sequence[Told], period: Period) -> Funnel | None:
    """Districts by size, for a share or a rate. What is kept back is listed, never drawn, and in no average."""
    if not places or (indicator.those is None and indicator.per is None):
        return None
    units = []
    for one in places:
        now = one.line.now
        if now.value is not None and now.numerator is not None and now.denominator:
            units.append(Unit(one.title, int(now.numerator), int(now.denominator)))
        else:
            units.append(Unit(one.title, None, 1, now.mark == KEPT_BACK))
    if indicator.those is not None:
        return funnel(f"{indicator.title}, {period.key}", "share", units, better=indicator.better)
    assert indicator.per is not None
    return funnel(f"{indicator.title}, {period.key}", "rate", units, scale=float(indicator.per.each), better=indicator.better)
