"""Changes that were marked on charts. A mark is never edited or deleted: it is taken off, with a reason, and stays readable.

It names an action of the register by its id alone: the register can be made anew, and an action keeps its id. Depends on
`agencies`. Written only by `marks.actions`.
"""

from __future__ import annotations

import uuid

from django.db import models

from goldenthread.agencies.models import User


class MarkedChange(models.Model):
    """That from a day on something was done differently, which one indicator should show, in one area and all within it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    indicator = models.CharField(max_length=80)
    area = models.CharField(max_length=48)
    """An area of an arrangement, or everywhere."""
    on = models.DateField()
    what = models.CharField(max_length=80)
    """In a few words that everyone who sees totals may read."""
    action = models.UUIDField(null=True, blank=True)
    """The action of the register whose completion it is, if it is one's."""
    marked_at = models.DateTimeField()
    marked_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    marked_by_name = models.CharField(max_length=200)
    taken_off_at = models.DateTimeField(null=True, blank=True)
    taken_off_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    taken_off_by_name = models.CharField(max_length=200, blank=True)
    reason = models.TextField(blank=True)
    """Why it was taken off."""

    class Meta:
        indexes = [models.Index(fields=["indicator", "on"], name="marked_indicator")]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "area", "on"], condition=models.Q(taken_off_at=None), name="marked_once_a_day"
            ),
            models.CheckConstraint(
                condition=models.Q(taken_off_at=None) | ~models.Q(reason=""), name="marked_taken_off_for_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what}, {self.on}"
