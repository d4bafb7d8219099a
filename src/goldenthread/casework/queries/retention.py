"""Which records are due for destruction, until when one is kept and why, what holds it. Reads only.

Nothing here gives a name: whoever keeps records sees references, kinds and dates.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from goldenthread.clocks.calendar import local_day, start_of
from goldenthread.clocks.happening import Happening, effective
from goldenthread.clocks.interval import add_months
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import current_library, pathways
from goldenthread.foundation.models import JournalEntry
from goldenthread.guidance.retention import Schedule
from goldenthread.guidance.words import Interval, Unit
from goldenthread.people.models import Person, Precision

from ..models import Case, DestructionCertificate, Document, Event, LegalHold
from ..policies import RetentionPolicy
from ..record import happenings_by_case
from ..retention import Kept, Record, Whose, in_force, kept

LONGEST_LIST = 500
"""Records that one page shows."""
_SEVERAL = 400


@dataclass(frozen=True, slots=True)
class Due:
    """A record that is due, or will be soon, as the review list shows it."""

    case: Case
    title: str
    closed: date | None
    kept: Kept
    held: bool
    events: int
    documents: int


def review_list(actor: Actor, today: date) -> tuple[list[Due], list[Due], bool]:
    """Records due for destruction, and those that will be soon, earliest first; and whether there are more than shown."""
    ahead = _moved(today, current_library().retention.shows_before, 1)
    rows = RetentionPolicy.visible_to(actor).filter(may_be_due(ahead)).order_by("closed_at", "pk")
    due: list[Due] = []
    soon: list[Due] = []
    batch: list[Case] = []
    for case in rows.select_related("subject", "about").iterator(chunk_size=_SEVERAL):
        batch.append(case)
        if len(batch) == _SEVERAL:
            _sort_out(actor, batch, today, ahead, due, soon)
            batch = []
            if len(due) > LONGEST_LIST:
                break
    _sort_out(actor, batch, today, ahead, due, soon)
    for found in (due, soon):
        found.sort(key=lambda one: (one.kept.until or date.max, one.case.reference))
    more = max(len(due), len(soon)) > LONGEST_LIST
    return due[:LONGEST_LIST], soon[:LONGEST_LIST], more


def _sort_out(actor: Actor, cases: list[Case], today: date, ahead: date, due: list[Due], soon: list[Due]) -> None:
    until = kept_until(cases, today, actor)
    near = [case for case in cases if until[case.pk].is_due(ahead)]
    for one in as_due(near, until):
        (due if one.kept.is_due(today) else soon).append(one)


def as_due(cases: Collection[Case], until: Mapping[UUID, Kept]) -> list[Due]:
    """Cases as the review list shows them."""
    keys = [case.pk for case in cases]
    held = held_among(cases)
    events = _counted(Event.objects.filter(case__in=keys))
    documents = _counted(Document.objects.filter(case__in=keys))
    return [
        Due(
            case, title_of(case), local_day(case.closed_at) if case.closed_at else None, until[case.pk],
            case.pk in held, events.get(case.pk, 0), documents.get(case.pk, 0),
        )
        for case in cases
    ]  # fmt: skip


def _counted(rows: QuerySet[Any]) -> dict[UUID, int]:
    return dict(rows.order_by().values_list("case").annotate(Count("pk")))


def may_be_due(day: date) -> Q:
    """What the rows alone tell: closed long enough ago, born long enough ago, by the schedules that always apply.

    Necessary, not enough: `kept_until` decides. It spares working out the many that cannot be due.
    """
    library = current_library()
    found = Q(pk__in=())
    for name in {one for schedule in library.retention.schedules.values() for one in schedule.pathways}:
        part = Q(pathway=name, is_open=False)
        events = library.pathways[name].events if name in library.pathways else {}
        for schedule in library.retention.schedules.values():
            if schedule.pathways and name not in schedule.pathways:
                continue
            part &= _necessary(schedule, events, day)
        found |= part
    return found


def _necessary(schedule: Schedule, events: Mapping[str, Any], day: date) -> Q:
    conditional = (
        schedule.sensitivity is not None
        or schedule.died_under is not None
        or schedule.unless_died_under is not None
        or bool(schedule.when)
        or any(kind in events for kind in schedule.unless)
    )
    length = in_force(schedule, day)
    if conditional or length is None:
        return Q()
    since = _moved(day, length, -1)
    if schedule.counted_from == "closure":
        return Q(closed_at__lt=start_of(date.fromordinal(since.toordinal() + 2)))
    born = date.fromordinal(since.toordinal() + 1)
    return Q(subject__born__lte=born) | Q(subject__born=None, subject__expected__lte=born)


def _moved(day: date, length: Interval, way: int) -> date:
    return add_months(day, way * length.amount * (12 if length.unit is Unit.YEARS else 1))


def kept_until(cases: Iterable[Case], today: date, actor: Actor | None = None) -> dict[UUID, Kept]:
    """Until when each case is kept. Cases need their subjects. What is said of it is for `actor` to read, where one is
    given: of a restricted record that they may not know of only the day it sets."""
    cases = list(cases)
    tells_restricted = actor is None or actor.may(Capability.VIEW_RESTRICTED)
    people = {case.subject_id for case in cases}
    by_person: dict[UUID | None, list[Case]] = defaultdict(list)
    for case in Case.objects.filter(subject__in=people).select_related("subject"):
        by_person[case.subject_id].append(case)
    # A record about an organisation stands alone: no other is kept for its sake.
    everything = [case for found in by_person.values() for case in found]
    everything += [case for case in cases if case.subject_id is None]
    happened = _happened(everything)
    records = {case.pk: _record(case, happened.get(case.pk, [])) for case in everything}
    retention = current_library().retention
    return {
        case.pk: kept(
            retention,
            records[case.pk],
            whose(case.subject),
            [records[other.pk] for other in by_person.get(case.subject_id, ()) if other.pk != case.pk],
            today,
            tells_restricted=tells_restricted,
        )
        for case in cases
    }


def _happened(cases: list[Case]) -> dict[UUID, list[Happening]]:
    """What stands of those cases whose schedules ask what happened."""
    schedules = current_library().retention.schedules.values()
    asked = {kind for one in schedules for kind in (*one.when, *one.unless)}
    ask = [
        case for case in cases
        if (pathway := pathways(case.arrangement).get(case.pathway)) is not None and asked & pathway.events.keys()
    ]  # fmt: skip
    found = happenings_by_case([case.pk for case in ask])
    return {case.pk: _under_own_names(case, found[case.pk]) for case in ask}


def _under_own_names(case: Case, happened: list[Happening]) -> list[Happening]:
    pathway = pathways(case.arrangement)[case.pathway]
    standing = effective(happened)
    return [
        Happening(
            one.id, pathway.event_named(one.kind) or one.kind, one.day, one.moment, one.recorded, one.data
        )
        for one in standing
    ]


def _record(case: Case, happened: list[Happening]) -> Record:
    restricted = case.restricted or case.subject.restricted
    closed = local_day(case.closed_at) if case.closed_at is not None and not case.is_open else None
    return Record(str(case.pk), case.reference, case.pathway, title_of(case), restricted, closed, happened)


def whose(person: Person) -> Whose:
    known = person.born_precision != Precision.UNKNOWN
    return Whose(person.born if known else None, person.born_precision, person.expected, person.died)


def title_of(case: Case) -> str:
    """The kind of record in words."""
    pathway = pathways(case.arrangement).get(case.pathway)
    return pathway.title if pathway is not None else case.pathway.replace("_", " ").capitalize()


def holds_on(case: Case) -> QuerySet[LegalHold]:
    """Every hold there was on a case or on everything of its person, those that stand first."""
    whole = Q(person=case.subject_id) if case.subject_id is not None else Q(pk__in=())
    found = LegalHold.objects.filter(Q(case=case) | whole)
    return found.select_related("placed_by", "lifted_by").order_by("lifted_at", "placed_at")


def held_among(cases: Iterable[Case]) -> set[UUID]:
    """Those of the cases that somebody holds."""
    cases = list(cases)
    stand = LegalHold.objects.filter(lifted_at=None)
    alone = set(stand.filter(case__in=[case.pk for case in cases]).values_list("case", flat=True))
    whole = set(stand.filter(person__in={case.subject_id for case in cases if case.subject_id}).values_list("person", flat=True))
    return {case.pk for case in cases if case.pk in alone or case.subject_id in whole}


def is_whole(certificate: DestructionCertificate, digest: str) -> bool:
    """Whether a certificate still says what it said: its own digest and the one in the journal are both `digest`."""
    told = JournalEntry.objects.filter(subject_type="certificate", subject_id=str(certificate.pk))
    return certificate.digest == digest and [one.detail.get("digest") for one in told] == [digest]
