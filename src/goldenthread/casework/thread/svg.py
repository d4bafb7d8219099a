"""Writes a drawing as SVG. Classes only, since pages allow no inline styles; every word is escaped. Pure.

The picture itself is one image with a title and a description; its marks are links beside it, because what is
inside an image cannot be reached by a screen reader.
"""

from __future__ import annotations

from html import escape

from .shapes import Circle, Drawing, Line, Link, Path, Rect, Shape, Words


def draw(drawing: Drawing, identity: str, title: str, description: str, style: str = "gt-thread") -> str:
    """The drawing as markup. `identity` makes its ids unique in the page."""
    still = "".join(map(_shape, drawing.still))
    links = "".join(map(_link, drawing.links))
    view = f"0 0 {_n(drawing.width)} {_n(drawing.height)}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{style}" viewBox="{view}" '
        f'role="group" aria-label="{escape(title)}">'
        f'<g role="img" aria-labelledby="{identity}-t {identity}-d"><title id="{identity}-t">{escape(title)}</title>'
        f'<desc id="{identity}-d">{escape(description)}</desc>{still}</g>{links}</svg>'
    )


def _link(link: Link) -> str:
    skip = "" if link.tab else ' tabindex="-1"'
    seen = " ".join(shape.text for shape in link.shapes if isinstance(shape, Words))
    inner = " ".join(map(_shape, link.shapes))
    if seen == link.words:  # the words that are drawn say it all
        return f'<a href="{escape(link.href)}"{skip} class="gt-t-link">{inner}</a>'
    return (
        f'<a href="{escape(link.href)}" aria-label="{escape(link.words)}"{skip} class="gt-t-link">'
        f"<title>{escape(link.words)}</title>{inner}</a>"
    )


def _shape(shape: Shape) -> str:
    if isinstance(shape, Line):
        ends = f'x1="{_n(shape.x1)}" x2="{_n(shape.x2)}" y1="{_n(shape.y1)}" y2="{_n(shape.y2)}"'
        return f'<line class="{shape.style}" {ends}/>'
    if isinstance(shape, Circle):
        return f'<circle class="{shape.style}" cx="{_n(shape.x)}" cy="{_n(shape.y)}" r="{_n(shape.radius)}"/>'
    if isinstance(shape, Rect):
        box = shape.box
        rounded = f' rx="{_n(shape.round)}"' if shape.round else ""
        return (
            f'<rect class="{shape.style}" x="{_n(box.x)}" y="{_n(box.y)}" width="{_n(box.width)}" '
            f'height="{_n(box.height)}"{rounded}/>'
        )
    if isinstance(shape, Path):
        points = " L".join(f"{_n(x)} {_n(y)}" for x, y in shape.points)
        return f'<path class="{shape.style}" d="M{points}{" Z" if shape.closed else ""}"/>'
    assert isinstance(shape, Words)
    anchor = "" if shape.anchor == "start" else f' text-anchor="{shape.anchor}"'
    return (
        f'<text class="{shape.style}" x="{_n(shape.x)}" y="{_n(shape.y)}"{anchor}>{escape(shape.text)}</text>'
    )


def _n(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
