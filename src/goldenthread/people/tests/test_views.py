"""Finding and registering people in the browser."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError
from django.urls import reverse
from django.utils import timezone

from goldenthread.agencies.models import Area
from goldenthread.agencies.tests.offices import office, someone
from goldenthread.foundation import journal
from goldenthread.foundation.actions import SaveDraft
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.models import Draft, JournalEntry
from goldenthread.people.actions import AddWarning, RelatePeople
from goldenthread.people.models import Person, Warning

from .people_made_up import SYSTEM, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def screener(client):
    user = someone("front_door_screener")
    client.force_login(user)
    return user


def words(response) -> str:
    return " ".join(response.content.decode().split())


def test_the_search_page_asks_one_question(client, screener):
    page = words(client.get(reverse("people:search")))
    assert page.count('type="search"') == 1
    assert "Register someone new" in page
    assert not JournalEntry.objects.filter(verb="people.search").exists()


def test_a_search_shows_who_why_and_where(client, screener):
    carlisle = Area.objects.create(slug="carlisle", title="Carlisle", kind="district")
    person("Amina", "Khan", date(2017, 5, 14), area=carlisle)
    page = words(client.get(reverse("people:search"), {"q": "ameena kahn 14/5/2017"}))
    assert "1 person found" in page
    for shown in ("Amina Khan", "born 14 May 2017", "Carlisle", "Found by: date of birth, similar name"):
        assert shown in page


def test_a_search_is_journalled_without_what_was_typed(client, screener):
    person("Amina", "Khan", identifiers=[("nhs", "943 476 5919")])
    client.get(reverse("people:search"), {"q": "amina khan 943 476 5919"})
    entry = JournalEntry.objects.get(verb="people.search")
    assert entry.detail == {"terms": ["identifier", "name"], "hits": 1}
    assert entry.user_id == screener.pk
    told = str([list(row) for row in JournalEntry.objects.filter(user_id=screener.pk).values_list()]).lower()
    assert "khan" not in told
    assert "9434765919" not in told


def test_if_the_journal_cannot_be_written_the_results_are_not_served(client, screener, monkeypatch):
    person("Amina", "Khan")

    def broken(*_: object, **__: object) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr(journal, "digest_of", broken)
    client.raise_request_exception = False
    response = client.get(reverse("people:search"), {"q": "amina khan"})
    assert response.status_code == 500
    assert b"Khan" not in response.content


def test_nothing_found_says_what_to_try(client, screener):
    page = words(client.get(reverse("people:search"), {"q": "zebedee quux"}))
    assert "0 people found" in page
    assert "The date of birth in any form" in page
    page = words(client.get(reverse("people:search"), {"q": "!!"}))
    assert "what you typed has neither" in page


def test_what_was_typed_cannot_become_markup(client, screener):
    page = client.get(reverse("people:search"), {"q": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert" not in page


def test_a_restricted_person_is_the_same_as_no_one(client, screener):
    absent = client.get(reverse("people:search"), {"q": "bilal shah"})
    hidden = person("Bilal", "Shah", restricted=True)
    present = client.get(reverse("people:search"), {"q": "bilal shah"})
    cut = ["csrf", "nonce"]
    lines = [[line for line in page.content.decode().splitlines() if not any(each in line for each in cut)]
             for page in (absent, present)]  # fmt: skip
    assert lines[0] == lines[1]
    assert client.get(reverse("people:details", args=[hidden.pk])).status_code == 404
    assert (
        client.get(reverse("people:details", args=["00000000-0000-4000-8000-000000000000"])).status_code
        == 404
    )


def test_a_role_without_search_is_refused_and_no_one_signed_in_is_sent_to_sign_in(client):
    assert client.get(reverse("people:search")).status_code == 302
    client.force_login(someone("business_manager"))
    assert client.get(reverse("people:search")).status_code == 403
    assert client.get(reverse("people:register")).status_code == 403


def sent(**more: str) -> dict[str, str]:
    return {"given_name": "Amina", "family_name": "Khan", "born": "May 2017", "sex": "female", **more}


def test_registering_keeps_what_was_given_and_throws_the_draft_away(client, screener):
    SaveDraft(Actor("x", user_id=screener.pk)).run("people/register", {"given_name": "Amina"})
    response = client.post(
        reverse("people:register"),
        sent(also_known_as="Mina Khan, A Khan", nhs="943 476 5919", address="1 High Street", postcode="la1 1aa",
             languages="Urdu, English", interpreter="on"),
    )  # fmt: skip
    made = Person.objects.get()
    assert response.status_code == 302
    assert str(made.pk) in response.url
    assert (made.born, made.born_precision, made.languages, made.interpreter) == (
        date(2017, 5, 1), "month", ["Urdu", "English"], True,
    )  # fmt: skip
    assert made.registered_by == office()
    assert set(made.names.values_list("full", flat=True)) == {"Amina Khan", "Mina Khan", "A Khan"}
    assert made.residences.get().address.postcode == "LA1 1AA"
    assert not Draft.objects.exists()


def test_someone_likely_to_be_the_same_is_shown_before_anything_is_saved(client, screener):
    there = person("Ameena", "Kahn", date(2017, 5, 14))
    response = client.post(reverse("people:register"), sent(born="14/05/2017"))
    page = words(response)
    assert response.status_code == 200
    assert "Are they one of these people?" in page
    assert "Ameena Kahn" in page
    assert 'value="14/05/2017"' in page
    assert Person.objects.get() == there
    client.post(reverse("people:register"), sent(born="14/05/2017", not_among_them="yes"))
    assert Person.objects.count() == 2


def test_mistakes_are_said_beside_their_question_and_what_was_typed_stays(client, screener):
    response = client.post(
        reverse("people:register"), sent(given_name="", family_name="", born="31/2/2017", nhs="943 476 5918")
    )
    page = words(response)
    assert response.status_code == 422
    assert "There is a problem" in page
    assert '<a href="#id_born">February 2017 has no day 31</a>' in page
    assert '<a href="#id_nhs">This is not an NHS number' in page
    assert 'value="31/2/2017"' in page
    response = client.post(
        reverse("people:register"), sent(given_name="", family_name="", nhs="943 476 5918")
    )
    page = words(response)
    assert '<a href="#id_family_name">Enter a name' in page
    assert '<a href="#id_nhs">This is not an NHS number' in page
    assert 'value="943 476 5918"' in page
    assert not Person.objects.exists()


def test_registering_on_the_way_somewhere_goes_on_there_with_the_person(client, screener):
    onward = "/front-door/new/?step=child"
    response = client.post(reverse("people:register"), sent(next=onward))
    assert response.url == f"{onward}&person={Person.objects.get().pk}"
    elsewhere = client.post(
        reverse("people:register"), sent(next="https://evil.example/", given_name="Bilal")
    )
    assert "evil" not in elsewhere.url


def test_details_show_what_is_known_and_are_journalled(client, screener):
    child, mother = (
        person("Amina", "Khan", identifiers=[("nhs", "943 476 5919")]),
        person("Fatima", "Khan", date(1990, 1, 1)),
    )
    RelatePeople(SYSTEM).run(child, mother, "mother", parental_responsibility=True)
    page = words(client.get(reverse("people:details", args=[child.pk])))
    for shown in ("943 476 5919", "Mother:", "Fatima Khan", "with parental responsibility"):
        assert shown in page
    assert (
        JournalEntry.objects.filter(
            verb="person.details", subject_id=str(child.pk), user_id=screener.pk
        ).count()
        == 1
    )


@pytest.mark.parametrize(
    ("what", "given", "shown"),
    [
        ("name", {"full": "Mina Khan", "kind": "alias"}, "Mina Khan"),
        ("identifier", {"scheme": "police", "value": "nu 12"}, "NU12"),
        (
            "address",
            {"lines": "1 High Street", "postcode": "LA1 1AA", "starts": "1 2 2024"},
            "1 February 2024 to now",
        ),
        (
            "warning",
            {"text": "Visit in pairs", "review_on": f"1 1 {timezone.localdate().year + 1}"},
            "Visit in pairs",
        ),
    ],
)
def test_adding_to_what_is_known(client, screener, what, given, shown):
    child = person("Amina", "Khan")
    address = reverse("people:add", args=[child.pk, what])
    assert client.get(address).status_code == 200
    wrong = client.post(address, dict.fromkeys(given, ""))
    assert wrong.status_code == 422
    assert "There is a problem" in words(wrong)
    assert client.post(address, given).status_code == 302
    assert shown in words(client.get(reverse("people:details", args=[child.pk])))


def test_a_professional_is_added_with_their_organisation(client, screener):
    child, school = person("Amina", "Khan"), office("school", "school")
    address = reverse("people:add", args=[child.pk, "professional"])
    client.post(address, {"name": "J Bell", "job": "Key adult", "organisation": school.pk})
    assert "J Bell, Key adult" in words(client.get(reverse("people:details", args=[child.pk])))
    assert client.get(reverse("people:add", args=[child.pk, "nonsense"])).status_code == 404


def test_a_relative_is_found_chosen_and_recorded_on_both(client, screener):
    child, mother = person("Amina", "Khan"), person("Fatima", "Begum", date(1990, 1, 1))
    address = reverse("people:relative", args=[child.pk])
    assert "Fatima Begum" in words(client.get(address, {"q": "fatema begom"}))
    assert "is their" in words(client.get(address, {"other": mother.pk}))
    refused = client.post(address, {"other": mother.pk, "kind": "child"})
    assert "was born before" in words(refused)
    client.post(address, {"other": mother.pk, "kind": "mother", "parental_responsibility": "on"})
    assert mother.relationships.get().other == child
    assert child.relationships.get().parental_responsibility


def test_changing_someone_that_another_changed_shows_both_and_saves_neither(client, screener):
    child = person("Amina", "Khan")
    address = reverse("people:change", args=[child.pk])
    first = {"given_name": "Amina", "family_name": "Shah", "born": "14 5 2017", "version": "1"}
    assert client.post(address, first).status_code == 302
    late = client.post(address, {**first, "family_name": "Patel"})
    page = words(late)
    assert late.status_code == 422
    assert "Someone else changed this person while you were working" in page
    assert "Saved by someone else" in page
    assert "Shah" in page
    assert 'value="Patel"' in page
    assert Person.objects.get().family_name == "Shah"
    assert 'name="version" value="2"' in page
    assert client.post(address, {**first, "family_name": "Patel", "version": "2"}).status_code == 302
    assert Person.objects.get().family_name == "Patel"


def test_a_warning_is_ended_only_after_being_asked(client, screener):
    child = person("Amina", "Khan")
    due = timezone.localdate().replace(month=1, day=1, year=timezone.localdate().year + 1)
    warning = AddWarning(SYSTEM).run(child, "Visit in pairs", due, organisation=office())
    address = reverse("people:end-warning", args=[child.pk, warning.pk])
    assert "End this warning" in words(client.get(address))
    assert Warning.objects.get().ended_on is None
    client.post(address)
    assert Warning.objects.get().ended_on == timezone.localdate()
    assert client.get(address).status_code == 404
