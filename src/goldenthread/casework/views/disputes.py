"""Alerts and disputes, kept apart. An alert is a duty that is late: the engine raises it, and it goes when the duty is done.
What outlives a case that closed can still be done, so it is an alert too, after those of open cases.
A dispute is a person's: somebody disagrees, says so, and it climbs from stage to stage until it is settled.

Reads `queries.disputes` and `queries.worklist`. That an alert becomes a dispute is somebody's choice, never the engine's.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from goldenthread.clocks.calendar import local_day
from goldenthread.foundation import journal
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.policy import policy

from ..queries import whose_counts
from ..queries.disputes import categories, dispute_pathways, disputes, in_words, raise_address, stage_counts
from ..queries.worklist import Whose, late_work
from ..words import due_words
from .common import actor_of, number
from .my_work import WHOSE_WORDS, lines_of, whose_of, whose_offered

PAGE = 25


@policy(Capability.VIEW_CASES)
def alerts(request: HttpRequest) -> HttpResponse:
    """What is late, whoever owes it, with the choice to raise a dispute about it."""
    actor, now = actor_of(request), timezone.now()
    whose: Whose = whose_of(request, actor)
    page = max(1, number(request.GET.get("page", "")) or 1)
    own = sorted(dispute_pathways())
    rows = late_work(actor, whose, own, start=(page - 1) * PAGE, limit=PAGE + 1, now=now)
    journal.read(actor, "alerts.view", "worklist", whose)
    late = whose_counts(actor, own, now=now)
    may = actor.may(Capability.RECORD_EVENTS)
    shown = rows[:PAGE]
    told = lines_of(shown, now)
    for line, row in zip(told, shown, strict=True):
        day = local_day(row.due_at) if row.due_at else None
        line["raise"] = raise_address(row.case, line["title"], day) if may else ""
    context: dict[str, Any] = {
        "lines": told, "page": page, "several": whose != "mine",
        "whose": [
            {"words": WHOSE_WORDS[one], "href": _address("casework:alerts", whose=one), "count": late[one],
             "current": one == whose}
            for one in whose_offered(actor)
        ],
        "previous": _address("casework:alerts", whose=whose, page=page - 1) if page > 1 else "",
        "next": _address("casework:alerts", whose=whose, page=page + 1) if len(rows) > PAGE else "",
    }  # fmt: skip
    return render(request, "casework/alerts.html", context)


@policy(Capability.VIEW_CASES)
def dispute_list(request: HttpRequest) -> HttpResponse:
    """Disputes one may know of, by stage and by what they are about; settled ones with what changed for the child."""
    actor, now = actor_of(request), timezone.now()
    stages, about = stage_counts(actor), categories()
    closed = request.GET.get("settled") == "1"
    stage = request.GET.get("stage", "")
    stage = stage if not closed and any(stage == one for one, _, _ in stages) else ""
    category = request.GET.get("category", "") if request.GET.get("category", "") in about else ""
    page = max(1, number(request.GET.get("page", "")) or 1)
    rows = list(disputes(actor, closed=closed, stage=stage, category=category)[(page - 1) * PAGE : page * PAGE + 1])
    journal.read(actor, "disputes.view", "worklist", stage or ("settled" if closed else "open"), category=category)
    chosen = {"settled": "1" if closed else "", "stage": stage, "category": category}
    told = in_words(rows[:PAGE])
    context: dict[str, Any] = {
        "disputes": [{"one": one, "when": due_words(one.case.next_due_at, now) if one.case.next_due_at else "",
                      "late": bool(one.case.next_due_at and one.case.next_due_at < now)} for one in told],
        "stages": [
            {"words": title, "count": count, "current": (one == stage and bool(one)) or (not one and closed),
             "href": _address("casework:disputes", **({"settled": "1"} if not one else {"stage": one}), category=category)}
            for one, title, count in stages
        ],
        "categories": [("", "Anything"), *about.items()], "chosen": chosen, "closed": closed, "page": page,
        "narrowed": bool(stage or category),
        "title": "Settled" if closed else next((title for one, title, _ in stages if one and one == stage), "Open"),
        "previous": _address("casework:disputes", **chosen, page=page - 1) if page > 1 else "",
        "next": _address("casework:disputes", **chosen, page=page + 1) if len(rows) > PAGE else "",
    }  # fmt: skip
    return render(request, "casework/disputes.html", context)


def _address(name: str, **query: Any) -> str:
    given = {key: value for key, value in query.items() if value}
    return f"{reverse(name)}?{urlencode(given)}" if given else reverse(name)
