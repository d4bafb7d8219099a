"""A system of an agency lists what its agency is asked and answers it, as its agreements allow, once."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache

from goldenthread.agencies.scopes import Scope
from goldenthread.casework.models import Event
from goldenthread.foundation.models import JournalEntry
from goldenthread.people.models import Person
from goldenthread.sharing.actions.asking import AskAgencies
from goldenthread.sharing.models import Request
from goldenthread.sharing.tests.exchange_place import Exchange, exchange

from .test_organisations import System

HELD = {"holds": "relevant_information", "summary": "Seen twice in October."}


@pytest.fixture
def here(db: Any) -> Exchange:
    cache.clear()
    return exchange()


@pytest.fixture
def asked(here: Exchange) -> Request:
    here.case.refresh_from_db()
    (request,) = AskAgencies(here.screener).run([here.case], [here.gp], "Weight?")
    return request


def test_it_lists_reads_and_answers_and_those_who_asked_hear_it(here: Exchange, asked: Request) -> None:
    surgery = System(here.gp, Scope.ANSWER_REQUESTS)
    (row,) = surgery.get("/requests").json()
    assert (row["id"], row["asked_by"], row["question"], row["waits"]) == (str(asked.pk), here.place.care.slug, "Weight?", True)
    assert row["person"]["name"] == "Kai Hartley" and row["due"]
    whole = surgery.get(f"/requests/{asked.pk}").json()
    names = {one["name"] for one in whole["questions"]}
    assert "holds" in names and "agency" not in names and whole["narrowed"] == ""
    answer = surgery.post(f"/requests/{asked.pk}/answers", {"data": HELD}, key="a")
    assert answer.status_code == 201, answer.content
    event = Event.objects.get(pk=answer.json()["id"])
    assert (event.organisation, event.data["holds"], event.recorded_by) == (here.gp, "relevant_information", None)
    assert surgery.token.title in event.recorded_by_name
    assert surgery.get("/requests").json() == []
    assert JournalEntry.objects.filter(verb="request.read", chain=f"reader/token-{surgery.token.pk}").exists()


def test_an_answer_sent_again_is_one_and_another_is_told_that_it_came_too_late(here: Exchange, asked: Request) -> None:
    surgery = System(here.gp, Scope.ANSWER_REQUESTS)
    first = surgery.post(f"/requests/{asked.pk}/answers", {"data": HELD}, key="a")
    again = surgery.post(f"/requests/{asked.pk}/answers", {"data": HELD}, key="a")
    assert (again.status_code, again.content) == (first.status_code, first.content)
    late = surgery.post(f"/requests/{asked.pk}/answers", {"data": {"holds": "nothing_held"}}, key="b")
    assert late.status_code == 409 and "Nothing was written" in late.json()["detail"]
    assert Event.objects.filter(case=here.case, kind="agency_answered").count() == 1


def test_what_cannot_be_an_answer_is_refused_by_question(here: Exchange, asked: Request) -> None:
    surgery = System(here.gp, Scope.ANSWER_REQUESTS)
    wrong = surgery.post(f"/requests/{asked.pk}/answers", {"data": {"holds": "everything"}})
    assert wrong.status_code == 400 and "holds" in wrong.json()["errors"]
    assert surgery.get("/requests").json()


def test_another_agencys_request_and_a_restricted_childs_are_not_there(here: Exchange, asked: Request) -> None:
    surgery, police = System(here.gp, Scope.ANSWER_REQUESTS), System(here.place.police, Scope.ANSWER_REQUESTS)
    absent = police.get(f"/requests/{uuid4()}")
    hidden = police.get(f"/requests/{asked.pk}")
    assert (hidden.status_code, hidden.content) == (absent.status_code, absent.content) == (404, absent.content)
    assert police.post(f"/requests/{asked.pk}/answers", {"data": HELD}).status_code == 404
    Person.objects.filter(pk=here.case.subject_id).update(restricted=True)
    assert surgery.get("/requests").json() == []
    assert surgery.get(f"/requests/{asked.pk}").content == absent.content
    assert surgery.post(f"/requests/{asked.pk}/answers", {"data": HELD}).status_code == 404
