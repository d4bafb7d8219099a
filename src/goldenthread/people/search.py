"""Finding people however their name is spelt: keys made from names, what a search box was given, how well a name fits.

Pure but for the shipped table of names (names.yaml). A key is looked up in an index; its first character says how close
a match it is, so that in the order of keys the closest come first:
  1  the same words, in any order        3  two words with the same letters but for vowels, doubled or swapped
  2  two words that sound alike          4  one word, as spelt        5  one word, by its sound
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from itertools import combinations, product
from pathlib import Path

import jellyfish
import yaml
from rapidfuzz.distance import JaroWinkler

from .dates import KnownDate, read_date
from .identifiers import could_be, normalised

LONGEST_KEY = 64
#: Words of a name that are used; a longer name keeps its first and last ones.
_WORDS = 5
_TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "master", "baby", "unborn", "of"})
_DROPPED = str.maketrans("", "", "'’‘`´.")
#: Before a word is coded by sound: South Asian and Arabic names as English ears spell them. General knowledge, tested
#: on pairs of spellings in tests/test_search.py.
_FOLDS = tuple(
    (re.compile(pattern), put)
    for pattern, put in (
        (r"(?<=[aeiou])y(?!$)", "i"),
        (r"ck|q", "k"),
        (r"kh|gh(?=[aeiou])", lambda found: found[0][0]),
        (r"(?<=[bd])h", ""),
        (r"th", "t"),
        (r"ph", "f"),
        (r"z", "s"),
        (r"w(?=[aeiou])", "v"),
        (r"[wh]$", ""),
        (r"^(?:ch|c(?=[aou]))", lambda found: "ch" if found[0] == "ch" else "k"),
        (r"([a-z])\1+", r"\1"),
    )
)


def folded(text: str) -> list[str]:
    """The words of a name: small letters without accents, apostrophes or titles; a hyphen parts words."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("ł", "l").replace("ø", "o").replace("ß", "ss"))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign)).translate(_DROPPED)
    words = re.findall(r"[^\W\d_]+", plain)
    kept = [word for word in words if word not in _TITLES]
    return kept or words


@lru_cache(maxsize=65_536)
def sound(word: str) -> str:
    """How a word sounds: its metaphone after the folds above; first vowels are one. Never empty for a word."""
    for pattern, put in _FOLDS:
        word = pattern.sub(put, word)
    code = jellyfish.metaphone(word).replace("0", "T").replace(" ", "")
    code = re.sub(r"^[AEIOU]", "A", code)
    return code[:8] or word[:8].upper()


@lru_cache(maxsize=65_536)
def bones(word: str) -> str:
    """The consonants of a word, each once, in the alphabet's order: what swapped and doubled letters do not change."""
    return "".join(sorted(set(word) - set("aeiouy"))) or word


def keys_for(name: str) -> set[str]:
    """The keys a person with this name is found by."""
    words = _used(folded(name))
    if not words:
        return set()
    whole, ends = _pair("1", words), (words[0], words[-1])
    keys = {whole, *(f"4{word}"[:LONGEST_KEY] for word in words), *(f"5{sound(word)}" for word in words)}
    if len(words) > 1:
        keys |= {_pair("1", ends), _pair("3", [bones(word) for word in ends])}
        keys |= {_pair("2", [sound(one), sound(two)]) for one, two in _pairs(words)}
    return keys


def keys_for_all(names: Iterable[str]) -> set[str]:
    return {key for name in names for key in keys_for(name)}


def _used(words: list[str]) -> list[str]:
    return words if len(words) <= _WORDS else [*words[: _WORDS - 1], words[-1]]


def _pair(tier: str, words: Iterable[str]) -> str:
    return (tier + "+".join(sorted(words)))[:LONGEST_KEY]


def _pairs(words: list[str]) -> set[tuple[str, str]]:
    """Every two words, and two neighbours written as one with a third: Anne-Marie Khan is also Annemarie Khan."""
    pairs = set(combinations(words, 2))
    for place in range(len(words) - 1):
        joined = words[place] + words[place + 1]
        pairs |= {(joined, other) for at, other in enumerate(words) if at not in (place, place + 1)}
    return pairs


@cache
def _used_for() -> Mapping[str, frozenset[str]]:
    """Name -> the names used for it, from names.yaml."""
    path = Path(__file__).with_name("names.yaml")
    groups: list[list[str]] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["groups"]
    others: dict[str, set[str]] = {}
    for group in groups:
        words = {"".join(folded(name)) for name in group}
        for word in words:
            others.setdefault(word, set()).update(words - {word})
    return {word: frozenset(found) for word, found in others.items()}


def used_for(word: str) -> frozenset[str]:
    """Other names that someone called this may go by: short forms and far spellings."""
    return _used_for().get(word, frozenset())


