"""Registering someone and changing who they are. Depends on `models`, `rules`, `search`, `policies`, `foundation`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from goldenthread.agencies.models import Area, Organisation
from goldenthread.foundation.action import Action
from goldenthread.foundation.capability import Capability

from ..dates import KnownDate
from ..identifiers import normalised
from ..models import Identifier, Person, PersonName, Residence
from ..rules import born_errors, code_errors, identifier_errors, must_see, name_errors, raise_if
from .common import address_for, locked, make_findable, one_line, source_of


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
        given, family = one_line(given_name), one_line(family_name)
        full = one_line(name) or " ".join(part for part in (given, family) if part)
        when = KnownDate(born) if isinstance(born, date) else born
        errors = (
            name_errors(given, family, full) | born_errors(when, expected, died) | code_errors(sex, ethnicity)
        )
        numbers = [(scheme, value) for scheme, value in identifiers if value.strip()]
        for scheme, value in numbers:
            if problem := identifier_errors(self.actor, scheme, value):
                errors[scheme] = problem
        raise_if(errors)
        source = source_of(self.actor, organisation)
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
        aliases = [alias for each in also_known_as if (alias := one_line(each)[:200]) and alias != full]
        names = [PersonName(person=person, kind="used", full=full, source_id=source)]
        names += [
            PersonName(person=person, kind="alias", full=alias, source_id=source)
            for alias in dict.fromkeys(aliases)
        ]
        PersonName.objects.bulk_create(names)
        make_findable(person, [full, *aliases])
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
        fresh = locked(person, version)
        before = fresh.name
        born = changes.pop("born", KnownDate(fresh.born, fresh.born_precision) if fresh.born else None)
        when = KnownDate(born) if isinstance(born, date) else born
        changed = sorted(field for field, value in changes.items() if getattr(fresh, field) != value)
        for field, value in changes.items():
            setattr(fresh, field, one_line(value) if field.endswith("name") else value)
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
            make_findable(fresh, [fresh.name])
        self.note("person", fresh.pk, fields=changed)
        return fresh
