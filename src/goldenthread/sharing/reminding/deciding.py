"""Which duties have come to a step since the last run, and who is told of each: in batches, never all at once.

A duty is taken up when it starts to show as due soon; from then on its row of `DutyReminders` says when its next step comes.
Depends on `steps`, `people` and the case's own policies. Writes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from goldenthread.casework.models import Duty
from goldenthread.casework.policies import DutyPolicy
from goldenthread.foundation.library import current_library, pathways

from ..models import DutyReminders
from .people import Owed, People
from .steps import Reached, is_by_the_hour, moments, reached, rule_for

BATCH = 1000
LOOK_AHEAD = timedelta(days=1)
"""A duty without a day of its own for showing soon is taken up a day before it is due."""


class Clock(NamedTuple):
    """What a reminder needs of an open duty."""

    id: int
    case: UUID
    duty: str
    ordinal: int
    pathway: str
    due_on: date | None
    due_at: datetime
    soon_at: datetime | None
    worker: int | None
    team: int | None
    organisation: int | None
    lead: int
    arrangement: str


_COLUMNS = (
    "id", "case_id", "duty", "ordinal", "pathway", "due_on", "due_at", "soon_at", "worker_id", "team_id", "organisation_id",
    "case__lead_id", "case__arrangement",
)  # fmt: skip


@dataclass(slots=True)
class Telling:
    """One step of one duty: whom it tells. `nobody` where all who should hear may not see the case."""

    clock: Clock
    reached: Reached
    users: list[int]
    nobody: bool = False


@dataclass(slots=True)
class Batch:
    """What a batch of duties comes to."""

    clocks: list[Clock]
    told: list[Telling] = field(default_factory=list)
    progress: list[tuple[Clock, int, datetime | None]] = field(default_factory=list)
    """How many steps each has reached, and when its next one comes."""


def due_for_a_step(now: datetime) -> QuerySet[Duty]:
    """Open duties that have come to a step, or have not been looked at since they began to show."""
    same = DutyReminders.objects.filter(
        case=OuterRef("case"), duty=OuterRef("duty"), ordinal=OuterRef("ordinal"), due_at=OuterRef("due_at")
    )
    waits = same.filter(Q(next_at=None) | Q(next_at__gt=now))
    near = Q(soon_at__lte=now) | Q(due_at__lte=now + LOOK_AHEAD)
    return Duty.objects.filter(near, outcome=Duty.Outcome.OPEN, due_at__isnull=False).filter(~Exists(waits))


def batches(now: datetime, size: int = BATCH, among: Q | None = None) -> Iterator[Batch]:
    """Every duty (or of those `among`) that has come to a step, so many at a time in the order of their keys."""
    people = People(current_library().reminders.most_told)
    last = 0
    while True:
        rows = due_for_a_step(now).filter(among or Q(), pk__gt=last).order_by("pk").values_list(*_COLUMNS)[:size]
        clocks = [Clock(*row) for row in rows]
        if not clocks:
            return
        last = clocks[-1].id
        yield decided(clocks, now, people)


def decided(clocks: Sequence[Clock], now: datetime, people: People) -> Batch:
    """What is told of these duties now, to whom among those who may see them."""
    batch, told = Batch(list(clocks)), _told_before(clocks)
    reminders = current_library().reminders
    for clock in clocks:
        pathway = pathways(clock.arrangement).get(clock.pathway)
        rule = rule_for(reminders, pathway, clock.duty, is_by_the_hour(clock.due_on, clock.due_at))
        steps = list(moments(rule, clock.soon_at, clock.due_on, clock.due_at, clock.arrangement, now))
        before = told.get((clock.case, clock.duty, clock.ordinal, clock.due_at), 0)
        come, count, following = reached(steps, before, now)
        batch.progress.append((clock, count, following))
        owed = Owed(clock.worker, clock.team, clock.organisation, clock.lead)
        batch.told += _each_once([Telling(clock, one, people.told(one.step, owed)) for one in come])
    _leave_out_who_may_not_see(batch, people)
    return batch


def _each_once(tellings: list[Telling]) -> list[Telling]:
    """Somebody who would hear of one duty at several steps at once hears of the last."""
    heard: set[int] = set()
    kept = []
    for telling in reversed(tellings):
        left = [user for user in telling.users if user not in heard]
        if left or not telling.users:
            telling.users = left
            kept.append(telling)
        heard.update(left)
    return kept[::-1]


def _told_before(clocks: Sequence[Clock]) -> dict[tuple[Any, ...], int]:
    rows = DutyReminders.objects.filter(case__in={one.case for one in clocks})
    return {row[:4]: row[4] for row in rows.values_list("case_id", "duty", "ordinal", "due_at", "told")}


def _leave_out_who_may_not_see(batch: Batch, people: People) -> None:
    """One question for each person of the batch: which of these duties may they know of?"""
    wanted: dict[int, set[int]] = defaultdict(set)
    for telling in batch.told:
        for user in telling.users:
            wanted[user].add(telling.clock.id)
    seen = {user: _seen(people, user, duties) for user, duties in wanted.items()}
    for telling in batch.told:
        telling.users = [user for user in telling.users if telling.clock.id in seen[user]]
        telling.nobody = not telling.users


def _seen(people: People, user: int, duties: Iterable[int]) -> set[int]:
    actor = people.actor(user)
    if actor is None:
        return set()
    return set(DutyPolicy.visible_to(actor).filter(pk__in=list(duties)).values_list("pk", flat=True))
