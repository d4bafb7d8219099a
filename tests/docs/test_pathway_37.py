"""The pathway of docs/do/add-a-pathway.md, as a reader adds it: two files and no code, and people work by it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from goldenthread.agencies.models import Organisation
from goldenthread.casework.models import Case, Duty
from goldenthread.casework.tests.partnership import Partnership, partnership
from goldenthread.casework.tests.visitors import today_boxes, visitor, words
from goldenthread.clocks.assure import assure
from goldenthread.foundation import library as known
from goldenthread.guidance.library import Library, shipped

from .reading import ROOT, blocks

PAGE = ROOT / "docs" / "do" / "add-a-pathway.md"
WATER = "water_safety"


@pytest.fixture
def added(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """A folder with the line that says what it adds to, and the two files of the page."""
    folder = tmp_path / "my-guidance"
    folder.mkdir()
    (folder / "guidance.yaml").write_text("adds_to: shipped\n")
    for block in blocks(PAGE):
        if block.file:
            place = tmp_path / block.file
            place.parent.mkdir(exist_ok=True)
            place.write_text(block.text)
    assert sorted(path.name for path in folder.rglob("*.yaml")) == ["guidance.yaml", f"{WATER}.yaml", f"{WATER}.yaml"]
    settings.GT_GUIDANCE_FOLDER = str(folder)
    yield folder
    known.reload_library()


@pytest.fixture
def place(db: Any, added: Path) -> Partnership:
    return partnership()


@pytest.fixture
def officer(place: Partnership) -> Client:
    fire = Organisation.objects.create(
        slug="fire", title="Lancashire Fire and Rescue", kind="fire_and_rescue", area=place.county
    )
    return visitor(place, "Mo Hart", "social_worker", fire)


def test_all_that_ships_is_there_beside_it_and_its_worked_cases_are_as_they_expect(added: Path) -> None:
    library = Library.load(added)
    assert set(library.pathways) == {*shipped().pathways, WATER}
    outcomes = assure(library)
    assert len(outcomes) == 3 and not [one for one in outcomes if one.differences]


def test_a_case_of_it_is_opened_stands_in_the_worklist_is_closed_and_opened_again(
    place: Partnership, officer: Client
) -> None:
    child = place.child(given_name="Amira")
    begin = f"/people/{child.pk}/new-case/{WATER}/found_at_water/"
    teacher = visitor(place, "Ann Dale", "school_safeguarding_lead", place.school)
    assert "Water safety" in words(teacher.get(f"/people/{child.pk}/new-case/"))
    assert teacher.post(begin, {**today_boxes(), "place": "quarry"}).status_code == 302
    case = Case.objects.get()
    assert (case.pathway, case.state, case.lead.slug) == (WATER, "told", "fire")

    assert "See the family" in words(officer.get("/my-work/?whose=agency"))
    proof = words(officer.get(f"/cases/{case.pk}/duties/see_family/1/"))
    assert "Our open water agreement 2026, section 2.3" in proof and "5 working days" in proof
    answer = officer.post(f"/cases/{case.pk}/record/family_seen/", {**today_boxes(), "child_seen": "yes", "_version": "1"})
    assert answer.status_code == 302, words(answer)
    assert set(Duty.objects.values_list("duty", "outcome")) == {("see_family", "met"), ("before_summer", "open")}

    for kind, boxes, state in (
        ("case_closed", {"reason": "safer"}, "ended"), ("reopened", {"reason": "Found there again"}, "told"),
    ):  # fmt: skip
        case.refresh_from_db()
        answer = officer.post(
            f"/cases/{case.pk}/record/{kind}/", {**today_boxes(), **boxes, "_version": str(case.version)}
        )
        assert answer.status_code == 302, words(answer)
        case.refresh_from_db()
        assert (case.state, case.is_open) == (state, kind == "reopened")


def test_its_clock_is_late_when_the_days_are_over(place: Partnership, officer: Client) -> None:
    child = place.child(given_name="Amira")
    teacher = visitor(place, "Ann Dale", "school_safeguarding_lead", place.school)
    long_ago = timezone.localdate() - timedelta(days=30)
    answer = teacher.post(
        f"/people/{child.pk}/new-case/{WATER}/found_at_water/", {**today_boxes(day=long_ago), "place": "canal"}
    )
    assert answer.status_code == 302, words(answer)
    assert "Amira" in words(officer.get("/my-work/?whose=agency&when=late"))
