"""What agencies sent, as rows of the indicators: approved values, or where none is approved yet those that were sent.

An area's count is the sum of every agency in it that is asked, and of the districts of an agency that covers more: if one of
them is missing, so is the area's value, and the row says how much of it was there. Shares are worked out again from what they
are made of. Other values (a rate, a caseload) are never added up: they are told where one agency alone gives them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from goldenthread.agencies.models import Area
from goldenthread.guidance.collection import DISTRICT, Cell, Collection

from ..indicators.places import EVERYWHERE
from ..indicators.tables import CollectedRow
from .models import Submission
from .periods import collections
from .queries import told_version, values_of
from .values import Given

ADDED = ("count", "pounds")
"""Units in which a whole is the sum of its parts."""
NOT_APPROVED = "not_approved"


@dataclass(frozen=True, slots=True)
class _Sent:
    """One agency's values for a period; none where it has not sent them."""

    area: str
    given: Mapping[str, Given] | None
    approved: bool


@dataclass(frozen=True, slots=True)
class _Piece:
    """What one agency brings to an area's value: a number and, of a share, what it is out of. None is missing."""

    number: Fraction | None
    out_of: Fraction | None
    approved: bool


def collected_rows() -> list[CollectedRow]:
    """Every value that agencies have sent for an indicator, by area and period."""
    tree = _Tree(list(Area.objects.values_list("slug", "within__slug")))
    found: list[CollectedRow] = []
    for collection in collections().values():
        if any(cell.feeds for cell in collection.cells.values()):
            found += _of(collection, tree)
    return found


def _of(collection: Collection, tree: _Tree) -> Iterator[CollectedRow]:
    rows = list(
        Submission.objects.filter(collection=collection.id).select_related("organisation__area").order_by("first_day")
    )
    versions = {one.pk: version for one in rows if (version := told_version(one)) is not None}
    values = values_of([one for one in rows if one.pk in versions], versions)
    periods: dict[str, list[_Sent]] = {}
    for one in rows:
        area = one.organisation.area.slug if one.organisation.area is not None else EVERYWHERE
        given = values.get(one.pk)
        periods.setdefault(one.period, []).append(_Sent(area, given, one.approved_version is not None))
    for name, cell in collection.cells.items():
        if cell.feeds is None:
            continue
        for period, sent in periods.items():
            for area in tree.areas:
                row = _row(collection, name, cell, area, period, sent, tree)
                if row is not None:
                    yield row


def _row(
    collection: Collection, name: str, cell: Cell, area: str, period: str, sent: Sequence[_Sent], tree: _Tree
) -> CollectedRow | None:
    """An area's value, as far as it is there; None where nobody has sent anything of it, or it cannot be put together."""
    assert cell.feeds is not None
    pieces = [piece for one in sent if (piece := _piece(collection, name, cell, area, one, tree)) is not None]
    there = [one for one in pieces if one.number is not None]
    if not there or (len(pieces) > 1 and cell.share is None and cell.unit not in ADDED):
        return None
    complete = len(there) / len(pieces)
    note = "" if all(one.approved for one in there) else NOT_APPROVED
    value: Fraction | None = None
    if len(there) == len(pieces):
        value = sum((one.number for one in there if one.number is not None), Fraction(0))
        if cell.share is not None:
            whole = sum((one.out_of for one in there if one.out_of is not None), Fraction(0))
            value, note = (value * 100 / whole, note) if whole else (None, "nothing_counted")
    return CollectedRow(cell.feeds, area, period, None if value is None else float(value), complete, note)


def _piece(
    collection: Collection, name: str, cell: Cell, area: str, sent: _Sent, tree: _Tree
) -> _Piece | None:
    """What an agency brings to an area; None if the area is none of its business."""
    given = sent.given or {}
    if tree.within(sent.area, area):
        if cell.share is None:
            return _Piece(_number(given, name), None, sent.approved)
        part, whole = _number(given, cell.share.part), _number(given, cell.share.of)
        both = part is not None and whole is not None
        return _Piece(part if both else None, whole if both else None, sent.approved)
    if DISTRICT not in cell.by or not tree.within(area, sent.area):
        return None
    parts = [_number(given, f"{name}.{DISTRICT}.{one}") for one in tree.leaves(area)]
    there = [one for one in parts if one is not None]
    whole = sum(there, Fraction(0)) if len(there) == len(parts) else None
    return _Piece(whole, None, sent.approved)


def _number(given: Mapping[str, Given], box: str) -> Fraction | None:
    value = given.get(box, Given()).value
    return None if value is None else Fraction(value)


class _Tree:
    """Areas and what they lie in."""

    def __init__(self, rows: Sequence[tuple[str, str | None]]) -> None:
        self._above = dict(rows)
        self.areas = [EVERYWHERE, *self._above]
        self._inside: dict[str, list[str]] = {}
        for area, above in rows:
            if above is not None:
                self._inside.setdefault(above, []).append(area)

    def within(self, area: str, other: str) -> bool:
        """Whether `area` is `other` or lies in it."""
        here: str | None = area
        while here is not None:
            if here == other:
                return True
            here = self._above.get(here)
        return other == EVERYWHERE

    def leaves(self, area: str) -> list[str]:
        """The areas in it that have no parts; itself if it has none."""
        inside = self._inside.get(area, [])
        return [leaf for one in inside for leaf in self.leaves(one)] if inside else [area]

