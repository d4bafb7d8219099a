"""How people sign in: what allauth and axes ask of us. May import agencies (users) and below.

An administrator makes accounts; nobody signs up. Two-factor sign-in cannot be switched off by its owner where the
settings require it.
"""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.totp.forms import DeactivateTOTPForm as AllauthDeactivateTOTPForm
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Golden Thread's ways of signing in."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "This account is closed. Ask the person who manages accounts in your organisation",
        "username_password_mismatch": "Your user name or password is wrong. Check both and try again",
        "email_password_mismatch": "Your email address or password is wrong. Check both and try again",
        "invalid_login": "Your user name or password is wrong. Check both and try again",
        "too_many_login_attempts": "Too many attempts to sign in. Wait 5 minutes and try again",
        "incorrect_password": "The password is wrong. Check it and try again",
        "enter_current_password": "The password you use now is wrong. Check it and try again",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The pages say themselves what happened; allauth's own messages are not shown."""


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """What is said at the second factor."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "The code is wrong or too old. Enter the code your app shows now",
    }


class DeactivateTOTPForm(AllauthDeactivateTOTPForm):  # type: ignore[misc]
    """Refuses where two-factor sign-in is required: to change phone, an administrator resets it."""

    def clean(self) -> dict[str, Any] | None:
        if settings.GT_REQUIRE_TWO_FACTOR:
            raise ValidationError(
                "Two-factor sign-in is required here. To move to a new phone, ask the person who manages accounts"
                " in your organisation to reset it"
            )
        cleaned: dict[str, Any] | None = super().clean()
        return cleaned


def name_being_tried(request: HttpRequest | None, credentials: dict[str, Any] | None) -> str | None:
    """The name someone is trying to sign in with, for counting failures. In lower case: "A@b" and "a@b" are one."""
    credentials = credentials or {}
    name = (
        credentials.get("username")
        or credentials.get("email")
        or (request.POST.get("login") if request else None)
    )
    return str(name).strip().lower() if name else None


def address_of(request: HttpRequest) -> str:
    """The network address a request came from. A proxy's word is believed only for as many proxies as we know of."""
    trusted = settings.GT_TRUSTED_PROXIES
    forwarded = [
        part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()
    ]
    if trusted and len(forwarded) >= trusted:
        return str(forwarded[-trusted])
    return str(request.META.get("REMOTE_ADDR", ""))


def display_name(user: Any) -> str:
    """What the header calls a person."""
    return str(user.get_full_name() or user.get_username())
