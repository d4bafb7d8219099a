"""What the demo makes before anything is written: people, households, cases and their events as plain structures.

Depends on clocks alone. Everything here can be compared and hashed, so that two builds from the same seed and day can be
proved to be the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from goldenthread.clocks.happening import Happening


class Person(msgspec.Struct, gc=False):
    """A child or adult of a household. `role` is child, mother, father, step_parent, grandparent or carer; adult, who is known
    by themself; or died, a child who has."""

    id: UUID
    role: str
    name: str
    given: str
    family: str
    sex: str
    born: date | None
    born_precision: str
    expected: date | None
    ethnicity: str
    languages: list[str]
    interpreter: bool
    area: str
    created: datetime
    registered_by: str = ""
    restricted: bool = False
    called: str = ""
    """What other people call them."""
    group: str = ""
    """Which table of names they are named from."""
    names: list[tuple[str, str]] = []
    """(kind, full name): aliases, previous names."""
    identifiers: list[tuple[str, str, bool]] = []
    """(scheme, value, traced)."""
    homes: list[tuple[int, date | None, date | None]] = []
    """(address of the household, first day, last day)."""
    school: str = ""
    practice: str = ""
    died: date | None = None


def an_organisation(identity: UUID, slug: str, area: str, since: datetime) -> Person:
    """Stands where a person would in a case about an organisation; never written."""
    return Person(
        identity, "organisation", slug, "", "", "", None, "unknown", None, "", [], False, area, since
    )


class Warned(msgspec.Struct, gc=False):
    """A warning on a person."""

    person: UUID
    text: str
    organisation: str
    raised_on: date
    review_on: date
    ended_on: date | None
    person_told: bool


class Works(msgspec.Struct, gc=False):
    """A professional who works with a person."""

    person: UUID
    organisation: str
    name: str
    job: str
    starts: date | None
    ends: date | None = None


class Household(msgspec.Struct, gc=False):
    """People who live together, or did."""

    number: int
    district: str
    people: list[Person]
    addresses: list[tuple[str, str, str]]
    """(lines, postcode, area)."""
    relations: list[tuple[UUID, UUID, str, bool]]
    """(person, other, how the other is related to the person, parental responsibility); each with its inverse."""
    warnings: list[Warned] = []
    works: list[Works] = []

    @property
    def children(self) -> list[Person]:
        return [one for one in self.people if one.role == "child"]


class Happened(msgspec.Struct, gc=False):
    """One event of a case, as it is recorded."""

    id: UUID
    kind: str
    day: date
    moment: datetime | None
    recorded: datetime
    data: dict[str, Any]
    organisation: str
    by: str
    """User name of the one who recorded it."""
    group: UUID | None = None
    amends: UUID | None = None
    withdrawn: bool = False
    reason: str = ""


def happening(event: Happened) -> Happening:
    """The event as clocks see it."""
    return Happening(
        event.id,
        event.kind,
        event.day,
        event.moment,
        event.recorded,
        event.data,
        event.amends,
        event.withdrawn,
    )


class Allocation(msgspec.Struct, gc=False):
    """That a case is given to a worker and team once its first `after` events are recorded."""

    after: int
    worker: str
    team: str


class Named(Allocation, gc=False):
    """That somebody of another agency than the lead is named on a case: its reviewing officer, say."""

    organisation: str = ""


class CaseStory(msgspec.Struct, gc=False):
    """One case: a pathway, a child, and what happened in the order it was recorded."""

    id: UUID
    pathway: str
    subject: UUID
    area: str
    lead: str
    group: UUID | None
    restricted: bool
    events: list[Happened]
    opened_from: UUID | None = None
    """The event of another case that opened this one."""
    parent: UUID | None = None
    """The case of that event."""
    allocations: list[Allocation] = []
    involved: list[str] = []
    """Organisations made part of it, besides those that its events make part of it."""
    named: list[Named] = []
    """People of other agencies than the lead who are named on it."""
    ended: bool = False
    lead_chosen: bool = False
    """Whether who leads was chosen, not settled by who opened it and where."""
    about: str = ""
    """The organisation that it is about; then `subject` says nothing."""


class Worker(msgspec.Struct, gc=False):
    """Someone who works for an agency and signs what they record."""

    username: str
    first: str
    last: str
    job: str
    role: str
    organisation: str
    team: str = ""
    service: str = ""
    """Which of the services' own staff (services.yaml, `staff`) they are; empty for everyone else."""

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"


class Part(msgspec.Struct, gc=False):
    """A part of the county: its households, its cases and the workers it needs."""

    number: int
    households: list[Household]
    cases: list[CaseStory]
    workers: list[Worker]

    @property
    def people(self) -> Iterable[Person]:
        return (person for household in self.households for person in household.people)


def digest(parts: Iterable[Part]) -> str:
    """SHA-256 over all that parts say, as 64 hex digits."""
    found = hashlib.sha256()
    encoder = msgspec.json.Encoder(order="deterministic")
    for part in parts:
        found.update(encoder.encode(part))
    return found.hexdigest()
