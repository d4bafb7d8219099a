"""Journeys and capacity by API: what became of those who entered, and what so many people would do for a backlog.

What leaves by here has left need to know: small numbers are kept back, or told to the nearest five, whoever asks.
"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from ninja import Router
from ninja.errors import HttpError

from goldenthread.agencies.scopes import Scope
from goldenthread.clocks.calendar import calendar_for
from goldenthread.foundation import journal
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import current_library
from goldenthread.foundation.pages import actor_of
from goldenthread.guidance.journey import Journey
from goldenthread.intelligence import beside
from goldenthread.intelligence.capacity import working_days_after
from goldenthread.intelligence.capacity.forecast import Outlook, Range
from goldenthread.intelligence.capacity.showing import demands, shown
from goldenthread.intelligence.capacity.working_out import FILE, PAGE
from goldenthread.intelligence.journeys.working_out import over
from goldenthread.intelligence.scorecard.keeping import NotWorkedOut
from goldenthread.intelligence.views.capacity import services_for
from goldenthread.intelligence.views.journeys import Looked, looked

from .doing import FAULTS, needs
from .journey_schemas import JourneyNamed, JourneyTold, ServiceNamed, ServiceTold

router = Router(tags=["indicators"])
NOT_YET = "Nothing has been worked out yet. Whoever runs the service does it with `goldenthread extract`."


@router.get("/journeys", response={200: list[JourneyNamed], **FAULTS}, operation_id="list_journeys")
@needs(Capability.VIEW_TOTALS, Scope.READ_TOTALS)
def journeys(request: HttpRequest) -> list[dict[str, Any]]:
    """Every journey that is followed, with its steps in order."""
    journal.read(actor_of(request), "journeys.definitions", "scorecard", "all")
    return [
        {"id": one.id, "title": one.title, "followed_for": str(one.follow), "columns": [step.title for step in one.columns]}
        for one in current_library().journeys.values()
    ]


@router.get("/journeys/{journey_id}", response={200: JourneyTold, **FAULTS}, operation_id="read_journey")
@needs(Capability.VIEW_TOTALS, Scope.READ_TOTALS)
def journey(request: HttpRequest, journey_id: str, area: str = "", period: str = "") -> dict[str, Any]:
    """Those who entered in a financial year: from which step to which, how long each took, how groups fared.

    Without `area`: the whole partnership; without `period`: the latest year that has been followed to the end."""
    found = current_library().journeys.get(journey_id)
    if found is None:
        raise Http404
    try:
        with looked(request, leaves=True, journey=journey_id) as question:
            if area and area not in question.areas:
                raise Invalid({"area": f"{area!r} is not an area that journeys are told for."})
            if period and (question.period is None or question.period.key != period):
                raise Invalid({"period": f"{period!r} is not a year that this journey is told for."})
            journal.read(actor_of(request), "journeys.export", "scorecard", question.area, journey=journey_id, form="api")
            return _journey(found, question)
    except NotWorkedOut:
        raise HttpError(409, NOT_YET) from None


def _journey(one: Journey, question: Looked) -> dict[str, Any]:
    page, period, as_of = question.page(question.area), question.period, question.kept.made.as_of
    if page is None:
        page = {"entered": None, "flows": [], "steps": {}, "groups": {}}
    return {
        "id": one.id, "title": one.title, "area": question.area, "period": period.key if period is not None else None,
        "as_of": as_of, "followed_to_the_end": period is not None and over(one, period, as_of), "entered": page["entered"],
        "flows": [{"source": source, "target": target, "number": many} for source, target, many in page["flows"]],
        "steps": [
            {"step": one.columns[int(nth)].title, "taken": took["taken"], "waiting": took["waiting"], "in_time": took["in time"],
             "late": took["late"], "days_for_half": took["half"], "days_for_nine_in_ten": took["nine"]}
            for nth, took in page["steps"].items()
        ],
        "groups": [
            {"group": group, "place": place, "number": many}
            for group, places in page["groups"].items() for place, many in places.items()
        ],
    }  # fmt: skip


@router.get("/capacity", response={200: list[ServiceNamed], **FAULTS}, operation_id="list_services")
@needs(Capability.VIEW_TOTALS, Scope.READ_TOTALS)
def services(request: HttpRequest) -> list[dict[str, Any]]:
    """The services whose backlog is tried out; one of a restricted pathway only for those who run it."""
    actor = actor_of(request)
    journal.read(actor, "capacity.definitions", "scorecard", "all")
    return [
        {"id": one.id, "title": one.title, "people": one.people, "hours_a_day": one.hours_a_day}
        for one in services_for(actor, current_library()).values()
    ]


@router.get("/capacity/{service_id}", response={200: ServiceTold, **FAULTS}, operation_id="read_service")
@needs(Capability.VIEW_TOTALS, Scope.READ_TOTALS)
def service(request: HttpRequest, service_id: str) -> dict[str, Any]:
    """What waits, and when it clears with so many people and so many arrivals; counts to the nearest five."""
    actor, library = actor_of(request), current_library()
    found = services_for(actor, library).get(service_id)
    if found is None:
        raise Http404
    try:
        with beside.pages(Path(settings.GT_EXTRACT), FILE) as kept:
            page = kept.page(PAGE, service_id)
            journal.read(actor, "capacity.export", "scorecard", service_id, form="api")
            if page is None:
                raise HttpError(409, NOT_YET)
            as_of = kept.made.as_of
    except NotWorkedOut:
        raise HttpError(409, NOT_YET) from None
    told = {"id": service_id, "title": found.title, "as_of": as_of, "problem": page["problem"], "waiting": None, "outlooks": []}
    if page["problem"] is None:
        day = working_days_after(as_of, calendar_for(library, None))
        each = {per_cent: shown(found, page, per_cent, False, day) for per_cent in demands(page)}
        told["waiting"] = next(iter(each.values())).waiting
        told["outlooks"] = [_outlook(one, per_cent) for per_cent, tried in each.items() for one in tried.outlooks]
    return told


def _outlook(one: Outlook, per_cent: int) -> dict[str, Any]:
    return {
        "people": one.people, "arrivals": per_cent, "busy": one.busy, "cleared": one.cleared, "clears": _range(one.clears),
        "waiting_at_the_end": _range(one.still_waiting), "days_before_taken_up": _range(one.days_to_wait),
        "days_looked_at": one.horizon,
    }  # fmt: skip


def _range(one: Range) -> dict[str, float | None]:
    return {"middle": one.middle, "low": one.low, "high": one.high}
