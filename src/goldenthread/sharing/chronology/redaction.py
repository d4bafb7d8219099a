"""Takes people out of text: each replaced by the same words wherever they are named, in whatever form. Pure.

Names are found by their parts, whatever their order, case, accents, hyphens or apostrophes, broken by a line, spaced out,
with a possessive; a family name that several share becomes “[family name]”. Numbers, addresses, postcodes, telephone
numbers and email addresses are found by their shape. What cannot be known (a nickname nobody recorded, a misspelling)
is offered to the person to decide: `alike`. Source: docs/do/chronology-for-a-review.md.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from rapidfuzz.distance import DamerauLevenshtein

from goldenthread.foundation.action import Invalid
from goldenthread.people.identifiers import nhs_number_valid

from .folding import Folded, fold, folded
from .shapes import (
    ADDRESS,
    EMAIL,
    HANDLE,
    INSURANCE,
    NHS,
    PHONE,
    POSTCODE,
    UPN,
    WEB,
    address_forms,
    day_forms,
    number_form,
    street_like,
)  # fmt: skip

FAMILY_NAME = "[family name]"
#: Between two parts of a name: nothing, a space, a comma, a hyphen, a point, an underscore.
_BETWEEN = r"[\s,.\-_']{0,3}"
_LAST_WORD = re.compile(r"(?:^|[\s,.\-_']+)([^\W\d_]+)$")
_FIRST_WORD = re.compile(r"([^\W\d_]+)[\s,.\-_']*")
_POINT = r"\.?\s?"
_BEGINS, _ENDS = r"(?<![^\W\d_])", r"(?:'?s)?(?![^\W\d_])"
#: Small words inside names that say nothing by themselves.
PARTICLES = frozenset(
    ("al", "el", "ul", "ur", "bin", "ibn", "bint", "binti", "abu", "de", "del", "della", "la", "le", "van", "von", "der",
     "den", "da", "do", "dos", "di", "du", "st", "y")
)  # fmt: skip
#: Names that are also words people write every day: replaced only where they begin with a capital, unless asked.
WORDS = frozenset(
    word
    for line in (Path(__file__).parent / "names_that_are_words.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
    for word in line.split()
)


@dataclass(frozen=True, slots=True)
class Someone:
    """A person a text may name."""

    label: str
    """What stands for them: Mother, Sibling 1."""
    names: tuple[str, ...]
    """Every name and alias, in full."""
    family: tuple[str, ...] = ()
    """Which parts are family names, which others of the family share."""
    numbers: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    born: date | None = None
    kept: bool = False
    """Named as they are: the person whose own record it is."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be taken out beside names."""

    numbers: bool = True
    addresses: bool = True
    telephones: bool = True
    """Telephone numbers, email and web addresses."""
    birthdays: bool = True
    initials: bool = False
    small_letters: bool = False
    """Names that are also words: replace them where they are written small as well."""


@dataclass(slots=True)
class _Rule:
    pattern: str
    said: str | Callable[[str], str]
    """What is put in its place."""
    capital: bool = False
    """Only where the text as typed begins with a capital."""
    fits: Callable[[str], bool] | None = None
    """A further look at the text as typed, such as a check digit."""


