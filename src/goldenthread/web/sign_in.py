"""The sign-in pages, at our own addresses: only those parts of allauth that are wanted, each named here."""

from __future__ import annotations

from typing import Any

from allauth.account import views as account_views
from allauth.account.views import LoginView
from allauth.mfa.base import views as mfa_views
from allauth.mfa.recovery_codes import views as recovery_views
from allauth.mfa.totp import views as totp_views
from django.urls import URLPattern, path, re_path

from goldenthread.web.demo_accounts import demo_accounts


class SignIn(LoginView):  # type: ignore[misc]
    """Sign in; in a demo, with the made-up accounts to choose from."""

    def get_initial(self) -> dict[str, Any]:
        chosen = self.request.GET.get("as", "")
        return {**super().get_initial(), **({"login": chosen} if chosen else {})}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        accounts = demo_accounts()
        chosen = next((each for each in accounts if each["username"] == self.request.GET.get("as")), None)
        return {**super().get_context_data(**kwargs), "demo_accounts": accounts, "chosen_account": chosen}


urlpatterns: list[URLPattern] = [
    path("sign-in/", SignIn.as_view(), name="account_login"),
    path("sign-out/", account_views.logout, name="account_logout"),
    path("closed/", account_views.account_inactive, name="account_inactive"),
    path("confirm/", account_views.reauthenticate, name="account_reauthenticate"),
    path("password/", account_views.password_change, name="account_change_password"),
    path("password/forgotten/", account_views.password_reset, name="account_reset_password"),
    path("password/forgotten/sent/", account_views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/forgotten/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account_views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/forgotten/changed/",
        account_views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("two-factor/", mfa_views.index, name="mfa_index"),
    path("two-factor/code/", mfa_views.authenticate, name="mfa_authenticate"),
    path("two-factor/confirm/", mfa_views.reauthenticate, name="mfa_reauthenticate"),
    path("two-factor/set-up/", totp_views.activate_totp, name="mfa_activate_totp"),
    path("two-factor/remove/", totp_views.deactivate_totp, name="mfa_deactivate_totp"),
    path("two-factor/recovery-codes/", recovery_views.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "two-factor/recovery-codes/new/",
        recovery_views.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "two-factor/recovery-codes/file/",
        recovery_views.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
]
