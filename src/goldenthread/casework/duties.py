"""Duties as rows: what the engine works out beside what is stored, and the difference between the two.

Computes only; `casework.actions` write the difference. A row that stays keeps its owner, so that work given to somebody
is not taken from them when another event is recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from goldenthread.clocks.engine import ComputedDuty
from goldenthread.foundation.prepared import MARK, Prepared
from goldenthread.guidance.pathway import DutyRule, Pathway

from .models import Case, Duty
from .owners import Owners
from .record import due_on, late_for_good, outcome_of

COMPUTED = (
    "pathway", "triggered_on", "triggered_by", "due_on", "due_at", "soon_at", "met_at", "outcome", "late", "length",
    "owner_kind",
)  # fmt: skip
"""Columns that the engine and the guidance decide, in the order of `computed_values`."""
_KEPT = ("id", "case_id", "duty", "ordinal", "organisation_id", "team_id", "worker_id")


class Stored(NamedTuple):
    """A row as it is stored."""

    id: int
    case_id: Any
    duty: str
    ordinal: int
    organisation_id: int | None
    team_id: int | None
    worker_id: int | None
    computed: tuple[Any, ...]

    def __getattr__(self, name: str) -> Any:
        if name in COMPUTED:
            return self.computed[COMPUTED.index(name)]
        raise AttributeError(name)


@dataclass(frozen=True, slots=True)
class Changes:
    """What must be written so that the stored duties of a case are what its events make them."""

    upserts: list[Duty] = field(default_factory=list)
    removed: list[Stored] = field(default_factory=list)
    before: Mapping[tuple[str, int], Stored] = field(default_factory=dict)
    """The stored rows as they were, by duty and ordinal."""

    def __bool__(self) -> bool:
        return bool(self.upserts or self.removed)

    def ended(self) -> list[tuple[str, int]]:
        """Duties that were open and are so no more, or are due at another time."""
        found = [(one.duty, one.ordinal) for one in self.removed if one.outcome == Duty.Outcome.OPEN]
        for row in self.upserts:
            before = self.before.get((row.duty, row.ordinal))
            if before is None or before.outcome != Duty.Outcome.OPEN:
                continue
            if row.outcome != Duty.Outcome.OPEN or row.due_at != before.due_at:
                found.append((row.duty, row.ordinal))
        return found


def computed_values(case: Case, pathway: Pathway, duty: ComputedDuty) -> tuple[Any, ...]:
    """What a row says of a computed duty, in the order of COMPUTED."""
    rule = pathway.duties[duty.duty]
    return (
        case.pathway, duty.triggered, duty.triggered_by, due_on(duty), duty.due_at, duty.soon_at, duty.met_at,
        outcome_of(duty), late_for_good(duty), length_in_force(rule, duty.triggered), duty.owner,
    )  # fmt: skip


def row_from(case: Case, pathway: Pathway, duty: ComputedDuty) -> Duty:
    """A computed duty as a row, without an owner."""
    values = dict(zip(COMPUTED, computed_values(case, pathway, duty), strict=True))
    return Duty(case_id=case.pk, duty=duty.duty, ordinal=duty.ordinal, **values)


def length_in_force(rule: DutyRule, day: date) -> str:
    """The length of time that the guidance gives a clock that starts on a day, in its own words."""
    if rule.within is not None:
        return str(rule.within.on(day) or "")
    if rule.by is not None:
        return f"{rule.by.on(day) or ''} before"
    if rule.every is not None:
        steps: Any = rule.every
        if isinstance(steps, Mapping):
            steps = next((steps[first] for first in sorted(steps, reverse=True) if first <= day), None)
        return ", then ".join(str(step.length) for step in steps or ())[:120]
    return "half way" if rule.midway is not None else "before the next school day"


_OF_CASE = Prepared(lambda: Duty.objects.filter(case_id=MARK).values_list(*_KEPT, *COMPUTED))


def stored_duties(case: Case) -> list[Stored]:
    """The stored duties of a case."""
    return [Stored(*row[:7], row[7:]) for row in _OF_CASE.rows(case.pk)]  # type: ignore[call-arg]


def stored_duties_of(cases: Iterable[Any]) -> list[Stored]:
    """The stored duties of many cases, given by their ids."""
    rows = Duty.objects.filter(case_id__in=list(cases)).values_list(*_KEPT, *COMPUTED)
    return [Stored(*row[:7], row[7:]) for row in rows]  # type: ignore[call-arg]


def changes(
    case: Case, pathway: Pathway, computed: Iterable[ComputedDuty], stored: Iterable[Stored], owners: Owners
) -> Changes:
    """The difference between the duties worked out and those stored."""
    before = {(one.duty, one.ordinal): one for one in stored}
    left = dict(before)
    upserts: list[Duty] = []
    for duty in computed:
        old = left.pop((duty.duty, duty.ordinal), None)
        values = computed_values(case, pathway, duty)
        if old is not None and old.computed == values:
            continue
        fresh = Duty(
            case_id=case.pk, duty=duty.duty, ordinal=duty.ordinal, **dict(zip(COMPUTED, values, strict=True))
        )
        if old is not None and (old.owner_kind, old.triggered_by) == (fresh.owner_kind, fresh.triggered_by):
            fresh.organisation_id, fresh.team_id, fresh.worker_id = (
                old.organisation_id,
                old.team_id,
                old.worker_id,
            )
        else:
            owner = owners.of(duty)
            fresh.organisation_id = owner.pk
            fresh.team_id, fresh.worker_id = owners.within(owner)
        upserts.append(fresh)
    return Changes(upserts, list(left.values()), before)
