"""Opening a case: with its first event, for an organisation that leads it. Also what an event of another case opens."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from goldenthread.agencies.models import Area, Organisation
from goldenthread.agencies.policies import OrganisationPolicy
from goldenthread.clocks.engine import Lead, Progress
from goldenthread.clocks.order import Problem, clean_answers
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.actor import Actor, NotAllowed
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import arrangement_for, current_library, pathways
from goldenthread.people.models import Person
from goldenthread.people.policies import PersonPolicy

from ..models import Case, Event, Involvement
from ..owners import ANYONE, organisation_serving
from ..record import happening_of, standing, subject_of, voice_of
from ..reference import reference_for
from ..subject import ORGANISATION, whom_of
from .appending import CaseAction, Occurred, Writing, involve, leads_of

DEEPEST = 8
"""How many cases one event may open in a row: more means that guidance files open one another in a circle."""


class OpenCase(CaseAction[Case]):
    """Open a case of a pathway, for a person or about an organisation, with its first event, such as a contact received."""

    name = "casework.open_case"
    needs = Capability.RECORD_EVENTS

    def perform(
        self, pathway: str, subject: Person | Organisation, occurred: Occurred, data: Mapping[str, Any], *,
        kind: str | None = None, organisation: Organisation | None = None, area: Area | None = None,
        lead: Organisation | None = None, group: uuid.UUID | None = None, recorded_at: datetime | None = None,
    ) -> Case:  # fmt: skip
        if not self.actor.is_system and not _knows_of(self.actor, subject):
            raise NotAllowed("There is no such person or organisation, or you may not see them.")
        area = area or subject.area
        arrangement = arrangement_for(area.slug if area else None)
        known = pathways(arrangement)
        if pathway not in known:
            raise Invalid(
                {"pathway": f"There is no pathway {pathway!r}. Choose one of {', '.join(sorted(known))}."}
            )
        if (known[pathway].subject == ORGANISATION) is isinstance(subject, Person):
            whom = "an organisation" if known[pathway].subject == ORGANISATION else "a person"
            raise Invalid({"pathway": f"A case of {known[pathway].title.lower()} is about {whom}."})
        opening = known[pathway].event_named(kind or known[pathway].opening) or ""
        if opening not in known[pathway].events or not known[pathway].events[opening].opens:
            raise Invalid({"kind": f"{kind!r} does not open a case of {known[pathway].title.lower()}."})
        acting = self.acting_for(
            known[pathway].events[opening], known[pathway].title_of(opening), organisation
        )
        if lead is None:
            lead = leading(known[pathway].lead, [acting], area)
        if lead is None:
            needed = current_library().roles.title_of(known[pathway].lead)
            place = f" for {area.title}" if area else ""
            raise Invalid(
                {"lead": f"No single organisation of the kind “{needed}” is known{place}. Choose who leads."}
            )
        case = new_case(
            self.recorded_moment(recorded_at), pathway, subject, lead, arrangement, area=area, group=group
        )
        writing = Writing(self, case, [])
        event = writing.event_from(
            opening, occurred, data, organisation=organisation, recorded_at=recorded_at, group=group
        )
        begin(writing, event, part=[])
        return case


def _knows_of(actor: Actor, subject: Person | Organisation) -> bool:
    if isinstance(subject, Organisation):
        return OrganisationPolicy.visible_to(actor).filter(pk=subject.pk).exists()
    return PersonPolicy.visible_to(actor).filter(pk=subject.pk).exists()


def leading(kind: str, acting: list[int | None], area: Area | None) -> Organisation | None:
    """Who leads a new case: the first of those acting that is of the kind, or else the area's."""
    found = Organisation.objects.in_bulk([one for one in acting if one is not None])
    for one in acting:
        if one in found and (found[one].kind == kind or kind in ANYONE):
            return found[one]
    return None if kind in ANYONE else organisation_serving(kind, area)


def new_case(
    opened_at: datetime, pathway: str, subject: Person | Organisation, lead: Organisation, arrangement: str, *,
    area: Area | None = None, group: uuid.UUID | None = None, opened_from: Event | None = None,
) -> Case:  # fmt: skip
    """A case that is not written yet, with a reference that no other case has."""
    rule = pathways(arrangement)[pathway]
    case = Case(
        pathway=pathway, lead=lead, area=area, arrangement=arrangement, group=group, opened_from=opened_from,
        restricted=rule.sensitivity == "restricted", opened_at=opened_at, state=next(iter(rule.states)),
    )  # fmt: skip
    if isinstance(subject, Organisation):
        case.about = subject
    else:
        case.subject = subject
        case.restricted |= subject.restricted
    case.reference = reference_for(arrangement, opened_at.date(), case.pk)
    while Case.objects.filter(reference=case.reference).exists():
        case.pk = uuid.uuid4()
        case.reference = reference_for(arrangement, opened_at.date(), case.pk)
    return case


