"""Our duties beside the partnership's table of statutory clocks, where it lies beside the checkout (`make check-shared`)."""

from __future__ import annotations

import csv
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from goldenthread.guidance.library import shipped
from goldenthread.guidance.pathway import DutyRule
from goldenthread.guidance.retention import Schedule

pytestmark = pytest.mark.shared
NO_CLOCK = {"CLA-36", "IS-02"}
"""A caseload, and how long another service shows a flag: neither is done by anybody by a day."""


NO_LENGTH = {"window", "school_days_before_start", "date"}
"""Said in another way than as a length: months around a birthday, before the next school day, the last day of September."""

WHOLE_MONTHS = {"CH-01"}
"""Each calendar month, whatever the day of the last visit."""


def rows() -> list[dict[str, str]]:
    with (Path(os.environ["GT_SHARED"]) / "facts" / "statutory_clocks.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def kept() -> dict[str, list[Schedule]]:
    """The rows that say how long a record is kept: schedules of retention."""
    found: dict[str, list[Schedule]] = {}
    for schedule in shipped().retention.schedules.values():
        if schedule.fact:
            found.setdefault(schedule.fact, []).append(schedule)
    return found


def duties() -> dict[str, list[DutyRule]]:
    found: dict[str, list[DutyRule]] = {}
    for pathway in shipped().pathways.values():
        for duty in pathway.duties.values():
            for fact in (duty.fact or "").split(", "):
                found.setdefault(fact, []).append(duty)
    return found


def test_every_clock_of_the_table_is_a_duty() -> None:
    assert {row["id"] for row in rows()} - set(duties()) - set(kept()) == NO_CLOCK


def test_every_fact_named_is_a_row() -> None:
    assert (set(duties()) | set(kept())) - {""} <= {row["id"] for row in rows()}


def test_what_the_table_has_not_verified_is_never_shown_as_law_or_guidance() -> None:
    known = duties()
    wrong = [
        row["id"]
        for row in rows()
        if row["verified"] == "unverified"
        for duty in [*known.get(row["id"], []), *kept().get(row["id"], [])]
        if duty.force != "local" or duty.verified is not False
    ]
    assert wrong == []


def lengths(duty: DutyRule | Schedule) -> set[str]:
    """Every length of time a rule speaks of, as text."""
    found: set[str] = set()
    if isinstance(duty, Schedule):
        return {str(value) for _, value in duty.keep if value is not None}
    for dated in (duty.within, duty.by):
        found |= {str(value) for _, value in dated or () if value is not None}
    every: Any = duty.every or []
    for steps in every.values() if isinstance(every, dict) or hasattr(every, "values") else [every]:
        found |= {str(step.length) for step in steps or []}
    return found


def test_the_numbers_are_those_of_the_table() -> None:
    known = duties()
    wrong = []
    for row in rows():
        if not row["due_number"] or row["id"] in NO_CLOCK or row["due_unit"] in NO_LENGTH:
            continue
        unit = {"calendar_days": "days", "school_terms": "school terms"}.get(
            row["due_unit"], row["due_unit"].replace("_", " ")
        )
        amount = int(row["due_number"])
        if row["id"] in WHOLE_MONTHS:
            unit = f"whole {unit}"
        wanted = f"{amount} {unit[:-1] if amount == 1 else unit}"
        carried = [*known.get(row["id"], []), *kept().get(row["id"], [])]
        if not any(wanted in lengths(duty) for duty in carried):
            wrong.append((row["id"], wanted, [lengths(duty) for duty in carried]))
    assert wrong == []


def test_first_days_in_force_are_those_of_the_table() -> None:
    known = duties()
    wrong = []
    for row in rows():
        if not row["valid_from"] or row["id"] in NO_CLOCK:
            continue
        first = date.fromisoformat(row["valid_from"])
        carried = [*known.get(row["id"], []), *kept().get(row["id"], [])]
        if not any(first <= _first(duty) for duty in carried):
            wrong.append((row["id"], first, [_first(duty) for duty in carried]))
    assert wrong == []


def _first(duty: DutyRule | Schedule) -> date:
    dated = duty.keep if isinstance(duty, Schedule) else duty.within or duty.by
    if dated is not None:
        return min(day for day, _ in dated)
    assert isinstance(duty, DutyRule)
    if duty.in_force is not None:
        return duty.in_force.start
    assert duty.every is not None and not isinstance(duty.every, list)
    return min(duty.every)
