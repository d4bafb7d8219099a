"""Recording what happens in a case: one event, or one event for several brothers and sisters at once."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from goldenthread.agencies.models import Organisation
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.capability import Capability

from ..models import Case, Event
from .appending import CaseAction, Occurred, Writing, leads_of
from .open import open_next


class RecordEvent(CaseAction[Event]):
    """Record something that happened in a case. What it leads to opens in the same transaction (`event.opened`).

    Pass the `version` the form was opened on: Stale is raised, nothing written, if somebody has added an event since.
    """

    name = "casework.record_event"
    needs = Capability.RECORD_EVENTS

    def perform(
        self, case: Case, kind: str, occurred: Occurred, data: Mapping[str, Any], *, version: int | None = None,
        organisation: Organisation | None = None, recorded_at: datetime | None = None, group: uuid.UUID | None = None,
    ) -> Event:  # fmt: skip
        return append_to(self, case, kind, occurred, data, version, organisation, recorded_at, group)


class InvalidForSome(Invalid):
    """What stands against an event for some of several children; `by_case` has each one's errors by field."""

    def __init__(self, by_case: Mapping[uuid.UUID, tuple[Case, Invalid]]) -> None:
        self.by_case = {identity: error.errors for identity, (_, error) in by_case.items()}
        super().__init__(
            {
                f"{identity}.{field}": [f"{case.subject.name}: {message}" for message in messages]
                for identity, (case, error) in by_case.items()
                for field, messages in error.errors.items()
            }
        )


class RecordForSeveral(CaseAction[list[Event]]):
    """Record one event for several children's cases, such as a visit to a family: all of them, or none.

    `each` gives answers that differ by child (their own words, say) by the id of their case.
    """

    name = "casework.record_for_several"
    needs = Capability.RECORD_EVENTS

    def perform(
        self, cases: Sequence[Case], kind: str, occurred: Occurred, data: Mapping[str, Any],
        versions: Mapping[uuid.UUID, int] | None = None, *, each: Mapping[uuid.UUID, Mapping[str, Any]] | None = None,
        organisation: Organisation | None = None, recorded_at: datetime | None = None,
    ) -> list[Event]:  # fmt: skip
        if not cases:
            raise Invalid({"cases": "Choose at least one child."})
        group = uuid.uuid4()
        found: dict[uuid.UUID, Event] = {}
        wrong: dict[uuid.UUID, tuple[Case, Invalid]] = {}
        # Always in the same order, so that two groups recorded at once wait for one another instead of locking up.
        for case in sorted({case.pk: case for case in cases}.values(), key=lambda case: case.pk):
            answers = {**data, **(each or {}).get(case.pk, {})}
            version = (versions or {}).get(case.pk)
            try:
                found[case.pk] = append_to(
                    self, case, kind, occurred, answers, version, organisation, recorded_at, group
                )
            except Invalid as error:
                wrong[case.pk] = (case, error)
        if wrong:
            raise InvalidForSome(wrong)
        return [found[case.pk] for case in cases]


def append_to(
    action: CaseAction[Any], case: Case, kind: str, occurred: Occurred, data: Mapping[str, Any], version: int | None,
    organisation: Organisation | None, recorded_at: datetime | None, group: uuid.UUID | None,
) -> Event:  # fmt: skip
    """Add one event to a case and open what it leads to."""
    writing = Writing(action, action.locked(case, version))
    event = writing.event_from(
        kind, occurred, data, organisation=organisation, recorded_at=recorded_at, group=group
    )
    event.case = writing.case
    progress = writing.append(event)
    open_next(writing, event, leads_of(progress, event.pk))
    return event
