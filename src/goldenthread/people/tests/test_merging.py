"""Joining and parting records: everything moves, and everything goes back."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import models, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goldenthread.foundation.action import Invalid, Stale
from goldenthread.foundation.actor import NotAllowed
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.models import JournalEntry
from goldenthread.people.actions import (
    AddIdentifier,
    AddName,
    AddResidence,
    AddWarning,
    KeepApart,
    MergePeople,
    RelatePeople,
    UnMergePeople,
    UpdatePerson,
)
from goldenthread.people.actions.merging import STAYS, references, whole
from goldenthread.people.models import Merge, Person, PersonName, PossibleMatch, SearchKey
from goldenthread.people.queries import family_of, search_people

from .people_made_up import ALL_BUT_RESTRICTED, SYSTEM, actor, organisation, person

pytestmark = pytest.mark.django_db

NHS = ("9434765919", "9434765870", "9990000018")
NAMES = st.sampled_from(["Amina", "Ameena", "Zoë", "Mohammed Bilal", "Łukasz", "Bo", "Anne-Marie"])
FAMILIES = st.sampled_from(["Khan", "Kahn", "Smith-Jones", "Jones", "", "O'Neill"])
PLACES = st.sampled_from(
    [("1 High Street", "LA1 1AA"), ("2 Low Road", "PR1 8XE"), ("Flat 3, Mill House", "")]
)


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row that is about people, without versions, which only ever rise, and the journal of joins itself."""
    tables: dict[str, list[dict[str, Any]]] = {}
    for model in {Person, SearchKey, *(model for model, _ in references())}:
        rows = list(model._base_manager.order_by("pk").values())
        for row in rows:
            row.pop("version", None)
            if model is SearchKey:
                row.pop("id")
        tables[model._meta.label] = sorted(rows, key=str)
    return tables


@st.composite
def people(draw: Any) -> list[dict[str, Any]]:
    """Three or four records that share some of what is known of them."""
    return draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "given": NAMES,
                    "family": FAMILIES,
                    "born": st.one_of(st.none(), st.dates(date(2010, 1, 1), date(2020, 12, 31))),
                    "sex": st.sampled_from(["", "female", "male"]),
                    "restricted": st.booleans(),
                    "interpreter": st.booleans(),
                    "languages": st.lists(
                        st.sampled_from(["English", "Urdu", "Polish"]), unique=True, max_size=2
                    ),
                    "aliases": st.lists(NAMES, max_size=2),
                    "nhs": st.lists(st.sampled_from(NHS), unique=True, max_size=2),
                    "homes": st.lists(PLACES, max_size=2),
                    "warned": st.booleans(),
                }
            ),
            min_size=3,
            max_size=4,
        )
    )


def registered(told: dict[str, Any]) -> Person:
    at = organisation()
    row = person(
        told["given"], told["family"], told["born"], sex=told["sex"], restricted=told["restricted"],
        interpreter=told["interpreter"], languages=told["languages"], also_known_as=told["aliases"], organisation=at,
    )  # fmt: skip
    for number in told["nhs"]:
        row.identifiers.create(scheme="nhs", value=number)
    for place, (lines, postcode) in enumerate(told["homes"]):
        AddResidence(SYSTEM).run(row, lines, postcode, starts=date(2021, 1, 1) + timedelta(days=place))
    if told["warned"]:
        AddWarning(SYSTEM).run(row, "Visit in pairs", date.today() + timedelta(days=30), organisation=at)
    return row


@given(
    people(),
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 3), st.sampled_from(["mother", "sibling", "carer"])),
        max_size=5,
    ),
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=3),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_joined_and_parted_is_as_it_was(db, told, ties, joins):
    point = transaction.savepoint()
    rows = [registered(each) for each in told]
    for one, other, kind in ties:
        with suppress(Invalid, IndexError), transaction.atomic():
            RelatePeople(SYSTEM).run(rows[one], rows[other], kind)
    states, merges = [everything()], []
    for one, other in joins:
        with suppress(Invalid, IndexError), transaction.atomic():
            merges.append(MergePeople(SYSTEM).run(rows[one], rows[other], "Confirmed by the GP"))
            states.append(everything())
    for merge in reversed(merges):
        assert everything() == states.pop()
        UnMergePeople(SYSTEM).run(merge, "They are twins")
    assert everything() == states.pop()
    transaction.savepoint_rollback(point)


def test_everything_that_points_to_a_person_moves_or_says_why_not():
    told = {model._meta.label_lower for model, _ in references()} | set(STAYS)
    for relation in Person._meta.related_objects:
        assert relation.related_model._meta.label_lower in told
    assert all(STAYS.values())
    assert ("people.personname", "person") in {
        (model._meta.label_lower, field) for model, field in references()
    }


