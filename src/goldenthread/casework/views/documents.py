"""Documents of a case: adding one, and reading one. Kept by `casework.documents`; every reading is journalled.

A document is only ever sent as a file to keep, never shown in the browser as a page of this service.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from goldenthread.foundation import journal
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.policy import policy

from ..actions import AddDocument
from ..documents import KEPT, TooLarge, open_document
from ..forms.small import DocumentForm
from ..models import Case
from ..policies import DocumentPolicy, EventPolicy
from ..record import program_of
from ..timeline import entries
from ..words import day_words
from .common import actor_of, case_of


@policy(Capability.ADD_DOCUMENTS)
def add(request: HttpRequest, case: UUID) -> HttpResponse:
    """Keep a file with a case. A file over the limit is refused as it arrives, by `web.uploads`, with the form kept."""
    actor = actor_of(request)
    here = case_of(actor, case)
    offered = _events(actor, here)
    limit = settings.GT_UPLOAD_LIMIT // (1024 * 1024)
    form = DocumentForm(
        *((request.POST, request.FILES) if request.method == "POST" else ()),
        initial={"event": request.GET.get("event", "")},
        events=[(str(entry.event.pk), f"{entry.title}, {day_words(entry.day)}") for entry in offered],
        hint=f"{KEPT}. No larger than {limit} MB.",
    )
    status, chosen = 200, ""
    if request.method == "POST":
        status, chosen = 422, str(getattr(request.FILES.get("file"), "name", "") or "")
        if form.is_valid():
            event = next((entry.event for entry in offered if str(entry.event.pk) == form.cleaned_data["event"]), None)
            try:
                document = AddDocument(actor).run(here, form.cleaned_data["title"], form.cleaned_data["file"], event)
            except Invalid as error:
                status = TooLarge.http_status if isinstance(error, TooLarge) else status
                for name, wrong in error.errors.items():
                    for message in wrong:
                        form.add_error(name if name in form.fields else None, message)
            else:
                messages.success(request, f"“{document.title}” is kept with the case.")
                return HttpResponseRedirect(reverse("casework:case", args=[here.pk]))
    else:
        journal.read(actor, "case.form", "case", str(here.pk), kind="document")
    context = {"case": here, "pathway": program_of(here).pathway, "form": form, "chosen": chosen}
    return render(request, "casework/document_add.html", context, status=status)


def _events(actor: Any, case: Case) -> list[Any]:
    """What a document may belong to: the events of the case as they stand, the latest first."""
    events = list(
        EventPolicy.visible_to(actor).filter(case=case).select_related("organisation", "recorded_by").order_by("sequence")
    )
    return [entry for entry in entries(program_of(case).pathway, events) if not entry.withdrawn]


@policy(Capability.VIEW_CASES)  # type: ignore[arg-type]  # a file is sent as a stream
def download(request: HttpRequest, document: UUID) -> HttpResponseBase:
    """A document as a file. The look is journalled against its case before a byte is sent."""
    actor = actor_of(request)
    found = DocumentPolicy.get(actor, pk=document)
    journal.read(actor, "document.read", "case", str(found.case_id), document=str(found.pk))
    try:
        content = open_document(found)
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(content, as_attachment=True, filename=found.filename, content_type=found.media_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    # Even if a browser were to show it, it could run nothing and reach nothing.
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
