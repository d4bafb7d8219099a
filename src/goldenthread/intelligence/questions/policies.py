"""Who may see a question about a figure: whoever may know of its case; and, of those who see the scorecard, the people of the
agency that asks and of the agency that is asked. Depends on `casework.policies`."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from goldenthread.casework.policies import seen_by
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.policy import Policy

from .models import FigureQuestion


class FigureQuestionPolicy(Policy[FigureQuestion]):
    """Questions an actor may read. They hold totals as they were told, and name nobody."""

    model = FigureQuestion

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[FigureQuestion]:
        condition = seen_by(actor, "case__")
        if actor.may(Capability.VIEW_TOTALS) and actor.organisation_ids:
            ours = Q(case__lead__in=actor.organisation_ids) | Q(case__about__in=actor.organisation_ids)
            condition |= ours & Q(case__restricted=False, case__subject=None)
        return FigureQuestion.objects.filter(condition)
