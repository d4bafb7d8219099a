"""The demo's published figures: what five partnerships really printed, imported from the file that comes with the service.

They are facts, not made up, and of areas and agencies only. Depends on `intelligence.figures`.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from goldenthread.foundation.actor import SystemActor
from goldenthread.intelligence.figures.actions import ImportFigures, Source
from goldenthread.intelligence.figures.printed.figure import read_figures
from goldenthread.intelligence.figures.printed.shipped import FIGURES


def add_published_figures(actor: SystemActor, now: datetime) -> int:
    """Import them as anyone imports a file. Returns how many."""
    source = Source(FIGURES.name, sha256(FIGURES.read_bytes()).hexdigest())
    return ImportFigures(actor).run(read_figures(FIGURES).figures, source, now=now)
