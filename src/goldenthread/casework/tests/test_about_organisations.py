"""Cases about an organisation: opened, led to, listed, imported and kept like any other, and found by no person's page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from goldenthread.casework.actions import ImportEvents, OpenCase, RecordEvent
from goldenthread.casework.actions.retention import PlaceHold
from goldenthread.casework.importing import read_events
from goldenthread.casework.models import Case, Duty, LegalHold
from goldenthread.casework.policies import CasePolicy, people_in_cases
from goldenthread.casework.queries import worklist
from goldenthread.casework.queries.retention import kept_until
from goldenthread.foundation import library as known
from goldenthread.foundation.action import Invalid
from goldenthread.guidance.library import GuidanceError, Library
from goldenthread.people.models import Person
from goldenthread.people.policies import PersonPolicy

from .partnership import PLAN, Partnership, at, small_guidance
from .visitors import today_boxes, visitor, words

QUALITY = """\
id: quality
title: Quality of a provider
subject: organisation
lead: childrens_social_care
basis: public_task
about: A made-up process for a provider that worries its neighbours.
reference: Made-up procedures 2020, page 9
states:
  watched: {title: Watched}
  done: {title: Done, closed: true}
events:
  worry: {opens: true, to: watched, by: [childrens_social_care, police], asks: {what: {type: text, required: true}}}
  visited: {by: [childrens_social_care], asks: {who: {type: person}}}
  ended:
    by: [childrens_social_care]
    closes: true
    to: done
    asks: {again: {type: yes_no}}
    leads_to: [{open: quality, when: {again: true}}]
duties:
  visit:
    title: Visit the provider
    owner: childrens_social_care
    after: worry
    within: {2010-01-01: 5 working days}
    met_by: visited
    force: local
    reference: Made-up procedures 2020, page 10
