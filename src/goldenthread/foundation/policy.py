"""The policy seam: pages name the capability they need, row visibility is a queryset from a `Policy`.

Closed by default: a view without `@policy` fails the architecture test; a row outside `visible_to` is 404, the same
as one that does not exist. Depends on `actor`, `capability`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, Generic, ParamSpec, TypeVar, cast

from django.contrib.auth.views import redirect_to_login
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import LazyObject

from .actor import Actor, NotAllowed
from .capability import Capability

Row = TypeVar("Row", bound=models.Model)
View = Callable[..., HttpResponse]
Given = ParamSpec("Given")
Made = TypeVar("Made")


class Policy(Generic[Row]):
    """Who may see which rows of one model. Subclasses give `visible_to`; nothing else decides visibility."""

    model: type[Row]

    @classmethod
    def visible_to(cls, actor: Actor) -> models.QuerySet[Row]:
        """The rows `actor` may know of; empty unless something lets them."""
        raise NotImplementedError

    @classmethod
    def get(cls, actor: Actor, **lookup: Any) -> Row:
        """One visible row. Raises Http404 alike for a hidden row and an absent one."""
        row = cls.visible_to(actor).filter(**lookup).first()
        if row is None:
            raise Http404
        return row


#: Conditions kept: of each policy, for each actor whose like was seen lately.
_KEPT = 4096


def settled(make: Callable[Given, Made]) -> Callable[Given, Made]:
    """Keep a condition or a queryset that depends on nothing but the actor, what else is given, and the day: writing it
    takes longer than asking the database. What it lets through is asked anew each time; a queryset is never run, only
    copied. Not for one that reads a table while it is written.
    """

    free: Callable[..., Made] = make

    @lru_cache(maxsize=_KEPT)
    def written(*key: Any) -> Any:
        return free(*key[:-1])

    @wraps(make)
    def kept(*given: Given.args, **named: Given.kwargs) -> Made:
        if named:
            return make(*given, **named)
        found = written(*map(plain, given), timezone.localdate())
        return cast(Made, found.all() if isinstance(found, models.QuerySet) else found)

    kept.cache_clear = written.cache_clear  # type: ignore[attr-defined]
    _settled.append(written.cache_clear)
    return kept


_settled: list[Callable[[], None]] = []


def forget_settled() -> None:
    """Write every condition anew: for a test or a measurement that changes a policy."""
    for clear in _settled:
        clear()


def plain(given: Any) -> Any:
    """An actor itself, to keep things by: not the request's promise of one, which would hold on to the whole request."""
    if isinstance(given, LazyObject):
        bool(given.is_system)  # keeps the promise
        return given._wrapped
    return given


def policy(needs: Capability) -> Callable[[View], View]:
    """Mark a view with the capability it needs; run it in one transaction, so that its journal entries commit with it.

    The request carries `request.actor`, set by `agencies.middleware`.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            actor: Actor = request.actor  # type: ignore[attr-defined]
            if not actor.may(needs):
                raise NotAllowed("Your role does not include this page.")
            with transaction.atomic():
                return view(request, *args, **kwargs)

        guarded.policy = needs  # type: ignore[attr-defined]
        return guarded

    return mark


def public(reason: str) -> Callable[[View], View]:
    """Mark a view that anyone may open, and say why."""

    def mark(view: View) -> View:
        view.policy = f"public: {reason}"  # type: ignore[attr-defined]
        return view

    return mark


def signed_in(reason: str) -> Callable[[View], View]:
    """Mark a view that needs no more than being signed in, and say why: it shows only what is the person's own."""

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            with transaction.atomic():
                return view(request, *args, **kwargs)

        guarded.policy = f"signed in: {reason}"  # type: ignore[attr-defined]
        return guarded

    return mark
