"""What sharing keeps beside the events: what an agreement ruled, one-time links, hand-overs, overrides, notices.

What was asked and answered is in the events of the case; these rows say under what right, and who is still to act.
Depends on `casework`, `people`, `agencies`. Rows are written only by `sharing.actions`.
"""

from __future__ import annotations

import uuid

from django.db import models

from goldenthread.agencies.models import Organisation, User
from goldenthread.casework.models import Case, Event
from goldenthread.people.models import Person


class Override(models.Model):
    """Sharing in an emergency against, or without, an agreement: always with a reason, always reviewed afterwards."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="overrides")
    """The case about the child in which it was used."""
    review = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="+")
    """The case of the pathway that reviews it, with its clock: the next working day."""
    holder = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    """Whose information it is."""
    receiver = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=48)
    reason = models.TextField()
    ruling = models.JSONField(default=dict)
    """What the agreements had said, as `decision.Decision.plain()` gives it."""
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT)
    at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case", "at"], name="override_case")]


class Request(models.Model):
    """That an agency was asked: the event, and what the agreements said of it on that day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="request")
    """The event of the case by which it was asked."""
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="requests")
    asker = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="requests")
    purpose = models.CharField(max_length=48)
    ruling = models.JSONField(default=dict)
    override = models.ForeignKey(Override, null=True, on_delete=models.PROTECT)
    asked_at = models.DateTimeField()
    climbed = models.PositiveSmallIntegerField(default=0)
    """How many steps an unanswered request has climbed."""

    class Meta:
        indexes = [
            models.Index(fields=["agency", "asked_at"], name="request_agency"),
            models.Index(fields=["case", "asked_at"], name="request_case"),
        ]


class AnswerLink(models.Model):
    """A one-time address by which an agency without accounts answers. Only the digest of its secret is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    sent_to = models.EmailField(blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT)
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)


class HandOver(models.Model):
    """A referral or a case offered to another organisation, which accepts it or refuses it with reasons."""

    class Kind(models.TextChoices):
        REFERRAL = "refer", "Referral"
        TRANSFER = "transfer", "Transfer"

    class State(models.TextChoices):
        OFFERED = "offered", "Waiting for an answer"
        ACCEPTED = "accepted", "Accepted"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="hand_overs")
    sender = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="handed_over")
    receiver = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="received")
    reason = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OFFERED)
    offered_at = models.DateTimeField()
    offered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    answer = models.TextField(blank=True)
    """Why it was refused, or what the receiver does next."""
    heard_at = models.DateTimeField(null=True)
    """When the sender read the answer."""
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["receiver", "state", "due_at"], name="hand_over_receiver"),
            models.Index(fields=["sender", "state"], name="hand_over_sender"),
        ]


class Notice(models.Model):
    """A notice for the people of an organisation, or for one of them. Its words never hold personal data."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="notices")
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="notices")
    capability = models.CharField(max_length=32, blank=True)
    """Narrows a notice for an organisation to its people with this capability, such as supervise."""
    kind = models.CharField(max_length=48)
    words = models.CharField(max_length=300)
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="notices")
    """Shown only to those who may know of this case."""
    address = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "seen_at", "at"], name="notice_organisation"),
            models.Index(fields=["user", "seen_at", "at"], name="notice_user"),
        ]


class AccessQuestion(models.Model):
    """A look that may need explaining: what the person who looked is asked, their answer, what their supervisor found."""

    class Outcome(models.TextChoices):
        OPEN = "", "Open"
        EXPLAINED = "explained", "Explained"
        ESCALATED = "escalated", "Taken further"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rule = models.CharField(max_length=48)
    """A rule of guidance/access.yaml, or the asking in an emergency for somebody who was not found."""
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="access_questions")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="access_questions")
    """Whose record; empty where it is about many."""
    day = models.DateField()
    looks = models.PositiveIntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    people = models.PositiveIntegerField(default=1)
    """How many people's records."""
    asked_at = models.DateTimeField()
    answer_due_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    settle_due_at = models.DateTimeField()
    climbed_at = models.DateTimeField(null=True)
    """When it went further by itself, because nobody answered."""
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.OPEN, blank=True)
    finding = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            # Two, as SQLite cannot treat two empty people as the same one.
            models.UniqueConstraint(
                fields=["rule", "user", "day"], condition=models.Q(person=None), name="access_question_once"
            ),
            models.UniqueConstraint(
                fields=["rule", "user", "person", "day"], condition=~models.Q(person=None),
                name="access_question_once_a_person",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["user", "outcome", "asked_at"], name="access_question_user"),
            models.Index(fields=["organisation", "outcome", "asked_at"], name="access_question_organisation"),
        ]


class NoticeChoice(models.Model):
    """How somebody wants to be told by email of what is due. Notices on the page are given always."""

    user = models.OneToOneField(User, primary_key=True, on_delete=models.PROTECT, related_name="notice_choice")
    email = models.CharField(max_length=12)
    """A word of `guidance.reminding.How`; one that local policy no longer allows counts as not chosen."""


class ReminderMail(models.Model):
    """One email of reminders to one person: on a day one, or for those told immediately one each time. Holds no words:
    they are counted from its reminders when it is sent."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="reminder_mails")
    day = models.DateField()
    number = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    """Also where nothing was left to tell when its turn came: then `counts` is empty."""
    counts = models.JSONField(default=dict)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "day", "number"], name="reminder_mail_once")]
        indexes = [models.Index(fields=["made_at"], name="reminder_mail_unsent", condition=models.Q(sent_at=None))]


class DutyReminders(models.Model):
    """How far the reminders of one duty have come. A duty is named, not linked: its row is written anew when clocks are."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    duty = models.CharField(max_length=48)
    ordinal = models.PositiveIntegerField()
    due_at = models.DateTimeField()
    """When it was due: a date that moves begins anew."""
    told = models.PositiveSmallIntegerField(default=0)
    """Steps that have been reached."""
    next_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "duty", "ordinal"], name="duty_reminders_once")]


class Reminder(models.Model):
    """That one person was told of one duty at one step. Unique, so that a night run twice tells once."""

    class Stage(models.TextChoices):
        SOON = "soon", "Due soon"
        DUE = "due", "Due"
        LATE = "late", "Late"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    duty = models.CharField(max_length=48)
    ordinal = models.PositiveIntegerField()
    due_at = models.DateTimeField()
    step = models.PositiveSmallIntegerField()
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="reminders")
    stage = models.CharField(max_length=4, choices=Stage.choices)
    climbed = models.BooleanField(default=False)
    """It has come to somebody who does not owe it, because nobody answered."""
    at = models.DateTimeField()
    notice = models.ForeignKey(Notice, null=True, on_delete=models.SET_NULL, related_name="reminders")
    to_notice = models.BooleanField(default=True)
    mail = models.ForeignKey(ReminderMail, null=True, on_delete=models.SET_NULL, related_name="reminders")
    to_mail = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "duty", "ordinal", "due_at", "step", "user"], name="reminder_once")
        ]
        indexes = [
            models.Index(fields=["user"], name="reminder_to_notice", condition=models.Q(to_notice=True)),
            models.Index(fields=["user", "stage"], name="reminder_to_mail", condition=models.Q(to_mail=True)),
        ]
