"""A tile map: districts as equal squares that lie as in the country, each with its name and its number. Pure.

Equal, so that a small district is seen as well as a wide one. A number is told by itself, by a shade and by bars; what is kept
back is hatched and marked c, what is missing is in broken lines. With links, each square leads to its district's own page, in
the order in which one reads. Where squares stand is in the arrangement's file (`tile_map`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from goldenthread.guidance.canvas import tag
from goldenthread.guidance.lettering import broken, width_of

from ..charts.paper import GREY, INK, WHITE
from ..charts.series import said
from .reading import KEPT_BACK, Shown

STEPS = 4
SHADES = ("#eef4fa", "#c3daee", "#7fb0dc", "#1d70b8")
"""The pale end is the low one. Ink can be read on the first three, white on the last."""
HATCH = "#b1b4b6"


@dataclass(frozen=True, slots=True)
class Tile:
    """A district's square. `verdict`: what a funnel plot says of it, in words; `href`: where its square leads."""

    title: str
    row: int
    column: int
    shown: Shown
    verdict: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class _Size:
    wide: float
    high: float
    gap: float
    letters: int
    number: int


WIDE, NARROW = _Size(132, 92, 6, 14, 22), _Size(70, 84, 3, 12, 16)


def steps(values: Sequence[float]) -> list[float]:
    """Where each step but the first begins: equal parts of the range from the lowest to the highest."""
    low, high = min(values), max(values)
    return [low + (high - low) * nth / STEPS for nth in range(1, STEPS)] if high > low else []


def step_of(value: float, edges: Sequence[float]) -> int:
    return sum(value > edge for edge in edges)


def tile_map(tiles: Sequence[Tile], name: str, title: str, *, narrow: bool = False) -> str:
    """The map as SVG. Empty where there is no number to tell."""
    values = [one.shown.value for one in tiles if one.shown.value is not None]
    if not values:
        return ""
    size, edges = NARROW if narrow else WIDE, steps(values)
    top, left = min(one.row for one in tiles), min(one.column for one in tiles)
    columns, rows = max(one.column for one in tiles) - left + 1, max(one.row for one in tiles) - top + 1
    drawn = [
        _square(one, size, (one.column - left) * (size.wide + size.gap) + 2, (one.row - top) * (size.high + size.gap) + 2, edges)
        for one in sorted(tiles, key=lambda one: (one.row, one.column))
    ]
    wide = columns * (size.wide + size.gap) - size.gap + 4
    key, high = _key(tiles, values, edges, size, wide, rows * (size.high + size.gap) + 8)
    linked = any(one.href for one in tiles)
    return tag(
        "svg", "".join([tag("title", escape(title), id=f"{name}-title"), *drawn, *key]), xmlns="http://www.w3.org/2000/svg",
        class_="gt-drawing gt-tiles", viewBox=f"0 0 {wide:g} {high:g}", role="group" if linked else "img",
        aria_labelledby=f"{name}-title", font_family="Arial, Helvetica, sans-serif",
    )  # fmt: skip


def _square(one: Tile, size: _Size, x: float, y: float, edges: Sequence[float]) -> str:
    value = one.shown.value
    step = step_of(value, edges) if value is not None else 0
    ink = WHITE if value is not None and step == STEPS - 1 else INK
    parts = [
        tag(
            "rect", class_="gt-tiles__square", x=x, y=y, width=size.wide, height=size.high,
            fill=SHADES[step] if value is not None else WHITE, stroke=INK if value is not None else GREY, stroke_width=1,
            stroke_dasharray=None if value is not None or one.shown.mark == KEPT_BACK else "4 3",
        )
    ]  # fmt: skip
    if one.shown.mark == KEPT_BACK:
        parts.append(_hatched(x, y, size.wide, size.high))
    rim, middle = one.shown.mark == KEPT_BACK, x + size.wide / 2
    lines = broken(one.title, size.letters, size.wide - 4)[:3]
    for nth, words in enumerate(lines):
        parts.append(_words(middle, y + 4 + size.letters * (1.1 * nth + 0.9), words, size.letters, ink, rim=rim))
    text = one.shown.text
    fits = width_of(text, size.number, bold=True) <= size.wide - 6
    number = size.number if fits else size.letters
    foot = y + size.high - (16 if value is not None else 10)
    parts.append(_words(middle, foot, text, number, ink, bold=True, rim=rim))
    if value is not None:
        parts.append(_bars(middle, y + size.high - 10, step, ink))
    if not one.href:
        return tag("g", " ".join(parts))
    more = [one.shown.words] if one.shown.mark else []
    said_of = ", ".join([f"{' '.join(lines)} {text}", *more, *([one.verdict] if one.verdict else [])])  # begins as it is seen
    return tag("a", " ".join(parts), href=one.href, class_="gt-tiles__link", aria_label=said_of)


