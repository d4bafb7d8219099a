"""Asking several agencies at once: what the agreements let be asked, each with its clock, and those held back with the
clause. In one sitting: one answers by its account, one by a link, one holds nothing, one is refused."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from goldenthread.casework.actions import RecordEvent
from goldenthread.casework.models import Case, Duty, Event, Involvement
from goldenthread.casework.tests.front_door_people import child, contact, opened
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.actor import NotAllowed, SystemActor
from goldenthread.foundation.models import Draft, JournalEntry
from goldenthread.sharing.actions.asking import AskAgencies, AskForWord, NotCovered, TakeUpAsked
from goldenthread.sharing.models import Notice, Override, Request

from .exchange_place import DECIDES, SCREENS, SUPERVISES, WORKS, Exchange, exchange, page, told


@pytest.fixture
def here(db: Any) -> Exchange:
    return exchange()


def asks(here: Exchange, *agencies: Any, **more: Any) -> list[Request]:
    here.case.refresh_from_db()
    return AskAgencies(here.screener).run([here.case], list(agencies), "What do you know?", "Kai", **more)


def test_each_agency_asked_has_an_event_a_clock_of_three_hours_and_its_ruling(here: Exchange) -> None:
    made = asks(here, here.place.police, here.gp)
    assert [one.agency for one in made] == [here.place.police, here.gp]
    for one in made:
        duty = Duty.objects.get(triggered_by=one.event_id)
        assert duty.organisation == one.agency
        assert round((duty.due_at - one.asked_at).total_seconds() / 3600) == 3
        assert one.ruling["content"]["verdict"] == "permit" and one.ruling["content"]["clause"]
        assert one.event.data["agency"] == one.agency.slug and one.asker == here.place.care
    assert set(Involvement.objects.filter(case=here.case).values_list("organisation__slug", flat=True)) >= {
        "county_police", "hill_surgery"}  # fmt: skip
    assert Notice.objects.filter(kind="request.asked").count() == 2


def test_an_agency_that_no_agreement_covers_is_not_asked_and_the_clause_is_told(here: Exchange) -> None:
    with pytest.raises(NotCovered) as refused:
        asks(here, here.place.police, here.charity)
    decision = refused.value.decisions[here.charity.pk]
    assert decision.content.verdict == "deny" and decision.content.clause
    assert not Request.objects.exists(), "all of them, or none"
    assert not Event.objects.filter(kind="agency_asked").exists()


def test_what_a_person_must_decide_needs_a_supervisors_word(here: Exchange) -> None:
    with pytest.raises(NotCovered):
        asks(here, here.housing)
    with pytest.raises(NotCovered):
        asks(here, here.housing, word="I should like to")  # a screener does not supervise
    made = AskAgencies(here.manager).run([here.case], [here.housing], word="Both managers have agreed by telephone.")
    assert made[0].ruling["word"]["why"] == "Both managers have agreed by telephone."


def test_whether_it_knows_the_child_may_be_asked_where_that_much_is_let(here: Exchange) -> None:
    asks(here, here.housing, only_known=[here.housing.pk])
    assert "word" not in Request.objects.get().ruling
    with pytest.raises(NotCovered):
        asks(here, here.charity, only_known=[here.charity.pk])


def test_ones_own_agency_is_not_asked(here: Exchange) -> None:
    with pytest.raises(Invalid, match="your own agency"):
        asks(here, here.place.care)


def test_whoever_may_not_see_the_case_may_not_ask_about_it(here: Exchange) -> None:
    stranger = here.actor(here.place.early_help, SCREENS)
    with pytest.raises(NotAllowed):
        AskAgencies(stranger).run([here.case], [here.place.police])
    assert here.client(here.place.early_help, WORKS).get(page("requests:ask", here.case.pk)).status_code == 404


# In the browser -----------------------------------------------------------------------------------------------------


def test_those_who_may_be_asked_are_asked_at_once_and_the_others_are_held_with_the_clause(here: Exchange) -> None:
    client = here.client(here.place.care, SCREENS, "partnership")
    form = told(client.get(page("requests:ask", here.case.pk)))
    assert "Open Door , refused: Multi-agency safeguarding hub (MASH), clause 4.1" in form
    assert "Burnley Homes , needs a supervisor’s word: Multi-agency safeguarding hub (MASH), clause 3.5" in form
    chosen = [one.slug for one in (here.place.police, here.gp, here.charity, here.housing)]
    sent = client.post(page("requests:ask", here.case.pk), {"_ask": chosen, "question": "What do you know of Kai?"})
    assert sent.status_code == 302 and Request.objects.count() == 2
    after = client.get(sent.url)
    assert "Open Door: refused" in told(client.get(page("requests:of-case", here.case.pk))), "it stays to be seen"
    again = client.get(page("requests:ask", here.case.pk)).content.decode()
    assert set(re.findall(r'value="([\w-]+)" checked', again)) == {here.charity.slug, here.housing.slug}
    words = told(after)
    assert "2 agencies are asked" in words and "Open Door: refused" in words
    assert re.search(r"clause \d+\.\d+", words) and "Purpose: decide what a child needs" in words
    assert "Ask Open Door in an emergency" in words and "Ask a supervisor to agree" in words
    assert "Agree and ask" not in words, "only a supervisor gives their word"
    assert JournalEntry.objects.filter(verb="case.requests", subject_id=str(here.case.pk)).exists()


def test_in_an_emergency_it_is_asked_all_the_same_with_a_reason_and_reviewed(here: Exchange) -> None:
    client = here.client(here.place.care, SCREENS, "partnership")
    client.post(page("requests:ask", here.case.pk), {"_ask": [here.charity.slug], "question": "Is he with you?"})
    held = page("requests:ask-held", here.case.pk) + f"?held={here.charity.slug}"
    short = client.post(held, {"agency": here.charity.slug, "how": "emergency", "reason": "now"})
    assert short.status_code == 422 and "Say why it cannot wait" in told(short)
    assert f'href="#reason-emergency-{here.charity.slug}"' in short.content.decode()
    assert not Override.objects.exists() and not Request.objects.exists()
    reason = "He was seen getting into a car an hour ago and they may know whose it is."
    done = client.post(held, {"agency": here.charity.slug, "how": "emergency", "reason": reason})
    assert done.status_code == 302
    asked = Request.objects.get()
    assert asked.override is not None and asked.override.reason == reason and asked.override.review is not None
    assert asked.event.data["question"] == "Is he with you?", "what was typed for the others is asked of it too"
    assert not Draft.objects.exists()


def test_a_supervisor_is_asked_for_their_word_and_gives_it(here: Exchange) -> None:
    boss = here.client(here.place.care, DECIDES, "partnership")
    AskForWord(here.screener).run(here.case, [here.housing])
    notice = Notice.objects.get(kind="request.review")
    assert notice.capability == "supervise" and "Kai" not in notice.words
    shown = told(boss.get(notice.address))
    assert "Burnley Homes: a supervisor must agree first" in shown and "Agree and ask Burnley Homes" in shown
    held = page("requests:ask-held", here.case.pk)
    assert boss.post(held, {"agency": here.housing.slug, "how": "word", "reason": " "}).status_code == 422
    assert boss.post(held, {"agency": here.housing.slug, "how": "word", "reason": "Agreed with their lead."}).status_code == 302
    assert Request.objects.get().ruling["word"]["why"] == "Agreed with their lead."
    notice.refresh_from_db()
    assert notice.seen_at is not None, "nobody else need give it"


def test_brothers_and_sisters_who_came_together_are_asked_about_together(here: Exchange) -> None:
    group = uuid.uuid4()
    now = timezone.now()
    first, second = (contact(here.place, child(here.place, name), now, group=group) for name in ("Ann One", "Ben One"))
    client = here.client(here.place.care, SCREENS, "partnership")
    sent = client.post(page("requests:ask", first.pk), {"_ask": [here.gp.slug], "_also": [str(second.pk)]})
    assert sent.status_code == 302
    assert {one.case_id for one in Request.objects.all()} == {first.pk, second.pk}
    assert Notice.objects.filter(kind="request.asked").count() == 1, "the agency is told once"
    assert told(client.get(page("requests:list") + "?side=asked")).count("Hill Surgery") == 1


def test_agencies_are_asked_from_any_case_whose_pathway_asks(here: Exchange) -> None:
    plan = opened(here.place, "child_in_need", here.case.subject, timezone.now())
    worker = here.client(here.place.care, WORKS)
    assert "Which agencies do you want to ask?" in told(worker.get(page("requests:ask", plan.pk)))
    assert worker.post(page("requests:ask", plan.pk), {"_ask": [here.gp.slug], "question": "Weight?"}).status_code == 302
    due = Duty.objects.get(triggered_by=Request.objects.get().event_id)
    assert (due.due_at - timezone.now()).days >= 1, "two working days outside the front door"


# Asked another way ----------------------------------------------------------------------------------------------------


def test_what_was_asked_another_way_becomes_a_request_once(here: Exchange) -> None:
    system = SystemActor("tests")
    event = RecordEvent(system).run(
        here.case, "agency_asked", timezone.now(), {"agency": here.gp.slug}, organisation=here.place.care
    )
    assert TakeUpAsked(system).run() == 1 and TakeUpAsked(system).run() == 0
    taken = Request.objects.get()
    assert taken.event == event and taken.agency == here.gp and taken.ruling["content"]["verdict"] == "permit"


def test_asking_tells_the_agency_by_email_without_any_name(
    here: Exchange, django_capture_on_commit_callbacks: Any
) -> None:
    here.person(here.gp, SUPERVISES)
    with django_capture_on_commit_callbacks(execute=True):
        asks(here, here.gp)
    assert [one.to for one in mail.outbox] == [["hill_surgery.6.organisation@example.org"]]
    everything = mail.outbox[0].subject + mail.outbox[0].body
    for personal in ("Kai", "Hartley", here.case.reference, str(here.case.pk)):
        assert personal not in everything
    assert [one.rsplit("/", 3)[-2:] for one in re.findall(r"http\S+", everything)] == [["notices", ""]]  # one link, to no record
    assert Notice.objects.get().mailed_at is not None


def test_a_case_that_asks_nobody_has_no_page_of_asking(here: Exchange) -> None:
    closed = Case.objects.get(pk=here.case.pk)
    data = {"outcome": "advice", "level_of_need": "1", "reasons": "Advice is enough."}
    RecordEvent(SystemActor("tests")).run(closed, "decided", timezone.now(), data, organisation=here.place.care)
    client = here.client(here.place.care, SCREENS, "partnership")
    assert client.get(page("requests:ask", closed.pk)).status_code == 404
