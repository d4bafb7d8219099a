"""The roles that come with the service, read from roles.yaml. Knows no database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from goldenthread.foundation.capability import Capability

ROLES_FILE = Path(__file__).with_name("roles.yaml")
SCOPES = ("own", "organisation", "partnership")


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
    """Every role of the file. Raises ValueError naming the role and what is wrong with it."""
    entries: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    known = {capability.value for capability in Capability}
    roles = []
    for slug, entry in entries.items():
        unknown = set(entry) - {"title", "scope", "capabilities", "handles"}
        strange = set(entry.get("capabilities", ())) - known
        if unknown or strange:
            raise ValueError(f"{path.name}: {slug}: unknown {', '.join(sorted(unknown | strange))}")
        if entry["scope"] not in SCOPES:
            raise ValueError(f"{path.name}: {slug}: scope is {', '.join(SCOPES)}, not {entry['scope']!r}")
        handles = tuple(entry.get("handles", ()))
        roles.append(ShippedRole(slug, entry["title"], entry["scope"], tuple(entry["capabilities"]), handles))
    return roles
