"""Emergency access in the browser: asking with a reason, giving it up, and its review by somebody else.

The page says the same about everybody until a reason was given and journalled; see `actions.access`.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from goldenthread.foundation import journal
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import current_library
from goldenthread.foundation.pages import actor_of, done, refused, try_action
from goldenthread.foundation.policy import policy
from goldenthread.people.models import EmergencyAccess
from goldenthread.people.policies import PersonPolicy
from goldenthread.people.views.search import page_about

from ..access_forms import EmergencyForm, ReviewForm
from ..actions.access import AskEmergencyAccess, EndEmergencyAccess, ReviewEmergencyAccess
from ..policies import EmergencyAccessPolicy
from ..queries.access import lasting, looks_while

PAGE = 40


@require_http_methods(["GET", "POST"])
@policy(Capability.VIEW_CASES)
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for sight of a record that one may not otherwise see."""
    actor = actor_of(request)
    form = EmergencyForm(request.POST or None)
    outcome = ""
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        act = AskEmergencyAccess(actor)
        asked = try_action(
            form, "this", lambda: act.run(given["reason"], given["number"], given["name"], given["born"])
        )
        if asked is not None and asked.access is not None:
            return HttpResponseRedirect(page_about(asked.access.person))
        if asked is not None and asked.already is not None:
            messages.info(request, "You may see this record without emergency access. None was begun.")
            return HttpResponseRedirect(page_about(asked.already))
        if asked is not None:
            outcome = "several" if asked.several else "nobody"
    context = {
        "form": form, "outcome": outcome, "rules": current_library().access.emergency, "lasting": lasting(actor),
    }  # fmt: skip
    return render(request, "sharing/access_emergency.html", context, status=422 if form.errors else 200)


@policy(Capability.VIEW_CASES)
def used(request: HttpRequest) -> HttpResponse:
    """Emergency access of one's own and of those one supervises."""
    actor = actor_of(request)
    show = request.GET.get("show", "")
    rows = EmergencyAccessPolicy.visible_to(actor).select_related("user", "organisation", "person", "reviewed_by")
    rows = rows.exclude(reviewed_at=None) if show == "reviewed" else rows.filter(reviewed_at=None)
    page = Paginator(rows.order_by("review_due_at", "begun_at"), PAGE).get_page(request.GET.get("page"))
    journal.read(actor, "access.emergency_used", "worklist", "emergency", show=show, rows=len(page))
    known = set(PersonPolicy.visible_to(actor).filter(pk__in=[one.person_id for one in page]).values_list("pk", flat=True))
    context = {"page": page, "known": known, "show": show, "now": timezone.now(), "user_id": actor.user_id}
    return render(request, "sharing/access_emergency_used.html", context)


@require_http_methods(["GET", "POST"])
@policy(Capability.VIEW_CASES)
def one(request: HttpRequest, access: UUID) -> HttpResponse:
    """One use of emergency access: why, what was looked at, and its review."""
    actor = actor_of(request)
    row = EmergencyAccessPolicy.get(actor, pk=access)
    reviews = row.reviewed_at is None and row.user_id != actor.user_id and actor.may(Capability.SUPERVISE)
    form = ReviewForm(request.POST or None) if reviews else None
    if request.method == "POST" and form is None:
        return HttpResponseRedirect(reverse("access:emergency-one", args=[row.pk]))
    if request.method == "POST" and form is not None and form.is_valid():
        justified = {"yes": True, "no": False}.get(form.cleaned_data["justified"])
        finding = form.cleaned_data["finding"]
        act = ReviewEmergencyAccess(actor)
        if try_action(form, "this", lambda: act.run(row, justified, finding)) is not None:
            return done(request, "Your review has been recorded.", "access:emergency-used")
    journal.read(actor, "access.emergency_read", "person", str(row.person_id), access=str(row.pk))
    knows = PersonPolicy.visible_to(actor).filter(pk=row.person_id).exists()
    context: dict[str, Any] = {
        "access": row, "form": form, "knows": knows, "looks": looks_while(row), "lasts": _lasts(row),
        "own": row.user_id == actor.user_id,
    }  # fmt: skip
    return render(request, "sharing/access_emergency_one.html", context, status=422 if form is not None and form.errors else 200)


@require_POST
@policy(Capability.VIEW_CASES)
def end(request: HttpRequest, access: UUID) -> HttpResponse:
    """Give up one's own emergency access."""
    actor = actor_of(request)
    row = EmergencyAccessPolicy.get(actor, pk=access)
    try:
        EndEmergencyAccess(actor).run(row)
    except Invalid as wrong:
        return refused(request, wrong, "access:home")
    return done(request, "Your emergency access has ended. A supervisor reviews it.", "access:home")


def _lasts(row: EmergencyAccess) -> bool:
    return row.ended_at is None and row.begun_at <= timezone.now() < row.ends_at
