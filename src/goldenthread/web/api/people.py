"""People by API: find, register, read."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status

from goldenthread.agencies.scopes import Scope
from goldenthread.foundation import journal
from goldenthread.foundation.capability import Capability
from goldenthread.people.actions import RegisterPerson
from goldenthread.people.models import Person
from goldenthread.people.policies import PersonPolicy
from goldenthread.people.queries import search

from .doing import FAULTS, needs
from .schemas import NewPerson, PersonFound, PersonTold

router = Router(tags=["people"])


def told(person: Person) -> dict[str, Any]:
    """A person as the API tells them."""
    return {
        "id": str(person.pk), "name": person.name, "born": person.born, "born_precision": person.born_precision,
        "expected": person.expected, "died": person.died, "sex": person.sex, "ethnicity": person.ethnicity,
        "languages": person.languages, "area": person.area.slug if person.area else None, "version": person.version,
    }  # fmt: skip


@router.get("", response={200: list[PersonFound], **FAULTS}, operation_id="find_people")
@needs(Capability.SEARCH_PEOPLE, Scope.SEARCH_PEOPLE)
def find(request: HttpRequest, q: str) -> list[dict[str, Any]]:
    """People who fit a name, alias, date of birth or identifier, the best first, each with why."""
    found = search(request.actor, q)  # type: ignore[attr-defined]
    journal.search(request.actor, "api", [hit.person.pk for hit in found.hits])  # type: ignore[attr-defined]
    return [{**told(hit.person), "score": round(hit.score, 2), "why": list(hit.why)} for hit in found.hits]


@router.post("", response={201: PersonTold, **FAULTS}, operation_id="register_person")
@needs(Capability.REGISTER_PEOPLE, Scope.SEND_CONTACTS, keyed=True)
def register(request: HttpRequest, given: NewPerson) -> Status[dict[str, Any]]:
    """Register someone for the first time. Search first: people are never merged without a person's decision."""
    person = RegisterPerson(request.actor).run(**given.dict())  # type: ignore[attr-defined]
    return Status(201, told(person))


@router.get("/{uuid:person_id}", response={200: PersonTold, **FAULTS}, operation_id="read_person")
@needs(Capability.VIEW_CASES, Scope.READ_CASES)
def read(request: HttpRequest, person_id: UUID) -> dict[str, Any]:
    """One person, if you may know of them."""
    person = PersonPolicy.living(request.actor, pk=person_id)  # type: ignore[attr-defined]
    journal.read(request.actor, "people.read", "person", str(person.pk))  # type: ignore[attr-defined]
    return told(person)