@dataclass(frozen=True, slots=True)
class Sought:
    """What a search box was given, taken apart."""

    words: list[str] = field(default_factory=list)
    born: KnownDate | None = None
    numbers: list[str] = field(default_factory=list)
    """What may be an identifier, as identifiers are kept."""

    @property
    def terms(self) -> list[str]:
        """The kinds of thing that were typed: all that the journal is told of a search."""
        given = (("identifier", self.numbers), ("name", self.words), ("date of birth", self.born))
        return [kind for kind, there in given if there]

    def close_keys(self) -> list[str]:
        """Keys of those who fit every word typed; for one word, as spelt, as others use it, and by its sound."""
        words = _used(self.words)
        if not words:
            return []
        if len(words) == 1:
            spelt = {f"4{word}"[:LONGEST_KEY] for word in (words[0], *used_for(words[0]))}
            return sorted(spelt | {_pair("1", words), f"5{sound(words[0])}"})
        pairs = {*_pairs(words), (words[0], words[-1])}
        keys = {_pair("1", words), *(_pair("1", pair) for pair in pairs)}
        for one, two in sorted(pairs):
            called = [(word, *sorted(used_for(word))[:12]) for word in (one, two)]
            for first, second in product(*called):
                keys |= {_pair("2", [sound(first), sound(second)]), _pair("3", [bones(first), bones(second)])}
        return sorted(keys)[:300]

    def loose_keys(self) -> list[str]:
        """Keys of those who fit one of several words, for when the others are spelt beyond recognition."""
        words = _used(self.words)
        return sorted({f"4{word}"[:LONGEST_KEY] for word in words} | {f"5{sound(word)}" for word in words})


_DATES = (
    r"\d{4}-\d{1,2}-\d{1,2}",
    r"\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{2,4}",
    r"\d{1,2}(?:st|nd|rd|th)?[\s-]+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?[\s-]+\d{4}",
    r"\d{1,2}\s+\d{1,2}\s+\d{4}",
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,?[\s-]+\d{4}",
    r"\d{1,2}[./-]\d{4}",
    r"(?:19|20)\d{2}",
)
_DATE = re.compile(r"(?<![\w./-])(?:" + "|".join(_DATES) + r")(?![\w/-])", re.I)
_BORN = re.compile(r"\b(?:d\.?o\.?b\.?|date of birth|born(?: on| in)?)\s*:?", re.I)
_SPACED_NHS = re.compile(r"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)")


def take_apart(text: str, today: date) -> Sought:
    """What was typed, as names, a date of birth and identifiers, in whatever order."""
    rest = _BORN.sub(" ", " ".join(text.split())[:200])
    numbers: list[str] = []

    def number(found: re.Match[str]) -> str:
        numbers.append(normalised("nhs", found[0]))
        return " "

    rest = _SPACED_NHS.sub(number, rest)
    born: KnownDate | None = None
    for found in _DATE.finditer(rest):
        try:
            born = read_date(re.sub(r"\s*([./-])\s*", r"\1", found[0]), today)
        except ValueError:
            continue
        rest = f"{rest[: found.start()]} {rest[found.end() :]}"
        break
    words: list[str] = []
    for token in rest.split():
        if any(sign.isdigit() for sign in token):
            plain = normalised("source", token).strip(",;")
            numbers.append(plain)
            if could_be(token):
                numbers.append(normalised("upn", token))
        else:
            words.extend(folded(token))
    kept = [word for word in words if word not in _TITLES] or words
    return Sought(kept, born, list(dict.fromkeys(numbers)))


def likeness(sought: list[str], name: str) -> float:
    """How well a name fits the words typed, 0 to 1, whatever their order; a name with other words too fits a little less."""
    words = folded(name)
    if not sought or not words:
        return 0.0
    if "".join(sorted(sought)) == "".join(sorted(words)) or "".join(sought) == "".join(words):
        return 1.0
    left, total = list(words), 0.0
    for word in sought:
        best = max(left or words, key=lambda other: _word_likeness(word, other))
        total += _word_likeness(word, best) * (1.0 if left else 0.5)
        if best in left:
            left.remove(best)
    joined = _word_likeness("".join(sought), "".join(words)) if len(sought) != len(words) else 0.0
    fit = max(total / len(sought), joined * 0.98)
    return max(0.0, fit - 0.02 * len(left))


@lru_cache(maxsize=16_384)
def _word_likeness(one: str, two: str) -> float:
    if one == two:
        return 1.0
    if two in used_for(one):
        return 0.95
    alike = JaroWinkler.similarity(one, two)
    if sound(one) == sound(two):
        # "Jane" and "John" share a sound but few letters: the sound alone is not enough.
        return max(0.75 + 0.2 * alike, alike)
    if bones(one) == bones(two):
        return max(0.7 + 0.2 * alike, alike)
    return float(alike)