def test_the_one_that_stays_has_what_both_had():
    kept = person("Amina", "Khan", date(2017, 5, 14), identifiers=[("nhs", NHS[0])])
    gone = person("Ameena", "Kahn", None, also_known_as=["Mina"], sex="female", languages=["Urdu"])
    AddResidence(SYSTEM).run(gone, "1 High Street", "LA1 1AA")
    mother = person("Sara", "Khan", date(1990, 1, 1))
    RelatePeople(SYSTEM).run(gone, mother, "mother")
    merge = MergePeople(SYSTEM).run(kept, gone, "The school confirmed it")
    kept.refresh_from_db()
    assert (kept.sex, kept.languages, kept.born) == ("female", ["Urdu"], date(2017, 5, 14))
    assert set(kept.names.values_list("full", "kind")) == {
        ("Amina Khan", "used"), ("Ameena Kahn", "alias"), ("Mina", "alias"),
    }  # fmt: skip
    assert kept.residences.count() == 1
    assert [tie.other for tie in family_of(SYSTEM, kept)] == [mother]
    assert [tie.other for tie in family_of(SYSTEM, mother)] == [kept]
    assert [hit.person for hit in search_people(actor(), "ameena kahn")] == [kept]
    assert merge.snapshot["gone"]["person"][0]["name"] == "Ameena Kahn"
    assert {"people.personname", "people.residence"} <= {each["model"] for each in merge.moved}
    assert {entry.subject_id for entry in JournalEntry.objects.filter(verb="people.merge")} == {
        str(kept.pk), str(gone.pk),
    }  # fmt: skip
    assert "ahn" not in str(
        list(JournalEntry.objects.filter(verb="people.merge").values_list("detail", flat=True))
    )


def test_what_was_changed_after_a_join_stays_changed():
    kept, gone = person("Amina", "Khan"), person("Ameena", "Kahn", sex="female")
    merge = MergePeople(SYSTEM).run(kept, gone, "The school confirmed it")
    kept.refresh_from_db()
    UpdatePerson(SYSTEM).run(kept, kept.version, sex="male")
    AddName(SYSTEM).run(kept, "Minnie")
    UnMergePeople(SYSTEM).run(merge, "They are cousins")
    kept.refresh_from_db()
    assert kept.sex == "male"
    assert set(kept.names.values_list("full", flat=True)) == {"Amina Khan", "Minnie"}
    assert [hit.person for hit in search_people(actor(), "minnie")] == [kept]
    assert [hit.person for hit in search_people(actor(), "ameena kahn") if hit.score == 1] == [gone]


def test_restriction_holds_if_either_has_it():
    kept, gone = person("Amina", "Khan"), person("Ameena", "Kahn", restricted=True)
    merge = MergePeople(SYSTEM).run(kept, gone, "The school confirmed it")
    assert not search_people(actor(), "amina khan")
    UnMergePeople(SYSTEM).run(merge, "They are cousins")
    assert [hit.person for hit in search_people(actor(), "amina khan")] == [kept]


def test_nobody_joins_what_they_may_not_know_of():
    hidden, known = person("Amina", "Khan", restricted=True), person("Ameena", "Kahn")
    for kept, gone in ((hidden, known), (known, hidden)):
        with pytest.raises(NotAllowed):
            MergePeople(actor()).run(kept, gone, "The school confirmed it")
        with pytest.raises(NotAllowed):
            KeepApart(actor()).run(kept, gone, "Cousins")
    without = actor(capabilities=ALL_BUT_RESTRICTED - {Capability.MERGE_PEOPLE})
    with pytest.raises(NotAllowed):
        MergePeople(without).run(known, person("Aminah", "Khan"), "The school confirmed it")
    assert not Merge.objects.exists() and not PossibleMatch.objects.exists()


def test_a_join_needs_a_reason_and_two_records_as_they_were_compared():
    kept, gone = person("Amina", "Khan"), person("Ameena", "Kahn")
    with pytest.raises(Invalid, match="Say what you decided it by"):
        MergePeople(SYSTEM).run(kept, gone, "  ")
    with pytest.raises(Invalid, match="one record already"):
        MergePeople(SYSTEM).run(kept, kept, "Sure")
    UpdatePerson(SYSTEM).run(gone, sex="female")
    with pytest.raises(Stale):
        MergePeople(SYSTEM).run(kept, gone, "Sure", (1, 1))
    MergePeople(SYSTEM).run(kept, gone, "Sure", (1, 2))
    with pytest.raises(NotAllowed):
        MergePeople(actor()).run(gone, person("Amy", "Khan"), "Sure")


def test_joins_are_parted_the_last_one_first():
    kept = person("Amina", "Khan")
    first = MergePeople(SYSTEM).run(kept, person("Ameena", "Kahn"), "Sure")
    second = MergePeople(SYSTEM).run(kept, person("Mina", "Khan"), "Sure")
    with pytest.raises(Invalid, match="Part that one first"):
        UnMergePeople(SYSTEM).run(first, "Not so")
    UnMergePeople(SYSTEM).run(second, "Not so")
    UnMergePeople(SYSTEM).run(first, "Not so")
    with pytest.raises(Invalid, match="parted already"):
        UnMergePeople(SYSTEM).run(first, "Not so")


def test_two_records_that_have_one_number_each_keep_both():
    kept, gone = person("Amina", "Khan"), person("Ameena", "Kahn")
    AddIdentifier(SYSTEM).run(kept, "nhs", NHS[0])
    AddIdentifier(SYSTEM).run(gone, "nhs", NHS[1])
    MergePeople(SYSTEM).run(kept, gone, "Two numbers were given out")
    assert set(kept.identifiers.values_list("value", flat=True)) == {NHS[0], NHS[1]}


def test_a_record_is_told_whole():
    row = person("Amina", "Khan", identifiers=[("nhs", NHS[0])])
    told = whole(row)
    assert told["person"][0]["name"] == "Amina Khan"
    assert told["people.personname.person"][0]["full"] == "Amina Khan"
    assert told["people.identifier.person"][0]["value"] == NHS[0]
    assert isinstance(PersonName._meta.get_field("person"), models.ForeignKey)
