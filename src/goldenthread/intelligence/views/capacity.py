"""What a service has to do, and what so many people would do for its backlog: worked out at night, never in a page."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from goldenthread.clocks.calendar import calendar_for
from goldenthread.foundation import journal
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import current_library
from goldenthread.foundation.pages import actor_of
from goldenthread.foundation.policy import policy
from goldenthread.guidance.capacity import Service
from goldenthread.guidance.library import Library

from .. import beside
from ..capacity import working_days_after
from ..capacity.measuring import from_plain
from ..capacity.showing import better_with_one_more, demands, picture, shown, weeks
from ..capacity.working_out import FILE, PAGE, definitions
from ..scorecard.keeping import NotWorkedOut, manifest_digest
from .asked import or_none
from .parts import parts


def services_for(actor: Actor, library: Library) -> dict[str, Service]:
    """The services that a reader may look at: one of a restricted pathway only if they run it, or see restricted records."""
    runs = {pathway for pathway, _ in actor.handles}
    return {
        name: one for name, one in library.services.items()
        if actor.may(Capability.VIEW_RESTRICTED) or one.restricted(library) <= runs
    }  # fmt: skip


@policy(Capability.VIEW_TOTALS)
@partial(or_none, what="picture of capacity")
def capacity(request: HttpRequest) -> HttpResponse:
    """A service: what waits, and what would become of it with so many people and arrivals."""
    actor, library, folder = actor_of(request), current_library(), Path(settings.GT_EXTRACT)
    services = services_for(actor, library)
    if not services:
        raise NotWorkedOut("undeclared")
    service = services.get(request.GET.get("service", "")) or next(iter(services.values()))
    exact = actor.may(Capability.VIEW_SMALL_NUMBERS)
    with beside.pages(folder, FILE) as kept:
        page = kept.page(PAGE, service.id)
        journal.read(actor, "capacity.view", "scorecard", service.id, exact=exact)
        context: dict[str, Any] = {
            "services": services.values(), "service": service, "made": kept.made, "exact": exact, "parts": parts("capacity"),
            "stale": (kept.made.manifest, kept.made.definitions) != (manifest_digest(folder), definitions(library)),
            "problem": "unknown" if page is None else page["problem"], "restricted": bool(service.restricted(library)),
        }  # fmt: skip
        if page is not None and page["problem"] is None:
            context |= _tried(request, service, page, exact, kept.made.as_of, library)
        return render(request, "intelligence/capacity.html", context)


def _tried(
    request: HttpRequest, service: Service, page: dict[str, Any], exact: bool, as_of: date, library: Library
) -> dict[str, Any]:
    day = working_days_after(as_of, calendar_for(library, None))
    arrivals = demands(page)
    demand = _chosen(request.GET.get("arrivals", ""), arrivals, 100)
    told = shown(service, page, demand, exact, day)
    numbers = [one.people for one in told.outlooks]
    people = _chosen(request.GET.get("people", ""), numbers, service.people)
    return {
        "told": told, "demand": demand, "arrivals": arrivals, "numbers": numbers, "people": people,
        "rows": list(zip(told.outlooks, told.words, strict=True)),
        "one_more": better_with_one_more(told, people, service.target.waiting, day),
        "weeks": weeks(told, people, as_of), "theory": page["theory"], "measured": from_plain(page["measured"]),
        "wide": picture(service, told, people, as_of, "backlog-wide", width=960),
        "narrow": picture(service, told, people, as_of, "backlog-narrow", width=360),
    }  # fmt: skip


def _chosen(text: str, known: list[int], usual: int) -> int:
    asked = next((one for one in known if str(one) == text), None)
    return asked if asked is not None else usual if usual in known else known[0]
