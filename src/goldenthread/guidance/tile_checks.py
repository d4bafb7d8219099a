"""Checks of an arrangement's tile map: a square for each of the smallest areas, once, in rows of one length.

Pure. Yields (place in the file, problem), as `checks` does.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from .arrangement import NO_SQUARE, Arrangement

WIDEST = 6
"""Squares in a row: more cannot be read on a telephone."""


def check_tiles(arrangement: Arrangement) -> Iterator[tuple[tuple[Any, ...], str]]:
    """What is wrong with where squares stand; nothing where no map is declared."""
    if arrangement.tile_map is None:
        return
    holders = {area.within for area in arrangement.areas}
    known = {area.id: area.id in holders for area in arrangement.areas}
    rows = [line.split() for line in arrangement.tile_map.rows]
    seen: dict[str, int] = {}
    for nth, row in enumerate(rows):
        at = ("tile_map", "rows", nth)
        if len(row) != len(rows[0]):
            places = f"row {nth + 1} has {len(row)} places and row 1 has {len(rows[0])}"
            yield at, f"{places}; write {NO_SQUARE} where there is no square"
        if len(row) > WIDEST:
            yield at, f"{len(row)} squares side by side cannot be read on a telephone; at most {WIDEST}"
        for area in row:
            if area == NO_SQUARE:
                continue
            if area not in known:
                near = get_close_matches(area, known, n=1, cutoff=0.5)
                yield at, f"unknown area {area!r}{f'; did you mean {near[0]!r}?' if near else ''}"
            elif known[area]:
                yield at, f"{area!r} has areas within it; a square is for one of the smallest"
            elif area in seen:
                yield at, f"{area!r} has a square in row {seen[area] + 1} already"
            seen.setdefault(area, nth)
    for area, holds in known.items():
        if not holds and area not in seen:
            yield ("tile_map",), f"{area!r} has no square"
