"""The frame in a real browser: accessible at every width, usable by keyboard and without scripts."""

from __future__ import annotations

import json

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import expect

from .axe import violations, wider_than_screen
from .hands import click

pytestmark = [pytest.mark.django_db(transaction=True)]
PAGES = [
    "/accounts/sign-in/",
    "/accounts/password/forgotten/",
    "/help/",
    "/accessibility/",
    "/privacy/",
    "/components/",
    "/nowhere/",
]


@pytest.fixture(autouse=True)
def demo(settings, tmp_path):
    settings.GT_DEMO = True
    settings.GT_DEMO_ACCOUNTS = tmp_path / "demo-accounts.json"
    settings.GT_DEMO_ACCOUNTS.write_text(
        json.dumps(
            [{"username": "r.whittle", "password": "made-up-words", "name": "Rowan", "role": "Social worker"}]
        )
    )


@pytest.fixture
def worker(transactional_db):
    return get_user_model().objects.create_user("r.whittle", password="made-up-words", first_name="Rowan")


@pytest.mark.parametrize("width", [400, 1280])
@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_accessible_and_fits_the_screen(page, live_server, address, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(live_server.url + address)
    assert violations(page) == []
    assert wider_than_screen(page) == 0


def test_a_demo_visitor_signs_in_with_the_keyboard_alone(page, live_server, worker):
    page.goto(live_server.url + "/accounts/sign-in/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    page.get_by_role("button", name="Fill in as Social worker").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/?as=r.whittle")
    page.get_by_label("Password").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Sign out").wait_for()
    page.goto(live_server.url + "/accounts/")
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    assert violations(page) == []


def test_a_wrong_password_is_told_in_a_summary_that_takes_the_focus(page, live_server, worker):
    page.goto(live_server.url + "/accounts/sign-in/")
    page.get_by_label("User name or email address").fill("r.whittle")
    page.get_by_label("Password").fill("wrong")
    click(page.get_by_role("button", name="Sign in"))
    assert page.title().startswith("Error: Sign in")
    assert page.evaluate("document.activeElement.className").startswith("govuk-error-summary")
    assert violations(page) == []


def test_every_page_of_ones_account_is_accessible(page, live_server, worker):
    page.goto(live_server.url + "/accounts/sign-in/?as=r.whittle")
    click(page.get_by_role("button", name="Sign in"))
    page.get_by_role("button", name="Sign out").wait_for()
    for address in ("password/", "two-factor/", "sign-out/"):
        page.goto(f"{live_server.url}/accounts/{address}")
        assert violations(page) == [], address
    page.goto(live_server.url + "/accounts/two-factor/set-up/")
    page.get_by_label("Your password").fill("made-up-words")
    click(page.get_by_role("button", name="Continue"))
    expect(page.get_by_role("heading", name="Set up two-factor sign-in")).to_be_visible()
    assert page.locator(".gt-qr svg").bounding_box()["width"] > 150
    assert violations(page) == []


def test_signing_in_works_without_scripts(browser, live_server, worker):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server.url + "/accounts/sign-in/?as=r.whittle")
    click(page.get_by_role("button", name="Sign in"))
    page.goto(live_server.url + "/accounts/")
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    context.close()
