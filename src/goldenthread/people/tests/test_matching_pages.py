"""The queue of possible matches, two records side by side, joining and parting in the browser."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from goldenthread.agencies.tests.offices import someone
from goldenthread.foundation.models import JournalEntry
from goldenthread.people.actions import KeepMatches, MergePeople, RelatePeople, UpdatePerson
from goldenthread.people.matching.gather import find_matches
from goldenthread.people.matching.grading import Match
from goldenthread.people.models import Merge, Person, PossibleMatch

from .people_made_up import SYSTEM, person

pytestmark = pytest.mark.django_db
LEVELS = {"given": "form", "family": "same", "born": "same", "home": "same", "nhs": "unknown"}


@pytest.fixture
def screener(client):
    user = someone("front_door_screener")
    client.force_login(user)
    return user


def words(response) -> str:
    return " ".join(response.content.decode().split())


def pair(**more) -> tuple[Person, Person]:
    return person("Amina", "Khan", sex="female", **more), person(
        "Ameena", "Khan", address="1 High Street", postcode="LA1 1AA"
    )


def suggested(one: Person, two: Person, grade: str = "very_likely") -> None:
    KeepMatches(SYSTEM).run([Match(str(one.pk), str(two.pk), grade, 0.999, 10.0, LEVELS, ())])


def test_the_queue_says_who_and_why(client, screener):
    one, two = pair()
    suggested(one, two)
    page = words(client.get(reverse("people:matches")))
    for said in (
        "Amina Khan",
        "Ameena Khan",
        "Very likely the same person",
        "The same date of birth",
        "same address",
    ):
        assert said in page
    assert "1 pair of records may be of one person" in words(client.get(reverse("people:search")))
    assert "No possible matches" in words(client.get(reverse("people:matches"), {"grade": "possible"}))
    entry = JournalEntry.objects.filter(verb="people.matches").first()
    assert entry.detail == {"grade": "", "pairs": 1}


def test_a_pair_with_somebody_restricted_is_nowhere(client, screener):
    one, two = pair(restricted=True)
    suggested(one, two)
    assert "Khan" not in words(client.get(reverse("people:matches")))
    assert "pair of records" not in words(client.get(reverse("people:search")))
    for first, second in ((one, two), (two, one)):
        assert client.get(reverse("people:compare", args=[first.pk, second.pk])).status_code == 404
        assert (
            client.post(
                reverse("people:compare", args=[first.pk, second.pk]), {"verdict": "same"}
            ).status_code
            == 404
        )
    details = words(client.get(reverse("people:details", args=[two.pk])))
    assert "Registered twice?" in details and "May be the same person" not in details
    assert not Merge.objects.exists()


@pytest.mark.parametrize("role", ["social_worker", "school_safeguarding_lead", "business_manager"])
def test_others_have_no_queue(client, role):
    client.force_login(someone(role))
    one, two = pair()
    suggested(one, two)
    for address in (reverse("people:matches"), reverse("people:compare", args=[one.pk, two.pk])):
        assert client.get(address).status_code == 403


def test_two_records_are_compared_joined_and_parted(client, screener):
    one, two = pair()
    suggested(one, two)
    address = reverse("people:compare", args=[one.pk, two.pk])
    page = words(client.get(address))
    for said in ("Is this one person?", "Very likely the same person", "What speaks for one person", "1 High Street, LA1 1AA",
                 "14 May 2017", "Not recorded"):  # fmt: skip
        assert said in page
    wrong = client.post(address, {"verdict": "same", "keep": str(one.pk), "version": 1, "other_version": 1})
    assert wrong.status_code == 422 and "Say what you decided it by" in words(wrong)
    given = {
        "verdict": "same",
        "keep": str(one.pk),
        "reason": "The school knows both names",
        "version": 1,
        "other_version": 1,
    }
    done = client.post(address, given, follow=True)
    assert "The records are joined" in words(done)
    two.refresh_from_db()
    assert two.merged_into == one
    assert PossibleMatch.objects.get().state == "same"
    assert "No possible matches" in words(client.get(reverse("people:matches")))
    merge = Merge.objects.get()
    told = words(client.get(reverse("people:joined", args=[merge.pk])))
    assert "Everything that came with Ameena Khan goes back" in told
    empty = client.post(reverse("people:joined", args=[merge.pk]), {"reason": ""})
    assert empty.status_code == 422
    client.post(reverse("people:joined", args=[merge.pk]), {"reason": "They are cousins"})
    two.refresh_from_db()
    assert two.merged_into is None
    assert "decided on" in words(client.get(address)) and "They are cousins" in words(client.get(address))


def test_two_people_are_not_suggested_again(client, screener):
    one, two = pair()
    suggested(one, two, "possible")
    client.post(
        reverse("people:compare", args=[one.pk, two.pk]), {"verdict": "different", "reason": "Cousins"}
    )
    suggested(one, two, "possible")
    assert PossibleMatch.objects.get().state == "different"
    suggested(one, two)  # more is known now
    assert PossibleMatch.objects.get().state == "open"


def test_a_record_changed_meanwhile_is_not_joined_unseen(client, screener):
    one, two = pair()
    UpdatePerson(SYSTEM).run(two, sex="male")
    address = reverse("people:compare", args=[one.pk, two.pk])
    given = {"verdict": "same", "keep": str(one.pk), "reason": "Sure", "version": 1, "other_version": 1}
    page = client.post(address, given)
    assert page.status_code == 422 and "Someone else changed" in words(page)
    assert 'name="other_version" value="2"' in words(page)
    assert not Merge.objects.exists()


def test_who_is_recorded_as_a_brother_is_said_to_be_somebody_else(client, screener):
    one, two = pair()
    RelatePeople(SYSTEM).run(one, two, "sibling")
    page = words(client.get(reverse("people:compare", args=[one.pk, two.pk])))
    assert "Ameena Khan is recorded as brother or sister of Amina Khan" in page


def test_an_old_address_leads_to_the_record_that_stayed(client, screener):
    one, two = pair()
    MergePeople(SYSTEM).run(one, two, "Sure")
    old = reverse("people:details", args=[two.pk])
    moved = client.get(old)
    assert (moved.status_code, moved["Location"]) == (302, reverse("people:details", args=[one.pk]))
    assert "This record was joined with another" in words(client.get(old, follow=True))
    sent = client.post(
        reverse("people:change", args=[two.pk]), {"family_name": "Kahn", "version": 1}, follow=True
    )
    assert "Nothing of what you wrote was saved" in words(sent)
    one.refresh_from_db()
    assert one.name == "Amina Khan"
    assert client.get(f"/api/v1/people/{two.pk}").json()["id"] == str(one.pk)


def test_an_old_address_tells_nothing_to_those_who_may_not_see_the_one_that_stayed(client, screener):
    one, two = pair(restricted=True)
    MergePeople(SYSTEM).run(one, two, "Sure")
    assert client.get(reverse("people:details", args=[two.pk])).status_code == 404
    assert client.get(f"/api/v1/people/{two.pk}").status_code == 404


def test_another_record_is_found_by_hand(client, screener):
    one, two = pair()
    page = words(client.get(reverse("people:same-as", args=[one.pk])))
    assert reverse("people:compare", args=[one.pk, two.pk]) in page
    assert "Registered twice" in page


def test_the_matching_finds_a_misspelt_double_and_not_a_brother():
    one = person(
        "Amina", "Khan", date(2017, 5, 14), sex="female", address="1 High Street", postcode="LA1 1AA"
    )
    two = person("Ameena", "Kahn", date(2017, 5, 14), sex="female", address="1, High St", postcode="LA1 1AA")
    twin = person(
        "Zara", "Khan", date(2017, 5, 14), sex="female", address="1 High Street", postcode="LA1 1AA"
    )
    found = find_matches(threads=1, memory="500MB")
    assert {frozenset((match.one, match.two)) for match in found} == {frozenset((str(one.pk), str(two.pk)))}
    assert str(twin.pk) not in {match.one for match in found} | {match.two for match in found}
    RelatePeople(SYSTEM).run(one, two, "sibling")
    assert not find_matches(threads=1, memory="500MB")
