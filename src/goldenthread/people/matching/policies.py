"""Who may see which possible matches and joins: those who may know of both people. A pair with one hidden is not there.

Depends on `people.models` and `people.policies`.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.policy import Policy

from ..models import Merge, PossibleMatch
from ..policies import PersonPolicy


def ordered(one: UUID, other: UUID) -> tuple[UUID, UUID]:
    """Two people as a pair is kept: the lower id first."""
    return (one, other) if str(one) < str(other) else (other, one)


class MatchPolicy(Policy[PossibleMatch]):
    """Pairs of which both people may be known of, and neither has been joined to another since."""

    model = PossibleMatch

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[PossibleMatch]:
        if not actor.may(Capability.MERGE_PEOPLE):
            return PossibleMatch.objects.none()
        return PossibleMatch.objects.filter(
            PersonPolicy.condition(actor, "one__"), PersonPolicy.condition(actor, "other__")
        )


class MergePolicy(Policy[Merge]):
    """Joins of which the record that stayed may be known of."""

    model = Merge

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Merge]:
        if not actor.may(Capability.MERGE_PEOPLE):
            return Merge.objects.none()
        return Merge.objects.filter(PersonPolicy.condition(actor, "kept__"))
