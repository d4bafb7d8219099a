"""Households of made-up people: children, their parents and others, names, numbers, homes over time, schools and GPs.

Sources: the tables in demo/names and the assumptions of rates.yaml. NHS numbers are of the range that the NHS keeps for tests
(999); telephone numbers of the ranges Ofcom keeps for drama. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from itertools import accumulate

from goldenthread.clocks.calendar import LONDON
from goldenthread.clocks.interval import add_months, age_on

from .chance import Chance
from .figures import Figures, table
from .naming import child_name, feminine, given_name, other_spelling, surname
from .plain import Household, Person, Warned

_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_AGES = {
    "under_1": (0.0, 1.0),
    "age_1_to_4": (1.0, 5.0),
    "age_5_to_9": (5.0, 10.0),
    "age_10_to_15": (10.0, 16.0),
    "age_16_to_17": (16.0, 17.9),
}


def nhs_number(serial: int) -> str | None:
    """The test NHS number with this serial (0 to 999,999); None for those that have no check digit."""
    nine = f"999{serial:06}"
    check = (11 - sum(int(digit) * (10 - place) for place, digit in enumerate(nine)) % 11) % 11
    return None if check == 10 else f"{nine}{check}"


def upn(year: int, school: int, serial: int) -> str:
    """A unique pupil number of Lancashire (888) with its check letter."""
    digits = f"888{school:04}{year % 100:02}{serial:03}"
    return (
        _UPN_LETTERS[sum(weight * int(digit) for weight, digit in enumerate(digits, start=2)) % 23] + digits
    )


class Settlement:
    """Makes the households of one part of the county."""

    def __init__(
        self, chance: Chance, figures: Figures, today: date, number: int, districts: Mapping[str, float]
    ) -> None:
        self.chance, self.figures, self.today, self.number = chance, figures, today, number
        self.districts = dict(districts)
        self._serial = 0
        self._numbered = 0
        ages = figures.shares("assumed.age_band_")
        self._unborn = ages.pop("unborn")
        self._ages = ages
        by_child = {int(name): share for name, share in figures.shares("assumed.siblings_").items()}
        self._sizes = {str(size): share / size for size, share in by_child.items()}

    def households(self, children: int) -> list[Household]:
        """Households with this many children between them."""
        made: list[Household] = []
        count = 0
        while count < children:
            household = self.household(len(made), min(children - count, 5))
            made.append(household)
            count += len(household.children)
        return made

    # People -----------------------------------------------------------------------------------------------------

    def household(self, number: int, most: int) -> Household:
        chance = self.chance
        district = chance.pick("district", self.districts)
        group = chance.pick(f"group/{district}", table("population_mix")["shares"][district])
        size = min(int(chance.pick("size", self._sizes)), most)
        home = Household(number, district, [], [], [])
        languages = self._languages(group)
        interpreter = languages[0] != "English" and chance.hit("interpreter", 0.3)
        births = self._births(size)
        eldest = min((born for born, _ in births if born), default=self.today)
        mother = self._adult(home, "mother", group, "female", eldest, languages, interpreter)
        there = chance.hit("father", 0.86)
        father_family = surname(chance, group)
        father = (
            self._adult(home, "father", group, "male", eldest, languages, interpreter, father_family)
            if there
            else None
        )
        named_after = (
            (father.given.split()[0], father.family)
            if father
            else (given_name(chance, group, "male", "adults"), father_family)
        )
        family = mother.family
        taken: set[str] = set()
        for born, expected in births:
            child = self._child(
                home, group, born, expected, family, named_after, languages, interpreter, taken
            )
            home.people.append(child)
        self._others(home, group, eldest, languages, interpreter)
        self._homes(home)
        self._relate(home)
        self._warnings(home)
        return home

    def _births(self, size: int) -> list[tuple[date | None, date | None]]:
        """Days of birth (or expected days) of the children of one household, the eldest first."""
        chance, today = self.chance, self.today
        unborn = chance.hit("unborn", self._unborn * size)
        low, high = _AGES[chance.pick("age", self._ages, size)]
        age = chance.between(low, high)
        ages = [age]
        up = down = age
        while len(ages) < size:
            gap = chance.between(1.1, 4.2)
            if (chance.random.random() < 0.5 and up + gap < 17.8) or down - gap < 0.05:
                up += gap
                ages.append(up if up < 17.9 else chance.between(0.1, 17))
            else:
                down -= gap
                ages.append(down)
        ages.sort(reverse=True)
        found: list[tuple[date | None, date | None]] = [
            (today - timedelta(days=int(one * 365.25) + chance.whole(0, 5)), None) for one in ages
        ]
        if unborn:
            if size > 1 or chance.random.random() < 0.5:
                found.pop()
            youngest = max((born for born, _ in found if born), default=None)
            if youngest is None or (today - youngest).days > 200 or not found:
                found.append((None, today + timedelta(days=chance.whole(8, 150))))
        if not found:
            found.append((None, today + timedelta(days=chance.whole(8, 150))))
        return found

    def _child(
        self, home: Household, group: str, born: date | None, expected: date | None, mother_family: str,
        father: tuple[str, str], languages: list[str], interpreter: bool, taken: set[str],
    ) -> Person:  # fmt: skip
        chance = self.chance
        sex = chance.pick("sex", self.figures.shares("assumed.sex_")) if born else ""
        if born is None:
            given, family, called = "Unborn baby", mother_family, "the baby"
        else:
            first = given_name(chance, group, sex)
            while first in taken:
                first = given_name(chance, group, sex)
            taken.add(first)
            given, family, called = child_name(chance, group, sex, first, mother_family, father)
        ethnicity = self._ethnicity(group) if born else ""
        person = Person(
            chance.uuid(), "child", f"{given} {family}", given, family, sex, born, "day" if born else "unknown",
            expected, ethnicity, languages, interpreter, home.district, _MOMENT,
            restricted=chance.hit("restricted", self.figures["assumed.restricted_share"]), called=called, group=group,
            names=[], identifiers=[], homes=[],
        )  # fmt: skip
        if born is not None:
            self._number(person, child=True)
            if chance.hit("alias", self.figures["assumed.alias_share"]):
                person.names.append(("alias", other_spelling(chance, called, given, family)))
        return person

    def _adult(
        self, home: Household, role: str, group: str, sex: str, eldest: date, languages: list[str], interpreter: bool,
        family: str = "", apart: tuple[float, float] = (17.5, 38.0),
    ) -> Person:  # fmt: skip
        chance = self.chance
        given = given_name(chance, group, sex, "adults")
        family = family or surname(chance, group)
        if group == "eastern_european" and sex == "female":
            family = feminine(family)
        born = eldest - timedelta(days=int(chance.between(*apart) * 365.25))
        precision = "day"
        if chance.hit("partial", self.figures["assumed.date_of_birth_partial"]):
            precision = chance.one(["month", "year", "estimated"])
            born = born.replace(day=1) if precision == "month" else born.replace(month=1, day=1)
        person = Person(
            chance.uuid(), role, f"{given} {family}", given, family, sex, born, precision, None,
            self._ethnicity(group), languages, interpreter, home.district, _MOMENT, called=given, group=group,
            names=[], identifiers=[], homes=[],
        )  # fmt: skip
        self._number(person, child=False)
        if sex == "female" and chance.hit("maiden", 0.2):
            person.names.append(
                ("birth" if chance.random.random() < 0.5 else "previous", f"{given} {surname(chance, group)}")
            )
        elif chance.hit("alias", self.figures["assumed.alias_share"]):
            person.names.append(("alias", other_spelling(chance, given, given, family)))
        home.people.append(person)
        return person

    def _others(
        self, home: Household, group: str, eldest: date, languages: list[str], interpreter: bool
    ) -> None:
        chance = self.chance
        if chance.hit("grandmother", 0.16):
            self._adult(home, "grandparent", group, "female", eldest, languages, interpreter, apart=(44, 60))
        if chance.hit("step_parent", 0.1):
            self._adult(home, "step_parent", group, "male", eldest, languages, interpreter, apart=(18, 34))

    def _number(self, person: Person, *, child: bool) -> None:
        chance = self.chance
        share = self.figures["assumed.nhs_number_known"] if child else 0.45
        if chance.hit(f"nhs/{child}", share):
            number = None
            while number is None and self._serial < 999:
                number = nhs_number(self.number * 1000 % 1_000_000 + self._serial)
                self._serial += 1
            if number:
                person.identifiers.append(("nhs", number, chance.random.random() < 0.9))
        if child:
            self._numbered += 1
            person.identifiers.append(("ula", f"{2_000_000 + self.number * 1000 + self._numbered}", False))
            if person.born and age_on(person.born, self.today) >= 4 and chance.random.random() < 0.85:
                entered = person.born.year + 4
                person.identifiers.append(
                    ("upn", upn(entered, 1000 + self.number % 9000, self._numbered % 1000), False)
                )

    def _languages(self, group: str) -> list[str]:
        shares = _shares("languages", "languages", group, "language")
        first = self.chance.pick(f"language/{group}", shares)
        return [first] if first == "English" else [first, "English"]

    def _ethnicity(self, group: str) -> str:
        if self.chance.random.random() < 0.03:
            return "NOBT"
        shares = _shares("ethnicity_codes", "codes", group, "code")
        return self.chance.pick(f"ethnicity/{group}", shares)

    # Homes, school, GP ------------------------------------------------------------------------------------------

    def _homes(self, home: Household) -> None:
        """Where they have lived: one home for most, up to three for some, and a parent who lives apart."""
        chance, today = self.chance, self.today
        moves = 0 if chance.random.random() < 0.62 else 1 if chance.random.random() < 0.75 else 2
        since = sorted({today - timedelta(days=chance.whole(40, 900)) for _ in range(moves)})
        starts: list[date | None] = [None, *since]
        ends: list[date | None] = [*(day - timedelta(days=1) for day in since), None]
        for _ in starts:
            home.addresses.append(made_up_address(chance, home.district))
        stays = [(place, start, end) for place, (start, end) in enumerate(zip(starts, ends, strict=True))]
        apart = chance.hit("apart", 0.42)
        district = home.district
        school = self._school(district)
        practice = chance.one(_practices(district))
        for person in home.people:
            if person.role == "father" and apart:
                home.addresses.append(made_up_address(chance, district))
                person.homes = [(len(home.addresses) - 1, None, None)]
                continue
            if person.role == "grandparent":
                home.addresses.append(made_up_address(chance, district))
                person.homes = [(len(home.addresses) - 1, None, None)]
                continue
            if person.expected is None:
                born = person.born if person.role == "child" else None
                person.homes = [
                    (place, max(start, born) if start and born else start, end)
                    for place, start, end in stays
                    if not (born and end and end < born)
                ]
            person.practice = practice
            if person.role == "child" and person.born is not None:
                age = age_on(person.born, today)
                person.school = (
                    school[0]
                    if 4 <= age < 11
                    else school[1]
                    if 11 <= age < 16
                    else school[2]
                    if age >= 16
                    else ""
                )

    def _school(self, district: str) -> tuple[str, str, str]:
        """The household's primary school, secondary school and college."""
        kinds = _schools(district)
        secondary = self.chance.one(kinds["secondary"])
        return (
            self.chance.one(kinds["primary"]),
            secondary,
            self.chance.one(kinds.get("college", [secondary])),
        )

    # Family -----------------------------------------------------------------------------------------------------

    def _relate(self, home: Household) -> None:
        children = home.children
        mother = next(one for one in home.people if one.role == "mother")
        married = self.chance.random.random() < 0.7
        for adult in home.people:
            if adult.role == "child":
                continue
            kind = adult.role
            responsible = kind == "mother" or (kind == "father" and married)
            home.relations += [(child.id, adult.id, kind, responsible) for child in children]
            if kind == "step_parent":
                home.relations.append((mother.id, adult.id, "partner", False))
        for place, child in enumerate(children):
            home.relations += [(child.id, other.id, "sibling", False) for other in children[place + 1 :]]

    def _warnings(self, home: Household) -> None:
        chance, today = self.chance, self.today
        if not chance.hit("warning", 0.035):
            return
        adult = chance.one([one for one in home.people if one.role != "child"])
        raised = today - timedelta(days=chance.whole(20, 330))
        ended = chance.random.random() < 0.2
        home.warnings.append(Warned(
            adult.id, chance.one(table("words")["warnings"]), chance.one(["lcc_csc", "lancashire_constabulary"]), raised,
            add_months(raised, 6) if chance.random.random() < 0.7 else add_months(raised, 12),
            min(today, raised + timedelta(days=chance.whole(10, 200))) if ended else None, chance.random.random() < 0.55,
        ))  # fmt: skip


