"""Published figures in the browser: documents and their tables, one table with its chart, one figure with where it stands,
what the documents worked out wrongly, and downloads.

They are of areas and agencies, never of a person, so reading them is not journalled. Views are thin: `queries` reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from goldenthread.foundation.capability import Capability
from goldenthread.foundation.csv_rows import as_csv
from goldenthread.foundation.pages import actor_of
from goldenthread.foundation.policy import policy
from goldenthread.foundation.workbook import MEDIA_TYPE, Cell, workbook

from .drawing import BAR, PANEL_HEIGHT, PANEL_WIDTH, VALUE, WIDTH, Bars, chart_of
from .policies import FigurePolicy
from .printed.checking import Finding, counted_by
from .printed.directions import TOLERANCE, differing, travels
from .printed.figure import COLUMNS, Figure
from .printed.tables import Cell as TableCell
from .printed.tables import Table
from .queries import Listed, checked, figure_of, key_of, listed, loaded, tables_of

SHEETS = {"csv": "text/csv; charset=utf-8", "xlsx": MEDIA_TYPE}
MEANS = {
    "target": "Target", "local": "Here", "england": "England", "stat_neighbours": "Statistical neighbours",
    "higher": "Higher is better", "lower": "Lower is better", "none": "Neither way is better",
}  # fmt: skip


@policy(Capability.READ_GUIDANCE)
def list_page(request: HttpRequest) -> HttpResponse:
    """Every document and its tables, and how many slips were found in them."""
    actor = actor_of(request)
    found = listed(actor)
    documents: dict[str, list[Listed]] = {}
    for one in found:
        documents.setdefault(one.document, []).append(one)
    wanted = request.GET.get("document", "")
    if wanted not in documents:
        wanted = ""
    figures = loaded(actor).figures if found else []
    context = {
        "documents": {name: those for name, those in documents.items() if wanted in ("", name)},
        "choices": [("", "Every document"), *((name, name) for name in documents)], "wanted": wanted,
        "figures": len(figures), "many": len(documents), **_tally(checked(figures)),
        "differ": len(differing(travels(figures))),
    }  # fmt: skip
    return render(request, "figures/list.html", context)


def _tally(findings: Sequence[Finding]) -> dict[str, int]:
    verdicts = counted_by(findings)
    return {
        "right": verdicts["right"] + verdicts["within rounding"],
        "slips": verdicts["slip"],
        "open": verdicts["question"],
    }


@policy(Capability.READ_GUIDANCE)
def table_page(request: HttpRequest, key: str) -> HttpResponse:
    """One table: chart, numbers that lead to where each stands, and what is wrong in it."""
    found = _listed(request, key)
    made, findings, ids = _table(request, found)
    told = [one for one in findings if one.figure.table == found.table and one.verdict in ("slip", "question")]
    wrong = {one.figure.identity for one in told if one.verdict == "slip" and one.kind in ("change", "difference")}
    chart = chart_of(made)
    lines = [
        {
            "label": line.label,
            "total": line.total,
            "cells": [
                {
                    "text": cell.text,
                    "href": reverse("figures:one", args=[ids[cell.figure.identity]]) if cell.figure and not cell.worked else "",
                    "slip": _differs(cell, wrong),
                }
                for cell in line.cells
            ],
        }
        for line in made.lines
    ]
    context = {
        "listed": found, "table": made, "lines": lines, "slips": [one for one in told if one.verdict == "slip"],
        "questions": [one for one in told if one.verdict == "question"], "differ": differing(travels(made.figures)),
        "tolerance": f"{float(TOLERANCE):g}", "chart": chart, "bars": isinstance(chart, Bars),
        "narrow": len(made.heads) <= 3, "agencies": list(dict.fromkeys(one.agency for one in made.figures if one.agency)),
        "units": list(dict.fromkeys(one.unit for one in made.figures)),
        "size": {"bar": BAR, "beside": WIDTH + VALUE, "panel_width": PANEL_WIDTH, "panel_height": PANEL_HEIGHT},
    }  # fmt: skip
    return render(request, "figures/table.html", context)


def _differs(cell: TableCell, changes: set[tuple[str, ...]]) -> bool:
    """Whether what was worked out is not what the document prints."""
    if cell.worked == "share":
        return cell.finding is not None and cell.finding.verdict == "slip"
    return cell.worked == "change" and cell.figure is not None and cell.figure.identity in changes


def _listed(request: HttpRequest, key: str) -> Listed:
    found = next((one for one in listed(actor_of(request)) if one.key == key), None)
    if found is None:
        raise Http404
    return found


def _table(request: HttpRequest, found: Listed) -> tuple[Table, list[Finding], dict[tuple[str, ...], UUID]]:
    all_of_document = loaded(actor_of(request), source=found.source)
    findings = checked(all_of_document.figures)
    made = tables_of([one for one in all_of_document.figures if one.table == found.table], findings)
    return made[0], findings, all_of_document.ids


@policy(Capability.READ_GUIDANCE)
def one_page(request: HttpRequest, figure: UUID) -> HttpResponse:
    """One figure: what is printed, in which document and where, from which file, and what was worked out of it."""
    row = FigurePolicy.get(actor_of(request), pk=figure)
    one = figure_of(row)
    findings = checked(loaded(actor_of(request), source=row.source).figures)
    context = {
        "row": row, "figure": one, "key": key_of(row.source, row.table),
        "findings": [each for each in findings if each.figure.identity == one.identity],
        "comparator": MEANS.get(one.comparator, one.comparator.replace("_", " ").capitalize()),
        "better": MEANS.get(one.polarity, ""),
    }  # fmt: skip
    return render(request, "figures/one.html", context)


@policy(Capability.READ_GUIDANCE)
def checks_page(request: HttpRequest) -> HttpResponse:
    """The documents' slips, what they leave open, and the directions that the values do not show."""
    found = loaded(actor_of(request))
    findings = checked(found.figures)
    slips = [one for one in findings if one.verdict == "slip"]

    def with_links(those: Sequence[Finding]) -> list[dict[str, Any]]:
        return [{"one": one, "href": reverse("figures:one", args=[found.id_of(one.figure)])} for one in those]

    went = travels(found.figures)
    context = {
        "beside": with_links([one for one in slips if not one.words]), "said": with_links([one for one in slips if one.words]),
        "questions": with_links([one for one in findings if one.verdict == "question"]),
        "differ": [{"one": one, "href": reverse("figures:one", args=[found.id_of(one.figure)])} for one in differing(went)],
        "directions": len(went), "tolerance": f"{float(TOLERANCE):g}", **_tally(findings),
    }  # fmt: skip
    return render(request, "figures/checks.html", context)


