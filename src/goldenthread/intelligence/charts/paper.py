"""Something to draw a chart on: scales, axes, lines and marks, as SVG with a title and a description. Pure.

Presentation attributes and classes only: the pages' security policy forbids style attributes. Uses the widths of
letters from guidance, so that no two labels meet.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import floor, log10
from xml.sax.saxutils import escape

from goldenthread.guidance.canvas import BLUE, GOLD, GREY, INK, WHITE, tag
from goldenthread.guidance.lettering import width_of

PALE_GREY, ORANGE, PURPLE = "#b1b4b6", "#b5540a", "#4c2c92"
__all__ = ["BLUE", "GOLD", "GREY", "INK", "ORANGE", "PALE_GREY", "PURPLE", "WHITE", "Paper", "Scale", "ticks"]


def ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Round numbers from at or under `low` to at or over `high`."""
    span = high - low
    if span < 1e-6 * max(1.0, abs(low), abs(high)):
        span = max(1.0, abs(low), abs(high)) / 10
        low, high = low - span / 2, low + span / 2
    raw = span / about
    power = 10 ** floor(log10(raw))
    step = next(times * power for times in (1, 2, 2.5, 5, 10) if times * power >= raw * 0.999)
    first = floor(low / step + 1e-9)
    found = [round(first * step, 10)]
    while found[-1] < high - step * 1e-9:
        first += 1
        found.append(round(first * step, 10))
    return found


@dataclass(frozen=True, slots=True)
class Scale:
    """From values to places on the paper."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


@dataclass(slots=True)
class Paper:
    width: float
    height: float
    size: int = 14
    drawn: list[str] = field(default_factory=list)
    labels: list[tuple[float, float, float, float]] = field(default_factory=list)
    """The box of every text, for the tests: left, top, right, bottom."""

    def text(
        self, x: float, y: float, words: str, *, anchor: str = "start", bold: bool = False, colour: str = INK
    ) -> None:
        """One line of words, with a white rim so that a line behind it does not cross it out."""
        self.drawn.append(
            tag(
                "text",
                escape(words),
                class_="gt-chart__text",
                x=x,
                y=y,
                font_size=self.size,
                fill=colour,
                text_anchor=None if anchor == "start" else anchor,
                font_weight="700" if bold else None,
                stroke=WHITE,
                stroke_width=3,
                paint_order="stroke",
            )
        )
        wide = width_of(words, self.size, bold=bold)
        left = x - {"start": 0, "middle": wide / 2, "end": wide}[anchor]
        self.labels.append((left, y - self.size * 0.78, left + wide, y + self.size * 0.24))

    def line(
        self, points: Sequence[tuple[float, float]], colour: str, *, wide: float = 2, dash: str | None = None
    ) -> None:
        if len(points) > 1:
            path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
            self.drawn.append(
                tag(
                    "path",
                    class_="gt-chart__line",
                    d=path,
                    fill="none",
                    stroke=colour,
                    stroke_width=wide,
                    stroke_dasharray=dash,
                )
            )

    def shape(
        self,
        path: str,
        fill: str,
        *,
        stroke: str | None = None,
        wide: float | None = None,
        clear: float | None = None,
    ) -> None:
        self.drawn.append(
            tag(
                "path",
                class_="gt-chart__shape",
                d=path,
                fill=fill,
                stroke=stroke,
                stroke_width=wide,
                fill_opacity=clear,
            )
        )

    def mark(self, x: float, y: float, kind: str, colour: str) -> None:
        """A point: `circle`, or a shape of its own for what stands out, so that colour is never alone."""
        r = 4.5
        if kind == "circle":
            self.drawn.append(
                tag(
                    "circle",
                    class_="gt-chart__mark",
                    cx=round(x, 1),
                    cy=round(y, 1),
                    r=r,
                    fill=colour,
                    stroke=WHITE,
                )
            )
            return
        r = 6.5
        path = {
            "up": f"M{x:.1f} {y - r:.1f}l{r} {1.7 * r:.1f}h{-2 * r}z",
            "down": f"M{x:.1f} {y + r:.1f}l{r} {-1.7 * r:.1f}h{-2 * r}z",
            "diamond": f"M{x:.1f} {y - r:.1f}l{r} {r}l{-r} {r}l{-r} {-r}z",
            "square": f"M{x - 5:.1f} {y - 5:.1f}h10v10h-10z",
        }[kind]
        self.drawn.append(tag("path", class_="gt-chart__mark", d=path, fill=colour, stroke=WHITE))

    def up_axis(self, low: float, high: float, left: float, right: float, top: float, foot: float,
                words: Callable[[float], str]) -> Scale:  # fmt: skip
        """Grid lines with round numbers at their left; the scale that they stand on."""
        marks = ticks(low, high)
        scale = Scale(marks[0], marks[-1], foot, top)
        for mark in marks:
            self.line([(left, scale(mark)), (right, scale(mark))], PALE_GREY, wide=1)
            self.text(left - 8, scale(mark) + self.size * 0.35, words(mark), anchor="end", colour=GREY)
        return scale

    def svg(self, name: str, title: str, about: str) -> str:
        """The picture, with its title and description for those who cannot see it."""
        inside = [
            tag("title", escape(title), id=f"{name}-title"),
            tag("desc", escape(about), id=f"{name}-desc"),
            *self.drawn,
        ]
        return tag(
            "svg",
            "".join(inside),
            xmlns="http://www.w3.org/2000/svg",
            class_="gt-drawing gt-chart",
            viewBox=f"0 0 {self.width:g} {self.height:g}",
            role="img",
            aria_labelledby=f"{name}-title",
            aria_describedby=f"{name}-desc",
            font_family="Arial, Helvetica, sans-serif",
        )
