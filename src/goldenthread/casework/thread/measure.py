"""How wide words are when drawn, so that they can be kept apart without a browser.

Widths are those of Helvetica (Adobe font metrics), which Arial and Liberation Sans share, in thousandths of
the size.
"""

from __future__ import annotations

from functools import lru_cache

_WIDTHS: dict[str, int] = {}
for _width, _letters in (
    (191, "'"), (222, "ijl’‘"), (278, " !,./:;It[]\\f"), (333, "()-r`“”"), (355, '"'), (389, "*"),
    (500, "ckvxyzsJ"), (556, "0123456789abdeghnopqu$#?_L–"), (584, "+<=>"), (611, "FTZ"), (667, "ABEKPSVXY&"),
    (722, "CDHNRUw"), (778, "GOQ"), (833, "Mm"), (889, "%"), (944, "W"), (1000, "—…"), (1015, "@"),
):  # fmt: skip
    for _letter in _letters:
        _WIDTHS[_letter] = _width
_UNKNOWN = 780
_SAFETY = 1.04
_BOLD = 1.08


@lru_cache(maxsize=8192)
def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """The width of `text` at a size, a little over rather than under."""
    total = sum(_WIDTHS.get(letter, _UNKNOWN) for letter in text)
    return total * size / 1000 * _SAFETY * (_BOLD if bold else 1)


def shortened(text: str, size: float, room: float) -> str:
    """`text`, cut at a word and ended with … where it is wider than `room`."""
    if width_of(text, size) <= room:
        return text
    words = text.split()
    while len(words) > 1:
        words.pop()
        short = " ".join(words).rstrip(",:;") + "…"
        if width_of(short, size) <= room:
            return short
    return text[: max(1, int(len(text) * room / width_of(text, size)) - 1)] + "…"
