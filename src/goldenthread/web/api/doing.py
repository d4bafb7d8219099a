"""What every operation shares: the capability and the task it needs, one transaction, a key that makes a call that is
sent again harmless, and problems in one form.

Sources: RFC 9457 (problem details), RFC 6585 (429), the IETF draft on the Idempotency-Key header.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema, Status
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.responses import NinjaJSONEncoder
from pydantic import ConfigDict

from goldenthread.agencies.scopes import Scope
from goldenthread.agencies.tokens import TokenActor
from goldenthread.foundation.action import Invalid, Stale
from goldenthread.foundation.actions import ClaimKey, KeepAnswer
from goldenthread.foundation.actor import Actor, NotAllowed
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.limits import TooMany
from goldenthread.foundation.models import IdempotencyKey
from goldenthread.foundation.pages import actor_of

Operation = Callable[..., Any]

PROBLEM = "application/problem+json"
LONGEST_KEY = 200
TITLES = {
    400: "What was sent cannot be accepted",
    401: "Not signed in",
    403: "Not allowed",
    404: "Nothing here",
    405: "Not a way to call this address",
    409: "It cannot be done as things are now",
    413: "Too much at once",
    429: "Too many calls",
    500: "Something went wrong here",
}
ABSENT = "There is nothing here, or you may not see it."
SIGN_IN = "Send a token: Authorization: Bearer gt_... or gto_..."


class Problem(Schema):
    """Why a call failed: `detail` in words; `errors` by field, where it is the caller's to put right."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "about:blank", "title": TITLES[400], "status": 400, "detail": "Nothing was written.",
                    "errors": {"occurred": ["'soon' is not a date; write 2026-12-21 or 2026-12-21T09:30"]},
                }
            ]
        }
    )  # fmt: skip

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: dict[str, list[str]] = {}


FAULTS = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 429: Problem}


class KeyTrouble(Exception):
    """A key that cannot be used for this call."""

    def __init__(self, status: int, message: str) -> None:
        self.status = status
        super().__init__(message)


def needs(
    capability: Capability, task: Scope | None = None, *, keyed: bool = False
) -> Callable[[Operation], Operation]:
    """Mark an operation with the capability it needs, and run it in one transaction with its journal entries.

    `task` is what an organisation's token must be let do; without one no such token opens the operation. `keyed`: a
    call that writes, which takes an Idempotency-Key (and from an organisation's system, must have one).
    """

    def mark(operation: Operation) -> Operation:
        @wraps(operation)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            actor = actor_of(request)
            if isinstance(actor, TokenActor) and (task is None or task.value not in request.auth.scopes):  # type: ignore[attr-defined]
                raise NotAllowed("This token is not for that task.")
            actor.require(capability)
            with transaction.atomic():
                if not keyed:
                    return operation(request, *args, **kwargs)
                key = _key_of(request, actor)
                if not key:
                    return operation(request, *args, **kwargs)
                row = ClaimKey(actor).run(key, _digest_of(request))
                if row.status:
                    result = _again(request, row)  # told outside, so that what was erased stays erased
                else:
                    result = operation(request, *args, **kwargs)
                    status, value = (result.status_code, result.value) if isinstance(result, Status) else (200, result)
                    KeepAnswer(actor).run(row, status, json.dumps(value, cls=NinjaJSONEncoder))
            if isinstance(result, KeyTrouble):
                raise result
            return result

        guarded.policy = capability  # type: ignore[attr-defined]
        guarded.task = task  # type: ignore[attr-defined]
        guarded.keyed = keyed  # type: ignore[attr-defined]
        return guarded

    return mark


def _key_of(request: HttpRequest, actor: Actor) -> str:
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key and isinstance(actor, TokenActor):
        raise KeyTrouble(400, "Send an Idempotency-Key header: a new one for each new call, the same to try again.")
    if len(key) > LONGEST_KEY:
        raise KeyTrouble(400, f"An Idempotency-Key has no more than {LONGEST_KEY} characters.")
    return key


def _digest_of(request: HttpRequest) -> str:
    """What a call asks: the same for the same JSON however it is spaced or ordered."""
    body = json.dumps(json.loads(request.body), sort_keys=True) if request.body else ""
    return hashlib.sha256("\n".join((str(request.method), request.path, body)).encode()).hexdigest()


def _again(request: HttpRequest, row: IdempotencyKey) -> Status[Any] | KeyTrouble:
    """The answer a call was given before, or why it cannot be given. Nothing is done again."""
    if row.request != _digest_of(request):
        return KeyTrouble(409, "This Idempotency-Key was used for another call. Nothing was written.")
    if not row.answer:
        return KeyTrouble(409, "This call was done more than 24 hours ago, and its answer is not kept. Nothing was written.")
    request.replayed = True  # type: ignore[attr-defined]
    return Status(row.status, json.loads(row.answer))


def problem_response(
    status: int, detail: str, errors: dict[str, list[str]] | None = None, **headers: str
) -> HttpResponse:
    """A problem, whole. It says nothing of the address that was called, so that all that is absent looks the same."""
    body = {"type": "about:blank", "title": TITLES.get(status, TITLES[400]), "status": status, "detail": detail,
            "errors": errors or {}}  # fmt: skip
    response = HttpResponse(json.dumps(body), status=status, content_type=PROBLEM)
    response.headers["Cache-Control"] = "no-store"
    for name, value in headers.items():
        response.headers[name.replace("_", "-")] = value
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def too_many(error: TooMany) -> HttpResponse:
    return problem_response(429, str(error), Retry_After=str(error.wait))


def add_faults(api: NinjaAPI) -> None:
    """Answer every expected failure in the same form, without a word of what is inside."""

    @api.exception_handler(Invalid)
    def invalid(request: HttpRequest, error: Invalid) -> HttpResponse:
        return problem_response(400, "Nothing was written.", error.errors)

    @api.exception_handler(ValidationError)
    def unreadable(request: HttpRequest, error: ValidationError) -> HttpResponse:
        errors: dict[str, list[str]] = {}
        for one in error.errors:
            place = one.get("loc", ())
            where = ".".join(str(part) for part in (place[2:] or place[1:])) or "body"
            errors.setdefault(where, []).append(str(one.get("msg", "cannot be read")))
        return problem_response(400, "It cannot be read. Nothing was written.", errors)

    @api.exception_handler(Stale)
    def stale(request: HttpRequest, error: Stale) -> HttpResponse:
        return problem_response(
            409,
            f"It has changed: you sent version {error.opened_at_version}, it is now {error.current_version}. "
            "Nothing was written. Read it again and decide.",
        )

    @api.exception_handler(KeyTrouble)
    def key_trouble(request: HttpRequest, error: KeyTrouble) -> HttpResponse:
        return problem_response(error.status, str(error))

    @api.exception_handler(TooMany)
    def limited(request: HttpRequest, error: TooMany) -> HttpResponse:
        return too_many(error)

    @api.exception_handler(NotAllowed)
    def not_allowed(request: HttpRequest, error: NotAllowed) -> HttpResponse:
        return problem_response(403, error.message)

    @api.exception_handler(Http404)
    def absent(request: HttpRequest, error: Http404) -> HttpResponse:
        return problem_response(404, ABSENT)

    @api.exception_handler(HttpError)
    def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem_response(error.status_code, str(error))

    @api.exception_handler(AuthenticationError)
    def signed_out(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        return problem_response(401, SIGN_IN)