def made_up_address(chance: Chance, district: str) -> tuple[str, str, str]:
    """(lines, postcode, area) of an address that nobody has."""
    streets, codes = table("streets"), table("postcodes")
    number = chance.whole(streets["house_numbers"]["from"], streets["house_numbers"]["to"])
    lines = f"{number} {chance.one(streets['streets'])}"
    if chance.random.random() < streets["flats"]["share"]:
        lines = f"{chance.one(streets['flats']['titles'])}, {lines}"
    elif chance.random.random() < 0.01:
        lines = f"{chance.one(streets['house_names'])}, {chance.one(streets['streets'])}"
    town = chance.one(codes["towns"][district])
    postcode = f"{chance.one(codes['outward'][district])} {chance.one(codes['inward'])}"
    return f"{lines}, {town}", postcode, district


_MOMENT = datetime(2000, 1, 1, tzinfo=LONDON)
"""Until the story says when they became known."""


@cache
def _shares(file: str, part: str, group: str, name: str) -> dict[str, float]:
    return {one[name]: one["share"] for one in table(file)[part][group]}


@cache
def _practices(district: str) -> list[str]:
    return [f"gp_{one['id']}" for one in table("practices")["practices"] if one["district"] == district]


@cache
def _schools(district: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in table("schools")["schools"]:
        if one["district"] == district:
            found.setdefault(one["kind"], []).append(f"school_{one['id']}")
    return found


@cache
def schools_of(district: str) -> list[str]:
    """Every school and college of a district."""
    return [one for kind in _schools(district).values() for one in kind]


@cache
def care_providers_of(district: str) -> list[str]:
    """Every care home and home care agency for adults of a district."""
    found = [one for one in table("care_providers")["care_providers"] if one["district"] == district]
    return [f"care_{one['id']}" for one in found if one["kind"] != "childrens_home"]


@cache
def district_of(organisation: str) -> str:
    """Where a school, practice or provider is; empty for agencies of the whole county."""
    for file, prefix in (("schools", "school"), ("practices", "gp"), ("care_providers", "care")):
        for one in table(file)[file]:
            if organisation == f"{prefix}_{one['id']}":
                return str(one["district"])
    return ""


@cache
def provider_called(organisation: str) -> Mapping[str, str]:
    """What the table of care providers says of one."""
    return next(one for one in table("care_providers")["care_providers"] if f"care_{one['id']}" == organisation)


def district_line(figures: Figures, populations: Mapping[str, int]) -> list[tuple[str, float]]:
    """Each district with its share of the children known, by its children and its weight, the districts side by side."""
    weighed = [
        (name, count * figures[f"assumed.district_weight_{name}"]) for name, count in populations.items()
    ]
    total = sum(weight for _, weight in weighed)
    return [(name, weight / total) for name, weight in weighed]


def districts_of_part(line: list[tuple[str, float]], number: int, parts: int) -> dict[str, float]:
    """Which districts part `number` of `parts` covers, and how much of it each is: neighbours, so that teams have places."""
    low, high = number / parts, (number + 1) / parts
    ends = list(accumulate(share for _, share in line))
    found: dict[str, float] = {}
    for (name, share), end in zip(line, ends, strict=True):
        overlap = min(high, end) - max(low, end - share)
        if overlap > 1e-9:
            found[name] = overlap
    return found
