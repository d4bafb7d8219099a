"""Checks of a collection: agencies, breakdowns, cells and indicators that are not there, or do not fit.

Pure. Yields (place in the file, problem); `library` turns them into faults with file and line.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .checks import Where, _near
from .collection import DISTRICT, Cell, Collection
from .words import Unit

if TYPE_CHECKING:
    from .library import Library

COUNTED = (Unit.DAYS, Unit.WORKING_DAYS, Unit.WEEKS, Unit.MONTHS)
"""How a time after a period may be counted."""
_OFTEN = {"month": 12, "quarter": 4, "year": 1}


def check_collection(library: Library, collection: Collection) -> Iterator[tuple[Where, str]]:
    """What is wrong with a collection; nothing is said of indicators whose own file could not be read."""
    for role in collection.agencies:
        if role not in library.roles.roles:
            yield ("from",), f"unknown agency role {role!r}{_near(role, library.roles.roles)}"
    for _, length in collection.due:
        if length is not None and length.unit not in COUNTED:
            yield ("due",), f"{length}: what is due after a period is counted in days, working days, weeks or months"
    for name, breakdown in collection.breakdowns.items():
        at: Where = ("breakdowns", name)
        if (name == DISTRICT) == bool(breakdown.groups):
            words = "`district` has the districts of the agency's area: leave out `groups`"
            yield at, words if name == DISTRICT else "give its `groups`; only `district` has its own"
        if not any(name in cell.by for cell in collection.cells.values()):
            yield at, f"no cell is split `by: {name}`"
    for name, cell in collection.cells.items():
        at = ("cells", name)
        for breakdown_name in cell.by:
            if breakdown_name not in collection.breakdowns:
                near = _near(breakdown_name, collection.breakdowns)
                yield (*at, "by"), f"unknown breakdown {breakdown_name!r}{near}"
        if cell.share is not None:
            for key in ("part", "of"):
                yield from _typed(collection, getattr(cell.share, key), (*at, "share", key))
        if cell.feeds is not None:
            yield from _feeds(library, collection, name, cell, (*at, "feeds"))
    for index, rule in enumerate(collection.rules):
        for named in rule.names:
            yield from _typed(collection, named, ("rules", index))


def _typed(collection: Collection, name: str, at: Where) -> Iterator[tuple[Where, str]]:
    if name not in collection.cells:
        yield at, f"unknown cell {name!r}{_near(name, collection.cells)}"
    elif name not in collection.typed:
        yield at, f"{name!r} is worked out; name cells that are filled in"


def _feeds(
    library: Library, collection: Collection, name: str, cell: Cell, at: Where
) -> Iterator[tuple[Where, str]]:
    """The indicator is one that agencies send in, in the same unit and as often, and nobody else feeds it."""
    if any(one.startswith("indicators/") for one in library.unreadable):
        return
    found = library.indicators
    indicator = found.get(cell.feeds or "")
    if indicator is None:
        sent_in = [one for one, each in found.items() if each.collected is not None]
        yield at, f"unknown indicator {cell.feeds!r}{_near(cell.feeds or '', sent_in)}"
        return
    if indicator.collected is None:
        yield at, f"{cell.feeds!r} is counted from our own events, not sent in"
        return
    if indicator.unit != cell.unit:
        yield at, f"{cell.feeds!r} is in {indicator.unit!r}, and this cell in {cell.unit!r}"
    if indicator.collected.every != collection.every:
        more = _OFTEN[collection.every] > _OFTEN[indicator.collected.every]
        hint = f"; write `every: {collection.every}, adds_up: true` there if a year is the sum of its parts" if more else ""
        yield at, f"{cell.feeds!r} is sent in every {indicator.collected.every}, this every {collection.every}{hint}"
    others = [
        (one.id, other)
        for one in library.collections.values()
        if set(one.agencies) & set(collection.agencies)
        for other, each in one.cells.items()
        if each.feeds == cell.feeds and (one.id, other) < (collection.id, name)
    ]
    for other_id, other in others:
        yield at, f"{cell.feeds!r} is fed by {other_id}.{other} already, from the same agencies"
