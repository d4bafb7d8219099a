"""Tokens of organisations: shown once, kept as a digest, few tasks, ended by time, by hand and with the organisation."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from goldenthread.agencies.actions import (
    IssueOrganisationToken,
    NoteTokenUse,
    UpdateOrganisation,
    WithdrawOrganisationToken,
)
from goldenthread.agencies.actors import actor_for
from goldenthread.agencies.models import OrganisationToken
from goldenthread.agencies.policies import TokenPolicy
from goldenthread.agencies.scopes import SCOPE_GIVES, TASKS, Scope
from goldenthread.agencies.tokens import actor_of_token, organisation_token, user_of
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.actor import NotAllowed
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.models import JournalEntry

from .offices import SYSTEM, office, someone

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def issued(**more: Any) -> tuple[OrganisationToken, str]:
    given = {"title": "Records system", "scopes": ["send_contacts"], "days": 30} | more
    at = given.pop("organisation", None) or office("county_police", "police")
    return IssueOrganisationToken(SYSTEM).run(at, given["title"], given["scopes"], given["days"])


def test_only_a_digest_is_kept_and_the_journal_never_learns_the_secret():
    token, secret = issued()
    kept = " ".join(str(value) for value in OrganisationToken.objects.filter(pk=token.pk).values_list().get())
    assert secret not in kept and secret.removeprefix("gto_") not in kept
    entry = JournalEntry.objects.get(verb="agencies.issue_organisation_token")
    assert secret[-12:] not in str(entry.detail) and token.digest not in str(entry.detail)
    assert organisation_token(secret) == token


def test_a_token_ends_by_time_by_hand_and_with_its_organisation():
    token, secret = issued()
    WithdrawOrganisationToken(SYSTEM).run(token)
    assert organisation_token(secret) is None
    token, secret = issued()  # the name is free again
    OrganisationToken.objects.filter(pk=token.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert organisation_token(secret) is None
    token, secret = issued()
    UpdateOrganisation(SYSTEM).run(token.organisation, active=False)
    assert organisation_token(secret) is None


@pytest.mark.parametrize("text", ["", "gto_", "gto_wrong", "gt_x", "GTO_x", "gto_" + "\x00"])
def test_what_is_no_token_is_none(text: str):
    issued()
    assert organisation_token(text) is None


def test_a_token_of_one_kind_is_not_taken_for_the_other():
    _, secret = issued()
    assert user_of(secret) is None


def test_a_tokens_actor_has_only_its_tasks_and_never_sees_restricted_records():
    token, _ = issued(scopes=["read_guidance"])
    actor = actor_of_token(token)
    assert (actor.user_id, actor.scope, actor.capabilities) == (None, "organisation", {Capability.READ_GUIDANCE})
    everything = frozenset().union(*SCOPE_GIVES.values())
    never = {Capability.VIEW_RESTRICTED, Capability.MANAGE_USERS, Capability.MANAGE_ORGANISATIONS,
             Capability.DECIDE_CONTACTS, Capability.SUPERVISE, Capability.IMPORT_RECORDS}  # fmt: skip
    assert not everything & never
    assert set(TASKS) == set(SCOPE_GIVES) == set(Scope)


def test_a_scope_that_is_no_longer_known_gives_nothing():
    token, _ = issued()
    OrganisationToken.objects.filter(pk=token.pk).update(scopes=["see_everything"])
    token.refresh_from_db()
    assert actor_of_token(token).capabilities == frozenset()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"title": " "}, "title"), ({"scopes": []}, "scopes"), ({"scopes": ["all"]}, "scopes"), ({"days": 0}, "days"),
     ({"days": 366}, "days"), ({"title": "x" * 121}, "title")],
)  # fmt: skip
def test_what_cannot_be_given_is_refused_by_field(wrong: dict[str, Any], field: str):
    with pytest.raises(Invalid) as refused:
        issued(**wrong)
    assert list(refused.value.errors) == [field]
    assert not OrganisationToken.objects.exists()


def test_two_tokens_of_one_name_cannot_be_told_apart_so_the_second_is_refused():
    issued()
    with pytest.raises(Invalid):
        issued(title="records SYSTEM")


def test_only_those_who_give_people_access_give_or_see_tokens():
    worker = actor_for(someone("social_worker"))
    with pytest.raises(NotAllowed):
        IssueOrganisationToken(worker).run(office(), "Mine", ["read_cases"], 30)
    token, _ = issued()
    with pytest.raises(NotAllowed):
        WithdrawOrganisationToken(worker).run(token)
    assert not TokenPolicy.visible_to(worker).exists()


def test_the_last_use_is_noted_at_most_every_few_minutes(django_assert_num_queries: Any):
    token, _ = issued()
    NoteTokenUse(actor_of_token(token)).run(token)
    token.refresh_from_db()
    assert token.last_used_at is not None
    first = token.last_used_at
    NoteTokenUse(actor_of_token(token)).run(token)
    token.refresh_from_db()
    assert token.last_used_at == first


def test_the_pages_show_a_secret_once_and_withdraw_it():
    client = Client()
    client.force_login(someone("system_administrator"), backend=BACKEND)
    at = office("county_police", "police")
    wrong = client.post("/administration/tokens/new/", {"organisation": at.pk, "title": "", "days": "90"})
    assert wrong.status_code == 422 and b"Choose at least one thing" in wrong.content
    sent = {"organisation": at.pk, "title": "Records", "scopes": ["send_contacts", "answer_requests"], "days": "90"}
    made = client.post("/administration/tokens/new/", sent)
    (secret,) = re.findall(r"gto_[\w-]+", made.content.decode())
    assert made.headers["Cache-Control"].find("no-store") >= 0
    token = organisation_token(secret)
    assert token is not None and token.title == "Records"
    listed = client.get("/administration/tokens/").content.decode()
    assert secret not in listed and f"…{secret[-4:]}" in listed and "Send contacts" in listed
    address = f"/administration/tokens/{token.pk}/withdraw/"
    assert client.get(address).status_code == 200
    assert client.post(address).status_code == 302
    assert organisation_token(secret) is None
    assert "Withdrawn" in client.get("/administration/tokens/").content.decode()


def test_the_pages_are_closed_to_everyone_else():
    token, _ = issued()
    client = Client()
    client.force_login(someone("business_manager"), backend=BACKEND)
    for address in ("", "new/", f"{token.pk}/withdraw/"):
        assert client.get(f"/administration/tokens/{address}").status_code == 403
