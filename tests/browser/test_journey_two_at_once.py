"""Two people at one case: the second to record is shown what the first wrote, and nothing of either is lost."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from .axe import violations
from .hands import choose, press

THEIRS = "Seen at school by me. He was cheerful and drew a dog."
MINE = "Seen at home by me. He was quiet and stayed by the door."


def test_the_second_to_record_chooses_and_loses_nothing(sit: Any, service: Any) -> None:
    case = f"/cases/{service.cast['two_at_once']['case']}/"
    first, second = sit("social.worker"), sit("second.worker")
    for page, words in ((first, THEIRS), (second, MINE)):
        page.goto(f"{case}record/child_seen/")
        choose(page, "Did you see the child alone?", "Yes")
        page.get_by_label("What did the child say, in their own words?").first.fill(words)
    press(first, "Record")
    first.wait_for_url("**recorded=**")
    press(second, "Record")
    expect(second.get_by_role("heading", name="Someone else recorded something while you were writing")).to_be_visible()
    expect(second.get_by_role("region", name="Recorded since you began").get_by_text(THEIRS)).to_be_visible()
    expect(second.get_by_role("region", name="What you typed").get_by_text(MINE)).to_be_visible()
    assert violations(second) == []

    # Theirs is recorded, mine is not yet: a colleague who looks now sees one of them.
    first.goto(case)
    assert first.locator(".gt-said", has_text=THEIRS).count() and not first.locator(".gt-said", has_text=MINE).count()

    # Closing the window now loses nothing: what I typed is a draft.
    second.goto(f"{case}record/child_seen/")
    expect(second.get_by_text("It has not been recorded yet.")).to_be_visible()
    assert second.get_by_label("What did the child say, in their own words?").first.input_value() == MINE
    press(second, "Record")
    press(second, "Record mine as well")
    second.wait_for_url("**recorded=**")
    for words in (THEIRS, MINE):
        assert second.locator(".gt-timeline .gt-said", has_text=words).count() == 1, words
    second.goto(f"{case}record/child_seen/")
    assert second.get_by_label("What did the child say, in their own words?").first.input_value() == ""


def test_going_back_to_editing_keeps_what_was_typed(sit: Any, service: Any) -> None:
    case = f"/cases/{service.cast['two_at_once']['case']}/"
    first, second = sit("social.worker"), sit("second.worker")
    for page, words in ((first, "The school telephoned."), (second, "The grandmother telephoned.")):
        page.goto(f"{case}record/note_added/")
        page.get_by_label("What do you want to note?").fill(words)
    press(first, "Record")
    first.wait_for_url("**recorded=**")
    press(second, "Record")
    press(second, "Go back to editing")
    note = second.get_by_label("What do you want to note?")
    assert note.input_value() == "The grandmother telephoned."
    note.fill("The grandmother telephoned, after the school.")
    press(second, "Record")
    second.wait_for_url("**recorded=**")
    expect(second.get_by_text("The grandmother telephoned, after the school.").first).to_be_visible()
    expect(second.get_by_text("The school telephoned.").first).to_be_visible()
