"""People: who they are, by every name and number they are known by, where they have lived, who matters to them.

Depends on `agencies` and `foundation`. Rows are written only by `people.actions`.
"""

from __future__ import annotations

import uuid

from django.db import models

from goldenthread.agencies.models import Area, Organisation, User


class Precision(models.TextChoices):
    """How exactly a date is known."""

    DAY = "day", "Day, month and year"
    MONTH = "month", "Month and year"
    YEAR = "year", "Year only"
    ESTIMATED = "estimated", "Estimated"
    UNKNOWN = "unknown", "Not known"


class Person(models.Model):
    """A child or adult. `name` is the name they use now; all names are in `PersonName`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    given_name = models.CharField(max_length=100, blank=True)
    family_name = models.CharField(max_length=100, blank=True)
    born = models.DateField(null=True, blank=True)
    """First day of what is known (1 January for a year)."""
    born_precision = models.CharField(max_length=10, choices=Precision.choices, default=Precision.DAY)
    expected = models.DateField(null=True, blank=True)
    """Expected date of birth of an unborn child."""
    died = models.DateField(null=True, blank=True)
    sex = models.CharField(max_length=8, blank=True, choices=[("female", "Female"), ("male", "Male")])
    ethnicity = models.CharField(max_length=4, blank=True)
    """DfE ethnicity code, such as WBRI."""
    languages = models.JSONField(default=list, blank=True)
    interpreter = models.BooleanField(default=False)
    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT)
    restricted = models.BooleanField(default=False)
    registered_by = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    """The organisation that first knew of them, and so may go on seeing them without a case."""
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, db_index=False)
    # Nearly every row has no `merged_into`: an index on it would only tempt the database to read them all.
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["born"], name="person_born"),
            models.Index(
                fields=["expected"], name="person_expected", condition=models.Q(expected__isnull=False)
            ),
            models.Index(
                fields=["merged_into"],
                name="person_merged_into",
                condition=models.Q(merged_into__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def unborn(self) -> bool:
        return self.born is None and self.expected is not None


class PersonName(models.Model):
    """A name or alias, as an agency knew it."""

    class Kind(models.TextChoices):
        USED = "used", "Name used"
        BIRTH = "birth", "Name at birth"
        ALIAS = "alias", "Also known as"
        PREVIOUS = "previous", "Previous name"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="names")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.USED)
    full = models.CharField(max_length=200)
    source = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT)


class SearchKey(models.Model):
    """A key a person can be found by, tolerant of spelling: made from each name by `people.search`."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="search_keys")
    key = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "person"], name="search_key_person")]


class Identifier(models.Model):
    """A number a person is known by in some scheme, such as NHS number or UPN."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="identifiers")
    scheme = models.CharField(max_length=16)
    """One of identifiers.SCHEMES, such as nhs, upn, police."""
    value = models.CharField(max_length=40)
    source = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT)
    traced = models.BooleanField(default=False)
    """Checked against the scheme's own register."""

    class Meta:
        indexes = [models.Index(fields=["value"], name="identifier_value")]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "value", "person"], name="identifier_once_a_person")
        ]


class Address(models.Model):
    """A place to live."""

    lines = models.CharField(max_length=200)
    postcode = models.CharField(max_length=10, blank=True)
    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT)

    class Meta:
        indexes = [models.Index(fields=["postcode", "lines"], name="address_postcode_lines")]


class Residence(models.Model):
    """That a person lived at an address between dates; an open end is where they live now. A household shares one."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="residences")
    address = models.ForeignKey(Address, on_delete=models.PROTECT, related_name="residences")
    starts = models.DateField(null=True, blank=True)
    ends = models.DateField(null=True, blank=True)


class Relationship(models.Model):
    """How `other` is related to `person`: `other` is the person's mother, brother, key adult."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="relationships")
    other = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="related_from")
    kind = models.CharField(max_length=32)
    """One of codes.RELATIONSHIPS, such as mother, sibling, carer."""
    parental_responsibility = models.BooleanField(default=False)
    may_open: bool
    """Set by `queries.family_of`: whether the one who asked may open the page of `other`."""
    note = models.CharField(max_length=200, blank=True)
    starts = models.DateField(null=True, blank=True)
    ends = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["person"], name="relationship_person")]


class Professional(models.Model):
    """Someone who works with a person: social worker, key adult at school, health visitor, GP."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="professionals")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    name = models.CharField(max_length=200)
    job = models.CharField(max_length=64)
    starts = models.DateField(null=True, blank=True)
    ends = models.DateField(null=True, blank=True)


class PossibleMatch(models.Model):
    """Two records that may be of one person, found by `matching` or by a person; and what a person decided."""

    class State(models.TextChoices):
        OPEN = "open", "To be looked at"
        SAME = "same", "The same person"
        DIFFERENT = "different", "Two people"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    one = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    """The record with the lower id, so that a pair is kept once."""
    other = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    grade = models.CharField(max_length=16, blank=True)
    """One of the grades of matching/settings.yaml; empty where a person found the pair."""
    probability = models.FloatField(default=0.0)
    weight = models.FloatField(default=0.0)
    levels = models.JSONField(default=dict)
    """Comparison -> the level that held. The words are made when it is shown: no name is kept here."""
    cautions = models.JSONField(default=list)
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="possible_match_once")]
        indexes = [models.Index(fields=["state", "-weight"], name="possible_match_queue")]


class Merge(models.Model):
    """That two records were joined: both as they were, and each row that was moved, so that it can be undone exactly."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kept = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    gone = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    snapshot = models.JSONField(default=dict)
    """Both records whole, as they were."""
    moved = models.JSONField(default=list)
    """[{model, field, ids}]: rows that pointed to `gone` and now point to `kept`."""
    changed = models.JSONField(default=list)
    """[{model, id, field, before, after}]: what else the join changed."""
    reason = models.TextField()
    merged_at = models.DateTimeField()
    merged_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    undone_reason = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["kept", "merged_at"], name="merge_kept"),
            models.Index(fields=["gone"], name="merge_gone"),
        ]


class EmergencyAccess(models.Model):
    """Break-glass: a named person's sight of one person's records for a stated reason. Ends by itself; is reviewed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="emergency_access")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="emergency_access")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    begun_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    """When the person themself gave it up earlier."""
    review_due_at = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    justified = models.BooleanField(null=True)
    finding = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "person", "ends_at"], name="emergency_access_user")]


class Warning(models.Model):
    """A warning that staff must see, with the date it is reviewed and whether the person was told."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="warnings")
    text = models.CharField(max_length=300)
    review_on = models.DateField()
    person_told = models.BooleanField(default=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    raised_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
