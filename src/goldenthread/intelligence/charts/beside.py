"""The table that stands beside a chart: the same facts as words and numbers, for anyone and for a screen reader. Pure.

Every chart has one. `html` writes it in the classes of the GOV.UK Design System; all words are escaped.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from .control import Chart
from .funnel import Funnel
from .seasons import Seasons
from .series import said


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: a caption, headings, rows of text. The first of a row is its heading."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def of_chart(chart: Chart) -> Grid:
    """Period by period: value, average, limits and what fired."""
    marked = {place: change.what for place, change in chart.changes}
    rows = []
    for place, point in enumerate(chart.points):
        noted = [one.words for one in point.fired if one.last == place]
        if place in marked:
            noted.insert(0, f"Change: {marked[place]}")
        rows.append(
            (
                point.period,
                _number(point.value, "no data"),
                _number(point.centre),
                _number(point.lower),
                _number(point.upper),
                "; ".join(noted),
            )
        )
    headings = (
        "Period",
        f"Value{chart.unit and f' ({chart.unit.strip()})'}",
        "Average",
        "Lower",
        "Upper",
        "Noted",
    )
    return Grid(chart.title, headings, tuple(rows))


def of_funnel(one: Funnel) -> Grid:
    rows: list[tuple[str, ...]] = [
        (
            placed.unit.name,
            f"{placed.unit.events:,}",
            f"{placed.unit.of:,}",
            _number(placed.value),
            f"{said(placed.band.low)} to {said(placed.band.high)}",
            f"{said(placed.band.lowest)} to {said(placed.band.highest)}",
            placed.verdict,
        )
        for placed in sorted(one.placed, key=lambda placed: -placed.value)
    ]
    rows += [(name, "no figure", "", "", "", "", "") for name in one.not_known]
    headings = (
        "District",
        "Count",
        "Out of",
        "Value",
        "95 per cent limits",
        "99.8 per cent limits",
        "Verdict",
    )
    return Grid(one.title, headings, tuple(rows))


def of_seasons(title: str, one: Seasons) -> Grid:
    rows = [(year, *(_number(value, "no data") for value in values)) for year, values in one.years.items()]
    rows.append(("Per cent of the year's average", *(_number(value, decimals=0) for value in one.typical)))
    return Grid(title, ("Year", *one.names), tuple(rows))


def html(grid: Grid) -> str:
    head = "".join(f'<th scope="col" class="govuk-table__header">{escape(one)}</th>' for one in grid.headings)
    body = "".join(
        f'<tr class="govuk-table__row"><th scope="row" class="govuk-table__header">{escape(row[0])}</th>'
        + "".join(f'<td class="govuk-table__cell">{escape(one)}</td>' for one in row[1:])
        + "</tr>"
        for row in grid.rows
    )
    return (
        f'<table class="govuk-table"><caption class="govuk-table__caption govuk-table__caption--s">'
        f'{escape(grid.caption)}</caption><thead class="govuk-table__head"><tr class="govuk-table__row">{head}</tr>'
        f'</thead><tbody class="govuk-table__body">{body}</tbody></table>'
    )


def _number(value: float | None, none: str = "", decimals: int = 1) -> str:
    return none if value is None else said(value, decimals)
