"""What is known of a child across every case a reader may see, now or as it was known on a day.

Reads by policies and queries only. As known on a day: events recorded later are not read at all, so that no later
fact, correction or lateness can show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from django.utils import timezone

from goldenthread.agencies.models import Organisation
from goldenthread.clocks.calendar import end_of, local_day
from goldenthread.clocks.engine import ComputedDuty, Happening, Progress
from goldenthread.foundation.actor import Actor
from goldenthread.guidance.pathway import FieldType, Pathway
from goldenthread.people.models import Person

from .models import Case, Duty, Event, Involvement
from .policies import CasePolicy, EventPolicy
from .record import asked_agency, happening_of, program_of, subject_of
from .timeline import Entry, entries

OWED = frozenset({"open", "due_soon", "overdue"})
TELLING = ("category", "legal_status")
"""Answers that say what an open case is about, where its pathway asks them: a plan's category, a legal status."""


@dataclass(slots=True)
class KnownCase:
    """One case: its events as recorded by then, what they make of it, and the agencies that are part of it."""

    case: Case
    pathway: Pathway
    events: list[Event]
    progress: Progress
    part: list[Involvement] = field(default_factory=list)
    owners: Mapping[tuple[str, int], Organisation] = field(default_factory=dict)
    """Who owes a duty, by duty and ordinal, as stored."""

    @property
    def title(self) -> str:
        return self.pathway.title

    @property
    def state_title(self) -> str:
        state = self.pathway.states.get(self.progress.state)
        return state.title if state else self.progress.state.replace("_", " ").capitalize()

    @property
    def telling(self) -> str:
        """What the case is about, from its latest answer that says so: "Neglect"."""
        for one in reversed(self.progress.effective):
            for name in TELLING:
                question = self.pathway.events[one.kind].asks.get(name)
                answer = one.data.get(name)
                if question is not None and answer and question.type in (FieldType.CHOICE, FieldType.CHOICES):
                    given = answer if isinstance(answer, list) else [answer]
                    return ", ".join(question.of.get(str(each), str(each)) for each in given)
        return ""

    @property
    def owed(self) -> list[ComputedDuty]:
        return [duty for duty in self.progress.duties if duty.status in OWED]

    def owner_of(self, duty: ComputedDuty) -> Organisation | None:
        """Who owes a duty: as stored, or the agency of that kind that is part of the case."""
        stored = self.owners.get((duty.duty, duty.ordinal))
        if stored is not None:
            return stored
        asked = asked_agency(self.pathway, duty.duty)
        trigger = next((one for one in self.progress.effective if one.id == duty.triggered_by), None)
        slug = trigger.data.get(asked) if asked and trigger else None
        part = [one.organisation for one in self.part]
        named = [one for one in part if slug and one.slug == slug]
        return next(iter([*named, *(one for one in part if one.kind == duty.owner)]), None)


@dataclass(frozen=True, slots=True)
class Saying:
    """The child's own words, when, to whom and at what."""

    event: UUID
    case: UUID
    words: str
    day: date
    happened: date | datetime
    occasion: str
    by: str


@dataclass(frozen=True, slots=True)
class Told:
    """One entry of what happened, with the case it belongs to."""

    known: KnownCase
    entry: Entry


@dataclass
class ChildRecord:
    """Every case of one child that the reader may see."""

    person: Person
    cases: list[KnownCase]
    moment: datetime
    """As of when; now, or the end of the day it is told as known on."""
    known_on: date | None = None

    @property
    def today(self) -> date:
        return local_day(self.moment)

    @cached_property
    def told(self) -> list[Told]:
        """What happened in all of them, the latest first."""
        found = [Told(known, entry) for known in self.cases for entry in entries(known.pathway, known.events)]
        return sorted(found, key=lambda told: (told.entry.day, told.entry.event.recorded_at), reverse=True)

    @cached_property
    def said(self) -> list[Saying]:
        """The child's words, the latest first; withdrawn ones are not shown as theirs."""
        return [
            Saying(
                told.entry.event.pk, told.known.case.pk, one.words, told.entry.day, told.entry.happened,
                told.entry.title, told.entry.by,
            )
            for told in self.told
            if not told.entry.withdrawn
            for one in told.entry.said
        ]  # fmt: skip

    @cached_property
    def owed(self) -> list[tuple[KnownCase, ComputedDuty]]:
        """What is due, the most urgent first."""
        found = [(known, duty) for known in self.cases for duty in known.owed]
        return sorted(found, key=lambda pair: pair[1].due_at.timestamp() if pair[1].due_at else float("inf"))

    @property
    def open_cases(self) -> list[KnownCase]:
        return [known for known in self.cases if known.progress.is_open]

    @cached_property
    def days(self) -> list[date]:
        """Days on which something became known, in order."""
        return sorted({local_day(event.recorded_at) for known in self.cases for event in known.events})


def child_record(actor: Actor, person: Person, known_on: date | None = None) -> ChildRecord:
    """All that `actor` may see of a child's cases, now or as it was known at the end of a day."""
    moment = min(end_of(known_on), timezone.now()) if known_on else timezone.now()
    rows = CasePolicy.visible_to(actor).filter(subject=person)
    cases = list(rows.select_related("lead", "worker", "team", "area").order_by("opened_at", "pk"))
    events = _events(actor, cases, moment if known_on else None)
    part = _part(cases, moment if known_on else None)
    owners = {} if known_on else _owners(cases)
    found = []
    subject = subject_of(person)
    for case in cases:
        case.subject = person
        recorded = events.get(case.pk)
        if not recorded:
            continue
        program = program_of(case)
        happenings: list[Happening] = [happening_of(event) for event in recorded]
        progress = program.run(happenings, subject, moment, moment if known_on else None)
        found.append(
            KnownCase(case, program.pathway, recorded, progress, part.get(case.pk, []), owners.get(case.pk, {}))
        )
    return ChildRecord(person, found, moment, known_on)


def days_known(actor: Actor, person: Person) -> list[date]:
    """Every day on which something became known of a child, of what `actor` may see."""
    rows = EventPolicy.visible_to(actor).filter(case__subject=person).order_by("recorded_at")
    return sorted({local_day(moment) for moment in rows.values_list("recorded_at", flat=True)})


def _events(actor: Actor, cases: Sequence[Case], known_by: datetime | None) -> dict[UUID, list[Event]]:
    rows = EventPolicy.visible_to(actor).filter(case__in=cases)
    if known_by is not None:
        rows = rows.filter(recorded_at__lte=known_by)
    found: dict[UUID, list[Event]] = {}
    for event in rows.select_related("organisation", "recorded_by").order_by("case_id", "sequence"):
        found.setdefault(event.case_id, []).append(event)
    return found


def _part(cases: Sequence[Case], known_by: datetime | None) -> dict[UUID, list[Involvement]]:
    rows = Involvement.objects.filter(case__in=cases, user=None)
    if known_by is not None:
        rows = rows.filter(since__lte=known_by)
    found: dict[UUID, list[Involvement]] = {}
    for one in rows.select_related("organisation").order_by("since", "pk"):
        found.setdefault(one.case_id, []).append(one)
    return found


def _owners(cases: Sequence[Case]) -> dict[UUID, dict[tuple[str, int], Organisation]]:
    rows = Duty.objects.filter(case__in=cases, outcome=Duty.Outcome.OPEN, organisation__isnull=False)
    found: dict[UUID, dict[tuple[str, int], Organisation]] = {}
    for row in rows.select_related("organisation"):
        assert row.organisation is not None
        found.setdefault(row.case_id, {})[(row.duty, row.ordinal)] = row.organisation
    return found
