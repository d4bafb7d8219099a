"""Writing people and what is known of them. Depends on `models`, `rules`, `search`, `policies`, `foundation`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from goldenthread.agencies.models import Area, Organisation
from goldenthread.foundation.action import Action, Invalid, Stale
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability

from .codes import inverse_of
from .dates import KnownDate
from .identifiers import normalised
from .models import (
    Address,
    Identifier,
    Person,
    PersonName,
    Professional,
    Relationship,
    Residence,
    SearchKey,
    Warning,
)
from .rules import (
    born_errors,
    code_errors,
    identifier_errors,
    must_see,
    name_errors,
    period_errors,
    raise_if,
    relationship_errors,
)
from .search import keys_for, keys_for_all


class RegisterPerson(Action[Person]):
    """Register someone for the first time. `identifiers`: (scheme, value) pairs; `address`: lines, postcode, starts."""

    name = "people.register"
    needs = Capability.REGISTER_PEOPLE

    def perform(
        self,
        given_name: str = "",
        family_name: str = "",
        *,
        name: str = "",
        born: KnownDate | date | None = None,
        expected: date | None = None,
        died: date | None = None,
        sex: str = "",
        ethnicity: str = "",
        languages: Sequence[str] = (),
        interpreter: bool = False,
        area: Area | None = None,
        restricted: bool = False,
        also_known_as: Sequence[str] = (),
        identifiers: Iterable[tuple[str, str]] = (),
        address: str = "",
        postcode: str = "",
        address_from: date | None = None,
        organisation: Organisation | int | None = None,
        created_at: Any = None,
    ) -> Person:
        given, family = _one_line(given_name), _one_line(family_name)
        full = _one_line(name) or " ".join(part for part in (given, family) if part)
        when = KnownDate(born) if isinstance(born, date) else born
        errors = (
            name_errors(given, family, full) | born_errors(when, expected, died) | code_errors(sex, ethnicity)
        )
        numbers = [(scheme, value) for scheme, value in identifiers if value.strip()]
        for scheme, value in numbers:
            if problem := identifier_errors(self.actor, scheme, value):
                errors[scheme] = problem
        raise_if(errors)
        source = _source(self.actor, organisation)
        person = Person.objects.create(
            name=full,
            given_name=given,
            family_name=family,
            born=when.first if when else None,
            born_precision=when.precision if when else "unknown",
            expected=expected,
            died=died,
            sex=sex,
            ethnicity=ethnicity,
            languages=list(languages),
            interpreter=interpreter,
            area=area,
            restricted=restricted,
            registered_by_id=source,
            created_at=created_at or timezone.now(),
        )
        aliases = [alias for each in also_known_as if (alias := _one_line(each)[:200]) and alias != full]
        names = [PersonName(person=person, kind="used", full=full, source_id=source)]
        names += [
            PersonName(person=person, kind="alias", full=alias, source_id=source)
            for alias in dict.fromkeys(aliases)
        ]
        PersonName.objects.bulk_create(names)
        SearchKey.objects.bulk_create(
            SearchKey(person=person, key=key) for key in sorted(keys_for_all([full, *aliases]))
        )
        Identifier.objects.bulk_create(
            Identifier(person=person, scheme=scheme, value=normalised(scheme, value), source_id=source)
            for scheme, value in dict.fromkeys(
                (scheme, normalised(scheme, value)) for scheme, value in numbers
            )
        )
        if address or postcode:
            place = address_for(address, postcode, area)
            Residence.objects.create(person=person, address=place, starts=address_from)
        self.note(
            "person", person.pk, identifiers=sorted(scheme for scheme, _ in numbers), aliases=len(aliases)
        )
        return person


class UpdatePerson(Action[Person]):
    """Change who someone is. A changed name stays among their previous names. Raises Stale if changed since `version`."""

    name = "people.update"
    needs = Capability.REGISTER_PEOPLE
    FIELDS = (
        "given_name", "family_name", "name", "born", "expected", "died", "sex", "ethnicity", "languages", "interpreter",
        "area", "restricted",
    )  # fmt: skip

    def perform(self, person: Person, version: int | None = None, **changes: Any) -> Person:
        must_see(self.actor, person)
        if strange := set(changes) - set(self.FIELDS):
            raise TypeError(f"cannot change {', '.join(sorted(strange))}")
        if "restricted" in changes:
            self.actor.require(Capability.VIEW_RESTRICTED)
        fresh = _locked(person, version)
        before = fresh.name
        born = changes.pop("born", KnownDate(fresh.born, fresh.born_precision) if fresh.born else None)
        when = KnownDate(born) if isinstance(born, date) else born
        changed = sorted(field for field, value in changes.items() if getattr(fresh, field) != value)
        for field, value in changes.items():
            setattr(fresh, field, _one_line(value) if field.endswith("name") else value)
        if "name" not in changes and {"given_name", "family_name"} & set(changed):
            fresh.name = " ".join(part for part in (fresh.given_name, fresh.family_name) if part)
        known = (when.first, when.precision) if when else (None, "unknown")
        if known[0] != fresh.born or (known[0] and known[1] != fresh.born_precision):
            changed.append("born")
        fresh.born, fresh.born_precision = known
        if "born" in changed and fresh.born and "expected" not in changes:
            fresh.expected = None  # the child who was expected is born
        raise_if(
            name_errors(fresh.given_name, fresh.family_name, fresh.name)
            | born_errors(when, fresh.expected, fresh.died)
            | code_errors(fresh.sex, fresh.ethnicity)
        )
        fresh.version += 1
        fresh.save()
        if fresh.name != before:
            PersonName.objects.filter(person=fresh, kind="used").update(kind="previous")
            PersonName.objects.create(
                person=fresh, kind="used", full=fresh.name, source_id=self.actor.organisation_id
            )
            _make_findable(fresh, [fresh.name])
        self.note("person", fresh.pk, fields=changed)
        return fresh


class AddName(Action[PersonName]):
    """Another name someone is or was known by."""

    name = "people.add_name"
    needs = Capability.REGISTER_PEOPLE

    def perform(self, person: Person, full: str, kind: str = "alias") -> PersonName:
        must_see(self.actor, person)
        full = _one_line(full)
        if not full or len(full) > 200:
            raise Invalid({"full": "Enter a name of 200 characters or fewer"})
        if kind not in ("alias", "previous", "birth"):
            raise Invalid(
                {"kind": "Choose what kind of name it is. To change the name they use, change their details"}
            )
        if any(each.lower() == full.lower() for each in person.names.values_list("full", flat=True)):
            raise Invalid({"full": "This name is already recorded"})
        added = PersonName.objects.create(
            person=person, kind=kind, full=full, source_id=self.actor.organisation_id
        )
        _make_findable(person, [full])
        self.note("person", person.pk, name=added.pk, kind=kind)
        return added


class AddIdentifier(Action[Identifier]):
    """A number someone is known by. `traced`: checked against the scheme's own register."""

    name = "people.add_identifier"
    needs = Capability.REGISTER_PEOPLE

    def perform(self, person: Person, scheme: str, value: str, *, traced: bool = False) -> Identifier:
        must_see(self.actor, person)
        if problem := identifier_errors(self.actor, scheme, value, person):
            raise Invalid({"value": problem})
        number, _ = Identifier.objects.update_or_create(
            person=person,
            scheme=scheme,
            value=normalised(scheme, value),
            defaults={"traced": traced},
            create_defaults={"traced": traced, "source_id": self.actor.organisation_id},
        )
        self.note("person", person.pk, scheme=scheme, traced=traced)
        return number


