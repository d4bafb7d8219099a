"""The API does what the pages do, under the same policies, and says what is wrong in one form."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from goldenthread.agencies.models import Role
from goldenthread.agencies.tokens import IssueToken
from goldenthread.casework.models import Case, Event
from goldenthread.casework.tests.partnership import Partnership
from goldenthread.foundation.actor import Actor, SystemActor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.models import JournalEntry
from goldenthread.web.api.site import api


class Caller:
    """Someone calling with a token."""

    def __init__(self, place: Partnership, actor: Actor) -> None:
        self.user = place.users[actor.name]
        allowed = [*actor.capabilities, Capability.READ_GUIDANCE]
        role = Role.objects.create(
            slug=f"role-{self.user.pk}", title="Role", capabilities=allowed, scope=actor.scope
        )
        self.user.memberships.update(role=role)
        self.token = IssueToken(SystemActor("tests")).run(self.user)
        self.client = Client(enforce_csrf_checks=True, headers={"authorization": f"Bearer {self.token}"})

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1{path}", query)

    def post(self, path: str, body: Any) -> Any:
        return self.client.post(f"/api/v1{path}", json.dumps(body), content_type="application/json")


@pytest.fixture
def screener(place: Partnership) -> Caller:
    return Caller(place, place.screener)


@pytest.fixture
def stranger(place: Partnership) -> Caller:
    return Caller(place, place.officer)


def opened(place: Partnership, caller: Caller) -> dict[str, Any]:
    child = place.child()
    body = {
        "pathway": "concern",
        "person": str(child.pk),
        "occurred": "2026-03-02T09:30",
        "data": {"source": "school"},
    }
    answer = caller.post("/cases", body)
    assert answer.status_code == 201, answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_a_concern_is_opened_screened_and_read_with_its_proof(place: Partnership, screener: Caller) -> None:
    case = opened(place, screener)
    told = screener.post(
        f"/cases/{case['id']}/events",
        {"kind": "screened", "occurred": "2026-03-02T10:00", "data": {"urgency": "red"}, "version": 1},
    )
    assert told.status_code == 201, told.content
    whole = screener.get(f"/cases/{case['id']}").json()
    assert [event["kind"] for event in whole["events"]] == ["received", "screened"]
    assert whole["duties"][0]["status"] == "met_on_time"
    proof = screener.get(f"/cases/{case['id']}/duties/screening/1").json()
    assert any("4 hours after 09:30" in line for line in proof["proof"])
    assert JournalEntry.objects.filter(verb="casework.read_case", subject_id=case["id"]).count() == 2


def test_a_stale_version_writes_nothing(place: Partnership, screener: Caller) -> None:
    case = opened(place, screener)
    event = {"kind": "screened", "occurred": "2026-03-02T10:00", "data": {"urgency": "red"}, "version": 7}
    answer = screener.post(f"/cases/{case['id']}/events", event)
    assert answer.status_code == 409
    assert "Nothing was written" in answer.json()["detail"]
    assert Event.objects.filter(case=case["id"]).count() == 1


def test_faults_name_the_field(place: Partnership, screener: Caller) -> None:
    case = opened(place, screener)
    answer = screener.post(
        f"/cases/{case['id']}/events",
        {"kind": "screened", "occurred": "2026-03-02T10:00", "data": {"urgency": "purple"}},
    )
    assert answer.status_code == 400
    assert "urgency" in answer.json()["errors"]
    answer = screener.post(f"/cases/{case['id']}/events", {"kind": "screened", "occurred": "soon"})
    assert answer.json()["errors"]["occurred"]
    answer = screener.post(f"/cases/{case['id']}/events", {"occurred": "2026-03-02"})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["kind"])


def test_as_known_on_an_earlier_day_the_case_is_not_there(place: Partnership, screener: Caller) -> None:
    case = opened(place, screener)
    assert screener.get(f"/cases/{case['id']}", known_on="2020-01-01").status_code == 404


def test_a_case_one_may_not_see_is_the_same_as_one_that_does_not_exist(
    place: Partnership, screener: Caller, stranger: Caller
) -> None:
    case = opened(place, screener)
    hidden = stranger.get(f"/cases/{case['id']}")
    absent = stranger.get("/cases/00000000-0000-4000-8000-000000000000")
    assert (
        (hidden.status_code, hidden.content) == (absent.status_code, absent.content) == (404, absent.content)
    )


def test_without_a_token_or_with_a_spent_one_nothing_opens(place: Partnership, screener: Caller) -> None:
    assert Client().get("/api/v1/work").status_code == 401
    assert Client(headers={"authorization": "Bearer gt_forged"}).get("/api/v1/work").status_code == 401
    screener.user.set_password("another-three-words")
    screener.user.save()
    assert screener.get("/work").status_code == 401


def test_a_signed_in_session_must_send_the_csrf_token(place: Partnership, screener: Caller) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(screener.user)
    assert client.get("/api/v1/guidance/pathways").status_code == 200
    answer = client.post("/api/v1/guidance/run-case", "{}", content_type="application/json")
    assert answer.status_code == 403


def test_a_due_date_and_a_case_that_is_not_recorded(screener: Caller) -> None:
    told = screener.get("/guidance/due", within="15 working days", start="2026-12-21").json()
    assert told["due"] == "2027-01-14"
    assert screener.get("/guidance/due", within="15 wroking days", start="2026-12-21").status_code == 400
    case = {
        "pathway": "plan",
        "as_of": "2026-04-30",
        "events": [{"kind": "plan_started", "occurred": "2026-03-26"}],
    }
    answer = screener.post("/guidance/run-case", case)
    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert {duty["duty"]: duty["due"] for duty in told["duties"]}["conference"] == "2026-04-20"
    assert Case.objects.count() == 0


def test_every_operation_names_the_capability_it_needs(db: Any) -> None:
    silent = [
        f"{method} {path}"
        for _, router in api._routers
        for path, view in router.path_operations.items()
        for operation in view.operations
        for method in operation.methods
        if not getattr(operation.view_func, "policy", None)
    ]
    assert silent == []


def test_the_description_is_openapi_and_lists_every_operation(screener: Caller) -> None:
    described = screener.get("/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    assert "/api/v1/cases/{case_id}/events" in described["paths"]
