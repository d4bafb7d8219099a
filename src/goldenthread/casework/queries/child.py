"""A child's page: where they are in the system, and all the facts of their golden thread. Now or as known on a day.

Gives facts; `casework.thread` draws them. The view that shows it journals the look. A gap is more than four months
without word of an agency while a case is open (`thread.silences`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from goldenthread.clocks.calendar import end_of, local_day
from goldenthread.clocks.engine import ComputedDuty, Happening, Progress
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.library import current_library
from goldenthread.guidance.pathway import EventKind, Pathway
from goldenthread.people.models import Person
from goldenthread.people.policies import PersonPolicy

from ..models import Case, Event
from ..policies import CasePolicy
from ..record import happening_of, program_of, subject_of, voice_of
from ..thread.silences import silences
from ..thread.story import Silence, Step, level_steps

UNMET = ("open", "due_soon", "overdue")


@dataclass(frozen=True, slots=True)
class Span:
    """A case on the thread: from its first day to its last, None while it is open."""

    case: Case
    pathway: Pathway
    progress: Progress
    start: date
    end: date | None

    @property
    def level(self) -> int | None:
        """The level of need while it runs; None for pathways that have none."""
        return self.pathway.level_of_need


@dataclass(frozen=True, slots=True)
class Moment:
    """One event as it stands, with the row it was first recorded in."""

    span: Span
    happening: Happening
    event: Event
    title: str
    voice: str

    @property
    def day(self) -> date:
        return self.happening.day


@dataclass(frozen=True, slots=True)
class DueOnThread:
    """A duty of one of the child's cases."""

    span: Span
    duty: ComputedDuty


@dataclass(frozen=True, slots=True)
class Contact:
    """An agency was in touch. `seen`: the child or family was seen or heard; otherwise the agency wrote about them."""

    moment: Moment
    seen: bool


@dataclass(frozen=True, slots=True)
class AgencyLane:
    """One lane of agencies: their contacts and where they fell silent."""

    title: str
    contacts: list[Contact]
    gaps: list[Silence]


@dataclass(frozen=True, slots=True)
class ChildPage:
    """All the facts of a child's thread. Where `known_on` is given, only what was recorded by then."""

    person: Person
    now: datetime
    known_on: datetime | None
    spans: list[Span]
    levels: list[Step]
    """The level of need from each day on; 1 before the first."""
    moments: list[Moment]
    """Everything that happened, the latest first."""
    decisions: list[Moment]
    voice: list[Moment]
    late: list[DueOnThread]
    """Late now or met late, by the day they fell due."""
    due: list[DueOnThread]
    """Still to do, the earliest due first."""
    lanes: list[AgencyLane]
    first_known: date | None = None
    """The day the first event was recorded: the earliest day the page can be shown as known on."""

    @property
    def open_spans(self) -> list[Span]:
        return [span for span in self.spans if span.end is None]

    @property
    def level(self) -> int:
        return self.levels[-1].level if self.levels else 1


@dataclass(slots=True)
class _Told:
    spans: list[Span] = field(default_factory=list)
    moments: list[Moment] = field(default_factory=list)


def child_page(actor: Actor, person_id: UUID, known_on: date | datetime | None = None) -> ChildPage:
    """Three statements. Raises Http404 alike for a person who is hidden and one who does not exist."""
    person = PersonPolicy.get(actor, pk=person_id)
    until = (
        end_of(known_on) if isinstance(known_on, date) and not isinstance(known_on, datetime) else known_on
    )
    now = until or timezone.now()
    rows = CasePolicy.visible_to(actor).filter(subject=person).select_related("lead", "worker", "team")
    cases = {case.pk: case for case in rows.order_by("opened_at")}
    events: dict[UUID, list[Event]] = {identity: [] for identity in cases}
    first_known: datetime | None = None
    found = Event.objects.filter(case__in=list(cases)).select_related("organisation", "recorded_by")
    for event in found.order_by("case", "sequence"):
        first_known = min(first_known or event.recorded_at, event.recorded_at)
        if until is None or event.recorded_at <= until:
            events[event.case_id].append(event)
    told = _Told()
    for identity, case in cases.items():
        case.subject = person
        if events[identity]:
            _tell(told, case, events[identity], now, until)
    told.moments.sort(key=lambda one: (one.happening.day, one.happening.at))
    told.moments.reverse()
    duties = [DueOnThread(span, duty) for span in told.spans for duty in span.progress.duties]
    far = end_of(date(9998, 12, 30))
    levelled = [(span.start, span.end, span.level) for span in told.spans if span.level is not None]
    return ChildPage(
        person, now, until, told.spans, level_steps(levelled), told.moments,
        [one for one in told.moments if _kind(one).significant],
        [one for one in told.moments if one.voice],
        sorted((one for one in duties if one.duty.late and one.duty.due_at), key=lambda one: one.duty.due_at or far),
        sorted((one for one in duties if one.duty.status in UNMET), key=lambda one: one.duty.due_at or far),
        _lanes(told, local_day(now)), local_day(first_known) if first_known else None,
    )  # fmt: skip


def _kind(moment: Moment) -> EventKind:
    return moment.span.pathway.events[moment.happening.kind]


def _tell(told: _Told, case: Case, events: Sequence[Event], now: datetime, until: datetime | None) -> None:
    program = program_of(case)
    pathway = program.pathway
    progress = program.run(map(happening_of, events), subject_of(case.subject), now, until)
    if progress.opened is None:
        return
    span = Span(case, pathway, progress, progress.opened, progress.closed if not progress.is_open else None)
    told.spans.append(span)
    by_id = {event.pk: event for event in events}
    for one in progress.effective:
        words = voice_of(pathway.events[one.kind], one.data)
        told.moments.append(Moment(span, one, by_id[one.id], pathway.title_of(one.kind), words))


def _lanes(told: _Told, today: date) -> list[AgencyLane]:
    """Contacts by lane, in the order that agency_roles.yaml lists the lanes."""
    roles = current_library().roles.roles
    lanes: dict[str, list[Contact]] = {role.lane: [] for role in roles.values()}
    for moment in told.moments:
        agency = moment.event.organisation
        role = roles.get(agency.kind) if agency is not None else None
        if role is not None:
            lanes[role.lane].append(Contact(moment, _kind(moment).contact))
    spans = [(span.start, span.end) for span in told.spans]
    return [
        AgencyLane(title, contacts, silences([one.moment.day for one in contacts], spans, None, today))
        for title, contacts in lanes.items()
        if contacts
    ]
