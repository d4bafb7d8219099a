"""All about one indicator: its control chart, its districts beside each other, and the words and tables for both. Pure.

A share of children is a p chart, a rate of things that happen a u chart, all else an XmR chart: what stands on a day is the
same children twice, so chance alone does not say how far it moves. A period that is not over is not drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from goldenthread.guidance.indicator import Indicator

from ..charts import Better, Chart, Funnel, Point, Unit, control_chart, funnel
from ..charts.limits import Kind
from ..indicators.periods import Period, previous
from .keeping import NONE, Kept
from .reading import Line, Shown, line, shown, target_on
from .releasing import LEAVES

MANY: Mapping[str, int] = {"month": 36, "quarter": 15, "year": 4, "rolling_year": 4}
"""How many periods are charted."""


@dataclass(frozen=True, slots=True)
class Detail:
    """An indicator in one area."""

    line: Line
    chart: Chart
    kind: Kind
    charted: tuple[tuple[Period, Shown], ...]
    places: tuple[tuple[str, Line], ...]
    """Districts, and the same line for each."""
    funnel: Funnel | None


def charted_by(indicator: Indicator, exact: bool) -> list[str]:
    """How often it can be charted, the finest first; twelve months at a time overlap and are not charted."""
    return [one for one in ("month", "quarter", "year") if one in indicator.periods and (exact or one in LEAVES)]


def detail(
    kept: Kept, name: str, indicator: Indicator, area: str, districts: Mapping[str, str], period: Period, exact: bool,
    frequency: str,
) -> Detail:  # fmt: skip
    """`period` is the indicator's own (`reading.period_for`); `districts` are area and title."""
    as_of = kept.about.as_of
    span = _run(period, 12 if period.frequency in ("month", "quarter") else 4)
    charted = _charted(period, frequency, as_of)
    keys = sorted({one.key for one in (*span, *charted)})
    figures = kept.of(name, [area, *districts], keys)

    def seen(place: str, one: Period) -> Shown:
        return shown(figures.get((place, one.key), NONE), indicator, one, as_of, exact)

    whole = line(name, indicator, span, [seen(area, one) for one in span])
    places = tuple(
        (title, line(name, indicator, span, [seen(place, one) for one in span])) for place, title in districts.items()
    )
    points = [(one, seen(area, one)) for one in charted]
    kind = _kind(indicator)
    return Detail(
        whole, _chart(indicator, kind, points, period), kind, tuple(points), places, _funnel(indicator, places, period)
    )


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


def _chart(indicator: Indicator, kind: Kind, points: Sequence[tuple[Period, Shown]], period: Period) -> Chart:
    first = next((nth for nth, (_, one) in enumerate(points) if one.value is not None), 0)
    better: Better = indicator.better
    series = [_point(kind, one, each) for one, each in points[first:]]
    return control_chart(
        indicator.title, kind, series, better=better, target=target_on(indicator, period.end),
        unit="%" if indicator.unit == "per cent" else "",
        scale=float(indicator.per.each) if kind == "u" and indicator.per is not None else None,
        lowest=0.0, highest=100.0 if indicator.unit == "per cent" else None,
    )  # fmt: skip


def _point(kind: Kind, period: Period, one: Shown) -> Point:
    title = f"{period.start:%b %Y}" if period.frequency == "month" else period.key
    if one.value is None:
        return Point(title, period.start, None)
    return Point(title, period.start, one.value) if kind == "xmr" else Point(title, period.start, one.numerator, one.denominator)


def _funnel(indicator: Indicator, places: Sequence[tuple[str, Line]], period: Period) -> Funnel | None:
    """Districts by size, for a share or a rate. A district whose figure is kept back is listed, never drawn."""
    if indicator.those is None and indicator.per is None:
        return None
    units = []
    for title, one in places:
        now = one.now
        if now.value is not None and now.numerator is not None and now.denominator:
            units.append(Unit(title, int(now.numerator), int(now.denominator)))
        else:
            units.append(Unit(title, None, 1))
    if indicator.those is not None:
        return funnel(f"{indicator.title}, {period.key}", "share", units, better=indicator.better)
    assert indicator.per is not None
    return funnel(f"{indicator.title}, {period.key}", "rate", units, scale=float(indicator.per.each), better=indicator.better)
