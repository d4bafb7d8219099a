"""What a drawing is made of. `style` is a CSS class: pages allow no inline styles. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .labels import Box


@dataclass(frozen=True, slots=True)
class Line:
    x1: float
    y1: float
    x2: float
    y2: float
    style: str


@dataclass(frozen=True, slots=True)
class Rect:
    box: Box
    style: str
    round: float = 0


@dataclass(frozen=True, slots=True)
class Circle:
    x: float
    y: float
    radius: float
    style: str


@dataclass(frozen=True, slots=True)
class Path:
    points: Sequence[tuple[float, float]]
    style: str
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """Text whose baseline starts (or ends, or is centred) at x, y."""

    x: float
    y: float
    text: str
    style: str
    anchor: str = "start"


Shape = Line | Rect | Circle | Path | Words


@dataclass(frozen=True, slots=True)
class Link:
    """Shapes that lead somewhere. `tab`: a stop for the keyboard; ticks are none, as the table has them."""

    href: str
    words: str
    shapes: Sequence[Shape]
    tab: bool = True


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """What a numbered mark stands for."""

    number: int
    words: str
    href: str


@dataclass(slots=True)
class Drawing:
    """A finished layout. `words_at` and `marks_at` hold the boxes of words and marks, for the tests."""

    width: float
    height: float
    still: list[Shape] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    key: list[KeyEntry] = field(default_factory=list)
    words_at: list[Box] = field(default_factory=list)
    marks_at: list[Box] = field(default_factory=list)
