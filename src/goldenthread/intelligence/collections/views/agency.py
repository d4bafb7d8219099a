"""What an agency is asked for, and the form of one period: filled in as a table, kept however far one came."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from goldenthread.foundation.action import Invalid, Stale
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.pages import actor_of, page_of
from goldenthread.foundation.policy import policy

from ..actions import SaveValues
from ..models import Submission
from ..periods import collection_of
from ..policies import agencies_of, fills
from ..queries import STANDINGS, begun, mine, sent, standing, timeliness, waiting
from ..values import problems
from .lines import Form, form_of, summary, typed_of, wrong_boxes


@policy(Capability.FILL_COLLECTIONS)
def list_page(request: HttpRequest) -> HttpResponse:
    """What waits, late first; what can be begun; with `show=sent`, what was sent and how it stands."""
    actor = actor_of(request)
    today = timezone.localdate()
    if request.GET.get("show") == "sent":
        page = page_of(request, sent(actor))
        context: dict[str, Any] = {"page": page, "lines": [_line(one, actor) for one in page.object_list]}
        return render(request, "collections/sent.html", {**context, "checks": actor.may(Capability.CHECK_COLLECTIONS)})
    owed = [_line(one, actor) for one in waiting(actor, today)[:200]]
    context = {
        "late": [one for one in owed if one["standing"] == "late"],
        "owed": [one for one in owed if one["standing"] != "late"],
        "begun": [_line(one, actor) for one in begun(actor, today)[:100]],
        "any": mine(actor).exists(), "checks": actor.may(Capability.CHECK_COLLECTIONS),
    }  # fmt: skip
    return render(request, "collections/list.html", context)


def _line(one: Submission, actor: Actor) -> dict[str, Any]:
    found = collection_of(one.collection)
    assert found is not None  # `known` rows only
    today = timezone.localdate()
    how = standing(one, today)
    return {
        "one": one, "collection": found, "standing": how, "words": STANDINGS[how][0], "shape": STANDINGS[how][1],
        "timely": timeliness(one, today), "several": len(agencies_of(actor, Capability.FILL_COLLECTIONS)) > 1,
    }  # fmt: skip


@policy(Capability.FILL_COLLECTIONS)
def one(request: HttpRequest, submission: UUID) -> HttpResponse:
    """One form: to fill in by whoever of the agency may, while it can be changed; else to read, with every step it took."""
    form = form_of(request, submission)
    actor = actor_of(request)
    if fills(actor, form.submission) and form.submission.may_change:
        return _fill(request, form)
    if request.method == "POST":
        messages.error(request, "Nothing was saved: it cannot be changed as it stands now.")
        return HttpResponseRedirect(reverse("collections:one", args=[submission]))
    return render(request, "collections/one.html", context_of(request, form))


def context_of(request: HttpRequest, form: Form) -> dict[str, Any]:
    """What every page of one form shows."""
    here, actor, today = form.submission, actor_of(request), timezone.localdate()
    how = standing(here, today)
    return {
        "form": form, "one": here, "collection": form.collection, "standing": STANDINGS[how][0],
        "shape": STANDINGS[how][1], "timely": timeliness(here, today), "lines": form.lines(), "steps": list(here.steps.all()),
        "last_return": here.steps.filter(kind__in=("returned", "reopened")).last() if here.state == "returned" else None,
        "checks": actor.may(Capability.CHECK_COLLECTIONS), "own": fills(actor, here), "entered": here.entered_at is not None,
    }  # fmt: skip


def _fill(request: HttpRequest, form: Form) -> HttpResponse:
    if request.method != "POST":
        wanted = wrong_boxes(problems(form.collection, form.districts, form.given, form.before)) if "wrong" in request.GET else {}
        return _shown(request, form, form.submission.version, lines=form.lines(wrong=wanted))
    typed = typed_of(form, request.POST)
    try:
        version = int(request.POST.get("version", ""))
    except ValueError:
        version = -1  # a page that was tampered with is as old as any
    try:
        with transaction.atomic():
            saved = SaveValues(actor_of(request)).run(form.submission, typed, version)
    except Invalid as wrong:
        others = wrong.errors.pop("", [])
        return _shown(request, form, version, lines=form.lines(typed, wrong.errors), others=others, status=422)
    except Stale as stale:
        theirs = _overtaken(form, typed)
        return _shown(request, form, stale.current_version, lines=form.lines(typed), overtaken=theirs, status=409)
    if request.POST.get("then") == "check":
        return HttpResponseRedirect(reverse("collections:check", args=[saved.pk]))
    messages.success(request, "Saved. It has not been sent yet.")
    return HttpResponseRedirect(reverse("collections:one", args=[saved.pk]))


def _overtaken(form: Form, typed: dict[str, tuple[str, str]]) -> list[dict[str, str]]:
    """What somebody else saved meanwhile, beside what was typed here."""
    rows = []
    for line in form.lines():
        if line.worked or line.key not in typed:
            continue
        text, comment = typed[line.key]
        if (text.strip(), comment.strip()) != (line.text, line.comment):
            name = line.cell.title if line.box.is_whole else f"{line.cell.title}: {line.box.title}"
            rows.append({"name": name, "theirs": _said(line.text, line.comment), "yours": _said(text, comment)})
    return rows


def _said(text: str, comment: str) -> str:
    return ". ".join(one for one in (text.strip() or "Blank", comment.strip()) if one)


def _shown(request: HttpRequest, form: Form, version: int, *, lines: Any, status: int = 200, others: Any = (),
           overtaken: Any = ()) -> HttpResponse:  # fmt: skip
    context = {
        **context_of(request, form), "lines": lines, "version": version, "errors": summary(lines, others),
        "overtaken": overtaken, "conflict": status == 409,
    }  # fmt: skip
    return render(request, "collections/fill.html", context, status=status)



