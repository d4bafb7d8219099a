"""The API put together, and who may call it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.security import HttpBearer, SessionAuth

from goldenthread.agencies.actors import actor_for
from goldenthread.agencies.tokens import user_of

from . import cases, guidance, people
from .doing import add_faults


class TokenAuth(HttpBearer):
    """A token of one's own. What it may do is what its user may do today."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        user = user_of(token)
        if user is None:
            return None
        request.user = user
        request.actor = actor_for(user)  # type: ignore[attr-defined]
        return user


class OwnSession(SessionAuth):
    """A browser that is signed in, with its CSRF token. A call that brings a token of its own is none of these."""

    def __call__(self, request: HttpRequest) -> Any:
        return None if "Authorization" in request.headers else super().__call__(request)


api = NinjaAPI(
    title="Golden Thread",
    version="1",
    description="The same actions, policies and journal as the pages. Every call is journalled.",
    urls_namespace="api",
    auth=[TokenAuth(), OwnSession(csrf=True)],
    docs_url=None,
)
api.add_router("/guidance", guidance.router)
api.add_router("/people", people.router)
api.add_router("", cases.router)
add_faults(api)


def _addresses() -> tuple[list[Any], str, str]:
    """The API's addresses, let past the sign-in of pages: the API asks for a session or a token itself."""
    patterns, app, namespace = api.urls
    for pattern in patterns:
        view: Any = pattern.callback
        view.login_required = False
        view.policy = "public: the API signs in by session or token, and each operation names its capability"
    return patterns, app, namespace


addresses = _addresses()
