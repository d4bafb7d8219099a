"""Tokens for the API: a signed statement of whose it is and until when, kept nowhere.

A token ends by itself, and at once when its user's password changes or their account closes. Issuing one is journalled.
Tokens of organisations come with the issue on sharing. Depends on `models` and `foundation`.
"""

from __future__ import annotations

from datetime import timedelta

from django.core import signing

from goldenthread.foundation.action import Action, Invalid
from goldenthread.foundation.capability import Capability

from .models import User

START = "gt_"
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
