"""Submissions as they are read: their values at a version, what came before, what is due, how agencies stand.

Depends on `models`, `policies`, `periods`, `values`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from goldenthread.casework.beside import Line
from goldenthread.casework.words import day_words
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import current_library
from goldenthread.guidance.collection import Collection

from .models import Asking, Entry, Submission
from .policies import SubmissionPolicy, agencies_of
from .values import Given

State = Submission.State
WAITING = (State.DRAFT, State.RETURNED)
"""States in which the agency has to do something."""


def known(rows: QuerySet[Submission]) -> QuerySet[Submission]:
    """Without those of collections that the guidance no longer has."""
    return rows.filter(collection__in=list(current_library().collections))


def mine(actor: Actor) -> QuerySet[Submission]:
    """What the actor's own agencies are asked for."""
    own = agencies_of(actor, Capability.FILL_COLLECTIONS)
    return known(SubmissionPolicy.visible_to(actor)).filter(organisation__in=own).select_related("organisation")


def waiting(actor: Actor, today: date | None = None) -> QuerySet[Submission]:
    """What the actor's agencies have to send: periods that are over, and what was returned; the first due first."""
    over = Q(last_day__lt=today or timezone.localdate()) | Q(state=State.RETURNED)
    return mine(actor).filter(over, state__in=WAITING).order_by("due_on", "collection", "organisation__title")


def begun(actor: Actor, today: date | None = None) -> QuerySet[Submission]:
    """Periods that are not over: what can be filled in already."""
    day = today or timezone.localdate()
    return mine(actor).filter(last_day__gte=day, state=State.DRAFT).order_by("last_day", "collection")


def sent(actor: Actor) -> QuerySet[Submission]:
    """What the actor's agencies sent, the latest period first."""
    return mine(actor).exclude(state__in=WAITING).order_by("-last_day", "collection", "organisation__title")


def values_at(submission: Submission, version: int | None = None) -> dict[str, Given]:
    """The values of every box at a version; as they are now without one."""
    return values_of([submission], {submission.pk: version if version is not None else submission.version})[submission.pk]


def values_of(submissions: Sequence[Submission], versions: Mapping[UUID, int]) -> dict[UUID, dict[str, Given]]:
    """The values of several submissions, each at a version of its own, in one read."""
    found: dict[UUID, dict[str, Given]] = {one.pk: {} for one in submissions}
    rows = Entry.objects.filter(submission__in=[one.pk for one in submissions]).order_by("version")
    for submission, version, box, value, comment in rows.values_list("submission_id", "version", "box", "value", "comment"):
        if version <= versions[submission]:
            found[submission][box] = Given(value, comment)
    return found


def told_version(submission: Submission) -> int | None:
    """The version that may be held against others: approved, or at the least sent."""
    if submission.approved_version is not None:
        return submission.approved_version
    return submission.sent_version if submission.state == State.SENT else None


def before(submission: Submission, most: int = 24) -> dict[str, list[Decimal]]:
    """The agency's values of each box in earlier periods, the latest first. What was not sent does not count."""
    rows = Submission.objects.filter(
        collection=submission.collection, organisation=submission.organisation_id, last_day__lt=submission.first_day
    )
    earlier = [one for one in rows.order_by("-last_day")[:most] if told_version(one) is not None]
    values = values_of(earlier, {one.pk: told_version(one) or 0 for one in earlier})
    found: dict[str, list[Decimal]] = {}
    for one in earlier:
        for box, given in values[one.pk].items():
            if given.value is not None:
                found.setdefault(box, []).append(given.value)
    return found


def owed_by(actor: Actor) -> list[Line]:
    """For the page of one's work: the collections that wait, where there are any."""
    if not agencies_of(actor, Capability.FILL_COLLECTIONS):
        return []
    today = timezone.localdate()
    rows = list(waiting(actor, today).values_list("due_on", flat=True)[:100])
    if not rows:
        return []
    late = sum(day < today for day in rows)
    many = f"{len(rows)} {'collection' if len(rows) == 1 else 'collections'} to send"
    quiet = f"{late} late" if late else f"the first is due {day_words(rows[0])}"
    return [Line(many, reverse("collections:list"), quiet, late=bool(late))]


