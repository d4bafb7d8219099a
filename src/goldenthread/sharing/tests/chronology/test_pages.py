"""The pages of the chronology: what they show to whom, how they are narrowed, what they journal, and the documents they give."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from goldenthread.casework.models import Case
from goldenthread.casework.tests.partnership import Partnership, at
from goldenthread.casework.tests.visitors import visitor, words
from goldenthread.foundation.models import JournalEntry
from goldenthread.people.models import Person, Relationship

from .place import SAID, care_case, note


def address(person: Person, more: str = "") -> str:
    return f"/children/{person.pk}/chronology/{more}"


@pytest.fixture
def worker(place: Partnership) -> Client:
    return visitor(place, "Rosa Whittle", "social_worker", place.care)


@pytest.fixture
def manager(place: Partnership) -> Client:
    return visitor(place, "Tom Marsden", "team_manager", place.care)


def test_each_line_shows_agency_source_both_days_and_why_it_may_be_seen(worker: Client, amira: Person) -> None:
    page = worker.get(address(amira))
    told = words(page)
    assert page.status_code == 200 and "2 lines" in told
    assert "10 February 2026, 10am" in told and "Known" in told
    assert "County police" in told and SAID["police"] in told
    assert "Agreement. Pact of the valley, clause 1.1" in told and "Your agency’s case. County care leads this case." in told
    assert "Agencies that hold something more" in told and "County health" in told
    assert "style=" not in page.content.decode().split("<main")[1]


def test_what_may_not_be_told_is_not_in_the_page_in_any_way(worker: Client, place: Partnership, amira: Person) -> None:
    def shape(page: Any) -> str:
        return re.sub(r'nonce="[^"]*"|value="[\w-]{40,}"', "", page.content.decode())

    before = shape(worker.get(address(amira)))
    note(place, amira, "school", "Nobody may know of this", at("2019-01-01 10:00"))
    note(place, amira, "early_help", "Nor of this", at("2019-02-01 10:00"))
    assert shape(worker.get(address(amira))) == before
    assert not any(each in before for each in (SAID["school"], SAID["early_help"], "Hill school", "County early help"))


def test_a_line_of_ones_own_case_leads_to_it_and_one_by_agreement_does_not(worker: Client, amira: Person) -> None:
    page = worker.get(address(amira)).content.decode()
    own = Case.objects.get(subject=amira, pathway="concern")
    shared = Case.objects.get(subject=amira, pathway="police_note")
    assert f"/cases/{own.pk}/" in page and f"/cases/{shared.pk}/" not in page and shared.reference not in page


def test_somebody_who_may_not_know_of_the_child_is_told_they_do_not_exist(place: Partnership, amira: Person) -> None:
    stranger = visitor(place, "Pat Lord", "social_worker", place.reviewing)
    Case.objects.filter(pathway="reviewing_note").delete()
    for more in ("", "export/"):
        assert stranger.get(address(amira, more)).status_code == 404
    assert stranger.get(f"/people/{amira.pk}/subject-access/").status_code == 403


@pytest.mark.parametrize(
    ("query", "lines"),
    [
        ("", 2), ("agency=county_police", 1), ("kind=police_note", 1), ("kind=significant", 2), ("kind=said", 0),
        ("from=1+3+2026", 1), ("to=2026-02-28", 1), ("from=10+2+2026&to=10+2+2026", 1), ("agency=hill_school", 0),
    ],
)  # fmt: skip
def test_the_list_is_narrowed_by_agency_kind_and_time(worker: Client, amira: Person, query: str, lines: int) -> None:
    page = worker.get(f"{address(amira)}?{query}")
    assert page.content.decode().count('id="line-') == lines


def test_a_day_that_is_none_is_said_beside_its_box(worker: Client, amira: Person) -> None:
    page = worker.get(f"{address(amira)}?from=31+2+2026")
    assert page.status_code == 422 and "“From” must be a real date, like 27 3 2026" in words(page)
    backwards = worker.get(f"{address(amira)}?from=2+3+2026&to=1+3+2026")
    assert "“To” must be the same as or after “From”" in words(backwards)


def test_brothers_and_sisters_are_offered_and_shown_together(worker: Client, place: Partnership, amira: Person) -> None:
    zayn = place.child("Zayn Hussain")
    care_case(place, zayn, at("2026-03-05 09:00"))
    Relationship.objects.create(person=amira, other=zayn, kind="sibling")
    assert "Zayn Hussain" in words(worker.get(address(amira)))
    together = worker.get(f"{address(amira)}?with={zayn.pk}&with=nonsense")
    assert "Chronology of Amira Hussain and Zayn Hussain" in words(together) and "3 lines" in words(together)


def test_a_look_is_journalled_for_each_child_with_the_rights_it_was_by(
    worker: Client, place: Partnership, amira: Person
) -> None:
    worker.get(address(amira))
    entry = JournalEntry.objects.get(verb="chronology.view")
    assert entry.subject_id == str(amira.pk)
    assert sorted(entry.detail["rights"].values()) == ["agreement:pact:1.1", "involvement"]
    assert entry.detail["existence"] == ["agreement:pact:1.2"]


def form_of(page: Any) -> dict[str, Any]:
    text = page.content.decode()
    labels = dict(re.findall(r'name="(label-\w+)" type="text" value="([^"]*)"', text))
    return {
        "hide": re.findall(r'name="hide" type="checkbox" value="(\w+)" checked', text), **labels,
        "wanted": re.findall(r'name="wanted" type="checkbox" value="(\w+)" checked', text),
        "form": "word", "purpose": "review", "words": "", "others": "",
    }  # fmt: skip


def test_a_document_is_tried_then_made(worker: Client, place: Partnership, amira: Person) -> None:
    note(place, amira, "care", "Amira and Ameera rang from 07700 900123", at("2026-03-04 10:00"))
    form = form_of(worker.get(address(amira, "export/")))
    tried = worker.post(address(amira, "export/"), {**form, "step": "try"})
    told = words(tried)
    assert "[telephone number]: 1" in told and "Child and Ameera rang from [telephone number]" in told
    assert "Words left that look like a name" in told and "Ameera: 1" in told
    made = worker.post(address(amira, "export/"), {**form, "others": "Ameera = Child", "step": "make"})
    assert made.status_code == 200 and made["Content-Type"].endswith("wordprocessingml.document")
    assert re.fullmatch(r'attachment; filename="chronology-[\d-]+\.docx"', made["Content-Disposition"])
    assert made["Cache-Control"] == "no-store" and made.content[:2] == b"PK"


def test_a_form_that_lacks_something_keeps_what_was_chosen_and_says_what(worker: Client, amira: Person) -> None:
    form = form_of(worker.get(address(amira, "export/")))
    page = worker.post(address(amira, "export/"), {**form, "purpose": "", "others": "Rover = dog", "step": "make"})
    assert page.status_code == 422 and "Choose what the document is for" in words(page)
    assert "Rover = dog" in page.content.decode()


def test_a_supervisor_answers_a_subject_access_request(manager: Client, worker: Client, amira: Person) -> None:
    where = f"/people/{amira.pk}/subject-access/"
    assert worker.get(where).status_code == 403
    form = form_of(manager.get(where))
    made = manager.post(where, {**form, "form": "pdf", "step": "make"})
    assert made.status_code == 200 and made.content.startswith(b"%PDF")
    assert re.fullmatch(r'attachment; filename="subject-access-[\d-]+\.pdf"', made["Content-Disposition"])


def test_the_page_of_the_child_leads_here(worker: Client, amira: Person) -> None:
    assert address(amira) in worker.get(f"/children/{amira.pk}/").content.decode()
