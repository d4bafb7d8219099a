"""A one-time link, opened by somebody without an account: who they are, the question, their answer.

The first page says who asks which agency, and no more than that, so that a mail filter which follows links learns nothing
about a child. A link that is wrong, used, ended or withdrawn shows one and the same page. Tries are counted for each
network address: after too many wrong ones it must wait, whatever it tries next.
"""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.module_loading import import_string

from goldenthread.casework.forms.event import Typed
from goldenthread.foundation.action import Invalid, Stale
from goldenthread.foundation.actor import SystemActor
from goldenthread.foundation.policy import public

from ..actions.links import AnswerByLink, LinkUnusable, OpenAnswerLink, live_link, waiting_for
from ..answer_form import AnswerForm, child_of
from ..models import AnswerLink, Request
from ..queries.requests import in_words, line_of

WRONG_TRIES = 20
WITHIN = 600
"""Seconds in which so many wrong tries from one network address make it wait."""


@login_not_required
@public("an agency without accounts answers by a one-time link")
def answer_link(request: HttpRequest, secret: str) -> HttpResponse:
    """GET: who asks whom. POST `open`: the question, once one has said who one is. POST `answer`: the answer."""
    key = _counter(request)
    if cache.get(key, 0) >= WRONG_TRIES:
        return _private(render(request, "sharing/link_wait.html", status=429))
    try:
        step = request.POST.get("_step", "") if request.method == "POST" else ""
        page = _step(request, secret, step)
    except LinkUnusable:
        cache.add(key, 0, WITHIN)
        cache.incr(key)
        return _private(render(request, "sharing/link_unusable.html", status=404))
    return _private(page)


def _step(request: HttpRequest, secret: str, step: str) -> HttpResponse:
    link = live_link(secret)
    if not waiting_for(link):
        raise LinkUnusable
    name, job = request.POST.get("name", "").strip(), request.POST.get("job", "").strip()
    if step == "answer":
        return _answer(request, secret, name, job)
    if step == "open":
        try:
            waiting = OpenAnswerLink(SystemActor("one-time link", organisation_id=link.request.agency_id)).run(secret, name, job)
        except Invalid as error:
            return _first(request, link, name, job, errors=error)
        return _form(request, link, waiting, AnswerForm(waiting), name, job)
    return _first(request, link, name, job)


def _answer(request: HttpRequest, secret: str, name: str, job: str) -> HttpResponse:
    with transaction.atomic():
        link = live_link(secret)
        waiting = waiting_for(link)
        if not waiting:
            raise LinkUnusable
        form = AnswerForm(waiting, Typed.sent(request.POST))
        if not form.check():
            return _form(request, link, waiting, form, name, job, status=422)
        given, each = form.read()
        title, holding = link.request.asker.title, False
        try:
            with transaction.atomic():
                AnswerByLink(SystemActor("one-time link", organisation_id=link.request.agency_id)).run(
                    secret, name, job, given, each
                )
                holding = bool(waiting_for(link))
        except Invalid as error:
            form.refuse(error.errors)
            return _form(request, link, waiting, form, name, job, status=422)
        except Stale:
            form.mark("", "Something else was recorded at the same moment. Send your answer again")
            return _form(request, link, waiting, form, name, job, status=409)
    return render(request, "sharing/link_done.html", {"asker": title, "holding": holding, "link": link})


def _first(
    request: HttpRequest, link: AnswerLink, name: str, job: str, errors: Invalid | None = None
) -> HttpResponse:
    said = errors.errors if errors else {}
    context = {
        "link": link, "asked": link.request, "name": name, "job": job, "wrong": said,
        "errors": [(field, message) for field, messages in said.items() for message in messages],
    }  # fmt: skip
    return render(request, "sharing/link_open.html", context, status=422 if errors else 200)


def _form(
    request: HttpRequest, link: AnswerLink, waiting: list[Request], form: AnswerForm, name: str, job: str, status: int = 200
) -> HttpResponse:
    context = {
        "link": link, "form": form, "line": line_of(waiting), "children": [child_of(one) for one in waiting],
        "errors": form.errors, "ruling": in_words(form.ruling) if form.ruling else None, "name": name, "job": job,
        "request_asked": link.request,
    }  # fmt: skip
    return render(request, "sharing/link_answer.html", context, status=status)


def _counter(request: HttpRequest) -> str:
    """Where wrong tries from one network address are counted; the address itself is not kept."""
    address = str(import_string(settings.AXES_CLIENT_IP_CALLABLE)(request))
    return f"answer-link/{hashlib.sha256(address.encode()).hexdigest()[:32]}"


def _private(response: HttpResponse) -> HttpResponse:
    """No copy anywhere. That no other site hears of the address, which holds the secret, is the service's own setting
    (SECURE_REFERRER_POLICY same-origin); a stricter one would keep browsers from saying where the form came from."""
    add_never_cache_headers(response)
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response
