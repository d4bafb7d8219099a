"""What becomes known of someone: names, numbers, homes, relatives, warnings, who works with them.

Depends on `models`, `rules`, `policies`, `foundation`.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from goldenthread.agencies.models import Area, Organisation
from goldenthread.foundation.action import Action, Invalid
from goldenthread.foundation.capability import Capability

from ..codes import inverse_of
from ..identifiers import normalised
from ..models import Identifier, Person, PersonName, Professional, Relationship, Residence, Warning
from ..rules import identifier_errors, must_see, period_errors, raise_if, relationship_errors
from .common import address_for, make_findable, one_line, source_of


class AddName(Action[PersonName]):
    """Another name someone is or was known by."""

    name = "people.add_name"
    needs = Capability.REGISTER_PEOPLE

    def perform(self, person: Person, full: str, kind: str = "alias") -> PersonName:
        must_see(self.actor, person)
        full = one_line(full)
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
        make_findable(person, [full])
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
        common = {"note": one_line(note)[:200], "starts": starts, "ends": ends}
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
        source = source_of(self.actor, organisation)
        if source is None:
            errors[""] = "A warning needs the organisation that raises it"
        if errors or source is None:
            raise Invalid(errors)
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
        # A new school is known before its term: the first day may lie up to a year ahead.
        ahead = starts is not None and timezone.localdate() < starts <= timezone.localdate() + timedelta(days=366)
        errors = period_errors(None if ahead else starts, ends)
        if starts and ends and ends < starts:
            errors["ends"] = "The last day must be the same as or after the first day"
        if not one_line(name) or len(name) > 200:
            errors["name"] = "Enter the professional's name"
        if not one_line(job) or len(job) > 64:
            errors["job"] = "Enter what they do, in 64 characters or fewer"
        raise_if(errors)
        added = Professional.objects.create(
            person=person,
            organisation=organisation,
            name=one_line(name),
            job=one_line(job),
            starts=starts,
            ends=ends,
        )
        self.note("person", person.pk, professional=added.pk, organisation=organisation.pk)
        return added
