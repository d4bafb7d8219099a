"""Opening a case from a person: what one's agency may begin, the first event, who leads."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from goldenthread.agencies.models import Organisation
from goldenthread.casework.actions import OpenCase
from goldenthread.casework.models import Case
from goldenthread.foundation import library as known
from goldenthread.people.models import Person

from .partnership import PLAN, Partnership
from .visitors import today_boxes, values, visitor, words

ANSWERS = {"reasons": "Neglect", "held_at": "County Hall"}


@pytest.fixture
def child(place: Partnership) -> Person:
    return place.child(given_name="Amira")


@pytest.fixture
def ann(place: Partnership) -> Client:
    return visitor(place, "Ann Dale", "school_safeguarding_lead", place.school)


def opening(child: Person, pathway: str = "plan", kind: str = "plan_started") -> str:
    return f"/people/{child.pk}/new-case/{pathway}/{kind}/"


def test_a_school_begins_a_case_and_social_care_leads_it(place: Partnership, child: Person, ann: Client) -> None:
    page = ann.get(f"/people/{child.pk}/new-case/")
    assert "Concern" in words(page) and f'href="{opening(child)}"' in page.content.decode()
    answer = ann.post(opening(child), {**today_boxes(), **ANSWERS})
    case = Case.objects.get()
    assert answer.headers["Location"].startswith(f"/cases/{case.pk}/?recorded=")
    assert (case.lead, case.subject) == (place.care, child)
    said = words(ann.get(answer.headers["Location"]))
    assert "“Hold the conference” is due" in said


def test_answers_that_are_missing_are_asked_for_and_the_rest_is_kept(child: Person, ann: Client) -> None:
    answer = ann.post(opening(child), {**today_boxes(), "reasons": "Neglect"})
    assert answer.status_code == 422 and "Enter an answer: Held at" in words(answer)
    assert values(answer)["reasons"] == ["Neglect"] and not Case.objects.exists()
    assert values(ann.get(opening(child)))["reasons"] == ["Neglect"]


def test_where_nobody_leads_for_the_area_one_is_asked_who_does(place: Partnership, child: Person, ann: Client) -> None:
    Organisation.objects.filter(pk=place.care.pk).update(safeguarding_partner=False)
    other = Organisation.objects.create(slug="other_care", title="Other care", kind="childrens_social_care", area=place.county)
    answer = ann.post(opening(child), {**today_boxes(), **ANSWERS})
    assert answer.status_code == 422 and "Choose who leads" in words(answer) and "Other care" in words(answer)
    assert ann.post(opening(child), {**values(answer), "_lead": "other_care"}).status_code == 302
    assert Case.objects.get().lead == other


def test_cases_already_open_are_named_first(place: Partnership, child: Person) -> None:
    case = OpenCase(place.system).run("plan", child, timezone.localdate() - timedelta(days=2), ANSWERS, lead=place.care)
    rosa = visitor(place, "Rosa Whittle", "social_worker", place.care, place.team)
    said = words(rosa.get(f"/people/{child.pk}/new-case/"))
    assert said.index(case.reference) < said.index("Contact" if "Contact" in said else "Concern")


def test_a_child_one_may_not_know_of_does_not_exist(place: Partnership, child: Person) -> None:
    officer = visitor(place, "Joe Kay", "police_officer", place.police)
    assert officer.get(f"/people/{child.pk}/new-case/").status_code == 404
    assert officer.post(opening(child), {**today_boxes(), **ANSWERS}).status_code == 404
    assert not Case.objects.exists()


@pytest.mark.parametrize(("pathway", "kind"), [("nothing", "plan_started"), ("plan", "visited"), ("plan", "nothing")])
def test_what_does_not_open_a_case_is_not_found(child: Person, ann: Client, pathway: str, kind: str) -> None:
    assert ann.get(opening(child, pathway, kind)).status_code == 404


def test_a_role_that_may_not_record_cannot_begin(place: Partnership, child: Person) -> None:
    manager: Any = visitor(place, "Bea Manager", "business_manager", place.care)
    assert manager.get(f"/people/{child.pk}/new-case/").status_code == 403


def test_what_is_offered_fits_the_age(place: Partnership, small: Path) -> None:
    for name, subject in (("home", "adult"), ("anybody", "person")):
        text = PLAN.replace("id: plan", f"id: {name}").replace("title: Plan", f"title: The {name} pathway")
        (small / "pathways" / f"{name}.yaml").write_text(text.replace("subject: child", f"subject: {subject}"))
    known.reload_library()
    ann = visitor(place, "Ann Dale", "school_safeguarding_lead", place.school)
    today = timezone.localdate()
    ages = {
        9: ({"plan", "concern", "anybody"}, set()),
        17: ({"plan", "concern", "anybody"}, {"home"}),
        20: ({"home", "anybody"}, {"plan", "concern"}),
        40: ({"home", "anybody"}, set()),
    }
    for age, (fits, seldom) in ages.items():
        who = place.child(f"Aged {age}", born=today.replace(day=1) - timedelta(days=366 * age))
        page = ann.get(f"/people/{who.pk}/new-case/").content.decode()
        first, _, folded = page.partition("What is seldom begun")
        for name in ("plan", "concern", "home", "anybody"):
            begins = f"/people/{who.pk}/new-case/{name}/"
            assert (begins in first, begins in folded) == (name in fits, name in seldom), (age, name)
        status = ann.get(f"/people/{who.pk}/new-case/home/plan_started/").status_code
        assert status == (200 if "home" in fits | seldom else 403), age
        page = ann.get(f"/children/{who.pk}/").content.decode()
        assert (f"?child={who.pk}" in page) is (age < 26), "a contact at the front door is about a child"
    for name in ("home", "anybody"):
        (small / "pathways" / f"{name}.yaml").unlink()
    known.reload_library()
