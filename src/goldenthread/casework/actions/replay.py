"""Replaying clocks: working out the duties of open cases again after the guidance or a calendar has changed.

Lists each duty whose date moved, that is new or that is gone, and why. Cases are taken in batches, each in a transaction
of its own, so that people can go on recording meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from goldenthread.clocks.calendar import end_of
from goldenthread.foundation.capability import Capability
from goldenthread.guidance.pathway import Pathway

from .. import duties
from ..models import Case, Duty
from ..owners import Owners
from ..record import UnknownPathway, happenings_by_case, program_of, standing, subject_of
from .appending import CaseAction, involve, save_duties

BATCH = 500
Told = Callable[[int, int], None]
"""Told how many cases are done, of how many."""


@dataclass(frozen=True, slots=True)
class Moved:
    """One duty that a replay changes."""

    case_id: UUID
    case: str
    """The case's reference."""
    pathway: str
    duty: str
    ordinal: int
    title: str
    change: Literal["moved", "new", "removed"]
    old_due: date | datetime | None
    new_due: date | datetime | None
    why: Literal["edition", "calendar"]
    """Whether the guidance gives another length of time (or another clock), or the same counts to another day."""


class ReplayClocks(CaseAction[list[Moved]]):
    """Work out open cases again. `dry_run` only tells what would change, and writes nothing."""

    name = "casework.replay_clocks"
    needs = Capability.REPLAY_CLOCKS

    def run(
        self, dry_run: bool = False, *, arrangement: str | None = None, told: Told | None = None
    ) -> list[Moved]:
        """Raises NotAllowed. Each batch is one transaction with its journal entries."""
        self.actor.require(Capability.REPLAY_CLOCKS)
        rows = _to_replay(arrangement)
        total, done, found = rows.count(), 0, []
        for batch in _batches(rows):
            found += self.look(batch) if dry_run else super().run(batch)
            done += len(batch)
            if told is not None:
                told(min(done, total), total)
        return found

    def perform(self, batch: Sequence[UUID]) -> list[Moved]:
        rows = (
            Case.objects.select_for_update(of=("self",))
            .filter(pk__in=batch)
            .select_related("subject", "about", "lead")
        )
        found, upserts, removed, touched = [], [], [], 0
        for case, changes, values, moved, joining in _reckon(rows):
            found += moved
            upserts += changes.upserts
            removed += changes.removed
            if joining:
                involve(case, joining, timezone.now())
            if values:
                Case.objects.filter(pk=case.pk, version=case.version).update(**values)
            if changes or values:
                touched += 1
                self.note(
                    "case",
                    case.pk,
                    duties=len(changes.upserts),
                    removed=len(changes.removed),
                    moved=len(moved),
                )
        save_duties(duties.Changes(upserts, removed))
        if not touched:
            self.quiet("nothing in this batch of cases has changed")
        return found

    def look(self, batch: Sequence[UUID]) -> list[Moved]:
        """What `perform` would change, with nothing written."""
        rows = Case.objects.filter(pk__in=batch).select_related("subject", "about", "lead")
        return [one for _, _, _, moved, _ in _reckon(rows) for one in moved]


def _to_replay(arrangement: str | None) -> QuerySet[Case]:
    """Open cases, and closed ones that still owe something."""
    owing = Duty.objects.filter(case=OuterRef("pk"), outcome__in=(Duty.Outcome.OPEN, Duty.Outcome.WAITING))
    rows = Case.objects.filter(Q(is_open=True) | Q(Exists(owing)))
    return rows.filter(arrangement=arrangement) if arrangement else rows


def _batches(rows: QuerySet[Case]) -> Iterator[list[UUID]]:
    last: UUID | None = None
    while True:
        more = rows if last is None else rows.filter(pk__gt=last)
        batch = list(more.order_by("pk").values_list("pk", flat=True)[:BATCH])
        if not batch:
            return
        yield batch
        last = batch[-1]


Reckoned = tuple[Case, duties.Changes, dict[str, Any], list[Moved], dict[int, Any]]


def _reckon(rows: QuerySet[Case]) -> Iterator[Reckoned]:
    """Each case with what its events now make of it, beside what is stored."""
    cases = list(rows)
    happenings = happenings_by_case([case.pk for case in cases])
    stored: dict[UUID, list[duties.Stored]] = {}
    for row in duties.stored_duties_of(case.pk for case in cases):
        stored.setdefault(row.case_id, []).append(row)
    now = timezone.now()
    for case in cases:
        try:
            program = program_of(case)
        except UnknownPathway:
            continue  # its guidance was taken away: its duties stand as they were
        progress = program.run(happenings[case.pk], subject_of(case.subject), now)
        owners = Owners(case, program.pathway, happenings[case.pk])
        changes = duties.changes(case, program.pathway, progress.duties, stored.get(case.pk, []), owners)
        fresh = standing(program.pathway, progress)
        values: dict[str, Any] = {}
        for name in ("state", "is_open", "priority", "next_due_at"):
            if getattr(case, name) != getattr(fresh, name):
                values[name] = getattr(fresh, name)
        if "is_open" in values:
            values["closed_at"] = None if fresh.is_open else fresh.closed_at or now
        yield case, changes, values, list(_moved(case, program.pathway, changes)), owners.joining


def _moved(case: Case, pathway: Pathway, changes: duties.Changes) -> Iterator[Moved]:
    for row in changes.upserts:
        old = changes.before.get((row.duty, row.ordinal))
        title = pathway.duties[row.duty].title
        at = (case.pk, case.reference, case.pathway, row.duty, row.ordinal, title)
        if old is None:
            yield Moved(*at, "new", None, _due(row), "edition")
        elif old.due_at != row.due_at:
            yield Moved(
                *at, "moved", _due(old), _due(row), "edition" if old.length != row.length else "calendar"
            )
    for gone in changes.removed:
        rule = pathway.duties.get(gone.duty)
        title = rule.title if rule else gone.duty
        yield Moved(
            case.pk,
            case.reference,
            case.pathway,
            gone.duty,
            gone.ordinal,
            title,
            "removed",
            _due(gone),
            None,
            "edition",
        )


def _due(row: Duty | duties.Stored) -> date | datetime | None:
    """The due day, or for a clock in hours the moment."""
    if row.due_on is not None and row.due_at == end_of(row.due_on):
        return row.due_on
    return row.due_at
