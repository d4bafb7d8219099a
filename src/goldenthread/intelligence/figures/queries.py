"""Figures as read from the database, and the checks over them. The claims that documents make are shipped with the service.

Depends on `models`, `policies`, `printed`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from django.db.models import Count, Min

from goldenthread.foundation.actor import Actor

from .models import PublishedFigure
from .policies import FigurePolicy
from .printed.checking import Finding, check
from .printed.figure import Figure
from .printed.numbers import Number
from .printed.periods import period_of
from .printed.questions import questions
from .printed.shipped import shipped_claims
from .printed.tables import Table, tables


def digest_of(identity: Sequence[str]) -> str:
    """What a figure is a figure of, as one value that the database can hold to be unique."""
    return sha256("\x1f".join(identity).encode()).hexdigest()


def key_of(source: str, table: str) -> str:
    """A table's address."""
    return sha256(f"{source}\x1f{table}".encode()).hexdigest()[:16]


def figure_of(row: PublishedFigure) -> Figure:
    value = row.value.quantize(row.value.__class__(1).scaleb(-row.decimals))
    return Figure(
        source=row.source, table=row.table, indicator=row.indicator, unit=row.unit, area=row.area, breakdown=row.breakdown,
        period=period_of(row.period), comparator=row.comparator, value=Number(value, row.decimals), agency=row.agency,
        polarity=row.polarity, printed_change=row.printed_change, printed_direction=row.printed_direction,
        document=row.document, page=row.page, place=row.place, line=row.line,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Loaded:
    """Figures with the ids of their rows, in the order of their files."""

    figures: list[Figure]
    ids: dict[tuple[str, ...], UUID]

    def id_of(self, figure: Figure) -> UUID:
        return self.ids[figure.identity]


def loaded(actor: Actor, *, source: str = "", table: str = "") -> Loaded:
    """Figures that the actor may see, of a document or of one of its tables."""
    rows = FigurePolicy.visible_to(actor)
    if source:
        rows = rows.filter(source=source)
    if table:
        rows = rows.filter(table=table)
    found = [(figure_of(row), row.pk) for row in rows.order_by("file__imported_at", "file_id", "line")]
    return Loaded([one for one, _ in found], {one.identity: pk for one, pk in found})


def checked(figures: Sequence[Figure]) -> list[Finding]:
    """What the documents print of these figures, worked out again, and what cannot be settled."""
    return [*check(figures, shipped_claims()), *questions(figures)]


def tables_of(figures: Sequence[Figure], findings: Iterable[Finding] | None = None) -> list[Table]:
    return tables(figures, check(figures, shipped_claims()) if findings is None else findings)


@dataclass(frozen=True, slots=True)
class Listed:
    """A table in the list: its document, how many figures."""

    source: str
    document: str
    table: str
    key: str
    many: int


def listed(actor: Actor) -> list[Listed]:
    """Every table, document by document, in the order of the files."""
    rows = (
        FigurePolicy.visible_to(actor)
        .order_by()
        .values("source", "document", "table")
        .annotate(many=Count("pk"), first=Min("file__imported_at"), line=Min("line"))
        .order_by("first", "line")
    )
    return [
        Listed(row["source"], row["document"] or row["source"], row["table"], key_of(row["source"], row["table"]), row["many"])
        for row in rows
    ]