# Downloads -------------------------------------------------------------------------------------------------------------


@policy(Capability.READ_GUIDANCE)
def download(request: HttpRequest, key: str, form: str) -> HttpResponse:
    """One table as it stands on its page."""
    found = _listed(request, key)
    made, _, _ = _table(request, found)
    rows = [[line.label, *(cell.text for cell in line.cells)] for line in made.lines]
    return _sheet(found.table, [made.first, *made.heads], rows, form)


@policy(Capability.READ_GUIDANCE)
def download_all(request: HttpRequest, form: str) -> HttpResponse:
    """Every figure, in the columns of a file that can be imported."""
    names = COLUMNS.known()
    rows = [[_text(one, name) for name in names] for one in loaded(actor_of(request)).figures]
    return _sheet("Published figures", names, rows, form)


def _text(one: Figure, name: str) -> str:
    if name == "period":
        return one.period.text
    return f"{one.value.value:f}" if name == "value" else str(getattr(one, name))


def _sheet(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], form: str) -> HttpResponse:
    """A file that no spreadsheet runs as formulas."""
    if form not in SHEETS:
        raise Http404
    if form == "xlsx":
        cells: list[list[Cell]] = [list(row) for row in rows]
        content: bytes | str = workbook(title, heads, cells, [42, *[16] * (len(heads) - 1)])
    else:
        content = as_csv([heads, *rows])
    name = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in title.lower()).strip("-")
    response = HttpResponse(content, content_type=SHEETS[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response
