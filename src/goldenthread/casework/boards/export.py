"""A section of a board as a file for a spreadsheet: what the page tells, in words, nothing that a spreadsheet would run.

Depends on `page` and on `foundation.csv_rows`, which says what is safe. Bounded; the last line says where it was cut.
"""

from __future__ import annotations

from datetime import datetime

from goldenthread.clocks.calendar import local_day
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.csv_rows import as_csv
from goldenthread.guidance.board import Board, Section

from .page import Row, rows_of, show
from .which import Narrowed, first_ids

MOST = 2000
CHUNK = 200


def to_csv(
    actor: Actor, board: Board, section: Section, narrowed: Narrowed, now: datetime
) -> tuple[bytes, list[str]]:
    """The file, and the ids of the cases it tells of."""
    rows, cut = _rows(actor, board, section, narrowed, now)
    columns = board.columns_of(section)
    lines = [["Reference", *(["Name", "Date of birth"] if board.names else []), *(one.title for one in columns.values())]]
    for row in rows:
        person = row.case.subject
        who = [person.name, person.born.isoformat() if person.born else ""] if board.names else []
        lines.append([row.case.reference, *who, *(cell.text for cell in row.cells)])
    if cut:
        lines.append([f"Cut after {MOST:,} rows. Narrow the board for the others."])
    return as_csv(lines), list(dict.fromkeys(str(row.case.pk) for row in rows))


def name_of(board: Board, section: str, now: datetime) -> str:
    return f"{board.slug}-{section.replace('_', '-')}-{local_day(now):%Y-%m-%d}.csv"


def _rows(
    actor: Actor, board: Board, section: Section, narrowed: Narrowed, now: datetime
) -> tuple[list[Row], bool]:
    if section.episodes is not None:
        shown = show(actor, board, section, narrowed, now, size=MOST)
        return shown.rows, shown.more
    ids = first_ids(actor, board, section, narrowed, now, MOST + 1)
    found: list[Row] = []
    for start in range(0, min(len(ids), MOST), CHUNK):
        found += rows_of(actor, board, section, ids[start : min(start + CHUNK, MOST)], now)
    return found, len(ids) > MOST
