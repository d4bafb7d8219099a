"""Who may be named in a chronology, with every name, number and address they are known by, and what replaces them.

The family of the children, their households, those who work with them, and whoever recorded the lines or is named in an
answer that asks for a person. Depends on `people` and `casework`; reads relatives past the policy, so that a name the
reader may not know of is taken out all the same: such people are never listed, only replaced.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from django.utils import timezone

from goldenthread.casework.child_page import relation
from goldenthread.casework.timeline import Entry
from goldenthread.foundation.actor import Actor
from goldenthread.guidance.pathway import FieldType, Pathway
from goldenthread.people.models import Person, Professional, Relationship, Residence
from goldenthread.people.policies import PersonPolicy

from .folding import folded
from .redaction import Someone

SIBLINGS = ("sibling", "half_sibling")
FAMILY, WORKERS = "Family and household", "People who work with them"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be replaced, as the form lists them."""

    key: str
    name: str
    group: str
    someone: Someone
    listed: bool = True


@dataclass(slots=True)
class _Labels:
    """Labels that are each given once: Sibling 1, Sibling 2; one alone has no number."""

    taken: dict[str, list[str]] = field(default_factory=dict)

    def add(self, words: str, key: str) -> None:
        keys = self.taken.setdefault(words, [])
        if key not in keys:
            keys.append(key)

    def label(self, words: str, key: str, *, always: bool = False) -> str:
        keys = self.taken[words]
        return f"{words} {keys.index(key) + 1}" if len(keys) > 1 or always else words


def candidates(
    actor: Actor, people: Sequence[Person], told: Iterable[tuple[Pathway, Entry]] = ()
) -> list[Candidate]:
    """Everyone, the children first; each with a label of their own."""
    labels = _Labels()
    whose = _what_they_are(people)
    visible = set(
        PersonPolicy.visible_to(actor).filter(pk__in=[one.pk for one, _ in whose]).values_list("pk", flat=True)
    )
    named = _named_as_family(people)
    rows: list[tuple[str, str, Person | None, str, str, bool]] = []
    for one, words in whose:
        labels.add(words, str(one.pk))
        rows.append((str(one.pk), words, one, one.name, FAMILY, one.pk in visible or one.pk in named))
    known = {folded(one.name) for one, _ in whose}
    for name, job in _workers(people, told):
        if folded(name) not in known:
            known.add(folded(name))
            labels.add(job, name)
            rows.append((f"worker:{folded(name)}", job, None, name, WORKERS, True))
    facts = _facts([one for one, _ in whose])
    found = []
    for key, words, person, name, group, listed in rows:
        label = labels.label(words, key.removeprefix("worker:") if person else name, always=words == "Sibling")
        someone = replace(facts[person.pk], label=label) if person else Someone(label, (name,), (_last(name),))
        found.append(Candidate(key, name, group, someone, listed))
    return found


def _what_they_are(people: Sequence[Person]) -> list[tuple[Person, str]]:
    """The people of the chronology, their family and households, and what each is to the first child."""
    first = people[0]
    found: dict[UUID, tuple[Person, str]] = {first.pk: (first, "Child" if _is_child(first) else "Person")}
    rows = Relationship.objects.filter(person__in=people, other__merged_into=None).select_related("other")
    ordered = sorted(rows, key=lambda row: (row.person_id != first.pk, row.kind, row.other.born or date.max, str(row.other_id)))
    for row in ordered:
        words = "Sibling" if row.kind in SIBLINGS else relation(row)
        if row.person_id != first.pk and row.kind not in SIBLINGS:
            words = f"{words} of a sibling"
        found.setdefault(row.other_id, (row.other, words))
    for one in people[1:]:
        found.setdefault(one.pk, (one, "Sibling"))
    homes = Residence.objects.filter(person__in=people).values("address")
    together = Residence.objects.filter(address__in=homes, person__merged_into=None).select_related("person")
    for home in together.order_by("person__born", "person_id"):
        found.setdefault(home.person_id, (home.person, "Household member"))
    return list(found.values())


def _is_child(person: Person) -> bool:
    if person.born is None:
        return True
    today = timezone.localdate()
    return today.year - person.born.year - ((today.month, today.day) < (person.born.month, person.born.day)) < 18


def _named_as_family(people: Sequence[Person]) -> set[UUID]:
    """Relatives who are not restricted are named to whoever may see the child (people.queries.family_of)."""
    rows = Relationship.objects.filter(person__in=people, other__restricted=False)
    return set(rows.values_list("other_id", flat=True))


def _facts(people: Sequence[Person]) -> Mapping[UUID, Someone]:
    """Names, numbers and addresses of several people in three statements."""
    names: dict[UUID, list[str]] = {}
    family: dict[UUID, list[str]] = {}
    numbers: dict[UUID, list[str]] = {}
    addresses: dict[UUID, list[str]] = {}
    for one in Person.objects.filter(pk__in=[one.pk for one in people]).prefetch_related("names", "identifiers"):
        full = [one.name, f"{one.given_name} {one.family_name}".strip(), *(name.full for name in one.names.all())]
        names[one.pk] = list(dict.fromkeys(name for name in full if name))
        family[one.pk] = [one.family_name] if one.family_name else [_last(name) for name in names[one.pk]]
        numbers[one.pk] = [number.value for number in one.identifiers.all()]
    for home in Residence.objects.filter(person__in=people).select_related("address"):
        addresses.setdefault(home.person_id, []).append(home.address.lines)
    return {
        one.pk: Someone(
            "", tuple(names[one.pk]), tuple(family[one.pk]), tuple(numbers[one.pk]),
            tuple(addresses.get(one.pk, ())), one.born or one.expected,
        )
        for one in people
    }  # fmt: skip


def _last(name: str) -> str:
    return name.split()[-1] if name.split() else name


def _workers(people: Sequence[Person], told: Iterable[tuple[Pathway, Entry]]) -> Iterable[tuple[str, str]]:
    """Names of those who work with the family, and what they are replaced by."""
    rows = Professional.objects.filter(person__in=people).order_by("job", "starts", "pk")
    for row in rows:
        yield row.name, row.job
    for pathway, entry in told:
        for event in [entry.event, *(correction.event for correction in entry.corrections)]:
            name = event.recorded_by_name or (str(event.recorded_by) if event.recorded_by_id else "")
            # Behind a comma stands a job or how it was told, such as "by one-time link", which is nobody's name.
            if name := name.partition(",")[0].strip():
                yield name, "Worker"
        kind = pathway.events.get(entry.kind)
        for question, value in entry.data.items():
            asks = kind.asks.get(question) if kind else None
            if asks is not None and asks.type is FieldType.PERSON and isinstance(value, str) and value.strip():
                yield value.strip(), "Worker"
