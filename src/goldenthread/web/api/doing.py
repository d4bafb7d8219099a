"""What every operation shares: the capability it needs, one transaction, and errors in the API's own form."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from goldenthread.foundation.action import Invalid, Stale
from goldenthread.foundation.actor import NotAllowed
from goldenthread.foundation.capability import Capability

Operation = Callable[..., Any]


class Fault(Schema):
    """Why a call failed: `message` in words; `errors` by field, where it is the caller's to put right."""

    message: str
    errors: dict[str, list[str]] = {}


FAULTS = {400: Fault, 401: Fault, 403: Fault, 404: Fault, 409: Fault}


def needs(capability: Capability) -> Callable[[Operation], Operation]:
    """Mark an operation with the capability it needs, and run it in one transaction with its journal entries."""

    def mark(operation: Operation) -> Operation:
        @wraps(operation)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            request.actor.require(capability)  # type: ignore[attr-defined]
            with transaction.atomic():
                return operation(request, *args, **kwargs)

        guarded.policy = capability  # type: ignore[attr-defined]
        return guarded

    return mark


def add_faults(api: NinjaAPI) -> None:
    """Answer every expected failure in the same form, without a word of what is inside."""

    def answer(
        request: HttpRequest, status: int, message: str, errors: dict[str, list[str]] | None = None
    ) -> HttpResponse:
        return api.create_response(request, {"message": message, "errors": errors or {}}, status=status)

    @api.exception_handler(Invalid)
    def invalid(request: HttpRequest, error: Invalid) -> HttpResponse:
        return answer(request, 400, "What was sent cannot be accepted. Nothing was written.", error.errors)

    @api.exception_handler(ValidationError)
    def unreadable(request: HttpRequest, error: ValidationError) -> HttpResponse:
        errors: dict[str, list[str]] = {}
        for one in error.errors:
            where = ".".join(str(part) for part in one.get("loc", ())[2:]) or "body"
            errors.setdefault(where, []).append(str(one.get("msg", "cannot be read")))
        return answer(request, 400, "What was sent cannot be read. Nothing was written.", errors)

    @api.exception_handler(Stale)
    def stale(request: HttpRequest, error: Stale) -> HttpResponse:
        return answer(
            request, 409,
            f"The case has changed: you sent version {error.opened_at_version}, it is now {error.current_version}. "
            "Nothing was written. Read the case again and decide.",
        )  # fmt: skip

    @api.exception_handler(NotAllowed)
    def not_allowed(request: HttpRequest, error: NotAllowed) -> HttpResponse:
        return answer(request, 403, error.message)

    @api.exception_handler(Http404)
    def absent(request: HttpRequest, error: Http404) -> HttpResponse:
        return answer(request, 404, "There is nothing here, or you may not see it.")

    @api.exception_handler(HttpError)
    def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
        return answer(request, error.status_code, str(error))

    @api.exception_handler(AuthenticationError)
    def signed_out(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        return answer(request, 401, "Sign in, or send a token: Authorization: Bearer gt_...")
