"""Who sees which organisations, users and roles. Depends on `models` and `foundation`."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef

from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.policy import Policy

from .models import Membership, Organisation, OrganisationToken, Role, User


class OrganisationPolicy(Policy[Organisation]):
    """Everyone with a role sees the active agencies, to refer to them; those who keep them also see closed ones."""

    model = Organisation

    @classmethod
    def visible_to(cls, actor: Actor) -> models.QuerySet[Organisation]:
        if actor.may(Capability.MANAGE_ORGANISATIONS) or actor.may(Capability.MANAGE_USERS):
            return Organisation.objects.all()
        if not actor.organisation_ids:
            return Organisation.objects.none()
        return Organisation.objects.filter(active=True)


class UserPolicy(Policy[User]):
    """Administrators see every account; others see the people of their own organisations, and themselves."""

    model = User

    @classmethod
    def visible_to(cls, actor: Actor) -> models.QuerySet[User]:
        if actor.may(Capability.MANAGE_USERS):
            return User.objects.all()
        if actor.user_id is None:
            return User.objects.none()
        colleagues = Membership.in_force().filter(
            user=OuterRef("pk"), organisation__in=actor.organisation_ids
        )
        return User.objects.filter(
            models.Q(pk=actor.user_id) | (models.Q(is_active=True) & Exists(colleagues))
        )


class RolePolicy(Policy[Role]):
    """Administrators see every role; others the ones they hold."""

    model = Role

    @classmethod
    def visible_to(cls, actor: Actor) -> models.QuerySet[Role]:
        if actor.may(Capability.MANAGE_USERS):
            return Role.objects.all()
        return Role.objects.filter(slug__in=actor.roles)


class TokenPolicy(Policy[OrganisationToken]):
    """Those who give people access see every token; nobody else sees any."""

    model = OrganisationToken

    @classmethod
    def visible_to(cls, actor: Actor) -> models.QuerySet[OrganisationToken]:
        if actor.may(Capability.MANAGE_USERS):
            return OrganisationToken.objects.all()
        return OrganisationToken.objects.none()
