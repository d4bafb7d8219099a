"""Comments on figures. A comment is never edited: another of the same agency takes its place, and the first is kept.

They are of totals and name nobody. Written only by `comments.actions`. Depends on `agencies`.
"""

from __future__ import annotations

import uuid

from django.db import models

from goldenthread.agencies.models import Organisation, User

LONGEST = 600


class FigureComment(models.Model):
    """What an agency says of one figure: an indicator in an area and a period. Without words: what stood before is taken back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    indicator = models.CharField(max_length=100)
    area = models.CharField(max_length=60)
    period = models.CharField(max_length=40)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=120, blank=True)
    """The author's role in the agency when it was written. Their name is in the journal and is not shown."""
    text = models.CharField(max_length=LONGEST, blank=True)
    written_at = models.DateTimeField()
    supersedes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="superseded_by")

    class Meta:
        indexes = [models.Index(fields=["area", "period", "indicator"], name="figure_comment_on")]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "area", "period", "organisation"], condition=models.Q(supersedes=None),
                name="figure_comment_first",
            )
        ]  # fmt: skip
