"""Old addresses of a record that was joined to another lead to the one that stayed, for those who may see it.

A form that was opened on the old record is not saved on the new one unseen: its writer is shown the record first.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase

from .policies import MergedInto


class JoinedRecords:
    """Answers `MergedInto` with the same page of the record that stayed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, MergedInto) or str(error.asked.pk) not in request.path:
            return None
        words = "This record was joined with another. This is the record that stayed."
        if request.method not in ("GET", "HEAD"):
            words += " Nothing of what you wrote was saved: write it here."
        messages.info(request, words)
        return HttpResponseRedirect(request.path.replace(str(error.asked.pk), str(error.kept.pk)))
