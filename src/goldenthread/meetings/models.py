"""Meetings, their pages (one a case), seats, reports, decisions, actions.

What a meeting decides about a case becomes an event of that case when the meeting is closed; these rows are how it came
about, and the only source of attendance and report figures. Depends on `casework`, `agencies`. Written only by
`meetings.actions`.
"""

from __future__ import annotations

import uuid

from django.db import models

from goldenthread.agencies.models import Group, Organisation, User
from goldenthread.casework.models import Case, Document, Event


class Meeting(models.Model):
    """One meeting on one day. `kind` is a file of guidance/meetings."""

    class State(models.TextChoices):
        ARRANGED = "arranged", "Arranged"
        HELD = "held", "Held"
        INQUORATE = "inquorate", "Could not decide"
        CANCELLED = "cancelled", "Cancelled"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=48)
    covers = models.CharField(max_length=8)
    """family, cases or none, as the kind says: what its visibility rests on."""
    holder = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="meetings_held")
    group = models.ForeignKey(Group, null=True, blank=True, on_delete=models.PROTECT, related_name="meetings")
    """The board or sub-group that meets."""
    arrangement = models.CharField(max_length=48, blank=True)
    """Whose calendar counts the days."""
    planned_at = models.DateTimeField()
    place = models.CharField(max_length=200, blank=True)
    chair = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ARRANGED)
    reason = models.TextField(blank=True)
    """Why it was cancelled."""
    arranged_at = models.DateTimeField()
    arranged_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    follows = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="followed_by")
    """The meeting that could not decide, of which this is the second sitting."""
    reports_due_on = models.DateField(null=True)
    shared_due_on = models.DateField(null=True)
    quorate = models.BooleanField(null=True)
    why_went_on = models.TextField(blank=True)
    """Why it decided though too few came, or somebody who must be there was not."""
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    record_due_on = models.DateField(null=True)
    reconvene_by = models.DateField(null=True)
    issued_at = models.DateTimeField(null=True)
    issued_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    issued_to = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["holder", "planned_at"], name="meeting_holder"),
            models.Index(fields=["state", "planned_at"], name="meeting_planned"),
        ]


class Page(models.Model):
    """One case's page of a meeting; a meeting of a group has one page and no case."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="pages")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="meeting_pages")
    position = models.PositiveSmallIntegerField(default=1)
    discussion = models.TextField(blank=True)
    answers = models.JSONField(default=dict)
    """Answers to the questions of the event that the meeting records, as far as they are given."""
    event = models.ForeignKey(Event, null=True, on_delete=models.PROTECT, related_name="meeting_pages")
    """The event recorded when the meeting was closed."""
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["meeting", "case"], name="page_once_a_case")]


class Seat(models.Model):
    """A place at one meeting: who is asked, what they answered, whether somebody came."""

    class Answer(models.TextChoices):
        NONE = "", "Not answered"
        COMING = "coming", "Coming"
        DEPUTY = "deputy", "Sends somebody else"
        APOLOGIES = "apologies", "Apologies"

    class Attendance(models.TextChoices):
        UNMARKED = "", "Not marked"
        CAME = "came", "Came"
        DEPUTY = "deputy", "Somebody came in their place"
        ABSENT = "absent", "Did not come"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="seats")
    rule = models.CharField(max_length=48, blank=True)
    """The seat of the kind's file; empty for a member of a group."""
    title = models.CharField(max_length=200)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="seats")
    """Empty for the family."""
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="seats")
    """Narrows the invitation to one person of the agency."""
    name = models.CharField(max_length=200, blank=True)
    """Who it is, for somebody without an account here."""
    must = models.BooleanField(default=False)
    report = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=1)
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=Answer.choices, default=Answer.NONE, blank=True)
    answer_words = models.CharField(max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    attendance = models.CharField(max_length=10, choices=Attendance.choices, default=Attendance.UNMARKED, blank=True)
    who_came = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["position"]
        indexes = [models.Index(fields=["organisation", "meeting"], name="seat_organisation")]

    @property
    def came(self) -> bool:
        return self.attendance in (self.Attendance.CAME, self.Attendance.DEPUTY)


class SeatPage(models.Model):
    """That a seat's agency may see a page: part of the case, or permitted by an agreement on the day it was asked."""

    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="may_see")
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="seen_from")
    ruling = models.JSONField(default=dict)
    """What the agreements said; empty where the agency was part of the case already."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "seat"], name="seat_page_once")]
        indexes = [models.Index(fields=["seat", "page"], name="seat_page_seat")]


class Report(models.Model):
    """A report asked of a seat about a case: when it is due, when it came, when the family had it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="reports")
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="reports")
    asked_at = models.DateTimeField()
    text = models.TextField(blank=True)
    document = models.ForeignKey(Document, null=True, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField(null=True)
    received_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    received_on = models.DateField(null=True)
    """The day it came, in London."""
    shared_on = models.DateField(null=True)
    """The day the family had it."""
    event = models.ForeignKey(Event, null=True, on_delete=models.PROTECT, related_name="+")
    """The event of the case that says so."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "seat"], name="report_once")]
        indexes = [models.Index(fields=["seat", "received_at"], name="report_seat")]


class Decision(models.Model):
    """One decision on a page, as it was taken."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="decisions")
    number = models.PositiveSmallIntegerField()
    words = models.TextField()

    class Meta:
        ordering = ["number"]


class Dissent(models.Model):
    """An agency that does not agree with a decision, and why."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="dissents")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()


class AgreedAction(models.Model):
    """What an agency agreed to do by a day. Where the pathway has a clock for it, `event` is the event that starts it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="actions")
    number = models.PositiveSmallIntegerField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="actions_at_meetings")
    what = models.TextField()
    due_on = models.DateField()
    event = models.ForeignKey(Event, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(fields=["organisation", "due_on"], name="agreed_action_owner")]
