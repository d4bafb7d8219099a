"""The pages of Encompass, walked as an officer, a key adult and the council's clerk; and by those who may not."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from goldenthread.casework.models import Case, Event
from goldenthread.casework.tests.partnership import at
from goldenthread.casework.tests.visitors import values, visitor, words
from goldenthread.foundation.models import JournalEntry

from .encompass_place import ANSWERS, Place
from .encompass_place import place as made

SATURDAY = at("2026-11-21 01:00")
FRIDAY_NIGHT = at("2026-11-20 22:40")


@pytest.fixture
def place(db: Any, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setattr(timezone, "now", lambda: SATURDAY)
    return made()


@pytest.fixture
def officer(place: Place) -> Client:
    return visitor(place.base, "Kit Hale", "police_officer", place.base.police)


@pytest.fixture
def key_adult(place: Place) -> Client:
    return visitor(place.base, "Una Bell", "school_safeguarding_lead", place.hill)


def address(name: str, case: Case) -> str:
    return reverse(f"encompass:{name}", args=[case.pk])


def written(officer: Client, child: Any, **answers: Any) -> Any:
    """An incident about a child, written page by page and sent."""
    start = officer.get(reverse("encompass:new"), {"child": str(child.pk)})
    page = officer.get(start["Location"])
    assert child.name in words(page)
    then = officer.post(start["Location"], {**values(page), "_step": "continue"})
    page = officer.get(then["Location"])
    body = {**values(page), "occurred-day": "20", "occurred-month": "11", "occurred-year": "2026", "occurred-time": "22:40",
            **ANSWERS, **answers}  # fmt: skip
    then = officer.post(then["Location"], body)
    if then.status_code != 302:
        return then
    check = officer.get(then["Location"])
    assert "Shouting was heard." in words(check)
    return officer.post(then["Location"], values(check), follow=True)


def test_an_incident_from_the_children_to_what_the_school_did(place: Place, officer: Client, key_adult: Client):
    child = place.child(school=place.hill)
    told = written(officer, child)
    assert "Hill school was told" in words(told) and "Told in time" in words(told)
    case = Case.objects.get(subject=child)
    mine = words(key_adult.get(reverse("encompass:list")))
    assert "Amira Hussain" in mine and "Shouting" not in mine
    cover = words(key_adult.get(address("notice", case)))
    assert "Opening it tells the police" in cover and "Shouting" not in cover
    opened = key_adult.post(address("open", case), follow=True)
    assert "Shouting was heard." in words(opened) and "does not tell the parents" in words(opened)
    page = key_adult.get(address("acted", case))
    body = {**values(page), "did": ["met_at_the_gate"], "seen": "yes", "child_said": "Can I have toast?",
            "occurred-day": "21", "occurred-month": "11", "occurred-year": "2026"}  # fmt: skip
    done = key_adult.post(address("acted", case), body, follow=True)
    assert "The police can see what the school did" in words(done)
    seen = words(officer.get(address("notice", case)))
    assert "Met the child on arrival" in seen and "Can I have toast?" in seen and "by Una Bell" in seen
    whole = words(officer.get(reverse("casework:case", args=[case.pk])))
    assert "Operation Encompass" in whole and "School told" in whole
    verbs = set(JournalEntry.objects.values_list("verb", flat=True))
    assert {"encompass.cover", "encompass.view", "sharing.open_notice", "sharing.tell_school"} <= verbs


def test_the_childs_page_shows_it(place: Place, officer: Client):
    child = place.child(school=place.hill)
    place.incident(child, when=FRIDAY_NIGHT)
    assert "Operation Encompass" in words(officer.get(reverse("casework:child", args=[child.pk])))


def test_what_is_missing_is_said_and_what_was_typed_is_kept(place: Place, officer: Client):
    refused = written(officer, place.child(school=place.hill), happened="", grade="")
    assert refused.status_code == 422
    assert "Enter an answer: What does the school need to know" in words(refused) and "How is it graded?" in words(refused)
    assert not Case.objects.exists()


def test_only_their_own_side_opens_the_pages(place: Place, key_adult: Client):
    (case,) = place.incident(place.child(school=place.hill), when=FRIDAY_NIGHT)
    nurse = visitor(place.base, "Ada Poole", "designated_nurse", place.base.health)
    other = visitor(place.base, "Bea Finch", "school_safeguarding_lead", place.valley)
    assert nurse.get(reverse("encompass:list")).status_code == 403
    assert key_adult.get(reverse("encompass:new")).status_code == 403
    assert "Encompass" not in words(nurse.get(reverse("casework:my-work")))
    for name in ("notice", "tell", "acted", "find"):
        assert other.get(address(name, case)).status_code == 404, name
        assert nurse.get(reverse(f"encompass:{name}", args=[uuid4()])).status_code == 404
    assert other.post(address("open", case)).status_code == 404
    assert key_adult.get(address("tell", case)).status_code == 403
    assert key_adult.get(address("open", case)).status_code == 405


def test_the_clerk_finds_a_school_and_never_reads_what_happened(place: Place, officer: Client):
    clerk = visitor(place.base, "Cay Moor", "early_help_practitioner", place.education)
    (case,) = place.incident(place.child(), when=FRIDAY_NIGHT)
    listed, page = clerk.get(reverse("encompass:list")), clerk.get(address("find", case))
    for text in (words(listed), words(page)):
        assert "Amira Hussain" in text and "Shouting" not in text and "Domestic" not in text
    assert clerk.get(address("notice", case)).status_code == 404
    assert clerk.get(reverse("casework:case", args=[case.pk])).status_code == 404
    wrong = clerk.post(address("find", case), {"_at": "school", "school": "county_health"})
    assert wrong.status_code == 422 and "Choose a school or college" in words(wrong)
    assert clerk.post(address("find", case), {"_at": "school"}).status_code == 422
    done = clerk.post(address("find", case), {"_at": "school", "school": "hill_school", "how": "roll"}, follow=True)
    assert "The school is found" in words(done) and clerk.get(address("find", case)).status_code == 404
    assert Event.objects.filter(case=case, kind="school_told").exists()


def test_a_child_at_no_school(place: Place, officer: Client):
    (case,) = place.incident(place.child(), when=FRIDAY_NIGHT)
    assert officer.post(address("find", case), {"_at": "none"}).status_code == 422
    officer.post(address("find", case), {"_at": "none", "reason": "home_educated"})
    assert not Case.objects.get(pk=case.pk).is_open
    assert "Educated at home" in words(officer.get(address("notice", case)))


def test_a_school_outside_the_service_is_told_by_telephone(place: Place, officer: Client):
    (case,) = place.incident(place.child(), when=FRIDAY_NIGHT)
    wrong = officer.post(address("tell", case), {"elsewhere": "Leeds High", "how": "here"})
    assert wrong.status_code == 422 and "by telephone" in words(wrong)
    assert officer.post(address("tell", case), {"how": "phone"}).status_code == 422
    done = officer.post(address("tell", case), {"elsewhere": "Leeds High", "how": "phone"}, follow=True)
    assert "The school has been told" in words(done) and "Leeds High" in words(done)


def test_a_restricted_child_is_told_to_those_chosen(place: Place, key_adult: Client):
    from goldenthread.foundation.capability import Capability

    inspector = place.base.actor(
        "Ida Rowe", place.base.police, place.officer.capabilities | {Capability.VIEW_RESTRICTED, Capability.SUPERVISE}
    )
    child = place.child(school=place.hill, restricted=True)
    (case,) = place.incident(child, when=FRIDAY_NIGHT, by=inspector)
    chief = visitor(place.base, "Ida Rowe", "front_door_manager", place.base.police)
    page = chief.get(address("tell", case))
    assert "Who at the school is told?" in words(page) and "Una Bell" in words(page) and "supervisor" in words(page)
    body = {"school": "hill_school", "how": "here", "word": "The key adult must know."}
    refused = chief.post(address("tell", case), body)
    assert refused.status_code == 422 and "Choose who at the school is told" in words(refused)
    assert key_adult.get(address("notice", case)).status_code == 404
    una = key_adult.user.pk  # type: ignore[attr-defined]
    assert chief.post(address("tell", case), {**body, "people": [str(una)]}).status_code == 302
    assert key_adult.get(address("notice", case)).status_code == 200
    colleague = visitor(place.base, "Oli Rudd", "school_safeguarding_lead", place.hill)
    assert colleague.get(address("notice", case)).status_code == 404
    assert child.name not in words(colleague.get(reverse("encompass:list")))


def test_somebody_elses_words_in_the_meantime_are_told(place: Place, key_adult: Client):
    (case,) = place.incident(place.child(school=place.hill), when=FRIDAY_NIGHT)
    key_adult.post(address("open", case))
    page = key_adult.get(address("acted", case))
    body = {**values(page), "did": ["watched_over"], "seen": "no",
            "occurred-day": "21", "occurred-month": "11", "occurred-year": "2026"}  # fmt: skip
    assert key_adult.post(address("acted", case), body).status_code == 302
    again = key_adult.post(address("acted", case), body)
    assert again.status_code == 422 and "Somebody else added to this" in words(again)
    sent = key_adult.post(address("acted", case), {**body, "_version": values(again)["_version"][0]})
    assert sent.status_code == 302


def test_no_page_holds_an_inline_style(place: Place, officer: Client):
    (case,) = place.incident(place.child(school=place.hill), when=FRIDAY_NIGHT)
    for page in (reverse("encompass:list"), address("notice", case), address("tell", case)):
        assert not re.search(r"\sstyle=", officer.get(page).content.decode())


def test_the_plain_form_leads_to_the_page_that_asks_the_agreement(place: Place, officer: Client, key_adult: Client):
    (case,) = place.incident(place.child(school=place.hill), when=FRIDAY_NIGHT)
    plain = reverse("casework:record", args=[case.pk, "school_told"])
    assert officer.get(plain)["Location"] == address("tell", case)
    assert key_adult.get(reverse("casework:record", args=[case.pk, "school_acted"]))["Location"] == address("acted", case)
