"""Published figures by API: what documents print, and what was worked out of it again. They name nobody."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router

from goldenthread.agencies.scopes import Scope
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.pages import actor_of
from goldenthread.intelligence.figures.printed.directions import travels
from goldenthread.intelligence.figures.printed.figure import COLUMNS, Figure
from goldenthread.intelligence.figures.queries import Loaded, checked, loaded

from .doing import FAULTS, needs
from .total_schemas import FigureCheck, FigureTold

router = Router(tags=["figures"])
MOST = 1000
"""Figures in one answer."""


def told(one: Figure, found: Loaded) -> dict[str, Any]:
    """A figure as the API tells it: the value as text, with the digits that are printed."""
    plain = {name: getattr(one, name) for name in COLUMNS.known() if name not in ("period", "value")}
    return {"id": found.id_of(one), **plain, "period": one.period.text, "value": f"{one.value.value:f}", "line": one.line}


@router.get("", response={200: list[FigureTold], **FAULTS}, operation_id="list_figures")
@needs(Capability.READ_GUIDANCE, Scope.READ_GUIDANCE)
def figures(
    request: HttpRequest,
    source: str = "",
    table: str = "",
    indicator: str = "",
    area: str = "",
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST)] = MOST,
) -> list[dict[str, Any]]:
    """Figures as printed, in the order of their files; of one document, table, indicator or area where it is named."""
    found = loaded(actor_of(request), source=source, table=table)
    chosen = [one for one in found.figures if indicator in ("", one.indicator) and area in ("", one.area)]
    return [told(one, found) for one in chosen[offset : offset + limit]]


@router.get("/checks", response={200: list[FigureCheck], **FAULTS}, operation_id="check_figures")
@needs(Capability.READ_GUIDANCE, Scope.READ_GUIDANCE)
def checks(request: HttpRequest) -> list[dict[str, Any]]:
    """The documents' own slips, what they leave open, and printed directions that the values do not show."""
    found = loaded(actor_of(request))
    rows = [
        {
            "figure": found.id_of(one.figure), "kind": one.kind, "verdict": one.verdict, "subject": one.subject,
            "printed": one.printed, "worked_out": one.worked, "how": one.how, "why": one.why, "words": one.words,
            "where": one.where,
        }
        for one in checked(found.figures)
        if one.verdict in ("slip", "question")
    ]  # fmt: skip
    rows += [
        {
            "figure": found.id_of(one.figure), "kind": "direction", "verdict": "differs", "subject": one.figure.words,
            "printed": one.printed, "worked_out": one.word, "how": one.why, "why": "", "words": "", "where": one.figure.where,
        }
        for one in travels(found.figures)
        if one.differs
    ]  # fmt: skip
    return rows
