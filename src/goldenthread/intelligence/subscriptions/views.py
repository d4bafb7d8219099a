"""Your subscriptions: what one is told of, adding to it, ending it. Thin: actions write."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from goldenthread.agencies.models import User
from goldenthread.foundation import journal
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.pages import actor_of, done
from goldenthread.foundation.policy import policy
from goldenthread.guidance.library import Library
from goldenthread.sharing.actions.reminder_mail import choice_of

from ..scorecard.reading import latest_over
from ..views.asked import asked, or_none
from .actions import Subscribe, Unsubscribe
from .models import Subscription
from .policies import SubscriptionPolicy

OFTEN = {"quarter": "Each quarter", "year": "Each financial year"}


@policy(Capability.VIEW_TOTALS)
@or_none
def list_page(request: HttpRequest) -> HttpResponse:
    """GET: one's subscriptions, and the form of another. POST: subscribe."""
    actor = actor_of(request)
    with asked(request, leaves=True) as question:
        library, given = question.library, request.POST or request.GET
        what, often = given.get("what", question.subject), given.get("frequency", "quarter")
        chosen = {"what": what, "area": question.area, "frequency": often}
        errors: dict[str, list[str]] = {}
        if request.method == "POST":
            chosen["area"] = given.get("area", "") if given.get("area", "") in question.areas else ""
            told = latest_over(question.kept.about.as_of, chosen["frequency"]).key if chosen["frequency"] in OFTEN else ""
            try:
                Subscribe(actor).run(chosen["what"], chosen["area"], chosen["frequency"], told=told)
                return done(request, "You will be told when new figures are there.", "subscriptions:list")
            except Invalid as wrong:
                errors = wrong.errors
        rows = SubscriptionPolicy.visible_to(actor).order_by("since")
        journal.read(actor, "subscriptions.view", "subscriptions", str(actor.user_id))
        user = request.user
        context = {
            "rows": [_row(one, library, question.areas) for one in rows], "chosen": chosen, "errors": errors, "asked": question,
            "groups": _choices(question.indicators, library),
            "often": [(one, OFTEN[one]) for one in library.subscriptions.may_choose],
            "by_email": isinstance(user, User) and bool(user.email) and choice_of(user) != "never",
        }  # fmt: skip
        return render(request, "subscriptions/list.html", context, status=422 if errors else 200)


def _choices(indicators: Any, library: Library) -> list[tuple[str, list[tuple[str, str]]]]:
    """What may be chosen: all, each subject, and each figure under its subject."""
    groups: list[tuple[str, list[tuple[str, str]]]] = [
        ("Subjects", [("", "All of the scorecard"), *((sheet.id, sheet.title) for sheet in library.sheets.values())])
    ]
    for sheet in library.sheets.values():
        found = [(name, one.title) for name, one in sheet.indicators.items() if name in indicators]
        if found:
            groups.append((sheet.title, found))
    return groups


def _row(one: Subscription, library: Library, areas: Any) -> dict[str, Any]:
    indicator = library.indicators.get(one.what)
    title = "All of the scorecard" if not one.what else one.what
    if one.what in library.sheets:
        title = library.sheets[one.what].title
    elif indicator is not None:
        title = indicator.title
    return {
        "one": one, "title": title, "area": areas.get(one.area, one.area), "often": OFTEN.get(one.frequency, one.frequency),
        "href": reverse("subscriptions:end", args=[one.pk]),
    }  # fmt: skip


@policy(Capability.VIEW_TOTALS)
def end(request: HttpRequest, subscription: UUID) -> HttpResponse:
    """POST: end one's subscription. GET leads back to the list."""
    actor = actor_of(request)
    found = SubscriptionPolicy.get(actor, pk=subscription)
    if request.method == "POST":
        Unsubscribe(actor).run(found)
        return done(request, "You are not told of it any more.", "subscriptions:list")
    return HttpResponseRedirect(reverse("subscriptions:list"))
