"""Two registers of made-up people who are partly the same, written as two agencies would write them, with the truth kept.

For measuring how well `people.matching` does, and for whom it does worse: each person belongs to groups (hyphenated,
transliterated, South Asian naming, moved often, twins, unborn). The shares of slips are assumptions, named below; the
spellings are of two kinds, those of demo/names and rules of transliteration that no table of the matcher knows.
Source of the shares: general knowledge of administrative records, unverified. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from goldenthread.guidance.library import shipped
from goldenthread.people.dates import KnownDate
from goldenthread.people.matching.engine import pairs_of
from goldenthread.people.matching.features import Mother, Record, row_of
from goldenthread.people.matching.grading import Match, graded

from .chance import Chance
from .figures import shipped_figures
from .households import Settlement, district_line, made_up_address, nhs_number
from .naming import given_name, other_spelling, surname
from .parts import districts
from .plain import Household, Person

GROUPS = (
    "hyphenated",
    "transliterated",
    "south_asian_naming",
    "moved_often",
    "twins",
    "unborn",
    "everyone_else",
)
_SOUTH_ASIAN = ("south_asian_pakistani", "south_asian_bangladeshi")
_TRANSLITERATED = (*_SOUTH_ASIAN, "south_asian_indian", "arab", "eastern_european", "black_african")
#: How one sound of another language is written in English letters by two people who have only heard it.
_LETTERS = (
    ("ee", "i"), ("i", "ee"), ("oo", "u"), ("u", "oo"), ("kh", "k"), ("dh", "d"), ("th", "t"), ("ai", "ay"), ("ay", "ai"),
    ("z", "s"), ("w", "v"), ("q", "k"), ("c", "k"), ("ph", "f"), ("aa", "a"), ("ei", "i"), ("ou", "o"), ("sz", "sh"),
    ("cz", "ch"), ("j", "y"), ("e", "a"), ("o", "u"), ("ss", "s"), ("mm", "m"), ("ll", "l"), ("nn", "n"),
)  # fmt: skip
#: Shares of slips in each record of each person, unless a group says more.
SLIPS = {
    "nhs_unknown": 0.45, "number_unknown": 0.5, "typing": 0.05, "nickname": 0.06, "respelt": 0.35, "half_family": 0.4,
    "name_turned": 0.12, "title_or_drop": 0.4, "day_month": 0.015, "digit": 0.015, "partial_date": 0.03, "no_date": 0.01,
    "no_sex": 0.05, "no_address": 0.1, "mother_unknown": 0.5, "family_changed": 0.03, "wrong_nhs": 0.002,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Registers:
    """Two registers, and who is who: the id of a record -> the person it is of."""

    first: list[Record]
    second: list[Record]
    people: dict[str, str] = field(default_factory=dict)
    groups: dict[str, frozenset[str]] = field(default_factory=dict)
    """Person -> the groups they belong to."""

    @property
    def truth(self) -> set[tuple[str, str]]:
        """Pairs of records, one of each register, that are of one person."""
        by_person = {self.people[record.id]: record.id for record in self.first}
        pairs = {(by_person.get(self.people[record.id], ""), record.id) for record in self.second}
        return {pair for pair in pairs if pair[0]}


def made_up_registers(people: int, seed: int = 11, today: date = date(2026, 11, 1)) -> Registers:
    """About `people` records in each register; half of them are of people whom the other has too."""
    chance = Chance(f"registers/{seed}/{people}")
    library, figures = shipped(), shipped_figures()
    year = int(figures.journeys["flow"]["population_year"])
    line = district_line(figures, {one.id: one.population[year].under_18 or 0 for one in districts(library)})
    shares: dict[str, float] = {}
    for district, share in line:
        shares[district] = shares.get(district, 0.0) + share
    writing = _Writing(chance, today, Registers([], []), people)
    part = 0
    while not writing.done:
        settlement = Settlement(Chance(f"{seed}/{part}"), figures, today, part % 1000, shares)
        for household in settlement.households(400):
            writing.household(household)
            if writing.done:
                break
        part += 1
    return writing.made


class _Writing:
    """Writes the people of households into two registers."""

    def __init__(self, chance: Chance, today: date, made: Registers, wanted: int) -> None:
        self.chance, self.today, self.made, self.wanted = chance, today, made, wanted
        self.serial = 0

    @property
    def done(self) -> bool:
        return len(self.made.first) >= self.wanted and len(self.made.second) >= self.wanted

    def household(self, home: Household) -> None:
        people = [self._family_name(self._due(one)) for one in home.people]
        mother = next(one for one in people if one.role == "mother")
        people += self._twins(people)
        addresses = [(lines, postcode) for lines, postcode, _ in home.addresses]
        if self._hit(0.12):
            addresses += [made_up_address(self.chance, home.district)[:2] for _ in range(3)]
        for person in people:
            own = [addresses[place] for place, _, _ in person.homes if place < len(addresses)] or addresses[
                :1
            ]
            if len(addresses) > len(home.addresses):
                own = [*own, *addresses[len(home.addresses) :]]
            self._person(person, mother if person.role == "child" else None, own)

    def _hit(self, share: float) -> bool:
        return self.chance.random.random() < share

    def _family_name(self, person: Person) -> Person:
        """Some of every group have two family names, joined by a hyphen."""
        if "-" in person.family or person.group in _SOUTH_ASIAN or not self._hit(0.06):
            return person
        both = f"{person.family}-{surname(self.chance, person.group)}"
        return _copy(person, family=both, name=f"{person.given} {both}")

    def _due(self, person: Person) -> Person:
        """A child who was expected when the first agency wrote, and is born by the time the second does."""
        if person.expected is None:
            return person
        return _copy(person, expected=self.today - timedelta(days=self.chance.whole(15, 300)))

    def _twins(self, people: list[Person]) -> list[Person]:
        twins = []
        for one in people:
            if one.role == "child" and self._hit(0.03):
                sex = one.sex or "female"
                given = given_name(self.chance, one.group, sex)
                while given in one.given.split() or given == one.called:
                    given = given_name(self.chance, one.group, sex)
                if one.expected is not None:
                    continue
                twins.append(_copy(one, id=self.chance.uuid(), given=given, called=given, name=f"{given} {one.family}",
                                   identifiers=[], names=[("twin", "")]))  # fmt: skip
                one.names.append(("twin", ""))
        return twins

    def _person(self, person: Person, mother: Person | None, homes: list[tuple[str, str]]) -> None:
        key = str(person.id)
        nhs = None
        while nhs is None:
            nhs = nhs_number(self.serial % 1_000_000)
            self.serial += 1
        self.made.groups[key] = self._groups(person, homes)
        draw = self.chance.random.random()
        for number, register in ((1, self.made.first), (2, self.made.second)):
            if draw < 0.5 or (draw < 0.75) == (number == 1):
                record = self._record(person, mother, homes, nhs, number)
                self.made.people[record.id] = key
                register.append(record)

    def _groups(self, person: Person, homes: list[tuple[str, str]]) -> frozenset[str]:
        found = set()
        if "-" in person.family:
            found.add("hyphenated")
        if person.group in _TRANSLITERATED:
            found.add("transliterated")
        if person.group in _SOUTH_ASIAN:
            found.add("south_asian_naming")
        if len(homes) >= 4:
            found.add("moved_often")
        if any(kind == "twin" for kind, _ in person.names):
            found.add("twins")
        if person.expected is not None:
            found.add("unborn")
        return frozenset(found or {"everyone_else"})

    # One record ---------------------------------------------------------------------------------------------------

    def _record(
        self, person: Person, mother: Person | None, homes: list[tuple[str, str]], nhs: str, register: int
    ) -> Record:
        given, family = self._name(person, register)
        names = [f"{given} {family}", *(full for kind, full in person.names if full and self._hit(0.5))]
        numbers = [] if self._hit(SLIPS["nhs_unknown"]) else [("nhs", nhs)]
        if numbers and self._hit(SLIPS["wrong_nhs"]):
            numbers = [("nhs", nhs_number((self.serial * 7 + 13) % 1_000_000) or nhs)]
        numbers += [(scheme, value) for scheme, value, _ in person.identifiers
                    if scheme == "upn" and not self._hit(SLIPS["number_unknown"])]  # fmt: skip
        lived = [] if self._hit(SLIPS["no_address"]) else self._lived(homes, register)
        expected = person.expected
        born = self._born(person)
        if expected is not None and register == 2:  # by the time the second writes, the child is born
            early = self.chance.whole(-110, -31) if self._hit(0.08) else self.chance.whole(-30, 12)
            born, expected = KnownDate(min(self.today, expected + timedelta(days=early))), None
        elif expected is not None:
            numbers = []
        mothers: tuple[Mother, ...] = ()
        if mother is not None and not self._hit(SLIPS["mother_unknown"]):
            mothers = (Mother("", f"{self._slip(mother.given)} {mother.family}", mother.born),)
        sex = "" if self._hit(SLIPS["no_sex"]) else person.sex
        return Record(
            f"{register}-{person.id}", given, family, tuple(names), born, expected, sex, tuple(numbers), tuple(lived), mothers
        )  # fmt: skip

    def _lived(self, homes: list[tuple[str, str]], register: int) -> list[tuple[str, str]]:
        """One agency met them early and the other late; each knows one or two of their homes."""
        early = homes[:2] if register == 1 else homes[-2:]
        return early if self._hit(0.5) else (homes[:1] if register == 1 else homes[-1:])

    def _name(self, person: Person, register: int) -> tuple[str, str]:
        chance, given, family = self.chance, person.given, person.family
        if person.expected is not None:
            given = (
                "Unborn"
                if register == 1
                else given_name(chance, person.group, chance.one(["female", "male"]))
            )
            return given, family
        if self._hit(SLIPS["family_changed"]):
            family = surname(chance, person.group)
        if "-" in family and self._hit(SLIPS["half_family"]):
            halves = family.split("-")
            family = chance.one([*halves, "".join(halves), " ".join(halves), "-".join(reversed(halves))])
        if person.group in _SOUTH_ASIAN:
            given, family = self._south_asian(person, given, family)
        if person.group in _TRANSLITERATED and self._hit(SLIPS["respelt"]):
            given = respelt(chance, given) if self._hit(0.6) else given
            family = respelt(chance, family) if self._hit(0.6) else family
        if self._hit(SLIPS["nickname"]):
            given = other_spelling(chance, person.called, given, family).removesuffix(f" {family}") or given
        return self._slip(given), self._slip(family)

    def _south_asian(self, person: Person, given: str, family: str) -> tuple[str, str]:
        """A religious name first or left out; a title or the father's name last; the order turned."""
        chance = self.chance
        if self._hit(SLIPS["title_or_drop"]):
            words = given.split()
            if len(words) > 1:
                given = chance.one([words[-1], given, " ".join(reversed(words))])
            elif person.sex == "male":
                given = f"Mohammed {given}"
            else:
                family = chance.one(["Bibi", "Begum", family])
        if self._hit(SLIPS["name_turned"]):
            return family, given
        return given, family

    def _slip(self, word: str) -> str:
        """A slip of the keyboard: two letters exchanged, one left out, one doubled."""
        if len(word) < 4 or not self._hit(SLIPS["typing"]):
            return word
        place = self.chance.whole(1, len(word) - 3)
        kind = self.chance.whole(0, 2)
        if kind == 0:
            return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
        return word[:place] + word[place + 1 :] if kind == 1 else word[:place] + word[place] + word[place:]

    def _born(self, person: Person) -> KnownDate | None:
        if person.born is None or self._hit(SLIPS["no_date"]):
            return None
        born = person.born
        if person.born_precision != "day":
            return KnownDate(born, person.born_precision)
        if self._hit(SLIPS["partial_date"]):
            if self._hit(0.5):
                return KnownDate(born.replace(day=1), "month")
            return KnownDate(born.replace(month=1, day=1), self.chance.one(["year", "estimated"]))
        if self._hit(SLIPS["day_month"]) and born.day <= 12:
            return KnownDate(born.replace(month=born.day, day=born.month))
        if self._hit(SLIPS["digit"]):
            return KnownDate(born.replace(day=born.day - 1 if born.day > 1 else 2))
        return KnownDate(born)


