"""My work: open duties of one's own, of one's teams and of one's agencies, by when they are due.

Reads the partial indexes on open duties; lists are cut and counts capped, so that the cost does not grow with the data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.db.models import Q, QuerySet
from django.utils import timezone

from goldenthread.clocks.calendar import end_of, local_day
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.library import current_library

from ..models import Duty
from ..policies import DutyPolicy
from .counting import Count, capped_counts

Whose = Literal["mine", "team", "agency"]
When = Literal["late", "today", "week", "later"]
WHOSE: tuple[Whose, ...] = ("mine", "team", "agency")
WHEN: tuple[When, ...] = ("late", "today", "week", "later")
PAGE = 50


@dataclass(frozen=True, slots=True)
class WorkCounts:
    """How much there is: by when it is due, and by pathway for the chosen when."""

    when: Mapping[When, Count]
    pathways: Mapping[str, Count]
    """Pathway id -> count; those with nothing are left out."""


def worklist(
    actor: Actor, whose: Whose = "mine", when: When = "late", pathway: str | None = None, *, start: int = 0,
    limit: int = PAGE, now: datetime | None = None,
) -> list[Duty]:  # fmt: skip
    """Open duties, the earliest due first, with their case, child and owner at hand. One statement."""
    rows = _due(_open(actor, whose, pathway), when, now or timezone.now())
    ordered = rows.order_by("due_at", "pk").select_related("case__subject", "worker", "organisation")
    return list(ordered[start : start + limit])


def worklist_counts(
    actor: Actor,
    whose: Whose = "mine",
    when: When = "late",
    pathway: str | None = None,
    *,
    now: datetime | None = None,
) -> WorkCounts:
    """The counts beside the list, each a link. Two statements."""
    moment = now or timezone.now()
    base = _open(actor, whose, pathway)
    by_when: dict[When, QuerySet[Duty]] = {one: _due(base, one, moment) for one in WHEN}
    every = _due(_open(actor, whose, None), when, moment)
    by_pathway = {one: every.filter(pathway=one) for one in current_library().pathways}
    pathways = {one: count for one, count in capped_counts(by_pathway).items() if count}
    return WorkCounts(capped_counts(by_when), pathways)


def whose_counts(actor: Actor, *, now: datetime | None = None) -> dict[Whose, Count]:
    """How much is late: mine, my team's, my agency's. One statement."""
    moment = now or timezone.now()
    return capped_counts({whose: _due(_open(actor, whose, None), "late", moment) for whose in WHOSE})


def _open(actor: Actor, whose: Whose, pathway: str | None) -> QuerySet[Duty]:
    if whose == "mine":
        owned = Q(worker=actor.user_id) if actor.user_id is not None else Q(pk__in=())
    elif whose == "team":
        owned = Q(team__in=sorted(actor.team_ids))
    else:
        owned = Q(organisation__in=sorted(actor.organisation_ids))
    rows = DutyPolicy.visible_to(actor).filter(owned, outcome=Duty.Outcome.OPEN)
    return rows.filter(pathway=pathway) if pathway else rows


def _due(rows: QuerySet[Duty], when: When, now: datetime) -> QuerySet[Duty]:
    today = local_day(now)
    tonight, sunday = end_of(today), end_of(today + timedelta(days=6 - today.weekday()))
    if when == "late":
        return rows.filter(due_at__lt=now)
    if when == "today":
        return rows.filter(due_at__gte=now, due_at__lte=tonight)
    if when == "week":
        return rows.filter(due_at__gt=tonight, due_at__lte=sunday)
    return rows.filter(due_at__gt=sunday)
