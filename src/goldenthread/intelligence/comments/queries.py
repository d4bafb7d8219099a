"""Comments as pages and files show them, by indicator. Depends on `policies`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from goldenthread.foundation.actor import Actor

from .models import FigureComment
from .policies import FigureCommentPolicy

Comments = Mapping[str, list[FigureComment]]


def comments_on(actor: Actor, area: str, wanted: Mapping[str, str]) -> dict[str, list[FigureComment]]:
    """Indicator -> what stands of it in an area, for the period that each is told for; the latest first."""
    rows = FigureCommentPolicy.visible_to(actor).filter(
        area=area, period__in=sorted(set(wanted.values())), superseded_by=None
    )
    found: dict[str, list[FigureComment]] = {}
    for row in rows.exclude(text="").order_by("-written_at", "pk"):
        if wanted.get(row.indicator) == row.period:
            found.setdefault(row.indicator, []).append(row)
    return found


def comments_over(actor: Actor, area: str, indicator: str, periods: Iterable[str]) -> dict[str, list[FigureComment]]:
    """Period -> what stands of one indicator in an area; the latest first."""
    rows = FigureCommentPolicy.visible_to(actor).filter(
        indicator=indicator, area=area, period__in=sorted(set(periods)), superseded_by=None
    )
    found: dict[str, list[FigureComment]] = {}
    for row in rows.exclude(text="").order_by("-written_at", "pk"):
        found.setdefault(row.period, []).append(row)
    return found


def comments_for(actor: Actor, area: str, lines: Iterable[Any]) -> dict[str, list[FigureComment]]:
    """The same for lines of a scorecard."""
    return comments_on(actor, area, {one.id: one.period.key for one in lines})


def in_a_line(found: Iterable[FigureComment]) -> str:
    """Comments as a cell of a file: the agency, the author's role, the day, and the words."""
    return " | ".join(f"{by(one)}: {one.text}" for one in found)


def by(one: FigureComment) -> str:
    day = one.written_at.date()
    role = f"{one.role}, " if one.role else ""
    return f"{one.organisation.title} ({role}{day.day} {day:%B %Y})"


def earlier(actor: Actor, indicator: str, area: str, period: str, organisation: int) -> list[FigureComment]:
    """What one's own agency said before, the latest first."""
    rows = FigureCommentPolicy.visible_to(actor).filter(
        indicator=indicator, area=area, period=period, organisation=organisation, superseded_by__isnull=False
    )
    return list(rows.order_by("-written_at")[:20])
