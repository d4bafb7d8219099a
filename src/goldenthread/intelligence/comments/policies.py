"""Who may read a comment on a figure: everyone who sees the scorecard reads what stands; what stood before, only its agency."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.policy import Policy

from .models import FigureComment


class FigureCommentPolicy(Policy[FigureComment]):
    """Comments an actor may read. Those that were superseded may hold what should not have been written."""

    model = FigureComment

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[FigureComment]:
        rows = FigureComment.objects.select_related("organisation")
        if actor.is_system:
            return rows
        if not actor.may(Capability.VIEW_TOTALS):
            return rows.none()
        return rows.filter(Q(superseded_by=None) | Q(organisation__in=actor.organisation_ids))
