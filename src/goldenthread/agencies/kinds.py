"""The kinds of agency that pathways speak of, by their titles, from the guidance in use. Knows no database."""

from __future__ import annotations

from collections.abc import Mapping

from goldenthread.foundation.library import current_library


def restricted_pathways() -> Mapping[str, str]:
    """Pathway -> title, of those whose cases only the people who run them see."""
    return current_library().restricted()


def organisation_kinds() -> Mapping[str, str]:
    """Kind -> title, in the order of agency_roles.yaml."""
    return {kind: role.title for kind, role in current_library().roles.roles.items()}
