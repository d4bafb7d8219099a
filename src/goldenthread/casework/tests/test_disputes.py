"""Alerts and disputes: the engine raises the one, a person the other; each list shows only what one may know of."""

from __future__ import annotations

from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from goldenthread.casework.actions import AmendEvent, OpenCase
from goldenthread.casework.models import Case, Duty, Involvement
from goldenthread.casework.queries.worklist import late_work
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


def test_a_category_that_was_corrected_is_not_found_under_the_old_one(place: Partnership) -> None:
    case = raised(place, "Amira Hussain")
    first = case.events.get()
    AmendEvent(SYSTEM).run(first, first.occurred_at, {**first.data, "category": "care_planning"}, "The wrong one was chosen.")
    client = visitor(place, "Rosa Whittle", "social_worker", place.care)
    assert "Amira Hussain" not in words(client.get(page("disputes", "?category=practice")))
    assert "Amira Hussain" in words(client.get(page("disputes", "?category=care_planning")))


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
    assert "Amira" not in told and "My agency’s 0 late" in told


def test_what_outlives_a_case_that_closed_is_told_after_what_is_late_in_open_ones(place: Partnership) -> None:
    answers = {"outcome": "no_further_action", "level_of_need": "1", "reasons": "Nothing found."}
    for number in range(3):
        closed = contact(place, child(place, f"Cleo Closed{number}"), ago(days=900 + number))
        recorded(place, closed, "decided", ago(days=899), **answers)
        contact(place, child(place, f"Olga Open{number}"), ago(days=5))
    Duty.objects.filter(outcome="open").update(organisation=place.care)
    late = late_work(place.screener, "agency")
    assert [one.case.is_open for one in late] == [True] * 3 + [False] * 3
    assert [one.duty for one in late[-3:]] == ["referrer_told"] * 3
    for size in (1, 2, 3, 4):
        cut = [one for start in range(0, len(late), size) for one in late_work(place.screener, "agency", start=start, limit=size)]
        assert cut == late, f"{size} at a time: without gap or double"
    client = visitor(place, "Rosa Whittle", "social_worker", place.care)
    Involvement.objects.bulk_create(
        [Involvement(case=one, organisation=place.care, since=one.opened_at) for one in Case.objects.all()], ignore_conflicts=True
    )
    told = words(client.get(page("alerts", "?whose=agency")))
    assert "Cleo Closed0 contact, closed" in told and told.rindex("Olga Open") < told.index("Cleo Closed")


def test_the_names_of_meetings_keep_their_capitals(place: Partnership) -> None:
    graded = OpenCase(SYSTEM).run(
        "domestic_abuse", child(place, "Leah Barnes", date(1990, 1, 1)), ago(days=60), {"risk": "high", "ticks": 16},
        kind="risk_graded", organisation=place.police, recorded_at=ago(days=60),
    )  # fmt: skip
    Duty.objects.filter(case=graded, outcome="open").update(organisation=place.care)
    Involvement.objects.create(case=graded, organisation=place.care, since=graded.opened_at)
    client = visitor(place, "Rosa Whittle", "social_worker", place.care)
    for name, query in (("alerts", "?whose=agency"), ("my-work", "?whose=agency&when=late")):
        told = words(client.get(page(name, query)))
        assert "domestic abuse (MARAC)" in told and "Record: referred to the MARAC" in told


def test_a_dispute_can_be_raised_from_any_case_but_a_dispute(place: Partnership) -> None:
    client = visitor(place, "Rosa Whittle", "social_worker", place.care)
    case = contact(place, child(place, "Ada Brook"), ago(days=1), organisation=place.care)
    assert "Raise a dispute" in words(client.get(reverse("casework:case", args=[case.pk])))
    dispute = raised(place, "Amira Hussain")
    assert "Raise a dispute" not in words(client.get(reverse("casework:case", args=[dispute.pk])))
