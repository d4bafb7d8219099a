"""Writing what is known of people: what is refused, what follows from it, and what stays on record."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from goldenthread.foundation.action import Invalid, Stale
from goldenthread.foundation.actor import Actor, NotAllowed
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.models import JournalEntry
from goldenthread.people.actions import (
    AddIdentifier,
    AddName,
    AddProfessional,
    AddResidence,
    AddWarning,
    EndWarning,
    RegisterPerson,
    RelatePeople,
    UpdatePerson,
)
from goldenthread.people.dates import KnownDate
from goldenthread.people.models import Address, Person, Relationship, Residence
from goldenthread.people.queries import family_of, household_of, residences_of, search_people, warnings_of

from .people_made_up import ALL_BUT_RESTRICTED, SYSTEM, actor, organisation, person

pytestmark = pytest.mark.django_db


def refusal(act, *args, **kwargs) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as caught:
        act(*args, **kwargs)
    return caught.value.errors


def today() -> date:
    return timezone.localdate()


# --- Registering ----------------------------------------------------------------------------------------------------


def test_a_person_is_known_to_the_organisation_that_registered_them():
    police = organisation("police", "police")
    made = RegisterPerson(actor("organisation", police)).run("Amina", "Khan", born=date(2017, 5, 14))
    assert made.registered_by == police
    assert made.names.get().source == police
    assert JournalEntry.objects.get(subject_type="person", subject_id=str(made.pk)).verb == "people.register"


def test_the_journal_is_told_no_name_no_date_and_no_number():
    person(
        "Amina", "Khan", identifiers=[("nhs", "943 476 5919")], address="1 High Street", postcode="LA1 1AA"
    )
    told = str(list(JournalEntry.objects.values_list("detail", "verb", "subject_type"))).lower()
    for kept in ("amina", "khan", "2017", "943", "high"):
        assert kept not in told


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "family_name"),
        ({"family_name": "K" * 101}, "family_name"),
        ({"family_name": "Khan", "born": date(2090, 1, 1)}, "born"),
        ({"family_name": "Khan", "born": date(1890, 1, 1)}, "born"),
        ({"family_name": "Khan", "born": date(2017, 1, 1), "expected": date(2017, 1, 1)}, "expected"),
        ({"family_name": "Khan", "expected": date(2090, 1, 1)}, "expected"),
        ({"family_name": "Khan", "born": date(2017, 1, 1), "died": date(2016, 1, 1)}, "died"),
        ({"family_name": "Khan", "sex": "x"}, "sex"),
        ({"family_name": "Khan", "ethnicity": "XXXX"}, "ethnicity"),
        ({"family_name": "Khan", "identifiers": [("nhs", "943 476 5918")]}, "nhs"),
        ({"family_name": "Khan", "identifiers": [("upn", "B123456789012")]}, "upn"),
    ],
)
def test_who_cannot_be_is_refused_by_field(given, field):
    assert list(refusal(RegisterPerson(SYSTEM).run, **given)) == [field]
    assert not Person.objects.exists()


def test_an_unborn_child_has_an_expected_date_until_they_are_born():
    due = today() + timedelta(days=80)
    child = person("", "Khan", None, name="Unborn Khan", expected=due)
    assert child.unborn
    UpdatePerson(SYSTEM).run(child, given_name="Amina", born=today())
    child.refresh_from_db()
    assert (child.name, child.born, child.expected, child.unborn) == ("Amina Khan", today(), None, False)
    assert child.names.get(kind="previous").full == "Unborn Khan"


def test_a_number_someone_else_has_is_refused_but_never_tells_of_a_hidden_person():
    person("Amina", "Khan", identifiers=[("nhs", "943 476 5919")])
    assert "already registered" in refusal(
        RegisterPerson(actor()).run, "Mina", "Khan", identifiers=[("nhs", "9434765919")]
    )["nhs"][0]  # fmt: skip
    person("Bilal", "Shah", identifiers=[("nhs", "4010232137")], restricted=True)
    assert RegisterPerson(actor()).run("Bilal", "Shah", identifiers=[("nhs", "4010232137")])


def test_registering_needs_the_capability():
    with pytest.raises(NotAllowed):
        RegisterPerson(actor(capabilities=frozenset({Capability.VIEW_CASES}))).run("Amina", "Khan")


# --- Changing -------------------------------------------------------------------------------------------------------


def test_changing_tells_which_fields_and_raises_the_version():
    child = person("Amina", "Khan")
    UpdatePerson(SYSTEM).run(child, 1, sex="female", born=KnownDate(date(2017, 5, 1), "month"))
    child.refresh_from_db()
    assert (child.version, child.sex, child.born_precision) == (2, "female", "month")
    told = JournalEntry.objects.filter(subject_id=str(child.pk)).latest("sequence").detail
    assert told == {"fields": ["sex", "born"]}
    with pytest.raises(Stale):
        UpdatePerson(SYSTEM).run(child, 1, sex="male")


def test_someone_who_may_not_know_of_a_person_can_write_nothing_of_them():
    child = person("Amina", "Khan", organisation=organisation("school", "school"))
    other = actor("organisation", organisation("police", "police"))
    sees = person("Bilal", "Shah", organisation=organisation("police", "police"))
    for act in (
        lambda: UpdatePerson(other).run(child, sex="female"),
        lambda: AddName(other).run(child, "Mina Khan"),
        lambda: AddIdentifier(other).run(child, "police", "1"),
        lambda: AddResidence(other).run(child, "1 High Street"),
        lambda: RelatePeople(other).run(sees, child, "sibling"),
        lambda: AddWarning(other).run(child, "A dog", today() + timedelta(days=9)),
        lambda: AddProfessional(other).run(child, organisation("police"), "A", "B"),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert UpdatePerson(other).run(sees, sex="male")


def test_only_someone_who_sees_restricted_people_restricts_one():
    child = person("Amina", "Khan")
    with pytest.raises(NotAllowed):
        UpdatePerson(actor()).run(child, restricted=True)
    UpdatePerson(actor(capabilities=frozenset(Capability))).run(child, restricted=True)
    assert Person.objects.get().restricted
    with pytest.raises(TypeError):
        UpdatePerson(SYSTEM).run(child, merged_into=None)


# --- Names and numbers ----------------------------------------------------------------------------------------------


def test_an_added_name_finds_the_person_and_is_not_added_twice():
    child = person("Amina", "Khan")
    AddName(SYSTEM).run(child, "Kay  Thornton")
    assert search_people(SYSTEM, "kay thornton")[0].person == child
    assert refusal(AddName(SYSTEM).run, child, "kay thornton")["full"]
    assert refusal(AddName(SYSTEM).run, child, "")["full"]
    assert refusal(AddName(SYSTEM).run, child, "Other", "used")["kind"]


def test_a_number_is_kept_once_and_can_be_marked_as_checked():
    child = person("Amina", "Khan")
    AddIdentifier(SYSTEM).run(child, "nhs", "943 476 5919")
    AddIdentifier(SYSTEM).run(child, "nhs", "9434765919", traced=True)
    assert child.identifiers.get().traced
    assert refusal(AddIdentifier(SYSTEM).run, person("Bilal", "Shah"), "nhs", "9434765919")["value"]


# --- Homes ----------------------------------------------------------------------------------------------------------


def test_people_at_one_address_on_a_day_are_a_household_however_it_is_written():
    child, mother, uncle = person("Amina", "Khan"), person("Fatima", "Khan"), person("Imran", "Khan")
    AddResidence(SYSTEM).run(child, "1 High Street,\nLancaster", "la11aa", starts=date(2020, 1, 1))
    AddResidence(SYSTEM).run(mother, "1 HIGH STREET Lancaster", "LA1 1AA", starts=date(2021, 1, 1))
    AddResidence(SYSTEM).run(uncle, "2 High Street, Lancaster", "LA1 1AA", starts=date(2020, 1, 1))
    assert Address.objects.count() == 2
    assert household_of(SYSTEM, child) == [mother]
    assert household_of(SYSTEM, child, date(2020, 6, 1)) == []
    assert household_of(actor("organisation", organisation()), child) == []


def test_a_new_home_ends_the_old_one_the_day_before():
    child = person("Amina", "Khan")
    AddResidence(SYSTEM).run(child, "1 High Street", starts=date(2020, 1, 1))
    AddResidence(SYSTEM).run(child, "2 Low Street", starts=date(2024, 3, 1))
    AddResidence(SYSTEM).run(child, "Grandmother's house", starts=date(2024, 5, 1), also_lives_at_others=True)
    assert [(row.address.lines, row.ends) for row in residences_of(child)] == [
        ("Grandmother's house", None), ("2 Low Street", None), ("1 High Street", date(2024, 2, 29)),
    ]  # fmt: skip


def test_a_home_in_the_past_leaves_the_present_one_alone():
    child = person("Amina", "Khan")
    AddResidence(SYSTEM).run(child, "2 Low Street", starts=date(2024, 3, 1))
    AddResidence(SYSTEM).run(child, "1 High Street", starts=date(2020, 1, 1), ends=date(2024, 2, 29))
    assert Residence.objects.get(address__lines="2 Low Street").ends is None
    assert refusal(AddResidence(SYSTEM).run, child, " ")["lines"]
    assert refusal(AddResidence(SYSTEM).run, child, "3", starts=date(2020, 1, 2), ends=date(2020, 1, 1))[
        "ends"
    ]
    assert refusal(AddResidence(SYSTEM).run, child, "3", starts=today() + timedelta(days=1))["starts"]


# --- Family ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "sex", "inverse"),
    [
        ("mother", "", "child"), ("father", "female", "child"), ("sibling", "", "sibling"), ("carer", "", "cared_for"),
        ("grandparent", "", "grandchild"), ("child", "female", "mother"), ("child", "male", "father"), ("child", "", "parent"),
    ],
)  # fmt: skip
def test_a_relationship_is_kept_from_both_sides(kind, sex, inverse):
    born, other_born = (
        (date(1990, 1, 1), date(2017, 1, 1)) if kind == "child" else (date(2017, 1, 1), date(1960, 1, 1))
    )
    one, other = person("Amina", "Khan", born, sex=sex), person("Fatima", "Khan", other_born)
    RelatePeople(SYSTEM).run(one, other, kind)
    assert Relationship.objects.get(person=one).kind == kind
    assert Relationship.objects.get(person=other).kind == inverse
    assert JournalEntry.objects.filter(subject_id=str(other.pk), verb="people.relate").count() == 1


def test_relationships_that_cannot_be_are_refused():
    child, mother = person("Amina", "Khan"), person("Fatima", "Khan", date(1990, 1, 1), sex="female")
    assert refusal(RelatePeople(SYSTEM).run, child, child, "sibling")["other"]
    assert refusal(RelatePeople(SYSTEM).run, mother, child, "mother")["kind"]
    assert refusal(RelatePeople(SYSTEM).run, child, mother, "child")["kind"]
    assert refusal(RelatePeople(SYSTEM).run, child, mother, "father")["kind"]
    assert refusal(RelatePeople(SYSTEM).run, child, mother, "friend")["kind"]
    RelatePeople(SYSTEM).run(child, mother, "mother")
    assert refusal(RelatePeople(SYSTEM).run, child, mother, "mother")["kind"]


def test_a_year_of_birth_alone_does_not_rule_out_a_parent_born_in_it():
    child = person("Amina", "Khan", KnownDate(date(2000, 1, 1), "year"))
    parent = person("Fatima", "Khan", KnownDate(date(2000, 1, 1), "year"))
    assert RelatePeople(SYSTEM).run(child, parent, "mother")


def test_relatives_are_named_whoever_registered_them_but_restricted_ones_are_left_out():
    school = organisation("school", "school")
    child = person("Amina", "Khan", organisation=school)
    mother, shown = person("Fatima", "Khan", date(1990, 1, 1)), person("Bilal", "Khan", organisation=school)
    hidden = person("Hassan", "Khan", date(1988, 1, 1))
    RelatePeople(SYSTEM).run(child, mother, "mother")
    RelatePeople(SYSTEM).run(child, shown, "sibling")
    RelatePeople(SYSTEM).run(child, hidden, "father")
    Person.objects.filter(pk=hidden.pk).update(restricted=True)
    ties = family_of(actor("organisation", school), child)
    assert {tie.other: tie.may_open for tie in ties} == {mother: False, shown: True}
    assert len(family_of(SYSTEM, child)) == 3


# --- Warnings -------------------------------------------------------------------------------------------------------


def test_a_warning_is_seen_until_it_ends():
    child = person("Amina", "Khan")
    later = AddWarning(SYSTEM).run(
        child, "Visit in pairs", today() + timedelta(days=90), organisation=organisation()
    )
    sooner = AddWarning(SYSTEM).run(child, "A dog", today() + timedelta(days=9), organisation=organisation())
    assert warnings_of(child) == [sooner, later]
    EndWarning(SYSTEM).run(sooner)
    assert warnings_of(child) == [later]
    assert refusal(EndWarning(SYSTEM).run, sooner)["ended_on"]


def test_a_warning_needs_words_a_review_within_a_year_and_an_organisation():
    child = person("Amina", "Khan")
    nobody = Actor("No one", user_id=1, capabilities=ALL_BUT_RESTRICTED, scope="partnership")
    for review in (today(), today() + timedelta(days=400)):
        errors = refusal(AddWarning(nobody).run, child, " ", review)
        assert set(errors) == {"text", "review_on", ""}
