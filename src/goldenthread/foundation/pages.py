"""What pages with forms share: who acts, an action that may refuse, what was done, and what overtook a form.

Depends on `action`, `actor`, `forms`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from .action import Invalid, Stale
from .actor import Actor
from .forms import VersionedForm

PER_PAGE = 50
Row = TypeVar("Row")


def actor_of(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def page_of(request: HttpRequest, rows: QuerySet[Any]) -> Page[Any]:
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))


def try_action(form: VersionedForm, words: str, act: Callable[[], Row]) -> Row | None:
    """Run an action for a form that is valid. What the action refuses is shown in the form, which keeps what was typed.

    The action's own savepoint undoes it, so the page around it can still be served.
    """
    try:
        with transaction.atomic():
            return act()
    except Invalid as wrong:
        form.refused(wrong)
    except Stale as stale:
        form.outdated(stale, words)
    return None


def done(request: HttpRequest, words: str, name: str, *args: Any) -> HttpResponse:
    """Say what was done, on the page where one goes on."""
    messages.success(request, words)
    return HttpResponseRedirect(reverse(name, args=args))


def refused(request: HttpRequest, wrong: Invalid, name: str, *args: Any) -> HttpResponse:
    """Say why a confirmed act was refused, on the page it was asked from."""
    for message in wrong.messages:
        messages.error(request, message)
    return HttpResponseRedirect(reverse(name, args=args))


def differences(form: VersionedForm, saved: Mapping[str, str]) -> list[dict[str, str]]:
    """For a form that someone else's change overtook: each answer that differs, theirs beside yours."""
    rows = []
    for name, theirs in saved.items():
        bound = form[name]
        value = bound.value()
        choices = dict(getattr(form.fields[name], "choices", ()))
        yours = str(choices.get(value, choices.get(str(value), value if value is not None else "")))
        if yours.strip() != theirs.strip():
            rows.append({"label": str(bound.label), "theirs": theirs or "Empty", "yours": yours or "Empty"})
    return rows
