"""My work: open duties of one's own, of one's teams and of one's agencies, by when they are due.

Reads the partial indexes on open duties; lists are cut and counts capped, so that the cost does not grow with the data.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from goldenthread.clocks.calendar import end_of, local_day
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.library import current_library
from goldenthread.foundation.policy import plain, settled
from goldenthread.foundation.prepared import Statement, statement

from ..models import Duty
from ..policies import DutyPolicy
from .counting import CAP, Count, Part, capped_by, capped_parts

Whose = Literal["mine", "team", "agency"]
When = Literal["late", "today", "week", "later"]
WHOSE: tuple[Whose, ...] = ("mine", "team", "agency")
WHEN: tuple[When, ...] = ("late", "today", "week", "later")
PAGE = 50
MANY = 99
"""How far each count of an agency's duties goes: each row counted is one that the reader's right to is looked into, which takes
longer than counting it."""


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
    """The counts beside the list, each a link. One statement for what one person or team has, two where there is more."""
    moment = now or timezone.now()
    whole = _written(actor, whose, None)
    few = _few(whole) if whose != "agency" else None
    if few is not None:
        return _counted(few, when, pathway, moment)
    spans = {one: _span(one, moment) for one in WHEN}
    by_when = capped_parts({"when": (_written(actor, whose, pathway), spans)}, MANY)["when"]
    pathways = capped_by(whole, "pathway", list(current_library().pathways), spans[when], MANY)
    return WorkCounts(by_when, pathways)


def whose_counts(
    actor: Actor, without: Collection[str] = (), *, now: datetime | None = None, among: Sequence[Whose] = WHOSE
) -> dict[Whose, Count]:
    """How much is late: mine, my team's, my agency's; but for the clocks of pathways `without`. One statement."""
    condition, values = _span("late", now or timezone.now())
    if without:
        condition += f" AND pathway NOT IN ({', '.join(['%s'] * len(without))})"
    late: dict[Any, Part] = {"late": (condition, (*values, *without))}
    found = capped_parts({whose: (_written(actor, whose, None), late) for whose in among}, MANY)
    return {whose: counts["late"] for whose, counts in found.items()}


def _written(actor: Actor, whose: Whose, pathway: str | None) -> Statement | None:
    """When each open duty is due and of which pathway, as a statement that is kept for the reader and the day."""
    return statement(_of_each, plain(actor), whose, pathway, timezone.localdate())


def _of_each(actor: Actor, whose: Whose, pathway: str | None, day: date) -> QuerySet[Duty, Any]:
    return _open(actor, whose, pathway).values("due_at", "pathway")


def _few(whole: Statement | None) -> list[tuple[datetime | None, str]] | None:
    """When each is due and of which pathway, where there are no more than CAP: they are then counted here, read once
    instead of once for each count."""
    if whole is None:
        return []
    sql, params = whole
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT due_at, pathway FROM ({sql}) AS whole LIMIT {CAP + 1}", params)
        rows = cursor.fetchall()
    return None if len(rows) > CAP else [(_moment(due), pathway) for due, pathway in rows]


def _moment(stored: Any) -> datetime | None:
    """A moment as the database gives it: SQLite gives it without saying that it is in UTC."""
    found = datetime.fromisoformat(stored) if isinstance(stored, str) else stored
    return found.replace(tzinfo=UTC) if isinstance(found, datetime) and found.tzinfo is None else found


def _counted(rows: list[tuple[datetime | None, str]], when: When, pathway: str | None, now: datetime) -> WorkCounts:
    by_when: Counter[When] = Counter()
    by_pathway: Counter[str] = Counter()
    spans = {one: _bounds(one, now) for one in WHEN}
    for due, its in rows:
        falls = next((one for one, (low, high) in spans.items() if _falls(due, low, high)), None)
        if falls is None:
            continue
        if pathway in (None, its):
            by_when[falls] += 1
        if falls == when:
            by_pathway[its] += 1
    order = current_library().pathways
    return WorkCounts(
        {one: Count(by_when[one]) for one in WHEN}, {one: Count(by_pathway[one]) for one in order if by_pathway[one]}
    )


def _falls(due: datetime | None, low: datetime | None, high: datetime | None) -> bool:
    return due is not None and (low is None or due > low) and (high is None or due <= high)


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


@settled
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