@dataclass(slots=True)
class Redactor:
    """Replaces people in text. The same words for the same person each time; counts what it replaced."""

    people: Sequence[Someone]
    wanted: Wanted = field(default_factory=Wanted)
    others: Mapping[str, str] = field(default_factory=dict)
    """Further words and what is put in their place, as a person typed them."""
    counts: Counter[str] = field(default_factory=Counter)
    _rules: list[_Rule] = field(init=False)
    _pattern: re.Pattern[str] | None = field(init=False)
    _sure: set[str] = field(init=False, default_factory=set)
    """Texts in which nothing is left: what `text` gave, looked through once more."""
    _kept: dict[str, tuple[str, Counter[str]]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        shapes, names = list(self._shape_rules()), list(self._name_rules())
        self._rules = [*shapes, *names]
        branches = [f"(?P<r{number}>{rule.pattern})" for number, rule in enumerate(self._rules)]
        if names:
            # Looked for only where a word begins with a letter that one of the names begins with: far fewer places.
            words = [word for one in self.people for word in (*parts_of(one), *_particles(one), *initials_of(one))]
            first = "".join(sorted({re.escape(word[0]) for word in words}))
            named = "|".join(branches[len(shapes) :])
            branches = [*branches[: len(shapes)], f"{_BEGINS}(?=[{first}])(?:{named})"]
        self._pattern = re.compile("|".join(branches)) if branches else None

    # Replacing -----------------------------------------------------------------------------------------------------

    def text(self, text: str) -> str:
        """The text without them."""
        if self._pattern is None or not text:
            return text
        if text not in self._kept:
            before = self.counts.copy()
            clean = self._replaced(text)
            counted = self.counts - before
            if clean != text and (again := self._replaced(clean)) != clean:
                # What was put in may have made a name of what stood on its two sides.
                clean = self._replaced(again)
                if self._replaced(clean) != clean:
                    raise Invalid("The words that stand for people hold a name that is to be replaced. Choose other words")
            self.counts = before + counted
            self._kept[text] = (clean, counted)
            self._sure.add(clean)
        else:
            self.counts += self._kept[text][1]
        return self._kept[text][0]

    def _replaced(self, text: str) -> str:
        assert self._pattern is not None
        seen = fold(text)
        parts: list[str] = []
        done = place = 0
        while found := self._pattern.search(seen.text, place):
            rule = self._rules[int((found.lastgroup or "r0")[1:])]
            first, last = self._trimmed(text, seen, found.start(), found.end())
            start, end = (seen.at[first], seen.at[last - 1] + 1) if last > first else (0, 0)
            while end < len(text) and unicodedata.combining(text[end]):
                end += 1  # an accent that stands apart from the last letter
            typed = text[start:end]
            small = rule.capital and not _capital(typed)
            if last <= first or small or (rule.fits is not None and not rule.fits(typed)):
                place = found.start() + 1
                continue
            said = rule.said if isinstance(rule.said, str) else rule.said(typed)
            if said != typed:
                self.counts[said] += 1
                parts += [text[done:start], said + _tail(typed, said)]
                done = end
            place = last
        return "".join(parts) + text[done:] if parts else text

    def _trimmed(self, text: str, seen: Folded, first: int, last: int) -> tuple[int, int]:
        """What was found without ordinary words written small at its ends: “O’Brien will” is O’Brien, who will."""
        if self.wanted.small_letters:
            return first, last
        while last > first and (end := _LAST_WORD.search(seen.text[first:last])) is not None:
            if end[1] not in WORDS or _capital(text[seen.at[first + end.start(1)] :]):
                break
            last = first + end.start()
        while last > first and (begin := _FIRST_WORD.match(seen.text[first:last])) is not None:
            if begin[1] not in WORDS or _capital(text[seen.at[first] :]):
                break
            first += begin.end()
        return first, last

    def left_in(self, text: str) -> bool:
        """Whether anything that should have been replaced is still there."""
        if text in self._sure:
            return False
        before = self.counts.copy()
        changed = self._pattern is not None and self._replaced(text) != text
        self.counts = before
        return changed

    # What is looked for --------------------------------------------------------------------------------------------

    def _shape_rules(self) -> Iterable[_Rule]:
        for words, said in sorted(self.others.items(), key=lambda pair: -len(pair[0])):
            if plain := folded(words).strip():
                yield _Rule(_BEGINS + _loosely(plain) + _ENDS, said)
        if self.wanted.telephones:
            yield _Rule(EMAIL, "[email address]")
            yield _Rule(WEB, "[web address]")
            yield _Rule(HANDLE, "[user name]")
        hidden = [one for one in self.people if not one.kept]
        if self.wanted.addresses:
            for one in hidden:
                for form in address_forms(one.addresses):
                    yield _Rule(form, "[address]")
            yield _Rule(ADDRESS, "[address]", fits=street_like)
            yield _Rule(POSTCODE, "[postcode]")
        if self.wanted.numbers:
            for one in hidden:
                for number in sorted(one.numbers, key=len, reverse=True):
                    if form := number_form(number):
                        yield _Rule(form, "[number]")
            yield from self._telephones()
            yield _Rule(NHS, "[NHS number]", fits=lambda typed: nhs_number_valid(re.sub(r"\D", "", typed)))
            yield _Rule(UPN, "[pupil number]")
            yield _Rule(INSURANCE, "[National Insurance number]")
        else:
            yield from self._telephones()
        if self.wanted.birthdays:
            for one in hidden:
                if one.born is not None:
                    for form in day_forms(one.born):
                        yield _Rule(form, "[date of birth]")

    def _telephones(self) -> Iterable[_Rule]:
        if self.wanted.telephones:
            yield _Rule(PHONE, "[telephone number]")

    def _name_rules(self) -> Iterable[_Rule]:
        """Runs of one person's name parts, kept people first; then parts that several share; then initials."""
        owners: dict[str, list[Someone]] = {}
        for one in self.people:
            for part in parts_of(one):
                owners.setdefault(part, []).append(one)
        for one in sorted(self.people, key=lambda one: not one.kept):
            own = parts_of(one)
            distinct = [part for part in own if all(other.label == one.label for other in owners[part])]
            if distinct:
                yield self._run(one, own, distinct)
        shared: dict[str, list[str]] = {}
        for part, several in owners.items():
            labels = list(dict.fromkeys(one.label for one in several if not one.kept))
            if len({one.label for one in several}) > 1 and labels:
                family = all(part in _family_parts(one) for one in several)
                said = FAMILY_NAME if family else " or ".join(labels)
                shared.setdefault(said, []).append(part)
        for said, parts in shared.items():
            any_part = _either(parts)
            yield _Rule(
                f"{_BEGINS}{any_part}(?:{_BETWEEN}{any_part})*{_ENDS}", said, all(part in WORDS for part in parts)
            )
        if self.wanted.initials:
            for one in self.people:
                if not one.kept:
                    for letters in initials_of(one):
                        apart = _POINT.join(map(re.escape, letters))
                        yield _Rule(rf"{_BEGINS}{apart}\.?(?:'s)?(?![^\W\d_])", one.label, capital=True)

    def _run(self, one: Someone, own: Sequence[str], distinct: Sequence[str]) -> _Rule:
        every, sure = _either([*own, *_particles(one)]), _either(distinct)
        initial = rf"(?:[^\W\d_](?![^\W\d_])\.?{_BETWEEN})?"
        pattern = f"{_BEGINS}(?:{every}{_BETWEEN})*{sure}(?:{_BETWEEN}{initial}{every})*{_ENDS}"
        said: str | Callable[[str], str] = (lambda typed: typed) if one.kept else one.label
        return _Rule(pattern, said, capital=all(part in WORDS for part in distinct))


def parts_of(one: Someone) -> list[str]:
    """The parts of all their names by which they may be known, the longest first. One letter is no name."""
    found: dict[str, None] = {}
    for name in one.names:
        words = [word for word in re.split(r"[\s\-]+", folded(name)) if word]
        for word in words:
            plain = word.strip("'.,()\"")
            if len(re.sub(r"\W", "", plain)) > 1 and plain not in PARTICLES:
                found[plain] = None
    return sorted(found, key=lambda part: (-len(part), part))


def _particles(one: Someone) -> list[str]:
    return sorted({word for name in one.names for word in re.split(r"[\s\-]+", folded(name)) if word in PARTICLES})


def _family_parts(one: Someone) -> set[str]:
    return {part for name in one.family for part in re.split(r"[\s\-]+", folded(name))}


def initials_of(one: Someone) -> list[str]:
    """A.H. of Amira Hussain; of each of their names that has two parts or more."""
    found = {
        "".join(word[0] for word in words)
        for name in one.names
        if len(words := [word for word in re.split(r"[\s\-]+", folded(name)) if word and word not in PARTICLES]) > 1
    }
    return sorted(found, key=lambda letters: (-len(letters), letters))


def _either(parts: Sequence[str]) -> str:
    ordered = sorted(dict.fromkeys(parts), key=lambda part: (-len(part), part))
    return f"(?:{'|'.join(map(_loosely, ordered))})"


def _loosely(part: str) -> str:
    """A name as typed, its apostrophe forgotten, broken over a line, with signs between its letters, or spaced out."""
    letters = [letter for letter in part if letter.isalnum()]
    if not letters:
        return re.escape(part)
    if "'" in part and len(letters) > 2:
        halves = [_loosely(half) for half in part.split("'") if half]
        return r"['\s]?".join(halves)
    broken = r"(?:-\s{0,2}|[_*.'])?" if len(letters) > 2 else "'?"
    words = part.split()
    plain = r"\s+".join(
        broken.join(re.escape(letter) for letter in word if letter.isalnum()) or re.escape(word) for word in words
    )
    spaced = r"[\s.]{1,2}".join(map(re.escape, letters))
    if len(letters) < 3 or len(words) > 1:
        return plain
    if len(letters) > 4:
        ends = ((letters[:at], letters[at:]) for at in range(2, len(letters) - 1))
        across = "|".join(
            "".join(map(re.escape, before)) + r"\s{1,2}" + "".join(map(re.escape, after)) for before, after in ends
        )
        return f"(?:{plain}|{spaced}|{across})"
    return f"(?:{plain}|{spaced})"


def _capital(typed: str) -> bool:
    return next((letter.isupper() for letter in typed if letter.isalpha()), True)


def _tail(typed: str, said: str) -> str:
    """The possessive of what was replaced: Amira’s becomes Mother’s."""
    if said.startswith("["):
        return ""
    return "’s" if re.search(r"['’ʼ`´]s$", typed, re.IGNORECASE) else ""


def alike(text: str, people: Sequence[Someone]) -> Counter[str]:
    """Words left in a redacted text that are spelt much like a name that was taken out: Ameera beside Amira."""
    names = {part for one in people if not one.kept for part in parts_of(one) if len(part) > 3}
    found: Counter[str] = Counter()
    for word, times in Counter(re.findall(r"[^\W\d_][^\W\d_'’-]{2,}", text)).items():
        if word[0].isupper() and len(plain := folded(word)) > 3:
            for name in names:
                most = 2 if plain[0] == name[0] and len(name) > 4 else 1
                if DamerauLevenshtein.distance(plain, name, score_cutoff=most) <= most:
                    found[word] += times
                    break
    return found


def also_words(people: Sequence[Someone]) -> list[str]:
    """Parts of names that are also ordinary words, which are left where they are written small."""
    return sorted({part for one in people if not one.kept for part in parts_of(one) if part in WORDS})
