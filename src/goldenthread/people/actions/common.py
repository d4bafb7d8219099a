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
    book = AddressBook()
    book.learn([(lines, postcode)])
    found = book.find(lines, postcode, area)
    book.save()
    return found


class AddressBook:
    """Addresses that are there and addresses to be made, for many people at once: two queries for each `learn`."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str], Address] = {}
        self._postcodes: set[str] = set()
        self._new: list[Address] = []

    def learn(self, places: Iterable[tuple[str, str]]) -> None:
        """Read what is already known of these places: (lines, postcode)."""
        plain = [(address_lines(lines), postcode_of(postcode)) for lines, postcode in places]
        codes = {code for _, code in plain if code} - self._postcodes
        bare = {lines for lines, code in plain if lines and not code}
        for rows in (
            Address.objects.filter(postcode__in=codes) if codes else [],
            Address.objects.filter(postcode="", lines__in=bare) if bare else [],
        ):
            for row in rows:
                self._rows.setdefault((row.postcode, _street(row.lines)), row)
        self._postcodes |= codes

    def find(self, lines: str, postcode: str, area: Area | None = None) -> Address:
        """The address, new if nobody has lived there yet. `save` before it is used."""
        plain, code = address_lines(lines), postcode_of(postcode)
        place = (code, _street(plain))
        row = self._rows.get(place)
        if row is None:
            row = self._rows[place] = Address(lines=plain, postcode=code, area=area)
            self._new.append(row)
        return row

    def save(self) -> None:
        """Write the new ones."""
        Address.objects.bulk_create(self._new)
        self._new = []


def address_lines(lines: str) -> str:
    """An address on one line."""
    return one_line(lines.replace("\n", ", "))[:200]


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
