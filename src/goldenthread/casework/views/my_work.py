"""My work: what is late, due today, this week and later; mine, my team's, my agency's; and why each is due.

Reads `queries.worklist`; shows nothing else. Counts are links.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from goldenthread.foundation import journal
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import current_library, pathways
from goldenthread.foundation.policy import policy
from goldenthread.guidance.pathway import Pathway

from ..beside import owed
from ..models import Case, Duty, Event
from ..queries import WHEN, WHOSE, whose_counts, worklist, worklist_counts
from ..queries.caseloads import without_worker
from ..queries.counting import Count, capped_counts
from ..queries.worklist import When, Whose
from ..words import due_of, due_state, due_words, rule_in_short
from .common import actor_of, number

PAGE = 25
WHOSE_WORDS = {"mine": "Mine", "team": "My team’s", "agency": "My agency’s"}
WHEN_WORDS = {"late": "Late", "today": "Due today", "week": "Next 7 days", "later": "Later"}
NOTHING = {
    "late": "Nothing is late.",
    "today": "Nothing more is due today.",
    "week": "Nothing is due in the next 7 days.",
    "later": "Nothing is due later.",
}


@policy(Capability.VIEW_CASES)
def my_work(request: HttpRequest) -> HttpResponse:
    """The open duties of one person, their teams or their agencies, by when they are due."""
    actor = actor_of(request)
    now = timezone.now()
    if request.GET.get("unallocated") and actor.may(Capability.ALLOCATE_CASES):
        return _unallocated_page(request, actor)
    whose, pathway = whose_of(request, actor), _pathway(request)
    counts = worklist_counts(actor, whose, _when(request) or "late", pathway, now=now)
    when = _when(request) or _first_with_work(counts.when)
    if when != (_when(request) or "late"):
        counts = worklist_counts(actor, whose, when, pathway, now=now)
    page = max(1, number(request.GET.get("page", "")) or 1)
    rows = worklist(actor, whose, when, pathway, start=(page - 1) * PAGE, limit=PAGE + 1, now=now)
    journal.read(actor, "work.view", "worklist", whose, when=when, pathway=pathway or "")
    late = _late(actor, whose, None if pathway else counts.when["late"], now)
    chosen: dict[str, Any] = {"whose": whose, "when": when, "pathway": pathway or ""}
    context = {
        "whose": [_link(WHOSE_WORDS[one], chosen, whose=one, when="", count=late[one]) for one in whose_offered(actor)],
        "when": [_link(WHEN_WORDS[one], chosen, when=one, count=counts.when[one]) for one in WHEN],
        "pathways": [_link("All", chosen, pathway=""), *(
            _link(current_library().pathways[one].title, chosen, pathway=one, count=count)
            for one, count in counts.pathways.items()
        )],
        "when_words": WHEN_WORDS[when], "nothing": NOTHING[when], "chosen": chosen, "unallocated": _unallocated(actor),
        "lines": lines_of(rows[:PAGE], now),
        "previous": _address(chosen, page=page - 1) if page > 1 else "",
        "next": _address(chosen, page=page + 1) if len(rows) > PAGE else "", "page": page,
        "several": whose != "mine", "owed": owed(actor),
        "board": next(iter(current_library().boards_of(pathway or "")), None),
    }  # fmt: skip
    return render(request, "casework/my_work.html", context)


def _late(actor: Actor, whose: Whose, known: Count | None, now: datetime) -> dict[Whose, Count]:
    """How much is late of each, the one that is shown not counted again."""
    if known is None:
        return whose_counts(actor, now=now)
    return {**whose_counts(actor, now=now, among=[one for one in WHOSE if one != whose]), whose: known}


def whose_of(request: HttpRequest, actor: Actor) -> Whose:
    """What was asked for; else the nearest that has an owner: oneself, the team, or for those who supervise their team."""
    asked = request.GET.get("whose", "")
    if asked in WHOSE:
        return asked
    return "team" if actor.may(Capability.SUPERVISE) and actor.team_ids else "mine"


def whose_offered(actor: Actor) -> list[Whose]:
    return [one for one in WHOSE if one != "team" or actor.team_ids]


def _when(request: HttpRequest) -> When | None:
    asked = request.GET.get("when", "")
    return asked if asked in WHEN else None


def _pathway(request: HttpRequest) -> str | None:
    asked = request.GET.get("pathway", "")
    return asked if asked in current_library().pathways else None


def _first_with_work(counts: Any) -> When:
    return next((one for one in WHEN if counts[one]), "late")


def _link(words: str, chosen: dict[str, Any], *, count: Count | None = None, **change: str) -> dict[str, Any]:
    current = all(chosen[name] == value for name, value in change.items() if value or name == "pathway")
    return {"words": words, "href": _address(chosen, **change), "count": count, "current": current}


def _address(chosen: dict[str, Any], **change: Any) -> str:
    query = {name: value for name, value in {**chosen, **change}.items() if value}
    return f"{reverse('casework:my-work')}?{urlencode(query)}" if query else reverse("casework:my-work")


def lines_of(rows: list[Duty], now: datetime) -> list[dict[str, Any]]:
    """The lines of a page, with the events that started their clocks read at once."""
    kinds = dict(Event.objects.filter(pk__in=[row.triggered_by for row in rows if row.triggered_by]).values_list("pk", "kind"))
    return [_line(row, kinds.get(row.triggered_by) if row.triggered_by else None, now) for row in rows]


def _line(row: Duty, kind: str | None, now: datetime) -> dict[str, Any]:
    """One duty: who, what, when, why, and where to record what meets it."""
    pathway: Pathway | None = pathways(row.case.arrangement).get(row.pathway)
    rule = pathway.duties.get(row.duty) if pathway else None
    return {
        "case": row.case, "duty": row.duty, "ordinal": row.ordinal, "state": due_state(row, now),
        "title": rule.title if rule else row.duty.replace("_", " ").capitalize(),
        "pathway": pathway.title if pathway else row.pathway, "when": due_words(due_of(row), now),
        "due": due_of(row), "why": rule_in_short(pathway, row.duty, row.triggered_on, kind) if pathway else "",
        "reference": rule.reference if rule else "", "worker": row.worker, "agency": row.organisation,
        "meets": [(kind, pathway.title_of(kind)) for kind in list(rule.met_by)[:2]] if rule and pathway else [],
    }  # fmt: skip


# Cases nobody works on ------------------------------------------------------------------------------------------


def _unallocated(actor: Actor) -> Count | None:
    """How many cases of one's own agencies have no worker, for those who may allocate."""
    if not actor.may(Capability.ALLOCATE_CASES):
        return None
    return capped_counts({"cases": without_worker(actor)})["cases"]


def _unallocated_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    page = max(1, number(request.GET.get("page", "")) or 1)
    rows: list[Case] = list(
        without_worker(actor).select_related("subject", "about", "team")
        .order_by("opened_at", "pk")[(page - 1) * PAGE : page * PAGE + 1]
    )
    journal.read(actor, "work.view", "worklist", "unallocated")
    known = current_library().pathways
    context = {
        "rows": [
            {"case": row, "pathway": known[row.pathway].title if row.pathway in known else row.pathway} for row in rows[:PAGE]
        ],
        "count": _unallocated(actor), "page": page,
        "previous": f"{reverse('casework:my-work')}?unallocated=1&page={page - 1}" if page > 1 else "",
        "next": f"{reverse('casework:my-work')}?unallocated=1&page={page + 1}" if len(rows) > PAGE else "",
    }  # fmt: skip
    return render(request, "casework/my_work_unallocated.html", context)
