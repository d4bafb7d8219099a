"""Who is told at a step: the one who owes a duty, those who manage their team, their agency's lead, those who lead the case.

Reads memberships in force; keeps what it found for the length of one run. Nobody is told of what they may not see: that is
asked of the case's policy by `deciding`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from goldenthread.agencies.actors import actor_for
from goldenthread.agencies.models import Membership, User
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability
from goldenthread.guidance.reminding import ReminderStep

_MOST_KEPT = 5000


@dataclass(frozen=True, slots=True)
class Owed:
    """Where a duty lies: its worker, team and agency, and who leads its case."""

    worker: int | None
    team: int | None
    organisation: int | None
    lead: int


@dataclass(slots=True)
class People:
    """Finds people, each group once a run."""

    most: int
    _groups: dict[tuple[int, int | None, str, bool], list[int]] = field(default_factory=dict)
    _members: dict[int, list[tuple[int, int | None, frozenset[str]]]] = field(default_factory=dict)
    _actors: dict[int, Actor | None] = field(default_factory=dict)

    def told(self, step: ReminderStep, owed: Owed) -> list[int]:
        """Ids of the users to tell. An owner who has left, or none, is stood in for by those who give work out there."""
        if step.tell == "owner":
            if owed.worker is not None and self.actor(owed.worker) is not None:
                return [owed.worker]
            return self._of(owed.organisation, owed.team, Capability.SUPERVISE.value, leads=False)
        organisation = owed.lead if step.tell == "lead" else owed.organisation
        team = owed.team if step.tell == "team" else None
        found = self._of(organisation, team, step.needs or "", leads=step.tell != "team")
        return [one for one in found if one != owed.worker] or found

    def _of(self, organisation: int | None, team: int | None, needs: str, *, leads: bool) -> list[int]:
        """Those of a team who hold a capability; of an agency, first those whose role is not tied to a team. Where nobody
        holds it everyone who works with cases there."""
        if organisation is None:
            return []
        group = (organisation, team, needs, leads)
        if group not in self._groups:
            everyone = self._members_of(organisation)
            able = [one for one in everyone if not needs or needs in one[2]] or everyone
            if team is not None:
                near = [one for one in able if one[1] == team]
            else:
                near = [one for one in able if one[1] is None] if leads else []
            self._groups[group] = list(dict.fromkeys(user for user, _, _ in near or able))[: self.most]
        return self._groups[group]

    def _members_of(self, organisation: int) -> list[tuple[int, int | None, frozenset[str]]]:
        if organisation not in self._members:
            rows = Membership.in_force().filter(organisation=organisation, user__is_active=True).select_related("role")
            self._members[organisation] = [
                (one.user_id, one.team_id, frozenset(one.role.capabilities))
                for one in rows
                if Capability.VIEW_CASES.value in one.role.capabilities
            ]
        return self._members[organisation]

    def actor(self, user: int) -> Actor | None:
        """Somebody as policies know them today; None where the account is closed or belongs to no agency now."""
        if user not in self._actors:
            if len(self._actors) >= _MOST_KEPT:
                self._actors.clear()
            found = User.objects.filter(pk=user, is_active=True).first()
            self._actors[user] = actor_for(found) if found is not None and found.memberships_today else None
        return self._actors[user]
