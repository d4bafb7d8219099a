"""The kinds of agency that pathways speak of, by their titles. Reads guidance; knows no database."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from goldenthread.guidance.library import SHIPPED, AgencyRoles
from goldenthread.guidance.reading import read


@cache
def organisation_kinds() -> Mapping[str, str]:
    """Kind -> title, in the order of guidance/agency_roles.yaml."""
    roles, _ = read(AgencyRoles, SHIPPED / "agency_roles.yaml")
    return {kind: role.title for kind, role in roles.roles.items()}
