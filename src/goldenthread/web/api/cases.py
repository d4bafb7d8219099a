"""Cases by API: open, record, correct, read as it is or as it was known, the proof of a due date, and worklists."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router, Status

from goldenthread.agencies.models import Organisation
from goldenthread.agencies.policies import OrganisationPolicy
from goldenthread.agencies.scopes import Scope
from goldenthread.casework.actions import AmendEvent, OpenCase, RecordEvent, WithdrawEvent
from goldenthread.casework.models import Case, Duty, Event
from goldenthread.casework.policies import CasePolicy, EventPolicy
from goldenthread.casework.queries import case_page, worklist
from goldenthread.clocks.answers import as_date
from goldenthread.clocks.engine import ComputedDuty
from goldenthread.foundation import journal
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.capability import Capability
from goldenthread.people.models import Person
from goldenthread.people.policies import PersonPolicy

from .doing import FAULTS, needs
from .schemas import (
    CaseTold,
    Correction,
    DutyProved,
    EventRecorded,
    EventTold,
    NewCase,
    NewEvent,
    WholeCase,
    Withdrawal,
    WorkTold,
)

router = Router(tags=["cases"])


def when(text: str) -> date | datetime:
    """A day or a moment from text; a moment without a zone is London time. Raises Invalid."""
    found = as_date(text)
    if found is None:
        raise Invalid({"occurred": f"{text!r} is not a date; write 2026-12-21 or 2026-12-21T09:30"})
    return found


def organisation(slug: str) -> Organisation | None:
    if not slug:
        return None
    found = Organisation.objects.filter(slug=slug).first()
    if found is None:
        raise Invalid({"organisation": f"There is no organisation {slug!r}."})
    return found


def iso(moment: date | datetime | None) -> str | None:
    """A day as 2026-03-02, a moment with its zone."""
    return None if moment is None else moment.isoformat()


def whom(case: Case) -> dict[str, str | None]:
    """The person a case is for, or the organisation it is about."""
    return {
        "person": str(case.subject_id) if case.subject_id else None,
        "about": case.about.slug if case.about is not None else None,
    }


def told(case: Case) -> dict[str, Any]:
    """A case's own row."""
    return {
        "id": str(case.pk), "reference": case.reference, "pathway": case.pathway, **whom(case),
        "state": case.state, "open": case.is_open, "opened_at": case.opened_at, "closed_at": case.closed_at,
        "lead": case.lead.slug, "version": case.version,
    }  # fmt: skip


def event_told(event: Event) -> dict[str, Any]:
    """An event as recorded; a correction names what it corrects."""
    return {
        "id": str(event.pk), "case": str(event.case_id), "sequence": event.sequence, "kind": event.kind,
        "occurred": iso(event.occurred_at or event.occurred_on), "recorded": event.recorded_at, "data": event.data,
        "by": event.recorded_by_name, "organisation": event.organisation.slug if event.organisation else None,
        "amends": str(event.amends_id) if event.amends_id else None, "withdrawn": event.withdrawn,
    }  # fmt: skip


def duty_told(duty: ComputedDuty) -> dict[str, Any]:
    return {
        "duty": duty.duty, "ordinal": duty.ordinal, "title": duty.title, "triggered": iso(duty.triggered),
        "due": iso(duty.due), "met": iso(duty.met_at), "status": duty.status, "late": duty.late, "reason": duty.reason,
        "owner": duty.owner, "force": duty.force, "reference": duty.reference,
    }  # fmt: skip


@router.post("/cases", response={201: CaseTold, **FAULTS}, operation_id="open_case")
@needs(Capability.RECORD_EVENTS, Scope.RECORD_EVENTS, keyed=True)
def open_case(request: HttpRequest, given: NewCase) -> Status[dict[str, Any]]:
    """Open a case with its first event: for a person, or about an organisation."""
    if (given.person is None) is (not given.about):
        raise Invalid({"person": "Send `person`, or `about` for a case about an organisation."})
    subject: Person | Organisation | None
    if given.person is not None:
        subject = PersonPolicy.living(request.actor, pk=given.person)  # type: ignore[attr-defined]
    else:
        subject = OrganisationPolicy.visible_to(request.actor).filter(slug=given.about).first()  # type: ignore[attr-defined]
        if subject is None:
            raise Invalid({"about": f"There is no organisation {given.about!r}."})
    case = OpenCase(request.actor).run(  # type: ignore[attr-defined]
        given.pathway,
        subject,
        when(given.occurred),
        given.data,
        kind=given.kind,
        organisation=organisation(given.organisation),
    )
    return Status(201, told(case))


