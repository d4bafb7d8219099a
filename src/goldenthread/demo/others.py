"""People whom other services know and children's social care does not: adults by themselves, and children who have died.

Made as the families of `households` are, with numbers of the same ranges. Pure.
"""

from __future__ import annotations

from datetime import date, timedelta

from .chance import Chance
from .figures import table
from .households import Settlement
from .naming import surname
from .plain import Household, Person

FIRST = 10_000
"""Their households are numbered from here, so that no number is a family's."""
FIRST_ABOUT = 50_000
"""From here for cases about organisations, which have no household at all."""


class Others(Settlement):
    """Makes people for the other services of one part of the county; numbers go on from those of its families."""

    def __init__(self, chance: Chance, families: Settlement) -> None:
        super().__init__(chance, families.figures, families.today, families.number, families.districts)
        self._serial, self._numbered = families._serial, families._numbered
        self.made: list[Household] = []

    def adult(
        self, ages: tuple[float, float], *, restricted: bool = False, moment: date | None = None, women: bool = False
    ) -> Household:
        """An adult who lives by themself or with people nobody has recorded, of an age on a day."""
        home, group, languages, interpreter = self._home()
        sex = "female" if women else self.chance.pick(f"adult/{ages}", {"female": 0.56, "male": 0.44})
        past = (self.today - moment).days / 365.25 if moment is not None else 0.0
        apart = (ages[0] + past, max(ages[1] + past - 0.05, ages[0] + past))
        person = self._adult(home, "adult", group, sex, self.today, languages, interpreter, apart=apart)
        person.restricted = restricted
        return self._settled(home)

    def child_who_died(self, died: date, age_days: int) -> Household:
        """A child who died on a day, that many days old, and the parents."""
        home, group, languages, interpreter = self._home()
        born = died - timedelta(days=age_days)
        mother = self._adult(home, "mother", group, "female", born, languages, interpreter)
        family = surname(self.chance, group)
        father = self._adult(home, "father", group, "male", born, languages, interpreter, family)
        after = (father.given.split()[0], father.family)
        child = self._child(home, group, born, None, mother.family, after, languages, interpreter, set())
        child.role, child.died, child.restricted = "died", died, False
        home.people.append(child)
        return self._settled(home)

    def _home(self) -> tuple[Household, str, list[str], bool]:
        chance = self.chance
        district = chance.pick("district", self.districts)
        group = chance.pick(f"group/{district}", table("population_mix")["shares"][district])
        languages = self._languages(group)
        home = Household(FIRST + len(self.made), district, [], [], [])
        return home, group, languages, languages[0] != "English" and chance.hit("interpreter", 0.3)

    def _settled(self, home: Household) -> Household:
        self._homes(home)
        for person in home.people:
            if person.role == "died":
                person.homes = [(place, start, person.died) for place, start, end in person.homes if end is None][:1]
                home.relations += [
                    (person.id, other.id, other.role, True) for other in home.people if other.role in ("mother", "father")
                ]
        self.made.append(home)
        return home


def first_of(home: Household) -> Person:
    """Whom a household of this module is made for."""
    return next((one for one in home.people if one.role == "died"), home.people[0])
