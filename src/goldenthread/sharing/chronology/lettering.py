"""Which characters our fonts can draw, read from their own tables, and text made fit to be printed. Pure but for the files.

PDF/UA forbids a character that has no glyph, and XML forbids control characters: what cannot be drawn becomes the sign that
says so, rather than vanish. Source: OpenType specification, `cmap` table, formats 4 and 12.
"""

from __future__ import annotations

import struct
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any

FONTS = Path(__file__).parent / "fonts"
NOT_DRAWN = "\N{REPLACEMENT CHARACTER}"


def printable(value: Any) -> Any:
    """Text without invisible signs, in text, lists and mappings alike; a character no font has is marked as such."""
    if isinstance(value, str):
        return value if value.isascii() and value.isprintable() else "".join(map(_drawn, unicodedata.normalize("NFC", value)))
    if isinstance(value, dict):
        return {name: printable(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [printable(inner) for inner in value]
    return value


@lru_cache(maxsize=8192)
def _drawn(letter: str) -> str:
    if letter in "\n\t":
        return letter
    if letter in "\u2028\u2029\x85\x0b\x0c\r":
        return "\n"
    if unicodedata.category(letter) in ("Cc", "Cf", "Cs"):
        return ""
    return letter if ord(letter) in covered() else NOT_DRAWN


@lru_cache(maxsize=1)
def covered() -> frozenset[int]:
    """Every character that one of the fonts has."""
    return frozenset(code for font in sorted(FONTS.glob("*.ttf")) for code in _characters(font.read_bytes()))


def _characters(font: bytes) -> set[int]:
    (tables,) = struct.unpack_from(">H", font, 4)
    for number in range(tables):
        tag, _, start, _ = struct.unpack_from(">4sIII", font, 12 + 16 * number)
        if tag == b"cmap":
            (count,) = struct.unpack_from(">H", font, start + 2)
            parts = [struct.unpack_from(">HHI", font, start + 4 + 8 * part)[2] for part in range(count)]
            return set().union(*(_subtable(font, start + part) for part in parts))
    return set()


def _subtable(font: bytes, start: int) -> set[int]:
    (form,) = struct.unpack_from(">H", font, start)
    if form == 12:
        (groups,) = struct.unpack_from(">I", font, start + 12)
        spans = [struct.unpack_from(">III", font, start + 16 + 12 * group) for group in range(groups)]
        return {code for first, last, glyph in spans for code in range(first, last + 1) if glyph}
    if form != 4:
        return set()
    (twice,) = struct.unpack_from(">H", font, start + 6)
    ends = struct.unpack_from(f">{twice // 2}H", font, start + 14)
    starts = struct.unpack_from(f">{twice // 2}H", font, start + 16 + twice)
    deltas = struct.unpack_from(f">{twice // 2}H", font, start + 16 + 2 * twice)
    offsets = struct.unpack_from(f">{twice // 2}H", font, start + 16 + 3 * twice)
    found = set()
    for part, (first, last, delta, offset) in enumerate(zip(starts, ends, deltas, offsets, strict=True)):
        for code in range(first, last + 1):
            if code == 0xFFFF:
                continue
            if offset:
                place = start + 16 + 3 * twice + 2 * part + offset + 2 * (code - first)
                (glyph,) = struct.unpack_from(">H", font, place)
            else:
                glyph = (code + delta) & 0xFFFF
            if glyph:
                found.add(code)
    return found
