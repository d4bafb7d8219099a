"""Keyed encodings of people: two agencies learn whether both know a child, and nothing of those whom only one knows.

Scheme 1, in full with test vectors in docs/look-up/encoding.md: bigrams of names, parts of the date of birth, sex and
postcode are hashed with HMAC-SHA-512 under the key of one agreement into 2,048 bits, folded to 1,024 (Schnell and Borgs
2016, XOR-folding). Likeness is the Dice coefficient; only people who share a keyed block are compared. What this
withstands, and what it does not, is on that page. Nothing here may change without a new scheme number: both agencies
must encode alike. Pure: the standard library and `dates`.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from .dates import KnownDate

SCHEME = "1"
BITS = 1024
_WIDE = 2 * BITS
KEY_BYTES = 32
"""The shortest key that is taken."""
#: How many of the 32 numbers of a digest each kind of token sets: how much it weighs.
WEIGHTS = {"name": 10, "day": 20, "month": 20, "year": 20, "sex": 8, "outward": 6, "postcode": 6}

_TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "master", "baby", "unborn"})
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "ß": "ss", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i"})
_DROPPED = str.maketrans("", "", "'’‘`´.")
_CLASSES = {
    sign: code
    for code, signs in {"1": "bfpvw", "2": "cgjkqsxz", "3": "dt", "4": "l", "5": "mn", "6": "r"}.items()
    for sign in signs
}


@dataclass(frozen=True, slots=True)
class Known:
    """What one agency knows of a person, as far as it is encoded. Several names are several encodings of one person."""

    names: Sequence[str]
    born: KnownDate | None = None
    sex: str = ""
    postcode: str = ""
    nhs_number: str = ""


@dataclass(frozen=True, slots=True)
class Encoded:
    """One name of one person, encoded. `bits` and `blocks` tell nothing without the key but how alike two people are."""

    bits: int
    blocks: frozenset[str]
    number: str = ""

    @property
    def hex(self) -> str:
        return f"{self.bits:0{BITS // 4}x}"


# Making them ------------------------------------------------------------------------------------------------------


def words_of(name: str) -> list[str]:
    """The words of a name: small letters of the Latin alphabet where there is one, without accents or titles."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(_LETTERS))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign)).translate(_DROPPED)
    words = re.findall(r"[^\W\d_]+", plain)
    return [word for word in words if word not in _TITLES] or words


def bigrams(word: str) -> Iterator[str]:
    """Each two letters that follow one another, with the ends marked: `_k kh ha an n_`."""
    padded = f"_{word}_"
    return (padded[place : place + 2] for place in range(len(padded) - 1))


def sound_of(word: str) -> str:
    """How a word sounds, coarsely: classes of consonants, the first letter's too, so that Philip is Filip."""
    word = word.replace("ph", "f").replace("gh", "h")
    codes: list[str] = []
    last = ""
    for place, sign in enumerate(word):
        code = _CLASSES.get(sign, "")
        if place == 0 and not code:
            codes.append("0")
        elif code and code != last:
            codes.append(code)
        if sign not in "hw":
            last = code
    return "".join(codes[:5])


