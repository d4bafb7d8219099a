"""How the API reads what it is sent: JSON without what no database or program could keep.

NUL and halves of characters cannot be stored, NaN is no number of JSON, and text nested without end exhausts a reader.
"""

from __future__ import annotations

import json
from typing import Any, cast

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja.errors import HttpError
from ninja.parser import Parser


class StrictParser(Parser):
    """Refuses with 400 what could not be kept."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        try:
            body = json.loads(request.body, parse_constant=_no_number)
            _checked(body)
        except (ValueError, RecursionError):
            raise HttpError(400, "The body is not JSON that can be kept.") from None
        return cast(dict[str, Any], body)

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        found: dict[str, Any] = super().parse_querydict(data, list_fields, request)
        try:
            _checked(found)
        except ValueError:
            raise HttpError(400, "The address has signs in it that cannot be kept.") from None
        return found


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is not a number of JSON")


def _checked(value: Any) -> None:
    if isinstance(value, str):
        if "\x00" in value:
            raise ValueError("NUL")
        value.encode()  # half a character raises UnicodeEncodeError, a ValueError
    elif isinstance(value, dict):
        for name, inner in value.items():
            _checked(name)
            _checked(inner)
    elif isinstance(value, list):
        for inner in value:
            _checked(inner)
