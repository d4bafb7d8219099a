"""Requests by API: what an agency is asked, and its answers. The same rulings and actions as the pages."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Router, Status

from goldenthread.agencies.scopes import Scope
from goldenthread.casework.actions.record import InvalidForSome
from goldenthread.casework.record import program_of
from goldenthread.foundation import journal
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.capability import Capability
from goldenthread.sharing.actions.answering import (
    AnsweredBefore,
    AnswerRequest,
    exchange_for,
    questions_allowed,
)
from goldenthread.sharing.exchange import still_open, with_clock
from goldenthread.sharing.models import Request
from goldenthread.sharing.policies import RequestPolicy

from .cases import event_told, iso
from .doing import FAULTS, KeyTrouble, needs
from .schemas import Answer, EventTold, RequestAsked, RequestTold

router = Router(tags=["requests"])
PER_PAGE = 50
_RELATED = ("case__subject", "case__lead", "agency", "asker", "event", "override")


def told(row: Any) -> dict[str, Any]:
    return {
        "id": str(row.pk), "case": str(row.case_id), "reference": row.case.reference, "asked_by": row.asker.slug,
        "agency": row.agency.slug, "purpose": row.purpose, "asked_at": iso(row.asked_at), "due": iso(row.due_at),
        "waits": row.outcome == "open", "question": str(row.event.data.get("question") or ""),
        "person": {"id": str(row.case.subject_id), "name": row.case.subject.name, "born": row.case.subject.born},
    }  # fmt: skip


def asked_of(request: HttpRequest) -> Any:
    """What the caller's own agencies were asked, in cases they may know of."""
    actor = request.actor  # type: ignore[attr-defined]
    return RequestPolicy.visible_to(actor).filter(agency__in=actor.organisation_ids)


@router.get("/requests", response={200: list[RequestTold], **FAULTS}, operation_id="list_requests")
@needs(Capability.RECORD_EVENTS, Scope.ANSWER_REQUESTS)
def waiting(request: HttpRequest, start: int = 0) -> list[dict[str, Any]]:
    """What your agency is asked and has not answered, the first due first, fifty at a time."""
    first = min(max(0, start), 1_000_000)
    rows = still_open(asked_of(request)).select_related(*_RELATED).order_by("due_at", "pk")[first : first + PER_PAGE]
    found = [told(row) for row in rows]
    for one in found:
        journal.read(request.actor, "request.read", "case", one["case"], request=one["id"])  # type: ignore[attr-defined]
    return found


@router.get("/requests/{uuid:request_id}", response={200: RequestAsked, **FAULTS}, operation_id="read_request")
@needs(Capability.RECORD_EVENTS, Scope.ANSWER_REQUESTS)
def read(request: HttpRequest, request_id: UUID) -> dict[str, Any]:
    """One request, with the questions that the agreements let you answer today, and why not others."""
    row = _one(request, request_id)
    journal.read(request.actor, "request.read", "case", str(row.case_id), request=str(row.pk))  # type: ignore[attr-defined]
    allowed, ruling = questions_allowed(row)
    exchange = exchange_for(row)
    asks = program_of(row.case).pathway.events[exchange.answered].asks
    questions = [
        {"name": name, "type": one.type.value, "required": one.required, "label": one.label or "", "of": dict(one.of)}
        for name, one in asks.items()
        if name in allowed and name != exchange.agency
    ]
    return {**told(row), "questions": questions, "narrowed": ruling.why if ruling is not None else ""}


@router.post("/requests/{uuid:request_id}/answers", response={201: EventTold, **FAULTS}, operation_id="answer_request")
@needs(Capability.RECORD_EVENTS, Scope.ANSWER_REQUESTS, keyed=True)
def answer(request: HttpRequest, request_id: UUID, given: Answer) -> Status[dict[str, Any]]:
    """Answer a request: an event of the case, with your agency as its source. 409 if it was answered before."""
    row = _one(request, request_id)
    allowed, ruling = questions_allowed(row)
    if ruling is not None and (strange := sorted(set(given.data) - allowed)):
        # The page does not ask these; a program that sends them must be told, not have them dropped unseen.
        raise Invalid(dict.fromkeys(strange, f"The agreement does not let this be told. {ruling.why}"))
    try:
        (event,) = AnswerRequest(request.actor).run([row], given.data)  # type: ignore[attr-defined]
    except InvalidForSome as error:  # the one child's own errors, by question
        raise Invalid(error.by_case[row.case_id]) from error
    except AnsweredBefore as error:
        raise KeyTrouble(409, f"{error} Nothing was written.") from error
    return Status(201, event_told(event))


def _one(request: HttpRequest, identity: UUID) -> Any:
    """Raises Http404 alike for a request that is hidden, not for the caller's agency, or not there."""
    rows = with_clock(asked_of(request)).select_related(*_RELATED).filter(pk=identity)
    found: Request | None = rows.first()
    if found is None:
        raise Http404
    return found
