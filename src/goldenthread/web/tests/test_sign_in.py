"""Signing in: password, the code from an app, limits on guessing, leaving. Driven as a browser would."""

from __future__ import annotations

import json
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from .people import PASSWORD, someone

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def no_counts_from_other_tests():
    cache.clear()


def code_now() -> str:
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))


def sign_in(client: Client, name: str = "r.whittle", password: str = PASSWORD, **more):
    return client.post(reverse("account_login"), {"login": name, "password": password, **more})


def prove(client: Client, address: str, proof: dict | None = None) -> str:
    """Opens a page that first asks for proof of who is signed in."""
    asked = client.get(address, follow=True)
    assert "Confirm that it is you" in asked.content.decode()
    proof = {"next": address, **(proof or {"password": PASSWORD})}
    return client.post(asked.redirect_chain[-1][0], proof, follow=True).content.decode()


@pytest.mark.parametrize("name", ["r.whittle", "r.whittle@example.org", "R.Whittle@example.org"])
def test_signing_in_with_user_name_or_email_leads_to_work(client, name):
    someone()
    response = sign_in(client, name)
    assert response.status_code == 302
    assert response.url == reverse("home")
    assert "_auth_user_id" in client.session


def test_signing_in_leads_on_to_the_page_that_was_asked_for(client):
    someone()
    asked = client.get("/accounts/")
    assert asked.url == "/accounts/sign-in/?next=/accounts/"
    assert 'name="next" value="/accounts/"' in client.get(asked.url).content.decode()
    assert sign_in(client, next="/accounts/").url == "/accounts/"


def test_signing_in_never_leads_to_another_site(client):
    someone()
    assert sign_in(client, next="https://evil.example/").url == reverse("home")


def test_a_wrong_password_says_so_beside_a_summary_and_tells_nothing_about_the_account(client):
    someone()
    wrong = sign_in(client, password="no").content.decode()
    unknown = sign_in(client, name="nobody").content.decode()
    for page in (wrong, unknown):
        assert "There is a problem" in page
        assert "Your user name or password is wrong" in page
    assert PASSWORD not in unknown


def test_a_closed_account_cannot_sign_in(client):
    someone(is_active=False)
    sign_in(client)
    assert "_auth_user_id" not in client.session


def test_five_wrong_attempts_lock_the_name_even_for_the_right_password(client, settings):
    settings.AXES_ENABLED = True
    someone()
    for _ in range(5):
        last = sign_in(client, password="no")
    assert last.status_code == 429
    assert "wait 15 minutes" in last.content.decode().lower()
    assert sign_in(client).status_code == 429
    assert "_auth_user_id" not in client.session


def test_a_lock_from_one_place_does_not_lock_a_colleague_elsewhere(client, settings):
    settings.AXES_ENABLED = True
    someone()
    for _ in range(6):
        sign_in(client, password="no")
    assert sign_in(Client(REMOTE_ADDR="10.9.8.7")).status_code == 302


def test_a_forged_forwarded_address_does_not_escape_the_lock(settings):
    settings.AXES_ENABLED = True
    someone()
    for number in range(6):
        last = Client().post(
            reverse("account_login"),
            {"login": "r.whittle", "password": "no"},
            headers={"X-Forwarded-For": f"10.0.0.{number}"},
        )
    assert last.status_code == 429


def test_too_many_attempts_from_one_address_are_slowed(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "3/m/ip"}
    for _ in range(4):
        last = sign_in(client, name="someone-else")
    assert last.status_code == 429
    assert "Too many attempts" in last.content.decode()


def test_with_two_factor_sign_in_a_password_alone_opens_nothing(client):
    TOTP.activate(someone(), SECRET)
    response = sign_in(client)
    assert response.url == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session
    assert client.get("/accounts/").status_code == 302
    page = client.get(response.url).content.decode()
    assert "Enter the code from your app" in page
    assert client.post(response.url, {"code": "000000"}).status_code == 200
    assert "_auth_user_id" not in client.session
    assert client.post(response.url, {"code": code_now()}).status_code == 302
    assert "_auth_user_id" in client.session


def test_a_recovery_code_works_once(client):
    user = someone()
    TOTP.activate(user, SECRET)
    code = RecoveryCodes.activate(user).get_unused_codes()[0]
    sign_in(client)
    assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302
    again = Client()
    sign_in(again)
    again.post(reverse("mfa_authenticate"), {"code": code})
    assert "_auth_user_id" not in again.session


