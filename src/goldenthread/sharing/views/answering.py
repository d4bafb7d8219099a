"""An agency's own people answer what they were asked. Writes only by `sharing.actions`."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from goldenthread.casework.forms.event import Typed
from goldenthread.casework.views.common import kept
from goldenthread.foundation import journal
from goldenthread.foundation.action import Invalid, Stale
from goldenthread.foundation.actions import DiscardDraft, SaveDraft
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.pages import actor_of
from goldenthread.foundation.policy import policy

from ..actions.answering import ANSWERED_BEFORE, AnswerRequest, asked_together
from ..actions.links import waiting_among
from ..answer_form import AnswerForm, child_of
from ..models import Request
from ..policies import RequestPolicy
from ..queries.requests import Line, in_words, line_of

DRAFT = "Answer for {}"


@policy(Capability.RECORD_EVENTS)
def answer(request: HttpRequest, asked: UUID) -> HttpResponse:
    """GET: the question and the form. POST: the answer, as an event of each child's case."""
    actor = actor_of(request)
    found = _request_for(actor, asked)
    together = [one for one in asked_together(found) if RequestPolicy.visible_to(actor).filter(pk=one.pk).exists()]
    waiting = waiting_among(together)
    for one in together:
        journal.read(actor, "case.form", "case", str(one.case_id), request=str(one.pk))
    if not waiting:
        context = {"request_asked": found, "line": line_of(together), "words": ANSWERED_BEFORE}
        return render(request, "sharing/answered.html", context)
    key = f"request/{found.pk}/answer"
    if request.method != "POST":
        typed = kept(actor, key)
        return _page(request, AnswerForm(waiting, typed[0] if typed else None), line_of(together), key,
                     saved_at=typed[2] if typed else None)  # fmt: skip
    if request.POST.get("_step") == "discard":
        DiscardDraft(actor).run(key)
        return HttpResponseRedirect(reverse("requests:list"))
    form = AnswerForm(waiting, Typed.sent(request.POST))
    if not form.check():
        _keep(actor, key, form, found)
        return _page(request, form, line_of(together), key, status=422)
    given, each = form.read()
    try:
        with transaction.atomic():
            AnswerRequest(actor).run(waiting, given, each)
    except Invalid as error:
        form.refuse(error.errors)
        _keep(actor, key, form, found)
        return _page(request, form, line_of(together), key, status=422)
    except Stale:
        form.mark("", "Someone recorded something in this case at the same moment. Send your answer again")
        _keep(actor, key, form, found)
        return _page(request, form, line_of(together), key, status=409)
    DiscardDraft(actor).run(key)
    ours = found.asker_id in actor.organisation_ids
    heard = ours and found.agency_id not in actor.organisation_ids
    done = f"What {found.agency.title} said is recorded." if heard else f"Your answer has gone to {found.asker.title}."
    messages.success(request, done)
    return HttpResponseRedirect(reverse("requests:of-case", args=[found.case_id]) if ours else reverse("requests:list"))


def _keep(actor: Actor, key: str, form: AnswerForm, found: Request) -> None:
    """What was typed, kept under the writer's own name until it is sent."""
    address = reverse("requests:answer", args=[found.pk])
    typed = form.typed.plain() if form.typed is not None else {}
    SaveDraft(actor).run(key, {**typed, "_draft_address": address, "_draft_title": DRAFT.format(found.agency.title)})


def _request_for(actor: Actor, identity: UUID) -> Request:
    """A request for one to answer: of one's own agency, or one that one's agency made, to write down what it was told."""
    rows = RequestPolicy.visible_to(actor).select_related("agency", "asker", "event", "case__subject", "case__lead", "override")
    found: Request | None = rows.filter(pk=identity).first()
    ours = found is not None and (
        found.agency_id in actor.organisation_ids
        or (found.asker_id in actor.organisation_ids and actor.may(Capability.SCREEN_CONTACTS))
    )
    if found is None or not ours:
        raise Http404
    return found


def _page(
    request: HttpRequest, form: AnswerForm, line: Line, key: str, *, status: int = 200, saved_at: datetime | None = None
) -> HttpResponse:
    address = reverse("requests:answer", args=[line.first.pk])
    context = {
        "draft": {"key": key, "version": None, "address": address, "title": DRAFT.format(line.first.agency.title)},
        "address": request.path, "saved_at": saved_at,
        "form": form, "line": line, "children": [child_of(one) for one in form.requests], "errors": form.errors,
        "ruling": in_words(form.ruling) if form.ruling else None, "request_asked": line.first,
    }  # fmt: skip
    return render(request, "sharing/answer.html", context, status=status)
