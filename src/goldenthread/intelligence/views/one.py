"""One indicator: has it really changed, how districts stand beside each other, and what exactly is counted."""

from __future__ import annotations

import yaml
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from goldenthread.foundation import journal
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.pages import actor_of
from goldenthread.foundation.policy import policy

from ..comments.beside import beside_figure as said_of
from ..questions.beside import beside_figure
from ..scorecard.detail import charted_by, detail
from ..scorecard.reading import period_for
from .asked import Asked, asked, or_none
from .drawn import KINDS, changes_of, districts_of, drawn, marked
from .grouped import grouped

OFTEN = {"month": "Month by month", "quarter": "Quarter by quarter", "year": "Year by year"}


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
        actor = actor_of(request)
        standing, gone = changes_of(actor, question, name)
        told = detail(
            question.kept, name, found, question.area, districts_of(question), period, question.exact, frequency,
            [one.change for one in standing],
        )  # fmt: skip
        journal.read(
            actor, "scorecard.indicator", "scorecard", question.area, indicator=name, period=period.key,
            exact=question.exact,
        )  # fmt: skip
        return render(request, "intelligence/indicator.html", {
            **question.context(), **drawn(told, question, often=frequency), "told": told, "line": told.line, "id": name,
            "indicator": found,
            "sheet": next(one for one in question.library.sheets.values() if name in one.indicators),
            "definition": _definition(question, name), "defined_since": question.defined_since(name), "own_period": period,
            "often": [
                {"text": OFTEN[each], "current": each == frequency,
                 "href": question.address("scorecard:indicator", name, often=each)}
                for each in often
            ],
            "fired": [each.words for each in sorted(told.chart.signals, key=lambda each: each.last)[-3:]],
            "marked": marked(standing, told), "marks_off": gone, "may_mark": actor.may(Capability.MARK_CHANGES),
            "kind_words": KINDS[told.kind], "excel": question.address("scorecard:indicator-excel", name),
            "groupings": grouped(question, name), "comments": said_of(actor, question, name, period.key),
            "questions": beside_figure(actor, question, name),
            "page": question.address("scorecard:indicator-page", name),
            "back": question.address("scorecard:list", subject=_sheet_of(question, name)),
        })  # fmt: skip


def _sheet_of(question: Asked, name: str) -> str:
    return next(one.id for one in question.library.sheets.values() if name in one.indicators)


def _definition(question: Asked, name: str) -> str:
    """The definition as its file says it, without what is not said."""
    plain = question.indicators[name].model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return yaml.safe_dump({name: plain}, sort_keys=False, allow_unicode=True, width=88)
