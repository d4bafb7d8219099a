"""Alerts and disputes: the engine raises the one, a person the other; each list shows only what one may know of."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from goldenthread.casework.actions import OpenCase
from goldenthread.casework.models import Case, Duty, Involvement
from goldenthread.foundation.actor import SystemActor

from .front_door_people import ago, child, contact, recorded
from .partnership import Partnership, partnership
from .visitors import values, visitor, words

SYSTEM = SystemActor("tests")


@pytest.fixture
def place(db: Any) -> Partnership:
    return partnership()


def raised(place: Partnership, name: str, days: int = 2, **more: Any) -> Case:
    when = ago(days=days)
    data = {"raised_by": "health", "category": "practice", "problem": f"Nobody answers for {name}.", **more}
    return OpenCase(SYSTEM).run(
        "problem_resolution", child(place, name), when, data, organisation=place.care, lead=place.reviewing, recorded_at=when
    )


def page(name: str, query: str = "") -> str:
    return reverse(f"casework:{name}") + query


def test_a_dispute_is_listed_by_stage_and_category_with_its_clock(place: Partnership) -> None:
    first = raised(place, "Amira Hussain", with_whom=place.school.slug)
    second = raised(place, "Ben Holt", days=30, category="care_planning", stage="formal")
    recorded(place, second, "taken_to_senior_manager", ago(days=20), why="no_answer")
    client = visitor(place, "Rosa Whittle", "social_worker", place.care)
    told = words(client.get(page("disputes")))
    assert "1 Informal 0 Formal, team manager 1 Formal, senior manager 0 Partnership or Cafcass 0 Settled" in told
    assert "Amira Hussain" in told and f"Practice, with {place.school.title}" in told and "Nobody answers for Ben Holt." in told
    assert "days late" in told and told.index("Ben Holt") < told.index("Amira Hussain"), "the one whose clock ends first"
    assert "Ben Holt" not in words(client.get(page("disputes", f"?stage={first.state}")))
    narrowed = words(client.get(page("disputes", "?category=care_planning")))
    assert "Ben Holt" in narrowed and "Amira Hussain" not in narrowed
    assert "Amira Hussain" in words(client.get(page("disputes", "?stage=nonsense&category=nonsense&page=x")))


def test_a_settled_one_says_what_changed_for_the_child(place: Partnership) -> None:
    case = raised(place, "Amira Hussain")
    recorded(place, case, "resolved", ago(hours=3), outcome="agreed", changed_for_child="She sees her dad each week.")
    client = visitor(place, "Rosa Whittle", "social_worker", place.care)
    assert "Amira Hussain" not in words(client.get(page("disputes")))
    told = words(client.get(page("disputes", "?settled=1")))
    assert "She sees her dad each week." in told and "Agreed and acted on" in told


def test_a_dispute_one_may_not_know_of_is_in_no_list_and_no_count(place: Partnership) -> None:
    case = raised(place, "Amira Hussain")
    Case.objects.filter(pk=case.pk).update(restricted=True)
    for name, role, organisation in (("Rosa Whittle", "social_worker", place.care), ("Ann Poole", "gp", place.school)):
        told = words(visitor(place, name, role, organisation).get(page("disputes")))
        assert "Amira" not in told and "0 Informal" in told


def late_contact(place: Partnership) -> Duty:
    case = contact(place, child(place, "Ada Brook"), ago(days=3))
    Involvement.objects.get_or_create(case=case, organisation=place.care, user=None, defaults={"since": case.opened_at})
    Duty.objects.filter(case=case).update(outcome="cancelled")
    duty = Duty.objects.filter(case=case).order_by("pk")[0]
    yesterday = timezone.now() - timedelta(days=2)
    Duty.objects.filter(pk=duty.pk).update(outcome="open", due_at=yesterday, due_on=yesterday.date(), organisation=place.care)
    return duty


def test_an_alert_becomes_a_dispute_only_by_a_persons_choice(place: Partnership) -> None:
    duty = late_contact(place)
    client = visitor(place, "Rosa Whittle", "social_worker", place.care)
    answer = client.get(page("alerts", "?whose=agency"))
    assert "Ada Brook" in words(answer) and "2 days late" in words(answer)
    assert not Case.objects.filter(pathway="problem_resolution").exists()
    found = [unescape(part.partition('"')[0]) for part in answer.content.decode().split('href="')]
    links = [one for one in found if "problem_resolution" in one]
    assert len(links) == 1 and duty.case.reference not in links[0] and "Ada" not in links[0]
    form = values(client.get(links[0]))
    assert form["category"] == ["compliance"] and "has not been done" in form["problem"][0]
    assert not Case.objects.filter(pathway="problem_resolution").exists()


def test_a_late_answer_in_a_dispute_is_no_alert(place: Partnership) -> None:
    raised(place, "Amira Hussain", days=60)
    Duty.objects.filter(outcome="open").update(organisation=place.care)
    told = words(visitor(place, "Rosa Whittle", "social_worker", place.care).get(page("alerts", "?whose=agency")))
    assert "Amira" not in told


def test_a_dispute_can_be_raised_from_any_case_but_a_dispute(place: Partnership) -> None:
    client = visitor(place, "Rosa Whittle", "social_worker", place.care)
    case = contact(place, child(place, "Ada Brook"), ago(days=1), organisation=place.care)
    assert "Raise a dispute" in words(client.get(reverse("casework:case", args=[case.pk])))
    dispute = raised(place, "Amira Hussain")
    assert "Raise a dispute" not in words(client.get(reverse("casework:case", args=[dispute.pk])))