@router.get("/cases/{uuid:case_id}", response={200: WholeCase, **FAULTS}, operation_id="read_case")
@needs(Capability.VIEW_CASES, Scope.READ_CASES)
def read(request: HttpRequest, case_id: UUID, known_on: date | None = None) -> dict[str, Any]:
    """A case whole: events, duties, what it opened. With `known_on`, only what was known by the end of that day."""
    page = case_page(request.actor, case_id, known_on)  # type: ignore[attr-defined]
    journal.read(request.actor, "casework.read_case", "case", str(case_id), known_on=str(known_on or ""))  # type: ignore[attr-defined]
    progress = page.progress
    opened = [] if known_on else page.led_to
    case = told(page.case)
    if known_on:
        case |= {"state": progress.state, "open": progress.is_open, "closed_at": progress.closed_moment}
        case["version"] = None
    return {
        **case,
        "known_on": known_on,
        "events": [event_told(event) for event in page.events],
        "duties": [duty_told(duty) for duty in progress.duties],
        "opened": [{"pathway": one.pathway, "id": str(one.pk), "reference": one.reference} for one in opened],
        "can_record": [one.kind for one in page.possible(request.actor, {request.actor.organisation_kind})],  # type: ignore[attr-defined]
    }


@router.get("/cases/{uuid:case_id}/duties/{duty}/{ordinal}", response={200: DutyProved, **FAULTS}, operation_id="prove_duty")
@needs(Capability.VIEW_CASES, Scope.READ_CASES)
def proof(
    request: HttpRequest, case_id: UUID, duty: str, ordinal: int, known_on: date | None = None
) -> dict[str, Any]:
    """One duty with the proof of its due date."""
    page = case_page(request.actor, case_id, known_on)  # type: ignore[attr-defined]
    journal.read(request.actor, "casework.read_case", "case", str(case_id), duty=duty)  # type: ignore[attr-defined]
    for one in page.progress.duties:
        if (one.duty, one.ordinal) == (duty, ordinal):
            worked = one.proof()
            return {**duty_told(one), "certain": worked.certain, "proof": worked.lines()}
    raise Http404


@router.post("/cases/{uuid:case_id}/events", response={201: EventRecorded, **FAULTS}, operation_id="record_event")
@needs(Capability.RECORD_EVENTS, Scope.RECORD_EVENTS, keyed=True)
def record(request: HttpRequest, case_id: UUID, given: NewEvent) -> Status[dict[str, Any]]:
    """Record something that happened. 409 if the case has changed since the version you send; nothing is written then."""
    case = CasePolicy.get(request.actor, pk=case_id)  # type: ignore[attr-defined]
    event = RecordEvent(request.actor).run(  # type: ignore[attr-defined]
        case,
        given.kind,
        when(given.occurred),
        given.data,
        version=given.version,
        organisation=organisation(given.organisation),
    )
    opened = [
        {"pathway": one.pathway, "id": str(one.pk), "reference": one.reference}
        for one in CasePolicy.visible_to(request.actor).filter(opened_from=event)  # type: ignore[attr-defined]
    ]
    return Status(201, {**event_told(event), "opened": opened})


@router.post("/events/{uuid:event_id}/amendments", response={201: EventTold, **FAULTS}, operation_id="amend_event")
@needs(Capability.RECORD_EVENTS, Scope.RECORD_EVENTS, keyed=True)
def amend(request: HttpRequest, event_id: UUID, given: Correction) -> Status[dict[str, Any]]:
    """Correct an event by a new one. `data` holds all its answers as they should have been."""
    event = EventPolicy.get(request.actor, pk=event_id)  # type: ignore[attr-defined]
    done = AmendEvent(request.actor).run(event, when(given.occurred), given.data, given.reason, given.version)  # type: ignore[attr-defined]
    return Status(201, event_told(done.event))


@router.post("/events/{uuid:event_id}/withdrawals", response={201: EventTold, **FAULTS}, operation_id="withdraw_event")
@needs(Capability.RECORD_EVENTS, Scope.RECORD_EVENTS, keyed=True)
def withdraw(request: HttpRequest, event_id: UUID, given: Withdrawal) -> Status[dict[str, Any]]:
    """Say that an event recorded in error did not happen."""
    event = EventPolicy.get(request.actor, pk=event_id)  # type: ignore[attr-defined]
    done = WithdrawEvent(request.actor).run(event, given.reason, given.version)  # type: ignore[attr-defined]
    return Status(201, event_told(done.event))


@router.get("/work", response={200: list[WorkTold], **FAULTS}, operation_id="list_work")
@needs(Capability.VIEW_CASES, Scope.READ_CASES)
def work(
    request: HttpRequest,
    whose: Literal["mine", "team", "agency"] = "mine",
    due: Literal["late", "today", "week", "later"] = "late",
    pathway: str = "",
    start: int = 0,
) -> list[dict[str, Any]]:
    """Open duties, the earliest due first, fifty at a time."""
    rows: list[Duty] = worklist(request.actor, whose, due, pathway or None, start=min(max(0, start), 1_000_000))  # type: ignore[attr-defined]
    journal.read(request.actor, "casework.worklist", "worklist", whose, due=due, rows=len(rows))  # type: ignore[attr-defined]
    return [
        {"case": str(row.case_id), "reference": row.case.reference, **whom(row.case),
         "pathway": row.pathway, "duty": row.duty, "ordinal": row.ordinal, "due": row.due_at}
        for row in rows
    ]  # fmt: skip
