"""Cases, the events that are their record, and the duties computed from them.

Depends on `people`, `agencies`, `foundation`. Events are never edited or deleted: triggers refuse it
(docs/decisions/0002-events-are-never-edited.md). Rows are written only by `casework.actions`.
"""

from __future__ import annotations

import uuid

from django.db import models

from goldenthread.agencies.models import Area, Organisation, Team, User
from goldenthread.people.models import Person

from .subject import SubjectKey


class Case(models.Model):
    """One run of one pathway, for one person or about one organisation. Everything here but the links is derived from
    its events."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=20, unique=True)
    pathway = models.CharField(max_length=48)
    subject: models.ForeignKey[Person, Person] = SubjectKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="cases"
    )
    """Whom it is for. Of a case about an organisation nobody: read, it is then a stand-in with the organisation's name."""
    about = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="cases_about", db_index=False
    )
    """The organisation that it is about, where it is not for a person."""
    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT)
    lead = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="cases_led")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT)
    worker = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    opened_from = models.ForeignKey(
        "Event", null=True, blank=True, on_delete=models.PROTECT, related_name="opened"
    )
    group = models.UUIDField(null=True, blank=True)
    """Cases opened together for brothers and sisters."""
    restricted = models.BooleanField(default=False)
    state = models.CharField(max_length=48)
    is_open = models.BooleanField(default=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    priority = models.PositiveSmallIntegerField(default=3)
    """1 most urgent. Set from the answers of the front door's own events."""
    next_due_at = models.DateTimeField(null=True, blank=True)
    """The earliest open duty, for ordering."""
    version = models.PositiveIntegerField(default=0)
    """Number of events: two people writing at once cannot both hold the same version."""
    arrangement = models.CharField(max_length=48, blank=True)
    """The arrangement whose calendar and local rules apply."""

    class Meta:
        indexes = [
            models.Index(fields=["subject", "opened_at"], name="case_subject"),
            # Of open cases alone: few beside all that were ever closed, and SQLite looks up no yes or no in an index.
            models.Index(
                fields=["pathway", "state", "priority", "next_due_at"], name="case_board", condition=models.Q(is_open=True)
            ),
            models.Index(fields=["worker", "next_due_at"], name="case_worker", condition=models.Q(is_open=True)),
            models.Index(fields=["group"], name="case_group"),
            models.Index(fields=["pathway", "opened_at"], name="case_pathway_opened"),
            models.Index(fields=["team", "next_due_at"], name="case_team", condition=models.Q(is_open=True)),
            models.Index(fields=["pathway", "next_due_at"], name="case_due", condition=models.Q(is_open=True)),
            models.Index(fields=["pathway", "opened_at"], name="case_open_since", condition=models.Q(is_open=True)),
            models.Index(fields=["about", "opened_at"], name="case_about", condition=models.Q(about__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(subject=None, about__isnull=False) | models.Q(subject__isnull=False, about=None),
                name="case_for_a_person_or_an_organisation",
            )
        ]

    def __str__(self) -> str:
        return self.reference


class Involvement(models.Model):
    """An organisation that is part of a case, and so may see it; the lead has one too. `user` narrows to a person."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="involvements")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="involvements")
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT)
    since = models.DateTimeField()

    class Meta:
        constraints = [
            # Two, as SQLite cannot treat two empty users as the same one.
            models.UniqueConstraint(
                fields=["organisation", "case"], condition=models.Q(user=None), name="involvement_once"
            ),
            models.UniqueConstraint(
                fields=["organisation", "case", "user"], condition=~models.Q(user=None), name="involvement_once_a_user"
            ),
        ]
        #: With the user, so that whether an agency is part of a case is told from the index alone.
        indexes = [models.Index(fields=["organisation", "case", "user"], name="involvement_org_case_user")]


class Event(models.Model):
    """Something that happened: when (`occurred`), when we learned of it (`recorded_at`), who said so, for which agency.

    A correction is a new event with `amends` set: it replaces what the earlier one said from `recorded_at` on, or, if
    `withdrawn`, says that it did not happen.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events", db_index=False)
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=48)
    occurred_on = models.DateField()
    occurred_at = models.DateTimeField(null=True, blank=True)
    """Null where only the day is known."""
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT)
    recorded_by_name = models.CharField(max_length=200, blank=True)
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT)
    data = models.JSONField(default=dict)
    voice = models.TextField(blank=True)
    """The child's or adult's own words in this event, gathered from its `voice` answers."""
    amends = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="amendments"
    )
    withdrawn = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    """Why it was corrected or withdrawn."""
    group = models.UUIDField(null=True, blank=True)
    """One event recorded for several children at once."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "sequence"], name="event_sequence_in_case")]
        indexes = [
            models.Index(fields=["kind", "occurred_on"], name="event_kind"),
            #: What of one kind happened in a case, and the few corrections in it: boards ask both of many cases.
            models.Index(fields=["case", "kind"], name="event_of_case"),
            models.Index(fields=["case"], name="event_amending", condition=models.Q(amends__isnull=False)),
        ]
        ordering = ["case", "sequence"]


class Duty(models.Model):
    """A clock of a case, computed from its events. Replaced whenever they change; never the record itself."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", "Waiting"
        OPEN = "open", "Open"
        MET = "met", "Met"
        CANCELLED = "cancelled", "Cancelled"
        EXCUSED = "excused", "Excused"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="duties")
    duty = models.CharField(max_length=48)
    ordinal = models.PositiveIntegerField()
    pathway = models.CharField(max_length=48)
    triggered_on = models.DateField()
    due_on = models.DateField(null=True)
    due_at = models.DateTimeField(null=True)
    """The last moment at which it is met in time: the end of `due_on`, or an hour of it."""
    soon_at = models.DateTimeField(null=True)
    """When it starts to show as due soon."""
    met_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    late = models.BooleanField(default=False)
    """Met late, or ended unmet after it fell due."""
    triggered_by = models.UUIDField(null=True)
    """The event that started it; null where a birthday did."""
    length = models.CharField(max_length=120, blank=True)
    """The length of time in force when it started, such as "15 working days": tells a replay why a date has moved."""
    owner_kind = models.CharField(max_length=32)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT)
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT)
    worker = models.ForeignKey(User, null=True, on_delete=models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "duty", "ordinal"], name="duty_once_in_case")]
        indexes = [
            models.Index(fields=["worker", "due_at"], name="duty_worker", condition=models.Q(outcome="open")),
            models.Index(fields=["team", "due_at"], name="duty_team", condition=models.Q(outcome="open")),
            models.Index(
                fields=["organisation", "due_at"],
                name="duty_organisation",
                condition=models.Q(outcome="open"),
            ),
            models.Index(
                fields=["pathway", "duty", "due_at"], name="duty_board", condition=models.Q(outcome="open")
            ),
            models.Index(
                fields=["organisation", "pathway", "due_at"],
                name="duty_org_pathway",
                condition=models.Q(outcome="open"),
            ),
        ]


