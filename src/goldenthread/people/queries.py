"""Reading people: the search, possible duplicates, family, household, warnings. Depends on `models`, `policies`, `search`.

The search never scans: it reads at most a few hundred rows from an index, closest keys first, with the policy inside
the query, and ranks those. So it costs the same in a county ten times the size.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from goldenthread.foundation.actor import Actor

from .dates import KnownDate
from .identifiers import SCHEMES, could_be, normalised
from .models import Identifier, Person, PersonName, Professional, Relationship, Residence, SearchKey, Warning
from .policies import PersonPolicy
from .search import Sought, folded, likeness, take_apart

#: Rows read for one look at the keys, before ranking.
CAP = 120
#: Names that fit less than this are not shown; one word alone is easier to hit by chance.
FITS = 0.8


@dataclass(frozen=True, slots=True)
class Hit:
    """A person found: how well they fit (0 to 1) and why, in words."""

    person: Person
    score: float
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gave. `more`: others may fit too, so the searcher should say more."""

    hits: list[Hit]
    more: bool
    sought: Sought


@dataclass(frozen=True, slots=True)
class _Row:
    """One name of one candidate."""

    person_id: UUID
    full: str
    used: bool
    born: date | None
    precision: str
    expected: date | None


def search_people(actor: Actor, text: str, limit: int = 20) -> list[Hit]:
    """People whom `actor` may know of and who fit what was typed, the best first."""
    return search(actor, text, limit).hits


def search(actor: Actor, text: str, limit: int = 20) -> Found:
    """The same with what was understood, and whether there may be more."""
    return search_for(actor, take_apart(text, timezone.localdate()), limit)


def search_for(actor: Actor, sought: Sought, limit: int = 20) -> Found:
    """Find by names, date of birth and identifiers that are already taken apart."""
    visible = PersonPolicy.condition(actor, "person__")
    by_number = _by_number(visible, sought.numbers, limit)
    ids, capped = _candidates(actor, visible, sought, sought.close_keys())
    ranked = _ranked(sought, {*ids, *by_number}, by_number)
    if not ranked and len(sought.words) > 1:
        wider, also_capped = _named(visible, sought, sought.loose_keys())
        ranked = _ranked(sought, {*ids, *wider, *by_number}, by_number)
        capped = capped or also_capped
    best = sorted(ranked.items(), key=lambda each: (-each[1][0], str(each[0])))[:limit]
    people = Person.objects.select_related("area").in_bulk([person_id for person_id, _ in best])
    hits = [Hit(people[person_id], score, why) for person_id, (score, why) in best]
    return Found(hits, capped or len(ranked) > limit, sought)


def _by_number(visible: Q, numbers: Sequence[str], limit: int) -> dict[UUID, str]:
    if not numbers:
        return {}
    rows = Identifier.objects.filter(visible, value__in=numbers)
    return {
        person_id: SCHEMES.get(scheme, scheme)
        for person_id, scheme in rows.values_list("person_id", "scheme")[:limit]
    }


def _candidates(actor: Actor, visible: Q, sought: Sought, keys: list[str]) -> tuple[list[UUID], bool]:
    """People worth ranking, and whether there were more than were read."""
    ids: list[UUID] = []
    day = sought.born.first if sought.born and sought.born.precision == "day" else None
    if day:
        # A date of birth alone narrows to a handful, so the name may then be spelt anyhow.
        people = PersonPolicy.visible_to(actor)
        ids += people.filter(born=day).values_list("pk", flat=True)[:CAP]
        if day > timezone.localdate() - timedelta(days=100):  # two queries: an OR would use neither index
            ids += people.filter(expected=day).values_list("pk", flat=True)[:CAP]
    named, capped = _named(visible, sought, keys)
    return [*ids, *named], (len(ids) >= CAP and not sought.words) or (capped and not day)


def _named(visible: Q, sought: Sought, keys: list[str]) -> tuple[list[UUID], bool]:
    """People with one of the keys, the closest keys first; a month or a year of birth narrows them."""
    if not keys:
        return [], False
    found = SearchKey.objects.filter(visible, key__in=keys)
    if sought.born and sought.born.precision != "day":
        within = (sought.born.first, sought.born.last)
        found = found.filter(Q(person__born__range=within) | Q(person__expected__range=within))
    ids = list(found.order_by("key").values_list("person_id", flat=True)[:CAP])
    return ids, len(ids) == CAP


def _ranked(
    sought: Sought, ids: Iterable[UUID], by_number: dict[UUID, str]
) -> dict[UUID, tuple[float, tuple[str, ...]]]:
    ranked: dict[UUID, tuple[float, tuple[str, ...]]] = {}
    for row in _names_of(ids):
        score, why = _fit(sought, row, by_number.get(row.person_id, ""))
        if score >= FITS and score > ranked.get(row.person_id, (0.0, ()))[0]:
            ranked[row.person_id] = (score, why)
    return ranked


def _names_of(ids: Iterable[UUID]) -> list[_Row]:
    wanted = list(ids)
    if not wanted:
        return []
    fields = ("person_id", "full", "kind", "person__born", "person__born_precision", "person__expected")
    rows = PersonName.objects.filter(person_id__in=wanted).values_list(*fields)
    return [_Row(pk, full, kind == "used", born, exact, due) for pk, full, kind, born, exact, due in rows]


def _fit(sought: Sought, row: _Row, number: str) -> tuple[float, tuple[str, ...]]:
    """How well one name of a candidate fits, and why."""
    why: list[str] = []
    score = 1.0
    if sought.words:
        score = likeness(sought.words, row.full)
        alike = "same name" if score == 1.0 else "similar name"
        why.append(alike if row.used else f"also known as {row.full}")
    if sought.born:
        score, words = _fit_born(sought.born, row, score, named=bool(sought.words))
        why += [words] if words else []
    if number:
        why.append(number)
        score = max(score, 0.9) if sought.words or sought.born else 1.0
    elif sought.numbers and not (sought.words or sought.born):
        score = 0.0
    return score, tuple(reversed(why))


