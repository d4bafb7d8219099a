"""After two records of a person are joined or parted: what is due in their cases is worked out again.

A clock may count from a date of birth, and the record that stayed may have another than the one that went. Called by
`people.actions.merging`, in its transaction. Depends on `replay`.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from goldenthread.foundation.action import Action
from goldenthread.foundation.actor import SystemActor
from goldenthread.people.models import Person

from ..models import Case
from .replay import BATCH, ReplayClocks


def reckon_again(people: list[Person]) -> None:
    """Work out the duties of their cases again, open or closed: what stands is what their events and birthdays make."""
    for batch in _batches(people):
        Action.run(ReplayClocks(SystemActor("Joined records")), batch)


def _batches(people: list[Person]) -> Iterator[list[UUID]]:
    ids = list(Case.objects.filter(subject__in=people).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]