# How agencies stand, for whoever checks -------------------------------------------------------------------------------

STANDINGS: Mapping[str, tuple[str, str]] = {
    "early": ("Not over yet", "dot"),
    "due": ("Due", "ring"),
    "late": ("Late", "cross"),
    "returned": ("Returned", "turn"),
    "sent": ("Sent, not yet approved", "half"),
    "approved": ("Approved", "full"),
    "locked": ("Locked", "lock"),
}
"""How a submission stands: words and shape."""


def standing(submission: Submission, today: date) -> str:
    """One of STANDINGS."""
    if submission.state == State.RETURNED:
        return "returned"
    if submission.state == State.DRAFT:
        if submission.last_day >= today:
            return "early"
        return "late" if submission.due_on < today else "due"
    return str(submission.state)


def timeliness(submission: Submission, today: date) -> str:
    """Whether it came in time, apart from whether it is final: in time, late, overdue, or nothing while it is not due."""
    if submission.in_time is not None:
        return "in time" if submission.in_time else "late"
    return "overdue" if submission.due_on < today else ""


@dataclass(frozen=True, slots=True)
class AgencyStands:
    """One agency's line: how many of what was due came, how many in time, how much of it was filled in."""

    title: str
    cells: list[Submission | None]
    due: int
    came: int
    in_time: int
    final: int
    boxes: int
    filled: int

    @property
    def complete(self) -> int | None:
        """Per cent of the boxes of what came that hold a number."""
        return round(100 * self.filled / self.boxes) if self.boxes else None

    @property
    def timely(self) -> int | None:
        return round(100 * self.in_time / self.due) if self.due else None


@dataclass(frozen=True, slots=True)
class Overview:
    """A collection: its agencies by its last periods."""

    collection: Collection
    asking: Asking
    periods: list[str]
    agencies: list[AgencyStands]


def overview(actor: Actor, collection: Collection, asking: Asking, last: int = 8, today: date | None = None) -> Overview:
    """How each agency stands in the last periods that have begun, as far as the actor may see."""
    day = today or timezone.localdate()
    rows = SubmissionPolicy.visible_to(actor).filter(collection=collection.id).select_related("organisation")
    days = sorted(set(rows.values_list("first_day", flat=True)))[-last:]
    found = list(rows.filter(first_day__in=days).order_by("organisation__title", "first_day"))
    periods = {one.first_day: one.period for one in found}
    came = [one for one in found if one.sent_version is not None]
    values = values_of(came, {one.pk: one.approved_version or one.sent_version or 0 for one in came})
    by_agency: dict[str, dict[date, Submission]] = {}
    for one in found:
        by_agency.setdefault(one.organisation.title, {})[one.first_day] = one
    agencies = [_agency(title, [those.get(one) for one in days], values, day) for title, those in by_agency.items()]
    return Overview(collection, asking, [periods[one] for one in days], agencies)


def _agency(
    title: str, cells: list[Submission | None], values: Mapping[UUID, Mapping[str, Given]], today: date
) -> AgencyStands:
    there = [one for one in cells if one is not None]
    due = [one for one in there if one.due_on < today or one.first_sent_on is not None]
    boxes = [given for one in there for given in values.get(one.pk, {}).values()]
    return AgencyStands(
        title, cells, len(due), sum(one.first_sent_on is not None for one in due), sum(bool(one.in_time) for one in due),
        sum(one.is_final for one in due), len(boxes), sum(given.value is not None for given in boxes),
    )  # fmt: skip


def askings() -> dict[str, Asking]:
    """What is asked for, by collection. No record of anybody."""
    return {one.collection: one for one in Asking.objects.all()}


def to_approve(actor: Actor, only: Iterable[str] = ()) -> QuerySet[Submission]:
    """What was sent and waits for whoever checks, the longest first."""
    rows = known(SubmissionPolicy.visible_to(actor)).filter(state=State.SENT).select_related("organisation")
    wanted = list(only)
    return (rows.filter(collection__in=wanted) if wanted else rows).order_by("first_sent_on", "due_on")
