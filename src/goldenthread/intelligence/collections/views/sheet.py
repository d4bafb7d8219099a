"""A form as an Excel workbook, out and in again. A workbook with anything wrong is told row by row, and nothing of it is kept."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from goldenthread.foundation.action import Invalid, Stale
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.pages import actor_of
from goldenthread.foundation.policy import policy
from goldenthread.foundation.workbook import MEDIA_TYPE

from ..actions import SaveValues
from ..policies import fills
from ..sheets import SheetError, WrongSheet, read_form
from ..sheets import form_of as workbook_of
from .agency import context_of
from .lines import Form, form_of


@policy(Capability.FILL_COLLECTIONS)
def download(request: HttpRequest, submission: UUID) -> HttpResponse:
    """The workbook, with what has been entered so far."""
    form = form_of(request, submission)
    content = workbook_of(form.submission, form.collection, form.districts, form.given, form.before)
    period = form.submission.period.replace("/", "-").replace(" ", "-")
    response = HttpResponse(content, content_type=MEDIA_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{form.collection.slug}-{period}.xlsx"'
    return response


@policy(Capability.FILL_COLLECTIONS)
def bring(request: HttpRequest, submission: UUID) -> HttpResponse:
    """Take the values of a workbook that was filled in."""
    form = form_of(request, submission)
    back = HttpResponseRedirect(reverse("collections:one", args=[submission]))
    if request.method != "POST" or not (fills(actor_of(request), form.submission) and form.submission.may_change):
        return back
    upload = request.FILES.get("file")
    if upload is None:
        return _refused(request, form, [], "Choose the workbook that you filled in")
    try:
        taken = read_form(upload.read(), form.submission, form.collection, form.districts)
        with transaction.atomic():
            SaveValues(actor_of(request)).run(form.submission, taken.typed, taken.version)
    except WrongSheet as wrong:
        return _refused(request, form, wrong.errors)
    except Invalid as refused:
        return _refused(request, form, [], "; ".join(refused.messages))
    except Stale:
        words = "Values have been saved since this workbook was downloaded. Download it again, and bring yours over to it"
        return _refused(request, form, [], words)
    messages.success(request, "The workbook has been taken. Nothing has been sent yet.")
    return back


def _refused(request: HttpRequest, form: Form, errors: list[SheetError], words: str = "") -> HttpResponse:
    context = {**context_of(request, form), "sheet_errors": errors, "words": words}
    return render(request, "collections/refused.html", context, status=422)
