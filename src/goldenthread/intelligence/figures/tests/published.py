"""The figures that come with Golden Thread, imported for a test."""

from __future__ import annotations

from goldenthread.foundation.actor import SystemActor
from goldenthread.intelligence.figures.actions import ImportFigures, Source
from goldenthread.intelligence.figures.models import PublishedFigure
from goldenthread.intelligence.figures.printed.figure import read_figures
from goldenthread.intelligence.figures.printed.shipped import FIGURES

SYSTEM = SystemActor("import for a test")


def import_published(table: str = "") -> PublishedFigure:
    """Import all figures, or those of one table. Returns the first of them."""
    those = [one for one in read_figures(FIGURES).figures if table in ("", one.table)]
    ImportFigures(SYSTEM).run(those, Source("figures.csv", "0" * 64))
    return PublishedFigure.objects.order_by("line")[0]
