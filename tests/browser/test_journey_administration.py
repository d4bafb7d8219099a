"""An administrator adds an agency and lets in someone who works there; she chooses a password and signs in."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from .axe import violations
from .conftest import sign_in
from .hands import click, press, the_form_is_refused

PASSWORD = "seven green boats at low tide"


def test_a_new_agency_and_someone_who_works_there(sit: Any, service: Any) -> None:
    page = sit("administrator")
    page.goto("/")
    click(page.get_by_role("link", name="Administration"))
    press(page, "Add an organisation")
    page.get_by_label("Email").fill("hello@harbour.example")
    press(page, "Add the organisation")
    the_form_is_refused(page, page.locator(".govuk-error-summary li").first.inner_text(), "id_title")
    assert page.get_by_label("Email").input_value() == "hello@harbour.example"
    assert violations(page) == []
    page.get_by_label("Name", exact=True).fill("Harbour Family Trust")
    page.get_by_label("Kind of organisation").select_option(label="Voluntary organisation")
    press(page, "Add the organisation")
    expect(page.get_by_text("Harbour Family Trust has been added.")).to_be_visible()

    press(page, "Accounts")
    press(page, "Add an account")
    page.get_by_label("First name").fill("Morwenna")
    page.get_by_label("Last name").fill("Teague")
    press(page, "Add the account")
    the_form_is_refused(page, page.locator(".govuk-error-summary li").first.inner_text(), "id_email")
    assert page.get_by_label("First name").input_value() == "Morwenna"
    page.get_by_label("Work email").fill("m.teague@harbour.example")
    page.get_by_label("User name").fill("m.teague")
    press(page, "Add the account")
    expect(page.get_by_text("Morwenna Teague has an account")).to_be_visible()
    press(page, "Give a role")
    page.get_by_label("Role", exact=True).select_option(label="Early help practitioner")
    page.get_by_label("Organisation", exact=True).select_option(label="Harbour Family Trust")
    press(page, "Save")
    expect(page.get_by_text("Morwenna Teague is Early help practitioner at Harbour Family Trust.")).to_be_visible()
    press(page, "Give them a sign-in link")
    press(page, "Make a link")
    link = page.get_by_text("/accounts/password/forgotten/").first
    address = link.input_value() if link.evaluate("e => 'value' in e") else link.inner_text()
    assert violations(page) == []

    hers = sit()
    hers.goto(address.strip())
    for field in ("password1", "password2"):
        hers.locator(f"input[name={field}]").fill(PASSWORD)
    click(hers.locator("main button[type=submit]"))
    sign_in(hers, service, "m.teague", PASSWORD)
    hers.get_by_role("button", name="Sign out").wait_for()
    expect(hers.get_by_role("link", name="Morwenna Teague")).to_be_visible()
    expect(hers.get_by_role("heading", name="My work")).to_be_visible()
    hers.goto("/administration/accounts/")
    expect(hers.get_by_role("heading", name="You do not have permission to see or do this")).to_be_visible()


def test_an_account_that_is_closed_lets_nobody_in(sit: Any, service: Any) -> None:
    page = sit("administrator")
    page.goto(f"/administration/accounts/{service.cast['people']['leaver']}/")
    press(page, "Close this account")
    click(page.locator("main form button[type=submit]").first)
    expect(page.get_by_text("is closed").first).to_be_visible()
    theirs = sit()
    sign_in(theirs, service, "leaver")
    expect(theirs.get_by_role("heading", name="This account is closed")).to_be_visible()
    assert not theirs.get_by_role("button", name="Sign out").count()
