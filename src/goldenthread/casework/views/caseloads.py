"""Caseloads: each person's work against the recommended range, drift, changes of worker, what is late, who might be next.

Thin: `queries.caseloads` reads, the guidance says what is fair, the journal keeps who looked.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from goldenthread.agencies.models import Organisation
from goldenthread.foundation import journal
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import current_library
from goldenthread.foundation.policy import policy

from ..queries.caseloads import Caseloads, caseloads_of, teams_of
from .common import actor_of, number

WIDTH, ROOM = 240, 1.15
"""Of the bars, in the units of the drawing; and how much wider than the highest the scale is."""
WORDS = {"over": ("Above the range", "red"), "within": ("Within the range", "green"), "under": ("Below the range", "grey")}


@policy(Capability.ALLOCATE_CASES)
def caseloads(request: HttpRequest) -> HttpResponse:
    """One team's work; another by `team`."""
    actor = actor_of(request)
    teams = teams_of(actor)
    asked = number(request.GET.get("team", ""))
    team = next((one for one in teams if one.pk == asked), teams[0] if teams else None)
    organisation = team.organisation if team else Organisation.objects.filter(pk=actor.organisation_id or 0).first()
    found = caseloads_of(actor, organisation, team, timezone.now()) if organisation else None
    journal.read(actor, "caseloads.view", "worklist", "caseloads", team=team.pk if team else None)
    rules, known = current_library().caseloads, current_library().pathways
    context: dict[str, Any] = {
        "teams": teams, "team": team, "organisation": organisation, "found": found,
        "titles": {one.id: one.title for one in known.values()},
        "rows": _rows(found) if found else [], "changes": rules.changes, "about": rules.about,
        "ranges": {one.role: one.load for one in found.people} if found else {},
        "drifts": [(known[one].title, rule) for one, rule in rules.drift.items() if one in known],
        "proposed": [
            {"one": one, "href": _allocate(one.case.pk, one.worker.pk if one.worker else None)} for one in found.proposals
        ] if found else [],
    }  # fmt: skip
    return render(request, "casework/caseloads.html", context)


def _allocate(case: object, worker: int | None) -> str:
    return reverse("casework:allocate", args=[case]) + (f"?worker={worker}" if worker else "")


def _rows(found: Caseloads) -> list[dict[str, Any]]:
    """Each person with the bar that is drawn of their work: all on one scale."""
    scale = max([1.0, *(max(one.weight, one.load.recommended.high) for one in found.people)]) * ROOM
    return [
        {
            "one": one, "words": WORDS[one.state][0], "colour": WORDS[one.state][1], "bar": round(one.weight / scale * WIDTH),
            "low": round(one.load.recommended.low / scale * WIDTH), "high": round(one.load.recommended.high / scale * WIDTH),
            "told": f"{one.weight:g}; {one.load.recommended.low:g} to {one.load.recommended.high:g} is recommended",
        }
        for one in found.people
    ]  # fmt: skip
