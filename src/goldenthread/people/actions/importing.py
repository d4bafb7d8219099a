"""Bringing in a file of people that `importing.read_people` has read and checked: many rows at once, or none.

A test proves that what it writes equals what `RegisterPerson`, `AddResidence` and `RelatePeople` would write.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from django.utils import timezone

from goldenthread.agencies.models import Organisation
from goldenthread.foundation.action import Action
from goldenthread.foundation.capability import Capability

from ..codes import inverse_of
from ..importing import RELATIVES, PersonRow
from ..models import Identifier, Person, PersonName, Relationship, Residence, SearchKey
from ..search import keys_for_all
from .common import AddressBook, one_line, source_of

#: People written by one statement.
_BATCH = 500


class ImportPeople(Action[int]):
    """Register everyone of a file. `there`: relatives who are registered already, by their id in a file."""

    name = "people.import"
    needs = Capability.IMPORT_RECORDS

    def perform(
        self,
        people: Sequence[PersonRow],
        *,
        there: Mapping[str, UUID] | None = None,
        organisation: Organisation | None = None,
        progress: Callable[[int], None] = lambda done: None,
    ) -> int:
        source = source_of(self.actor, organisation)
        made: dict[str, Person] = {}
        homes = AddressBook()
        for start in range(0, len(people), _BATCH):
            batch = people[start : start + _BATCH]
            made |= self._write(batch, source, homes)
            progress(len(batch))
        self._relate(people, made, there or {})
        if not people:
            self.quiet("the file has no one in it")
        return len(people)

    def _write(self, batch: Sequence[PersonRow], source: int | None, homes: AddressBook) -> dict[str, Person]:
        now = timezone.now()
        homes.learn((row.address, row.postcode) for row in batch)
        made: dict[str, Person] = {}
        names: list[PersonName] = []
        keys: list[SearchKey] = []
        numbers: list[Identifier] = []
        residences: list[Residence] = []
        for row in batch:
            full = one_line(row.name)
            person = Person(
                name=full,
                given_name=one_line(row.given_name),
                family_name=one_line(row.family_name),
                born=row.born.first if row.born else None,
                born_precision=row.born.precision if row.born else "unknown",
                expected=row.expected,
                died=row.died,
                sex=row.sex,
                ethnicity=row.ethnicity,
                languages=row.languages,
                interpreter=row.interpreter,
                area=row.area,
                restricted=row.restricted,
                registered_by_id=source,
                created_at=now,
            )
            made[row.source_id] = person
            aliases = [
                alias for each in row.also_known_as if (alias := one_line(each)[:200]) and alias != full
            ]
            names.append(PersonName(person=person, kind="used", full=full, source_id=source))
            names += [
                PersonName(person=person, kind="alias", full=alias, source_id=source) for alias in aliases
            ]
            keys += [SearchKey(person=person, key=key) for key in sorted(keys_for_all([full, *aliases]))]
            for scheme, value in [("source", row.source_id), *row.identifiers]:
                numbers.append(Identifier(person=person, scheme=scheme, value=value, source_id=source))
            if row.address or row.postcode:
                home = homes.find(row.address, row.postcode, row.area)
                residences.append(Residence(person=person, address=home, starts=row.address_from))
            self.note(
                "person",
                person.pk,
                identifiers=sorted(scheme for scheme, _ in row.identifiers),
                aliases=len(aliases),
            )
        homes.save()
        Person.objects.bulk_create(made.values())
        PersonName.objects.bulk_create(names)
        SearchKey.objects.bulk_create(keys)
        Identifier.objects.bulk_create(numbers)
        Residence.objects.bulk_create(residences)
        return made

    def _relate(
        self, people: Sequence[PersonRow], made: Mapping[str, Person], there: Mapping[str, UUID]
    ) -> None:
        registered = Person.objects.in_bulk(set(there.values()))
        ties: list[Relationship] = []
        for row in people:
            person = made[row.source_id]
            for column, wanted in row.relatives.items():
                kind = RELATIVES[column]
                other = made.get(wanted) or registered[there[wanted]]
                ties.append(Relationship(person=person, other=other, kind=kind))
                ties.append(Relationship(person=other, other=person, kind=inverse_of(kind, person.sex)))
        Relationship.objects.bulk_create(ties, batch_size=_BATCH)
