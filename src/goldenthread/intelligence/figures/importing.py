"""Reading a file of figures against what is there: what is new, what is there already, what contradicts it.

Nothing is written here. Depends on `models`, `printed`.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from goldenthread.foundation.csv_rows import RowError

from .actions import Source
from .models import PublishedFigure
from .printed.figure import Figure, Reading, read_figures
from .queries import digest_of, figure_of

_BATCH = 500


@dataclass(slots=True)
class ImportReading:
    """A file read: the figures that are new, how many are there already, and what is wrong with the others."""

    reading: Reading
    new: list[Figure]
    there: int
    source: Source


def read_for_import(path: Path) -> ImportReading:
    """Raises csv_rows.WrongFile for a file that cannot be used at all."""
    reading = read_figures(path)
    kept = _kept([digest_of(one.identity) for one in reading.figures])
    new: list[Figure] = []
    there = 0
    for one in reading.figures:
        row = kept.get(digest_of(one.identity))
        if row is None:
            new.append(one)
        elif _says_the_same(one, figure_of(row)):
            there += 1
        else:
            reading.errors.append(RowError(one.line, "value", _contradicts(one, row)))
    reading.errors.sort(key=lambda error: error.line)
    return ImportReading(reading, new, there, Source(path.name, sha256(path.read_bytes()).hexdigest()))


def _kept(digests: list[str]) -> dict[str, PublishedFigure]:
    found: dict[str, PublishedFigure] = {}
    for start in range(0, len(digests), _BATCH):
        rows = PublishedFigure.objects.select_related("file").filter(identity__in=digests[start : start + _BATCH])
        found.update((row.identity, row) for row in rows)
    return found


def _says_the_same(one: Figure, other: Figure) -> bool:
    return (one.value, one.printed_change, one.printed_direction) == (
        other.value, other.printed_change, other.printed_direction
    )  # fmt: skip


def _contradicts(one: Figure, row: PublishedFigure) -> str:
    before = figure_of(row)
    said = f"{before.shown}" if before.value != one.value else "another printed change or direction"
    return (
        f"{one.words}, is there already as {said} (line {row.line} of {row.file.name}). Put this row right, or take the "
        f"other import back with: goldenthread figures withdraw {row.file_id}"
    )