class Document(models.Model):
    """A file kept with a case: stored under its hash, its type told from its content, not its name."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="documents")
    event = models.ForeignKey(
        Event, null=True, blank=True, on_delete=models.PROTECT, related_name="documents"
    )
    title = models.CharField(max_length=200)
    filename = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT)


class AgreedAction(models.Model):
    """A line of the action register: an action that a case's events made, as they stand. Worked out by `register`, kept in
    the transaction of the event, and made anew by `goldenthread register rebuild`; never the record itself."""

    id = models.UUIDField(primary_key=True, editable=False)
    """Made of the case, the entry and the number, so that it stays when the table is made anew."""
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="agreed_actions")
    entry = models.CharField(max_length=48)
    """Which of its pathway's `registers`."""
    number = models.CharField(max_length=20, blank=True)
    """Tells one from another in a case; empty where the case itself is the action."""
    pathway = models.CharField(max_length=48)
    source = models.CharField(max_length=12)
    agreed_on = models.DateField()
    event = models.UUIDField()
    """The event by which it was agreed."""
    what = models.TextField(blank=True)
    agency = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="agreed_actions")
    who = models.CharField(max_length=200, blank=True)
    due_on = models.DateField(null=True)
    where = models.CharField(max_length=200, blank=True)
    measure = models.CharField(max_length=200, blank=True)
    progress = models.CharField(max_length=48, blank=True)
    progress_on = models.DateField(null=True)
    said = models.TextField(blank=True)
    evidence = models.TextField(blank=True)
    evidence_on = models.DateField(null=True)
    """The evidence's own date, not that of its recording."""
    evidences = models.PositiveSmallIntegerField(default=0)
    closed_on = models.DateField(null=True)
    how = models.CharField(max_length=200, blank=True)
    changed = models.TextField(blank=True)
    reopened = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "entry", "number"], name="agreed_action_once_in_case")]
        indexes = [
            models.Index(fields=["agency", "due_on"], name="agreed_agency", condition=models.Q(closed_on=None)),
            models.Index(fields=["due_on"], name="agreed_due", condition=models.Q(closed_on=None)),
            models.Index(fields=["closed_on", "agency"], name="agreed_closed"),
        ]


NOWHERE = uuid.UUID(int=0)
"""The id of a certificate that cannot be."""


class LegalHold(models.Model):
    """That a record must not be destroyed, whatever the schedules say: for a court, an inquiry, a review."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="legal_holds")
    """This one record; or"""
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="legal_holds")
    """every record of a person, those to come too."""
    reason = models.TextField()
    authority = models.CharField(max_length=200)
    """Who asked for it, such as a court and its number."""
    placed_at = models.DateTimeField()
    placed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    lifted_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(case=None) ^ models.Q(person=None), name="legal_hold_on_one"
            )
        ]


class DestructionCertificate(models.Model):
    """That records were destroyed: when, under which rules, on whose word; counts and hashes, nothing that they said.

    Append-only.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    destroyed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    agreed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    restricted = models.BooleanField(default=False)
    """One of the records was restricted: shown only to those who may know of such."""
    body = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    """SHA-256 over `body`, the same as in the journal."""

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(id=NOWHERE), name="certificate_is_somewhere")]


class DestructionProposal(models.Model):
    """That somebody proposed to destroy records, and what another person decided."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cases = models.JSONField(default=list)
    """[{id, reference, pathway, until, schedule, closed}]: no link, as it outlives the records."""
    restricted = models.BooleanField(default=False)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    agreed = models.BooleanField(null=True)
    reason = models.TextField(blank=True)
    """Why it was refused."""
    certificate = models.OneToOneField(DestructionCertificate, null=True, on_delete=models.PROTECT)


class DestroyedCase(models.Model):
    """The line of a certificate for one case. Append-only; the triggers let a case's events go only where it has one."""

    case = models.UUIDField(primary_key=True)
    certificate = models.ForeignKey(DestructionCertificate, on_delete=models.PROTECT, related_name="lines")
    reference = models.CharField(max_length=20)
    pathway = models.CharField(max_length=48)


class DestructionLicence(models.Model):
    """Lets the events of one case be deleted, in one transaction and never after: `ends` points to a row that cannot be,
    so the database refuses to commit while a licence stands (docs/decisions/0018-destroying-under-a-certificate.md)."""

    case = models.UUIDField(primary_key=True)
    ends = models.ForeignKey(DestructionCertificate, on_delete=models.DO_NOTHING, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(ends=NOWHERE), name="licence_never_lasts")
        ]
