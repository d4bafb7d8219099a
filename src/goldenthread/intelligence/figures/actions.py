"""What can be done with published figures: import a file of them, take an import back. The only writer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from goldenthread.foundation.action import Action, Invalid
from goldenthread.foundation.capability import Capability

from .models import FigureFile, PublishedFigure
from .printed.figure import Figure
from .queries import digest_of

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Source:
    """The file that figures come from."""

    name: str
    digest: str


class ImportFigures(Action[int]):
    """Keep the figures of a file, each with its document, page and line. None of them may be there already."""

    name = "figures.import"
    needs = Capability.IMPORT_RECORDS

    def perform(
        self, figures: Sequence[Figure], source: Source, *, progress: Callable[[int], None] = lambda _: None,
        now: datetime | None = None,
    ) -> int:  # fmt: skip
        """Returns how many. Raises Invalid if another import brought one of them in the meantime."""
        if not figures:
            self.quiet("every figure of the file was there already")
            return 0
        file = FigureFile.objects.create(
            name=source.name[:200],
            digest=source.digest,
            imported_at=now or timezone.now(),
            imported_by=self.actor.name[:200],
        )
        for start in range(0, len(figures), _BATCH):
            batch = figures[start : start + _BATCH]
            try:
                with transaction.atomic():
                    PublishedFigure.objects.bulk_create([_row(file, one) for one in batch])
            except IntegrityError:
                raise Invalid("Another import has brought some of these figures just now. Import the file again.") from None
            progress(len(batch))
        documents = sorted({one.source for one in figures})
        self.note("figure_file", file.pk, digest=file.digest, figures=len(figures), documents=documents)
        return len(figures)


class WithdrawFigures(Action[int]):
    """Take an import back, so that a file that was put right can be imported. The journal keeps that it was there."""

    name = "figures.withdraw"
    needs = Capability.IMPORT_RECORDS

    def perform(self, file: UUID) -> int:
        """Returns how many figures went. Raises Invalid if there is no such import."""
        found = FigureFile.objects.filter(pk=file).first()
        if found is None:
            raise Invalid(f"There is no import {file}.")
        many, _ = PublishedFigure.objects.filter(file=found).delete()
        self.note("figure_file", found.pk, digest=found.digest, figures=many)
        found.delete()
        return many


def _row(file: FigureFile, one: Figure) -> PublishedFigure:
    return PublishedFigure(
        file=file, line=one.line, source=one.source, document=one.document, page=one.page, place=one.place, table=one.table,
        indicator=one.indicator, unit=one.unit, area=one.area, breakdown=one.breakdown, period=one.period.text,
        comparator=one.comparator, value=one.value.value, decimals=one.value.decimals, agency=one.agency,
        polarity=one.polarity, printed_change=one.printed_change, printed_direction=one.printed_direction,
        identity=digest_of(one.identity),
    )  # fmt: skip
