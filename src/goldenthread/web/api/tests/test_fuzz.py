"""Schemathesis sends made-up calls to every operation, from the API's own description: no call may break the service,
and every answer must be what the description says. Good calls and bad ones, to real records and to none.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
import requests
import schemathesis
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as examples
from hypothesis import strategies as some
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from urllib3 import HTTPResponse

from goldenthread.agencies.actions import IssueOrganisationToken
from goldenthread.agencies.scopes import Scope
from goldenthread.casework.actions import OpenCase
from goldenthread.casework.models import Event
from goldenthread.casework.tests.partnership import Partnership, at
from goldenthread.foundation.actor import SystemActor
from goldenthread.foundation.library import reload_library
from goldenthread.guidance.library import SHIPPED
from goldenthread.meetings.models import Meeting, Page, Report, Seat
from goldenthread.people.models import Person
from goldenthread.web.api.site import api

SYSTEM = SystemActor("tests")
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
          response_schema_conformance]  # fmt: skip
OPERATIONS = [
    (path, method) for path, methods in api.get_openapi_schema()["paths"].items() for method in methods
]
EACH = 8
"""Calls of each sort to each operation; enough to have found every fault that was put there on purpose."""


@pytest.fixture
def met(place: Partnership, small: Path) -> Iterator[str]:
    """A kind of meeting, which the small guidance does not have."""
    file = small / "meetings" / "sub_group.yaml"
    file.parent.mkdir()
    file.write_text((SHIPPED / "meetings" / file.name).read_text("utf-8"), "utf-8")
    reload_library()
    yield file.stem
    file.unlink()
    file.parent.rmdir()


@pytest.fixture
def known(place: Partnership, met: str, settings: Any) -> dict[str, str]:
    """Ids of records that the caller may see, by the name of the place in an address."""
    settings.GT_API_CALLS_PER_TOKEN = settings.GT_API_CALLS_PER_ADDRESS = (
        settings.GT_API_REFUSED_PER_ADDRESS
    ) = 10**9
    cache.clear()
    child = place.child()
    case = OpenCase(SYSTEM).run(
        "concern", child, at("2026-03-02 09:30"), {"source": "school"}, organisation=place.care
    )
    event = Event.objects.get(case=case)
    now = timezone.now()
    meeting = Meeting.objects.create(kind=met, covers="family", holder=place.care, planned_at=now, arranged_at=now)
    seat = Seat.objects.create(meeting=meeting, title="Social worker", organisation=place.care, asked_at=now)
    page = Page.objects.create(meeting=meeting, case=case)
    report = Report.objects.create(page=page, seat=seat, asked_at=now)
    return {"case_id": str(case.pk), "person_id": str(child.pk), "event_id": str(event.pk), "pathway_id": "concern",
            "duty": "screening", "ordinal": "1", "request_id": str(uuid4()), "meeting_id": str(meeting.pk),
            "seat_id": str(seat.pk), "report_id": str(report.pk), "submission_id": str(uuid4())}  # fmt: skip


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize(
    ("path", "method"), OPERATIONS, ids=lambda value: str(value).removeprefix("/api/v1/")
)
def test_no_call_breaks_the_service_or_is_answered_otherwise_than_described(
    known: dict[str, str], place: Partnership, path: str, method: str, mode: GenerationMode
) -> None:
    _, secret = IssueOrganisationToken(SYSTEM).run(place.care, "Fuzz", [scope.value for scope in Scope])
    operation = schemathesis.openapi.from_dict(json.loads(Client().get("/api/v1/openapi.json").content))[
        path
    ][method.upper()]
    client = Client(raise_request_exception=False)
    tried = 0

    @given(case=operation.as_strategy(generation_mode=mode), real=some.booleans())
    @examples(
        max_examples=EACH, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def call(case: Any, real: bool) -> None:
        nonlocal tried
        tried += 1
        if real:
            for name in set(case.path_parameters or {}) & set(known):
                case.path_parameters[name] = known[name]
        headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": f"key-{tried}"}
        sent = case.as_transport_kwargs(base_url="http://testserver", headers=headers)
        case.validate_response(
            _through(client, requests.Request(**_of_a_request(sent)).prepare()), checks=CHECKS
        )

    call()
    assert tried


def _of_a_request(sent: dict[str, Any]) -> dict[str, Any]:
    return {
        name: sent[name]
        for name in ("method", "url", "headers", "params", "json", "data", "cookies")
        if name in sent
    }


def _through(client: Client, call: requests.PreparedRequest) -> requests.Response:
    """A call made through Django itself, in this thread, and its answer as a program gets it."""
    body = call.body if isinstance(call.body, bytes) else (call.body or "").encode()
    kind = call.headers.get("Content-Type", "application/json")
    headers = {
        name: str(value)
        for name, value in call.headers.items()
        if name.lower() not in ("content-type", "cookie")
    }
    answer = client.generic(str(call.method), call.path_url, body, content_type=str(kind), headers=headers)
    told = requests.Response()
    told.status_code, told._content, told.request, told.url = (
        answer.status_code,
        answer.content,
        call,
        str(call.url),
    )
    told.headers.update(answer.headers)
    told.raw = HTTPResponse(
        body=answer.content, status=answer.status_code, headers=dict(answer.headers), preload_content=False
    )
    return told


@pytest.mark.parametrize(
    ("path", "method"), OPERATIONS, ids=lambda value: str(value).removeprefix("/api/v1/")
)
def test_every_operation_is_closed_without_a_token_and_with_a_false_one(
    known: dict[str, str], path: str, method: str
) -> None:
    for name, value in known.items():
        path = path.replace("{" + name + "}", value)
    for brought in ("", "Bearer gto_" + "a" * 43, "Bearer ", "Basic eDp4"):
        headers = {"authorization": brought} if brought else {}
        answer = Client().generic(
            method.upper(), path, b"{}", content_type="application/json", headers=headers
        )
        assert answer.status_code == 401 and answer.headers["Content-Type"] == "application/problem+json"
        assert answer.headers["WWW-Authenticate"] == "Bearer"


BODIES = [
    b"", b"null", b"[]", b"{", b'"text"', b"1", b"NaN", b'{"a": NaN}', b'{"a": "\\u0000"}', b'{"a": "\\ud800"}',
    b"\xff\xfe", b"[" * 100_000, b'{"a":' * 5_000, b'{"occurred": 1e999}', b"{" + b'"a": 1,' * 10_000 + b'"b": 1}',
    json.dumps({"occurred": "9999-12-31T23:59:59+14:00"}).encode(), json.dumps({"occurred": "0001-01-01"}).encode(),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(BODIES)))
def test_bodies_that_break_readers_are_refused(
    known: dict[str, str], place: Partnership, client: Any, number: int
) -> None:
    _, secret = IssueOrganisationToken(SYSTEM).run(place.care, "Fuzz", [scope.value for scope in Scope])
    before = Event.objects.count(), Person.objects.count()
    for path, method in OPERATIONS:
        if method != "post":
            continue
        for name, value in known.items():
            path = path.replace("{" + name + "}", value)
        answer = client.post(
            path, BODIES[number], content_type="application/json",
            headers={"authorization": f"Bearer {secret}", "idempotency-key": f"{path}{number}"},
        )  # fmt: skip
        assert answer.status_code == 400, (path, answer.status_code, answer.content)
        assert answer.headers["Content-Type"] == "application/problem+json"
    assert (Event.objects.count(), Person.objects.count()) == before


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "%s", "'; DROP TABLE x", "\u202e", "x" * 5000, "\ud800"])
def test_addresses_that_break_readers_are_answered(
    known: dict[str, str], place: Partnership, client: Any, text: str
) -> None:
    _, secret = IssueOrganisationToken(SYSTEM).run(place.care, "Fuzz", [scope.value for scope in Scope])
    headers = {"authorization": f"Bearer {secret}"}
    sent = quote(text, errors="surrogatepass")
    for address in (
        f"/api/v1/people?q={sent}", f"/api/v1/work?pathway={sent}", f"/api/v1/guidance/due?within={sent}&start=2026-01-01",
        f"/api/v1/guidance/pathways/{sent}", f"/api/v1/cases/{known['case_id']}/duties/{sent}/1", f"/api/v1/{sent}",
        f"/api/v1/cases/{known['case_id']}/duties/screening/{sent}", f"/api/v1/work?start={10**30}",
        f"/api/v1/cases/{known['case_id']}?known_on={sent}", f"/api/v1/meetings?kind={sent}", f"/api/v1/meetings/{sent}",
    ):  # fmt: skip
        assert client.get(address, headers=headers).status_code in (200, 400, 404), address
