"""The page of one case, for every pathway: what is due, what can happen next, what happened, who is part of it.

Thin: `case_file` gathers, policies decide, the journal keeps who looked.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from goldenthread.agencies.models import Organisation
from goldenthread.foundation import journal
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import pathways
from goldenthread.foundation.policy import policy
from goldenthread.people.codes import RELATIONSHIPS
from goldenthread.people.queries import family_of, professionals_of, warnings_of

from ..beside import beside
from ..case_file import CaseFile, case_file, confirmation, looked_at
from ..forms.when import PARTS, NotADay, read_day, typed_day
from ..models import Case
from ..queries.disputes import raise_address
from ..record import program_of
from ..words import day_words
from .common import actor_of, case_of, first_name, kinds_of, said_label
from .correct import may_correct
from .record import sibling_cases

TIMELINE_PAGE = 30
LOOKS_PAGE = 50
VERBS = {
    "case.view": "Read the case",
    "case.view_as_known": "Read the case as it was known earlier",
    "case.form": "Opened a form of the case",
    "case.proof": "Read how a due date was worked out",
    "case.looked": "Read who has looked",
    "document.read": "Read a document",
    "child.view": "Read the child’s page",
}


@policy(Capability.VIEW_CASES)
def case_page(request: HttpRequest, case: UUID) -> HttpResponse:
    """The case now, or with `known_on` as it was known at the end of a day."""
    actor = actor_of(request)
    typed, known_on, wrong = _known_on(request)
    try:
        file = case_file(actor, case, kinds_of(actor), known_on)
    except Http404:
        if known_on is None:
            raise
        file = case_file(actor, case, kinds_of(actor))
        wrong, known_on = f"Nothing was known of this case on {day_words(known_on)}. Choose a later date", None
    here = file.case
    if known_on is None:
        journal.read(actor, "case.view", "case", str(here.pk), version=here.version)
    else:
        journal.read(actor, "case.view_as_known", "case", str(here.pk), known_on=known_on.isoformat())
    page = Paginator(file.entries, TIMELINE_PAGE).get_page(request.GET.get("page"))
    day = known_on or timezone.localdate()
    context: dict[str, Any] = {
        "case": here, "file": file, "pathway": file.program.pathway, "page": page, "first_name": first_name(here.subject),
        "said_label": said_label(here.subject), "known_on": known_on,
        "known_words": day_words(known_on) if known_on else "",
        "known_typed": typed, "known_error": wrong,
        **_around(actor, here, day),
        "siblings": [] if known_on else sibling_cases(actor, here), "titles": _titles(file),
        "confirmed": _confirmed(request, file),
        "correctable": {entry.event.pk for entry in page if known_on is None and may_correct(actor, here, entry)},
        "likely": [one for one in file.possible if one.likely], "unlikely": [one for one in file.possible if not one.likely],
        "may_allocate": known_on is None and actor.may(Capability.ALLOCATE_CASES),
        "may_record": known_on is None and actor.may(Capability.RECORD_EVENTS),
        "may_add_documents": known_on is None and actor.may(Capability.ADD_DOCUMENTS),
        "dispute": raise_address(here) if known_on is None and actor.may(Capability.RECORD_EVENTS) else "",
        "may_supervise": actor.may(Capability.SUPERVISE), "beside": [] if known_on else beside(actor, here),
    }  # fmt: skip
    return render(request, "casework/case.html", context, status=422 if wrong else 200)


def _known_on(request: HttpRequest) -> tuple[dict[str, str], date | None, str]:
    """The day asked for: `known_on=2026-11-01`, or three boxes; what was typed; and what is wrong with it."""
    whole = request.GET.get("known_on", "")
    typed = {part: request.GET.get(f"known_on-{part}", "") for part in PARTS}
    today = timezone.localdate()
    try:
        day = date.fromisoformat(whole) if whole else read_day(typed, "The date")
    except NotADay as error:
        return typed, None, str(error)
    except ValueError:
        return typed, None, "The date must be a real date"
    if day is None:
        return typed_day(today), None, ""
    if day > today:
        return typed_day(day), None, "The date must be today or in the past"
    return typed_day(day), day, ""


def _around(actor: Actor, case: Case, day: date) -> dict[str, Any]:
    """The people around whom a case is for; around an organisation there are none."""
    if case.subject_id is None:
        return {"family": [], "professionals": [], "warnings": []}
    family = [(_relation(one.kind), one) for one in family_of(actor, case.subject, day)]
    return {"family": family, "professionals": professionals_of(case.subject, day), "warnings": warnings_of(case.subject, day)}


def _relation(kind: str) -> str:
    return RELATIONSHIPS[kind][0] if kind in RELATIONSHIPS else kind.replace("_", " ").capitalize()


def _titles(file: CaseFile) -> dict[str, str]:
    """Titles of the pathways of cases named on the page."""
    return {identity: pathway.title for identity, pathway in pathways(file.case.arrangement).items()}


def _confirmed(request: HttpRequest, file: CaseFile) -> Any:
    try:
        event = UUID(request.GET.get("recorded", ""))
    except ValueError:
        return None
    return confirmation(actor_of(request), file, event) if file.facts.known_on is None else None


@policy(Capability.SUPERVISE)
def looked(request: HttpRequest, case: UUID) -> HttpResponse:
    """Who has looked at a case, for those who supervise."""
    actor = actor_of(request)
    here = case_of(actor, case)
    page = Paginator(looked_at(here), LOOKS_PAGE).get_page(request.GET.get("page"))
    agencies = dict(
        Organisation.objects.filter(pk__in={row.organisation_id for row in page}).values_list("pk", "title")
    )
    rows = [
        {"at": row.at, "who": row.actor_name, "agency": agencies.get(row.organisation_id or 0, ""),
         "what": VERBS.get(row.verb, row.verb.replace("_", " ").replace(".", ": ").capitalize()),
         "known_on": row.detail.get("known_on", "")}
        for row in page
    ]  # fmt: skip
    journal.read(actor, "case.looked", "case", str(here.pk))
    context = {"case": here, "pathway": program_of(here).pathway, "page": page, "rows": rows}
    return render(request, "casework/case_looked.html", context)
