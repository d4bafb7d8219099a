"""Figures that were published, and the files they came in.

A figure is kept as it is printed, with the document and the place in it; nothing is worked out here. They are of areas and
agencies, never of a person. Depends on nothing of ours. Written only by `figures.actions`.
"""

from __future__ import annotations

import uuid

from django.db import models


class FigureFile(models.Model):
    """A file that was imported: its name, what it held, when and by whom."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    """SHA-256 of the file, so that anyone can tell that theirs is the same."""
    imported_at = models.DateTimeField()
    imported_by = models.CharField(max_length=200)


class PublishedFigure(models.Model):
    """One printed figure. The columns are those of the file (docs/look-up/figures.md)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.ForeignKey(FigureFile, on_delete=models.PROTECT, related_name="figures")
    line = models.PositiveIntegerField()
    source = models.CharField(max_length=200)
    document = models.CharField(max_length=300, blank=True)
    page = models.CharField(max_length=20, blank=True)
    place = models.CharField(max_length=300, blank=True)
    table = models.CharField(max_length=200)
    indicator = models.CharField(max_length=300)
    unit = models.CharField(max_length=60)
    area = models.CharField(max_length=100)
    breakdown = models.CharField(max_length=200, blank=True)
    period = models.CharField(max_length=20)
    comparator = models.CharField(max_length=30)
    value = models.DecimalField(max_digits=21, decimal_places=6)
    decimals = models.PositiveSmallIntegerField()
    """How many decimals are printed: 57.0 is not 57."""
    agency = models.CharField(max_length=200, blank=True)
    polarity = models.CharField(max_length=6, blank=True)
    printed_change = models.CharField(max_length=30, blank=True)
    printed_direction = models.CharField(max_length=30, blank=True)
    identity = models.CharField(max_length=64, unique=True)
    """A digest of what it is a figure of: a document prints one value for it in one table."""

    class Meta:
        indexes = [models.Index(fields=["source", "table"], name="figure_table")]
