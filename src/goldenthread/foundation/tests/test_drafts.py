"""What someone types is kept as they type, for them alone, and never lost to a stale page or an ended session."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from goldenthread.foundation import actions
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.actions import DiscardDraft, SaveDraft
from goldenthread.foundation.actor import Actor, NotAllowed, SystemActor
from goldenthread.foundation.models import Draft, JournalEntry
from goldenthread.foundation.queries import draft_for, drafts_of

pytestmark = pytest.mark.django_db


def someone():
    """Someone who can sign in. They need no role: what one types is one's own."""
    return get_user_model().objects.create_user(username="amina")


AMINA, BILAL = Actor("Amina", user_id=1), Actor("Bilal", user_id=2)


def test_a_draft_is_kept_replaced_and_thrown_away():
    SaveDraft(AMINA).run("case/1/visited", {"seen": "yes"}, version=3)
    SaveDraft(AMINA).run("case/1/visited", {"seen": "no", "who": ["a", "b"]}, version=4)
    draft = draft_for(AMINA, "case/1/visited")
    assert draft is not None
    assert (draft.body["seen"], draft.body["who"], draft.version) == ("no", ["a", "b"], 4)
    assert Draft.objects.count() == 1
    assert DiscardDraft(AMINA).run("case/1/visited") is True
    assert DiscardDraft(AMINA).run("case/1/visited") is False
    assert draft_for(AMINA, "case/1/visited") is None


def test_nobody_sees_or_discards_anothers_draft():
    SaveDraft(AMINA).run("case/1/visited", {"seen": "yes"})
    SaveDraft(BILAL).run("case/1/visited", {"seen": "no"})
    assert draft_for(BILAL, "case/1/visited").body["seen"] == "no"
    assert DiscardDraft(BILAL).run("case/1/visited")
    assert [draft.body["seen"] for draft in drafts_of(AMINA)] == ["yes"]
    assert drafts_of(SystemActor("x")) == []
    with pytest.raises(NotAllowed):
        SaveDraft(SystemActor("x")).run("k", {})


def test_saving_as_one_types_is_journalled_when_it_begins_and_then_now_and_then(monkeypatch):
    for letter in "abc":
        SaveDraft(AMINA).run("case/1/visited", {"said": letter})
    assert JournalEntry.objects.count() == 1
    monkeypatch.setattr(actions, "JOURNALLED_EVERY", timedelta(0))
    SaveDraft(AMINA).run("case/1/visited", {"said": "d"})
    assert JournalEntry.objects.count() == 2
    assert "said" not in json.dumps(list(JournalEntry.objects.values_list("detail", flat=True)))
    DiscardDraft(AMINA).run("case/1/visited")
    assert JournalEntry.objects.count() == 3


@pytest.mark.parametrize(
    ("key", "body", "says"),
    [
        ("", {}, "has no name"),
        ("k" * 201, {}, "too long"),
        ("k", {"a": 1}, "Only text"),
        ("k", {"a": ["x", {"b": "c"}]}, "Only text"),
        ("k", {"a": "x" * 500_001}, "500,000 characters"),
    ],
)
def test_what_cannot_be_kept_is_refused(key, body, says):
    with pytest.raises(Invalid, match=says):
        SaveDraft(AMINA).run(key, body)
    assert not Draft.objects.exists()


@pytest.fixture
def worker(client):
    user = someone()
    client.force_login(user)
    return user


def script(client: Client, body: object, **headers: str):
    return client.post(
        reverse("drafts:save"), json.dumps(body), content_type="application/json",
        headers={"Accept": "application/json", **headers},
    )  # fmt: skip


def test_a_script_saves_and_is_told_the_time(client, worker):
    response = script(
        client, {"key": "case/1/visited", "version": "3", "fields": {"seen": "yes", "password": "secret"}}
    )
    assert response.status_code == 200
    assert ":" in response.json()["saved"]
    draft = Draft.objects.get()
    assert (draft.user_id, draft.version, draft.body["seen"]) == (worker.pk, 3, "yes")
    assert "secret" not in json.dumps(draft.body)


@pytest.mark.parametrize("body", [[], {"fields": {}}, {"key": "k"}, {"key": "k", "fields": 3}, "text"])
def test_a_script_that_sends_nonsense_is_told_so(client, worker, body):
    assert script(client, body).status_code == 400
    assert not Draft.objects.exists()


def test_a_draft_that_is_too_long_is_refused_and_what_was_saved_stays(client, worker):
    script(client, {"key": "k", "fields": {"a": "short"}})
    response = script(client, {"key": "k", "fields": {"a": "x" * 500_001}})
    assert response.status_code == 422
    assert "500,000" in response.json()["message"]
    assert Draft.objects.get().body["a"] == "short"


def test_a_script_whose_session_ended_is_told_by_a_code(client):
    response = script(client, {"key": "k", "fields": {"a": "b"}})
    assert response.status_code == 401
    assert response.json()["error"] == "signed_out"


def test_a_draft_needs_the_forms_token():
    client = Client(enforce_csrf_checks=True)
    client.force_login(someone())
    assert script(client, {"key": "k", "fields": {"a": "b"}}).status_code == 403
    assert not Draft.objects.exists()


def test_without_a_script_a_button_saves_and_leads_to_what_one_has_begun(client, worker):
    form = {
        "_draft": "case/1/visited", "_draft_version": "3", "_draft_address": "/cases/1/record/visited/",
        "_draft_title": "Visit: Amina Khan", "seen": "yes", "who": ["a", "b"], "csrfmiddlewaretoken": "t",
    }  # fmt: skip
    response = client.post(reverse("drafts:save"), form)
    assert response.url == "/drafts/?saved=1"
    page = client.get(response.url).content.decode()
    assert "Your draft is saved" in page
    assert 'href="/cases/1/record/visited/"' in page
    draft = Draft.objects.get()
    assert (draft.body["seen"], draft.body["who"], draft.version) == ("yes", ["a", "b"], 3)
    assert "csrfmiddlewaretoken" not in draft.body
    assert "_draft" not in draft.body
    page = client.post(reverse("drafts:discard"), {"key": "case/1/visited"}, follow=True).content.decode()
    assert "Nothing is waiting" in page


def test_a_draft_leads_only_to_our_own_pages(client, worker):
    client.post(
        reverse("drafts:save"),
        {"_draft": "k", "_draft_address": "https://evil.example/", "_draft_title": "T"},
    )
    assert "evil" not in client.get(reverse("drafts:save")).content.decode()


def test_a_button_without_a_form_is_refused_in_words(client, worker):
    response = client.post(reverse("drafts:save"), {"a": "b"})
    assert response.status_code == 422
    assert "has no name" in response.content.decode()
