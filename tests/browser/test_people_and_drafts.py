"""Finding and registering people in a real browser, and what is typed being kept when the session ends."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import expect

from goldenthread.agencies.tests.offices import office, someone
from goldenthread.foundation.models import Draft
from goldenthread.people.tests.people_made_up import person

from .axe import violations
from .hands import click

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def signed_in(page, live_server, client):
    """Lets someone in without the sign-in page, by the session's cookie."""

    def let_in(role: str):
        user = someone(role, office("unit", "business_unit") if role == "system_administrator" else None)
        client.force_login(user)
        cookie = client.cookies["gt_session"]
        page.context.add_cookies([{"name": "gt_session", "value": cookie.value, "url": live_server.url}])
        return user

    return let_in


def test_someone_is_found_by_keyboard_alone(page, live_server, signed_in):
    signed_in("front_door_screener")
    person("Amina", "Khan", date(2017, 5, 14))
    page.goto(live_server.url + reverse("people:search"))
    page.get_by_label("Name, date of birth or number").focus()
    page.keyboard.type("kahn 14 may 2017")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="1 person found").wait_for()
    expect(page.get_by_role("link", name="Amina Khan")).to_be_visible()


def test_mistakes_take_one_to_their_question(page, live_server, signed_in):
    signed_in("front_door_screener")
    page.goto(live_server.url + reverse("people:register"))
    page.get_by_label("Date of birth (optional)", exact=True).fill("31 2 2017")
    click(page.get_by_role("button", name="Register"))
    click(page.get_by_role("link", name="February 2017 has no day 31"))
    assert page.evaluate("document.activeElement.id") == "id_born"
    assert violations(page) == []


def test_what_is_typed_is_kept_and_comes_back(page, live_server, signed_in):
    signed_in("front_door_screener")
    page.goto(live_server.url + reverse("people:register"))
    page.get_by_label("Family name").fill("Khan")
    page.get_by_label("Family name").blur()
    page.get_by_text("Saved ", exact=False).wait_for()
    page.goto(live_server.url + reverse("people:register"))
    assert page.get_by_label("Family name").input_value() == "Khan"
    expect(page.get_by_text("This is what you had typed by")).to_be_visible()
    click(page.get_by_role("button", name="Begin again"))
    page.goto(live_server.url + reverse("people:register"))
    assert page.get_by_label("Family name").input_value() == ""


def test_when_the_session_ends_one_is_told_what_is_safe_and_carries_on_after_signing_in(
    page, live_server, signed_in, client
):
    user = signed_in("front_door_screener")
    page.goto(live_server.url + reverse("people:register"))
    page.get_by_label("Family name").fill("Khan")
    page.get_by_label("Family name").blur()
    page.get_by_text("Saved ", exact=False).wait_for()
    Session.objects.all().delete()
    page.get_by_label("First names").fill("Amina")
    page.get_by_label("First names").blur()
    page.get_by_text("You have been signed out. What you had typed by", exact=False).wait_for()
    link = page.get_by_role("link", name="sign in again in a new tab")
    assert link.get_attribute("target") == "_blank"
    assert Draft.objects.get(user_id=user.pk).body["given_name"] == ""
    assert page.get_by_label("First names").input_value() == "Amina"
    client.force_login(user)
    page.context.add_cookies(
        [{"name": "gt_session", "value": client.cookies["gt_session"].value, "url": live_server.url}]
    )
    page.get_by_label("Other names").fill("Mina Khan")
    page.get_by_label("Other names").blur()
    page.get_by_text("Saved ", exact=False).wait_for()
    kept = Draft.objects.get(user_id=user.pk).body
    assert (kept["given_name"], kept["also_known_as"]) == ("Amina", "Mina Khan")


def test_without_scripts_a_button_keeps_the_form(browser, live_server, client):
    client.force_login(someone("front_door_screener"))
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies(
        [{"name": "gt_session", "value": client.cookies["gt_session"].value, "url": live_server.url}]
    )
    page = context.new_page()
    page.goto(live_server.url + reverse("people:register"))
    page.get_by_label("Family name").fill("Khan")
    click(page.get_by_role("button", name="Save and come back later"))
    click(page.get_by_role("link", name="Register a person"))
    assert page.get_by_label("Family name").input_value() == "Khan"
    context.close()
