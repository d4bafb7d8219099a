"""My work: whose, by when, why, and nothing that is not one's to see."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from goldenthread.casework.actions import AllocateCase, OpenCase
from goldenthread.casework.models import Case
from goldenthread.foundation.models import JournalEntry

from .partnership import Partnership
from .visitors import visitor, words


def plan(place: Partnership, days_ago: int, name: str = "Amira Hussain", mine: bool = True, **more: Any) -> Case:
    day = timezone.localdate() - timedelta(days=days_ago)
    child = place.child(name, **more)
    case = OpenCase(place.system).run("plan", child, day, {"reasons": "Neglect", "held_at": "County Hall"}, lead=place.care)
    if mine:
        AllocateCase(place.system).run(case, place.users["Rosa Whittle"], place.team)
    return case


@pytest.fixture
def rosa(place: Partnership) -> Client:
    return visitor(place, "Rosa Whittle", "social_worker", place.care, place.team)


def test_a_late_duty_says_who_what_when_and_why_and_links_to_what_meets_it(place: Partnership, rosa: Client) -> None:
    case = plan(place, 60)
    page = rosa.get("/my-work/?whose=mine&when=late")
    said = words(page)
    assert page.status_code == 200
    assert "Amira Hussain" in said and "Visit the child" in said and "days late" in said
    assert "10 working days after plan started" in said
    html = page.content.decode()
    assert f'href="/cases/{case.pk}/record/visited/"' in html
    assert f'href="/cases/{case.pk}/duties/visits/1/"' in html


def test_the_first_look_opens_on_what_there_is_to_do(place: Partnership, rosa: Client) -> None:
    plan(place, 0)
    page = rosa.get("/my-work/")
    assert "Later" in words(page) and "Visit the child" in words(page)


def test_what_is_mine_my_teams_and_my_agencys_are_told_apart(place: Partnership, rosa: Client) -> None:
    plan(place, 60, "Mine Own")
    other = plan(place, 60, "Others Child", mine=False)
    AllocateCase(place.system).run(other, None, place.team)
    assert "Others Child" not in words(rosa.get("/my-work/?whose=mine"))
    assert "Others Child" in words(rosa.get("/my-work/?whose=team"))
    assert "Others Child" in words(rosa.get("/my-work/?whose=agency"))


def test_counts_are_links_and_a_pathway_narrows_them(place: Partnership, rosa: Client) -> None:
    plan(place, 60)
    page = rosa.get("/my-work/?whose=mine&when=late&pathway=plan").content.decode()
    assert "whose=mine&amp;when=late&amp;pathway=plan" in page
    assert "Visit the child" not in words(rosa.get("/my-work/?whose=mine&when=late&pathway=concern"))


def test_an_unknown_choice_in_the_address_is_as_good_as_none(place: Partnership, rosa: Client) -> None:
    plan(place, 60)
    page = rosa.get("/my-work/?whose=everyone&when=never&pathway=%27&page=x")
    assert page.status_code == 200 and "Visit the child" in words(page)


def test_a_long_list_has_pages(place: Partnership, rosa: Client) -> None:
    for number in range(14):
        plan(place, 60, f"Child Number{number:02}")
    first, second = rosa.get("/my-work/?whose=mine"), rosa.get("/my-work/?whose=mine&page=2")
    assert 'rel="next"' in first.content.decode() and 'rel="prev"' in second.content.decode()
    assert first.content.decode().count('<li class="gt-work__line') == 25
    assert second.content.decode().count('<li class="gt-work__line') == 14 * 2 - 25


def test_cases_with_no_worker_are_counted_only_for_those_who_may_allocate(place: Partnership, rosa: Client) -> None:
    plan(place, 3, "Nobodys Yet", mine=False)
    tom = visitor(place, "Tom Marsden", "team_manager", place.care, place.team)
    assert "1 case with no worker" in words(tom.get("/my-work/"))
    listed = words(tom.get("/my-work/?unallocated=1"))
    assert "Nobodys Yet" in listed and "Allocate" in listed
    assert "no worker" not in words(rosa.get("/my-work/"))
    assert "Nobodys Yet" not in words(rosa.get("/my-work/?unallocated=1"))


def test_restricted_work_is_not_there_for_those_who_may_not_see_it(place: Partnership, rosa: Client) -> None:
    case = plan(place, 60, "Hidden Child", mine=False, restricted=True)
    AllocateCase(place.system).run(case, None, place.team)
    page = words(rosa.get("/my-work/?whose=agency"))
    assert "Hidden Child" not in page and "0 Late" in page


def test_another_agency_sees_only_what_it_owes(place: Partnership) -> None:
    plan(place, 60, mine=False)
    nurse = visitor(place, "Ada Okoro", "designated_nurse", place.health)
    said = words(nurse.get("/my-work/?whose=agency"))
    assert "Health sees the child" in said and "Visit the child" not in said


def test_someone_who_may_not_see_cases_is_told_so_and_someone_not_signed_in_signs_in(place: Partnership) -> None:
    manager = visitor(place, "Bea Manager", "business_manager", place.care)
    assert manager.get("/my-work/").status_code == 403
    assert Client().get("/my-work/").headers["Location"].startswith("/accounts/")


def test_looking_at_my_work_is_journalled(place: Partnership, rosa: Client) -> None:
    rosa.get("/my-work/")
    assert JournalEntry.objects.filter(verb="work.view", user_id=rosa.user.pk).count() == 1  # type: ignore[attr-defined]
