"""What agencies are asked for, what they sent, and every step on the way.

A submission is one agency's form for one period. What is typed is kept as entries that are never changed: each save adds those
that differ, under the submission's next version, so that what was sent, approved or locked can be read as it was. Counts of
an area, never a person. Depends on `agencies`. Written only by `collections.actions`.
"""

from __future__ import annotations

import uuid

from django.db import models

from goldenthread.agencies.models import Organisation, User


class Asking(models.Model):
    """That a collection is asked for from a day on: until somebody says so, no agency owes anything."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    collection = models.CharField(max_length=48, unique=True)
    """A file of guidance/collections."""
    since = models.DateField()
    """First day of the first period."""
    until = models.DateField(null=True)
    """The day from which it is asked for no more; none while it is."""
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")


class Submission(models.Model):
    """One agency's form for one period."""

    class State(models.TextChoices):
        DRAFT = "draft", "To fill in"
        SENT = "sent", "Sent"
        RETURNED = "returned", "Returned"
        APPROVED = "approved", "Approved"
        LOCKED = "locked", "Locked"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    collection = models.CharField(max_length=48)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="submissions")
    period = models.CharField(max_length=20)
    """As indicators write it: 2025/26 Q1, 2025-04, 2025/26."""
    first_day = models.DateField()
    last_day = models.DateField()
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(default=0)
    """Rises with everything done to it."""
    entered_at = models.DateTimeField(null=True)
    entered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    """Who entered values last: somebody else of the agency agrees them."""
    first_sent_on = models.DateField(null=True)
    """The day it first came in, in London: what being in time is judged by, whatever is put right later."""
    sent_version = models.PositiveIntegerField(null=True)
    approved_version = models.PositiveIntegerField(null=True)
    """The version that counts in the indicators until another is approved."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["collection", "organisation", "period"], name="submission_once_a_period")
        ]
        indexes = [
            models.Index(fields=["organisation", "state", "due_on"], name="submission_organisation"),
            models.Index(fields=["collection", "first_day"], name="submission_collection"),
        ]

    @property
    def may_change(self) -> bool:
        return self.state in (self.State.DRAFT, self.State.RETURNED)

    @property
    def is_final(self) -> bool:
        return self.state in (self.State.APPROVED, self.State.LOCKED)

    @property
    def in_time(self) -> bool | None:
        """Whether it first came by the day it was due; None while it has not come."""
        return None if self.first_sent_on is None else self.first_sent_on <= self.due_on


class Entry(models.Model):
    """One value as somebody entered it. Never changed: the latest at a version is the value there."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="entries")
    version = models.PositiveIntegerField()
    box = models.CharField(max_length=160)
    """cell, or cell.breakdown.group."""
    value = models.DecimalField(max_digits=19, decimal_places=4, null=True)
    """Nothing is not zero."""
    comment = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=200)
    """A person, or the agency's own system."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["submission", "box", "version"], name="entry_once_a_version")]


class Step(models.Model):
    """Something done to a submission, by whom and why. Never changed."""

    class Kind(models.TextChoices):
        OPENED = "opened", "Asked for"
        SAVED = "saved", "Values entered"
        SENT = "sent", "Agreed by the agency and sent"
        RETURNED = "returned", "Returned to the agency"
        APPROVED = "approved", "Approved"
        LOCKED = "locked", "Locked"
        REOPENED = "reopened", "Opened again"

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="steps")
    version = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    words = models.TextField(blank=True)
    boxes = models.PositiveIntegerField(default=0)
    """How many values it changed."""
    at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["submission", "version"], name="step_once_a_version")]
        ordering = ["version"]
