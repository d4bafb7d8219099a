"""The program on docs/do/use-the-api.md does what it says, calling as a program does: with a token and no cookie."""

from __future__ import annotations

import io
from typing import Any
from urllib.request import Request

import pytest
from django.test import Client
from django.utils import timezone

from goldenthread.agencies.actions import CreateUser, SetMemberships
from goldenthread.agencies.models import Organisation, Role
from goldenthread.agencies.rules import Place as Work
from goldenthread.agencies.tokens import IssueToken
from goldenthread.casework.models import Case
from goldenthread.foundation.actor import SystemActor

from .conftest import Place
from .reading import ROOT, blocks

PAGE = ROOT / "docs" / "do" / "use-the-api.md"


@pytest.mark.django_db
def test_the_program_lists_late_work_and_adds_a_note(
    place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (
        "set-up lancashire",
        "import docs/samples/people.csv --organisation lcc_csc",
        "import docs/samples/events.csv",
    ):
        code, printed = place.run(f"goldenthread {command}")
        assert code == 0, printed
    system = SystemActor("tests")
    user = CreateUser(system).run("robot", "Robot", "Reader", "robot@partnership.example")
    at = Organisation.objects.get(slug="lcc_csc")
    SetMemberships(system).run(user, [Work(Role.objects.get(slug="social_worker"), at, timezone.localdate())])
    plan = Case.objects.get(pathway="child_protection_plan")
    Case.objects.filter(pk=plan.pk).update(worker=user)
    plan.duties.update(worker=user)
    client = Client(enforce_csrf_checks=True)

    def urlopen(request: Request) -> io.BytesIO:
        headers = {name.lower(): value for name, value in request.header_items()}
        address = request.full_url.removeprefix("http://localhost:8000")
        sent: dict[str, Any] = {"headers": {"authorization": headers["authorization"]}}
        if request.data is None:
            answer = client.get(address, **sent)
        else:
            answer = client.post(address, request.data, content_type=headers["content-type"], **sent)
        assert answer.status_code in (200, 201), answer.content
        return io.BytesIO(answer.content)

    monkeypatch.setattr("urllib.request.urlopen", urlopen)
    monkeypatch.setenv("TOKEN", IssueToken(system).run(user))
    (program,) = [one for one in blocks(PAGE) if one.language == "python"]
    names: dict[str, Any] = {}
    exec(compile(program.text, program.place, "exec"), names)
    assert "Visit and see the child" in capsys.readouterr().out
    assert names["note"](str(plan.pk), "Asked why.")["kind"] == "note_added"
