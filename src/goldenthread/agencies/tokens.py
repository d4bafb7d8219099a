"""Tokens for the API: who brings one, and what it lets them do. Issuing and withdrawing are journalled.

A person's token is a signed statement of whose it is and until when, kept nowhere: it ends by itself, and at once when
its user's password changes or their account closes. An organisation's token is a row with the digest of a secret: it
has a few tasks, an end, and can be withdrawn by itself (docs/decisions/0010-tokens-are-signed-statements.md).
Depends on `models`, `scopes` and `foundation`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from django.core import signing
from django.utils import timezone

from goldenthread.foundation.action import Action, Invalid
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability

from .models import OrganisationToken, User
from .scopes import capabilities_of

START = "gt_"
START_OF_ORGANISATION = "gto_"
_SALT = "goldenthread.api.token"
LONGEST = 365


class IssueToken(Action[str]):
    """Give a user a token for the API, for a number of days. Only whoever may manage users can."""

    name = "agencies.issue_token"
    needs = Capability.MANAGE_USERS

    def perform(self, user: User, days: int = 30) -> str:
        if not 1 <= days <= LONGEST:
            raise Invalid({"days": f"Choose between 1 and {LONGEST} days"})
        if not user.is_active:
            raise Invalid({"user": "This account is closed"})
        self.note("user", user.pk, days=days)
        return START + signing.dumps(
            {"user": user.pk, "days": days, "mark": _mark(user)}, salt=_SALT, compress=True
        )


def user_of(token: str) -> User | None:
    """Whose token it is; None for one that is false, ended or withdrawn."""
    if not token.startswith(START):
        return None
    try:
        told = signing.loads(token.removeprefix(START), salt=_SALT, max_age=timedelta(days=LONGEST))
        signing.loads(token.removeprefix(START), salt=_SALT, max_age=timedelta(days=told["days"]))
    except (signing.BadSignature, KeyError, TypeError):
        return None
    user = User.objects.filter(pk=told.get("user"), is_active=True).first()
    return user if user is not None and _mark(user) == told.get("mark") else None


def _mark(user: User) -> str:
    """Changes when the password does, so that a changed password ends every token."""
    return user.get_session_auth_hash()[:16]


def digest_of(secret: str) -> str:
    """What is kept of a secret. It has 256 random bits, so a plain digest cannot be turned back by guessing."""
    return hashlib.sha256(secret.encode()).hexdigest()


def organisation_token(secret: str) -> OrganisationToken | None:
    """The token with a secret; None alike for one that is false, ended, withdrawn, or of a closed organisation.

    Found by its digest in an index: how long that takes says nothing of a secret that is nearly right.
    """
    if not secret.startswith(START_OF_ORGANISATION):
        return None
    return (
        OrganisationToken.objects.select_related("organisation")
        .filter(
            digest=digest_of(secret), withdrawn_at=None, expires_at__gt=timezone.now(), organisation__active=True
        )
        .first()
    )


@dataclass(frozen=True, slots=True)
class TokenActor(Actor):
    """A system that acts for an organisation by a token of its own. It is no person, so it is named on no case."""

    token: str = ""

    @property
    def reader(self) -> str:
        return f"token-{self.token}"


def actor_of_token(token: OrganisationToken) -> TokenActor:
    """What a token's tasks let it do: in cases its organisation is part of, never restricted ones."""
    organisation = token.organisation
    return TokenActor(
        name=f"{organisation.title}: {token.title}"[:200],
        organisation_id=organisation.pk,
        organisation_ids=frozenset({organisation.pk}),
        organisation_kind=organisation.kind,
        capabilities=capabilities_of(token.scopes),
        scope="organisation",
        token=str(token.pk),
    )