def respelt(chance: Chance, name: str) -> str:
    """The name as somebody else would write its sounds."""
    low = name.lower()
    fitting = [(old, new) for old, new in _LETTERS if old in low[1:]]
    if not fitting:
        return f"{name}h" if low[-1:] == "a" else name
    old, new = chance.one(fitting)
    place = low.index(old, 1)
    changed = low[:place] + new + low[place + len(old) :]
    return re.sub(r"(^|[\s-])([a-z])", lambda found: found[1] + found[2].upper(), changed)


def _copy(person: Person, **changes: object) -> Person:
    values = {name: getattr(person, name) for name in person.__struct_fields__}
    return Person(**{**values, **changes})


def without_numbers(records: list[Record]) -> list[Record]:
    """The same records without any number, to see what names, dates and homes do alone."""
    return [replace(record, numbers=()) for record in records]


# Measuring --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Measured:
    """How one group fared: of its true pairs, how many were suggested; of what was suggested, how much was wrong."""

    group: str
    pairs: int
    very_likely: int
    possible: int
    wrong_very_likely: int
    wrong_possible: int

    @property
    def missed(self) -> int:
        return self.pairs - self.very_likely - self.possible

    @property
    def recall(self) -> float:
        return 1 - self.missed / self.pairs if self.pairs else 1.0

    @property
    def precision(self) -> float:
        """Of the pairs suggested as very likely, the share that is right."""
        shown = self.very_likely + self.wrong_very_likely
        return self.very_likely / shown if shown else 1.0

    @property
    def precision_of_all(self) -> float:
        """Of all the pairs that a person is asked to look at."""
        right, wrong = self.very_likely + self.possible, self.wrong_very_likely + self.wrong_possible
        return right / (right + wrong) if right + wrong else 1.0