@dataclass(slots=True)
class Encoder:
    """Encodes under the key of one agreement. The key is never shown: not by `repr`, nor in any message."""

    agreement: str
    key: bytes = field(repr=False)
    _keys: dict[str, bytes] = field(default_factory=dict, repr=False)
    _positions: dict[tuple[str, str], int] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if len(self.key) < KEY_BYTES:
            raise ValueError(f"A key has at least {KEY_BYTES} bytes; this one has {len(self.key)}.")

    @property
    def fingerprint(self) -> str:
        """Tells two keys apart and nothing else about them."""
        return self._digest("fingerprint", "")[:4].hex()

    def encode(self, person: Known) -> list[Encoded]:
        """One encoding for each of their names. Raises ValueError for someone of whom there is too little to encode."""
        names = [words for name in person.names if (words := words_of(name))]
        if not names:
            raise ValueError("there is no name in letters")
        common = self._common(person)
        digits = re.sub(r"\D", "", person.nhs_number)
        number = self._digest("number", digits)[:16].hex() if digits else ""
        found = []
        for words in names:
            wide = common
            for bigram in {each for word in words for each in bigrams(word)}:
                wide |= self._token("name", bigram)
            found.append(Encoded(folded(wide), frozenset(self._blocks(words, person.born)), number))
        return list(dict.fromkeys(found))

    def _common(self, person: Known) -> int:
        wide = 0
        born = person.born
        if born is not None and born.precision != "unknown":
            wide |= self._token("year", f"{born.first.year:04}")
            if born.precision in ("day", "month"):
                wide |= self._token("month", f"{born.first.month:02}")
            if born.precision == "day":
                wide |= self._token("day", f"{born.first.day:02}")
        if person.sex in ("female", "male"):
            wide |= self._token("sex", person.sex)
        postcode = re.sub(r"[^a-z0-9]", "", person.postcode.lower())
        if len(postcode) > 4:
            wide |= self._token("outward", postcode[:-3]) | self._token("postcode", postcode)
        return wide

    def _blocks(self, words: Sequence[str], born: KnownDate | None) -> Iterator[str]:
        """Keyed blocks: two people are compared only if they share one."""
        sounds = sorted({sound_of(word) for word in words})
        if born is not None and born.precision == "day":
            low, high = sorted((born.first.day, born.first.month))
            yield self._block("born", f"{born.first.year:04}-{low:02}-{high:02}")
        if born is not None and born.precision != "unknown":
            yield from (self._block("sound-year", f"{sound}-{born.first.year:04}") for sound in sounds)
        if len(sounds) == 1:
            yield self._block("sounds", sounds[0])
        yield from (self._block("sounds", f"{one}-{two}") for one, two in combinations(sounds, 2))

    def _block(self, kind: str, value: str) -> str:
        return self._digest("block", f"{kind}:{value}")[:8].hex()

    def _token(self, kind: str, value: str) -> int:
        """The bits of the wide filter that a token sets: the first numbers of its digest, read two bytes at a time."""
        at = (kind, value)
        if at not in self._positions:
            digest = self._digest(kind, value)
            wide = 0
            for place in range(WEIGHTS[kind]):
                wide |= 1 << (int.from_bytes(digest[2 * place : 2 * place + 2], "big") % _WIDE)
            self._positions[at] = wide
        return self._positions[at]

    def _digest(self, kind: str, value: str) -> bytes:
        if kind not in self._keys:
            label = f"goldenthread/encoding/{SCHEME}/{self.agreement}/{kind}"
            self._keys[kind] = hmac.digest(self.key, label.encode(), "sha512")
        return hmac.digest(self._keys[kind], value.encode(), "sha512")


def folded(wide: int) -> int:
    """The lower half of a wide filter exclusive-or the upper: a set bit no longer says that a token is there."""
    return (wide >> BITS) ^ (wide & ((1 << BITS) - 1))


# Comparing them ---------------------------------------------------------------------------------------------------


def dice(one: int, other: int) -> float:
    """Dice coefficient of two bit patterns, 0 to 1."""
    total = one.bit_count() + other.bit_count()
    return 2 * (one & other).bit_count() / total if total else 0.0


def likeness(one: Encoded, other: Encoded) -> float:
    """How alike two encodings are. NHS numbers outrank: the same one is the same person, another is another."""
    if one.number and other.number:
        return 1.0 if one.number == other.number else 0.0
    return dice(one.bits, other.bits)


@dataclass(frozen=True, slots=True)
class Match:
    """Two ids whose encodings are alike enough."""

    asked: str
    own: str
    likeness: float


def matches(
    asked: Iterable[tuple[str, Encoded]], own: Iterable[tuple[str, Encoded]], threshold: float
) -> list[Match]:
    """Every pair at or above the threshold, by the asked id, the likeliest first. Only those in one block are compared."""
    held = list(own)
    blocks: dict[str, list[int]] = {}
    for place, (_, each) in enumerate(held):
        for block in (*each.blocks, *((f"number:{each.number}",) if each.number else ())):
            blocks.setdefault(block, []).append(place)
    best: dict[tuple[str, str], float] = {}
    for asked_id, one in asked:
        near = {place for block in one.blocks for place in blocks.get(block, ())}
        if one.number:
            near.update(blocks.get(f"number:{one.number}", ()))
        for place in near:
            own_id, other = held[place]
            found = likeness(one, other)
            if found >= threshold and found > best.get((asked_id, own_id), 0.0):
                best[asked_id, own_id] = found
    rows = [Match(asked_id, own_id, value) for (asked_id, own_id), value in best.items()]
    return sorted(rows, key=lambda each: (each.asked, -each.likeness, each.own))
