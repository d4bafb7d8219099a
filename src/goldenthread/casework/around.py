"""The people around a child, drawn: the child and the household in the middle, family elsewhere on one side, those who
work with them on the other; on a phone the three stand one above another. Pure: knows no database.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .thread.labels import Box
from .thread.measure import shortened
from .thread.shapes import Drawing, Line, Link, Rect, Shape, Words

NAME, SMALL = 15.0, 13.0
_HEIGHT, _GAP = 46.0, 10.0


@dataclass(frozen=True, slots=True)
class Someone:
    """A person to draw: their name, and what they are to the child."""

    name: str
    what: str
    href: str = ""
    note: str = ""
    """A few words that matter, such as an open plan or parental responsibility."""


@dataclass(frozen=True, slots=True)
class Around:
    """Everyone around one child."""

    child: Someone
    household: Sequence[Someone] = ()
    family: Sequence[Someone] = ()
    professionals: Sequence[Someone] = ()


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    people: Sequence[Someone]
    style: str


MOST = 9
"""More than this in one column are counted, and told in the table."""


def draw_wide(around: Around) -> Drawing:
    """Three columns, for a screen."""
    width, side, middle = 860.0, 240.0, 260.0
    columns = _columns(around)
    rows = max(min(len(column.people), MOST + 1) for column in columns.values())
    height = 44 + max(rows, 2) * (_HEIGHT + _GAP) + 14
    drawing = Drawing(width, height)
    home = Box((width - middle) / 2, 4, middle, height - 8)
    drawing.still.append(Rect(home, "gt-d-home", 8))
    child, lines = _column(drawing, columns["home"], home.x + 12, middle - 24, height, first=around.child)
    for name, x in (("family", 4.0), ("work", width - side - 4)):
        _, boxes = _column(drawing, columns[name], x, side, height)
        for box in boxes:
            start = (box.right, box.y + _HEIGHT / 2) if x < home.x else (box.x, box.y + _HEIGHT / 2)
            end = (home.x, start[1]) if x < home.x else (home.right, start[1])
            style = "gt-d-tie" if name == "family" else "gt-d-tie gt-d-tie--work"
            drawing.still.insert(0, Line(start[0], start[1], end[0], end[1], style))
    _ties_at_home(drawing, child, lines)
    return drawing


def draw_narrow(around: Around) -> Drawing:
    """One column, for a phone: home first, then family elsewhere, then those who work with the child."""
    width = 350.0
    drawing = Drawing(width, 0)
    y = 4.0
    for name, column in _columns(around).items():
        first = around.child if name == "home" else None
        people = len(_shown(column.people)) + (1 if first else 0)
        if not people:
            continue
        height = 34 + people * (_HEIGHT + _GAP)
        if name == "home":
            drawing.still.append(Rect(Box(2, y, width - 4, height), "gt-d-home", 8))
        child, boxes = _column(drawing, column, 14, width - 28, 0, first=first, top=y)
        if name == "home":
            _ties_at_home(drawing, child, boxes)
        y += height + 12
    drawing.height = y
    return drawing


def _columns(around: Around) -> dict[str, Column]:
    return {
        "home": Column("At home", around.household, "gt-d-box"),
        "family": Column("Family and others", around.family, "gt-d-box"),
        "work": Column("Working with them", around.professionals, "gt-d-box gt-d-box--work"),
    }


def _shown(people: Sequence[Someone]) -> list[Someone]:
    if len(people) <= MOST:
        return list(people)
    return [*people[: MOST - 1], Someone(f"and {len(people) - MOST + 1} more", "in the table below")]


def _column(
    drawing: Drawing, column: Column, x: float, width: float, height: float, *, first: Someone | None = None,
    top: float = 4.0,
) -> tuple[Box | None, list[Box]]:  # fmt: skip
    """Boxes one beneath another, from the top on a phone and about the middle on a screen."""
    people = _shown(column.people)
    count = len(people) + (1 if first else 0)
    if not count:
        return None, []
    drawing.still.append(Words(x, top + 19, column.title, "gt-d-small gt-d-small--title"))
    y = top + 30
    if height:
        y += max((height - 44 - 14 - count * (_HEIGHT + _GAP)) / 2, 0)
    child = None
    if first is not None:
        child = Box(x, y, width, _HEIGHT)
        _person(drawing, first, child, "gt-d-box--child", "gt-d-text--onchild")
        y += _HEIGHT + _GAP
    boxes = []
    for one in people:
        box = Box(x, y, width, _HEIGHT)
        _person(drawing, one, box, column.style)
        boxes.append(box)
        y += _HEIGHT + _GAP
    return child, boxes


def _person(drawing: Drawing, one: Someone, box: Box, style: str, tone: str = "") -> None:
    room = box.width - 20
    under = f"{one.what}. {one.note}" if one.note else one.what
    shapes: list[Shape] = [
        Rect(box, style, 4),
        Words(box.x + 10, box.y + 19, shortened(one.name, NAME, room), f"gt-d-text {tone}".strip()),
        Words(box.x + 10, box.y + 36, shortened(under, SMALL, room), f"gt-d-small {tone}".strip()),
    ]
    drawing.words_at.append(box)
    if one.href:
        drawing.links.append(Link(one.href, f"{one.name} {under}", shapes))
    else:
        drawing.still += shapes


def _ties_at_home(drawing: Drawing, child: Box | None, boxes: Sequence[Box]) -> None:
    """A short line from the child down to each one at home."""
    if child is None:
        return
    for above, below in zip([child, *boxes], boxes, strict=False):
        drawing.still.insert(1, Line(below.x + 20, above.bottom, below.x + 20, below.y, "gt-d-tie"))


def words_for(around: Around) -> str:
    """The drawing in a sentence or two."""
    parts = []
    for people, before in (
        (around.household, "At home"),
        (around.family, "Family and others elsewhere"),
        (around.professionals, "Working with them"),
    ):
        if people:
            parts.append(f"{before}: " + ", ".join(f"{one.name} ({one.what.lower()})" for one in people))
    return ". ".join(parts) + "." if parts else "Nobody is recorded around this child yet."