class AddResidence(Action[Residence]):
    """Where someone lives or lived. A new home without an end ends the one they lived in the day before."""

    name = "people.add_residence"
    needs = Capability.REGISTER_PEOPLE

    def perform(
        self, person: Person, lines: str, postcode: str = "", *, starts: date | None = None, ends: date | None = None,
        area: Area | None = None, also_lives_at_others: bool = False,
    ) -> Residence:  # fmt: skip
        must_see(self.actor, person)
        errors = period_errors(starts, ends)
        if not lines.strip():
            errors["lines"] = "Enter the address"
        raise_if(errors)
        home = Residence.objects.create(
            person=person, address=address_for(lines, postcode, area), starts=starts, ends=ends
        )
        ended = []
        if starts and ends is None and not also_lives_at_others:
            for earlier in Residence.objects.filter(person=person, ends__isnull=True).exclude(pk=home.pk):
                if earlier.starts is None or earlier.starts < starts:
                    earlier.ends = starts - timedelta(days=1)
                    earlier.save(update_fields=["ends"])
                    ended.append(earlier.pk)
        if area and ends is None and person.area_id != area.pk:
            Person.objects.filter(pk=person.pk).update(area=area)
        self.note("person", person.pk, residence=home.pk, ended=ended)
        return home


class RelatePeople(Action[Relationship]):
    """Record that `other` is the person's `kind`, such as their mother, and what that makes them to `other`."""

    name = "people.relate"
    needs = Capability.REGISTER_PEOPLE

    def perform(
        self, person: Person, other: Person, kind: str, *, parental_responsibility: bool = False, note: str = "",
        starts: date | None = None, ends: date | None = None,
    ) -> Relationship:  # fmt: skip
        must_see(self.actor, person, other)
        raise_if(relationship_errors(person, other, kind) | period_errors(starts, ends))
        if Relationship.objects.filter(person=person, other=other, kind=kind, ends=ends).exists():
            raise Invalid({"kind": "They are already recorded as related in this way"})
        common = {"note": _one_line(note)[:200], "starts": starts, "ends": ends}
        there = Relationship.objects.create(
            person=person, other=other, kind=kind, parental_responsibility=parental_responsibility, **common
        )
        Relationship.objects.create(person=other, other=person, kind=inverse_of(kind, person.sex), **common)
        self.note("person", person.pk, relationship=there.pk, kind=kind, other=other.pk)
        self.note(
            "person", other.pk, relationship=there.pk, kind=inverse_of(kind, person.sex), other=person.pk
        )
        return there


