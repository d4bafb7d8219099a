"""Before it goes: everything at a glance, and what keeps it; and what whoever checks decides about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from goldenthread.foundation.action import Invalid, Stale
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.pages import actor_of
from goldenthread.foundation.policy import policy

from ..actions import Approve, Lock, Reopen, Return, Send
from ..actions.filling import why_not_send
from ..models import Submission
from ..policies import fills
from ..values import problems
from .agency import context_of
from .lines import Form, form_of, wrong_boxes

OVERTAKEN = "Somebody else changed it while you were looking at it. Nothing was done. Look at it again."


@policy(Capability.FILL_COLLECTIONS)
def check_page(request: HttpRequest, submission: UUID) -> HttpResponse:
    """The values as they would go, beside the last ones, and the button that sends them."""
    form = form_of(request, submission)
    if not (fills(actor_of(request), form.submission) and form.submission.may_change):
        return HttpResponseRedirect(reverse("collections:one", args=[submission]))
    said: list[str] = []
    if request.method == "POST":
        sent, said = _tried(lambda version: Send(actor_of(request)).run(form.submission, version), request)
        if sent is not None:
            messages.success(request, f"{form.title} has been sent.")
            return HttpResponseRedirect(reverse("collections:list"))
        form = form_of(request, submission)
    return render(request, "collections/check.html", _checked(request, form, said), status=422 if said else 200)


def _checked(request: HttpRequest, form: Form, said: list[str]) -> dict[str, Any]:
    wrong = wrong_boxes(problems(form.collection, form.districts, form.given, form.before))
    lines = form.lines(wrong=wrong)
    not_over = timezone.localdate() <= form.submission.last_day
    return {
        **context_of(request, form), "lines": lines, "wrong": [(line, message) for line in lines for message in line.errors],
        "said": said, "not_over": not_over, "blank": sum(not line.now and not line.worked for line in lines),
        "why_not": why_not_send(Send(actor_of(request)), form.submission),
    }  # fmt: skip


@policy(Capability.CHECK_COLLECTIONS)
def decide(request: HttpRequest, submission: UUID) -> HttpResponse:
    """Approve, return, lock, or open again: whichever its state lets be done."""
    form = form_of(request, submission)
    here, actor = form.submission, actor_of(request)
    context: dict[str, Any] = {"reason": "", "said": []}
    if request.method == "POST":
        reason = request.POST.get("reason", "")
        acts: dict[str, Callable[[int], Submission]] = {
            "approve": lambda version: Approve(actor).run(here, version),
            "return": lambda version: Return(actor).run(here, reason, version),
            "lock": lambda version: Lock(actor).run(here, version),
            "reopen": lambda version: Reopen(actor).run(here, reason, version),
        }
        act = acts.get(request.POST.get("decision", ""))
        if act is None:
            context["said"] = ["Choose what to do"]
        else:
            done, context["said"] = _tried(act, request)
            if done is not None:
                messages.success(request, f"{form.title}, {here.organisation.title}: {done.get_state_display().lower()}.")
                return HttpResponseRedirect(reverse("collections:one", args=[submission]))
        context["reason"] = reason
        form = form_of(request, submission)
    status = 422 if context["said"] else 200
    return render(request, "collections/one.html", {**context_of(request, form), **context}, status=status)


def _tried(act: Callable[[int], Submission], request: HttpRequest) -> tuple[Submission | None, list[str]]:
    try:
        version = int(request.POST.get("version", ""))
    except ValueError:
        version = -1
    try:
        with transaction.atomic():
            return act(version), []
    except Invalid as wrong:
        return None, wrong.messages
    except Stale:
        return None, [OVERTAKEN]