def test_where_required_someone_without_an_app_sets_one_up_before_anything_else(client, settings):
    settings.GT_REQUIRE_TWO_FACTOR = True
    user = someone()
    sign_in(client)
    turned_away = client.get("/accounts/")
    assert turned_away.url.startswith(reverse("mfa_activate_totp"))
    page = prove(client, turned_away.url)
    assert "Set up two-factor sign-in" in page
    assert "<svg" in page
    assert "data:image" not in page  # the content security policy allows no picture in an address

    secret = client.session["mfa.totp.secret"]
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    done = client.post(reverse("mfa_activate_totp"), {"code": code})
    assert done.url == reverse("mfa_view_recovery_codes")
    assert Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()
    assert "Your recovery codes" in client.get(done.url).content.decode()
    assert client.get("/accounts/").status_code == 200
    assert "recovery" in client.get(reverse("mfa_download_recovery_codes")).content.decode().lower()


def test_where_required_no_one_can_remove_it(client, settings):
    settings.GT_REQUIRE_TWO_FACTOR = True
    user = someone()
    TOTP.activate(user, SECRET)
    codes = RecoveryCodes.activate(user).get_unused_codes()
    sign_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code_now()})
    assert "required here" in prove(
        client, reverse("mfa_deactivate_totp"), {"code": codes[0], "password": PASSWORD}
    )
    assert "required here" in client.post(reverse("mfa_deactivate_totp")).content.decode()
    assert Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def test_signing_out_needs_a_button_and_ends_the_session(client):
    someone()
    sign_in(client)
    assert "Stay signed in" in client.get(reverse("account_logout")).content.decode()
    assert "_auth_user_id" in client.session
    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session


def test_an_idle_session_ends_and_use_keeps_it(client, settings):
    someone()
    sign_in(client)
    settings.SESSION_COOKIE_AGE = 1200
    session = client.session
    session["used"] = int(time.time()) - 600
    session.set_expiry(None)
    session.save()
    client.get("/accounts/", headers={"X-Background": "1"})
    assert client.session["used"] < time.time() - 500
    client.get("/accounts/")
    assert client.session["used"] > time.time() - 100


def test_a_new_password_must_be_long_and_the_old_one_known(client):
    user = someone()
    sign_in(client)
    address = reverse("account_change_password")
    short = client.post(address, {"oldpassword": PASSWORD, "password1": "short", "password2": "short"})
    assert "at least 12" in short.content.decode()
    new = "four-more-random-words"
    assert (
        client.post(address, {"oldpassword": PASSWORD, "password1": new, "password2": new}).status_code == 302
    )
    user.refresh_from_db()
    assert user.check_password(new)


def test_a_forgotten_password_is_set_by_an_emailed_link_that_works_once(client):
    user = someone()
    said = client.post(reverse("account_reset_password"), {"email": user.email}, follow=True).content.decode()
    unknown = client.post(
        reverse("account_reset_password"), {"email": "x@example.org"}, follow=True
    ).content.decode()
    assert "Check your email" in said
    assert "Check your email" in unknown
    assert len(mail.outbox) == 1
    link = next(word for word in mail.outbox[0].body.split() if "/accounts/password/forgotten/" in word)
    path = "/" + link.split("/", 3)[3]
    form = client.get(path, follow=True)
    address = form.redirect_chain[-1][0]
    new = "four-more-random-words"
    done = client.post(address, {"password1": new, "password2": new}, follow=True).content.decode()
    assert "Your password is changed" in done
    user.refresh_from_db()
    assert user.check_password(new)
    assert "This link no longer works" in Client().get(path, follow=True).content.decode()


def test_no_one_can_make_an_account(client):
    assert client.get("/accounts/signup/").status_code in (302, 404)


def test_the_demos_accounts_are_offered_only_in_a_demo(client, settings, tmp_path):
    file = tmp_path / "demo-accounts.json"
    file.write_text(
        json.dumps([{"username": "screener", "password": "made-up", "role": "Front-door screener"}])
    )
    settings.GT_DEMO_ACCOUNTS = file
    address = reverse("account_login")
    assert "Front-door screener" not in client.get(address).content.decode()
    settings.GT_DEMO = True
    page = client.get(address).content.decode()
    assert "Front-door screener" in page
    assert "Two-factor sign-in is switched off" in page
    assert 'value="made-up"' not in page
    filled = client.get(f"{address}?as=screener").content.decode()
    assert 'value="screener"' in filled
    assert 'value="made-up"' in filled


@pytest.mark.parametrize("broken", ["{", "[1]", '{"a": 1}', '[{"role": "no name"}]'])
def test_a_broken_list_of_accounts_shows_none(client, settings, tmp_path, broken):
    settings.GT_DEMO = True
    settings.GT_DEMO_ACCOUNTS = tmp_path / "demo-accounts.json"
    settings.GT_DEMO_ACCOUNTS.write_text(broken)
    assert "Try it as" not in client.get(reverse("account_login")).content.decode()
