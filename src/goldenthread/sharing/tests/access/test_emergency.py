"""Emergency access tells nothing before a reason is kept, ends by itself, and is reviewed by somebody else."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from goldenthread.agencies.actors import actor_for
from goldenthread.casework.actions.appending import CaseAction
from goldenthread.casework.models import Case
from goldenthread.casework.policies import CasePolicy
from goldenthread.casework.tests.partnership import Partnership
from goldenthread.casework.tests.visitors import visitor, words
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.actor import NotAllowed
from goldenthread.foundation.models import JournalEntry
from goldenthread.people.dates import KnownDate
from goldenthread.people.models import EmergencyAccess, Identifier, Person
from goldenthread.people.policies import PersonPolicy
from goldenthread.people.queries import search_people
from goldenthread.sharing.actions.access import (
    AskEmergencyAccess,
    ClimbAccess,
    EndEmergencyAccess,
    ReviewEmergencyAccess,
)
from goldenthread.sharing.models import AccessQuestion, Notice
from goldenthread.sharing.queries.access import lasting

from .asking import BORN, REASON, SYSTEM, asked, named


def test_whoever_gives_a_reason_and_the_exact_number_sees_the_child_while_it_lasts(
    place: Partnership, hidden: Person, officer: Client
) -> None:
    page = reverse("casework:child", args=[hidden.pk])
    assert officer.get(page).status_code == 404
    response = asked(officer, number="943 476 5919", reason=REASON)
    assert response.redirect_chain[-1][0] == page and response.status_code == 200
    assert "You have emergency access to Zoya Malik until" in words(response)
    access = EmergencyAccess.objects.get()
    assert (access.person, access.reason, access.organisation) == (hidden, REASON, place.police)
    assert access.ends_at - access.begun_at == timedelta(hours=4)
    assert JournalEntry.objects.filter(verb="access.emergency_asked", chain=f"person/{hidden.pk}").count() == 1
    actor = actor_for(officer.user)  # type: ignore[attr-defined]
    assert CasePolicy.visible_to(actor).filter(subject=hidden).count() == 1
    assert [hit.person for hit in search_people(actor, "Zoya Malik")] == [hidden]


def test_it_ends_by_itself_and_everything_is_hidden_again(place: Partnership, hidden: Person, officer: Client) -> None:
    asked(officer, name="zoya  MALIK", born="14 5 2017", reason=REASON)
    actor = actor_for(officer.user)  # type: ignore[attr-defined]
    # The same statement, kept while it lasted, must not go on showing the case afterwards.
    case = Case.objects.get(subject=hidden)
    assert CaseAction(actor).locked(case) == case
    moment = timezone.now()
    EmergencyAccess.objects.update(begun_at=moment - timedelta(hours=5), ends_at=moment - timedelta(seconds=1))
    with pytest.raises(NotAllowed):
        CaseAction(actor).locked(case)
    assert officer.get(reverse("casework:child", args=[hidden.pk])).status_code == 404
    assert officer.get(reverse("casework:case", args=[case.pk])).status_code == 404
    assert not search_people(actor, "Zoya Malik") and not lasting(actor)
    assert "You have emergency access" not in words(officer.get(reverse("people:search")))


def test_the_person_can_end_it_and_nobody_else_can(place: Partnership, hidden: Person, officer: Client) -> None:
    asked(officer, number="9434765919", reason=REASON)
    access = EmergencyAccess.objects.get()
    other = visitor(place, "Ada Okoro", "designated_nurse", place.health)
    assert other.post(reverse("access:emergency-end", args=[access.pk])).status_code == 404
    manager = place.manager
    with pytest.raises(NotAllowed):
        EndEmergencyAccess(manager).run(access)
    response = officer.post(reverse("access:emergency-end", args=[access.pk]), follow=True)
    assert "has ended" in words(response)
    assert officer.get(reverse("casework:child", args=[hidden.pk])).status_code == 404
    with pytest.raises(Invalid, match="already ended"):
        EndEmergencyAccess(actor_for(officer.user)).run(access)  # type: ignore[attr-defined]


def test_without_a_reason_nothing_is_looked_up_and_the_page_says_the_same_of_everybody(
    place: Partnership, hidden: Person, officer: Client
) -> None:
    def answer(**given: str) -> str:
        said: list[str] = []

        def heard(execute: Any, sql: str, *rest: Any) -> Any:
            said.append(sql)
            return execute(sql, *rest)

        with connection.execute_wrapper(heard):
            response = officer.post(reverse("access:emergency"), given)
        assert response.status_code == 422
        assert not [sql for sql in said if "people_identifier" in sql or "people_personname" in sql]
        page = words(response)
        for value in given.values():
            page = page.replace(value, "")
        return page

    there, absent = "9434765919", "9434765870"
    assert answer(number=there, reason="") == answer(number=absent, reason="")
    assert answer(number=there, reason="too short") == answer(number=absent, reason="too short")
    assert answer(name="Zoya Malik", born="", reason=REASON) == answer(name="Zara Mulik", born="", reason=REASON)
    assert not EmergencyAccess.objects.exists() and not AccessQuestion.objects.exists()
    assert not JournalEntry.objects.filter(verb="access.emergency_asked").exists()


def test_the_search_page_offers_it_whether_or_not_somebody_is_hidden(place: Partnership, hidden: Person, officer: Client) -> None:
    def page(name: str) -> str:
        return words(officer.get(reverse("people:search"), {"q": name})).replace(name, "")

    assert page("zoya malik") == page("zara mulik")
    assert "ask for emergency access" in page("zoya malik")


def test_asking_for_somebody_who_is_not_there_is_kept_and_put_to_the_one_who_asked(
    place: Partnership, officer: Client
) -> None:
    response = asked(officer, name="Nobody Known", born="1 1 2015", reason=REASON)
    assert "Nobody on record has exactly this number" in words(response)
    (question,) = AccessQuestion.objects.all()
    assert (question.rule, question.user, question.looks) == ("emergency_not_found", officer.user, 1)  # type: ignore[attr-defined]
    asked(officer, name="Nobody Knows", born="1 1 2015", reason=REASON)
    question.refresh_from_db()
    assert question.looks == 2
    told = JournalEntry.objects.filter(verb="access.emergency_asked", subject_type="search")
    assert [row.detail for row in told] == [{"by": "name and date of birth", "found": 0}] * 2
    assert Notice.objects.get(user=officer.user).words == "You are asked about a look at a record."  # type: ignore[attr-defined]


def test_guessing_stops_after_a_few_tries(place: Partnership, hidden: Person, officer: Client) -> None:
    for number in range(5):
        asked(officer, number=f"94347658{number}0", reason=REASON)
    response = asked(officer, number="9434765919", reason=REASON)
    assert "You have asked 5 times within 24 hours" in words(response)
    assert not EmergencyAccess.objects.exists()


def test_a_near_name_or_a_near_date_finds_nobody(place: Partnership, hidden: Person) -> None:
    for name, born in (("Zoya Malick", BORN), ("Zoya", BORN), ("Zoya Malik", date(2017, 5, 15))):
        found = AskEmergencyAccess(place.officer).run(REASON, name=name, born=KnownDate(born))
        assert found.access is None and found.already is None
    assert not EmergencyAccess.objects.exists()


def test_two_of_one_name_and_birthday_need_a_number(place: Partnership, hidden: Person) -> None:
    named(place.child("Zoya Malik"))
    found = AskEmergencyAccess(place.officer).run(REASON, name="Zoya Malik", born=KnownDate(BORN))
    assert found.several and not EmergencyAccess.objects.exists()


def test_whoever_may_see_the_child_anyway_breaks_no_glass(place: Partnership) -> None:
    child = named(place.child("Amira Hussain"))
    found = AskEmergencyAccess(place.teacher).run(REASON, name="Amira Hussain", born=KnownDate(BORN))
    assert found.already == child and not EmergencyAccess.objects.exists()


def test_a_record_that_was_merged_opens_the_one_it_was_merged_into(place: Partnership, hidden: Person) -> None:
    double = named(place.child("Zoya Mallick", merged_into=hidden))
    Identifier.objects.create(person=double, scheme="police", value="PNC77")
    found = AskEmergencyAccess(place.officer).run(REASON, number="pnc 77")
    assert found.access is not None and found.access.person == hidden


def test_a_role_that_sees_no_cases_cannot_break_the_glass(place: Partnership, hidden: Person) -> None:
    clerk = visitor(place, "Max Clerk", "business_manager", place.care)
    assert clerk.get(reverse("access:emergency")).status_code == 403
    with pytest.raises(NotAllowed):
        AskEmergencyAccess(actor_for(clerk.user)).run(REASON, number="9434765919")  # type: ignore[attr-defined]


def test_a_supervisor_who_did_not_ask_reviews_it_without_seeing_the_child(place: Partnership, hidden: Person) -> None:
    worker = visitor(place, "Rosa Whittle", "social_worker", place.care)
    manager = visitor(place, "Tom Marsden", "team_manager", place.care)
    asked(worker, number="9434765919", reason=REASON)
    access = EmergencyAccess.objects.get()
    notice = Notice.objects.get(kind="access.emergency")
    assert (notice.organisation, notice.capability) == (place.care, "supervise")
    assert "Zoya" not in notice.words and "Malik" not in notice.words
    page = words(manager.get(notice.address))
    assert REASON in page and "Zoya" not in page and "A record that you may not see" in page
    assert "Read the child’s page" in page
    blank = manager.post(notice.address, {"justified": "", "finding": ""})
    assert blank.status_code == 422 and "Say what you found and why" in words(blank)
    manager.post(notice.address, {"justified": "yes", "finding": "Right: the child was at risk."})
    access.refresh_from_db()
    assert (access.justified, access.reviewed_by) == (True, manager.user)  # type: ignore[attr-defined]
    assert not PersonPolicy.visible_to(actor_for(manager.user)).filter(pk=hidden.pk).exists()  # type: ignore[attr-defined]
    with pytest.raises(Invalid, match="reviewed already"):
        ReviewEmergencyAccess(actor_for(manager.user)).run(access, True, "Again.")  # type: ignore[attr-defined]


def test_nobody_reviews_their_own_and_others_do_not_know_of_it(place: Partnership, hidden: Person) -> None:
    manager = visitor(place, "Tom Marsden", "team_manager", place.care)
    asked(manager, number="9434765919", reason=REASON)
    access = EmergencyAccess.objects.get()
    with pytest.raises(NotAllowed):
        ReviewEmergencyAccess(actor_for(manager.user)).run(access, True, "I was right.")  # type: ignore[attr-defined]
    nurse = visitor(place, "Ada Okoro", "designated_nurse", place.health)
    assert nurse.get(reverse("access:emergency-one", args=[access.pk])).status_code == 404
    with pytest.raises(NotAllowed):
        ReviewEmergencyAccess(actor_for(nurse.user)).run(access, True, "Fine.")  # type: ignore[attr-defined]


def test_where_nobody_else_supervises_it_goes_to_those_whose_role_reaches_everywhere(place: Partnership, hidden: Person) -> None:
    front = visitor(place, "Una Cole", "front_door_manager", place.care)
    officer = visitor(place, "Joe Kay", "police_officer", place.police)
    asked(officer, number="9434765919", reason=REASON)
    assert Notice.objects.get(kind="access.emergency").organisation == place.care
    assert front.get(reverse("access:emergency-one", args=[EmergencyAccess.objects.get().pk])).status_code == 200


def test_a_review_that_is_late_climbs_once(place: Partnership, hidden: Person) -> None:
    visitor(place, "Una Cole", "front_door_manager", place.care)
    asked(visitor(place, "Joe Kay", "police_officer", place.police), number="9434765919", reason=REASON)
    EmergencyAccess.objects.update(review_due_at=timezone.now() - timedelta(hours=1))
    assert ClimbAccess(SYSTEM).run() == 1
    assert ClimbAccess(SYSTEM).run() == 0
    assert Notice.objects.filter(kind="access.emergency_late").count() == 1
