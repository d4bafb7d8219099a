"""Text as a name is looked for in it: small letters without accents, look-alikes and invisible signs laid aside. Pure.

`fold` keeps where each letter came from, so that what is found can be replaced in the text as it was typed.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

#: Letters that do not fall apart into a base and an accent, and letters of other scripts drawn like Latin ones.
_LIKE = {
    "ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "ħ": "h", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ŋ": "n",
    "а": "a", "е": "e", "о": "o", "р": "p", "с": "c", "у": "y", "х": "x", "і": "i", "ѕ": "s", "ј": "j", "ԁ": "d",
    "α": "a", "ο": "o", "ρ": "p", "ν": "v", "ι": "i", "к": "k", "м": "m", "т": "t", "н": "h", "в": "b",
    "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "′": "'",
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-", "﹣": "-", "－": "-",
}  # fmt: skip
_UNSEEN = {"Cf", "Cc"}


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text, and for each of its letters where it stands in the text as typed."""

    text: str
    at: tuple[int, ...] | range


def fold(text: str) -> Folded:
    """What is compared. Signs that nobody sees (soft hyphens, joiners, direction marks) and accents are gone."""
    if text.isascii() and text.isprintable():
        return Folded(text.lower(), range(len(text)))
    letters: list[str] = []
    at: list[int] = []
    for place, letter in enumerate(text):
        for one in _folded(letter):
            letters.append(one)
            at.append(place)
    return Folded("".join(letters), tuple(at))


def folded(text: str) -> str:
    """The same, where it does not matter where it came from."""
    return fold(text).text


@lru_cache(maxsize=4096)
def _folded(letter: str) -> str:
    if letter in "\n\r\t":
        return " "
    apart = unicodedata.normalize("NFKD", letter).lower()
    kept = []
    for one in apart:
        kind = unicodedata.category(one)
        if kind in _UNSEEN or "\u0300" <= one <= "\u036f" or "\ufe00" <= one <= "\ufe0f":
            continue
        kept.append(" " if kind == "Zs" else _LIKE.get(one, one))
    return "".join(kept)
