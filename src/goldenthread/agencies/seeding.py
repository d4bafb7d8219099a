"""The roles that come with the service, read from roles.yaml. Knows no database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from goldenthread.foundation.capability import Capability
from goldenthread.guidance.checks import Where, _near
from goldenthread.guidance.library import shipped
from goldenthread.guidance.reading import GuidanceError, parse

ROLES_FILE = Path(__file__).with_name("roles.yaml")
SCOPES = ("own", "organisation", "partnership")
NEEDED = ("title", "scope", "capabilities")
KEYS = (*NEEDED, "handles")


@dataclass(frozen=True, slots=True)
class ShippedRole:
    """One role as its file says it."""

    slug: str
    title: str
    scope: str
    capabilities: tuple[str, ...]
    handles: tuple[str, ...] = ()
    """Restricted pathways that it runs."""


def shipped_roles(path: Path = ROLES_FILE) -> list[ShippedRole]:
    """Every role of the file. Raises GuidanceError with each fault, its line and the nearest right name. What a role runs is
    looked up in the guidance that is shipped with it: an installation's own need not have those pathways."""
    source = parse(path)
    entries: dict[str, Any] = source.value
    faults = [source.fault(where, problem) for slug, entry in entries.items() for where, problem in _wrong(slug, entry)]
    if faults:
        raise GuidanceError(faults)
    return [
        ShippedRole(slug, one["title"], one["scope"], tuple(one["capabilities"]), tuple(one.get("handles", ())))
        for slug, one in entries.items()
    ]


def _wrong(slug: str, entry: Mapping[str, Any]) -> Iterator[tuple[Where, str]]:
    capabilities = [capability.value for capability in Capability]
    restricted = shipped().restricted()
    for key in entry:
        if key not in KEYS:
            yield (slug, key), f"unknown key {key!r}{_near(key, KEYS)}"
    for key in NEEDED:
        if key not in entry:
            yield (slug,), f"a role needs {key!r}"
    if "scope" in entry and entry["scope"] not in SCOPES:
        yield (slug, "scope"), f"unknown scope {entry['scope']!r}; one of {', '.join(SCOPES)}"
    for index, name in enumerate(entry.get("capabilities", ())):
        if name not in capabilities:
            yield (slug, "capabilities", index), f"unknown capability {name!r}{_near(name, capabilities)}"
    for index, name in enumerate(entry.get("handles", ())):
        if name not in restricted:
            what = "is not restricted, so nobody runs it alone" if name in shipped().pathways else "is no pathway"
            yield (slug, "handles", index), f"{name!r} {what}{_near(name, restricted)}"
