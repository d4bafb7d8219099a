"""Systems of agencies: contacts, keys, tasks and limits."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from goldenthread.agencies.actions import IssueOrganisationToken, WithdrawOrganisationToken
from goldenthread.agencies.models import Organisation, OrganisationToken
from goldenthread.agencies.scopes import Scope
from goldenthread.casework.actions import OpenCase
from goldenthread.casework.models import Case, Event
from goldenthread.casework.tests.partnership import Partnership, at
from goldenthread.foundation.actor import SystemActor
from goldenthread.foundation.models import IdempotencyKey, JournalEntry
from goldenthread.people.models import Person
from goldenthread.web.api.site import api

SYSTEM = SystemActor("tests")
CONTACT = {
    "occurred": "2026-03-02T08:55", "data": {"source": "police"},
    "children": [
        {"given_name": "Amira", "family_name": "Hussain", "born": "14 May 2017", "area": "burnley",
         "said": {"child_said": "I was scared."}},
        {"given_name": "Sami", "family_name": "Hussain", "born": "2020", "area": "burnley"},
    ],
    "together": True,
}  # fmt: skip


class System:
    """A system of an agency, calling with its token; each call has a new key unless it is told otherwise."""

    def __init__(self, at: Organisation, *tasks: Scope, client: Client | None = None) -> None:
        self.token, self.secret = IssueOrganisationToken(SYSTEM).run(at, f"System {uuid4()}", tasks)
        self.client = client or Client(enforce_csrf_checks=True)

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1{path}", query, headers={"authorization": f"Bearer {self.secret}"})

    def post(self, path: str, body: Any, key: str | None = None) -> Any:
        headers = {
            "authorization": f"Bearer {self.secret}",
            "idempotency-key": uuid4().hex if key is None else key,
        }
        return self.client.post(
            f"/api/v1{path}", json.dumps(body), content_type="application/json", headers=headers
        )


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    cache.clear()


@pytest.fixture
def police(place: Partnership) -> System:
    return System(place.police, Scope.SEND_CONTACTS)


def counted() -> tuple[int, ...]:
    return Case.objects.count(), Event.objects.count(), Person.objects.count()


def test_a_contact_about_two_children_is_taken_whole(police: System, place: Partnership) -> None:
    answer = police.post("/contacts", CONTACT)
    assert answer.status_code == 201, answer.content
    cases = answer.json()["cases"]
    assert [set(one) for one in cases] == [{"pathway", "id", "reference"}] * 2
    first = Case.objects.get(pk=cases[0]["id"])
    event = Event.objects.get(case=first)
    assert (first.subject.name, first.lead, event.voice) == ("Amira Hussain", place.care, "I was scared.")
    assert event.organisation == place.police and event.recorded_by is None
    assert first.subject.relationships.count() == 1 or first.group is not None
    entry = JournalEntry.objects.filter(verb="casework.open_case", subject_id=cases[0]["id"]).get()
    assert entry.organisation_id == place.police.pk and police.token.title in entry.actor_name


@pytest.mark.parametrize(
    ("change", "field"),
    [({"occurred": "soon"}, "occurred"), ({"children": []}, "children"), ({"data": {"source": "nobody"}}, "source"),
     ({"children": [{"given_name": "A", "area": ""}]}, "child-1"),
     ({"children": [{"given_name": "A", "area": "burnley", "born": "tomorrowish"}]}, "child-1")],
)  # fmt: skip
def test_a_contact_that_cannot_be_taken_writes_nothing(
    police: System, change: dict[str, Any], field: str
) -> None:
    before = counted()
    answer = police.post("/contacts", CONTACT | change)
    assert answer.status_code == 400 and any(field in name for name in answer.json()["errors"]), (
        answer.content
    )
    assert counted() == before and not IdempotencyKey.objects.exists()


def test_a_call_sent_again_is_done_once_and_answered_the_same(police: System) -> None:
    first = police.post("/contacts", CONTACT, key="a")
    before = counted()
    again = police.post(
        "/contacts", {**dict(reversed(CONTACT.items()))}, key="a"
    )  # the same, in another order
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert (again.headers["Idempotency-Replayed"], "Idempotency-Replayed" in first.headers) == ("true", False)
    assert counted() == before


def test_a_key_does_one_call_only(police: System, place: Partnership) -> None:
    police.post("/contacts", CONTACT, key="a")
    before = counted()
    assert police.post("/contacts", CONTACT | {"occurred": "2026-03-02T08:56"}, key="a").status_code == 409
    assert police.post("/people", {"given_name": "A", "family_name": "B"}, key="a").status_code == 409
    assert counted() == before


def test_keys_of_two_systems_are_not_one_anothers(police: System, place: Partnership) -> None:
    first = police.post("/contacts", CONTACT, key="a")
    other = System(place.police, Scope.SEND_CONTACTS).post("/contacts", CONTACT, key="a")
    assert other.status_code == 201 and other.content != first.content


def test_a_call_that_failed_can_be_put_right_under_its_key(police: System) -> None:
    assert police.post("/contacts", CONTACT | {"occurred": "soon"}, key="a").status_code == 400
    assert police.post("/contacts", CONTACT, key="a").status_code == 201


def test_after_a_day_the_answer_is_gone_and_the_call_still_cannot_be_done_again(
    police: System, place: Partnership
) -> None:
    police.post("/contacts", CONTACT, key="a")
    IdempotencyKey.objects.update(at=timezone.now() - timedelta(hours=25))
    before = counted()
    late = police.post("/contacts", CONTACT, key="a")
    assert (late.status_code, counted()) == (409, before) and "24 hours" in late.json()["detail"]
    assert not IdempotencyKey.objects.exclude(answer="").exists()


def test_a_kept_answer_is_erased_by_the_next_call_of_anyone(police: System, place: Partnership) -> None:
    police.post("/contacts", CONTACT, key="a")
    kept = IdempotencyKey.objects.get()
    assert kept.answer and kept.key != "a"
    IdempotencyKey.objects.update(at=timezone.now() - timedelta(hours=25))
    System(place.health, Scope.SEND_CONTACTS).post("/contacts", CONTACT, key="b")
    kept.refresh_from_db()
    assert kept.answer == ""


def test_an_organisations_system_must_send_a_key(police: System) -> None:
    before = counted()
    answer = police.post("/contacts", CONTACT, key="")
    assert answer.status_code == 400 and "Idempotency-Key" in answer.json()["detail"]
    assert police.post("/contacts", CONTACT, key="k" * 201).status_code == 400
    assert counted() == before


def test_each_task_opens_its_own_operations_and_no_other(place: Partnership) -> None:
    child = place.child()
    case = OpenCase(SYSTEM).run(
        "concern", child, at("2026-03-02 09:30"), {"source": "school"}, organisation=place.care
    )
    known = {"case_id": str(case.pk), "person_id": str(child.pk), "event_id": str(uuid4()), "pathway_id": "concern",
             "duty": "screening", "ordinal": "1", "request_id": str(uuid4()), "meeting_id": str(uuid4()),
             "report_id": str(uuid4()), "seat_id": str(uuid4()), "submission_id": str(uuid4())}  # fmt: skip
    paths = {
        (f"{prefix}{path}", method): operation.view_func.task
        for prefix, router in api._routers
        for path, view in router.path_operations.items()
        for operation in view.operations
        for method in operation.methods
    }
    assert {task for task in paths.values() if task is not None} == set(Scope)
    for task in Scope:
        system = System(place.care, task)
        for (path, method), needed in paths.items():
            for name, value in known.items():
                path = re.sub(r"\{(\w+:)?" + name + r"\}", value, path)
            answer = (
                system.get(path) if method == "GET" else system.post(path, {"occurred": "x", "reason": "y"})
            )
            if needed == task:
                assert answer.status_code not in (401, 403), (task, path, answer.content)
            else:
                # Bodies and queries are read before the task is asked for: 400 tells nothing of a record.
                assert answer.status_code in (400, 403), (task, path, answer.content)


def test_a_system_sees_only_cases_its_organisation_is_part_of_and_no_restricted_one(
    place: Partnership,
) -> None:
    reader = System(place.police, Scope.READ_CASES)
    absent = reader.get(f"/cases/{uuid4()}")

    def case(**more: Any) -> Case:
        child = place.child(**more)
        return OpenCase(SYSTEM).run(
            "concern", child, at("2026-03-02 09:30"), {"source": "police"}, organisation=place.police
        )

    own, secret = case(), case(restricted=True)
    foreign = OpenCase(SYSTEM).run(
        "concern", place.child(), at("2026-03-02 09:30"), {"source": "school"}, organisation=place.care
    )
    assert reader.get(f"/cases/{own.pk}").status_code == 200
    for hidden in (secret, foreign):
        answer = reader.get(f"/cases/{hidden.pk}")
        assert (answer.status_code, answer.content, dict(answer.headers)) == (
            404,
            absent.content,
            dict(absent.headers),
        )


def test_limits_hold_for_a_token_and_for_an_address(place: Partnership, settings: Any) -> None:
    settings.GT_API_CALLS_PER_TOKEN = 3
    reader, other = (System(place.police, Scope.READ_GUIDANCE) for _ in range(2))
    assert [reader.get("/guidance/pathways").status_code for _ in range(4)] == [200, 200, 200, 429]
    limited = reader.get("/guidance/pathways")
    assert (
        limited.headers["Content-Type"] == "application/problem+json"
        and 1 <= int(limited.headers["Retry-After"]) <= 60
    )
    assert other.get("/guidance/pathways").status_code == 200
    settings.GT_API_CALLS_PER_ADDRESS = 1
    assert other.get("/guidance/pathways").status_code == 429
    assert Client(REMOTE_ADDR="192.0.2.7").get("/api/v1/openapi.json").status_code == 200


def test_whoever_guesses_tokens_is_stopped_even_when_the_guess_is_right(
    place: Partnership, settings: Any
) -> None:
    settings.GT_API_REFUSED_PER_ADDRESS = 3
    reader = System(place.police, Scope.READ_GUIDANCE)
    for _ in range(3):
        guess = Client(headers={"authorization": f"Bearer gto_{uuid4().hex}"}).get(
            "/api/v1/guidance/pathways"
        )
        assert guess.status_code == 401
    assert reader.get("/guidance/pathways").status_code == 429
    elsewhere = Client(REMOTE_ADDR="192.0.2.7", headers={"authorization": f"Bearer {reader.secret}"})
    assert elsewhere.get("/api/v1/guidance/pathways").status_code == 200


def test_a_withdrawn_token_stops_at_once_and_its_use_is_noted(place: Partnership) -> None:
    reader = System(place.police, Scope.READ_GUIDANCE)
    assert reader.get("/guidance/pathways").status_code == 200
    assert OrganisationToken.objects.get(pk=reader.token.pk).last_used_at is not None
    WithdrawOrganisationToken(SYSTEM).run(reader.token)
    assert reader.get("/guidance/pathways").status_code == 401


def test_a_systems_looks_are_on_a_chain_of_its_own(place: Partnership) -> None:
    case = OpenCase(SYSTEM).run(
        "concern", place.child(), at("2026-03-02 09:30"), {"source": "police"}, organisation=place.police
    )
    reader = System(place.police, Scope.READ_CASES)
    assert reader.get(f"/cases/{case.pk}").status_code == 200
    entry = JournalEntry.objects.get(verb="casework.read_case")
    assert entry.chain == f"reader/token-{reader.token.pk}" and entry.organisation_id == place.police.pk


def test_the_description_is_whole(place: Partnership) -> None:
    document = json.loads(Client().get("/api/v1/openapi.json").content)
    schemas = document["components"]["schemas"]
    assert all(schema.get("description") for schema in schemas.values())
    exampled = [
        name for name, schema in schemas.items() if "properties" in schema and not schema.get("examples")
    ]
    assert not exampled
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            where = f"{method} {path}"
            assert operation["description"] and operation["operationId"] and operation["security"], where
            assert {"401", "403", "404", "429"} <= set(operation["responses"]), where
            assert "application/problem+json" in operation["responses"]["401"]["content"], where
            assert "Retry-After" in operation["responses"]["429"]["headers"], where
            if method == "post" and path != "/api/v1/guidance/run-case":
                assert any(one["name"] == "Idempotency-Key" for one in operation["parameters"]), where


def test_examples_of_the_description_fit_it(place: Partnership) -> None:
    import jsonschema_rs

    document = json.loads(Client().get("/api/v1/openapi.json").content)
    for name, schema in document["components"]["schemas"].items():
        whole = {**schema, "components": document["components"]}
        for one in schema.get("examples", ()):
            assert jsonschema_rs.is_valid(whole, one), name


def test_no_two_schemas_bear_one_name_of_which_the_description_would_tell_one() -> None:
    from ninja import Schema

    ours = [one for one in Schema.__subclasses__() if one.__module__.startswith("goldenthread.")]
    names = [one.__name__ for one in ours]
    assert names and sorted(set(names)) == sorted(names)


def test_an_address_that_is_not_there_and_a_wrong_method_are_problems_too() -> None:
    absent = Client().get("/api/v1/nothing")
    assert (absent.status_code, absent.headers["Content-Type"]) == (404, "application/problem+json")
    wrong = Client().delete("/api/v1/cases")
    assert (wrong.status_code, wrong.headers["Content-Type"]) == (405, "application/problem+json")
    assert wrong.headers["Allow"] == "POST"
