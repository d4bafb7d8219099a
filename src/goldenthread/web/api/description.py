"""The OpenAPI document made whole: problems in their own form, keys, limits, what each token may call.

django-ninja writes what each operation takes and gives; this adds what is the same for all. Source: OpenAPI 3.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from goldenthread.agencies.scopes import TASKS, Scope

from .doing import LONGEST_KEY, PROBLEM, TITLES

KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[!-~]+$"},
    "example": "0f8fad5b-d9cb-469f-a165-70867728950e",
    "description": "Yours, new for each new call. Sent again with the same body it gives the same answer and writes nothing"
    " (for 24 hours; after that 409). With another body: 409. A token of an organisation must send one.",
}
RETRY = {
    "Retry-After": {
        "description": "Seconds to wait.",
        "schema": {"type": "integer", "minimum": 1},
        "required": True,
    }
}
REPLAYED = {
    "Idempotency-Replayed": {
        "description": "`true` where the call had been done before.",
        "schema": {"type": "string", "enum": ["true"]},
    }
}
WORDS = """The same actions, policies and journal as the pages: what one may not see in the browser cannot be seen here,
and is not told from what does not exist. Every call is journalled.

Sign in with a token: a person's own (`gt_...`), which may do what that person may do today, or one of an organisation
(`gto_...`), which has a few tasks: {tasks}. Calls are limited to {token} a minute for a token and {address} for a
network address: then 429, with `Retry-After`."""


def described(document: dict[str, Any], operations: Mapping[str, Any]) -> dict[str, Any]:
    """The document with what django-ninja does not know. `operations`: the view of each by its operationId."""
    document["info"]["description"] = WORDS.format(
        tasks=", ".join(f"`{task.value}`" for task in Scope),
        token=settings.GT_API_CALLS_PER_TOKEN,
        address=settings.GT_API_CALLS_PER_ADDRESS,
    )
    document["info"]["license"] = {"name": "MIT", "identifier": "MIT"}
    document["tags"] = [
        {"name": "contacts", "description": "Tell the front door of a worry about a child."},
        {"name": "requests", "description": "What an agency is asked, and its answers."},
        {"name": "meetings", "description": "Meetings an agency holds or is asked to: whether it comes, and its reports."},
        {"name": "cases", "description": "Cases, what happens in them, and their clocks."},
        {"name": "people", "description": "Who somebody is."},
        {"name": "guidance", "description": "Pathways and due dates. No personal records."},
        {"name": "collections", "description": "What an agency is asked to send in, and its values. No personal records."},
        {"name": "indicators", "description": "The scorecard's totals, small numbers kept back. No personal records."},
    ]
    schemes = document["components"]["securitySchemes"]
    schemes["TokenAuth"] = {
        "type": "http", "scheme": "bearer", "description": "A token of a person (gt_...) or of an organisation (gto_...).",
        "x-tasks": {task.value: hint for task, (_, hint) in TASKS.items()},
    }  # fmt: skip
    schemes["OwnSession"]["description"] = "A browser that is signed in, with its CSRF token."
    for path in document["paths"].values():
        for operation in path.values():
            _complete(operation, operations[operation["operationId"]])
    return document


def _complete(operation: dict[str, Any], view: Any) -> None:
    task = getattr(view, "task", None)
    operation["security"] = [{"TokenAuth": [task.value] if task else []}, {"OwnSession": []}]
    operation["x-needs"] = view.policy.value
    keyed = getattr(view, "keyed", False)
    if keyed:
        operation["parameters"] = [*operation.get("parameters", []), KEY]
    for status, response in operation["responses"].items():
        if int(status) >= 400:
            response["description"] = TITLES[int(status)]
            response["content"] = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        elif keyed:
            response["headers"] = REPLAYED
        if int(status) == 429:
            response["headers"] = RETRY
