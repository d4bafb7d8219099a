"""Tables every floor above stands on: the journal and drafts. Depends on Django alone."""

from __future__ import annotations

from django.db import models


class JournalHead(models.Model):
    """The end of one hash chain. Locked while an entry is added, so that the chain cannot fork."""

    chain = models.CharField(max_length=64, primary_key=True)
    sequence = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="")


class JournalEntry(models.Model):
    """Who read or wrote what, when and why. Append-only; each entry carries the hash of the one before in its chain.

    `detail` holds identifiers and field names, never what a record says.
    """

    chain = models.CharField(max_length=64)
    sequence = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    actor_name = models.CharField(max_length=200)
    user_id = models.BigIntegerField(null=True)
    organisation_id = models.BigIntegerField(null=True)
    verb = models.CharField(max_length=64)
    subject_type = models.CharField(max_length=32)
    subject_id = models.CharField(max_length=64)
    detail = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "sequence"], name="journal_chain_sequence")]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "at"], name="journal_subject"),
            models.Index(fields=["user_id", "at"], name="journal_user"),
        ]


class Draft(models.Model):
    """What someone has typed and not yet sent: kept on the server, so a lost session or machine loses nothing."""

    user_id = models.BigIntegerField()
    key = models.CharField(max_length=200)
    """The form it belongs to, such as `case/<id>/visited`."""
    body = models.JSONField(default=dict)
    version = models.PositiveIntegerField(null=True)
    """Version of the case the form was opened on."""
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user_id", "key"], name="draft_one_a_form")]
