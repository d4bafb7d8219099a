"""Who sees which drafts: the one who typed them, and nobody else, whatever their role. Depends on `policy`."""

from __future__ import annotations

from django.db import models

from .actor import Actor
from .models import Draft
from .policy import Policy


class DraftPolicy(Policy[Draft]):
    """A draft is its writer's own until it is sent."""

    model = Draft

    @classmethod
    def visible_to(cls, actor: Actor) -> models.QuerySet[Draft]:
        if actor.user_id is None:
            return Draft.objects.none()
        return Draft.objects.filter(user_id=actor.user_id)