def _fit_born(given: KnownDate, row: _Row, score: float, *, named: bool) -> tuple[float, str]:
    known = KnownDate(row.born, row.precision) if row.born else None
    if known is None:
        if row.expected and given.first <= row.expected <= given.last:
            return score, "expected date of birth"
        return score - 0.1, ""
    if known.first == given.first and known.precision == given.precision == "day":
        # With the date of birth exact, a name may differ more: two of three people misspell one of the two.
        return (score + (1 - score) * 0.6 if score > 0.55 else score, "date of birth")
    if known.first <= given.last and given.first <= known.last:
        return score, "date of birth" if given.precision != "day" else "date of birth, as far as it is known"
    swapped = given.precision == "day" and given.first.day <= 12
    if swapped and known.first == given.first.replace(month=given.first.day, day=given.first.month):
        return score - 0.05, "date of birth with day and month swapped"
    return (score - 0.12 if named else 0.0), ""


def possible_duplicates(
    actor: Actor, names: Sequence[str], born: KnownDate | None, numbers: Sequence[str] = (), limit: int = 5
) -> list[Hit]:
    """People already there who may be the one about to be registered, each with reasons, the likeliest first."""
    plain = [normalised("nhs", number) for number in numbers if number]
    best: dict[UUID, Hit] = {}
    for name in names or [""]:
        sought = Sought(folded(name), born, plain)
        for hit in search_for(actor, sought, limit).hits:
            if hit.person.pk not in best or hit.score > best[hit.person.pk].score:
                best[hit.person.pk] = hit
    return sorted(best.values(), key=lambda hit: -hit.score)[:limit]


def people_by_source_id(ids: Iterable[str]) -> dict[str, UUID]:
    """Ids in an imported file -> people, for files that refer to them. For imports: sees everyone."""
    wanted = [normalised("source", each) for each in ids]
    found: dict[str, UUID] = {}
    for start in range(0, len(wanted), 500):
        rows = Identifier.objects.filter(value__in=wanted[start : start + 500], scheme="source")
        found |= dict(rows.values_list("value", "person_id"))
    return found


def _now(on: date | None, starts: str = "starts", ends: str = "ends") -> Q:
    day = on or timezone.localdate()
    begun = Q(**{f"{starts}__isnull": True}) | Q(**{f"{starts}__lte": day})
    return begun & (Q(**{f"{ends}__isnull": True}) | Q(**{f"{ends}__gte": day}))


def family_of(actor: Actor, person: Person, on: date | None = None) -> list[Relationship]:
    """Who matters to a person whom `actor` may know of, on a day. `may_open`: whether the actor may open their page.

    Whoever works with a child needs to know who the parents are, whichever agency registered them; so relatives are
    named unless they are restricted. Restricted ones are named only to those who may know of them anyway.
    """
    plain = Q(other__merged_into__isnull=True, other__restricted=False)
    rows = Relationship.objects.filter(_now(on), plain | PersonPolicy.condition(actor, "other__"), person=person)
    found = list(rows.select_related("other").order_by("kind", "other__born", "pk"))
    known = PersonPolicy.visible_to(actor).filter(pk__in=[row.other_id for row in found])
    opened = set(known.values_list("pk", flat=True)) if found else set()
    for row in found:
        row.may_open = row.other_id in opened
    return found


def household_of(actor: Actor, person: Person, on: date | None = None) -> list[Person]:
    """People who live where the person lives on a day, leaving out those `actor` may not know of."""
    homes = Residence.objects.filter(_now(on), person=person).values("address")
    together = Residence.objects.filter(
        _now(on), PersonPolicy.condition(actor, "person__"), address__in=homes
    )
    people = {row.person_id: row.person for row in together.exclude(person=person).select_related("person")}
    return sorted(people.values(), key=lambda each: (each.born or date.max, each.name))


def residences_of(person: Person) -> list[Residence]:
    """Where they have lived, the latest first; where they live now has no end."""
    rows = Residence.objects.filter(person=person).select_related("address", "address__area")
    return sorted(rows, key=lambda row: (row.ends is None, row.starts or date.min), reverse=True)


def professionals_of(person: Person, on: date | None = None) -> list[Professional]:
    """Who works with them on a day."""
    return list(
        Professional.objects.filter(_now(on), person=person).select_related("organisation").order_by("job")
    )


def warnings_of(person: Person, on: date | None = None) -> list[Warning]:
    """Warnings that count on a day, the one to be reviewed first at the top."""
    day = on or timezone.localdate()
    standing = Q(ended_on__isnull=True) | Q(ended_on__gt=day)
    rows = Warning.objects.filter(standing, person=person, raised_on__lte=day).select_related("organisation")
    return list(rows.order_by("review_on", "pk"))


def identifiers_for_show(person: Person) -> list[dict[str, Any]]:
    """Their numbers, as a page shows them."""
    rows = person.identifiers.exclude(scheme="source").order_by("scheme", "value")
    return [
        {
            "scheme": row.scheme,
            "title": SCHEMES.get(row.scheme, row.scheme),
            "value": row.value,
            "traced": row.traced,
        }
        for row in rows
    ]


def what_numbers_are(numbers: Iterable[str]) -> list[str]:
    """Titles of the schemes that typed numbers pass the check of, for hints on the search page."""
    return sorted({SCHEMES[scheme] for number in numbers for scheme in could_be(number)})
