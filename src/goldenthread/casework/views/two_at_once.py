"""When somebody else added to a case while a form was being filled in: theirs and mine side by side, and a choice.

Nothing is written by this page. Source: docs/decisions, events are never edited: two people writing at once each keep
what they wrote, and one of them is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from goldenthread.foundation.actor import Actor
from goldenthread.guidance.pathway import FieldType

from ..forms.event import EventForm, Typed
from ..models import Case
from ..policies import EventPolicy
from ..record import program_of
from ..timeline import Entry, entries
from ..words import Told, agencies_named, answers_in_words


def stale_page(
    request: HttpRequest, actor: Actor, form: EventForm, typed: Typed, cases: Sequence[tuple[Case, int]], address: str,
    send: str,
) -> HttpResponse:  # fmt: skip
    """The page, with all that was typed carried in it. `cases` are (case, version it was seen at), the form's own first."""
    theirs = [{"case": case, "entries": since} for case, seen in cases if (since := recorded_since(actor, case, seen))]
    main = cases[0][0]
    now = {case.pk: current_version(case) for case, _ in cases}
    context = {
        "case": main, "form": form, "theirs": theirs, "address": address, "send": send,
        "also": [case.subject.name for case, _ in cases[1:]], "mine": typed_in_words(form),
        "occurred": form.read()[0], "reason": typed.one("_reason"),
        "fields": [
            *typed.hidden(), ("_version", str(now[main.pk])), *((f"_v-{case.pk}", str(now[case.pk])) for case, _ in cases[1:])
        ],
    }  # fmt: skip
    return render(request, "casework/stale.html", context, status=409)


def recorded_since(actor: Actor, case: Case, version: int) -> list[Entry]:
    """What was recorded or corrected in a case after a version of it was read."""
    events = list(
        EventPolicy.visible_to(actor).filter(case=case).select_related("organisation", "recorded_by").order_by("sequence")
    )
    fresh = {event.pk for event in events if event.sequence > version}
    return [
        entry
        for entry in entries(program_of(case).pathway, events)
        if entry.event.pk in fresh or any(correction.event.pk in fresh for correction in entry.corrections)
    ]


def current_version(case: Case) -> int:
    return Case.objects.values_list("version", flat=True).get(pk=case.pk)


def typed_in_words(form: EventForm) -> list[Told]:
    """What was typed, in words, as the timeline would tell it."""
    _, given = form.read()
    asks = form.event.asks
    plain: dict[str, Any] = {
        name: (value == "yes" if value and asks[name].type is FieldType.YES_NO else value) for name, value in given.items()
    }
    return answers_in_words(form.event, plain, agencies_named(form.pathway, [(form.kind, given)]))
