"""Who may see a subscription: whose it is, and nobody else."""

from __future__ import annotations

from django.db.models import QuerySet

from goldenthread.foundation.actor import Actor
from goldenthread.foundation.policy import Policy

from .models import Subscription


class SubscriptionPolicy(Policy[Subscription]):
    """One's own."""

    model = Subscription

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Subscription]:
        if actor.is_system:
            return Subscription.objects.all()
        return Subscription.objects.filter(user=actor.user_id) if actor.user_id is not None else Subscription.objects.none()
