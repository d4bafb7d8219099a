"""The scorecard to take away: a workbook and a page that stands alone. Both tell what may leave need to know, whoever asks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe

from goldenthread.foundation import journal
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.pages import actor_of
from goldenthread.foundation.policy import policy
from goldenthread.foundation.workbook import MEDIA_TYPE, workbook

from ..comments.queries import Comments, comments_for, in_a_line
from ..disclosure import convention
from ..scorecard.detail import charted_by, detail
from ..scorecard.reading import Line, lines, period_for
from ..scorecard.releasing import CONVENTION
from .asked import Asked, asked, or_none
from .drawn import KINDS, changes_of, districts_of, drawn, marked
from .grouped import grouped

COLUMNS = (
    ("Subject", 30), ("Indicator", 48), ("Area", 30), ("Period", 14), ("Value", 12), ("Unit", 14), ("Period before", 14),
    ("Value before", 12), ("Change", 12), ("Direction", 12), ("Better", 10), ("Tolerance", 10), ("Target", 10),
    ("Against target", 16), ("Elsewhere", 26), ("Beside it", 16), ("Numerator", 12), ("Denominator", 12), ("Inputs there", 12),
    ("Notes", 50), ("Comments", 60), ("Numerator counts", 60), ("Denominator counts", 60), ("Reference", 60), ("Identity", 34),
)  # fmt: skip


@policy(Capability.VIEW_TOTALS)
@or_none
def excel(request: HttpRequest) -> HttpResponse:
    """Every indicator of a subject, or of all, in one area and period."""
    with asked(request, leaves=True) as question:
        found = lines(question.kept, question.of_subject(question.subject), question.area, question.period, exact=False)
        said = comments_for(actor_of(request), question.area, found)
        _journal(request, question, "excel", len(found))
        rows = (_cells(question, one, question.area_title, said) for one in found)
        return _workbook("Scorecard", rows, question, "scorecard")


@policy(Capability.VIEW_TOTALS)
@or_none
def page(request: HttpRequest) -> HttpResponse:
    """The same as a page that stands alone, for readers without Excel and for those who hear it."""
    with asked(request, leaves=True) as question:
        found = lines(question.kept, question.of_subject(question.subject), question.area, question.period, exact=False)
        _journal(request, question, "page", len(found))
        by_sheet = [
            (sheet.title, [one for one in found if one.id in sheet.indicators]) for sheet in question.library.sheets.values()
        ]
        context = {
            "asked": question, "about": question.kept.about, "sheets": [pair for pair in by_sheet if pair[1]],
            "rule": convention(CONVENTION), "comments": comments_for(actor_of(request), question.area, found),
        }  # fmt: skip
        response = render(request, "intelligence/taken_away.html", context)
        response.headers["Content-Disposition"] = f'attachment; filename="{_name(question, "scorecard")}.html"'
        return response


@policy(Capability.VIEW_TOTALS)
@or_none
def indicator_excel(request: HttpRequest, indicator: str) -> HttpResponse:
    """One indicator, for the area and its districts, over the periods that are told."""
    with asked(request, leaves=True) as question:
        found = question.indicators.get(indicator)
        if found is None:
            raise Http404
        period = period_for(found, question.period, exact=False)
        told = detail(question.kept, indicator, found, question.area, districts_of(question), period, False, "year")
        rows = [(one.title or question.area_title, each) for one in (told.whole, *told.places) for each in one.lines()]
        _journal(request, question, f"excel {indicator}", len(rows))
        said = comments_for(actor_of(request), question.area, [told.line])
        whole, *parts = rows
        cells = [_cells(question, whole[1], whole[0], said), *(_cells(question, one, title, {}) for title, one in parts)]
        return _workbook("Indicator", cells, question, indicator)


@policy(Capability.VIEW_TOTALS)
@or_none
def indicator_page(request: HttpRequest, indicator: str) -> HttpResponse:
    """One indicator with its pictures and the tables beside them, as a page that stands alone."""
    with asked(request, leaves=True) as question:
        found = question.indicators.get(indicator)
        if found is None:
            raise Http404
        period = period_for(found, question.period, exact=False)
        standing, _ = changes_of(actor_of(request), question, indicator)
        often = next(iter(charted_by(found, exact=False)), "year")
        told = detail(
            question.kept, indicator, found, question.area, districts_of(question), period, False, often,
            [one.change for one in standing],
        )  # fmt: skip
        _journal(request, question, f"page {indicator}", 1 + len(told.places))
        context = {
            **drawn(told, question, links=False), "asked": question, "about": question.kept.about, "told": told,
            "line": told.line, "indicator": found, "own_period": period, "marked": marked(standing, told),
            "rule": convention(CONVENTION), "kind_words": KINDS[told.kind], "standing": _standing,
            "comments": comments_for(actor_of(request), question.area, [told.line]).get(indicator, []),
            "groupings": grouped(question, indicator),
        }  # fmt: skip
        response = render(request, "intelligence/indicator_taken_away.html", context)
        response.headers["Content-Disposition"] = f'attachment; filename="{_name(question, indicator)}.html"'
        return response


def _standing(drawn: str, width: int = 0) -> Any:
    """A picture of its own width, or a table with lines: there is no style in a page that stands alone."""
    table = drawn.replace('<table class="govuk-table">', '<table border="1">', 1)
    return mark_safe(table.replace("<svg ", f'<svg width="{width}" ', 1))  # made by us, every word in it escaped


def _journal(request: HttpRequest, question: Asked, form: str, rows: int) -> None:
    journal.read(
        actor_of(request), "scorecard.export", "scorecard", question.area, period=question.period.key, form=form,
        subject=question.subject, rows=rows,
    )  # fmt: skip


def _workbook(title: str, rows: Iterable[tuple[Any, ...]], question: Asked, name: str) -> HttpResponse:
    titles, widths = zip(*COLUMNS, strict=True)
    response = HttpResponse(workbook(title, titles, rows, widths), content_type=MEDIA_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{_name(question, name)}.xlsx"'
    return response


def _name(question: Asked, name: str) -> str:
    period = question.period.key.replace("/", "-").replace(" ", "-").lower()
    return f"{name.replace('_', '-')}-{question.area.replace('_', '-')}-{period}"


def _cells(question: Asked, one: Line, area: str, said: Comments) -> tuple[Any, ...]:
    """A line as cells: numbers as they are printed, so that nobody can work out more from the file than from the page."""
    indicator, now, before = one.indicator, one.now, one.before
    sheet = next(sheet for sheet in question.library.sheets.values() if one.id in sheet.indicators)
    travel, others = one.travel, one.others
    return (
        sheet.title, indicator.title, area, one.period.key, _number(now.text), indicator.unit, one.before_period.key,
        _number(before.text), float(travel.change) if travel is not None and travel.change is not None else None,
        travel.word if travel is not None else "c", indicator.better, indicator.tolerance or None, one.target,
        one.judged.word, others[1] if others else "", others[0].word if others else "", _whole(now.numerator),
        _whole(now.denominator), now.completeness, " ".join(now.notes) or now.why, in_a_line(said.get(one.id, ())),
        indicator.numerator,
        indicator.denominator or "", indicator.reference, one.id,
    )  # fmt: skip


def _number(text: str) -> str | float:
    plain = text.replace(",", "").removesuffix("%")
    try:
        return float(plain)
    except ValueError:
        return text


def _whole(number: float | None) -> float | int | None:
    return int(number) if number is not None and float(number).is_integer() else number
