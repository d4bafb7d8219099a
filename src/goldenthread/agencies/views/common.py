"""What the administration pages share: their tabs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from goldenthread.foundation.pages import actor_of

from ..forms import may_keep


def show(
    request: HttpRequest, template: str, section: str, status: int = 200, **context: Any
) -> HttpResponse:
    """A page of administration with its tabs; `section` is the tab it is under."""
    tabs = [
        {"text": words, "href": reverse(name), "current": name == f"agencies:{section}"}
        for words, name in may_keep(actor_of(request))
    ]
    return render(request, f"agencies/{template}.html", {"tabs": tabs, **context}, status=status)
