"""Cases of a restricted pathway: known to those who run it, in their own reach; to everyone else they do not exist, though
another case led to them or they told of it themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from goldenthread.agencies.actors import actor_for
from goldenthread.agencies.models import Membership, Organisation, Role, User
from goldenthread.casework.actions import OpenCase, RecordEvent
from goldenthread.casework.actions.appending import involve
from goldenthread.casework.models import Case
from goldenthread.casework.policies import CasePolicy, DutyPolicy, EventPolicy
from goldenthread.casework.tests.partnership import (
    CONCERN,
    MANAGER,
    SCREENER,
    WORKER,
    Partnership,
    partnership,
    small_guidance,
)
from goldenthread.casework.tests.visitors import today_boxes, visitor, words
from goldenthread.foundation import library as known
from goldenthread.foundation.actor import Actor
from goldenthread.people.models import Person
from goldenthread.sharing.actions.climbing import climb
from goldenthread.sharing.actions.hand_over import OfferHandOver, WithdrawHandOver
from goldenthread.sharing.models import HandOver
from goldenthread.sharing.policies import HandOverPolicy, NoticePolicy
from goldenthread.sharing.queries.access import look_of, looks_at, subjects_of
from goldenthread.sharing.queries.rights import RightsThen

SECRET = """\
id: secret
title: Hushed inquiry
subject: person
lead: childrens_social_care
basis: public_task
sensitivity: restricted
about: A made-up inquiry that few know of.
reference: Made-up procedures 2020, page 9
states:
  begun: {title: Begun}
  over: {title: Over, closed: true}
events:
  told: {opens: true, to: begun, by: [any_agency], asks: {what: {type: text, required: true}}}
  looked_into: {by: [childrens_social_care]}
  ended: {by: [childrens_social_care], closes: true, to: over}
duties:
  look_into:
    title: Look into it
    owner: childrens_social_care
    after: told
    within: {2010-01-01: 1 working day}
    met_by: looked_into
    force: local
    reference: Made-up procedures 2020, page 10
