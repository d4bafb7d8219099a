"""Reading possible matches and joins for the pages, only those that the actor may know of. Depends on `matching`, `queries`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability

from .codes import ETHNICITIES, RELATIONSHIPS
from .dates import KnownDate
from .identifiers import SCHEMES
from .matching.engine import pairs_of
from .matching.features import row_of
from .matching.gather import records_here
from .matching.grading import Reason, grade_of, reasons_for, title_of
from .matching.policies import MatchPolicy, MergePolicy, ordered
from .models import Merge, Person, PossibleMatch, Relationship
from .queries import family_of, professionals_of, residences_of

#: Open matches are counted to here; more are "more than".
COUNTED = 99


@dataclass(frozen=True, slots=True)
class Compared:
    """One line of the comparison: what each record says, and whether they agree."""

    title: str
    one: list[str]
    other: list[str]

    @property
    def same(self) -> bool:
        return bool({each.casefold() for each in self.one} & {each.casefold() for each in self.other})


def open_matches(actor: Actor, grade: str = "") -> QuerySet[PossibleMatch]:
    """Pairs to be looked at, the surest first."""
    rows = MatchPolicy.visible_to(actor).filter(state=PossibleMatch.State.OPEN)
    if grade:
        rows = rows.filter(grade=grade)
    return rows.select_related(
        "one__area", "other__area", "one__registered_by", "other__registered_by"
    ).order_by("-weight", "pk")


def how_many_open(actor: Actor) -> int:
    """Open matches the actor may see, counted no further than one past `COUNTED`."""
    if not actor.may(Capability.MERGE_PEOPLE):
        return 0
    return MatchPolicy.visible_to(actor).filter(state=PossibleMatch.State.OPEN)[: COUNTED + 1].count()


def open_matches_of(actor: Actor, people: Iterable[Person]) -> list[PossibleMatch]:
    """Pairs to be looked at that one of these people is in: the hint on a page about them."""
    ids = [person.pk for person in people]
    rows = MatchPolicy.visible_to(actor).filter(
        Q(one__in=ids) | Q(other__in=ids), state=PossibleMatch.State.OPEN
    )
    return list(rows.select_related("one", "other").order_by("-weight")[:5])


def match_of(actor: Actor, one: Person, other: Person) -> PossibleMatch | None:
    """What was found or decided of two people."""
    first, second = ordered(one.pk, other.pk)
    return MatchPolicy.visible_to(actor).filter(one=first, other=second).select_related("decided_by").first()


def joins_of(actor: Actor, person: Person) -> list[Merge]:
    """Records that were joined into this one and are still, the latest first."""
    rows = MergePolicy.visible_to(actor).filter(kept=person, undone_at=None)
    return list(rows.select_related("gone", "merged_by").order_by("-merged_at"))


def judged(match: PossibleMatch | None, one: Person, other: Person) -> tuple[str, list[Reason]]:
    """The grade in words and the reasons, of a pair that was found or of any two people."""
    if match is not None and match.levels:
        return title_of(match.grade), reasons_for(match.levels, match.cautions)
    records = records_here([one.pk, other.pk])
    today = timezone.localdate()
    pairs = pairs_of([row_of(record, today) for record in records], threads=1, memory="500MB", floor=0.0)
    if not pairs or len(records) != 2:
        return "The two records have little in common", []
    graded = grade_of(pairs[0])
    return title_of(graded.grade), reasons_for(graded.levels, graded.cautions)


def related_to_each_other(one: Person, other: Person) -> str:
    """How one record names the other as somebody else, in words: a brother is not the same person."""
    tie = Relationship.objects.filter(person=one, other=other).first()
    return RELATIONSHIPS.get(tie.kind, (tie.kind, ""))[0] if tie else ""


def side_by_side(actor: Actor, one: Person, other: Person) -> list[Compared]:
    """What is known of two people, line by line."""
    left, right = _known(actor, one), _known(actor, other)
    return [Compared(title, left[title], right[title]) for title in left if left[title] or right[title]]


def _known(actor: Actor, person: Person) -> dict[str, list[str]]:
    names = person.names.order_by("pk")
    numbers = person.identifiers.exclude(scheme="source").order_by("scheme", "value")
    found: dict[str, list[str]] = {
        "Name": [person.name],
        "Other names": [row.full for row in names if row.full.casefold() != person.name.casefold()],
        "Born": [born_in_words(person)] if person.born or person.expected else [],
        "Died": [_day(person.died)] if person.died else [],
        "Sex": [person.get_sex_display()] if person.sex else [],
    }
    for scheme, title in SCHEMES.items():
        found[title] = [_grouped(scheme, row.value) for row in numbers if row.scheme == scheme]
    found["Addresses"] = [_home(row) for row in residences_of(person)]
    found["Family"] = [
        f"{RELATIONSHIPS.get(tie.kind, (tie.kind, ''))[0]}: {tie.other.name}"
        for tie in family_of(actor, person)
    ]
    found["Who works with them"] = [
        f"{row.name}, {row.job}, {row.organisation.title}" for row in professionals_of(person)
    ]
    found["Ethnicity"] = [ETHNICITIES.get(person.ethnicity, person.ethnicity)] if person.ethnicity else []
    found["Languages"] = list(person.languages)
    found["Area"] = [person.area.title] if person.area else []
    found["Registered by"] = [person.registered_by.title] if person.registered_by else []
    return found


def born_in_words(person: Person) -> str:
    """When someone was born, as far as it is known."""
    if person.born:
        return KnownDate(person.born, person.born_precision).words()
    return f"Unborn, expected {_day(person.expected)}" if person.expected else "Not known"


def _day(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else ""


def _grouped(scheme: str, value: str) -> str:
    return f"{value[:3]} {value[3:6]} {value[6:]}" if scheme == "nhs" and len(value) == 10 else value


def _home(row: Any) -> str:
    place = ", ".join(part for part in (row.address.lines, row.address.postcode) if part)
    if row.ends:
        return f"{place}, until {_day(row.ends)}"
    return f"{place}, since {_day(row.starts)}" if row.starts else place
