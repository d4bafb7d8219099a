"""What the writers of people share: an address as one row for all who live there, search keys, the row as it is now."""

from __future__ import annotations

from collections.abc import Iterable

from goldenthread.agencies.models import Area, Organisation
from goldenthread.foundation.action import Stale
from goldenthread.foundation.actor import Actor

from ..models import Address, Person, SearchKey
from ..search import keys_for_all


def address_for(lines: str, postcode: str = "", area: Area | None = None) -> Address:
    """The address as a row of its own, the same row for everyone who lives there: that is what makes a household."""
    plain, code = one_line(lines.replace("\n", ", "))[:200], postcode_of(postcode)
    same = {_street(plain)}
    there = (
        Address.objects.filter(postcode=code) if code else Address.objects.filter(postcode="", lines=plain)
    )
    for address in there[:500]:
        if _street(address.lines) in same:
            return address
    return Address.objects.create(lines=plain, postcode=code, area=area)


def postcode_of(value: str) -> str:
    """A postcode in capitals with its space: la1 1aa is LA1 1AA."""
    plain = "".join(value.split()).upper()[:9]
    return f"{plain[:-3]} {plain[-3:]}" if len(plain) >= 5 else plain


def _street(lines: str) -> str:
    return "".join(sign for sign in lines.lower() if sign.isalnum())


def one_line(value: str) -> str:
    return " ".join(value.split()).strip(" ,")


def source_of(actor: Actor, organisation: Organisation | int | None) -> int | None:
    """The organisation that says so: the one given, or the one the actor acts for."""
    if isinstance(organisation, Organisation):
        return organisation.pk
    return organisation if organisation is not None else actor.organisation_id


def locked(person: Person, version: int | None) -> Person:
    fresh = Person.objects.select_for_update().get(pk=person.pk)
    if version is not None and fresh.version != version:
        raise Stale(version, fresh.version)
    return fresh


def make_findable(person: Person, names: Iterable[str]) -> None:
    """Let a search find the person by these names too."""
    keys = sorted(keys_for_all(names))
    SearchKey.objects.bulk_create([SearchKey(person=person, key=key) for key in keys], ignore_conflicts=True)
