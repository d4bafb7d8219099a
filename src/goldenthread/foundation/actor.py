"""Who is acting: a signed-in person with memberships, or the system for a stated reason. No one else can write.

May depend on: `capability`. The user model lives a floor up; a `UserActor` is built there (`agencies.actors`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from .capability import Capability


class NotAllowed(Exception):
    """The actor may not do or see this. `message` is fit to show."""

    def __init__(self, message: str = "You do not have permission to do this.") -> None:
        self.message = message
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Actor:
    """The one doing something, as far as policies need to know."""

    name: str
    user_id: int | None = None
    organisation_id: int | None = None
    """The organisation acted for."""
    organisation_ids: frozenset[int] = frozenset()
    team_ids: frozenset[int] = frozenset()
    roles: frozenset[str] = frozenset()
    organisation_kind: str = ""
    capabilities: frozenset[Capability] = field(default_factory=frozenset)
    scope: str = "own"
    """How far the actor sees, from the roles that may view cases: own, organisation or partnership."""
    handles: frozenset[tuple[str, int | None]] = frozenset()
    """Restricted pathways that the actor runs, and for which organisation; None for the whole partnership. It lets them
    see cases that are restricted because their pathway is, never because of whom they are for."""
    held: frozenset[tuple[int, frozenset[Capability]]] | None = None
    """What the actor's roles let them do in each organisation; None where that was not worked out."""

    is_system = False

    @property
    def reader(self) -> str:
        """Whose reading it is: each reader has a chain of the journal of their own."""
        return "system" if self.user_id is None else str(self.user_id)

    def may(self, capability: Capability) -> bool:
        return capability in self.capabilities

    def require(self, capability: Capability) -> None:
        """Raises NotAllowed without the capability."""
        if not self.may(capability):
            raise NotAllowed()


@dataclass(frozen=True, slots=True)
class SystemActor(Actor):
    """The system itself, such as an import or a replay. `name` says which work; it may do everything."""

    is_system = True

    def may(self, capability: Capability) -> bool:
        return True
