"""How wide words are, so that a drawing knows where its text ends. Pure.

Widths are those of Arial and Helvetica (Adobe's published metrics, thousandths of the letter size); a browser without
either uses a face of the same widths (Liberation Sans, Arimo). A little is added for safety.
"""

from __future__ import annotations

_NARROW = {
    278: " ,.:;/\\!I[]ft",
    222: "ijl’‘",
    191: "'",
    333: "()-r“”`",
    355: '"',
    389: "*",
    500: "ckJsvxyz",
    556: "abdeghnopqu0123456789#$?_–",
    584: "+<=>~",
    611: "FTZ",
    667: "&ABEKPSVXY",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1000: "—…→↓",
}
_WIDTHS = {letter: width for width, letters in _NARROW.items() for letter in letters}


def width_of(words: str, size: float, *, bold: bool = False) -> float:
    """The width of a line of text at a letter size, in the units of the size."""
    thousandths = sum(_WIDTHS.get(letter, 600) for letter in words)
    return thousandths * size / 1000 * (1.09 if bold else 1.02)


def broken(words: str, size: float, room: float, *, bold: bool = False) -> list[str]:
    """Words on as many lines as they need; a word wider than the room is cut with a hyphen."""
    lines: list[str] = []
    for word in words.split():
        while width_of(word, size, bold=bold) > room and len(word) > 1:
            cut = next(
                length
                for length in range(len(word) - 1, 0, -1)
                if length == 1 or width_of(word[:length] + "-", size, bold=bold) <= room
            )
            lines.append(word[:cut] + "-")
            word = word[cut:]
        if lines and not lines[-1].endswith("-") and width_of(f"{lines[-1]} {word}", size, bold=bold) <= room:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    return lines or [""]
