"""Made-up people for measuring encodings: two agencies' lists, and the ways in which the second differs from the first.

Names are those of the demo's tables, by group; nobody here is real. Used by bench/encoding.py and test_encoding_errors.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

import goldenthread

from ..dates import KnownDate
from ..encoding import Encoded, Encoder, Known

NAMES = Path(goldenthread.__file__).parent / "demo" / "names"
GROUPS = {"white_british": 0.72, "south_asian_pakistani": 0.16, "south_asian_indian": 0.07, "eastern_european": 0.05}
TODAY = date(2026, 9, 1)


@dataclass(frozen=True, slots=True)
class Child:
    """One made-up child."""

    id: str
    given: str
    family: str
    born: date
    sex: str
    postcode: str
    group: str
    nhs_number: str = ""

    def known(self) -> Known:
        return Known([f"{self.given} {self.family}"], KnownDate(self.born), self.sex, self.postcode, self.nhs_number)


@cache
def _table(name: str) -> Mapping[str, Any]:
    table: Mapping[str, Any] = yaml.load((NAMES / f"{name}.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return table


@cache
def _sex_names(group: str, sex: str) -> list[str]:
    found: list[str] = list(_table("given_names")[group][sex]["children"])
    return found


def _common(chance: random.Random, names: list[str], flat: int) -> str:
    """One of the names, those at the head of the list likelier, as in the demo."""
    return chance.choices(names, [1 / (place + flat) for place in range(len(names))])[0]


def population(count: int, seed: int = 7) -> list[Child]:
    """Children in households of one to four, who share a family name and a postcode; one birth in sixty is of twins."""
    chance = random.Random(seed)
    found: list[Child] = []
    while len(found) < count:
        group = chance.choices(list(GROUPS), list(GROUPS.values()))[0]
        family = _common(chance, list(_table("surnames")[group]), 12)
        unit = "".join(chance.choices("ABDEFGHJLNPQRSTUWXYZ", k=2))
        postcode = f"BB{chance.randint(1, 12)} {chance.randint(1, 9)}{unit}"
        born = TODAY - timedelta(days=chance.randint(0, 18 * 365))
        for _ in range(chance.choices([1, 2, 3, 4], [35, 40, 18, 7])[0]):
            for _twin in range(2 if chance.random() < 1 / 60 else 1):
                sex = chance.choice(["female", "male"])
                given = _common(chance, _sex_names(group, sex), 8)
                found.append(Child(f"c{len(found)}", given, family, born, sex, postcode, group))
            born -= timedelta(days=chance.randint(330, 1500))
            if born < TODAY - timedelta(days=18 * 365):
                break
    return found[:count]


Difference = Callable[[random.Random, Child], Known]


def _name(child: Child, given: str | None = None, family: str | None = None, **more: Any) -> Known:
    return replace(child.known(), names=[f"{given or child.given} {family or child.family}"], **more)


def _typed_wrong(chance: random.Random, word: str) -> str:
    """One letter dropped, doubled, changed or swapped, after the first."""
    if len(word) < 3:
        return word + word[-1]
    place = chance.randrange(1, len(word) - 1)
    return chance.choice([
        word[:place] + word[place + 1 :],
        word[:place] + word[place] + word[place:],
        word[:place] + chance.choice("aeioumnrstl") + word[place + 1 :],
        word[:place] + word[place + 1] + word[place] + word[place + 2 :],
    ])  # fmt: skip


_SPELLINGS = (("mo", "mu"), ("ss", "s"), ("ai", "ei"), ("ee", "i"), ("oo", "u"), ("ah", "a"), ("q", "k"), ("z", "s"),
              ("sh", "ś"), ("w", "v"), ("ch", "č"), ("f", "ph"), ("ie", "y"), ("y", "i"), ("a", "e"))  # fmt: skip


def _respelt(word: str) -> str:
    """A name as another clerk hears it: the first spelling that differs."""
    low = word.lower()
    for one, other in _SPELLINGS:
        if one in low:
            return low.replace(one, other, 1)
    return low + "h"


DIFFERENCES: Mapping[str, Difference] = {
    "the same": lambda _, child: child.known(),
    "one letter wrong in the given name": lambda r, child: _name(child, given=_typed_wrong(r, child.given)),
    "one letter wrong in the family name": lambda r, child: _name(child, family=_typed_wrong(r, child.family)),
    "both names spelt another way": lambda _, child: _name(child, _respelt(child.given), _respelt(child.family)),
    "names in the other order": lambda _, child: _name(child, child.family, child.given),
    "a second family name, with a hyphen": lambda r, child: _name(
        child, family=f"{child.family}-{_common(r, list(_table('surnames')['white_british']), 12)}"
    ),
    "day and month swapped": lambda _, child: _name(
        child, born=KnownDate(child.born.replace(day=child.born.month, month=min(child.born.day, 12)))
    ),
    "only the year of birth": lambda _, child: _name(child, born=KnownDate(child.born.replace(month=1, day=1), "year")),
    "no date of birth": lambda _, child: _name(child, born=None),
    "moved to another town": lambda r, child: _name(child, postcode=f"PR{r.randint(1, 9)} {r.randint(1, 9)}AB"),
    "no sex and no postcode": lambda _, child: _name(child, sex="", postcode=""),
    "another family name": lambda r, child: _name(
        child, family=_common(r, list(_table("surnames")[child.group]), 12)
    ),
}
"""What the second agency has of the same child."""


@dataclass(frozen=True, slots=True)
class Two:
    """Two agencies' lists: ids ending in the same number are the same child."""

    asked: list[tuple[str, Encoded]]
    own: list[tuple[str, Encoded]]
    both: set[tuple[str, str]]
    groups: Mapping[str, str]


def two_agencies(encoder: Encoder, children: list[Child], difference: Difference, seed: int = 11) -> Two:
    """The first agency asks about two thirds of the children; the second holds the later two thirds, as it knows them."""
    chance = random.Random(seed)
    third = len(children) // 3
    asked = [(child.id, one) for child in children[: 2 * third] for one in encoder.encode(child.known())]
    own = [(f"b{child.id}", one) for child in children[third:] for one in encoder.encode(difference(chance, child))]
    both = {(child.id, f"b{child.id}") for child in children[third : 2 * third]}
    return Two(asked, own, both, {child.id: child.group for child in children})


def rates(two: Two, found: set[tuple[str, str]]) -> Iterator[tuple[str, float]]:
    """Of the children both know, the share found; of the pairs found, the share that are the same child."""
    right = len(found & two.both)
    yield "recall", right / len(two.both)
    yield "precision", right / len(found) if found else 1.0
