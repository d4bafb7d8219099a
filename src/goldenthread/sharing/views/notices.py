"""The page of notices: what waits for oneself and for one's agency, and what was dealt with lately."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from goldenthread.foundation import journal
from goldenthread.foundation.pages import actor_of, done, page_of
from goldenthread.foundation.policy import signed_in

from ..actions.notices import SeeNotice
from ..policies import NoticePolicy
from ..queries.notices import seen_lately, waiting


@signed_in("notices for oneself or one's agencies; NoticePolicy decides which")
def notices(request: HttpRequest) -> HttpResponse:
    """Notices that wait, or with `seen=1` those that were dealt with."""
    actor = actor_of(request)
    seen = request.GET.get("seen") == "1"
    page = page_of(request, seen_lately(actor) if seen else waiting(actor))
    journal.read(actor, "notices.view", "notices", str(actor.user_id), seen=seen)
    return render(request, "sharing/notices.html", {"page": page, "seen": seen})


@signed_in("NoticePolicy decides whose it is")
def see(request: HttpRequest, notice: UUID) -> HttpResponse:
    """POST: say that a notice was seen. GET leads back to the list."""
    actor = actor_of(request)
    if request.method == "POST":
        SeeNotice(actor).run(NoticePolicy.get(actor, pk=notice))
        return done(request, "Marked as seen.", "sharing:notices")
    return notices(request)
