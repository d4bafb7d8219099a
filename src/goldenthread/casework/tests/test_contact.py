"""A contact from arrival to the referrer being told: what to do now, agencies' answers, the decision and what it opens."""

from __future__ import annotations

import re
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from goldenthread.casework.models import Case, Event
from goldenthread.foundation.models import Draft, JournalEntry
from goldenthread.people.actions import RelatePeople

from .front_door_people import (
    WORKS,
    ago,
    child,
    contact,
    manager,
    opened,
    recorded,
    screener,
    signed_in,
    teacher,
)
from .partnership import Partnership, partnership


@pytest.fixture
def place(db: Any) -> Partnership:
    return partnership()


@pytest.fixture
def arrived(place: Partnership) -> Case:
    who = child(place, "Kai Hartley", date.today() - timedelta(days=365 * 12 + 10), sex="male")
    return contact(place, who, ago(hours=1), flags=["missing"], child_said="They said my mum would get hurt.")


def told(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def look(client: Client, case: Case) -> str:
    return told(client.get(reverse("casework:contact", args=[case.pk])))


def step(client: Client, case: Case, kind: str, **typed: Any) -> Any:
    now = timezone.localtime()
    boxes = {"occurred-day": now.day, "occurred-month": now.month, "occurred-year": now.year, "occurred-time": f"{now:%H:%M}",
             "opened-at": f"{now:%Y-%m-%dT%H:%M}"}  # fmt: skip
    return client.post(reverse("casework:contact-step", args=[case.pk, kind]), {**boxes, **typed})


def state(case: Case) -> str:
    case.refresh_from_db()
    return case.state


def test_a_contact_goes_from_arrival_to_the_referrer_told(place: Partnership, arrived: Case) -> None:
    client = manager(place)
    page = look(client, arrived)
    assert "Nobody has screened this yet." in page and "Screen this contact" in page
    assert "They said my mum would get hurt." in page and "Shouting heard from the street." in page
    answer = step(client, arrived, "screened", priority="amber", level_of_need="3")
    assert answer.status_code == 302 and answer.url.startswith(reverse("casework:contact", args=[arrived.pk]))
    assert "No agency has been asked yet." in look(client, arrived)

    ask = reverse("requests:ask", args=[arrived.pk])
    on = client.get(reverse("casework:contact-ask", args=[arrived.pk]))
    assert on.status_code == 302 and on.url == ask
    assert "Hill school" in told(client.get(ask))
    sent = client.post(ask, {"_ask": [place.school.slug, place.police.slug], "question": "What do you know?"})
    assert sent.status_code == 302 and state(arrived) == "asking_agencies"
    page = look(client, arrived)
    assert page.count("gt-asked__one--waiting") == 2 and "Record an answer" in page

    for agency, holds in ((place.school, "nothing_held"), (place.police, "relevant_information")):
        on = client.get(reverse("casework:contact-step", args=[arrived.pk, "agency_answered"]) + f"?agency={agency.slug}")
        assert on.status_code == 302 and agency.title in told(client.get(on.url))
        done = client.post(on.url, {"holds": holds, "summary": "Two stops in October.", "view_of_level": "4"})
        assert done.status_code == 302, told(done)
    page = look(client, arrived)
    assert "Nothing held" in page and "Two stops in October." in page and "Sees level 4 protection" in page
    assert "2 of 2 agencies have answered." in page

    decision = {"outcome": "referral", "level_of_need": "3", "reasons": "Exploitation."}
    check = step(client, arrived, "decided", **decision)
    assert check.status_code == 200 and "Referral opens" in told(check)
    assert state(arrived) == "asking_agencies", "nothing is recorded before it is confirmed"
    assert step(client, arrived, "decided", **decision, _step="send").status_code == 302
    assert state(arrived) == "decided" and not arrived.is_open
    referral = Case.objects.get(subject=arrived.subject, pathway="referral")
    page = look(client, arrived)
    assert referral.reference in page and "Tell the referrer" in page
    assert step(client, arrived, "referrer_told", how="phone").status_code == 302
    assert "the person who told us has been told" in look(client, arrived)
    assert not Draft.objects.exists()
    assert JournalEntry.objects.filter(verb="contact.view", subject_id=str(arrived.pk)).exists()


def test_one_who_may_not_decide_sends_it_on(place: Partnership, arrived: Case) -> None:
    recorded(place, arrived, "screened", ago(minutes=50), priority="amber")
    recorded(place, arrived, "agency_answered", ago(minutes=40), agency=place.school.slug, holds="nothing_held")
    client = screener(place)
    page = look(client, arrived)
    assert "Send for decision" in page and "step/decided/" not in page
    refused = step(client, arrived, "decided", outcome="advice", level_of_need="1", reasons="x", _step="send")
    assert refused.status_code == 403 and state(arrived) == "screening"
    assert step(client, arrived, "ready_to_decide").status_code == 302
    assert state(arrived) == "ready_to_decide"
    assert "Waiting for someone who may decide." in look(client, arrived)


def test_errors_keep_what_was_typed(place: Partnership, arrived: Case) -> None:
    client = manager(place)
    answer = step(client, arrived, "decided", outcome="", level_of_need="3", reasons="A long and careful analysis")
    page = told(answer)
    assert answer.status_code == 422 and "There is a problem" in page
    assert "A long and careful analysis" in page and re.search(r'name="level_of_need"[^>]*value="3"[^>]*checked', page)
    again = told(client.get(reverse("casework:contact-step", args=[arrived.pk, "decided"])))
    assert "A long and careful analysis" in again, "it was kept as a draft"


def test_two_people_at_once_each_keep_what_they_wrote(place: Partnership, arrived: Case) -> None:
    seen = arrived.version
    recorded(place, arrived, "note_added", ago(minutes=1), text="Grandmother rang.")
    answer = step(manager(place), arrived, "screened", priority="red", reasons="My own reasons", _version=str(seen))
    page = told(answer)
    assert answer.status_code == 409
    assert "Grandmother rang." in page and "My own reasons" in page
    assert not Event.objects.filter(case=arrived, kind="screened").exists()


def test_asking_needs_an_agency_and_is_all_or_none(place: Partnership, arrived: Case) -> None:
    recorded(place, arrived, "screened", ago(minutes=50), priority="amber")
    client = manager(place)
    ask = reverse("requests:ask", args=[arrived.pk])
    none = client.post(ask, {"question": "What do you know of Kai?"})
    assert none.status_code == 422 and "Choose at least one agency to ask" in told(none)
    assert "What do you know of Kai?" in told(none)
    arrived.refresh_from_db()
    old = arrived.version
    recorded(place, arrived, "note_added", ago(minutes=1), text="Grandmother rang.")
    stale = client.post(ask, {"_ask": [place.school.slug, place.police.slug], "_version": str(old)})
    assert stale.status_code == 409 and "Grandmother rang." in told(stale)
    assert not Event.objects.filter(case=arrived, kind="agency_asked").exists()
    assert len(re.findall(r'name="_ask"[^>]*checked', told(stale))) == 2


def test_an_unknown_name_typed_for_an_agency_is_refused(place: Partnership, arrived: Case) -> None:
    for number in range(10):
        place.school.__class__.objects.create(slug=f"s{number}", title=f"School {number}", kind="school", area=place.burnley)
    client = manager(place)
    ask = reverse("requests:ask", args=[arrived.pk])
    wrong = client.post(ask, {"other-school": "No Such School"})
    assert wrong.status_code == 422 and "No agency is called “No Such School”" in told(wrong)
    assert client.post(ask, {"other-school": "school 7"}).status_code == 302
    assert Event.objects.get(case=arrived, kind="agency_asked").data["agency"] == "s7"


def test_possible_matches_are_shown_with_reasons_and_joined_by_nobody(place: Partnership, arrived: Case) -> None:
    double = child(place, "Kye Hartly", arrived.subject.born, sex="male")
    page = look(manager(place), arrived)
    assert "Possible match: look." in page and "Kye Hartly" in page and "date of birth" in page
    double.refresh_from_db()
    assert double.merged_into is None


def test_what_was_known_before_is_merged_across_the_family(place: Partnership, arrived: Case) -> None:
    sister = child(place, "Mia Hartley", date(2020, 1, 1), sex="female")
    RelatePeople(place.system).run(arrived.subject, sister, "sibling")
    opened(place, "child_protection_plan", sister, ago(days=60), category="neglect")
    later = opened(place, "child_in_need", sister, timezone.now())
    page = look(manager(place), arrived)
    assert "Mia Hartley. Child protection plan" in page
    assert str(later.pk) not in page, "only what was known when it came"


def test_the_agency_asked_answers_for_itself_and_no_other_sees_it(place: Partnership, arrived: Case) -> None:
    recorded(place, arrived, "screened", ago(minutes=50), priority="amber")
    recorded(place, arrived, "agency_asked", ago(minutes=40), agency=place.school.slug)
    client = teacher(place)
    page = look(client, arrived)
    assert "Your agency is asked what it knows." in page or "Record an answer" in page
    assert step(client, arrived, "agency_answered", agency=place.school.slug, holds="nothing_held").status_code == 302
    stranger = signed_in(place, place.early_help, WORKS)
    assert stranger.get(reverse("casework:contact", args=[arrived.pk])).status_code == 404
    assert stranger.get(reverse("casework:contact-step", args=[arrived.pk, "agency_answered"])).status_code == 404
    assert stranger.get(reverse("casework:contact-ask", args=[arrived.pk])).status_code == 403


def test_a_case_that_is_no_contact_has_no_contact_page(place: Partnership, arrived: Case) -> None:
    plan = opened(place, "child_protection_plan", arrived.subject, ago(days=1))
    client = manager(place)
    assert client.get(reverse("casework:contact", args=[plan.pk])).status_code == 404
    assert client.get(reverse("casework:contact-step", args=[plan.pk, "visited"])).status_code == 404
    assert client.get(reverse("casework:contact-step", args=[arrived.pk, "no_such_thing"])).status_code == 404


def test_one_decision_is_said_of_brothers_and_sisters_who_came_together(place: Partnership) -> None:
    group = uuid.uuid4()
    first, second = (contact(place, child(place, name), ago(hours=1), group=group) for name in ("Ann One", "Ben One"))
    apart = contact(place, second.subject, ago(days=3))
    client = manager(place)
    form = told(client.get(reverse("casework:contact-step", args=[first.pk, "decided"])))
    assert re.search(rf'name="_also"[^>]*value="{second.pk}"[^>]*checked', form) and str(apart.pk) not in form
    decision = {"outcome": "early_help", "level_of_need": "2", "reasons": "Help early.", "_also": str(second.pk), "_step": "send"}
    assert step(client, first, "decided", **decision).status_code == 302
    assert state(first) == state(second) == "decided" and state(apart) == "new"
    assert Case.objects.filter(pathway="early_help").count() == 2
    assert step(client, first, "referrer_told", how="email", _also=str(second.pk)).status_code == 302
    assert second.events.filter(kind="referrer_told").exists()


def test_disagreement_that_is_not_settled_is_pointed_out(place: Partnership, arrived: Case) -> None:
    recorded(place, arrived, "screened", ago(minutes=50), priority="amber")
    for agency, level in ((place.police, "2"), (place.school, "4")):
        recorded(
            place, arrived, "agency_answered", ago(minutes=30), organisation=agency, agency=agency.slug,
            holds="relevant_information", view_of_level=level,
        )  # fmt: skip
    client = manager(place)
    assert "Agencies see it differently." in look(client, arrived)
    decision = {"outcome": "advice", "level_of_need": "2", "reasons": "Because."}
    assert "does not say how that was settled" in told(step(client, arrived, "decided", **decision))
    settled = step(client, arrived, "decided", **decision, disagreement="Talked through with both.")
    assert "does not say how that was settled" not in told(settled)


def test_the_threshold_document_stands_beside_the_level(place: Partnership, arrived: Case) -> None:
    page = told(manager(place).get(reverse("casework:contact-step", args=[arrived.pk, "decided"])))
    assert "Working Well with Children and Families in Lancashire" in page and "4 Specialist" in page
