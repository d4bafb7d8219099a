"""Totals by API: the indicators of the scorecard, and the values of one. What leaves by here has left need to know, so small
numbers are kept back from every caller, whatever they may see on a page."""

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Router, Status
from ninja.errors import HttpError

from goldenthread.agencies.scopes import Scope
from goldenthread.foundation import journal
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import current_library
from goldenthread.foundation.pages import actor_of
from goldenthread.intelligence.comments.models import FigureComment
from goldenthread.intelligence.comments.queries import comments_over
from goldenthread.intelligence.comments.writing import write_comment
from goldenthread.intelligence.scorecard.keeping import NONE, NotWorkedOut
from goldenthread.intelligence.scorecard.reading import Shown, shown
from goldenthread.intelligence.scorecard.releasing import LEAVES
from goldenthread.intelligence.scorecard.working_out import indicators_told
from goldenthread.intelligence.views.asked import Asked, asked
from goldenthread.intelligence.views.grouped import grouped

from .doing import FAULTS, needs
from .total_schemas import CommentGiven, CommentTold, IndicatorNamed, IndicatorTold

router = Router(tags=["indicators"])
NOT_YET = "There is no scorecard yet. Whoever runs the service makes one with `goldenthread extract`."


@router.get("/indicators", response={200: list[IndicatorNamed], **FAULTS}, operation_id="list_indicators")
@needs(Capability.VIEW_TOTALS, Scope.READ_TOTALS)
def indicators(request: HttpRequest) -> list[dict[str, Any]]:
    """Every indicator of the scorecard, with what exactly it counts. Those that count what few may see are not among them."""
    library = current_library()
    told = indicators_told(library)
    journal.read(request.actor, "scorecard.definitions", "scorecard", "all")  # type: ignore[attr-defined]
    return [
        {
            "id": name, "title": one.title, "subject": sheet.title, "numerator": one.numerator, "denominator": one.denominator,
            "unit": one.unit, "better": one.better, "tolerance": one.tolerance, "reference": one.reference,
        }
        for sheet in library.sheets.values() for name, one in sheet.indicators.items() if name in told
    ]  # fmt: skip


@router.get("/indicators/{indicator_id}", response={200: IndicatorTold, **FAULTS}, operation_id="read_indicator")
@needs(Capability.VIEW_TOTALS, Scope.READ_TOTALS)
def indicator(request: HttpRequest, indicator_id: str, area: str = "") -> dict[str, Any]:
    """The values of an indicator in an area, by quarter and by year, the latest first. Without `area`: the whole partnership."""
    if indicator_id not in indicators_told(current_library()):
        raise Http404
    try:
        with asked(request, leaves=True) as question:
            _known(area, question)
            journal.read(
                request.actor, "scorecard.export", "scorecard", question.area, indicator=indicator_id, form="api",  # type: ignore[attr-defined]
            )  # fmt: skip
            return _told(actor_of(request), question, indicator_id)
    except NotWorkedOut:
        raise HttpError(409, NOT_YET) from None


@router.post("/indicators/{indicator_id}/comments", response={201: CommentTold, **FAULTS}, operation_id="comment_on_figure")
@needs(Capability.VIEW_TOTALS, keyed=True)
def comment(request: HttpRequest, indicator_id: str, given: CommentGiven) -> Status[dict[str, Any]]:
    """Say something of a figure for everyone who reads the scorecard. By a person's token: a comment has an author.

    To change what your agency said, give its id as `supersedes`; with an empty `text` it is taken back."""
    actor = actor_of(request)
    found = indicators_told(current_library()).get(indicator_id)
    if found is None:
        raise Http404
    try:
        with asked(request, leaves=True, area=given.area) as question:
            _known(given.area, question)
            period = next((one for often in LEAVES for one in question.periods[often] if one.key == given.period), None)
            if period is None:
                raise Invalid({"period": f"{given.period!r} is not a quarter or a year that values are told for."})
            return Status(201, _said(write_comment(actor, question, indicator_id, found, period, given.text, given.supersedes)))
    except NotWorkedOut:
        raise HttpError(409, NOT_YET) from None


def _known(area: str, question: Asked) -> None:
    if area and area not in question.areas:
        raise Invalid({"area": f"{area!r} is not an area that values are worked out for."})


def _said(one: FigureComment) -> dict[str, Any]:
    return {
        "id": one.pk, "agency": one.organisation.title, "role": one.role, "written_on": one.written_at.date(), "text": one.text,
    }  # fmt: skip


def _seen(one: Shown) -> dict[str, Any]:
    return {
        "value": one.value, "shown": one.text, "mark": one.mark or None, "why": one.why, "numerator": one.numerator,
        "denominator": one.denominator,
    }  # fmt: skip


def _told(actor: Actor, question: Asked, name: str) -> dict[str, Any]:
    found, about = question.indicators[name], question.kept.about
    periods = [one for often in LEAVES if often in found.periods for one in question.periods[often]]
    figures = question.kept.of(name, [question.area], [one.key for one in periods])
    said = comments_over(actor, question.area, name, (one.key for one in periods))
    values = []
    for period in periods:
        seen = shown(figures.get((question.area, period.key), NONE), found, period, about.as_of, exact=False)
        values.append(
            {
                "period": period.key, **_seen(seen), "complete": seen.complete, "notes": list(seen.notes),
                "comments": [_said(one) for one in said.get(period.key, ())],
            }
        )  # fmt: skip
    return {
        "id": name, "title": found.title, "unit": found.unit, "better": found.better, "area": question.area,
        "as_of": about.as_of, "definition_changed_since": question.defined_since(name), "values": values,
        "groups": [
            {"by": each.by, "group": group.code, "title": group.title, "year": year.key, **_seen(cell)}
            for each in grouped(question, name)
            for group in each.groups
            for year, cell in zip(each.years, group.cells, strict=True)
        ],
    }  # fmt: skip
