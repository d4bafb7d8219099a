"""Organisations, areas, groups, teams, users and what they may do. Depends on `foundation`."""

from __future__ import annotations

import uuid
from datetime import date

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property

from goldenthread.foundation.prepared import NUMBER, PreparedRecords


class Area(models.Model):
    """A place the partnership covers, in a tree: locality, district, authority."""

    slug = models.SlugField(unique=True, max_length=64)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=32)
    within = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")
    ons_code = models.CharField(max_length=12, blank=True)
    locality = models.CharField(max_length=64, blank=True)
    population = models.JSONField(default=dict, blank=True)
    """Year -> {all, under_18}."""

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class Organisation(models.Model):
    """An agency. `kind` is the role that pathways speak of, from guidance/agency_roles.yaml."""

    slug = models.SlugField(unique=True, max_length=64)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=32, db_index=True)
    area = models.ForeignKey(
        Area, null=True, blank=True, on_delete=models.PROTECT, related_name="organisations"
    )
    safeguarding_partner = models.BooleanField(default=False)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=32, blank=True)
    active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class Team(models.Model):
    """A team of an organisation, such as a duty and assessment team, with the area it serves."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="teams")
    title = models.CharField(max_length=200)
    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT)

    class Meta:
        ordering = ["title"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "title"], name="team_title_in_organisation")
        ]

    def __str__(self) -> str:
        return self.title


class Group(models.Model):
    """A board, panel or sub-group of the partnership."""

    slug = models.SlugField(unique=True, max_length=64)
    title = models.CharField(max_length=200)
    meets = models.CharField(max_length=200, blank=True)
    reports_to = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT)
    members = models.ManyToManyField(Organisation, related_name="groups", blank=True)

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class User(AbstractUser):
    """Someone who signs in. What they may do comes only from memberships; staff and superuser flags give nothing."""

    job_title = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["last_name", "first_name"]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    @cached_property
    def memberships_today(self) -> list[Membership]:
        """Memberships in force today, the longest held first; none for a closed account. One query, kept."""
        if not self.is_active:
            return []
        return _OF_USER.rows(self.pk, timezone.localdate())

    @property
    def role_words(self) -> str:
        """What the top of a page calls them: "Social worker, Cumbria County Council"."""
        first = next(iter(self.memberships_today), None)
        return f"{first.role.title}, {first.organisation.title}" if first else ""


class Role(models.Model):
    """A named set of capabilities, with how far it sees."""

    class Scope(models.TextChoices):
        OWN = "own", "Cases they work on"
        ORGANISATION = "organisation", "Cases their organisation is part of"
        PARTNERSHIP = "partnership", "All cases that are not restricted"

    slug = models.SlugField(unique=True, max_length=64)
    title = models.CharField(max_length=200)
    capabilities = models.JSONField(default=list)
    scope = models.CharField(max_length=16, choices=Scope.choices, default=Scope.ORGANISATION)
    handles = models.JSONField(default=list, blank=True)
    """Restricted pathways that people with this role run: they see their cases within the role's scope, as nobody else
    without the right to see restricted records does, but never a case for a restricted person."""
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class Membership(models.Model):
    """A user's role in an organisation (and team) between dates."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.ForeignKey(Role, on_delete=models.PROTECT)
    starts = models.DateField(default=timezone.localdate)
    ends = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "ends"], name="membership_user")]

    @classmethod
    def in_force(cls, on: date | None = None) -> models.QuerySet[Membership]:
        """Memberships that count on a day (today): begun, not ended, of an organisation that is active."""
        day = on or timezone.localdate()
        not_ended = models.Q(ends__isnull=True) | models.Q(ends__gte=day)
        return cls.objects.filter(not_ended, starts__lte=day, organisation__active=True).order_by(
            "starts", "pk"
        )


#: Every page asks who is acting.
_OF_USER = PreparedRecords(
    Membership, lambda day: Membership.in_force(day).filter(user=NUMBER), along=("role", "organisation")
)


class OrganisationToken(models.Model):
    """A token with which an organisation's own system calls the API. Its secret is shown once; its digest is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="tokens")
    title = models.CharField(max_length=120)
    """What it is for, such as the name of the system."""
    scopes = models.JSONField(default=list)
    """Tasks of `scopes.Scope`."""
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=4)
    """The last four characters, to tell one token from another."""
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-issued_at"]

    @property
    def state(self) -> str:
        """In force, ended or withdrawn."""
        if self.withdrawn_at is not None:
            return "withdrawn"
        return "in_force" if self.expires_at > timezone.now() else "ended"
