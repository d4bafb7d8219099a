"""Reading organisations, accounts and roles for their pages. Depends on `models`, `policies`."""

from __future__ import annotations

from django.db.models import Count, Prefetch, Q, QuerySet

from goldenthread.foundation.actor import Actor

from .models import Membership, Organisation, Role, User
from .policies import OrganisationPolicy, RolePolicy, UserPolicy


def organisations(
    actor: Actor, words: str = "", kind: str = "", status: str = "active"
) -> QuerySet[Organisation]:
    """Organisations whose name holds the words, with how many people have a role there today."""
    rows = OrganisationPolicy.visible_to(actor).select_related("area")
    if words:
        rows = rows.filter(title__icontains=words)
    if kind:
        rows = rows.filter(kind=kind)
    if status:
        rows = rows.filter(active=status == "active")
    today = Membership.in_force().values("pk")
    return rows.annotate(
        people=Count("memberships__user", filter=Q(memberships__in=today), distinct=True)
    ).order_by("title")


def accounts(
    actor: Actor, words: str = "", organisation: str = "", role: str = "", status: str = "open"
) -> QuerySet[User]:
    """Accounts with the roles they have today."""
    rows = UserPolicy.visible_to(actor)
    for word in words.split():
        named = Q(first_name__icontains=word) | Q(last_name__icontains=word)
        rows = rows.filter(named | Q(username__icontains=word) | Q(email__icontains=word))
    held = Membership.in_force()
    if organisation:
        rows = rows.filter(pk__in=held.filter(organisation__slug=organisation).values("user"))
    if role:
        rows = rows.filter(pk__in=held.filter(role__slug=role).values("user"))
    if status == "none":
        rows = rows.filter(is_active=True).exclude(pk__in=held.values("user"))
    elif status:
        rows = rows.filter(is_active=status == "open")
    now = Prefetch("memberships", held.select_related("role", "organisation", "team"), to_attr="roles_now")
    return rows.prefetch_related(now).order_by("last_name", "first_name", "pk")


def memberships_of(user: User) -> list[Membership]:
    """Every role someone has, had or will have, the latest first."""
    rows = user.memberships.select_related("role", "organisation", "team")
    return sorted(rows, key=lambda row: (row.ends is None, row.starts, row.pk), reverse=True)


def roles(actor: Actor) -> QuerySet[Role]:
    """Roles with how many people hold each today."""
    today = Membership.in_force().filter(user__is_active=True).values("pk")
    held = Count("membership__user", filter=Q(membership__in=today), distinct=True)
    return RolePolicy.visible_to(actor).annotate(people=held).order_by("title")


def has_two_factor(user: User) -> bool:
    """Whether they have set up an authenticator app."""
    from allauth.mfa.models import Authenticator  # its models load after ours

    return bool(Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).exists())
