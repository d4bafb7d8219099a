"""What a question to an agency was raised about: the figure as it was told that day. Written only by `questions.actions`.

The case holds the same in its first event, which is the record; this row finds the questions of a figure. Depends on
`casework`.
"""

from __future__ import annotations

from django.db import models

from goldenthread.casework.models import Case


class FigureQuestion(models.Model):
    """One question. Its case says whom it asks (`about`), and what has become of it."""

    case = models.OneToOneField(Case, primary_key=True, on_delete=models.PROTECT, related_name="figure_question")
    indicator = models.CharField(max_length=100)
    area = models.CharField(max_length=60)
    period = models.CharField(max_length=40)
    value = models.CharField(max_length=60)
    """As it was told outside need to know: a number, c or a colon."""
    because = models.CharField(max_length=1000, blank=True)
    rule = models.CharField(max_length=48, blank=True)
    """A rule of exceptions.yaml; empty where a person asked."""
    definition = models.CharField(max_length=16, blank=True)
    """A digest of the definition that the value was worked out by."""
    asked_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["indicator", "area", "asked_at"], name="figure_question_of")]
