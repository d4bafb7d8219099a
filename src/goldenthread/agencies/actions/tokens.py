"""Giving an organisation a token for the API, and withdrawing it. The secret is shown once; only its digest is kept.

Depends on `models`, `scopes`, `foundation`.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone

from goldenthread.foundation.action import Action, Invalid
from goldenthread.foundation.capability import Capability

from ..models import Organisation, OrganisationToken
from ..scopes import Scope
from ..tokens import LONGEST, START_OF_ORGANISATION, digest_of

#: A token's last use is written down no more often than this, so that calls do not wait for one another.
NOTED_EVERY = timedelta(minutes=5)


class IssueOrganisationToken(Action[tuple[OrganisationToken, str]]):
    """Give an organisation's own system a token. Returns it with its secret, which nobody can read again."""

    name = "agencies.issue_organisation_token"
    needs = Capability.MANAGE_USERS  # it lets a system do what people do, so whoever gives people access gives it

    def perform(
        self, organisation: Organisation, title: str, scopes: Iterable[str], days: int = 90
    ) -> tuple[OrganisationToken, str]:
        title, wanted = " ".join(title.split()), set(scopes)
        errors: dict[str, str] = {}
        if not title:
            errors["title"] = "Enter what the token is for, such as the name of the system"
        elif len(title) > 120:
            errors["title"] = "The name must be 120 characters or fewer"
        elif OrganisationToken.objects.filter(
            organisation=organisation, title__iexact=title, withdrawn_at=None, expires_at__gt=timezone.now()
        ).exists():
            errors["title"] = "This organisation already has a token with this name"
        if not wanted:
            errors["scopes"] = "Choose at least one thing the token may do"
        elif strange := wanted - set(Scope):
            errors["scopes"] = f"There is nothing called {', '.join(sorted(strange))}"
        if not 1 <= days <= LONGEST:
            errors["days"] = f"Choose between 1 and {LONGEST} days"
        if not organisation.active:
            errors[""] = "This organisation is closed. Open it again first."
        if errors:
            raise Invalid(errors)
        now = timezone.now()
        secret = START_OF_ORGANISATION + secrets.token_urlsafe(32)
        token = OrganisationToken.objects.create(
            organisation=organisation, title=title, scopes=[one.value for one in Scope if one in wanted],
            digest=digest_of(secret), hint=secret[-4:], issued_at=now, issued_by_id=self.actor.user_id,
            expires_at=now + timedelta(days=days),
        )  # fmt: skip
        self.note("organisation", organisation.pk, token=str(token.pk), scopes=token.scopes, days=days)
        return token, secret


class WithdrawOrganisationToken(Action[OrganisationToken]):
    """End a token at once. Doing it again changes nothing."""

    name = "agencies.withdraw_organisation_token"
    needs = Capability.MANAGE_USERS

    def perform(self, token: OrganisationToken) -> OrganisationToken:
        fresh = OrganisationToken.objects.select_for_update().get(pk=token.pk)
        if fresh.withdrawn_at is not None:
            self.quiet("it was withdrawn before")
            return fresh
        fresh.withdrawn_at, fresh.withdrawn_by_id = timezone.now(), self.actor.user_id
        fresh.save(update_fields=["withdrawn_at", "withdrawn_by"])
        self.note("organisation", fresh.organisation_id, token=str(fresh.pk))
        return fresh


class NoteTokenUse(Action[None]):
    """Write down that a token was used: what its calls do is journalled by themselves."""

    name = "agencies.note_token_use"
    needs = None  # done for whoever brings the token

    def perform(self, token: OrganisationToken) -> None:
        self.quiet("each call that a token makes is journalled itself")
        now = timezone.now()
        if token.last_used_at is None or token.last_used_at < now - NOTED_EVERY:
            OrganisationToken.objects.filter(pk=token.pk).update(last_used_at=now)
