"""Who may see marked changes: whoever may see totals, since a mark says nothing of a person.

Whether a mark is of an action is told only to those who may see that action (`queries`). Depends on `models`.
"""

from __future__ import annotations

from django.db.models import QuerySet

from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.policy import Policy

from .models import MarkedChange


class MarkPolicy(Policy[MarkedChange]):
    """All marks, to those who may see totals."""

    model = MarkedChange

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[MarkedChange]:
        return MarkedChange.objects.all() if actor.may(Capability.VIEW_TOTALS) else MarkedChange.objects.none()
