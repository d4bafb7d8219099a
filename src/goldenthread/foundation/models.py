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


class JournalSeal(models.Model):
    """What every chain that moved since the seal before ended with, under one digest. Append-only; see `seals`."""

    number = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    previous = models.CharField(max_length=64, unique=True)
    """The digest of the seal before; empty for the first. Unique, so that the seals cannot fork."""
    chains = models.PositiveBigIntegerField()
    entries = models.PositiveBigIntegerField()
    """How many entries it newly covers."""
    root = models.CharField(max_length=64)
    """SHA-256 over the ends it covers, in order of their chains."""
    digest = models.CharField(max_length=64)


class SealedEnd(models.Model):
    """The end of one chain as a seal found it. Append-only."""

    seal = models.ForeignKey(JournalSeal, on_delete=models.PROTECT, related_name="ends", db_index=False)
    chain = models.CharField(max_length=64)
    sequence = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chain", "sequence"], name="sealed_end_chain_sequence"),
            models.UniqueConstraint(fields=["seal", "chain"], name="sealed_end_once_a_seal"),
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


class IdempotencyKey(models.Model):
    """That a call of the API with a key was done, so that it is done once however often it is sent.

    The answer is kept for a day; after that only that the key was used, for as long as a token can last.
    """

    owner = models.CharField(max_length=64)
    """Whose key it is: one token's or one person's, so that nobody can ask for another's answer."""
    key = models.CharField(max_length=64)
    """SHA-256 of the key, as a caller may have put a name in it."""
    request = models.CharField(max_length=64)
    """SHA-256 of what was asked: method, address and body."""
    status = models.PositiveSmallIntegerField(default=0)
    answer = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="idempotency_key_once_an_owner")]
        indexes = [
            models.Index(fields=["at"], name="idempotency_answer", condition=~models.Q(answer="")),
            models.Index(fields=["at"], name="idempotency_at"),
        ]
