"""Emergency access in the browser: asked with a reason, shown by a banner, given up; what a supervisor settles and reviews."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from .hands import click, press
from .test_pages_accessible import wrong_with

REASON = "He was brought to school by a man we do not know, with a burn on his hand. I must know who is safe to ring."


def test_a_teacher_opens_a_childs_record_in_an_emergency_and_gives_it_up(sit: Any, service: Any) -> None:
    page = sit("school.lead")
    child = f"/children/{service.cast['wrong']['child']}/"
    assert page.goto(child).status == 404
    page.goto("/people/?q=Piran+Ollerenshaw")
    click(page.get_by_role("link", name="ask for emergency access"))
    page.get_by_label("Full name").fill("Piran Ollerenshaw")
    press(page, "Open the record in an emergency")
    found = wrong_with(page)
    expect(page.get_by_role("link", name="Say why you need to see the record now")).to_be_visible()
    page.get_by_label("Date of birth").fill("1 9 2019")
    page.get_by_label("Why must you see this record now?").fill(REASON)
    press(page, "Open the record in an emergency")
    page.wait_for_url(f"**{child}")
    found += wrong_with(page)
    banner = page.get_by_role("region", name="Emergency access")
    expect(banner.get_by_text("You have emergency access to")).to_be_visible()
    page.goto("/people/")
    expect(banner).to_be_visible()
    click(banner.get_by_role("link", name="End it now"))
    found += wrong_with(page)
    expect(page.get_by_text(REASON)).to_be_visible()
    expect(page.get_by_text("Read the child’s page")).to_be_visible()
    click(page.get_by_role("button", name="End it now"))
    page.wait_for_url("**/access/")
    assert not page.get_by_role("region", name="Emergency access").count()
    assert page.goto(child).status == 404
    assert found == []


def test_a_manager_settles_an_unusual_look_and_reviews_emergency_access(sit: Any, service: Any) -> None:
    page = sit("team.manager")
    page.goto("/access/questions/")
    click(page.locator("main table a").first)
    found = wrong_with(page)
    page.get_by_label("The look is explained").check()
    page.get_by_label("What did you find, and what happens next?").fill("On the rota that night; a visit had run late.")
    press(page, "Settle")
    expect(page.get_by_text("The question is settled.")).to_be_visible()
    page.goto("/access/emergency/used/")
    click(page.locator("main table a").first)
    found += wrong_with(page)
    page.get_by_label("Yes: they needed to see the record then").check()
    page.get_by_label("What did you find?").fill("The school confirms that it rang, and when.")
    press(page, "Record the review")
    expect(page.get_by_text("Your review has been recorded.")).to_be_visible()
    assert found == []