"""
LEADING = CONCERN.replace("of: [nothing, plan]}", "of: {nothing: Nothing, plan: Plan, passed: Passed on}}").replace(
    "      - {open: plan,", "      - {open: secret, when: {outcome: passed}, carry: {what: reasons}}\n      - {open: plan,"
)


@pytest.fixture
def place(db: Any, settings: Any, tmp_path: Path) -> Iterator[Partnership]:
    settings.GT_GUIDANCE_FOLDER = str(small_guidance(tmp_path / "guidance", concern=LEADING, secret=SECRET))
    yield partnership()
    known.reload_library()


def runs(place: Partnership, organisation: Organisation, handles: list[str], scope: str = "organisation") -> Actor:
    slug = f"runs_{scope}_{organisation.slug}_{'_'.join(handles)}"
    user, made = User.objects.get_or_create(username=slug)
    if made:
        capabilities = [each.value for each in WORKER]
        role = Role.objects.create(slug=slug, title=slug, scope=scope, capabilities=capabilities, handles=handles)
        Membership.objects.create(user=user, organisation=organisation, role=role, starts=date(2020, 1, 1))
    return actor_for(User.objects.get(pk=user.pk))


@pytest.fixture
def amira(place: Partnership) -> Person:
    return place.child()


@pytest.fixture
def concern(place: Partnership, amira: Person) -> Case:
    """Told by the school, and passed on: it led to a restricted case."""
    case = OpenCase(place.teacher).run("concern", amira, timezone.now() - timedelta(days=9), {"source": "school"})
    screener = place.actor("Sana Begum", place.care, SCREENER, "partnership")
    RecordEvent(screener).run(
        case, "decided", timezone.now() - timedelta(days=8), {"outcome": "passed", "reasons": "What the carer did"}
    )
    return case


@pytest.fixture
def secret(concern: Case) -> Case:
    return Case.objects.get(pathway="secret")


def sees(actor: Actor, case: Case) -> bool:
    found = {
        CasePolicy.visible_to(actor).filter(pk=case.pk).exists(),
        EventPolicy.visible_to(actor).filter(case=case).exists(),
        DutyPolicy.visible_to(actor).filter(case=case).exists(),
    }
    assert len(found) == 1
    return found.pop()


def test_those_who_run_it_see_it_in_their_reach_and_nobody_else(place: Partnership, secret: Case) -> None:
    assert secret.restricted and not secret.subject.restricted
    assert sees(runs(place, place.care, ["secret"]), secret)
    assert sees(runs(place, place.police, ["secret"], "partnership"), secret)
    assert not sees(runs(place, place.police, ["secret"]), secret)
    assert not sees(runs(place, place.care, ["plan"]), secret)
    assert not sees(runs(place, place.care, ["secret"], "own"), secret)
    for actor in (place.screener, place.manager, place.worker, place.teacher):
        assert not sees(actor, secret), actor.name
    involve(secret, [place.police.pk], timezone.now())
    assert sees(runs(place, place.police, ["secret"]), secret)


def test_it_never_shows_a_case_for_a_restricted_person(place: Partnership, secret: Case, amira: Person) -> None:
    Person.objects.filter(pk=amira.pk).update(restricted=True)
    officer = runs(place, place.care, ["secret"])
    assert not sees(officer, secret)
    Case.objects.filter(pk=secret.pk).update(worker=officer.user_id)
    assert sees(officer, secret)


def test_it_shows_no_other_restricted_case(place: Partnership, concern: Case) -> None:
    officer = runs(place, place.care, ["secret"])
    assert sees(officer, concern)
    Case.objects.filter(pk=concern.pk).update(restricted=True)
    assert not sees(officer, concern)


def test_an_offer_of_one_is_known_at_the_other_agency_to_those_who_run_it_there(
    place: Partnership, secret: Case, amira: Person
) -> None:
    other = Organisation.objects.create(slug="other_care", title="Other council", kind="childrens_social_care")
    runner, sender = runs(place, other, ["secret"]), runs(place, place.care, ["secret"])
    strangers = [runs(place, other, []), runs(place, other, ["plan"]), runs(place, other, [], "partnership")]

    def known(actor: Actor) -> tuple[list[HandOver], set[str]]:
        notices = NoticePolicy.visible_to(actor).values_list("kind", flat=True)
        return list(HandOverPolicy.visible_to(actor)), set(notices)

    offer = OfferHandOver(sender).run(secret, other, "transfer", "Please take this inquiry over: they live with you now.")
    assert known(runner) == ([offer], {"hand_over.offered"})
    HandOver.objects.filter(pk=offer.pk).update(due_at=timezone.now() - timedelta(hours=1))
    assert climb() == 1 and climb() == 0
    WithdrawHandOver(sender).run(HandOver.objects.get())
    assert known(runner) == ([offer], {"hand_over.offered", "hand_over.late.0", "hand_over.withdrawn"})
    for actor in strangers:
        assert known(actor) == ([], set()), actor.name
    Person.objects.filter(pk=amira.pk).update(restricted=True)
    assert known(runner)[0] == []


def visit(place: Partnership) -> Iterator[tuple[str, Client]]:
    yield "screener", visitor(place, "Sana Screener", "front_door_screener", place.care)
    yield "manager", visitor(place, "Tom Marsden", "team_manager", place.care)
    yield "worker", visitor(place, "Rosa Whittle", "social_worker", place.care)
    yield "teacher", visitor(place, "Ann Dale", "school_safeguarding_lead", place.school)


def test_what_led_to_it_does_not_say_so(place: Partnership, concern: Case, secret: Case, amira: Person) -> None:
    pages = [
        f"/cases/{concern.pk}/", f"/children/{amira.pk}/", f"/children/{amira.pk}/?period=all", "/my-work/?whose=agency",
        "/my-work/?whose=agency&when=late", "/my-work/?unallocated=1", "/front-door/", f"/people/{amira.pk}/new-case/",
        "/people/?q=amira+hussain", f"/children/{amira.pk}/chronology/", f"/people/{amira.pk}/details/", "/notices/",
        f"/access/child/{amira.pk}/", f"/access/why/?record={amira.pk}", f"/api/v1/cases/{concern.pk}",
        "/api/v1/work?whose=agency",
        f"/api/v1/people/{amira.pk}", f"/cases/{concern.pk}/looked/",
    ]  # fmt: skip
    officer = visitor(place, "Lena Run", "designated_officer", place.care)
    Role.objects.filter(slug="designated_officer").update(handles=["secret"])
    for path in (f"/cases/{concern.pk}/", f"/children/{amira.pk}/"):
        assert secret.reference in officer.get(path).content.decode(), path
    assert officer.get(f"/cases/{secret.pk}/").status_code == 200
    assert "Look into it" in words(officer.get("/my-work/?whose=agency&when=late"))
    for who, client in visit(place):
        for path in pages:
            body = client.get(path).content.decode()
            assert secret.reference not in body and str(secret.pk) not in body, (who, path)
            assert "Look into it" not in body, (who, path)
            assert "Hushed" not in body or "/new-case/" in path, (who, path)
        absent = client.get("/cases/00000000-0000-4000-8000-000000000000/")
        assert (client.get(f"/cases/{secret.pk}/").status_code, absent.status_code) == (404, 404)


def test_the_one_who_told_hears_that_it_was_passed_on_and_no_more(place: Partnership, amira: Person) -> None:
    teacher = visitor(place, "Ann Dale", "school_safeguarding_lead", place.school)
    answer = teacher.post(f"/people/{amira.pk}/new-case/secret/told/", {**today_boxes(), "what": "A worry"})
    secret = Case.objects.get()
    assert answer.headers["Location"] == f"/people/{amira.pk}/new-case/?sent=secret"
    page = teacher.get(answer.headers["Location"])
    assert "what you told was passed on" in words(page) and str(secret.pk) not in page.content.decode()


def test_the_answer_to_recording_names_no_case_that_one_may_not_know_of(place: Partnership, amira: Person) -> None:
    case = OpenCase(place.screener).run("concern", amira, timezone.now() - timedelta(days=1), {})
    manager = visitor(place, "Fay Door", "front_door_screener", place.care)
    Role.objects.filter(slug="front_door_screener").update(capabilities=sorted(each.value for each in SCREENER | MANAGER))
    body = {"kind": "decided", "occurred": timezone.localdate().isoformat(), "data": {"outcome": "passed", "reasons": "x"}}
    answer = manager.post(f"/api/v1/cases/{case.pk}/events", json.dumps(body), content_type="application/json")
    assert answer.status_code == 201, answer.content
    assert answer.json()["opened"] == [] and Case.objects.filter(pathway="secret").count() == 1


def test_why_they_looked_is_told_to_those_who_may_know_of_the_case(
    place: Partnership, secret: Case, amira: Person
) -> None:
    officer = visitor(place, "Lena Run", "designated_officer", place.care)
    Role.objects.filter(slug="designated_officer").update(handles=["secret"])
    Person.objects.filter(pk=amira.pk).update(registered_by=None)
    Case.objects.exclude(pk=secret.pk).update(opened_at=timezone.now() + timedelta(days=1))
    assert officer.get(f"/cases/{secret.pk}/").status_code == 200
    row = looks_at(amira).get(verb="case.view")
    _, cases = subjects_of(amira)
    (right,) = RightsThen(amira, cases, [row.user_id or 0]).of(look_of(row, amira.pk))
    assert right.short == "They run such cases" and "runs hushed inquiry cases, which are restricted" in right.words
    assert looks_at(amira, reader=place.manager).count() == 0