"""
LEADING = PLAN.replace(
    "  visited:\n    by: [childrens_social_care]",
    """  provider_worry:
    by: [childrens_social_care]
    asks: {home: {type: organisation}, why: {type: text}}
    leads_to: [{open: quality, about: home, carry: {what: why}}]
  visited:
    by: [childrens_social_care]""",
)


@pytest.fixture
def small(settings: Any, tmp_path: Path) -> Iterator[Path]:
    folder = small_guidance(tmp_path / "guidance", plan=LEADING, quality=QUALITY)
    settings.GT_GUIDANCE_FOLDER = str(folder)
    yield folder
    known.reload_library()


@pytest.fixture
def case(place: Partnership) -> Case:
    return OpenCase(place.worker).run("quality", place.school, at("2026-03-02 09:30"), {"what": "Doors left open"})


@pytest.fixture
def rosa(place: Partnership) -> Client:
    return visitor(place, "Rosa Whittle", "team_manager", place.care)


def test_it_is_about_the_organisation_and_for_nobody(place: Partnership, case: Case) -> None:
    case.refresh_from_db()
    assert (case.subject_id, case.about, case.subject.name, case.area) == (None, place.school, "Hill school", place.burnley)
    assert not case.restricted and case.lead == place.care
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(about=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(subject=place.child())


def test_a_pathway_takes_only_what_it_is_about(place: Partnership) -> None:
    with pytest.raises(Invalid, match="about an organisation"):
        OpenCase(place.screener).run("quality", place.child(), date(2026, 3, 2), {"what": "x"})
    with pytest.raises(Invalid, match="about a person"):
        OpenCase(place.worker).run("plan", place.school, date(2026, 3, 2), {"reasons": "x", "held_at": "y"})


def test_those_who_are_part_of_it_see_it_and_the_organisation_itself_does_not(place: Partnership, case: Case) -> None:
    RecordEvent(place.worker).run(case, "visited", at("2026-03-03 10:00"), {})
    for actor, sees in ((place.worker, True), (place.screener, True), (place.teacher, False), (place.officer, False)):
        assert CasePolicy.visible_to(actor).filter(pk=case.pk).exists() is sees, actor.name


def test_no_person_is_found_by_it(place: Partnership, case: Case) -> None:
    amira = place.child()
    OpenCase(place.screener).run("plan", amira, date(2026, 3, 2), {"reasons": "x", "held_at": "y"})
    assert list(people_in_cases(place.worker)) == [{"subject": amira.pk}]
    assert list(PersonPolicy.visible_to(place.worker)) == [amira] and Person.objects.count() == 1


def test_its_work_is_in_the_lists_by_the_organisations_name(place: Partnership, case: Case, rosa: Client) -> None:
    row = worklist(place.worker, "agency", "late")[0]
    assert (row.case, row.case.subject.name) == (case, "Hill school")
    assert "Hill school" in words(rosa.get("/my-work/?whose=agency"))
    assert "Hill school" in words(rosa.get("/my-work/?unallocated=1"))


def test_a_childs_case_leads_to_one_about_the_organisation_that_is_named(place: Partnership) -> None:
    plan = OpenCase(place.screener).run("plan", place.child(), date(2026, 3, 2), {"reasons": "x", "held_at": "y"})
    with pytest.raises(Invalid, match="Say which organisation"):
        RecordEvent(place.worker).run(plan, "provider_worry", date(2026, 3, 3), {"why": "Doors"})
    event = RecordEvent(place.worker).run(plan, "provider_worry", date(2026, 3, 3), {"home": "hill_school", "why": "Doors"})
    opened = event.opened.get()
    assert (opened.pathway, opened.about, opened.subject_id) == ("quality", place.school, None)
    assert opened.events.get().data == {"what": "Doors"}


def test_every_page_of_it_opens_and_none_is_a_persons(place: Partnership, case: Case, rosa: Client) -> None:
    said = words(rosa.get(f"/cases/{case.pk}/"))
    assert "Hill school" in said and "Around" not in said and "Visit the provider" in said and "the child" not in said
    for path, status in {
        "looked/": 200, "record/visited/": 200, "duties/visit/1/": 200, "documents/add/": 200, "allocate/": 200, "involve/": 200,
        "requests/": 200, "hand-over/": 200, "ask/": 404,
    }.items():  # fmt: skip
        assert rosa.get(f"/cases/{case.pk}/{path}").status_code == status, path
    assert rosa.get(reverse("agreements:emergency", args=[case.pk])).status_code == 404
    assert rosa.get(f"/api/v1/cases/{case.pk}").status_code in (200, 401)
    answer = rosa.post(f"/cases/{case.pk}/record/visited/", {**today_boxes(), "who": "Ann Dale", "_version": "1"})
    assert answer.status_code == 302, words(answer)
    assert Duty.objects.get(case=case).outcome == "met"


def test_one_is_opened_from_the_page_of_the_organisation(place: Partnership, rosa: Client) -> None:
    found = words(rosa.get("/organisations/?q=hill"))
    assert "1 organisation found" in found
    assert "There is no case about this organisation" in words(rosa.get("/organisations/hill_school/"))
    page = rosa.get("/organisations/hill_school/new-case/")
    assert "Quality of a provider" in words(page) and "A made-up plan" not in words(page)
    address = "/organisations/hill_school/new-case/quality/worry/"
    assert rosa.post(address, today_boxes()).status_code == 422
    made = rosa.post(address, {**today_boxes(), "what": "Doors left open"})
    case = Case.objects.get()
    assert made.headers["Location"].startswith(f"/cases/{case.pk}/")
    assert all(case.reference in words(rosa.get(f"/organisations/{one}")) for one in ("hill_school/", ""))
    teacher = visitor(place, "Ann Dale", "school_safeguarding_lead", place.school)
    assert "There is nothing you can open" in words(teacher.get("/organisations/hill_school/new-case/"))
    assert teacher.get(address).status_code == 403 and case.reference not in words(teacher.get("/organisations/hill_school/"))
    assert rosa.get("/organisations/hill_school/new-case/plan/plan_started/").status_code == 403
    assert rosa.get("/organisations/no_school/").status_code == 404


def test_one_is_read_from_a_file(place: Partnership, tmp_path: Path) -> None:
    file = tmp_path / "events.csv"
    file.write_text(
        "about,person,pathway,kind,occurred,data.what\n"
        "hill_school,,quality,worry,2026-03-02,Doors\nHill school,,quality,visited,2026-03-03,\n"
        "no_school,,quality,worry,2026-03-02,Doors\nhill_school,,plan,plan_started,2026-03-02,\n"
    )
    reading = read_events(file, place.care)
    assert [(one.line, one.column) for one in reading.errors] == [(4, "about"), (5, "person")]
    assert ImportEvents(place.system).run(reading.events) == 2
    assert Case.objects.get().about == place.school and Case.objects.get().events.count() == 2


def test_it_is_kept_by_its_own_dates_alone_and_held_alone(place: Partnership, case: Case) -> None:
    RecordEvent(place.worker).run(case, "ended", date(2026, 3, 4), {})
    case.refresh_from_db()
    assert "No schedule names records of this kind" in kept_until([case], date(2026, 4, 1))[case.pk].because
    hold = PlaceHold(place.system).run(case, "The inquest has asked for it.", "HM Coroner", whole_person=True)
    assert (hold.case, hold.person_id) == (case, None) and LegalHold.objects.count() == 1


@pytest.mark.parametrize(
    ("plan", "quality", "says"),
    [
        (LEADING.replace("about: home, ", ""), QUALITY, "say in `about` which question"),
        (LEADING.replace("about: home", "about: hone"), QUALITY, "does not ask 'hone'"),
        (LEADING.replace("about: home", "about: why"), QUALITY, "type: organisation"),
        (LEADING, QUALITY.replace("{open: quality, when", "{open: concern, when"), "knows of none"),
    ],
)
def test_guidance_that_cannot_tell_whom_a_case_is_for_is_refused(tmp_path: Path, plan: str, quality: str, says: str) -> None:
    with pytest.raises(GuidanceError, match=says):
        Library.load(small_guidance(tmp_path / "guidance", plan=plan, quality=quality))
