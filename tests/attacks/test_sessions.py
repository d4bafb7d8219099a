"""Sessions and passwords: fixation, theft, brute force, tokens where they do not belong."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.test import Client

from goldenthread.agencies.actions import IssueOrganisationToken
from goldenthread.agencies.models import User
from goldenthread.agencies.scopes import Scope
from goldenthread.agencies.tests.offices import someone
from goldenthread.casework.models import Case
from goldenthread.casework.tests.partnership import Partnership

from .conftest import PASSWORD, SYSTEM

pytestmark = pytest.mark.django_db
SIGN_IN = "/accounts/sign-in/"


def signs_in(client: Client, name: str, password: str = PASSWORD, **more: Any) -> Any:
    return client.post(SIGN_IN, {"login": name, "password": password}, **more)


def test_a_session_that_somebody_planted_is_not_the_one_that_is_signed_in() -> None:
    someone("social_worker", username="rosa")
    planted = SessionStore()
    planted["seen"] = 1
    planted.create()
    victim = Client()
    victim.cookies["gt_session"] = planted.session_key
    victim.get(SIGN_IN)
    assert signs_in(victim, "rosa").status_code == 302
    assert victim.cookies["gt_session"].value != planted.session_key
    thief = Client()
    thief.cookies["gt_session"] = planted.session_key
    assert thief.get("/my-work/").status_code == 302


def test_a_made_up_session_key_is_not_taken_up() -> None:
    someone("social_worker", username="rosa")
    victim = Client()
    victim.cookies["gt_session"] = "a" * 32
    signs_in(victim, "rosa")
    assert victim.cookies["gt_session"].value != "a" * 32


def test_signing_out_ends_a_stolen_copy_too() -> None:
    someone("social_worker", username="rosa")
    victim, thief = Client(), Client()
    signs_in(victim, "rosa")
    thief.cookies["gt_session"] = victim.cookies["gt_session"].value
    assert thief.get("/my-work/").status_code == 200
    victim.post("/accounts/sign-out/")
    assert thief.get("/my-work/").status_code == 302


def test_closing_an_account_and_changing_a_password_end_every_session() -> None:
    rosa = someone("social_worker", username="rosa")
    first, second = Client(), Client()
    for client in (first, second):
        signs_in(client, "rosa")
    User.objects.get(pk=rosa.pk).set_password("another-long-password")
    changed = User.objects.get(pk=rosa.pk)
    changed.set_password("another-long-password")
    changed.save()
    assert first.get("/my-work/").status_code == 302
    signs_in(second, "rosa", "another-long-password")
    User.objects.filter(pk=rosa.pk).update(is_active=False)
    assert second.get("/my-work/").status_code == 302


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites() -> None:
    someone("social_worker", username="rosa")
    client = Client()
    signs_in(client, "rosa")
    cookie = client.cookies["gt_session"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"


@pytest.mark.parametrize("trick", ["", "upper", "spaces", "email"])
def test_guessing_passwords_is_stopped_however_the_name_is_written(settings: Any, trick: str) -> None:
    settings.AXES_ENABLED = True
    someone("social_worker", username="rosa")
    name = {"": "rosa", "upper": "ROSA", "spaces": " rosa ", "email": "rosa"}[trick]
    client = Client()
    for number in range(5):
        signs_in(client, name, f"guess-{number}", HTTP_X_FORWARDED_FOR=f"203.0.113.{number}")
    assert signs_in(client, "rosa", HTTP_X_FORWARDED_FOR="203.0.113.99").status_code == 429
    assert client.get("/my-work/").status_code == 302


def test_guessing_tells_the_same_of_a_name_that_is_there_and_one_that_is_not() -> None:
    someone("social_worker", username="rosa")
    there, absent = signs_in(Client(), "rosa", "wrong"), signs_in(Client(), "sora", "wrong")
    assert there.status_code == absent.status_code
    assert _plain(there, "rosa") == _plain(absent, "sora")


def _plain(answer: Any, name: str) -> str:
    import re

    return re.sub(r'nonce="[^"]*"|value="[A-Za-z0-9]{64}"', "", answer.content.decode()).replace(name, "NAME")


def test_asking_for_a_new_password_tells_nothing_of_who_has_an_account(mailoutbox: list[Any]) -> None:
    someone("social_worker", username="rosa")
    answers = [
        Client().post("/accounts/password/forgotten/", {"email": email})
        for email in ("rosa@example.org", "no@example.org")
    ]
    assert [one.status_code for one in answers] == [302, 302] and answers[0].headers["Location"] == answers[
        1
    ].headers["Location"]
    assert len(mailoutbox) == 1 and mailoutbox[0].to == ["rosa@example.org"]


def test_a_token_opens_no_page_and_a_session_no_call_that_writes(
    place: Partnership, case: Case, worker: Client
) -> None:
    _, secret = IssueOrganisationToken(SYSTEM).run(place.care, "System", [scope.value for scope in Scope])
    bearer = Client(headers={"authorization": f"Bearer {secret}"})
    for address in ("/my-work/", f"/cases/{case.pk}/", "/people/?q=amira", "/administration/"):
        assert bearer.get(address).status_code == 302, address
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = worker.cookies
    before = Case.objects.count()
    for address in ("cases", "contacts", "people", f"cases/{case.pk}/events"):
        sent = strict.post(f"/api/v1/{address}", "{}", content_type="application/json")
        assert sent.status_code == 403, (address, sent.content)
    assert Case.objects.count() == before


def test_a_false_token_does_not_fall_back_on_the_session_beside_it(worker: Client, case: Case) -> None:
    assert worker.get(f"/api/v1/cases/{case.pk}").status_code == 200
    assert (
        worker.get(f"/api/v1/cases/{case.pk}", headers={"authorization": "Bearer gto_wrong"}).status_code
        == 401
    )


def test_a_one_time_link_cannot_be_guessed_from_one_place(settings: Any) -> None:
    cache.clear()
    codes = {Client().get(f"/answer/{uuid4().hex}/").status_code for _ in range(60)}
    assert codes == {404, 429}, codes
    bodies = {Client(REMOTE_ADDR="192.0.2.8").get(f"/answer/{'x' * n}/").status_code for n in (1, 43, 200)}
    assert bodies == {404}
