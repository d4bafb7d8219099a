"""Keeping the action register: the lines of a case in the transaction of its event, and the whole table made anew.

What a line says is worked out by `casework.register`; only differences are written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db.models import Q

from goldenthread.agencies.models import Organisation
from goldenthread.clocks.happening import effective
from goldenthread.foundation.action import Action
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import current_library
from goldenthread.guidance.pathway import Pathway

from ..models import AgreedAction, Case, Event
from ..record import UnknownPathway, happenings_by_case, program_of
from ..register import COLUMNS, Agreed, actions_of, identity_of

BATCH = 500
ACTION_COLUMNS = tuple("agency_id" if name == "agency" else name for name in COLUMNS)
"""Columns of the table that the events decide."""


def keep_actions(case: Case, pathway: Pathway, found: Sequence[Agreed]) -> int:
    """Make the lines of a case what its events make them; how many were written or went."""
    return _keep([(case, pathway.id, found)])


def rows_of(case: UUID, pathway: str, found: Sequence[Agreed], agencies: dict[str, int]) -> list[AgreedAction]:
    """The lines of a case, not written yet. An agency that is not known here is left out."""
    rows = []
    for one in found:
        values: dict[str, Any] = asdict(one)
        values["agency_id"] = agencies.get(values.pop("agency"))
        rows.append(AgreedAction(pk=identity_of(case, one.entry, one.number), case_id=case, pathway=pathway, **values))
    return rows


def _keep(cases: Sequence[tuple[Case, str, Sequence[Agreed]]]) -> int:
    slugs = {one.agency for _, _, found in cases for one in found if one.agency}
    agencies = dict(Organisation.objects.filter(slug__in=slugs).values_list("slug", "pk")) if slugs else {}
    wanted = {row.pk: row for case, pathway, found in cases for row in rows_of(case.pk, pathway, found, agencies)}
    names = ("id", "case_id", "pathway", *ACTION_COLUMNS)
    before = {row[0]: row for row in AgreedAction.objects.filter(case__in=[one.pk for one, _, _ in cases]).values_list(*names)}
    changed = [row for key, row in wanted.items() if before.get(key) != tuple(getattr(row, name) for name in names)]
    if changed:
        AgreedAction.objects.bulk_create(
            changed, update_conflicts=True, unique_fields=["id"],
            update_fields=["case", "pathway", *(one.removesuffix("_id") for one in ACTION_COLUMNS)],
        )  # fmt: skip
    gone = before.keys() - wanted.keys()
    if gone:
        AgreedAction.objects.filter(pk__in=gone).delete()
    return len(changed) + len(gone)


class RebuildRegister(Action[int]):
    """Make the lines of some cases anew from their events, such as after guidance changed which events make actions."""

    name = "casework.rebuild_register"
    needs = Capability.REPLAY_CLOCKS

    def run(self) -> int:
        """Every case that has, or could have, a line; each batch in a transaction of its own. How many lines changed."""
        self.actor.require(self.needs)
        return sum(super(RebuildRegister, self).run(batch) for batch in _batches())

    def perform(self, batch: Sequence[UUID]) -> int:
        cases = list(Case.objects.select_for_update(of=("self",)).filter(pk__in=batch).order_by("pk"))
        happenings = happenings_by_case([case.pk for case in cases])
        found: list[tuple[Case, str, Sequence[Agreed]]] = []
        for case in cases:
            try:
                pathway = program_of(case).pathway
            except UnknownPathway:
                continue  # its guidance was taken away: its lines stand as they were
            found.append((case, pathway.id, actions_of(pathway, effective(happenings[case.pk]))))
        changed = _keep(found)
        if changed:
            self.note("register", f"{len(batch)} cases", lines=changed)
        else:
            self.quiet("these lines stand as they were")
        return changed


def _batches() -> Iterator[list[UUID]]:
    """Cases with a line, or with an event that may make one."""
    kinds = {
        kind for pathway in current_library().pathways.values() for entry in pathway.registers.values() for kind in entry.agreed
    }
    agreeing = Event.objects.filter(kind__in=sorted(kinds)).values("case")
    rows = Case.objects.filter(Q(pk__in=agreeing) | Q(pk__in=AgreedAction.objects.values("case"))).order_by("pk")
    last: UUID | None = None
    while batch := list((rows if last is None else rows.filter(pk__gt=last)).values_list("pk", flat=True)[:BATCH]):
        yield batch
        last = batch[-1]
