"""For whoever checks: what is asked for, what waits for approval, and how each agency stands, complete and in time."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from goldenthread.foundation.action import Invalid
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import current_library
from goldenthread.foundation.pages import actor_of, page_of
from goldenthread.foundation.policy import policy
from goldenthread.guidance.collection import Collection

from ...indicators.periods import Period, WrongPeriod
from ..actions import StartAsking, StopAsking
from ..periods import collections, periods_begun
from ..policies import SubmissionPolicy
from ..queries import STANDINGS, Overview, askings, overview, standing, timeliness, to_approve

PERIODS_OFFERED = 12


@policy(Capability.CHECK_COLLECTIONS)
def overview_page(request: HttpRequest) -> HttpResponse:
    """What waits to be approved and every collection; with `collection`, its agencies by period."""
    actor, today = actor_of(request), timezone.localdate()
    asked = askings()
    wanted = collections().get(request.GET.get("collection", "").replace("-", "_"))
    if wanted is not None:
        asking = asked.get(wanted.id)
        table = overview(actor, wanted, asking, today=today) if asking is not None else None
        context: dict[str, Any] = {
            "collection": wanted, "asking": asking, "overview": table, "rows": _rows(table, today) if table else [],
            "roles": _roles(wanted), "offered": _offered(wanted, today), "standings": STANDINGS,
        }  # fmt: skip
        return render(request, "collections/matrix.html", context)
    page = page_of(request, to_approve(actor))
    waits = [{"one": one, "collection": collections()[one.collection]} for one in page.object_list]
    lines = [_line(actor, one, asked.get(one.id)) for one in sorted(collections().values(), key=lambda each: each.title)]
    context = {"page": page, "waits": waits, "asked": [one for one in lines if one["asking"] and not one["asking"].until],
               "others": [one for one in lines if not one["asking"] or one["asking"].until]}  # fmt: skip
    return render(request, "collections/overview.html", context)


def _line(actor: Actor, collection: Collection, asking: Any) -> dict[str, Any]:
    due = SubmissionPolicy.visible_to(actor).filter(collection=collection.id, due_on__lt=timezone.localdate())
    rows = list(due.values_list("first_sent_on", "due_on", "state"))
    came = [sent for sent, _, _ in rows if sent is not None]
    return {
        "collection": collection, "asking": asking, "roles": _roles(collection), "due": len(rows), "came": len(came),
        "in_time": sum(sent is not None and sent <= day for sent, day, _ in rows),
        "final": sum(state in ("approved", "locked") for _, _, state in rows),
    }  # fmt: skip


def _roles(collection: Collection) -> str:
    return ", ".join(current_library().roles.title_of(one).lower() for one in collection.agencies)


def _rows(table: Overview, today: date) -> list[dict[str, Any]]:
    rows = []
    for agency in table.agencies:
        cells: list[dict[str, Any] | None] = []
        for one in agency.cells:
            if one is None:
                cells.append(None)
                continue
            how = standing(one, today)
            words, shape = STANDINGS[how]
            cells.append({"one": one, "how": how, "words": words, "shape": shape, "timely": timeliness(one, today)})
        rows.append({"agency": agency, "cells": cells})
    return rows


def _offered(collection: Collection, today: date) -> list[Period]:
    """Periods from which it can be asked for: those of the last three years, the latest first."""
    return list(reversed(periods_begun(collection, date(today.year - 3, 1, 1), today)[-PERIODS_OFFERED:]))


@policy(Capability.CHECK_COLLECTIONS)
def ask(request: HttpRequest, collection: str) -> HttpResponse:
    """Begin or end asking for a collection."""
    found = collections().get(collection.replace("-", "_"))
    if found is None:
        raise Http404
    address = f"{reverse('collections:overview')}?collection={found.slug}"
    if request.method != "POST":
        return HttpResponseRedirect(address)
    actor = actor_of(request)
    try:
        with transaction.atomic():
            if request.POST.get("ask") == "stop":
                StopAsking(actor).run(found.id)
                messages.success(request, "It is asked for no more. What has begun is still to be sent.")
            else:
                opened = StartAsking(actor).run(found.id, Period.parse(request.POST.get("since", "")).start)
                messages.success(request, f"It is asked for: {opened:,} forms were opened for agencies.")
    except (Invalid, WrongPeriod) as wrong:
        messages.error(request, wrong.messages[0] if isinstance(wrong, Invalid) else "Choose the first period")
    return HttpResponseRedirect(address)
