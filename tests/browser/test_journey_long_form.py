"""A long assessment is typed, the session is lost, and nothing typed is: with scripts, and without."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from .conftest import sign_in
from .hands import choose, click, go_on, press, record

ANALYSIS = "Life is calmer on the days that his aunt is there. " * 60


def test_a_session_lost_in_the_middle_loses_no_words(sit: Any, service: Any) -> None:
    address = f"/cases/{service.cast['long_form']['case']}/record/assessment_authorised/"
    page = sit("team.manager")
    page.goto(address)
    choose(page, "What happens next?", "Child in need plan")
    choose(page, "What did the assessment find?", "Neglect (16A)", "Domestic abuse of a parent or carer (3B)")
    page.get_by_label("What is going well?").fill("He reads every night.")
    with page.expect_response(lambda answer: answer.url.endswith("/drafts/") and "his aunt" in (answer.request.post_data or "")):
        page.get_by_label("What does it all mean for this child?").fill(ANALYSIS)
        page.keyboard.press("Tab")
    page.locator(".gt-draft-status").get_by_text("Saved").wait_for()

    page.context.clear_cookies()
    page.get_by_label("What does the child want to happen?").fill("To have his own bed.")
    press(page, "Record")
    # Without the cookie of its security token the form is old; sent again, its writer is signed out. Both pages keep it.
    expect(page.get_by_role("heading", name="This form had been open too long")).to_be_visible()
    expect(page.get_by_text("It has not been saved yet. What you typed is still here.")).to_be_visible()
    press(page, "Send it again")
    expect(page.get_by_role("heading", name="You have been signed out")).to_be_visible()
    expect(page.get_by_text("What you typed is still here.")).to_be_visible()

    # In another tab, as the page says; there the draft is offered.
    with page.context.expect_page() as opening:
        page.get_by_role("link", name="Sign in (opens in a new tab)").click()
    tab = opening.value
    sign_in(tab, service, "team.manager")
    tab.get_by_role("button", name="Sign out").wait_for()
    tab.goto(address)
    expect(tab.get_by_text("It has not been recorded yet.")).to_be_visible()
    assert tab.get_by_label("What does it all mean for this child?").input_value().strip() == ANALYSIS.strip()
    assert tab.get_by_label("Neglect (16A)").is_checked()
    assert tab.get_by_label("What happens next?").locator("option:checked").inner_text() == "Child in need plan"

    # The first tab still holds all of it, also what was typed after the session had ended. A page from before signing
    # in again is asked once more.
    press(page, "Send it again")
    if page.get_by_role("button", name="Send it again").count():
        press(page, "Send it again")
    page.wait_for_url("**recorded=**")
    expect(page.get_by_text("To have his own bed.").first).to_be_visible()
    expect(page.get_by_text("He reads every night.").first).to_be_visible()


def test_saving_and_coming_back_works_without_scripts(sit: Any, service: Any) -> None:
    page = sit("second.worker", java_script_enabled=False)
    page.goto(f"/cases/{service.cast['wrong']['case']}/record/agency_contributed/")
    page.get_by_label("What are you worried about?").fill("He comes to school hungry.")
    press(page, "Save and come back later")
    expect(page.get_by_role("heading", name="saved").or_(page.get_by_text("saved")).first).to_be_visible()
    click(page.get_by_role("link", name="Agency contributed: Piran Ollerenshaw").first)
    assert page.get_by_label("What are you worried about?").input_value() == "He comes to school hungry."
    press(page, "Throw it away")
    page.goto("/drafts/")
    assert not page.get_by_role("link", name="Agency contributed: Piran Ollerenshaw").count()


def test_a_contact_is_recorded_without_scripts(sit: Any, service: Any) -> None:
    page = sit("school.lead", java_script_enabled=False)
    page.goto("/my-work/")
    click(page.get_by_role("link", name="New contact"))
    page.get_by_label("Who is telling us?").select_option("School or college")
    press(page, "Save and come back later")
    click(page.get_by_role("link", name="New contact").last)
    assert page.get_by_label("Who is telling us?").locator("option:checked").inner_text() == "School or college"
    go_on(page)
    click(page.get_by_text("The child is not there"))
    page.get_by_label("First names").fill("Kerensa")
    page.get_by_label("Family name").fill("Nancarrow")
    page.get_by_label("Date of birth", exact=True).fill("about 2018")
    page.get_by_label("District where the child is").select_option("Burnley")
    click(page.get_by_role("button", name="Add this child"))
    expect(page.get_by_role("button", name="Remove Kerensa Nancarrow")).to_be_visible()
    go_on(page)
    page.get_by_label("What are you worried about?").fill("She has not been in school for nine days.")
    page.get_by_label("What did the child say").fill("Mum says I have to look after the baby.")
    go_on(page)
    click(page.get_by_role("button", name="Send the contact"))
    expect(page.get_by_role("heading", name="Contact sent")).to_be_visible()
    expect(page.get_by_text("look after the baby").first).to_be_visible()


def test_recording_an_event_works_without_scripts(sit: Any, service: Any) -> None:
    page = sit("second.worker", java_script_enabled=False)
    page.goto(f"/cases/{service.cast['wrong']['case']}/")
    press(page, "Child seen")
    choose(page, "Did you see the child alone?", "No")
    page.get_by_label("If not, why?").fill("His mother would not leave the room.")
    record(page)
    expect(page.get_by_text("His mother would not leave the room.").first).to_be_visible()
