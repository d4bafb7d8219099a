"""Guidance by API: the pathways, a due date with its proof, and a case run without being recorded."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Body, Router

from goldenthread.agencies.scopes import Scope
from goldenthread.clocks.calendar import CalendarTooShort, arrangement_of, calendar_for
from goldenthread.clocks.case import CaseFileError, run_case
from goldenthread.clocks.interval import after
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import current_library
from goldenthread.guidance.words import Interval

from .doing import FAULTS, needs
from .schemas import DueTold, PathwayNamed

router = Router(tags=["guidance"])


@router.get("/pathways", response={200: list[PathwayNamed], **FAULTS}, operation_id="list_pathways")
@needs(Capability.READ_GUIDANCE, Scope.READ_GUIDANCE)
def pathways(request: HttpRequest) -> list[dict[str, Any]]:
    """Every pathway, with the ids of its events and duties."""
    return [
        {
            "id": one.id,
            "title": one.title,
            "about": one.about,
            "events": list(one.events),
            "duties": list(one.duties),
        }
        for one in current_library().pathways.values()
    ]


@router.get("/pathways/{pathway_id}", response={200: dict[str, Any], **FAULTS}, operation_id="read_pathway")
@needs(Capability.READ_GUIDANCE, Scope.READ_GUIDANCE)
def pathway(request: HttpRequest, pathway_id: str) -> dict[str, Any]:
    """One pathway whole, as its file says it."""
    found = current_library().pathways.get(pathway_id)
    if found is None:
        raise Invalid({"pathway_id": f"There is no pathway {pathway_id!r}."})
    return found.model_dump(mode="json", by_alias=True)


@router.get("/due", response={200: DueTold, **FAULTS}, operation_id="work_out_due_date")
@needs(Capability.READ_GUIDANCE, Scope.READ_GUIDANCE)
def due(
    request: HttpRequest, within: str, start: date, area: str = "", counts_trigger_day: bool = False
) -> dict[str, Any]:
    """When something due `within` an interval of a day falls due, with its proof."""
    library = current_library()
    if area and arrangement_of(library, area) is None:
        raise Invalid({"area": f"{area!r} is not an area of any arrangement."})
    try:
        proof = after(
            Interval.parse(within),
            start,
            calendar_for(library, area or None),
            counts_trigger_day=counts_trigger_day,
        )
    except (ValueError, CalendarTooShort) as error:
        raise Invalid({"within": str(error)}) from error
    return {
        "due": proof.due.isoformat() if proof.due else None,
        "certain": proof.certain,
        "proof": proof.lines(),
    }


@router.post("/run-case", response={200: dict[str, Any], **FAULTS}, operation_id="run_case")
@needs(Capability.READ_GUIDANCE, Scope.READ_GUIDANCE)
def what_if(request: HttpRequest, case: Body[dict[str, Any]]) -> dict[str, Any]:
    """Run a case that is not recorded: `pathway`, `subject`, `area`, `as_of` and `events`, as in a case file."""
    try:
        return run_case(case, current_library())
    except CaseFileError as error:
        raise Invalid({"case": error.problems}) from error
