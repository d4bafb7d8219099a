"""Drafts over the web: saved as you type (JSON), or by the button "Save and come back later" (a plain form).

A form that keeps drafts carries `_draft` (its key), `_draft_version`, `_draft_address` (where it is) and `_draft_title`
(what it is called in the list of things begun): see templates/foundation/drafts_macros.html.
"""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from .action import Invalid
from .actions import DiscardDraft, SaveDraft
from .actor import Actor
from .policy import signed_in
from .queries import drafts_of

#: Never kept: what only its owner should type, and what belongs to the page and not to the form.
NOT_KEPT = frozenset({"csrfmiddlewaretoken", "password", "password1", "password2", "oldpassword", "code", "_draft",
                      "_draft_version"})  # fmt: skip


@require_http_methods(["GET", "POST"])
@signed_in("a person's own drafts")
def drafts(request: HttpRequest) -> HttpResponse:
    """GET: what you have begun and not sent. POST: keep a form."""
    if request.method == "GET":
        return render(
            request, "foundation/drafts.html", {"drafts": [_row(each) for each in drafts_of(_actor(request))]}
        )
    if request.content_type == "application/json":
        return _save_from_script(request)
    key = request.POST.get("_draft", "")
    fields = {
        name: values if len(values) > 1 else values[0]
        for name, values in request.POST.lists()
        if name not in NOT_KEPT
    }
    try:
        SaveDraft(_actor(request)).run(key, fields, _version(request.POST.get("_draft_version")))
    except Invalid as wrong:
        return render(request, "foundation/draft_refused.html", {"reasons": wrong.messages}, status=422)
    return HttpResponseRedirect(f"{reverse('drafts:save')}?saved=1")


@require_POST
@signed_in("a person's own drafts")
def discard(request: HttpRequest) -> HttpResponse:
    """Throw away a draft of your own."""
    DiscardDraft(_actor(request)).run(request.POST.get("key", ""))
    return HttpResponseRedirect(f"{reverse('drafts:save')}?discarded=1")


def _save_from_script(request: HttpRequest) -> HttpResponse:
    try:
        sent = json.loads(request.body)
        key, fields = str(sent["key"]), dict(sent["fields"])
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"error": "malformed", "message": "This draft could not be read."}, status=400)
    fields = {name: value for name, value in fields.items() if name not in NOT_KEPT}
    try:
        draft = SaveDraft(_actor(request)).run(key, fields, _version(sent.get("version")))
    except Invalid as wrong:
        return JsonResponse({"error": "refused", "message": str(wrong)}, status=422)
    moment = timezone.localtime(draft.saved_at)
    return JsonResponse(
        {"saved": f"{moment.hour}:{moment.minute:02}", "saved_at": draft.saved_at.isoformat()}
    )


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _version(given: Any) -> int | None:
    return int(given) if str(given or "").isdecimal() else None


def _row(draft: Any) -> dict[str, Any]:
    address = str(draft.body.get("_draft_address", ""))
    return {
        "key": draft.key,
        "title": str(draft.body.get("_draft_title", "")) or "A form you began",
        # Only ever a page of this service: the address came from a form.
        "address": address if url_has_allowed_host_and_scheme(address, allowed_hosts=None) else "",
        "saved_at": draft.saved_at,
    }
