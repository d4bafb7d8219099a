"""A sheet to draw on: SVG shapes, lines and text, with the box of every text kept for the tests. Pure.

Presentation attributes and classes only: the pages' security policy forbids style attributes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from .lettering import width_of

INK, GREY, BLUE, PALE, WHITE = "#0b0c0c", "#484949", "#1d70b8", "#eef4fa", "#ffffff"
GOLD, CREAM = "#b58105", "#fdf3dc"


class Box(NamedTuple):
    """A rectangle: left, top, right, bottom."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def tag(name: str, inside: str | None = None, /, **attributes: str | float | None) -> str:
    """An element. `stroke_width` becomes `stroke-width`; None leaves an attribute out; numbers lose needless zeros."""
    written = "".join(
        f" {key.rstrip('_').replace('_', '-')}={quoteattr(value if isinstance(value, str) else f'{value:g}')}"
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{written}/>" if inside is None else f"<{name}{written}>{inside}</{name}>"


@dataclass
class Canvas:
    """What has been drawn, in three layers: shapes, then lines over them, then dots and text on top."""

    shapes: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    over: list[str] = field(default_factory=list)
    labels: list[tuple[str, Box]] = field(default_factory=list)
    runs: list[Box] = field(default_factory=list)
    """Every straight run of line."""

    def text(
        self, x: float, y: float, words: str, size: int, kind: str, colour: str = INK, *, bold: bool = False
    ) -> None:
        """One line of text whose baseline is at `y`."""
        self.over.append(
            tag(
                "text",
                escape(words),
                class_=f"gt-diagram__{kind}",
                x=x,
                y=y,
                font_size=size,
                fill=colour,
                font_weight="700" if bold else None,
            )
        )
        right = x + width_of(words, size, bold=bold)
        self.labels.append((words, Box(x, y - size * 0.78, right, y + size * 0.24)))

    def rounded(self, box: Box, *, closed: bool) -> None:
        """A state's box; a closed one has a double line."""
        colour = GREY if closed else BLUE
        kind = "gt-diagram__box gt-diagram__box--closed" if closed else "gt-diagram__box"
        self._rect(box, kind, radius=8, fill=WHITE if closed else PALE, stroke=colour, stroke_width=2)
        if closed:
            inner = Box(box.left + 4, box.top + 4, box.right - 4, box.bottom - 4)
            self._rect(inner, "gt-diagram__inner", radius=5, fill="none", stroke=colour, stroke_width=1)

    def dashed(self, box: Box) -> None:
        self._rect(
            box,
            "gt-diagram__anytime",
            radius=8,
            fill=WHITE,
            stroke=GREY,
            stroke_width=1.5,
            stroke_dasharray="5 4",
        )

    def _rect(self, box: Box, kind: str, *, radius: float, **attributes: str | float) -> None:
        self.shapes.append(
            tag(
                "rect",
                class_=kind,
                x=box.left,
                y=box.top,
                width=box.right - box.left,
                height=box.bottom - box.top,
                rx=radius,
                **attributes,
            )
        )

    def dot(self, x: float, y: float, *, filled: bool, radius: float = 4.5, colour: str = BLUE) -> None:
        self.over.append(
            tag(
                "circle",
                class_="gt-diagram__dot",
                cx=x,
                cy=y,
                r=radius,
                fill=colour if filled else WHITE,
                stroke=colour,
                stroke_width=2,
            )
        )

    def pennant(self, x: float, y: float, width: float, height: float) -> None:
        """A flag that points to the right."""
        half = height / 2
        self.shapes.append(
            tag(
                "path",
                class_="gt-diagram__flag",
                d=f"M{x:g} {y:g}h{width:g}l8 {half:g}l-8 {half:g}h-{width:g}z",
                fill=CREAM,
                stroke=GOLD,
                stroke_width=1,
            )
        )

    def line(self, path: str, colour: str, *, arrow: bool = False, clear: str | None = None) -> None:
        """A line along `path`; `clear` is the part of it that passes over other lines, drawn first in white."""
        if clear:
            self.lines.append(tag("path", d=clear, fill="none", stroke=WHITE, stroke_width=6))
        self.lines.append(
            tag(
                "path",
                class_="gt-diagram__line",
                d=path,
                fill="none",
                stroke=colour,
                stroke_width=2,
                marker_end=f"url(#{_marker(colour)})" if arrow else None,
            )
        )

    def svg(self, name: str, width: int, height: int, title: str, about: str) -> str:
        """The whole picture, with its title and description for those who cannot see it."""
        heads = "".join(
            tag(
                "marker",
                tag("path", d="M0 0L8 4L0 8z", fill=colour),
                id=_marker(colour),
                viewBox="0 0 8 8",
                refX=7,
                refY=4,
                markerWidth=5,
                markerHeight=5,
                orient="auto",
            )
            for colour in (BLUE, GREY)
        )
        inside = [
            tag("title", escape(title), id=f"{name}-title"),
            tag("desc", escape(about), id=f"{name}-desc"),
            tag("defs", heads),
            *self.shapes,
            *self.lines,
            *self.over,
        ]
        return tag(
            "svg",
            "".join(inside),
            xmlns="http://www.w3.org/2000/svg",
            class_="gt-diagram",
            viewBox=f"0 0 {width} {height}",
            role="img",
            aria_labelledby=f"{name}-title",
            aria_describedby=f"{name}-desc",
            font_family="Arial, Helvetica, sans-serif",
        )


def _marker(colour: str) -> str:
    return f"gt-arrow-{'blue' if colour == BLUE else 'grey'}"
