"""The variation and assurance icons as small pictures: a ring with a letter, never colour alone. Pure.

After Making Data Count: blue for better, orange for a concern, grey for ordinary variation and for hit and miss, purple
where neither way is better. Drawn by us; the words that go with them are in `judging`.
"""

from __future__ import annotations

from .judging import Assurance, Variation
from .paper import BLUE, GREY, ORANGE, PURPLE, WHITE, Paper

_COLOURS = {
    "improving_high": BLUE, "improving_low": BLUE, "passing": BLUE,
    "concern_high": ORANGE, "concern_low": ORANGE, "failing": ORANGE,
    "up": PURPLE, "down": PURPLE,
}  # fmt: skip


def icon_svg(one: Variation | Assurance, name: str) -> str:
    """A ring of 40 by 40 with its letter; a wave where variation is ordinary; an empty ring where nothing can be said."""
    sheet = Paper(40, 40, size=19)
    colour = _COLOURS.get(one.icon, GREY)
    sheet.shape("M20 3a17 17 0 1 0 0.01 0z", WHITE, stroke=colour, wide=4)
    if one.icon == "common":
        sheet.line([(9, 22), (14, 16), (20, 24), (26, 16), (31, 22)], GREY, wide=2.5)
    elif one.letter:
        sheet.text(20, 26.5, one.letter, anchor="middle", bold=True, colour=colour)
    return sheet.svg(name, one.words, one.words)
