"""Cases of people whose records are joined: they move with the person, their clocks follow, and they go back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from goldenthread.casework.models import Case, Duty, Event
from goldenthread.foundation.capability import Capability
from goldenthread.people.actions import KeepMatches, MergePeople, UnMergePeople
from goldenthread.people.matching.grading import Match

from .front_door_people import SCREENS, ago, child, contact, opened, signed_in
from .partnership import Partnership, partnership


@pytest.fixture
def place(db: Any) -> Partnership:
    return partnership()


def cared_for(place: Partnership, born: date | None) -> Case:
    return opened(place, "looked_after", child(place, "Ameena Khan", born), ago(days=20), legal_status="C2")


def duties(case: Case) -> list[tuple[Any, ...]]:
    return sorted(
        map(str, Duty.objects.filter(case=case).values_list("duty", "ordinal", "due_at", "outcome"))
    )


def test_a_case_and_its_clocks_follow_the_person_and_go_back(place: Partnership) -> None:
    """An infant is reviewed twice as often as a child of nine: the record that stays says how old the child is."""
    case = cared_for(place, timezone.localdate() - timedelta(days=200))
    gone, kept = case.subject, child(place, "Amina Khan", date(2017, 5, 14))
    said = list(Event.objects.filter(case=case).values())
    before = duties(case)
    merge = MergePeople(place.system).run(kept, gone, "The school knows both names")
    case.refresh_from_db()
    assert case.subject == kept
    assert list(Event.objects.filter(case=case).values()) == said
    assert duties(case) != before
    UnMergePeople(place.system).run(merge, "They are cousins")
    case.refresh_from_db()
    assert case.subject == gone
    assert duties(case) == before and before


def test_the_snapshot_tells_which_cases_but_not_what_they_say(place: Partnership) -> None:
    case = cared_for(place, date(2017, 5, 14))
    kept = child(place, "Amina Khan")
    merge = MergePeople(place.system).run(kept, case.subject, "The school knows both names")
    assert merge.snapshot["gone"]["casework.case.subject"] == [str(case.pk)]
    assert "C2" not in str(merge.snapshot)


def test_a_contact_says_that_the_child_may_be_registered_twice(place: Partnership) -> None:
    one, two = child(place, "Amina Khan"), child(place, "Ameena Khan")
    case = contact(place, one, ago(hours=1))
    KeepMatches(place.system).run([Match(str(one.pk), str(two.pk), "possible", 0.9, 3.0, {"born": "same"})])
    address = reverse("casework:contact", args=[case.pk])
    hint = "may be one person"
    joins = signed_in(place, place.care, {*SCREENS, Capability.MERGE_PEOPLE}, "partnership")
    assert hint in joins.get(address).content.decode()
    assert hint not in signed_in(place, place.care, SCREENS, "partnership").get(address).content.decode()
    two.restricted = True
    two.save()
    assert hint not in joins.get(address).content.decode()
