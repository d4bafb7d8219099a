"""The scorecard: what needs a look and how each subject stands; then a subject's indicators, a line each."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from goldenthread.foundation import journal
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.pages import actor_of
from goldenthread.foundation.policy import policy

from ..comments.queries import comments_for
from ..questions.queries import asked_about
from ..scorecard import pictures
from ..scorecard.reading import MISSING, Line, lines
from .asked import Asked, asked, or_none
from .parts import parts


@policy(Capability.VIEW_TOTALS)
@or_none
def scorecard(request: HttpRequest) -> HttpResponse:
    """The subjects with what needs a look, or the indicators of one subject."""
    with asked(request) as question:
        found = lines(question.kept, question.of_subject(question.subject), question.area, question.period, question.exact)
        journal.read(
            actor_of(request), "scorecard.view", "scorecard", question.area, period=question.period.key,
            subject=question.subject, exact=question.exact,
        )  # fmt: skip
        context = {
            **question.context(), "parts": parts("scorecard"),
            "without": [one for one in found if one.now.mark == MISSING],
            "open_questions": asked_about(actor_of(request), question.area),
            "comments": comments_for(actor_of(request), question.area, found),
            "excel": question.address("scorecard:excel"), "page": question.address("scorecard:page"),
        }  # fmt: skip
        if question.subject:
            told = [one for one in found if one.now.mark != MISSING]
            return render(request, "intelligence/subject.html", {**context, "rows": _rows(question, told)})
        told = [one for one in found if one.needs_a_look]
        by_name = {one.id: one for one in found}
        standing = [
            {"title": sheet.title, "href": question.address(subject=sheet.id),
             **_standing([by_name[name] for name in sheet.indicators if name in by_name])}
            for sheet in question.library.sheets.values() if any(name in by_name for name in sheet.indicators)
        ]  # fmt: skip
        context |= {"rows": _rows(question, told), "standing": standing, "whole": _standing(found)}
        return render(request, "intelligence/scorecard.html", context)


def _standing(found: list[Line]) -> dict[str, Any]:
    """How many of these stand how."""
    shapes = Counter(one.judged.shape for one in found)
    words = Counter(one.travel.word for one in found if one.travel is not None)
    return {
        "many": len(found), "with_figure": sum(one.now.value is not None for one in found), "met": shapes["met"],
        "near": shapes["near"], "missed": shapes["missed"], "better": words["Better"], "worse": words["Worse"],
        "stable": words["Stable"], "kept_back": sum(one.now.mark == "c" for one in found),
    }  # fmt: skip


def _rows(question: Asked, found: list[Line]) -> list[dict[str, Any]]:
    return [
        {
            "line": one, "href": question.address("scorecard:indicator", one.id, subject=""),
            "spark": pictures.spark(one.trend, one.indicator.title, one.indicator.unit),
            "shape": pictures.judged_svg(one.judged.shape), "own_period": one.period != question.period,
        }
        for one in found
    ]  # fmt: skip
