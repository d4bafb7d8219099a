"""Sending a contact: a case for each child, in one group; children not known before are registered in the same act.

Writes only through the actions of people and casework, so their checks, events and journal entries are the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from goldenthread.agencies.models import Area, Organisation
from goldenthread.foundation.action import Action, Invalid
from goldenthread.foundation.capability import Capability
from goldenthread.guidance.pathway import Pathway
from goldenthread.people.actions import RegisterPerson, RelatePeople
from goldenthread.people.models import Person, Relationship
from goldenthread.people.policies import PersonPolicy

from ..models import Case
from ..new_contact import FIELDS, NewChild, details_of
from .open import OpenCase

SIBLINGS = ("sibling", "half_sibling")


@dataclass(slots=True)
class Contact:
    """A contact that is ready to be sent."""

    occurred: datetime | date
    answers: dict[str, Any]
    children: Sequence[NewChild]
    related: bool
    voices: Mapping[str, dict[str, str]] = field(default_factory=dict)
    """What each child said, by child and question."""
    organisation: Organisation | None = None


class SendContact(Action[list[Case]]):
    """Open a contact for each child, in one group; children not known before are registered first. All, or nothing."""

    name = "casework.send_contact"
    needs = Capability.RECORD_EVENTS

    def perform(self, pathway: Pathway, contact: Contact) -> list[Case]:
        if not contact.children:
            raise Invalid({"children": "Add at least one child, known or not."})
        people = [(child, self._person(child, contact.organisation)) for child in contact.children]
        if contact.related:
            self._relate([person for _, person in people])
        group = uuid4() if len(people) > 1 else None
        cases = []
        for child, person in people:
            answers = {**contact.answers, **contact.voices.get(child.key, {})}
            area = Area.objects.filter(slug=child.area).first() if child.area else person.area
            cases.append(OpenCase(self.actor).run(
                pathway.id, person, contact.occurred, answers, organisation=contact.organisation, area=area, group=group,
            ))  # fmt: skip
        for case in cases:
            self.note("case", case.pk, contact=True, together=len(cases))
        return cases

    def _person(self, child: NewChild, organisation: Organisation | None) -> Person:
        if child.person:
            return PersonPolicy.living(self.actor, pk=UUID(child.person))
        read = details_of({**{name: getattr(child, name) for name in FIELDS}, "not_known": "1"})
        if read.errors:
            raise Invalid({f"child-{child.key}": list(read.errors.values())})
        area = Area.objects.filter(slug=child.area).first()
        named = bool(child.given_name or child.family_name)
        unnamed = "Unborn child" if read.expected else "Name not known"
        return RegisterPerson(self.actor).run(
            child.given_name, child.family_name, name="" if named else unnamed,
            born=read.born, expected=read.expected, sex=child.sex, area=area, address=child.address,
            postcode=child.postcode, organisation=organisation,
        )  # fmt: skip

    def _relate(self, people: Sequence[Person]) -> None:
        rows = Relationship.objects.filter(person__in=people, other__in=people, kind__in=SIBLINGS)
        known = set(rows.values_list("person_id", "other_id"))
        for index, one in enumerate(people):
            for other in people[index + 1 :]:
                if (one.pk, other.pk) not in known and (other.pk, one.pk) not in known:
                    RelatePeople(self.actor).run(one, other, SIBLINGS[0])
