"""The pictures of one indicator, each with the table that stands beside it: for its page, and for what is taken away.

Everything is drawn from `detail`, which knows only what the reader may see. Depends on `scorecard`, `charts`, `marks.queries`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import mark_safe

from goldenthread.foundation.actor import Actor

from ..charts import Change, Effect, beside
from ..charts.drawing import control_svg, funnel_svg, letter, seasons_svg
from ..charts.icons import icon_svg
from ..marks.queries import Mark, areas_above, marks
from ..scorecard import pictures
from ..scorecard.detail import Detail, Told
from ..scorecard.reading import KEPT_BACK
from ..scorecard.tiles import Tile, tile_map
from .asked import Asked, within

KINDS = {
    "p": "A p chart: a share of those who could be counted. The limits are wider where there are fewer of them.",
    "u": "A u chart: a rate of things that happen in a population.",
    "xmr": "An XmR chart: the limits come from how far the value moves from one period to the next.",
}
AGAINST = {
    "very high": "very high for its size", "high": "high for its size", "very low": "very low for its size",
    "low": "low for its size", "within": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """A mark that is on the chart, and the change as the chart knows it."""

    mark: Mark
    change: Change


def changes_of(actor: Actor, question: Asked, name: str) -> tuple[list[Standing], list[Mark]]:
    """The marks on the chart of an area, in order of days; and those that were taken off."""
    standing, gone = marks(actor, question.library, name, areas_above(question.library, question.area))
    return [Standing(one, Change(one.row.on, one.row.what)) for one in standing], gone


def marked(standing: Sequence[Standing], told: Detail) -> list[dict[str, Any]]:
    """The list below the chart: each mark with its letter and what became of the numbers."""
    pairs: Sequence[tuple[Standing, Effect]] = list(zip(standing, told.effects, strict=True))
    return [{"letter": letter(nth), "mark": one.mark, "effect": found} for nth, (one, found) in enumerate(pairs)]


def districts_of(question: Asked) -> dict[str, str]:
    """The smallest areas inside the one asked for: area and title. One alone is no comparison."""
    inside: dict[str, str] = {}
    for arrangement in question.library.arrangements.values():
        above = {one.id: one.within for one in arrangement.areas}
        holders = set(above.values())
        for one in arrangement.areas:
            if one.id in question.areas and one.id not in holders and within(one.id, question.area, above):
                inside[one.id] = one.title
    return inside if len(inside) > 1 else {}



def drawn(told: Detail, question: Asked, *, often: str = "", links: bool = True) -> dict[str, Any]:
    """Every picture and its table, by the name that templates know it by."""
    chart = told.chart
    districts = [
        {"title": one.title, "line": one.line, "href": _href(question, told, one, often) if links else ""} for one in told.places
    ]
    return {
        "wide": control_svg(chart, "control-wide"), "narrow": control_svg(chart, "control-narrow", width=360, height=300),
        "chart_table": _table(beside.of_chart(chart)), "variation": icon_svg(chart.variation, "icon-variation"),
        "assurance": icon_svg(chart.assurance, "icon-assurance") if chart.assurance.icon != "none" else "",
        "shape": pictures.judged_svg(told.line.judged.shape), "districts": districts,
        **_seasonal(told), **_compared(told, question, districts),
    }  # fmt: skip


def _table(grid: beside.Grid) -> Any:
    return mark_safe(beside.html(grid))  # every word in it is escaped


def _href(question: Asked, told: Detail, one: Told, often: str) -> str:
    return question.address("scorecard:indicator", told.line.id, area=one.area, subject="", often=often) + "#changed"


def _seasonal(told: Detail) -> dict[str, Any]:
    one = told.seasons
    if one is None:
        return {}
    title = f"{told.line.indicator.title}, the same time of year"
    return {
        "seasons": one, "seasons_wide": seasons_svg(one, "seasons-wide", title),
        "seasons_narrow": seasons_svg(one, "seasons-narrow", title, width=360, height=280),
        "seasons_table": _table(beside.of_seasons(title, one)),
    }  # fmt: skip


def _compared(told: Detail, question: Asked, districts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Districts beside each other: on a map, over time, and by size."""
    if not told.places:
        return {}
    places = [
        pictures.Place(
            one.title, one.line.trend, f"{one.title}: {one.line.now.words} in {one.line.period.key}.",
            frozenset(nth for nth, (_, each) in enumerate(one.seen) if each.mark == KEPT_BACK),
        )
        for one in told.places
    ]  # fmt: skip
    periods = tuple(period.key for period, _ in told.places[0].seen)
    rows = tuple((one.title, *(each.text for _, each in one.seen)) for one in told.places)
    funnel = told.funnel
    return {
        "multiples": pictures.multiples(places, told.line.trend, "the whole area", told.line.indicator.unit, "district"),
        "multiples_table": _table(beside.Grid(f"{told.line.indicator.title} by district", ("District", *periods), rows)),
        "funnel": funnel_svg(funnel, "funnel") if funnel is not None and funnel.average is not None else "",
        "funnel_table": _table(beside.of_funnel(funnel)) if funnel is not None and funnel.average is not None else "",
        "maps": _maps(told, question, [one["href"] for one in districts]),
    }  # fmt: skip


def _maps(told: Detail, question: Asked, hrefs: Sequence[str]) -> list[dict[str, Any]]:
    """A map for each arrangement of which at least two districts are told."""
    verdicts = {one.unit.name: AGAINST[one.verdict] for one in told.funnel.placed} if told.funnel is not None else {}
    found = []
    for arrangement in question.library.arrangements.values():
        squares = arrangement.tile_map.squares if arrangement.tile_map is not None else {}
        tiles = [
            Tile(one.title, *squares[one.area], one.line.now, verdicts.get(one.title, ""), href)
            for one, href in zip(told.places, hrefs, strict=True)
            if one.area in squares
        ]
        title = f"{told.line.indicator.title}, {told.line.period.key}: the districts of {arrangement.title}"
        if len(tiles) > 1 and (wide := tile_map(tiles, f"map-{arrangement.id}", title)):
            narrow = tile_map(tiles, f"map-{arrangement.id}-narrow", title, narrow=True)
            found.append({"title": arrangement.title, "wide": wide, "narrow": narrow})
    return found
