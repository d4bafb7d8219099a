"""An agency's duties in a case are for the person of it who is named there; what was done before stays as it was."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from goldenthread.casework.actions import AllocateCase, InvolveOrganisation, OpenCase, RecordEvent
from goldenthread.casework.models import Case, Duty
from goldenthread.casework.queries import worklist
from goldenthread.foundation import library

from .partnership import PLAN, Partnership, small_guidance

ONCE = "    within: {2010-01-01: 20 working days}\n    met_by: health_seen\n"
AGAIN = "    every: [{then: 20 working days}]\n    in_force: {from: 2010-01-01}\n    met_by: health_seen\n"


@pytest.fixture
def small(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """The small guidance, but that health sees the child again and again."""
    assert PLAN.count(ONCE) == 1
    settings.GT_GUIDANCE_FOLDER = str(small_guidance(tmp_path / "guidance", plan=PLAN.replace(ONCE, AGAIN)))
    yield tmp_path
    library.reload_library()


@pytest.fixture
def case(place: Partnership) -> Case:
    opening = {"reasons": "x", "held_at": "y"}
    opened = timezone.now() - timedelta(days=20)
    return OpenCase(place.system).run("plan", place.child(), opened, opening, organisation=place.care)


def owners(case: Case, duty: str) -> list[str]:
    """Who has each turn of a duty; empty for nobody."""
    rows = Duty.objects.filter(case=case, duty=duty).select_related("worker").order_by("ordinal")
    return [row.worker.first_name if row.worker else "" for row in rows]


def seen(place: Partnership, case: Case, days: int) -> None:
    when = timezone.now() - timedelta(days=days)
    RecordEvent(place.system).run(case, "health_seen", when, {}, organisation=place.health)


def test_whoever_is_named_has_what_is_undone_and_what_comes_but_not_what_was_done(place: Partnership, case: Case) -> None:
    nurse = place.nurse
    seen(place, case, 15)
    assert owners(case, "health") == ["", ""]
    InvolveOrganisation(place.system).run(case, place.health, place.users["Ada Okoro"])
    assert owners(case, "health") == ["", "Ada"]
    seen(place, case, 9)
    assert owners(case, "health") == ["", "Ada", "Ada"]
    assert [row.duty for row in worklist(nurse, "mine", "later")] == ["health"]
    assert owners(case, "visits") == [""]


def test_of_several_the_last_has_the_work_and_naming_somebody_again_moves_nothing(place: Partnership, case: Case) -> None:
    for name in ("Ada Okoro", "Bea Lund", "Ada Okoro"):
        place.actor(name, place.health)
        InvolveOrganisation(place.system).run(case, place.health, place.users[name])
    assert owners(case, "health") == ["Bea"]
    seen(place, case, 3)
    assert owners(case, "health") == ["Bea", "Bea"]


def test_the_leads_own_work_stays_with_the_worker_of_the_case(place: Partnership, case: Case) -> None:
    assert place.worker and place.manager
    AllocateCase(place.system).run(case, place.users["Rosa Whittle"])
    InvolveOrganisation(place.system).run(case, place.care, place.users["Tom Marsden"])
    assert owners(case, "visits") == ["Rosa"]
    InvolveOrganisation(place.system).run(case, place.health)
    assert owners(case, "health") == [""]
