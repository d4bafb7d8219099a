"""Marking a change on an indicator's chart, and taking a mark off. The chart itself is on the indicator's page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from goldenthread.casework.models import AgreedAction
from goldenthread.foundation import journal
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import current_library
from goldenthread.foundation.pages import actor_of, try_action
from goldenthread.foundation.policy import policy

from ..indicators.places import EVERYWHERE
from ..scorecard.working_out import indicators_told
from .actions import MarkChange, TakeOffMark
from .forms import MarkForm, TakeOffForm
from .models import MarkedChange
from .policies import MarkPolicy
from .queries import MOST, area_titles, completed, completed_on


@policy(Capability.MARK_CHANGES)
def mark(request: HttpRequest, indicator: str) -> HttpResponse:
    """Mark a change on the chart of one indicator."""
    actor, library = actor_of(request), current_library()
    found = indicators_told(library).get(indicator)
    if found is None:
        raise Http404
    titles = area_titles(library)
    actions = list(completed(actor)[:MOST])
    asked = request.GET.get("area", "")
    form = MarkForm(
        request.POST if request.method == "POST" else None, areas=list(titles.items()),
        actions=[(str(one.pk), _words(one)) for one in actions], initial={"area": asked if asked in titles else EVERYWHERE},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        action = given.get("completed")
        made = try_action(
            form, "this chart",
            lambda: MarkChange(actor).run(
                indicator, given["area"], given["what"], on=given["on"], action=UUID(action) if action else None
            ),
        )  # fmt: skip
        if made is not None:
            return _back(request, made, "Marked. The chart is drawn with it.")
    if actions:
        journal.read(actor, "actions.view", "register", "completed", rows=len(actions))
    back = _chart(indicator, asked if asked in titles else EVERYWHERE)
    context = {"form": form, "indicator": found, "back": back}
    return render(request, "marks/mark.html", context, status=422 if form.errors else 200)


@policy(Capability.MARK_CHANGES)
def take_off(request: HttpRequest, mark: UUID) -> HttpResponse:
    """Take a mark off its chart, with a reason."""
    actor, library = actor_of(request), current_library()
    here = MarkPolicy.get(actor, pk=mark, taken_off_at=None)
    form = TakeOffForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if try_action(form, "this mark", lambda: TakeOffMark(actor).run(here.pk, reason)) is not None:
            return _back(request, here, "Taken off. The chart is drawn without it.")
    indicator = library.indicators.get(here.indicator)
    context: dict[str, Any] = {
        "form": form, "mark": here, "title": indicator.title if indicator else here.indicator,
        "area": area_titles(library).get(here.area, here.area), "back": _chart(here.indicator, here.area),
    }  # fmt: skip
    return render(request, "marks/take_off.html", context, status=422 if form.errors else 200)


def _words(action: AgreedAction) -> str:
    """An action among others: when it was done, and what it is."""
    day, what = completed_on(action), " ".join(action.what.split())
    return f"{day:%-d %b %Y}: {what[:90]}{'...' if len(what) > 90 else ''} ({action.case.reference})"


def _chart(indicator: str, area: str) -> str:
    return f"{reverse('scorecard:indicator', args=[indicator])}?{urlencode({'area': area})}#changed"


def _back(request: HttpRequest, mark: MarkedChange, words: str) -> HttpResponse:
    messages.success(request, words)
    return HttpResponseRedirect(_chart(mark.indicator, mark.area))
