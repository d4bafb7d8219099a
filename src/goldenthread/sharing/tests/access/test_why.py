"""By what right a look was allowed, as of then; who sees who looked; and that without a journal there is no look."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from goldenthread.agencies.models import Role
from goldenthread.casework.actions import AllocateCase, InvolveOrganisation, OpenCase
from goldenthread.casework.models import Case
from goldenthread.casework.tests.partnership import MANAGER, WORKER, Partnership
from goldenthread.casework.tests.visitors import visitor, words
from goldenthread.foundation import journal
from goldenthread.foundation.models import JournalEntry
from goldenthread.people.models import EmergencyAccess, Person
from goldenthread.sharing.models import AccessQuestion
from goldenthread.sharing.queries.access import look_of, looks_at, subjects_of
from goldenthread.sharing.queries.rights import RightsThen

from .asking import REASON, asked, named


def rights(person: Person, row: JournalEntry) -> list[str]:
    _, cases = subjects_of(person)
    return [right.short for right in RightsThen(person, cases, [row.user_id or 0]).of(look_of(row, person.pk))]


@pytest.fixture
def case(place: Partnership) -> Case:
    """Opened three days ago, so that looks since then can be dated."""
    case = OpenCase(place.screener).run("concern", named(place.child()), timezone.now() - timedelta(days=3), {})
    Case.objects.filter(pk=case.pk).update(opened_at=timezone.now() - timedelta(days=3))
    case.involvements.update(since=timezone.now() - timedelta(days=3))
    Role.objects.filter(slug="tests").update(capabilities=[each.value for each in WORKER])
    return Case.objects.get(pk=case.pk)


def look(actor: Any, case: Case, moment: datetime) -> JournalEntry:
    journal.write(actor, [journal.Note("case.view", "case", str(case.pk))], chain=f"reader/{actor.user_id}", at=moment)
    return JournalEntry.objects.filter(chain=f"reader/{actor.user_id}").latest("sequence")


@pytest.mark.django_db
def test_a_right_is_worked_out_as_of_the_moment_of_the_look(place: Partnership, case: Case) -> None:
    now = timezone.now()
    early = look(place.officer, case, now - timedelta(days=1))
    InvolveOrganisation(place.manager).run(case, place.police)
    late = look(place.officer, case, timezone.now())
    assert rights(case.subject, early) == []
    assert rights(case.subject, late) == ["Their agency’s case"]
    own = look(place.worker, case, now - timedelta(days=2))
    assert rights(case.subject, own) == ["Their agency’s case"]


def test_the_worker_then_is_named_and_not_the_worker_now(place: Partnership, case: Case) -> None:
    rosa, tom = place.worker, place.manager
    AllocateCase(place.actor("Ella Boss", place.care, MANAGER)).run(case, place.users["Rosa Whittle"])
    given = JournalEntry.objects.get(verb="casework.allocate_case").at
    before, after = look(rosa, case, given - timedelta(hours=1)), look(rosa, case, given + timedelta(microseconds=1))
    AllocateCase(place.actor("Ella Boss", place.care, MANAGER)).run(case, place.users["Tom Marsden"])
    assert "Worker of the case" not in rights(case.subject, before)
    assert rights(case.subject, after)[0] == "Worker of the case"
    assert "Worker of the case" in rights(case.subject, look(tom, case, timezone.now()))


def test_a_role_that_ended_gives_no_right_afterwards(place: Partnership, case: Case) -> None:
    rosa = place.worker
    today = timezone.localdate()
    place.users["Rosa Whittle"].memberships.update(ends=today - timedelta(days=2))
    assert rights(case.subject, look(rosa, case, timezone.now() - timedelta(days=2))) == ["Their agency’s case"]
    assert rights(case.subject, look(rosa, case, timezone.now())) == []


def test_emergency_access_is_the_right_while_it_lasted(place: Partnership, hidden: Person, officer: Client) -> None:
    asked(officer, number="9434765919", reason=REASON)
    row = JournalEntry.objects.get(verb="child.view")
    assert "Emergency access" in rights(hidden, row)
    EmergencyAccess.objects.update(ends_at=row.at - timedelta(seconds=1))
    assert "Emergency access" not in rights(hidden, row)


def test_a_chronologys_citation_is_told_with_its_clause(place: Partnership, case: Case) -> None:
    identity, number = "mash", "4.1"
    journal.read(place.officer, "chronology.view", "person", str(case.subject_id),
                 rights={str(case.pk): f"agreement:{identity}:{number}"}, existence=[])  # fmt: skip
    row = JournalEntry.objects.get(verb="chronology.view")
    _, cases = subjects_of(case.subject)
    told = RightsThen(case.subject, cases, [row.user_id or 0]).of(look_of(row, case.subject_id))
    assert [right.short for right in told] == ["Sharing agreement"] and f"clause {number}" in told[0].words


def test_the_page_shows_each_look_with_its_right_and_is_itself_kept(place: Partnership, case: Case) -> None:
    manager = visitor(place, "Tom Marsden", "team_manager", place.care)
    visitor(place, "Rosa Whittle", "social_worker", place.care).get(reverse("casework:case", args=[case.pk]))
    day = timezone.localdate()
    asking = {"record": case.reference, "day": f"{day.day} {day.month} {day.year}", "who": "rosa"}
    page = words(manager.get(reverse("access:why"), asking))
    assert "Rosa Whittle" in page and "Read the case" in page and "County care has led case" in page
    assert JournalEntry.objects.filter(verb="access.why", subject_id=str(case.subject_id)).count() == 1
    assert "Nobody looked that day" in words(manager.get(reverse("access:why"), {**asking, "who": "nobody"}))
    everyone = words(manager.get(reverse("access:child", args=[case.subject_id])))
    assert "Rosa Whittle" in everyone and "Read who looked at the child, and why" in everyone


def test_a_record_one_may_not_see_cannot_be_asked_about(place: Partnership, hidden: Person) -> None:
    manager = visitor(place, "Tom Marsden", "team_manager", place.care)
    day = timezone.localdate()
    asking = {"day": f"{day.day} {day.month} {day.year}", "who": ""}
    reference = Case.objects.get(subject=hidden).reference
    said = [
        words(manager.get(reverse("access:why"), {**asking, "record": record})).replace(record, "")
        for record in (reference, "X" * len(reference), str(hidden.pk), "9434765919")
    ]
    assert len(set(said)) == 1 and "There is no such child or case" in said[0]
    assert manager.get(reverse("access:child", args=[hidden.pk])).status_code == 404


def test_a_worker_sees_who_looked_at_their_own_cases_and_no_others(place: Partnership, case: Case) -> None:
    rosa = visitor(place, "Rosa Whittle", "social_worker", place.care)
    visitor(place, "Una Cole", "front_door_manager", place.care).get(reverse("casework:case", args=[case.pk]))
    assert rosa.get(reverse("access:child", args=[case.subject_id])).status_code == 403
    assert "Nobody else has looked" in words(rosa.get(reverse("access:mine")))
    Case.objects.filter(pk=case.pk).update(worker=rosa.user)  # type: ignore[attr-defined]
    page = words(rosa.get(reverse("access:mine")))
    assert "Una Cole" in page and "Amira Hussain" in page
    assert rosa.get(reverse("access:child", args=[case.subject_id])).status_code == 200


def test_being_shown_in_a_search_counts_as_a_look(place: Partnership, case: Case) -> None:
    front = visitor(place, "Una Cole", "front_door_manager", place.care)
    front.get(reverse("people:search"), {"q": "Amira Hussain"})
    assert [row.verb for row in looks_at(case.subject)] == ["people.found"]
    assert "Was shown the child in a search" in words(front.get(reverse("access:child", args=[case.subject_id])))


# The journal fails closed ---------------------------------------------------------------------------------------------


@pytest.fixture
def rosa(place: Partnership) -> Client:
    return visitor(place, "Rosa Whittle", "social_worker", place.care)


@pytest.fixture
def broken_journal() -> Iterator[None]:
    """The journal's table cannot be found, as after a wrong migration or a lost disk."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE foundation_journalentry RENAME TO elsewhere")
    yield
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE elsewhere RENAME TO foundation_journalentry")


def test_with_a_broken_journal_no_page_is_served_and_nothing_is_written(
    place: Partnership, case: Case, rosa: Client, broken_journal: None
) -> None:
    rosa.raise_request_exception = False
    events = case.events.count()
    for address in (
        reverse("casework:case", args=[case.pk]), reverse("casework:child", args=[case.subject_id]),
        reverse("people:details", args=[case.subject_id]),
    ):  # fmt: skip
        response = rosa.get(address)
        assert response.status_code == 500 and "Amira" not in response.content.decode()
    with pytest.raises(DatabaseError):
        InvolveOrganisation(place.manager).run(case, place.police)
    assert case.events.count() == events
    assert not case.involvements.filter(organisation=place.police).exists()
    assert not EmergencyAccess.objects.exists()
    response = rosa.post(reverse("access:emergency"), {"number": "1", "reason": REASON})
    assert response.status_code == 500 and not AccessQuestion.objects.exists()
