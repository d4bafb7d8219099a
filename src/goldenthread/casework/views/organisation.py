"""Organisations as whom a case is about: the open cases, an organisation by name, and the page of one.

Thin: `queries.organisations` reads, policies decide, the journal keeps who looked.
"""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from goldenthread.agencies.kinds import organisation_kinds
from goldenthread.agencies.policies import OrganisationPolicy
from goldenthread.foundation import journal
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import current_library, pathways
from goldenthread.foundation.policy import policy

from ..models import Case
from ..openings import offered
from ..queries.organisations import cases_about, organisations_named
from .common import actor_of, kinds_of

PAGE = 50


@policy(Capability.VIEW_CASES)
def organisation_list(request: HttpRequest) -> HttpResponse:
    """Open cases about organisations, and organisations by name."""
    actor = actor_of(request)
    typed = " ".join(request.GET.get("q", "").split())[:100]
    context: dict[str, Any] = {"typed": typed}
    if typed:
        context["found"], context["more"] = organisations_named(actor, typed)
        context["kinds"] = organisation_kinds()
    else:
        page = Paginator(cases_about(actor).filter(is_open=True), PAGE).get_page(request.GET.get("page"))
        context |= {"page": page, "rows": [_line(case) for case in page]}
    journal.read(actor, "organisations.view", "worklist", "organisations", searched=bool(typed))
    return render(request, "casework/organisations.html", context)


@policy(Capability.VIEW_CASES)
def organisation_page(request: HttpRequest, slug: str) -> HttpResponse:
    """One organisation: the cases about it, open and closed, and what one may begin."""
    actor = actor_of(request)
    here = OrganisationPolicy.get(actor, slug=slug)
    page = Paginator(cases_about(actor, here), PAGE).get_page(request.GET.get("page"))
    known = pathways(page.object_list[0].arrangement) if page.object_list else current_library().pathways
    may_open = actor.may(Capability.RECORD_EVENTS) and any(
        offered(actor, known, kinds_of(actor), None, timezone.localdate())
    )
    journal.read(actor, "organisation.view", "organisation", here.slug)
    context = {
        "organisation": here, "kind": current_library().roles.title_of(here.kind), "page": page,
        "rows": [_line(case) for case in page], "may_open": may_open,
    }  # fmt: skip
    return render(request, "casework/organisation.html", context)


def _line(case: Case) -> dict[str, Any]:
    pathway = pathways(case.arrangement).get(case.pathway)
    state = pathway.states.get(case.state) if pathway else None
    return {
        "case": case, "pathway": pathway.title if pathway else case.pathway, "state": state.title if state else case.state,
        "late": case.is_open and case.next_due_at is not None and case.next_due_at < timezone.now(),
    }  # fmt: skip
