"""Bringing in a file of events that `importing.read_events` has read and checked: all of them or none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from goldenthread.foundation.action import Invalid
from goldenthread.foundation.capability import Capability

from ..importing import EventRow
from ..models import Case
from .appending import CaseAction
from .open import OpenCase
from .record import RecordEvent


class ImportEvents(CaseAction[int]):
    """Record every event of a file, opening cases where rows open them. The number of events recorded.

    Each goes through the same action as one recorded by hand, with a journal entry in its case.
    """

    name = "casework.import_events"
    needs = Capability.IMPORT_RECORDS

    def perform(
        self, events: Sequence[EventRow], *, progress: Callable[[int], None] = lambda done: None
    ) -> int:
        made: dict[tuple[int, str], UUID] = {}
        for row in events:
            try:
                self._record(row, made)
            except Invalid as error:
                raise Invalid(
                    {name: [f"line {row.line}: {one}" for one in many] for name, many in error.errors.items()}
                ) from error
            progress(1)
        if not events:
            self.quiet("the file has no event in it")
        else:
            self.note("import", f"events/{len(events)}", cases=len(made))
        return len(events)

    def _record(self, row: EventRow, made: dict[tuple[int, str], UUID]) -> None:
        given = {"organisation": row.organisation, "recorded_at": row.recorded}
        if row.opens:
            case = OpenCase(self.actor).run(
                row.pathway, row.whom, row.occurred, row.data, kind=row.kind, **given
            )
            made[row.line, row.pathway] = case.pk
            first = case.events.get()
        else:
            identity = row.case if row.opened_by is None else made[row.opened_by]
            first = RecordEvent(self.actor).run(Case(pk=identity), row.kind, row.occurred, row.data, **given)
        for following in Case.objects.filter(opened_from=first):
            made[row.line, following.pathway] = following.pk
