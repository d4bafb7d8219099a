"""Which pages need no capability, and why. Every other address names its policy on its view (an architecture test).

May import foundation. Pages of other people's making (allauth) cannot be marked, so they are listed here by name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required

from goldenthread.foundation.policy import public

View = Callable[..., Any]

#: Address name -> why no capability is asked for. They check sign-in themselves.
ALLAUTH_PAGES = {
    "account_login": "signing in",
    "account_logout": "leaving",
    "account_inactive": "says that an account is closed",
    "account_reauthenticate": "proves again who is signed in; of one's own account",
    "account_change_password": "one's own account",
    "account_reset_password": "a forgotten password; says the same whether or not there is an account",
    "account_reset_password_done": "says that the email was sent, to anyone",
    "account_reset_password_from_key": "the secret key in the address is what lets a person in",
    "account_reset_password_from_key_done": "says that the password was changed",
    "mfa_index": "one's own account",
    "mfa_authenticate": "signing in, second step",
    "mfa_reauthenticate": "proves again who is signed in; of one's own account",
    "mfa_activate_totp": "one's own account",
    "mfa_deactivate_totp": "one's own account",
    "mfa_view_recovery_codes": "one's own account",
    "mfa_generate_recovery_codes": "one's own account",
    "mfa_download_recovery_codes": "one's own account",
}


def open_to_all(reason: str) -> Callable[[View], View]:
    """Mark a page that anyone may open, signed in or not."""

    def mark(view: View) -> View:
        return login_not_required(public(reason)(view))

    return mark
