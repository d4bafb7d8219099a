"""The API put together, and who may call it, how often."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.security import HttpBearer, SessionAuth

from goldenthread.agencies.actions import NoteTokenUse
from goldenthread.agencies.actors import actor_for
from goldenthread.agencies.tokens import actor_of_token, organisation_token, user_of
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.limits import Limit, TooMany
from goldenthread.web.accounts import address_of

from . import cases, collections, contacts, figures, guidance, journeys, meetings, people, requests, totals
from .description import described
from .doing import ABSENT, PROBLEM, add_faults, problem_response, too_many
from .reading import StrictParser


class TokenAuth(HttpBearer):
    """A token of one's own, which may do what its user may do today, or one of an organisation, which has its tasks."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        refused, address = Limit(settings.GT_API_REFUSED_PER_ADDRESS), f"refused/{address_of(request)}"
        refused.check(address)  # whoever guesses is not told whether the next guess is right
        user = user_of(token)
        if user is not None:
            request.user = user
            return _admit(request, actor_for(user), user)
        row = organisation_token(token)
        if row is None:
            refused.take(address)
            return None
        actor = actor_of_token(row)
        found = _admit(request, actor, row)
        NoteTokenUse(actor).run(row)
        return found


class OwnSession(SessionAuth):
    """A browser that is signed in, with its CSRF token. A call that brings a token of its own is none of these."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        user = super().authenticate(request, key)
        return _admit(request, request.actor, user) if user else None  # type: ignore[attr-defined]

    def __call__(self, request: HttpRequest) -> Any:
        return None if "Authorization" in request.headers else super().__call__(request)


def _admit(request: HttpRequest, actor: Actor, found: Any) -> Any:
    """Count the call. Raises TooMany."""
    Limit(settings.GT_API_CALLS_PER_TOKEN).take(f"caller/{actor.reader}")
    request.actor = actor  # type: ignore[attr-defined]
    return found


class Api(NinjaAPI):
    """Golden Thread's API: a description that is whole, and answers that no cache keeps."""

    def get_openapi_schema(self, **options: Any) -> Any:
        schema = super().get_openapi_schema(**options)
        views = {
            str(operation.operation_id): operation.view_func
            for _, router in self._routers
            for path in router.path_operations.values()
            for operation in path.operations
        }
        return described(schema, views)

    def create_response(self, request: HttpRequest, data: Any, **options: Any) -> HttpResponse:
        response = super().create_response(request, data, **options)
        response.headers["Cache-Control"] = "no-store"
        if getattr(request, "replayed", False):
            response.headers["Idempotency-Replayed"] = "true"
        return response


api = Api(
    title="Golden Thread",
    version="1",
    urls_namespace="api",
    auth=[TokenAuth(), OwnSession(csrf=True)],
    docs_url=None,
    parser=StrictParser(),
)
api.add_router("/guidance", guidance.router)
api.add_router("", totals.router)
api.add_router("", journeys.router)
api.add_router("", collections.router)
api.add_router("/figures", figures.router)
api.add_router("/people", people.router)
api.add_router("", contacts.router)
api.add_router("", requests.router)
api.add_router("", meetings.router)
api.add_router("", cases.router)
add_faults(api)


def _counted(view: Callable[..., Any]) -> Callable[..., HttpResponse]:
    """Every call counts against the address it comes from, before anything else is looked at."""

    @wraps(view)
    def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            Limit(settings.GT_API_CALLS_PER_ADDRESS).take(f"address/{address_of(request)}")
        except TooMany as error:
            return too_many(error)
        response: HttpResponse = view(request, *args, **kwargs)
        if response.status_code == 405 and response.headers.get("Content-Type") != PROBLEM:
            allowed = response.headers.get("Allow", "")
            return problem_response(405, f"This address takes {allowed}.", Allow=allowed)
        return response

    return counted


def _addresses() -> tuple[list[Any], str, str]:
    """The API's addresses, let past the sign-in of pages: the API asks for a session or a token itself."""
    patterns, app, namespace = api.urls
    for pattern in patterns:
        view: Any = _counted(cast(Any, pattern.callback))
        view.csrf_exempt = True  # a session must bring its token: `OwnSession` checks
        view.login_required = False
        view.policy = "public: the API signs in by session or token, and each operation names its capability"
        pattern.callback = view
    return patterns, app, namespace


addresses = _addresses()
__all__ = ["ABSENT", "addresses", "api"]
