"""What people chose to be told of. Written only by `subscriptions.actions`. Depends on `agencies`."""

from __future__ import annotations

import uuid

from django.db import models

from goldenthread.agencies.models import User


class Subscription(models.Model):
    """One person's choice: what, where, how often, and the last period that they were told of."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="scorecard_subscriptions")
    what = models.CharField(max_length=100, blank=True)
    """An indicator, a sheet of indicators, or empty for all of the scorecard."""
    area = models.CharField(max_length=60)
    frequency = models.CharField(max_length=12)
    told = models.CharField(max_length=40, blank=True)
    """The latest period that there was when it was made, or that they were told of since."""
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "what", "area", "frequency"], name="subscription_once")]
