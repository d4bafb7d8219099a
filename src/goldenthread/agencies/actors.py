"""From a signed-in user to an `Actor`: what their memberships in force today let them do. Depends on `models`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from goldenthread.foundation.actor import Actor, NotAllowed
from goldenthread.foundation.capability import Capability

from .models import Membership, Role, User

_WIDTH: dict[str, int] = {Role.Scope.OWN: 0, Role.Scope.ORGANISATION: 1, Role.Scope.PARTNERSHIP: 2}
_KNOWN = {capability.value: capability for capability in Capability}


def actor_for(user: User | Any) -> Actor:
    """The actor a user is today. One query, kept on the user object, so once a request.

    Raises NotAllowed for someone who is not signed in or whose account is closed.
    """
    if not getattr(user, "is_authenticated", False):
        raise NotAllowed("No one is signed in.")
    if not user.is_active:
        raise NotAllowed("This account is closed.")
    memberships = user.memberships_today
    roles = [membership.role for membership in memberships]
    # How far someone sees comes only from roles that may see people at all: a role for running the service that
    # reaches the whole partnership must not widen what a school's role sees.
    seeing = [role for role in roles if Capability.VIEW_CASES in role.capabilities]
    first = memberships[0].organisation if memberships else None
    held: dict[int, set[Capability]] = {}
    for one in memberships:
        held.setdefault(one.organisation_id, set()).update(_known(one.role.capabilities))
    return Actor(
        name=str(user),
        user_id=user.pk,
        organisation_id=first.pk if first else None,
        organisation_ids=frozenset(membership.organisation_id for membership in memberships),
        team_ids=frozenset(membership.team_id for membership in memberships if membership.team_id),
        roles=frozenset(role.slug for role in roles),
        organisation_kind=first.kind if first else "",
        # A capability that this version no longer knows gives nothing.
        capabilities=frozenset().union(*held.values()),
        handles=frozenset(_handled(memberships)),
        held=frozenset((organisation, frozenset(those)) for organisation, those in held.items()),
        scope=max(
            (role.scope for role in seeing), key=lambda scope: _WIDTH.get(scope, 0), default=Role.Scope.OWN
        ),
    )


def _handled(memberships: list[Membership]) -> Iterator[tuple[str, int | None]]:
    """The restricted pathways run under each role, as far as that role itself sees."""
    for one in memberships:
        if Capability.VIEW_CASES in one.role.capabilities and one.role.scope != Role.Scope.OWN:
            everywhere = one.role.scope == Role.Scope.PARTNERSHIP
            yield from ((pathway, None if everywhere else one.organisation_id) for pathway in one.role.handles)


def _known(names: list[str]) -> set[Capability]:
    return {_KNOWN[name] for name in names if name in _KNOWN}
