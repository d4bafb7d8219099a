"""My work: open duties of one's own, of one's teams and of one's agencies, by when they are due.

Reads the partial indexes on open duties; lists are cut and counts capped, so that the cost does not grow with the data.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from goldenthread.clocks.calendar import end_of, local_day
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.library import current_library

from ..models import Duty
from ..policies import DutyPolicy
from .counting import Count, Part, capped_parts

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
    ordered = rows.order_by("due_at", "pk").select_related("case__subject", "case__about", "worker", "organisation")
    return list(ordered[start : start + limit])


def late_work(
    actor: Actor, whose: Whose, without: Collection[str] = (), *, start: int = 0, limit: int = PAGE, now: datetime | None = None
) -> list[Duty]:
    """What is late, but for the clocks of pathways `without`: in open cases, and then what outlives a case that closed,
    such as telling the referrer; in each part the earliest due first, read from the index and cut."""
    rows = _due(_open(actor, whose, None), "late", now or timezone.now()).exclude(pathway__in=without)
    ordered = rows.order_by("due_at", "pk").select_related("case__subject", "case__about", "worker", "organisation")
    found: list[Duty] = list(ordered.filter(case__is_open=True)[start : start + limit])
    if len(found) < limit:
        begin = max(0, start - rows.filter(case__is_open=True).count()) if start and not found else 0
        found += ordered.filter(case__is_open=False)[begin : begin + limit - len(found)]
    return found


def worklist_counts(
    actor: Actor,
    whose: Whose = "mine",
    when: When = "late",
    pathway: str | None = None,
    *,
    now: datetime | None = None,
) -> WorkCounts:
    """The counts beside the list, each a link. One statement."""
    moment = now or timezone.now()
    spans = {one: _span(one, moment) for one in WHEN}
    condition, values = spans[when]
    by_pathway: dict[Any, Part] = {
        one: (f"{condition} AND pathway = %s", (*values, one)) for one in current_library().pathways
    }
    found = capped_parts(
        {"when": (_open(actor, whose, pathway), spans), "pathway": (_open(actor, whose, None), by_pathway)},
        ("due_at", "pathway"),
    )
    return WorkCounts(found["when"], {one: count for one, count in found["pathway"].items() if count})


def whose_counts(actor: Actor, without: Collection[str] = (), *, now: datetime | None = None) -> dict[Whose, Count]:
    """How much is late: mine, my team's, my agency's; but for the clocks of pathways `without`. One statement."""
    late = {"late": _span("late", now or timezone.now())}
    rows = {whose: _open(actor, whose, None) for whose in WHOSE}
    if without:
        rows = {whose: some.exclude(pathway__in=without) for whose, some in rows.items()}
    found = capped_parts({whose: (some, late) for whose, some in rows.items()}, ("due_at",))
    return {whose: counts["late"] for whose, counts in found.items()}


def _span(when: When, now: datetime) -> Part:
    """The same as `_due`, as a condition in SQL."""
    low, high = _bounds(when, now)
    parts = [
        (f"due_at {sign} %s", moment) for sign, moment in ((">", low), ("<=", high)) if moment is not None
    ]
    adapt = connection.ops.adapt_datetimefield_value
    return " AND ".join(text for text, _ in parts), tuple(adapt(moment) for _, moment in parts)


def _bounds(when: When, now: datetime) -> tuple[datetime | None, datetime | None]:
    """After the first moment, up to and with the second. Late is what was due before now."""
    today = local_day(now)
    tonight, in_a_week = end_of(today), end_of(today + timedelta(days=7))
    before_now = now - timedelta(microseconds=1)
    return {
        "late": (None, before_now), "today": (before_now, tonight), "week": (tonight, in_a_week), "later": (in_a_week, None),
    }[when]  # fmt: skip


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
    low, high = _bounds(when, now)
    if low is not None:
        rows = rows.filter(due_at__gt=low)
    return rows.filter(due_at__lte=high) if high is not None else rows
