"""What every action that adds an event to a case does: lock, check, append, fold, recompute the duties.

Source: docs/decisions/0002-events-are-never-edited.md. A case is written to under its version: the row is updated only
if nobody else has added an event since it was read, so of two people writing at once one is told and nothing is lost.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from django.utils import timezone

from goldenthread.agencies.models import Organisation
from goldenthread.clocks.calendar import local_day
from goldenthread.clocks.engine import Happening, Lead, Progress
from goldenthread.clocks.order import Problem, check_event
from goldenthread.foundation.action import Action, Invalid, Stale
from goldenthread.foundation.actor import Actor, NotAllowed
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.prepared import MARK, Insert, Prepared, Update
from goldenthread.guidance.pathway import EventKind
from goldenthread.people.models import Person

from .. import duties
from ..answers import clean
from ..models import Case, Duty, Event, Involvement
from ..owners import ANYONE, Owners
from ..policies import CasePolicy
from ..record import happening_of, happenings_of, program_of, standing, subject_of, voice_of
from ..register import actions_of, makes_any
from .registering import keep_actions

Result = TypeVar("Result")
Occurred = date | datetime


_CASE_COLUMNS = [column.attname for column in Case._meta.concrete_fields]
_PERSON_COLUMNS = ["id", "name", "born", "born_precision", "expected", "sex", "area_id", "restricted"]
_LEAD_COLUMNS = [column.attname for column in Organisation._meta.concrete_fields]
_CASE = Prepared(
    lambda actor: (
        CasePolicy.visible_to(actor)
        .filter(pk=MARK)
        .values_list(
            *_CASE_COLUMNS,
            *(f"subject__{name}" for name in _PERSON_COLUMNS),
            *(f"lead__{name}" for name in _LEAD_COLUMNS),
        )
    ),
    locks=Case._meta.db_table,
)
"""The case that an actor may see, with its subject and lead, in one statement."""


_STATES = ("state", "is_open", "priority", "next_due_at", "closed_at", "opened_at", "version")
_STANDING = Update(Case, _STATES, where=("pk", "version"))
_EVENT = Insert(Event)
_DUTIES = Insert(
    Duty,
    conflict=("case", "duty", "ordinal"),
    update=(*duties.COMPUTED, "organisation", "team", "worker"),
)


def _case_from(row: Sequence[Any]) -> Case:
    person = len(_CASE_COLUMNS)
    lead = person + len(_PERSON_COLUMNS)
    case = Case.from_db("default", _CASE_COLUMNS, row[:person])
    if case.subject_id is not None:
        case.subject = Person.from_db("default", _PERSON_COLUMNS, row[person:lead])
    case.lead = Organisation.from_db("default", _LEAD_COLUMNS, row[lead:])
    return case


def invalid(problems: Iterable[Problem]) -> Invalid:
    """Problems as the error a form shows, by field."""
    errors: dict[str, list[str]] = {}
    for problem in problems:
        errors.setdefault(problem.field, []).append(problem.message)
    return Invalid(errors)


def day_and_moment(occurred: Occurred) -> tuple[date, datetime | None]:
    """The day in London and, where the time is known, the moment."""
    if not isinstance(occurred, datetime):
        return occurred, None
    if occurred.tzinfo is None:
        raise Invalid({"occurred": "Give the time with its time zone."})
    return local_day(occurred), occurred


Guard = Callable[[Actor, Case, str, Mapping[str, Any]], Iterable[Problem]]
_guards: list[Guard] = []


def register_guard(guard: Guard) -> None:
    """Called once at start by a floor above: what stands against an event besides its pathway, however it is recorded."""
    if guard not in _guards:
        _guards.append(guard)


Settled = Callable[[uuid.UUID, Iterable[tuple[str, int]]], None]
_settled: list[Settled] = []


def register_settled(after: Settled) -> None:
    """Called once at start by a floor above: what follows, in the same transaction, when duties are met or end."""
    if after not in _settled:
        _settled.append(after)


class CaseAction(Action[Result]):
    """An action on one case or more."""

    def locked(self, case: Case, version: int | None = None) -> Case:
        """The case as it is now, held until done. Raises NotAllowed if unseen, Stale if `version` has passed."""
        rows = _CASE.rows(case.pk, self.actor)
        if not rows:
            raise NotAllowed("There is no such case, or you may not see it.")
        found = _case_from(rows[0])
        if version is not None and found.version != version:
            raise Stale(version, found.version)
        return found

    def acting_for(self, kind: EventKind, title: str, organisation: Organisation | None) -> int | None:
        """The organisation an event is recorded for, where the guidance lets it say so. Raises NotAllowed."""
        actor = self.actor
        if kind.needs is not None and not actor.may(Capability(kind.needs)):
            raise NotAllowed(f"Your role does not let you record “{title}”.")
        anyone = bool(ANYONE & set(kind.by))
        if actor.is_system:
            return organisation.pk if organisation else actor.organisation_id
        if organisation is not None and organisation.pk != actor.organisation_id:
            for_another = organisation.pk not in actor.organisation_ids
            if for_another and not (
                actor.may(Capability.SCREEN_CONTACTS) or actor.may(Capability.IMPORT_RECORDS)
            ):
                raise NotAllowed(f"You do not act for {organisation.title}.")
            chosen, its_kind = organisation.pk, organisation.kind
        elif actor.organisation_id is None:
            raise NotAllowed("You do not act for an organisation, so you cannot record what happens.")
        else:
            chosen, its_kind = actor.organisation_id, actor.organisation_kind
            if not anyone and its_kind not in kind.by and len(actor.organisation_ids) > 1:
                other = Organisation.objects.filter(pk__in=actor.organisation_ids, kind__in=kind.by).first()
                if other is not None:
                    chosen, its_kind = other.pk, other.kind
        if not anyone and its_kind not in kind.by:
            raise NotAllowed(f"“{title}” is not for your agency to record.")
        return chosen

    def recorded_moment(self, given: datetime | None) -> datetime:
        """When this becomes known: now, or for records brought from elsewhere, when they were made."""
        now = timezone.now()
        if given is None:
            return now
        if not self.actor.may(Capability.IMPORT_RECORDS):
            raise NotAllowed("Only records brought from another system say when they were recorded.")
        if given > now:
            raise Invalid({"recorded": "The time of recording is in the future."})
        return given


class Writing:
    """One locked case while an action writes to it."""

    def __init__(
        self, action: CaseAction[Any], case: Case, happenings: list[Happening] | None = None
    ) -> None:
        self.action = action
        self.case = case
        self.program = program_of(case)
        self.pathway = self.program.pathway
        self.subject = subject_of(case.subject)
        self.happenings = happenings_of(case) if happenings is None else happenings
        self.now = timezone.now()

    def event_from(
        self, name: str, occurred: Occurred, data: Mapping[str, Any], *, organisation: Organisation | None = None,
        recorded_at: datetime | None = None, group: uuid.UUID | None = None, amends: Event | None = None,
        reason: str = "", sequence: int = 0,
    ) -> Event:  # fmt: skip
        """A checked event, not yet written. Raises Invalid by field, NotAllowed."""
        name = self.pathway.event_named(name) or name
        day, moment = day_and_moment(occurred)
        kind = self.pathway.events.get(name)
        answers: dict[str, Any] = {}
        problems: list[Problem] = []
        chosen = None
        if kind is not None:
            chosen = self.action.acting_for(kind, self.pathway.title_of(name), organisation)
            answers, problems = clean(kind, data)
            if kind.by_another and self._opened_by_actor():
                title = self.pathway.title_of(name)
                raise NotAllowed(f"“{title}” is for somebody else to record: you opened this case.")
        event = Event(
            case_id=self.case.pk, sequence=sequence or self.case.version + 1, kind=name, occurred_on=day,
            occurred_at=moment, recorded_at=self.action.recorded_moment(recorded_at),
            recorded_by_id=self.action.actor.user_id, recorded_by_name=self.action.actor.name[:200],
            organisation_id=chosen, data=answers, voice=voice_of(kind, answers) if kind else "", group=group,
            amends=amends, reason=reason,
        )  # fmt: skip
        before, new = self.happenings, happening_of(event)
        if amends is not None:
            before = self.without(amends)
            new = Happening(amends.pk, name, day, moment, event.recorded_at, answers)
        problems += check_event(self.program, before, new, self.subject, self.now, complete=False)
        if not problems:
            problems += [problem for guard in _guards for problem in guard(self.action.actor, self.case, name, answers)]
        if problems:
            raise invalid(problems)
        return event

    def _opened_by_actor(self) -> bool:
        """Whether the person acting recorded the event that opened this case."""
        user = self.action.actor.user_id
        first = Event.objects.filter(case_id=self.case.pk, sequence=1, recorded_by_id=user)
        return user is not None and first.exists()

    def without(self, event: Event) -> list[Happening]:
        """The happenings without an event and its corrections."""
        return [one for one in self.happenings if one.id != event.pk and one.amends != event.pk]

    def append(self, event: Event) -> Progress:
        """Write a checked event and all that follows from it but the pathways it opens. Raises Stale."""
        case = self.case
        self.happenings.append(happening_of(event))
        progress = self.program.run(self.happenings, self.subject, self.now)
        self.write_standing(progress, version=case.version + 1, recorded_at=event.recorded_at)
        _EVENT.bulk_create([event])
        self.write_duties(progress)
        if event.organisation_id is not None and event.organisation_id != case.lead_id:
            involve(case, [event.organisation_id], event.recorded_at)
        self.action.note("case", case.pk, event=str(event.pk), kind=event.kind, version=case.version)
        return progress

    def write_standing(self, progress: Progress, *, version: int, recorded_at: datetime) -> None:
        """Update the case's own row from its events, if nobody else has in the meantime. Raises Stale."""
        case, now = self.case, standing(self.pathway, progress)
        values: dict[str, Any] = {
            "state": now.state, "is_open": now.is_open, "priority": now.priority, "next_due_at": now.next_due_at,
            "closed_at": None if now.is_open else now.closed_at or recorded_at,
            "opened_at": now.opened_at or case.opened_at,
            "version": version,
        }  # fmt: skip
        if not _STANDING.save([values[name] for name in _STATES], [case.pk, case.version]):
            current = Case.objects.values_list("version", flat=True).get(pk=case.pk)
            raise Stale(case.version, current)
        for name, value in values.items():
            setattr(case, name, value)

    def write_duties(self, progress: Progress, stored: list[duties.Stored] | None = None) -> None:
        """Make the stored duties and the register what the events make them; only differences are written."""
        case = self.case
        if makes_any(self.pathway, self.happenings):
            keep_actions(case, self.pathway, actions_of(self.pathway, progress.effective))
        owners = Owners(case, self.pathway, self.happenings)
        before = duties.stored_duties(case) if stored is None else stored
        found = duties.changes(case, self.pathway, progress.duties, before, owners)
        save_duties(found)
        if ended := found.ended():
            for after in _settled:
                after(case.pk, ended)
        if owners.joining:
            involve(case, owners.joining, self.now)


def save_duties(found: duties.Changes) -> None:
    """Write a difference: one statement for what is new or changed, one for what is gone."""
    if found.upserts:
        _DUTIES.bulk_create(found.upserts)
    if found.removed:
        Duty.objects.filter(pk__in=[one.id for one in found.removed]).delete()


def involve(case: Case, organisations: Iterable[int], since: datetime) -> None:
    """Make organisations part of a case; those that are already stay as they were."""
    Involvement.objects.bulk_create(
        [Involvement(case_id=case.pk, organisation_id=one, since=since) for one in organisations],
        ignore_conflicts=True,
    )


def leads_of(progress: Progress, happening: uuid.UUID) -> list[Lead]:
    """The pathways that one event opens."""
    return [lead for lead in progress.leads if lead.by == happening]
