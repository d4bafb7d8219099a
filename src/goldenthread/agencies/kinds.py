"""The kinds of agency that pathways speak of, by their titles, from the guidance in use; and those somebody acts for."""

from __future__ import annotations

from collections.abc import Mapping

from goldenthread.foundation.actor import Actor
from goldenthread.foundation.library import current_library

from .models import Organisation


def restricted_pathways() -> Mapping[str, str]:
    """Pathway -> title, of those whose cases only the people who run them see."""
    return current_library().restricted()


def organisation_kinds() -> Mapping[str, str]:
    """Kind -> title, in the order of agency_roles.yaml."""
    return {kind: role.title for kind, role in current_library().roles.roles.items()}


def kinds_of(actor: Actor) -> set[str]:
    """The kinds of agency someone acts for."""
    if len(actor.organisation_ids) <= 1:
        return {actor.organisation_kind} if actor.organisation_kind else set()
    return set(Organisation.objects.filter(pk__in=actor.organisation_ids).values_list("kind", flat=True))
