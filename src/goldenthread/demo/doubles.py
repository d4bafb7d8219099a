"""A few people of the demo registered a second time by another agency, so that there are possible matches to look at.

Written by the actions, then compared by the matching with those they are doubles of. Seeded: the same demo has the same
doubles. Names are spelt as `two_agencies` would.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from goldenthread.agencies.models import Organisation
from goldenthread.foundation.actor import Actor
from goldenthread.people.actions import KeepMatches, RegisterPerson, RelatePeople
from goldenthread.people.dates import KnownDate
from goldenthread.people.matching.engine import pairs_of
from goldenthread.people.matching.features import row_of
from goldenthread.people.matching.gather import records_here
from goldenthread.people.matching.grading import graded
from goldenthread.people.models import Person

from .chance import Chance
from .naming import given_name, other_spelling
from .two_agencies import respelt

DOUBLES = 8


def register_doubles(actor: Actor, seed: int, now: datetime) -> int:
    """Register the doubles and fill the queue. Returns how many there are."""
    chance = Chance(f"{seed}/doubles")
    kinds = ("school", "primary_care", "health_provider", "police")
    agencies = {
        kind: list(Organisation.objects.filter(active=True, kind=kind).order_by("slug")) for kind in kinds
    }
    children = _children(now.date())
    if not children or not all(agencies.values()):
        return 0
    chosen = chance.some(children, DOUBLES)
    made = [
        _again(actor, chance, child, chance.one(agencies[_meets(child, place, now.date())]), now, place)
        for place, child in enumerate(chosen)
    ]
    born = _newborn(actor, chance, chance.one(agencies["health_provider"]), now)
    records = records_here([person.pk for person in (*chosen, *made, *born)])
    unborn = frozenset(record.id for record in records if record.expected is not None)
    related = {record.id: record.related for record in records}
    found = pairs_of([row_of(record, now.date()) for record in records], threads=1, memory="500MB")
    KeepMatches(actor).run(graded(found, related, unborn))
    return len(made) + len(born) // 2


def _meets(child: Person, place: int, today: date) -> str:
    """The kind of agency that may meet a child of this age without knowing that another has."""
    if place % 4 == 3:
        return "police"
    at_school = child.born is not None and (today - child.born).days > 5 * 365
    return "school" if at_school else "primary_care"


def _children(today: date) -> list[Person]:
    rows: QuerySet[Person] = Person.objects.filter(
        born__gt=today - timedelta(days=17 * 365), restricted=False, merged_into=None, born_precision="day"
    )
    return list(rows.order_by("born", "name", "pk")[:400])


def _again(
    actor: Actor, chance: Chance, child: Person, agency: Organisation, now: datetime, place: int
) -> Person:
    """The child as another agency wrote them; of a third only the month of birth."""
    given, family = child.given_name, child.family_name
    if place % 2:
        given = respelt(chance, given)
    else:
        full = other_spelling(chance, given.split()[0], given, family)
        given = full.removesuffix(f" {family}") if full.endswith(f" {family}") else given
        family = family if full.endswith(f" {family}") else full.rsplit(" ", 1)[-1]
    born = child.born
    assert born is not None
    home = child.residences.select_related("address").order_by("pk").first()
    return RegisterPerson(actor).run(
        given, family, born=KnownDate(born.replace(day=1), "month") if place % 3 == 2 else born, sex=child.sex, area=child.area,
        address=home.address.lines if home else "", postcode=home.address.postcode if home else "",
        organisation=agency, created_at=now - timedelta(days=chance.whole(1, 90)),
    )  # fmt: skip


def _newborn(actor: Actor, chance: Chance, agency: Organisation, now: datetime) -> list[Person]:
    """A child who was expected soon has been born, and the maternity ward registered the baby anew: (unborn, newborn)."""
    unborn = (
        Person.objects.filter(expected__isnull=False, restricted=False).order_by("expected", "name").first()
    )
    if unborn is None:
        return []
    tie = unborn.relationships.filter(kind="mother", other__restricted=False).select_related("other").first()
    born = min(now.date() - timedelta(days=2), unborn.expected or now.date())
    sex = chance.one(["female", "male"])
    baby = RegisterPerson(actor).run(
        given_name(chance, "white_british", sex), unborn.family_name, born=born, sex=sex, area=unborn.area, organisation=agency,
        created_at=now - timedelta(days=1),
    )  # fmt: skip
    if tie is not None:
        RelatePeople(actor).run(baby, tie.other, "mother")
    return [unborn, baby]
