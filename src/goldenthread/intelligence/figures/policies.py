"""Who may see published figures: whoever's role reads the guidance.

The documents are public and the figures are of areas and agencies, so every agency sees the same. What a partnership has
not published yet does not belong here. Depends on `models`.
"""

from __future__ import annotations

from django.db.models import QuerySet

from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.policy import Policy

from .models import PublishedFigure


class FigurePolicy(Policy[PublishedFigure]):
    """All figures, to those who may read the guidance."""

    model = PublishedFigure

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[PublishedFigure]:
        rows = PublishedFigure.objects.select_related("file")
        return rows if actor.may(Capability.READ_GUIDANCE) else rows.none()
