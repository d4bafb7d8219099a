"""Signing in: a name tried too often is locked; a real service asks for a second factor, and lets no one in without it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time
from typing import Any

from playwright.sync_api import expect

from .axe import violations
from .conftest import sign_in
from .hands import press
from .service import Service
from .stage import PASSWORD


def code_for(secret: str) -> str:
    """What an authenticator app would show (RFC 6238), worked out here; not one that is about to change."""
    while time.time() % 30 > 25:
        time.sleep(0.5)
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    counter = struct.pack(">Q", int(time.time() // 30))
    digest = hmac.new(key, counter, hashlib.sha1).digest()
    place = digest[-1] & 15
    number = struct.unpack(">I", digest[place : place + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def test_five_wrong_passwords_lock_a_name(sit: Any, service: Service) -> None:
    page = sit()
    for _ in range(4):
        sign_in(page, service, "forgetful", "not the password")
        summary = page.locator(".govuk-error-summary")
        expect(summary.get_by_text("Your user name or password is wrong. Check both")).to_be_visible()
        assert page.get_by_label("User name or email address").input_value() == "forgetful"
        assert page.get_by_label("Password").input_value() == ""
    sign_in(page, service, "forgetful", "not the password")
    expect(page.get_by_text("There were 5 wrong attempts to sign in. Wait 15 minutes.")).to_be_visible()
    assert violations(page) == []
    sign_in(page, service, "forgetful", PASSWORD)  # the right one no longer helps
    expect(page.get_by_text("There were 5 wrong attempts to sign in.")).to_be_visible()
    page.goto("/my-work/")
    assert "/accounts/sign-in/" in page.url


def test_a_page_asked_for_is_shown_after_signing_in(sit: Any, service: Service) -> None:
    page = sit()
    page.goto("/people/?q=ollerenshaw")
    page.get_by_label("User name or email address").fill("second.worker")
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Sign in")
    page.wait_for_url("**/people/?q=ollerenshaw")
    expect(page.get_by_text("Tamsin Ollerenshaw").first).to_be_visible()
    press(page, "Sign out")
    page.go_back()
    page.reload()
    assert "/accounts/sign-in/" in page.url


def test_a_real_service_asks_for_a_second_factor(sit: Any, real_service: Service) -> None:
    page = sit(base_url=real_service.url, extra_http_headers={"X-Forwarded-For": "192.0.2.7"})  # as a proxy would
    sign_in(page, real_service, "careful")
    page.get_by_role("heading", name="Confirm that it is you").wait_for()
    page.goto("/people/")  # nothing else before it is done
    page.get_by_label("Your password").fill(PASSWORD)
    press(page, "Continue")
    page.get_by_role("heading", name="Set up two-factor sign-in").wait_for()
    assert violations(page) == []
    secret = page.locator(".gt-key-text").inner_text().replace(" ", "")
    page.get_by_label("Code").fill("000000")
    press(page, "Continue")
    expect(page.get_by_role("link", name="The code is wrong or too old. Enter the code your app shows now")).to_be_visible()
    assert page.locator(".gt-key-text").inner_text().replace(" ", "") == secret  # a slip does not ask for the app again
    page.get_by_label("Code").fill(code_for(secret))
    press(page, "Continue")
    page.get_by_role("heading", name="Recovery codes").wait_for()
    assert violations(page) == []
    codes = re.findall(r"\b[0-9a-f]{8}\b", page.inner_text("main"))
    assert len(codes) == 10, page.inner_text("main")
    page.goto("/people/")
    expect(page.get_by_role("heading", name="Find a person")).to_be_visible()
    press(page, "Sign out")

    # Signing in again: the password alone opens nothing.
    sign_in(page, real_service, "careful")
    page.wait_for_url("**/two-factor/code/**")
    page.goto("/people/")
    expect(page.get_by_role("heading", name="Enter the code from your app")).to_be_visible()
    page.get_by_label("Code").fill("111111")
    press(page, "Continue")
    assert page.title().startswith("Error")
    assert violations(page) == []
    page.get_by_label("Code").fill(code_for(secret))
    press(page, "Continue")
    page.get_by_role("button", name="Sign out").wait_for()
    press(page, "Sign out")

    # Without the phone: a recovery code, once.
    for works in (True, False):
        sign_in(page, real_service, "careful")
        page.get_by_label("Code").fill(codes[0])
        press(page, "Continue")
        page.wait_for_load_state()
        assert bool(page.get_by_role("button", name="Sign out").count()) is works
        if works:
            press(page, "Sign out")
