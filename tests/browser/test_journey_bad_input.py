"""What people get wrong: told plainly, beside the field and in a summary that leads to it, with nothing typed lost."""

from __future__ import annotations

import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from .axe import violations
from .hands import choose, date_in, press, the_form_is_refused
from .reckoning import today

WORDS = "He would not say where he had slept."


@pytest.mark.parametrize(
    ("day", "message", "box"),
    [
        ("tomorrow", "future", "day"),
        ("1 1 2016", "before", "day"),
        ("31 2 2026", "real date", "day"),
        ("12 13 2026", "month", "month"),
        ("12 5 26", "year must have 4 numbers", "year"),
        ("12  2026", "must include a month", "month"),
    ],
)
def test_a_day_that_cannot_be_is_told_beside_its_box(sit: Any, service: Any, day: str, message: str, box: str) -> None:
    page = sit("social.worker")
    page.goto(f"/cases/{service.cast['wrong']['case']}/record/child_seen/")
    choose(page, "Did you see the child alone?", "Yes")
    page.get_by_label("What did the child say, in their own words?").first.fill(WORDS)
    ahead = today() + timedelta(days=1)
    typed = [str(ahead.day), str(ahead.month), str(ahead.year)] if day == "tomorrow" else day.split(" ")
    date_in(page, "q-occurred", *typed)
    press(page, "Record")
    said = page.locator(".govuk-error-summary").inner_text()
    assert message in said, said
    the_form_is_refused(page, said.split("\n")[-1].strip(), f"q-occurred-{box}")
    assert [page.locator(f"#q-occurred-{part}").input_value() for part in ("day", "month", "year")] == typed
    assert page.get_by_label("What did the child say, in their own words?").first.input_value() == WORDS
    assert page.get_by_label("Yes", exact=True).first.is_checked()
    assert violations(page) == []


def test_a_missing_answer_is_asked_for(sit: Any, service: Any) -> None:
    page = sit("social.worker")
    page.goto(f"/cases/{service.cast['wrong']['case']}/record/family_seen/")
    page.get_by_label("What did they say?").fill("They are tired.")
    press(page, "Record")
    said = page.locator(".govuk-error-summary li").first.inner_text()
    the_form_is_refused(page, said, "q-who")
    assert page.get_by_label("What did they say?").input_value() == "They are tired."


@pytest.mark.parametrize(
    ("size", "name", "status", "message"),
    [
        (50 * 1024 * 1024, "recording.pdf", 413, "larger than 20 MB"),
        (64, "letter.pdf", 422, "letter.pdf"),
        (0, "empty.txt", 422, "empty"),
    ],
)
def test_a_file_that_cannot_be_kept_is_refused_and_the_title_stays(
    sit: Any, service: Any, tmp_path: Path, size: int, name: str, status: int, message: str
) -> None:
    page = sit("social.worker")
    page.goto(f"/cases/{service.cast['wrong']['case']}/documents/add/")
    page.get_by_label("Title").or_(page.locator("#id_title")).first.fill("Letter from the hospital")
    file = tmp_path / name
    with file.open("wb") as out:  # a program under a letter's name, or 50 MB of nothing
        out.write(b"MZ\x90\x00" * 16 if 0 < size < 1000 else b"")
        out.truncate(size)
    page.locator("input[type=file]").set_input_files(file)
    with page.expect_response(lambda answer: answer.request.method == "POST") as sent:
        press(page, "Add it")
    assert sent.value.status == status
    page.get_by_text(message).first.wait_for()
    assert "Letter from the hospital" in page.content()
    assert violations(page) == []
    if status == 413:
        expect(page.get_by_role("heading", name="That file is too large")).to_be_visible()
        expect(page.get_by_text("Nothing has been saved yet. What you typed is still here.")).to_be_visible()
    else:
        assert page.locator("#id_title").input_value() == "Letter from the hospital"


def test_what_is_hidden_cannot_be_told_from_what_does_not_exist(sit: Any, service: Any) -> None:
    page = sit("school.lead")
    seen = []
    for case in (service.cast["hidden_from_school"], uuid.uuid4()):
        for under in ("", "record/note_added/", "documents/add/"):
            answer = page.goto(f"/cases/{case}/{under}")
            seen.append((answer.status, page.title(), page.inner_text("main")))
    assert len(set(seen)) == 1 and seen[0][0] == 404
    assert "The record may not exist, or you may not have access to it." in seen[0][2]


def test_an_unknown_address_says_so(sit: Any) -> None:
    page = sit("social.worker")
    for address in ("/nowhere/", "/cases/not-a-case/", "/children/00000000-0000-4000-8000-000000000000/"):
        assert page.goto(address).status == 404, address
        expect(page.get_by_role("heading", name="Page not found")).to_be_visible()
        expect(page.get_by_role("link", name="Go to my work")).to_be_visible()


def test_a_page_that_is_not_for_ones_role_says_whom_to_ask(sit: Any) -> None:
    page = sit("social.worker")
    for address in ("/front-door/", "/administration/accounts/"):
        assert page.goto(address).status == 403, address
        expect(page.get_by_text("ask the person who manages accounts in your organisation")).to_be_visible()
