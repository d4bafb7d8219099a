"""Every address of the service, from the URL resolver and from the OpenAPI document, with the places to be filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

from goldenthread.web.api.site import api


@dataclass(frozen=True, slots=True)
class Address:
    """One page or operation. `path` has the places in braces, such as /cases/{case}/."""

    name: str
    path: str
    methods: tuple[str, ...]
    operation: bool = False

    @property
    def places(self) -> list[str]:
        return re.findall(r"{(\w+)}", self.path)


def pages() -> Iterator[Address]:
    """Pages: every pattern of the resolver that is not the API's."""
    for path, name, _ in _patterns(get_resolver(), "/", ""):
        if not path.startswith("/api/"):
            yield Address(name, path, ("GET", "POST"))


def operations() -> Iterator[Address]:
    """Operations, as the API describes itself."""
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, told in methods.items():
            yield Address(told["operationId"], path, (method.upper(),), operation=True)


def api_patterns() -> set[str]:
    """The paths of the API that the resolver knows, to hold against its description."""
    return {path for path, _, _ in _patterns(get_resolver(), "/", "") if path.startswith("/api/")}


def _patterns(resolver: URLResolver, start: str, space: str) -> Iterator[tuple[str, str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _patterns(entry, start + _plain(str(entry.pattern)), inner)
        else:
            yield start + _plain(str(entry.pattern)), f"{space}{entry.name or ''}", entry


def _plain(pattern: str) -> str:
    """A pattern with its places as {name}: <uuid:case> and (?P<key>.+) alike."""
    pattern = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"{\1}", pattern.removeprefix("^").removesuffix("$"))
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", pattern)