def _bars(middle: float, y: float, step: int, ink: str) -> str:
    """Four small bars, as many filled as the step is high: the shade again, for those who do not see it."""
    return "".join(
        tag(
            "rect", x=middle - 19 + 10 * nth, y=y, width=8, height=5, fill=ink if nth <= step else "none", stroke=ink,
            stroke_width=1,
        )
        for nth in range(STEPS)
    )  # fmt: skip


def _hatched(x: float, y: float, wide: float, high: float) -> str:
    """Slanting lines inside a square."""
    found = []
    for start in range(8, int(wide + high), 12):
        one = (x + min(start, wide), y + max(0.0, start - wide))
        other = (x + max(0.0, start - high), y + min(start, high))
        found.append(f"M{one[0]:g} {one[1]:g}L{other[0]:g} {other[1]:g}")
    return tag("path", d="".join(found), fill="none", stroke=HATCH, stroke_width=1.5)


def _words(x: float, y: float, words: str, size: int, colour: str, *, bold: bool = False, rim: bool = False) -> str:
    return tag(
        "text", escape(words), class_="gt-chart__text", x=round(x, 1), y=round(y, 1), font_size=size, fill=colour,
        text_anchor="middle", font_weight="700" if bold else None, stroke=WHITE if rim else None, stroke_width=5 if rim else None,
        paint_order="stroke" if rim else None,
    )  # fmt: skip


def _key(
    tiles: Sequence[Tile], values: Sequence[float], edges: Sequence[float], size: _Size, wide: float, y: float
) -> tuple[list[str], float]:
    """What the shades and marks mean, below the map, and where the picture ends."""
    ends = [*edges, max(values)]
    entries = [
        (nth, f"{said(min(values))} to {said(end)}" if nth == 0 and edges else said(end) if not edges else f"to {said(end)}")
        for nth, end in enumerate(ends)
    ]
    marks = {one.shown.mark for one in tiles}
    told: list[tuple[int | str, str]] = [*entries]
    if KEPT_BACK in marks:
        told.append((KEPT_BACK, "kept back"))
    if ":" in marks:
        told.append((":", "no figure"))
    found, x = [], 2.0
    for mark, words in told:
        room = 30 + width_of(words, size.letters) + 14
        if x + room > wide and x > 2:
            x, y = 2.0, y + 26
        found.append(_swatch(mark, x, y))
        found.append(tag("text", escape(words), class_="gt-chart__text", x=x + 50, y=y + 13, font_size=size.letters, fill=INK))
        x += room + 22
    return found, y + 24


def _swatch(mark: int | str, x: float, y: float) -> str:
    if isinstance(mark, int):
        ink = WHITE if mark == STEPS - 1 else INK
        box = tag("rect", x=x, y=y, width=44, height=18, fill=SHADES[mark], stroke=INK, stroke_width=1)
        return box + _bars(x + 22, y + 6.5, mark, ink)
    dash = None if mark == KEPT_BACK else "4 3"
    box = tag("rect", x=x, y=y, width=44, height=18, fill=WHITE, stroke=GREY, stroke_width=1, stroke_dasharray=dash)
    hatch = _hatched(x, y, 44, 18) if mark == KEPT_BACK else ""
    return box + hatch + _words(x + 22, y + 13, str(mark), 12, INK, bold=True, rim=mark == KEPT_BACK)
