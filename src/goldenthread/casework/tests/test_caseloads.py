"""Caseloads: what each carries against the range, drift, changes of worker, and a proposal that says why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from goldenthread.agencies.models import Role, User
from goldenthread.casework.actions import AllocateCase, OpenCase
from goldenthread.casework.models import Case
from goldenthread.casework.queries.caseloads import Caseloads, caseloads_of
from goldenthread.foundation import library as known
from goldenthread.guidance.library import GuidanceError, Library
from goldenthread.people.models import Person, Relationship

from .partnership import MANAGER, Partnership, small_guidance
from .visitors import visitor, words

LOADS = """\
about: Made-up ranges.
people:
  social_worker:
    recommended: {from: 2, to: 3}
    counts: {plan: 1}
    reference: Made up
drift:
  plan: {after: [9 months, 15 months], reference: Made up}
changes: {more_than: 1, within: 12 months, reference: Made up}
"""
OPENING = {"reasons": "x", "held_at": "y"}


@pytest.fixture
def small(settings: Any, tmp_path: Path) -> Iterator[Path]:
    folder = small_guidance(tmp_path / "guidance")
    (folder / "caseloads.yaml").write_text(LOADS)
    settings.GT_GUIDANCE_FOLDER = str(folder)
    yield folder
    known.reload_library()


@pytest.fixture
def two(place: Partnership) -> tuple[User, User]:
    """Two social workers of a team."""
    for name in ("Rosa Whittle", "Ben Okafor"):
        visitor(place, name, "social_worker", place.care, place.team)
    return place.users["Rosa Whittle"], place.users["Ben Okafor"]


def plan(place: Partnership, name: str, worker: User | None = None, opened: datetime | None = None) -> Case:
    case = OpenCase(place.system).run(
        "plan", place.child(name), opened or timezone.now() - timedelta(days=1), OPENING, organisation=place.care
    )
    return AllocateCase(place.system).run(case, worker, place.team) if worker else case


def found(place: Partnership) -> Caseloads:
    return caseloads_of(place.actor("Ella Boss", place.care, MANAGER), place.care, place.team, timezone.now())


def test_each_ones_work_stands_against_the_range(place: Partnership, two: tuple[User, User]) -> None:
    rosa, ben = two
    for number in range(4):
        plan(place, f"Child {number}", rosa, timezone.now() - timedelta(days=40 * number))
    one, other = found(place).people
    assert (one.user, one.weight, one.cases, one.state) == (rosa, 4, 4, "over")
    assert (other.user, other.weight, other.state, other.late) == (ben, 0, "under", 0)
    assert one.late > 0


def test_a_case_that_one_may_not_know_of_is_not_counted(place: Partnership, two: tuple[User, User]) -> None:
    case = plan(place, "Child A", two[0])
    Case.objects.filter(pk=case.pk).update(restricted=True)
    Case.objects.filter(pk=plan(place, "Child B").pk).update(restricted=True)
    result = found(place)
    assert [one.cases for one in result.people] == [0, 0] and result.unallocated == 0 and result.proposals == []


def test_drift_counts_each_plan_once_under_the_longest_step_it_is_past(place: Partnership, two: tuple[User, User]) -> None:
    old, older = (plan(place, f"Child {days}", two[0], timezone.now() - timedelta(days=days)) for days in (300, 500))
    plan(place, "Child new", two[0])
    result = found(place)
    assert [(one.case, one.months) for one in result.drifting] == [(older, 15), (old, 9)]
    assert result.steps == (9, 15) and result.people[0].drifting == [1, 1]


def test_changes_from_one_worker_to_another_are_counted_and_the_first_is_none(
    place: Partnership, two: tuple[User, User]
) -> None:
    case = plan(place, "Child A", two[0])
    for worker in (two[1], two[1], two[0]):
        AllocateCase(place.system).run(case, worker, place.team)
    (changed,) = found(place).changed
    assert (changed.case, changed.times) == (case, 2)


def test_the_next_goes_to_the_lightest_and_then_to_the_next_lightest(place: Partnership, two: tuple[User, User]) -> None:
    rosa, ben = two
    plan(place, "Child A", rosa)
    first, second, third = (plan(place, f"Child {number}", None) for number in range(3))
    proposed = {one.case: one for one in found(place).proposals}
    assert [proposed[case].worker for case in (first, second, third)] == [ben, ben, rosa]
    assert "has the lightest work for the range" in proposed[first].reasons
    assert "would carry 1; 2 to 3 is recommended" in proposed[first].reasons


def test_who_works_with_a_sister_is_proposed_unless_it_is_too_much(place: Partnership, two: tuple[User, User]) -> None:
    rosa, ben = two
    theirs = plan(place, "Sister", rosa)
    waiting = plan(place, "Brother")
    Relationship.objects.create(person=waiting.subject, other=theirs.subject, kind="sibling")
    (one,) = found(place).proposals
    assert one.worker == rosa and one.reasons[0] == "works with a brother or sister"
    for number in range(2):
        plan(place, f"Child {number}", rosa)
    (one,) = found(place).proposals
    assert one.worker == ben


def test_where_everybody_has_too_much_it_says_so(place: Partnership, two: tuple[User, User]) -> None:
    for number in range(6):
        plan(place, f"Child {number}", two[number % 2])
    plan(place, "One more")
    assert "everybody would be above the range" in found(place).proposals[0].reasons
    Role.objects.filter(slug="social_worker").update(slug="other")
    assert found(place).people == [] and found(place).proposals[0].worker is None


def test_the_page_shows_it_and_leads_to_allocating(place: Partnership, two: tuple[User, User]) -> None:
    plan(place, "Nadia Karim", two[0])
    waiting = plan(place, "Tom Field")
    manager = visitor(place, "Tom Marsden", "team_manager", place.care, place.team)
    page = manager.get("/caseloads/")
    said = words(page)
    assert "1; 2 to 3 is recommended Below the range" in said and "Tom Field" in said and "Ben Okafor" in said
    address = f"/cases/{waiting.pk}/allocate/?worker={two[1].pk}"
    assert address in page.content.decode()
    assert f'value="{two[1].pk}" selected' in manager.get(address).content.decode()
    assert visitor(place, "Rosa Whittle", "social_worker", place.care).get("/caseloads/").status_code == 403
    assert Person.objects.count() == 2


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("{from: 2, to: 3}", "{from: 3, to: 2}", "less than"),
        ("counts: {plan: 1}", "counts: {plam: 1}", "unknown pathway 'plam'"),
        ("[9 months, 15 months]", "[15 months, 9 months]", "shortest to the longest"),
        ("[9 months, 15 months]", "[9 weeks]", "in months"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused(tmp_path: Path, old: str, new: str, says: str) -> None:
    folder = small_guidance(tmp_path / "guidance")
    (folder / "caseloads.yaml").write_text(LOADS.replace(old, new))
    with pytest.raises(GuidanceError, match=says):
        Library.load(folder)