def measured(registers: Registers, grades: dict[tuple[str, str], str]) -> list[Measured]:
    """Each group, and all together last. `grades`: (id in the first, id in the second) -> very_likely or possible."""
    truth = registers.truth
    found = []
    for group in (*GROUPS, "all"):
        counts = {"very_likely": 0, "possible": 0, "wrong_very_likely": 0, "wrong_possible": 0, "pairs": 0}
        for one, two in truth:
            if _belongs(registers, group, one, two):
                counts["pairs"] += 1
                if grade := grades.get((one, two)):
                    counts[grade] += 1
        for (one, two), grade in grades.items():
            if (one, two) not in truth and _belongs(registers, group, one, two):
                counts[f"wrong_{grade}"] += 1
        found.append(Measured(group, **counts))
    return found


def _belongs(registers: Registers, group: str, *records: str) -> bool:
    return group == "all" or any(group in registers.groups[registers.people[record]] for record in records)


def errors_of(
    people: int, seed: int = 11, *, numbers: bool = True, today: date = date(2026, 11, 1)
) -> list[Measured]:
    """Make two registers, match them, and tell how each group fared."""
    made = made_up_registers(people, seed, today)
    sides = (
        [made.first, made.second] if numbers else [without_numbers(made.first), without_numbers(made.second)]
    )
    first, second = ([row_of(record, today) for record in side] for side in sides)
    unborn = frozenset(record.id for record in made.first if record.expected is not None)
    return measured(made, grades_of(graded(pairs_of(first, second), unborn=unborn)))


def grades_of(matches: list[Match]) -> dict[tuple[str, str], str]:
    """Pairs as (id in the first register, id in the second) with their grade."""
    return {
        (match.one, match.two) if match.one.startswith("1-") else (match.two, match.one): match.grade
        for match in matches
    }
