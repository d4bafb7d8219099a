"""Answers by an agency's own people and by one-time links: the source is kept, one of two at once is refused, links that
are wrong, used, ended or withdrawn cannot be told apart."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from goldenthread.casework.actions import RecordEvent
from goldenthread.casework.models import Case, Duty, Event
from goldenthread.casework.tests.front_door_people import child, contact
from goldenthread.foundation.actor import NotAllowed, SystemActor
from goldenthread.foundation.models import Draft, JournalEntry
from goldenthread.sharing.actions.answering import AnsweredBefore, AnswerRequest
from goldenthread.sharing.actions.asking import AskAgencies
from goldenthread.sharing.actions.links import (
    AnswerByLink,
    LinkUnusable,
    MakeAnswerLink,
    WithdrawLink,
    digest_of,
)
from goldenthread.sharing.actions.overrides import UseOverride
from goldenthread.sharing.decision import Decision, Ruling, Verdict
from goldenthread.sharing.models import AnswerLink, Notice, Request
from goldenthread.sharing.queries.chronology import chronology_of, given_under, tell
from goldenthread.sharing.views import answer_link

from .exchange_place import SCREENS, WORKS, Exchange, exchange, page, told

SITE = "https://thread.example"
HELD = {"holds": "relevant_information", "summary": "Seen twice in October. Source: our records."}


@pytest.fixture
def here(db: Any) -> Exchange:
    cache.clear()
    return exchange()


def asked(here: Exchange, *agencies: Any, only_known: Any = ()) -> list[Request]:
    here.case.refresh_from_db()
    return AskAgencies(here.screener).run([here.case], list(agencies or [here.gp]), "Weight?", only_known=only_known)


def secret_of(here: Exchange, request: Request, email: str = "") -> str:
    return MakeAnswerLink(here.screener).run(request, SITE, email).address.rstrip("/").rpartition("/")[2]


def opened(client: Client, secret: str) -> Any:
    return client.post(page("requests:answer-link", secret), {"_step": "open", "name": "Jean Fold", "job": "Practice manager"})


def sent(client: Client, secret: str, **answers: str) -> Any:
    body = {"_step": "answer", "name": "Jean Fold", "job": "Practice manager", **answers}
    return client.post(page("requests:answer-link", secret), body)


def test_by_what_right_an_agency_answered_is_told_to_those_alone_who_may_know_of_the_request(here: Exchange) -> None:
    """Somebody whom an agreement of their own shows the answer must not read why the case asked for it."""
    (request,) = asked(here)
    AnswerRequest(here.actor(here.gp)).run([request], HELD)
    reason = "Taken to hospital tonight; we must know what they weighed."
    denied = Ruling(Verdict.DENY, "", "", "No agreement covers it")
    purpose, said = request.purpose, Decision(denied, denied)
    override = UseOverride(here.screener).run(here.case, here.gp, here.place.care, purpose, reason, said)
    Request.objects.filter(pk=request.pk).update(override=override)
    lines = chronology_of(here.screener, [here.case.subject]).lines
    answers = tell(lines)
    assert [reason in words for words in given_under(here.screener, lines, answers).values()] == [True]
    assert given_under(here.actor(here.housing), lines, answers) == {}


# By account -----------------------------------------------------------------------------------------------------------


def test_an_answer_is_an_event_with_its_source_and_ends_the_clock(here: Exchange) -> None:
    (request,) = asked(here)
    client = here.client(here.gp)
    listed = told(client.get(page("requests:list")))
    assert "Kai Hartley" in listed and "County care asks" in listed
    form = told(client.get(page("requests:answer", request.pk)))
    assert "What does Hill Surgery know?" in form and "Weight?" in form and "clause" in form
    assert client.post(page("requests:answer", request.pk), HELD).status_code == 302
    event = Event.objects.get(kind="agency_answered")
    assert event.organisation == here.gp and event.data["agency"] == here.gp.slug
    assert event.recorded_by == here.person(here.gp)
    assert Duty.objects.get(triggered_by=request.event_id).outcome == Duty.Outcome.MET
    assert "owes no answer" in told(client.get(page("requests:list")))
    told_back = Notice.objects.get(kind="request.answered")
    assert told_back.user_id == here.screener.user_id and "Kai" not in told_back.words
    assert Notice.objects.get(kind="request.asked").seen_at is not None, "it has been dealt with"


def test_nothing_held_is_an_answer_and_still_looking_is_not(here: Exchange) -> None:
    first, second = asked(here, here.gp, here.place.police)
    gp, police = here.actor(here.gp), here.actor(here.place.police)
    AnswerRequest(gp).run([first], {"holds": "nothing_held"})
    AnswerRequest(police).run([second], {"holds": "more_time_needed"})
    outcomes = dict(Duty.objects.values_list("organisation__slug", "outcome").filter(duty="agency_answer"))
    assert outcomes == {"hill_surgery": "met", "county_police": "open"}
    AnswerRequest(police).run([second], HELD)  # and then the answer itself


def test_of_two_answers_at_once_the_second_is_refused(here: Exchange) -> None:
    (request,) = asked(here)
    AnswerRequest(here.actor(here.gp)).run([request], HELD)
    with pytest.raises(AnsweredBefore):
        AnswerRequest(here.actor(here.gp)).run([request], {"holds": "nothing_held"})
    assert Event.objects.filter(kind="agency_answered").count() == 1
    assert "no longer waits" in told(here.client(here.gp).get(page("requests:answer", request.pk)))


def test_only_the_agency_asked_answers_or_those_who_asked_write_down_what_it_said(here: Exchange) -> None:
    (request,) = asked(here)
    with pytest.raises(NotAllowed):
        AnswerRequest(here.actor(here.place.police)).run([request], HELD)
    police = here.client(here.place.police)
    assert police.get(page("requests:answer", request.pk)).status_code == 404
    screener = here.client(here.place.care, SCREENS, "partnership")
    assert screener.post(page("requests:answer", request.pk), HELD).status_code == 302
    event = Event.objects.get(kind="agency_answered")
    assert event.organisation == here.gp and event.recorded_by_id == here.screener.user_id


def test_where_only_existence_may_be_told_only_that_is_asked_and_kept(here: Exchange) -> None:
    (request,) = asked(here, here.housing, only_known=[here.housing.pk])
    client = here.client(here.housing)
    form = told(client.get(page("requests:answer", request.pk)))
    assert "whether you know the child, and no more" in form and "What does the agency know?" not in form
    assert client.post(page("requests:answer", request.pk), HELD).status_code == 302
    assert Event.objects.get(kind="agency_answered").data == {"agency": "burnley_homes", "holds": "relevant_information"}


def test_a_half_written_answer_is_kept_for_its_writer(here: Exchange) -> None:
    (request,) = asked(here)
    client = here.client(here.gp)
    wrong = client.post(page("requests:answer", request.pk), {"summary": "A long and careful answer"})
    assert wrong.status_code == 422 and "Select an answer" in told(wrong)
    assert "A long and careful answer" in client.get(page("requests:answer", request.pk)).content.decode()
    client.post(page("requests:answer", request.pk), HELD)
    assert not Draft.objects.exists()


def test_brother_and_sister_are_answered_for_together_each_with_their_own(here: Exchange) -> None:
    group, now = uuid.uuid4(), timezone.now()
    first, second = (contact(here.place, child(here.place, name), now, group=group) for name in ("Ann One", "Ben One"))
    requests = AskAgencies(here.screener).run([first, second], [here.gp])
    client = here.client(here.gp)
    answer = page("requests:answer", requests[0].pk)
    assert told(client.get(answer)).count("Does the agency know the child or family?") == 2
    body = {f"holds--{first.pk}": "relevant_information", f"holds--{second.pk}": "nothing_held", "summary": "Ann was seen."}
    missing = client.post(answer, {f"holds--{first.pk}": "nothing_held"})
    assert missing.status_code == 422 and missing.content.decode().count("govuk-error-message") == 1
    assert client.post(answer, body).status_code == 302
    by_case = {event.case_id: event.data["holds"] for event in Event.objects.filter(kind="agency_answered")}
    assert by_case == {first.pk: "relevant_information", second.pk: "nothing_held"}


# By link --------------------------------------------------------------------------------------------------------------


def test_an_agency_without_accounts_answers_once_by_a_link(here: Exchange) -> None:
    (request,) = asked(here)
    secret = secret_of(here, request)
    link = AnswerLink.objects.get()
    assert link.digest == digest_of(secret) and secret not in str(link.__dict__), "the secret is kept nowhere"
    browser = Client()
    first = browser.get(page("requests:answer-link", secret))
    assert first.status_code == 200 and "Hill Surgery" in told(first)
    for personal in ("Kai", "Hartley", "Weight?"):
        assert personal not in first.content.decode(), "a filter that follows links learns nothing of a child"
    assert first.headers["Cache-Control"].count("no-store") and "noindex" in first.headers["X-Robots-Tag"]
    nameless = browser.post(page("requests:answer-link", secret), {"_step": "open", "name": "", "job": ""})
    assert nameless.status_code == 422 and "Enter your name" in told(nameless) and "Kai" not in told(nameless)
    shown = told(opened(browser, secret))
    assert "Kai Hartley" in shown and "14 May 2017" in shown and "Weight?" in shown
    assert here.case.reference not in shown and "Shouting heard" not in shown, "no more than is needed to answer"
    done = sent(browser, secret, **HELD)
    assert done.status_code == 200 and "Answer sent" in told(done)
    event = Event.objects.get(kind="agency_answered")
    assert event.organisation == here.gp and event.recorded_by is None
    assert event.recorded_by_name == "Jean Fold, Practice manager, by one-time link"
    assert JournalEntry.objects.filter(verb="sharing.open_answer_link", subject_id=str(here.case.pk)).exists()
    assert browser.get(page("requests:answer-link", secret)).status_code == 404


def test_two_answers_by_one_link_leave_one(here: Exchange) -> None:
    (request,) = asked(here)
    secret = secret_of(here, request)
    sent(Client(), secret, **HELD)
    assert sent(Client(), secret, holds="nothing_held").status_code == 404
    with pytest.raises(LinkUnusable):
        AnswerByLink(SystemActor("one-time link")).run(secret, "A", "B", HELD, {})
    assert Event.objects.filter(kind="agency_answered").count() == 1


def test_still_looking_does_not_use_the_link_up(here: Exchange) -> None:
    (request,) = asked(here)
    secret = secret_of(here, request)
    assert "still looking" in told(sent(Client(), secret, holds="more_time_needed"))
    assert "Answer sent" in told(sent(Client(), secret, **HELD))


def test_wrong_used_ended_withdrawn_and_needless_links_are_one_and_the_same_page(here: Exchange) -> None:
    requests = asked(here, here.gp, here.place.police, here.place.health, here.place.school)
    used, ended, withdrawn, needless = (secret_of(here, one) for one in requests)
    sent(Client(), used, **HELD)
    AnswerLink.objects.filter(digest=digest_of(ended)).update(expires_at=timezone.now() - timedelta(seconds=1))
    WithdrawLink(here.screener).run(requests[2])
    AnswerRequest(here.screener).run([requests[3]], HELD)
    shapes = set()
    for secret in (used, ended, withdrawn, needless, "x", "A" * 43):
        for method in ("get", "post"):
            cache.clear()
            answer = getattr(Client(), method)(page("requests:answer-link", secret), {"_step": "open", "name": "A", "job": "B"})
            text = re.sub(r'nonce="[^"]*"', "", answer.content.decode())
            headers = {name: value for name, value in answer.headers.items() if name not in ("Date", "Expires", "Last-Modified")}
            headers["Content-Security-Policy"] = re.sub(r"'nonce-[^']*'", "", headers["Content-Security-Policy"])
            shapes.add((answer.status_code, text, tuple(sorted(headers.items()))))
    assert len(shapes) == 1 and next(iter(shapes))[0] == 404


def test_a_newer_link_ends_the_older(here: Exchange) -> None:
    (request,) = asked(here)
    older, newer = secret_of(here, request), secret_of(here, request)
    assert Client().get(page("requests:answer-link", older)).status_code == 404
    assert Client().get(page("requests:answer-link", newer)).status_code == 200


def test_too_many_wrong_links_from_one_place_must_wait_and_right_ones_too(here: Exchange) -> None:
    (request,) = asked(here)
    secret = secret_of(here, request)
    browser = Client()
    for number in range(answer_link.WRONG_TRIES):
        assert browser.get(page("requests:answer-link", f"wrong{number}")).status_code == 404
    assert browser.get(page("requests:answer-link", "wrong")).status_code == 429
    assert browser.get(page("requests:answer-link", secret)).status_code == 429
    elsewhere = Client(REMOTE_ADDR="203.0.113.7")
    assert elsewhere.get(page("requests:answer-link", secret)).status_code == 200


def test_a_link_that_is_sent_names_no_child(here: Exchange) -> None:
    (request,) = asked(here)
    client = here.client(here.place.care, SCREENS, "partnership")
    done = client.post(page("requests:make-link", request.pk), {"how": "send", "email": "desk@surgery.example"})
    assert done.status_code == 302 and len(mail.outbox) == 1
    message = mail.outbox[0].subject + mail.outbox[0].body
    assert "/answer/" in message and mail.outbox[0].to == ["desk@surgery.example"]
    for personal in ("Kai", "Hartley", "Weight?", here.case.reference):
        assert personal not in message
    wrong = client.post(page("requests:make-link", request.pk), {"how": "send", "email": "not an address"})
    assert wrong.status_code == 422 and "Enter an email address in the correct format" in told(wrong)
    shown = client.post(page("requests:make-link", request.pk), {"how": "show"})
    assert "It is shown only now" in told(shown) and "/answer/" in shown.content.decode()


def test_only_those_who_asked_make_links(here: Exchange) -> None:
    (request,) = asked(here)
    with pytest.raises(NotAllowed):
        MakeAnswerLink(here.actor(here.gp)).run(request, SITE)
    assert here.client(here.gp).post(page("requests:make-link", request.pk), {"how": "show"}).status_code == 404
    assert here.client(here.place.early_help, WORKS).post(page("requests:make-link", request.pk)).status_code == 404
    assert not AnswerLink.objects.exists()


def test_a_decision_made_meanwhile_ends_the_link(here: Exchange) -> None:
    (request,) = asked(here)
    secret = secret_of(here, request)
    data = {"outcome": "advice", "level_of_need": "1", "reasons": "Advice is enough."}
    RecordEvent(SystemActor("tests")).run(
        Case.objects.get(pk=here.case.pk), "decided", timezone.now(), data, organisation=here.place.care
    )
    assert Client().get(page("requests:answer-link", secret)).status_code == 404
