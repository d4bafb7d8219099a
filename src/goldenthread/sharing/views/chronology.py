"""The chronology of a child, or of several brothers and sisters together: one list, each line with its right to be there.

Thin: `queries.chronology` reads what policies and agreements let be seen, `drawing` draws it, the journal keeps by what
right each case was seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.safestring import mark_safe

from goldenthread.casework.child_story import case_address
from goldenthread.casework.thread.svg import draw
from goldenthread.foundation import journal
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.forms import DATE_FORMATS
from goldenthread.foundation.pages import actor_of
from goldenthread.foundation.policy import policy
from goldenthread.people.models import Person
from goldenthread.people.policies import PersonPolicy

from ..chronology.drawing import Dot, clusters, described, gaps, picture
from ..chronology.lines import KINDS, Chronology, Line, Narrowed, named
from ..queries.chronology import chronology_of, given_under, people_chosen, siblings_of, tell

PAGE = 40
ANSWERS = 4
"""Answers of one line that are shown; the rest is on the page of its case."""
EARLIEST = "earliest"


@policy(Capability.VIEW_CASES)
def chronology(request: HttpRequest, person: UUID) -> HttpResponse:
    """What every agency recorded, of what the reader may see."""
    actor = actor_of(request)
    who = PersonPolicy.get(actor, pk=person)
    people = people_chosen(actor, who, chosen_ids(request.GET))
    found = chronology_of(actor, people)
    narrowed, faults = narrowing(request.GET)
    journal_look(request, found, "chronology.view")
    lines = found.narrowed(narrowed)
    latest_first = request.GET.get("order") != EARLIEST
    page = Paginator(lines[::-1] if latest_first else lines, PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    told = tell(shown)
    context = {
        "person": who, "people": people, "named": named(people), "siblings": siblings_of(actor, who),
        "chosen": {one.pk for one in people}, "found": found, "lines": lines, "page": page, "told": told,
        "given": given_under(actor, shown, told),
        "several": len(people) > 1, "answers": ANSWERS, "case_address": case_address, "errors": faults,
        "narrowed": narrowed, "typed": request.GET, "filters": _filters(found, request.GET),
        "query": query_of(people, narrowed),
        "may_export": actor.may(Capability.RECORD_EVENTS), "may_answer": actor.may(Capability.SUPERVISE),
        **_picture(lines),
    }  # fmt: skip
    return render(request, "sharing/chronology.html", context, status=422 if faults else 200)


def chosen_ids(given: QueryDict) -> list[UUID]:
    """Those chosen beside the child; anything that is not an id is left out."""
    found = []
    for text in given.getlist("with"):
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def narrowing(given: QueryDict) -> tuple[Narrowed, dict[str, str]]:
    """What the list is narrowed to, and what is wrong with it."""
    faults: dict[str, str] = {}
    days: dict[str, date | None] = {}
    for name, words in (("from", "From"), ("to", "To")):
        typed = " ".join(given.get(name, "").split())
        days[name] = _day(typed)
        if typed and days[name] is None:
            faults[name] = f"“{words}” must be a real date, like 27 3 2026"
    start, end = days["from"], days["to"]
    if start and end and end < start:
        faults["to"] = "“To” must be the same as or after “From”"
        end = None
    return Narrowed(given.get("agency", ""), given.get("kind", ""), start, end), faults


def _day(typed: str) -> date | None:
    for form in DATE_FORMATS:
        try:
            return datetime.strptime(typed, form).date()
        except ValueError:
            continue
    return None


def query_of(people: Sequence[Person], narrowed: Narrowed) -> str:
    """The same people and narrowing, for another page's address."""
    parts = [("with", str(one.pk)) for one in people[1:]]
    parts += [("agency", narrowed.agency), ("kind", narrowed.kind)]
    parts += [(name, day.isoformat()) for name, day in (("from", narrowed.start), ("to", narrowed.end)) if day]
    return urlencode([(name, value) for name, value in parts if value])


def journal_look(request: HttpRequest, found: Chronology, verb: str) -> None:
    """Journal the look at each person, with what each of their cases was seen by."""
    actor = actor_of(request)
    cited = found.cited()
    for person in found.people:
        cases = {str(line.case.pk) for line in found.lines if line.person.pk == person.pk}
        held = [one.right.cited for one in found.held if one.person.pk == person.pk]
        rights = {case: right for case, right in cited.items() if case in cases}
        journal.read(actor, verb, "person", str(person.pk), rights=rights, existence=held)


def _filters(found: Chronology, given: QueryDict) -> list[dict[str, Any]]:
    kinds = [("", "Everything"), *KINDS.items(), *found.pathways]
    return [
        {"name": "agency", "label": "Agency", "value": given.get("agency", ""),
         "options": [("", "Every agency"), *found.agencies]},
        {"name": "kind", "label": "What", "value": given.get("kind", ""), "options": kinds},
        {"name": "from", "label": "From, like 27 3 2026", "value": given.get("from", "")},
        {"name": "to", "label": "To, like 27 3 2026", "value": given.get("to", "")},
        {"name": "order", "label": "Order", "value": given.get("order", ""),
         "options": [("", "Latest first"), (EARLIEST, "Earliest first")]},
    ]  # fmt: skip


def dots_of(lines: Sequence[Line]) -> list[Dot]:
    return [Dot(line.day, line.agency_title) for line in lines if not line.withdrawn]


def _picture(lines: Sequence[Line]) -> dict[str, Any]:
    dots = dots_of(lines)
    if len(dots) < 2:
        return {"dots": 0}
    title, words = "The lines of each agency over time", described(dots)
    return {
        "dots": len(dots), "described": words, "gaps": gaps(dots), "clusters": clusters(dots),
        # Every word in the drawings is escaped by thread.svg.
        "wide": mark_safe(draw(picture(dots), "chronology-w", title, words, "gt-drawing gt-chronology--wide")),
        "narrow": mark_safe(draw(picture(dots, narrow=True), "chronology-n", title, words, "gt-drawing")),
    }  # fmt: skip
