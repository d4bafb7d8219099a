"""Duties as rows: what the engine works out beside what is stored, and the difference between the two.

Computes only; `casework.actions` write the difference. A row that stays keeps its owner, so that work given to somebody
is not taken from them when another event is recorded.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from goldenthread.clocks.engine import ComputedDuty

from .models import Case, Duty
from .owners import Owners
from .record import due_on, late_for_good, outcome_of

COMPUTED = (
    "pathway", "triggered_on", "triggered_by", "due_on", "due_at", "soon_at", "met_at", "outcome", "late", "owner_kind",
)  # fmt: skip
"""Columns that the engine decides."""
OWNERSHIP = ("organisation_id", "team_id", "worker_id")
_STORED = ("id", "duty", "ordinal", *OWNERSHIP, *COMPUTED)


@dataclass(frozen=True, slots=True)
class Changes:
    """What must be written so that the stored duties of a case are what its events make them."""

    upserts: list[Duty] = field(default_factory=list)
    removed: list[Duty] = field(default_factory=list)
    before: dict[tuple[str, int], Duty] = field(default_factory=dict)
    """The stored rows as they were, by duty and ordinal."""

    def __bool__(self) -> bool:
        return bool(self.upserts or self.removed)


def row_from(case: Case, duty: ComputedDuty) -> Duty:
    """A computed duty as a row, without an owner."""
    return Duty(
        case_id=case.pk, duty=duty.duty, ordinal=duty.ordinal, pathway=case.pathway, triggered_on=duty.triggered,
        triggered_by=duty.triggered_by, due_on=due_on(duty), due_at=duty.due_at, soon_at=duty.soon_at,
        met_at=duty.met_at, outcome=outcome_of(duty), late=late_for_good(duty), owner_kind=duty.owner,
    )  # fmt: skip


def stored_duties(case: Case) -> list[Duty]:
    """The stored duties of a case."""
    return [duty_from(case, row) for row in Duty.objects.filter(case_id=case.pk).values_list(*_STORED)]


def duty_from(case: Case, row: tuple[object, ...]) -> Duty:
    return Duty(case_id=case.pk, **dict(zip(_STORED, row, strict=True)))


STORED_COLUMNS = _STORED


def changes(case: Case, computed: Iterable[ComputedDuty], stored: Iterable[Duty], owners: Owners) -> Changes:
    """The difference between the duties worked out and those stored."""
    before = {(one.duty, one.ordinal): one for one in stored}
    left = dict(before)
    upserts: list[Duty] = []
    for duty in computed:
        fresh = row_from(case, duty)
        old = left.pop((duty.duty, duty.ordinal), None)
        if old is not None and all(getattr(old, name) == getattr(fresh, name) for name in COMPUTED):
            continue
        same_trigger = old is not None and (old.owner_kind, old.triggered_by) == (
            fresh.owner_kind,
            fresh.triggered_by,
        )
        if old is not None and same_trigger:
            for name in OWNERSHIP:
                setattr(fresh, name, getattr(old, name))
        else:
            assign(case, fresh, owners.of(duty).pk)
        upserts.append(fresh)
    return Changes(upserts, list(left.values()), before)


def assign(case: Case, duty: Duty, organisation_id: int) -> None:
    """Give a duty to an organisation; within the lead's, to the team and worker of the case."""
    duty.organisation_id = organisation_id
    ours = organisation_id == case.lead_id
    duty.team_id = case.team_id if ours else None
    duty.worker_id = case.worker_id if ours else None
