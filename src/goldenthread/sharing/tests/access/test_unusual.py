"""Looks that need explaining: which are asked about, which are not, and how a question is answered and settled."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from goldenthread.agencies.actors import actor_for
from goldenthread.casework.actions import InvolveOrganisation, OpenCase
from goldenthread.casework.tests.partnership import MANAGER, Partnership, at
from goldenthread.casework.tests.visitors import visitor, words
from goldenthread.foundation import journal
from goldenthread.foundation.actor import NotAllowed
from goldenthread.people.models import Address, Person, Residence
from goldenthread.sharing.actions.access import (
    AnswerQuestion,
    AskAboutLooks,
    AskEmergencyAccess,
    ClimbAccess,
    SettleQuestion,
)
from goldenthread.sharing.models import AccessQuestion, Notice

from .asking import REASON, SYSTEM, named

MIDDAY = datetime(2026, 3, 4, 12, tzinfo=timezone.get_default_timezone())
"""A Wednesday."""


def rules_asked(day: date | None = None) -> dict[str, AccessQuestion]:
    AskAboutLooks(SYSTEM).run(day or MIDDAY.date())
    return {question.rule: question for question in AccessQuestion.objects.all()}


def opened(place: Partnership, actor: Any, person: Person, moment: datetime = MIDDAY, verb: str = "child.view") -> None:
    journal.write(actor, [journal.Note(verb, "person", str(person.pk))], chain=f"reader/{actor.user_id}", at=moment)


@pytest.fixture
def known(place: Partnership) -> Person:
    """A child with an open case of children's social care."""
    child = named(place.child("Amira Hussain", given_name="Amira", family_name="Hussain"))
    OpenCase(place.system).run("concern", child, at("2026-03-02 09:30"), {}, organisation=place.care)
    child.cases.get().involvements.update(since=at("2026-03-02 09:30"))
    return child


def test_a_look_by_those_who_work_with_the_child_in_the_day_asks_nothing(place: Partnership, known: Person) -> None:
    opened(place, place.worker, known)
    opened(place, place.teacher, known)
    assert rules_asked() == {}


def test_no_part_in_any_case_is_asked_about_once(place: Partnership, known: Person) -> None:
    opened(place, place.officer, known)
    opened(place, place.officer, known, MIDDAY + timedelta(minutes=4))
    opened(place, place.nurse, known, verb="people.found")
    found = rules_asked()
    assert set(found) == {"no_involvement"}
    question = found["no_involvement"]
    assert (str(question.user), question.person, question.looks) == ("Joe Kay", known, 2)
    assert len(rules_asked()) == 1
    assert Notice.objects.filter(user=question.user, kind="access.question").count() == 1


def test_the_same_family_name_is_asked_about_but_not_a_common_one(place: Partnership, known: Person) -> None:
    cousin = place.actor("Bilal Hussain", place.care)
    opened(place, cousin, known)
    assert set(rules_asked()) == {"same_family_name"}
    AccessQuestion.objects.all().delete()
    Person.objects.bulk_create(
        Person(name=f"Child {n} Hussain", family_name="Hussain", created_at=timezone.now()) for n in range(25)
    )
    assert rules_asked() == {}


def test_ones_own_name_and_ones_own_home_are_asked_about(place: Partnership, known: Person) -> None:
    home = Address.objects.create(lines="1 High Street", postcode="BB1 1AA")
    mother = named(place.child("Rosa Whittle", date(1990, 1, 1), given_name="Rosa", family_name="Whittle"))
    for one in (mother, known):
        Residence.objects.create(person=one, address=home)
    opened(place, place.worker, known)
    assert set(rules_asked()) == {"same_home"}
    opened(place, place.worker, mother)
    assert {"own_record", "same_home"} <= set(rules_asked())


def test_night_and_weekend_are_asked_about_together_and_not_of_the_police(place: Partnership, known: Person) -> None:
    InvolveOrganisation(place.manager).run(known.cases.get(), place.police)
    known.cases.get().involvements.update(since=at("2026-03-02 09:30"))
    night = MIDDAY.replace(hour=23)
    for actor in (place.worker, place.officer):
        opened(place, actor, known, night)
    found = rules_asked()
    assert set(found) == {"out_of_hours"} and str(found["out_of_hours"].user) == "Rosa Whittle"
    saturday = MIDDAY + timedelta(days=3)
    opened(place, place.worker, known, saturday)
    rules_asked(saturday.date())
    assert AccessQuestion.objects.filter(rule="out_of_hours").count() == 2


def test_many_children_within_an_hour_are_one_question(place: Partnership) -> None:
    children = [place.child(f"Child {number}") for number in range(41)]
    teacher = place.teacher
    for number, child in enumerate(children):
        opened(place, teacher, child, MIDDAY + timedelta(minutes=2 * number))
    assert rules_asked() == {}  # spread over more than an hour
    for child in children:
        opened(place, teacher, child, MIDDAY - timedelta(minutes=5))
    found = rules_asked()
    assert set(found) == {"many_children"} and (found["many_children"].people, found["many_children"].person) == (41, None)


