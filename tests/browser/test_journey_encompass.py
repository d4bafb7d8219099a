"""Operation Encompass in the browser: an officer records an incident and finds a school; a school opens what it was told and
says what it did. Every page on the way is accessible at both widths."""

from __future__ import annotations

from typing import Any

from .hands import choose, click, go_on, press
from .test_pages_accessible import wrong_with


def test_an_officer_records_an_incident_and_the_school_is_told(sit: Any, service: Any) -> None:
    page, known = sit("police.officer"), service.cast["known"]
    found: list[str] = []
    page.goto("/encompass/")
    found += wrong_with(page)
    press(page, "Record an incident")
    page.get_by_label("Find the child").fill(known["name"])
    with page.expect_navigation():
        page.keyboard.press("Enter")
    found += wrong_with(page)
    click(page.get_by_role("button", name=f"Add {known['name']}").first)
    go_on(page)
    press(page, "Continue")
    found += wrong_with(page)  # refused: nothing was said
    assert page.title().startswith("Error: ")
    choose(page, "What was it?", "Domestic abuse")
    choose(page, "How is it graded?", "Medium")
    choose(page, "Where was the child?", "There, and saw or heard it")
    page.get_by_label("What does the school need to know").fill("Shouting in the kitchen late at night.")
    go_on(page)
    found += wrong_with(page)
    press(page, "Record it and tell the school")
    page.wait_for_url("**recorded=1")
    assert "was told" in page.get_by_role("alert").inner_text()
    assert "Told in time" in page.locator("main").inner_text()
    found += wrong_with(page)
    press(page, "Tell another school")
    found += wrong_with(page)
    assert found == []


def test_an_officer_finds_a_school(sit: Any) -> None:
    page = sit("police.officer")
    found: list[str] = []
    page.goto("/encompass/?list=find")
    click(page.locator(".gt-work__who a").first)
    found += wrong_with(page)
    name = page.get_by_role("heading", level=1).inner_text()
    press(page, "This is the school")
    found += wrong_with(page)  # refused: none was chosen
    assert page.title().startswith("Error: ")
    page.locator("#q-school").fill(page.locator("#q-school-known option").first.get_attribute("value"))
    press(page, "This is the school")
    page.wait_for_url("**/encompass/")
    assert name.split(" ")[3] not in page.locator("main").inner_text()
    assert found == []


def test_a_school_opens_what_it_was_told_and_says_what_it_did(sit: Any) -> None:
    page = sit("school.lead")
    found: list[str] = []
    page.goto("/encompass/?list=unopened")
    found += wrong_with(page)
    click(page.locator(".gt-work__who a").first)
    assert "What does the school need to know" not in page.locator("main").inner_text()
    found += wrong_with(page)
    press(page, "Open it")
    page.wait_for_url("**opened=1")
    assert "What does the school need to know" in page.locator("main").inner_text()
    found += wrong_with(page)
    press(page, "Say what the school did")
    found += wrong_with(page)
    press(page, "Record")
    found += wrong_with(page)  # refused: nothing was said
    assert page.title().startswith("Error: ")
    choose(page, "What did the school do?", "Met the child on arrival")
    choose(page, "Was the child seen that day?", "Yes")
    press(page, "Record")
    page.wait_for_url("**/encompass/")
    assert found == []
