"""Charts of a published table: bars for one period, small multiples for several. Numbers for templates; no Django.

Every bar starts at nought. Panels of one unit share a scale; where units differ each has its own, and the page says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .printed.figure import Figure
from .printed.tables import Line, Table

ROW, BAR = 30, 20
WIDTH, VALUE = 380, 90
"""Of the bar chart: room for the longest bar, and for the value behind it."""
LETTER, MOST_LETTERS = 7.6, 34
"""Room for a letter of a name, and how many are written."""
PANEL_WIDTH, PANEL_HEIGHT, PANEL_TOP = 220, 84, 18
FEWEST, MOST = 2, 26
"""Rows that are drawn: a chart of one bar says nothing, and one of many cannot be read."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the bar chart."""

    label: str
    text: str
    y: int
    width: float


@dataclass(frozen=True, slots=True)
class Bars:
    """A bar chart: what it is of, in words, and its bars."""

    words: str
    bars: list[Bar]
    height: int
    label: int
    """Room for the names."""


@dataclass(frozen=True, slots=True)
class Column:
    """One period's bar in a panel."""

    x: float
    y: float
    width: float
    height: float
    words: str
    last: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """One row of the table over its periods."""

    label: str
    columns: list[Column]
    first: str
    last: str
    words: str


@dataclass(frozen=True, slots=True)
class Panels:
    """Small multiples: the first and last period, and whether all panels have one scale."""

    panels: list[Panel]
    first: str
    last: str
    one_scale: bool


def chart_of(table: Table) -> Bars | Panels | None:
    """What shows the table best; None where a picture would say nothing or compare what cannot be compared."""
    rows = [(line, _figures(line)) for line in table.lines if not line.total]
    periods = sorted({one.period for _, those in rows for one in those})
    if any(one.kind == "said" for one in periods) or len({one.kind for one in periods}) != 1:
        return None
    drawn = [(line, those) for line, those in rows if those]
    if len(periods) >= 3:
        several = [(line, those) for line, those in drawn if len(those) >= 3]
        return _panels(several[:MOST], [one.words for one in periods]) if several else None
    if len({(one.unit, one.indicator) for _, those in drawn for one in those}) == 1 and FEWEST <= len(drawn) <= MOST:
        return _bars(drawn) if all(len({one.area for one in those}) == 1 for _, those in drawn) else None
    return None


def _figures(line: Line) -> list[Figure]:
    """The figures of a row, each once, in the order of the columns."""
    return list(dict.fromkeys(cell.figure for cell in line.cells if cell.figure is not None and not cell.worked))


def _size(one: Figure) -> float:
    """How long its bar is: what is under nought has none."""
    return max(float(one.value.value), 0.0)


def _bars(rows: Sequence[tuple[Line, list[Figure]]]) -> Bars:
    longest = max(_size(those[-1]) for _, those in rows)
    bars = [
        Bar(
            line.label if len(line.label) <= MOST_LETTERS else f"{line.label[: MOST_LETTERS - 1]}…",
            those[-1].shown,
            place * ROW,
            round(_size(those[-1]) / longest * WIDTH, 1) if longest else 0.0,
        )
        for place, (line, those) in enumerate(rows)
    ]
    first = rows[0][1][-1]
    unit = "" if first.unit in ("count", "GBP", "%") else f", {first.unit}"
    label = round(max(len(one.label) for one in bars) * LETTER + 16)
    return Bars(f"{first.indicator}{unit}, {first.period.words}", bars, len(bars) * ROW + 6, label)


def _panels(rows: Sequence[tuple[Line, list[Figure]]], periods: Sequence[str]) -> Panels:
    units = {one.unit for _, those in rows for one in those}
    tallest = max(_size(one) for _, those in rows for one in those)
    step = PANEL_WIDTH / len(periods)
    panels = []
    for line, those in rows:
        top = tallest if len(units) == 1 else max(_size(one) for one in those)
        columns = []
        for one in those:
            height = round(_size(one) / top * (PANEL_HEIGHT - PANEL_TOP), 1) if top > 0 else 0.0
            x = round(periods.index(one.period.words) * step + step * 0.1, 1)
            words = f"{one.period.words}: {one.shown}"
            columns.append(Column(x, round(PANEL_HEIGHT - height, 1), round(step * 0.8, 1), height, words, one is those[-1]))
        first, last = those[0], those[-1]
        unit = "" if last.unit in ("count", "GBP", "%") else f" {last.unit}"
        words = f"{line.label}: {first.shown}{unit} in {first.period.words}, {last.shown}{unit} in {last.period.words}"
        panels.append(Panel(line.label, columns, first.shown, last.shown, words))
    return Panels(panels, periods[0], periods[-1], len(units) == 1)
