"""Two people writing at once, on real connections: one is told, nothing is lost, and duties stay whole."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from goldenthread.casework.actions import OpenCase, RecordEvent
from goldenthread.casework.models import Case
from goldenthread.casework.record import progress_of
from goldenthread.foundation.action import Stale
from goldenthread.foundation.models import JournalEntry

from .partnership import at, partnership

pytestmark = pytest.mark.django_db(transaction=True)


def together(*works: Callable[[], Any]) -> list[Any]:
    """Run each in a thread of its own, started at the same moment; its result, or what it raised."""
    found: list[Any] = [None] * len(works)
    start = threading.Barrier(len(works))

    def run(index: int) -> None:
        try:
            start.wait()
            found[index] = works[index]()
        except Exception as error:
            found[index] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


@pytest.fixture
def case(small: Path) -> tuple[Any, Case]:
    place = partnership()
    data = {"reasons": "Hurt", "held_at": "Burnley"}
    return place, OpenCase(place.system).run(
        "plan", place.child(), at("2026-03-02 10:00"), data, organisation=place.care
    )


def test_of_two_who_opened_the_same_version_one_is_written_and_the_other_told(case: tuple[Any, Case]) -> None:
    place, plan = case
    actors = [place.worker, place.manager]

    def visit(index: int) -> Callable[[], Any]:
        moment = at(f"2026-03-{9 + index:02} 10:00")
        return lambda: RecordEvent(actors[index]).run(
            plan, "visited", moment, {"child_seen": True}, version=1
        )

    found = together(visit(0), visit(1))
    stale = [one for one in found if isinstance(one, Stale)]
    assert len(stale) == 1, found
    assert (stale[0].opened_at_version, stale[0].current_version) == (1, 2)
    plan.refresh_from_db()
    assert (plan.version, plan.events.count()) == (2, 2)


def test_writers_who_name_no_version_queue_and_every_word_is_kept(case: tuple[Any, Case]) -> None:
    place, plan = case
    worker = place.worker

    def visit(index: int) -> Callable[[], Any]:
        return lambda: RecordEvent(worker).run(
            plan, "visited", at(f"2026-03-09 1{index}:00"), {"child_seen": True}
        )

    found = together(*(visit(index) for index in range(4)))
    assert not [one for one in found if isinstance(one, Exception)], found
    plan.refresh_from_db()
    assert (plan.version, [one.sequence for one in plan.events.all()]) == (5, [1, 2, 3, 4, 5])
    assert {(one.duty, one.ordinal) for one in plan.duties.all()} == {
        (one.duty, one.ordinal) for one in progress_of(plan).duties
    }
    chain = JournalEntry.objects.filter(subject_type="case", subject_id=str(plan.pk)).order_by("sequence")
    assert [entry.sequence for entry in chain] == [1, 2, 3, 4, 5]
    assert all(
        later.previous == earlier.digest for earlier, later in zip(chain, list(chain)[1:], strict=False)
    )
    assert connection.vendor in ("sqlite", "postgresql")
