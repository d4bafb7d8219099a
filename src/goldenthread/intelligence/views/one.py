"""One indicator: has it really changed, how districts stand beside each other, and what exactly is counted."""

from __future__ import annotations

from typing import Any

import yaml
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe

from goldenthread.foundation import journal
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.pages import actor_of
from goldenthread.foundation.policy import policy

from ..charts import beside
from ..charts.drawing import control_svg, funnel_svg
from ..charts.icons import icon_svg
from ..comments.beside import beside_figure as said_of
from ..questions.beside import beside_figure
from ..scorecard import pictures
from ..scorecard.detail import Detail, charted_by, detail
from ..scorecard.reading import period_for
from .asked import Asked, asked, or_none

OFTEN = {"month": "Month by month", "quarter": "Quarter by quarter", "year": "Year by year"}
KINDS = {
    "p": "A p chart: a share of those who could be counted. The limits are wider where there are fewer of them.",
    "u": "A u chart: a rate of things that happen in a population.",
    "xmr": "An XmR chart: the limits come from how far the value moves from one period to the next.",
}


@policy(Capability.VIEW_TOTALS)
@or_none
def indicator(request: HttpRequest, indicator: str) -> HttpResponse:
    """An indicator's page, in one area and period."""
    name = indicator
    with asked(request) as question:
        found = question.indicators.get(name)
        if found is None:
            raise Http404
        often = charted_by(found, question.exact)
        frequency = request.GET.get("often", "")
        frequency = frequency if frequency in often else (often[0] if often else "year")
        period = period_for(found, question.period, question.exact)
        told = detail(
            question.kept, name, found, question.area, _districts(question), period, question.exact, frequency
        )
        journal.read(
            actor_of(request), "scorecard.indicator", "scorecard", question.area, indicator=name, period=period.key,
            exact=question.exact,
        )  # fmt: skip
        return render(request, "intelligence/indicator.html", {
            **question.context(), **_pictures(told), "told": told, "line": told.line, "id": name, "indicator": found,
            "sheet": next(one for one in question.library.sheets.values() if name in one.indicators),
            "definition": _definition(question, name), "defined_since": question.defined_since(name), "own_period": period,
            "often": [
                {"text": OFTEN[each], "current": each == frequency,
                 "href": question.address("scorecard:indicator", name, often=each)}
                for each in often
            ],
            "fired": [each.words for each in sorted(told.chart.signals, key=lambda each: each.last)[-3:]],
            "kind_words": KINDS[told.kind], "excel": question.address("scorecard:indicator-excel", name),
            "comments": said_of(actor_of(request), question, name, period.key),
            "questions": beside_figure(actor_of(request), question, name),
            "back": question.address("scorecard:list", subject=_sheet_of(question, name)),
        })  # fmt: skip


def _sheet_of(question: Asked, name: str) -> str:
    return next(one.id for one in question.library.sheets.values() if name in one.indicators)


def _districts(question: Asked) -> dict[str, str]:
    """The smallest areas inside the one asked for, or else beside it."""
    inside: dict[str, str] = {}
    for arrangement in question.library.arrangements.values():
        above = {one.id: one.within for one in arrangement.areas}
        holders = set(above.values())
        for one in arrangement.areas:
            if one.id in question.areas and one.id not in holders and _within(one.id, question.area, above):
                inside[one.id] = one.title
    return inside if len(inside) > 1 else {}


def _within(area: str, wanted: str, above: dict[str, str | None]) -> bool:
    at: str | None = area
    seen: set[str] = set()
    while at is not None and at not in seen:
        if at == wanted:
            return True
        seen.add(at)
        at = above.get(at)
    return wanted not in above


def _definition(question: Asked, name: str) -> str:
    """The definition as its file says it, without what is not said."""
    plain = question.indicators[name].model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return yaml.safe_dump({name: plain}, sort_keys=False, allow_unicode=True, width=88)


def _pictures(told: Detail) -> dict[str, Any]:
    chart = told.chart
    places = [
        pictures.Place(title, one.trend, f"{title}: {one.now.words} in {one.period.key}.") for title, one in told.places
    ]
    return {
        "wide": control_svg(chart, "control-wide"), "narrow": control_svg(chart, "control-narrow", width=360, height=300),
        "chart_table": mark_safe(beside.html(beside.of_chart(chart))), "variation": icon_svg(chart.variation, "icon-variation"),
        "assurance": icon_svg(chart.assurance, "icon-assurance") if chart.assurance.icon != "none" else "",
        "multiples": pictures.multiples(places, told.line.trend, "the whole area", told.line.indicator.unit, "district"),
        "funnel": funnel_svg(told.funnel, "funnel") if told.funnel is not None and told.funnel.average is not None else "",
        "shape": pictures.judged_svg(told.line.judged.shape),
    }  # fmt: skip
