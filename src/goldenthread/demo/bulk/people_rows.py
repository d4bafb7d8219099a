"""Rows of people, their names, numbers, homes, relations, warnings and professionals; and of the social workers of a part."""

from __future__ import annotations

from datetime import datetime

from goldenthread.people.codes import inverse_of
from goldenthread.people.search import keys_for_all

from ..plain import Household, Part, Person, Worker
from .chains import Chain
from .directory import Directory
from .tables import Rows, day, identity, moment, plain

SYSTEM = ("The demo", None, None)


def worker_rows(rows: Rows, directory: Directory, workers: list[Worker], first: int, now: datetime) -> None:
    """Accounts that nobody can sign in to, with their roles. Numbers them from `first`."""
    for number, one in enumerate(workers, first):
        directory.users[one.username], directory.names[one.username] = number, one.name
        rows["agencies_user"].append((
            number, f"!{number:040}", None, 0, one.username, one.first, one.last, f"{one.username}@demo.example", 0, 1,
            moment(now), one.job, 1,
        ))  # fmt: skip
        rows["agencies_membership"].append((
            number, directory.organisations[one.organisation], directory.teams[one.team] if one.team else None,
            directory.roles[one.role], day(directory.joined), None,
        ))  # fmt: skip


def household_rows(rows: Rows, directory: Directory, part: Part, first_address: int) -> None:
    """Everyone of a part, address by address from number `first_address`."""
    number = first_address
    for household in part.households:
        addresses = {}
        for place, (lines, postcode, area) in enumerate(household.addresses):
            addresses[place] = number
            rows["people_address"].append((number, lines, postcode, directory.areas[area]))
            number += 1
        for person in household.people:
            _person(rows, directory, person, addresses)
        _around(rows, directory, household)


def _person(rows: Rows, directory: Directory, person: Person, addresses: dict[int, int]) -> None:
    pk = identity(person.id)
    source = directory.organisations[person.registered_by] if person.registered_by else None
    rows["people_person"].append((
        pk, person.name, person.given, person.family, day(person.born), person.born_precision, day(person.expected),
        day(person.died),
        person.sex, person.ethnicity, plain(person.languages), int(person.interpreter), directory.areas[person.area],
        int(person.restricted), source, None, 1, moment(person.created),
    ))  # fmt: skip
    names = [("used", person.name), *((kind, full) for kind, full in person.names if full != person.name)]
    rows["people_personname"] += [(pk, kind, full, source) for kind, full in names]
    rows["people_searchkey"] += [(pk, key) for key in sorted(keys_for_all(full for _, full in names))]
    rows["people_identifier"] += [
        (pk, scheme, value, source, int(traced)) for scheme, value, traced in person.identifiers
    ]
    rows["people_residence"] += [
        (pk, addresses[place], day(starts), day(ends)) for place, starts, ends in person.homes
    ]
    chain = Chain(rows, "person", str(person.id))
    schemes = sorted(scheme for scheme, _, _ in person.identifiers)
    chain.add("people.register", person.created, SYSTEM, {"identifiers": schemes, "aliases": len(names) - 1})
    chain.end()


def _around(rows: Rows, directory: Directory, household: Household) -> None:
    sexes = {person.id: person.sex for person in household.people}
    for person, other, kind, responsible in household.relations:
        one, two = identity(person), identity(other)
        rows["people_relationship"].append((one, two, kind, int(responsible), "", None, None))
        rows["people_relationship"].append((two, one, inverse_of(kind, sexes[person]), 0, "", None, None))
    for warned in household.warnings:
        rows["people_warning"].append((
            identity(warned.person), warned.text, day(warned.review_on), int(warned.person_told),
            directory.organisations[warned.organisation], day(warned.raised_on), day(warned.ended_on),
        ))  # fmt: skip
    for works in household.works:
        rows["people_professional"].append((
            identity(works.person), directory.organisations[works.organisation], works.name, works.job, day(works.starts),
            day(works.ends),
        ))  # fmt: skip