class AddWarning(Action[Warning]):
    """A warning that staff must see. It has a date on which someone decides whether it still holds."""

    name = "people.add_warning"
    needs = Capability.RECORD_EVENTS

    def perform(
        self, person: Person, text: str, review_on: date, *, person_told: bool = False,
        organisation: Organisation | int | None = None, raised_on: date | None = None,
    ) -> Warning:  # fmt: skip
        must_see(self.actor, person)
        today = timezone.localdate()
        raised = raised_on or today
        errors: dict[str, str] = {}
        if not text.strip() or len(text.strip()) > 300:
            errors["text"] = "Enter the warning in 300 characters or fewer"
        if raised > today:
            errors["raised_on"] = "The day it was raised must not be in the future"
        if not raised < review_on <= raised + timedelta(days=366):
            errors["review_on"] = "The review must be after the warning is raised and within a year of it"
        source = _source(self.actor, organisation)
        if source is None:
            errors[""] = "A warning needs the organisation that raises it"
        raise_if(errors)
        warning = Warning.objects.create(
            person=person, text=text.strip(), review_on=review_on, person_told=person_told, organisation_id=source,
            raised_on=raised,
        )  # fmt: skip
        self.note("person", person.pk, warning=warning.pk)
        return warning


class EndWarning(Action[Warning]):
    """Say that a warning no longer holds. It stays on record."""

    name = "people.end_warning"
    needs = Capability.RECORD_EVENTS

    def perform(self, warning: Warning, ended_on: date | None = None) -> Warning:
        must_see(self.actor, warning.person)
        day = ended_on or timezone.localdate()
        if not warning.raised_on <= day <= timezone.localdate():
            raise Invalid(
                {"ended_on": "The last day must be after the warning was raised and not in the future"}
            )
        if warning.ended_on is not None:
            raise Invalid({"ended_on": "This warning has already ended"})
        warning.ended_on = day
        warning.save(update_fields=["ended_on"])
        self.note("person", warning.person_id, warning=warning.pk)
        return warning


class AddProfessional(Action[Professional]):
    """Someone who works with a person. Their organisation can then see the person."""

    name = "people.add_professional"
    needs = Capability.REGISTER_PEOPLE

    def perform(
        self, person: Person, organisation: Organisation, name: str, job: str, *, starts: date | None = None,
        ends: date | None = None,
    ) -> Professional:  # fmt: skip
        must_see(self.actor, person)
        errors = period_errors(starts, ends)
        if not _one_line(name) or len(name) > 200:
            errors["name"] = "Enter the professional's name"
        if not _one_line(job) or len(job) > 64:
            errors["job"] = "Enter what they do, in 64 characters or fewer"
        raise_if(errors)
        added = Professional.objects.create(
            person=person,
            organisation=organisation,
            name=_one_line(name),
            job=_one_line(job),
            starts=starts,
            ends=ends,
        )
        self.note("person", person.pk, professional=added.pk, organisation=organisation.pk)
        return added


def address_for(lines: str, postcode: str = "", area: Area | None = None) -> Address:
    """The address as a row of its own, the same row for everyone who lives there: that is what makes a household."""
    plain, code = _one_line(lines.replace("\n", ", "))[:200], postcode_of(postcode)
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


def _one_line(value: str) -> str:
    return " ".join(value.split()).strip(" ,")


def _source(actor: Actor, organisation: Organisation | int | None) -> int | None:
    """The organisation that says so: the one given, or the one the actor acts for."""
    if isinstance(organisation, Organisation):
        return organisation.pk
    return organisation if organisation is not None else actor.organisation_id


def _locked(person: Person, version: int | None) -> Person:
    fresh = Person.objects.select_for_update().get(pk=person.pk)
    if version is not None and fresh.version != version:
        raise Stale(version, fresh.version)
    return fresh


def _make_findable(person: Person | UUID, names: Iterable[str]) -> None:
    pk = person.pk if isinstance(person, Person) else person
    keys = {key for name in names for key in keys_for(name)}
    SearchKey.objects.bulk_create(
        [SearchKey(person_id=pk, key=key) for key in sorted(keys)], ignore_conflicts=True
    )