def test_a_child_closed_long_ago_and_one_read_again_and_again(place: Partnership, known: Person) -> None:
    known.cases.update(is_open=False, closed_at=at("2023-05-01 10:00"))
    opened(place, place.worker, known)
    assert set(rules_asked()) == {"closed_long_ago"}
    AccessQuestion.objects.all().delete()
    known.cases.update(closed_at=at("2026-03-03 10:00"))
    for back in range(5):
        opened(place, place.worker, known, MIDDAY - timedelta(days=back, hours=1))
    found = rules_asked()
    assert set(found) == {"again_and_again"}
    AccessQuestion.objects.all().delete()
    journal.write(place.worker, [journal.Note("casework.record_event", "case", str(known.cases.get().pk))], at=MIDDAY)
    assert rules_asked() == {}


def test_a_look_under_emergency_access_is_reviewed_and_not_asked_about(place: Partnership, hidden: Person) -> None:
    AskEmergencyAccess(place.officer).run(REASON, number="9434765919")
    moment = timezone.now()
    opened(place, place.officer, hidden, moment)
    AskAboutLooks(SYSTEM).run(timezone.localdate())
    assert not AccessQuestion.objects.filter(rule="no_involvement").exists()


def test_a_question_is_answered_and_settled_by_somebody_else(place: Partnership, known: Person) -> None:
    nurse = visitor(place, "Ada Okoro", "health_visitor", place.health)
    lead = visitor(place, "Iris Lane", "designated_nurse", place.health)
    opened(place, actor_for(nurse.user), known)  # type: ignore[attr-defined]
    question = rules_asked()["no_involvement"]
    address = reverse("access:question", args=[question.pk])
    assert visitor(place, "Joe Kay", "police_officer", place.police).get(address).status_code == 404
    assert "What was your work with the record?" in words(nurse.get(address))
    blank = nurse.post(address, {"answer": " ", "version": "1"})
    assert blank.status_code == 422 and "Say what the look was for" in words(blank)
    nurse.post(address, {"answer": "The GP rang me about her.", "version": "1"})
    assert "The GP rang me about her." in words(lead.get(address))
    with pytest.raises(NotAllowed):
        SettleQuestion(place.actor("Ada Okoro", place.health, MANAGER)).run(question, "explained", "Fine.", None)
    with pytest.raises(NotAllowed):
        AnswerQuestion(actor_for(lead.user)).run(question, "Not mine to answer.", None)  # type: ignore[attr-defined]
    lead.post(address, {"outcome": "escalated", "finding": "There was no such call. To the head of service.", "version": "2"})
    question.refresh_from_db()
    assert (question.outcome, question.settled_by) == ("escalated", lead.user)  # type: ignore[attr-defined]
    assert Notice.objects.filter(kind="access.taken_further", organisation=place.health).count() == 1
    assert "Amira" not in words(lead.get(reverse("access:questions"), {"show": "settled"}))  # the nurse's lead may not see her


def test_an_unanswered_question_climbs_once(place: Partnership, known: Person) -> None:
    visitor(place, "Iris Lane", "designated_nurse", place.health)
    opened(place, place.nurse, known)
    question = rules_asked()["no_involvement"]
    assert ClimbAccess(SYSTEM).run(question.answer_due_at - timedelta(minutes=1)) == 0
    assert ClimbAccess(SYSTEM).run(question.answer_due_at + timedelta(minutes=1)) == 1
    assert ClimbAccess(SYSTEM).run(question.answer_due_at + timedelta(days=1)) == 0
    assert Notice.objects.get(kind="access.question_late").organisation == place.health


def test_only_the_service_itself_goes_through_looks(place: Partnership) -> None:
    for action in (AskAboutLooks(place.manager), ClimbAccess(place.manager)):
        with pytest.raises(NotAllowed):
            action.run(timezone.localdate())


def test_the_night_goes_on_from_the_last_day_that_was_gone_through(place: Partnership, known: Person) -> None:
    from goldenthread.sharing.actions.access import ask_about_looks

    today = timezone.localdate()
    noon = timezone.localtime().replace(hour=12, minute=0)
    for back in (4, 3, 1, 0):
        opened(place, place.officer, known, noon - timedelta(days=back))
    AskAboutLooks(SYSTEM).run(today - timedelta(days=4))
    ask_about_looks()
    asked_of = {one.day for one in AccessQuestion.objects.filter(rule="no_involvement")}
    assert asked_of == {today - timedelta(days=back) for back in (4, 3, 1)}
    assert ask_about_looks() == 0