def begin(writing: Writing, event: Event, *, part: list[Organisation], depth: int = 0) -> Progress:
    """Write a new case with its checked first event, the organisations in it, its duties and what it opens."""
    case = writing.case
    writing.happenings = [happening_of(event)]
    progress = writing.program.run(writing.happenings, writing.subject, writing.now)
    now = standing(writing.pathway, progress)
    case.state, case.is_open, case.priority, case.next_due_at = (
        now.state,
        now.is_open,
        now.priority,
        now.next_due_at,
    )
    case.opened_at = now.opened_at or case.opened_at
    case.closed_at = None if now.is_open else now.closed_at or event.recorded_at
    case.version = event.sequence = 1
    case.save(force_insert=True)
    event.save(force_insert=True)
    members = {
        case.lead_id,
        *(one.pk for one in part),
        *([event.organisation_id] if event.organisation_id else []),
    }
    Involvement.objects.bulk_create(
        [
            Involvement(case_id=case.pk, organisation_id=one, since=event.recorded_at)
            for one in sorted(members)
        ]
    )
    writing.write_duties(progress, stored=[])
    writing.action.note(
        "case", case.pk, event=str(event.pk), kind=event.kind, pathway=case.pathway, version=1
    )
    open_next(writing, event, leads_of(progress, event.pk), depth=depth)
    return progress


def open_next(writing: Writing, event: Event, leads: list[Lead], *, depth: int = 0) -> list[Case]:
    """Open the pathways that an event leads to, for the same person or about the organisation it names, in the same
    transaction."""
    if leads and depth >= DEEPEST:
        raise Invalid(
            f"The guidance opens one pathway after another without end: {writing.pathway.id} and those it leads to."
        )
    case, opened = writing.case, []
    for lead in leads:
        area = case.area or case.subject.area
        target = pathways(case.arrangement)[lead.pathway]
        subject = whom_next(writing, event, lead)
        leader = leading(target.lead, [case.lead_id, event.organisation_id], area) or case.lead
        following = new_case(
            event.recorded_at, lead.pathway, subject, leader, case.arrangement,
            area=case.area, group=case.group, opened_from=event,
        )  # fmt: skip
        kind = target.events[lead.event]
        # What was not carried over is asked there; the case must open all the same.
        answers, problems = clean_answers(kind, lead.data, complete=False)
        answers = {name: value for name, value in answers.items() if name not in _named(problems)}
        first = Event(
            case_id=following.pk, sequence=1, kind=lead.event, occurred_on=lead.day, occurred_at=lead.moment,
            recorded_at=event.recorded_at, recorded_by_id=event.recorded_by_id, recorded_by_name=event.recorded_by_name,
            organisation_id=event.organisation_id, data=answers, voice=voice_of(kind, answers), group=event.group,
        )  # fmt: skip
        part = [case.lead, *([event.organisation] if event.organisation else [])]
        referrer = referrer_of(case)
        begin(
            Writing(writing.action, following, []),
            first,
            part=[*part, *([referrer] if referrer else [])],
            depth=depth + 1,
        )
        opened.append(following)
    return opened


def whom_next(writing: Writing, event: Event, lead: Lead) -> Person | Organisation:
    """Whom the case that an event opens is for: the same, or the organisation that its guidance says the event names."""
    case = writing.case
    field = writing.pathway.events[event.kind].leads_to[lead.index].about
    if field is None:
        return whom_of(case)
    named = Organisation.objects.filter(slug=str(event.data.get(field) or "")).first()
    if named is None:
        raise Invalid({field: "Say which organisation: a case about it is opened."})
    return named


def referrer_of(case: Case) -> Organisation | None:
    """The organisation that the case began with: it stays part of what its concern leads to."""
    first = Event.objects.filter(case_id=case.pk, sequence=1).select_related("organisation").first()
    return first.organisation if first else None


def _named(problems: list[Problem]) -> set[str]:
    return {problem.field for problem in problems}


__all__ = ["OpenCase", "begin", "involve", "leading", "new_case", "open_next", "subject_of"]
