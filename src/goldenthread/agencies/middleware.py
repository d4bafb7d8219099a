"""Sets `request.actor`, worked out when first asked for and then kept for the request. Depends on `actors`."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import SimpleLazyObject

from .actors import actor_for


class ActorMiddleware:
    """After AuthenticationMiddleware. Asking for the actor of someone who is not signed in raises NotAllowed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.actor = SimpleLazyObject(lambda: actor_for(request.user))  # type: ignore[attr-defined]
        return self.get_response(request)
