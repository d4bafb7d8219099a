"""Bridges tables and clocks: a case's events as happenings, its subject, its program, and what comes of it.

Depends on `clocks` and `foundation.library`. Reads and computes only; `casework.actions` write what it works out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from goldenthread.clocks.calendar import end_of, local_day
from goldenthread.clocks.engine import ComputedDuty, Happening, Program, Progress, Subject
from goldenthread.foundation.library import current_library, programs
from goldenthread.foundation.prepared import MARK, Prepared
from goldenthread.guidance.pathway import EventKind, FieldType, Pathway
from goldenthread.people.models import Person, Precision

from .models import Case, Duty, Event

DEFAULT_PRIORITY = 3

_OUTCOMES: Mapping[str, str] = {
    "waiting": Duty.Outcome.WAITING.value,
    "open": Duty.Outcome.OPEN.value,
    "due_soon": Duty.Outcome.OPEN.value,
    "overdue": Duty.Outcome.OPEN.value,
    "met_on_time": Duty.Outcome.MET.value,
    "met_late": Duty.Outcome.MET.value,
    "cancelled": Duty.Outcome.CANCELLED.value,
    "excused": Duty.Outcome.EXCUSED.value,
}
"""Stored outcomes do not change with the hour, only with what happens: an open duty's lateness is read from due_at."""


class UnknownPathway(LookupError):
    """A case of a pathway that the guidance no longer has. The message names both."""


def program_of(case: Case) -> Program:
    """The compiled pathway of a case, with the calendar and local rules of its arrangement."""
    found = programs(case.arrangement).get(case.pathway)
    if found is None:
        raise UnknownPathway(
            f"Case {case.reference} is of the pathway “{case.pathway}”, which the guidance in "
            f"{current_library().folder} does not have. Put its file back: cases need the guidance they ran under."
        )
    return found


def subject_of(person: Person) -> Subject:
    """What clocks need to know of a person."""
    known = person.born_precision != Precision.UNKNOWN
    return Subject(person.born if known else None, person.sex or None)


def happening_of(event: Event) -> Happening:
    return Happening(
        event.pk, event.kind, event.occurred_on, event.occurred_at, event.recorded_at, event.data, event.amends_id,
        event.withdrawn,
    )  # fmt: skip


_COLUMNS = ("id", "kind", "occurred_on", "occurred_at", "recorded_at", "data", "amends_id", "withdrawn")
_EVENTS = Prepared(lambda: Event.objects.filter(case_id=MARK).order_by("sequence").values_list(*_COLUMNS))


def happenings_of(case: Case) -> list[Happening]:
    """Every event of a case as it was recorded, corrections included, in one statement."""
    return [Happening(*row) for row in _EVENTS.rows(case.pk)]


def happenings_by_case(cases: Sequence[UUID]) -> dict[UUID, list[Happening]]:
    """The same for many cases at once."""
    found: dict[UUID, list[Happening]] = {identity: [] for identity in cases}
    rows = (
        Event.objects.filter(case_id__in=cases)
        .order_by("case_id", "sequence")
        .values_list("case_id", *_COLUMNS)
    )
    for identity, *row in rows:
        found[identity].append(Happening(*row))
    return found


def progress_of(case: Case, as_of: datetime | None = None, known_on: datetime | None = None) -> Progress:
    """Where a case has come to, as of a moment and as known by one; both now unless given."""
    return program_of(case).run(
        happenings_of(case), subject_of(case.subject), as_of or timezone.now(), known_on
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """What a case's own row says, worked out from its events."""

    state: str
    is_open: bool
    opened_at: datetime | None
    closed_at: datetime | None
    priority: int
    next_due_at: datetime | None


def standing(pathway: Pathway, progress: Progress) -> Standing:
    """The case's row as its events have it."""
    opening = next((one for one in progress.effective if pathway.events[one.kind].opens), None)
    due = [
        moment
        for duty in progress.duties
        if outcome_of(duty) == "open" and (moment := duty.due_at) is not None
    ]
    return Standing(
        progress.state, progress.is_open, opening.at if opening else None, progress.closed_moment,
        priority_of(pathway, progress.effective), min(due, default=None),
    )  # fmt: skip


def priority_of(pathway: Pathway, happenings: Iterable[Happening]) -> int:
    """How urgent the answers make a case: the latest event that tells decides, by the priorities in its questions."""
    found = DEFAULT_PRIORITY
    for one in happenings:
        given = [
            question.priority[str(answer)]
            for name, question in pathway.events[one.kind].asks.items()
            if question.priority
            for answer in _as_list(one.data.get(name))
            if str(answer) in question.priority
        ]
        if given:
            found = min(given)
    return found


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value in (None, "") else [value]


def outcome_of(duty: ComputedDuty) -> str:
    """The stored outcome of a computed duty."""
    return _OUTCOMES[duty.status]


def late_for_good(duty: ComputedDuty) -> bool:
    """Whether it was met late, or ended unmet after it fell due. An open duty's lateness is told by the hour."""
    return duty.late and outcome_of(duty) not in ("open", "waiting")


def due_on(duty: ComputedDuty) -> date | None:
    due = duty.due
    return local_day(due) if isinstance(due, datetime) else due


def voice_of(kind: EventKind, data: Mapping[str, Any]) -> str:
    """The child's or adult's own words in an event's answers."""
    said = (
        str(data[name]).strip() for name, question in kind.asks.items() if question.voice and data.get(name)
    )
    return "\n".join(words for words in said if words)


def asked_agency(pathway: Pathway, duty: str) -> str | None:
    """The answer that names the organisation a clock runs for, where each one asked has a clock of its own."""
    rule = pathway.duties.get(duty)
    if rule is None:
        return None
    for name in rule.matching:
        for trigger in rule.after or {}:
            question = pathway.events[trigger.partition(".")[0]].asks.get(name)
            if question is not None and question.type is FieldType.ORGANISATION:
                return name
    return None


def owing_agency(pathway: Pathway, duty: str) -> str | None:
    """The answer that names the organisation which owes a clock, where the case's own kinds of agency do not decide."""
    rule = pathway.duties.get(duty)
    return (rule.owed_by if rule is not None else None) or asked_agency(pathway, duty)


def asks_agencies(pathway: Pathway, kind: str) -> bool:
    """Whether an event asks an agency something that starts a clock of its own for it."""
    return any(
        kind in {name.partition(".")[0] for name in rule.after or {}} and asked_agency(pathway, duty) is not None
        for duty, rule in pathway.duties.items()
    )


@dataclass(frozen=True, slots=True)
class KnownCase:
    """A case as it was known at a moment: the events recorded by then, and what they made of it then."""

    case: Case
    moment: datetime
    events: list[Event]
    progress: Progress

    @property
    def state(self) -> str:
        return self.progress.state

    @property
    def duties(self) -> list[ComputedDuty]:
        return self.progress.duties


def as_known_on(case: Case, moment: date | datetime) -> KnownCase:
    """A case as it was known at a moment (for a bare day, at its end): nothing recorded later is used or shown."""
    until = moment if isinstance(moment, datetime) else end_of(moment)
    events = list(
        case.events.filter(recorded_at__lte=until)
        .select_related("organisation", "recorded_by")
        .order_by("sequence")
    )
    progress = program_of(case).run(map(happening_of, events), subject_of(case.subject), until, until)
    return KnownCase(case, until, events, progress)
