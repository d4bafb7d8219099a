"""From a concern with a misspelt name to the chronology of four agencies, in one sitting: docs/learn/four-agencies.md.

One agency answers by a one-time link, one by its own account, one holds nothing, one is refused by its agreement. Every page
on the way is accessible at both widths, and each word in bold on that page of the documentation stands on a page of this walk.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from .hands import choose, click, go_on, press
from .test_pages_accessible import wrong_with

LESSON = Path(__file__).parents[2] / "docs" / "learn" / "four-agencies.md"
POLICE, EARLY_HELP, CHARITY = "Lancashire Constabulary", "Wellbeing, Prevention and Early Help", "The Children's Society"
HOSPITAL = "Lancashire Teaching Hospitals"
QUESTION = "Who lives in the house, and has anybody seen the child since the summer?"
KNOWS = "Does the agency know the child or family?"
SEEN = "Seen twice in October with bruising. Nobody came to the follow-up."
CLAUSE = "Multi-agency safeguarding hub (MASH), clause"


class Sitting:
    """What was wrong with the pages that were looked at, and every word that stood on them."""

    def __init__(self) -> None:
        self.wrong: list[str] = []
        self.words: list[str] = []

    def look(self, page: Any) -> str:
        """The words of the page that is open."""
        self.wrong += wrong_with(page)
        # Words in folded details and on buttons too.
        words = " ".join(str(page.evaluate("document.body.textContent")).split())
        self.words.append(words)
        return words


def test_four_agencies_are_asked_and_each_line_says_why_it_may_be_seen(sit: Any, service: Any) -> None:
    known, looked = service.cast["known"], Sitting()
    screener = sit("screener")
    contact = a_school_tells_with_a_misspelt_name(screener, known, looked)
    five_are_asked_and_one_is_refused(screener, contact, looked)
    link = a_link_for_the_hospital(screener, looked)
    the_hospital_answers_by_link(sit(), link, known, looked)
    the_police_answer_by_their_account(sit("police.officer"), known, looked)
    early_help_holds_nothing(screener, contact, looked)
    the_answers_stand_side_by_side(screener, contact, looked)
    child = the_chronology_says_why(screener, contact, looked)
    who_saw_what_is_told(sit("team.manager"), child, looked)
    assert looked.wrong == []
    the_lesson_says_what_stands_there(looked)


def a_school_tells_with_a_misspelt_name(page: Any, known: dict[str, str], looked: Sitting) -> str:
    page.goto("/front-door/")
    looked.look(page)
    press(page, "New contact")
    looked.look(page)
    page.get_by_label("Who is telling us?").select_option("School or college")
    go_on(page)
    misspelt = known["family"][:-2] + known["family"][-1]
    page.get_by_label("Find the child").fill(f"{known['given']} {misspelt}")
    press(page, "Search")
    page.get_by_role("button", name=f"Add {known['name']}", exact=True).first.wait_for()
    assert "imilar name" in looked.look(page)
    click(page.get_by_role("button", name=f"Add {known['name']}", exact=True).first)
    page.get_by_text("already known").wait_for()
    looked.look(page)
    go_on(page)
    page.get_by_label("What are you worried about?").fill("A bruise on the cheek, and no word of how it came.")
    looked.look(page)
    go_on(page)
    looked.look(page)
    press(page, "Send the contact")
    page.get_by_role("heading", name="Contact sent").wait_for()
    looked.look(page)
    contact = str(page.url).partition("?")[0]
    press(page, "Screen this contact")
    page.get_by_label("Amber: significant concern, no immediate danger known").check()
    looked.look(page)
    press(page, "Record")
    page.wait_for_url("**recorded=**")
    looked.look(page)
    return contact


def five_are_asked_and_one_is_refused(page: Any, contact: str, looked: Sitting) -> None:
    press(page, "Ask agencies")
    page.get_by_role("heading", name="Which agencies do you want to ask?").wait_for()
    for agency in (POLICE, HOSPITAL, EARLY_HELP, CHARITY):
        page.get_by_label(agency).first.check()
    assert f"refused: {CLAUSE} 4.1" in page.locator("label", has_text=CHARITY).inner_text()
    page.get_by_label("What do you want to know?").fill(QUESTION)
    looked.look(page)
    press(page, "Ask them")
    page.get_by_role("heading", name="Not asked yet").wait_for()
    words = looked.look(page)
    assert "3 agencies are asked" in words and f"{CHARITY}: refused" in words
    click(page.get_by_text("A child may be harmed before anyone can agree"))
    expect(page.get_by_role("button", name=f"Ask {CHARITY} in an emergency")).to_be_visible()
    click(page.get_by_role("link", name=f"{CLAUSE} 4.1"))
    page.wait_for_url("**#clause-4.1")
    expect(page.locator("[id='clause-4.1']").get_by_text("A voluntary organisation is not asked")).to_be_visible()
    looked.look(page)
    page.goto(contact)
    click(page.get_by_role("link", name="What each was asked"))
    expect(page.get_by_role("heading", name=f"{CHARITY}: refused"), "a refusal does not vanish with the page").to_be_visible()


def a_link_for_the_hospital(page: Any, looked: Sitting) -> str:
    card = page.locator(".gt-card", has=page.get_by_role("heading", name=HOSPITAL))
    if not card.get_by_role("button", name="Show it to me instead").is_visible():
        click(card.get_by_text("Let it answer by a one-time link"))
    click(card.get_by_role("button", name="Show it to me instead"))
    box = page.get_by_label("The link", exact=True)
    box.wait_for()
    looked.look(page)
    return str(box.input_value())


def the_hospital_answers_by_link(page: Any, link: str, known: dict[str, str], looked: Sitting) -> None:
    """Nothing of the child before one has said who one is; and the link works once."""
    page.goto(link)
    assert known["name"] not in looked.look(page)
    page.get_by_label("Your name").fill("Priya Nair")
    page.get_by_label("Your job").fill("Named nurse")
    press(page, "Show the question")
    page.get_by_text(QUESTION).wait_for()
    words = looked.look(page)
    assert known["name"] in words and f"{CLAUSE} 3.1" in words
    choose(page, KNOWS, "Known, with information that matters here")
    page.get_by_label("What does the agency know?").fill(SEEN)
    press(page, "Send the answer")
    page.get_by_role("heading", name="Answer sent").wait_for()
    looked.look(page)
    assert page.goto(link).status == 404
    assert "This link cannot be used" in looked.look(page)


def the_police_answer_by_their_account(page: Any, known: dict[str, str], looked: Sitting) -> None:
    page.goto("/requests/")
    bar = page.locator(".gt-bar__in").bounding_box()
    assert bar["height"] < 70, "the bar is one line"
    looked.look(page)
    asked = page.locator(".gt-work__line", has_text=known["name"]).filter(has_text="Who lives in the house")
    click(asked.get_by_role("link", name="Answer"))
    page.get_by_role("heading", name=f"What does {POLICE} know?").wait_for()
    looked.look(page)
    choose(page, KNOWS, "Known, with no concern to share")
    press(page, "Send the answer")
    page.get_by_text("Your answer has gone to").wait_for()


def early_help_holds_nothing(page: Any, contact: str, looked: Sitting) -> None:
    """Told by telephone, and written down by the screener."""
    page.goto("/requests/?side=asked")
    looked.look(page)
    page.goto(contact)
    looked.look(page)
    click(page.locator(".gt-asked__one", has_text=EARLY_HELP).get_by_role("link", name="Record the answer"))
    choose(page, KNOWS, "Nothing held")
    press(page, "Send the answer")
    page.get_by_text(f"{EARLY_HELP} Service said is recorded.").wait_for()
    looked.look(page)


def the_answers_stand_side_by_side(page: Any, contact: str, looked: Sitting) -> None:
    click(page.get_by_role("link", name="Back to the contact"))
    page.get_by_text("3 of 3 agencies have answered.").wait_for()
    told = page.locator(".gt-asked__one")
    assert told.count() == 3
    expect(told.filter(has_text=HOSPITAL).get_by_text("Priya Nair, Named nurse, by one-time link")).to_be_visible()
    expect(told.filter(has_text=HOSPITAL).get_by_text(SEEN)).to_be_visible()
    expect(told.filter(has_text=POLICE).get_by_text("Daniel Pilkington")).to_be_visible()
    nothing = told.filter(has_text=EARLY_HELP)
    expect(nothing.get_by_text("Nothing held", exact=False).first).to_be_visible()
    expect(nothing.get_by_text("who was told by the agency")).to_be_visible()
    looked.look(page)


def the_chronology_says_why(page: Any, contact: str, looked: Sitting) -> str:
    """Four agencies, and beside every line why it may be seen; beside an answer, the clause under which it was told."""
    click(page.get_by_role("link", name=re.compile("^Chronology of|^Chronology")).first)
    page.wait_for_url("**/chronology/")
    looked.look(page)
    rows = page.locator(".gt-chronology tbody tr")
    agencies = set(page.locator(".gt-chronology tbody tr td:nth-child(2) strong").all_inner_texts())
    assert len(agencies) >= 4, agencies
    rights = page.locator(".gt-chronology__right").all_inner_texts()
    assert len(rights) == rows.count() and all(len(right.split(".")) > 2 for right in rights), rights
    for agency in (HOSPITAL, POLICE, EARLY_HELP):
        answer = rows.filter(has=page.locator("td:nth-child(2)", has_text=agency)).filter(has_text="Agency answered").first
        assert f"The agency told it under {CLAUSE} 3.1" in answer.locator(".gt-chronology__right").inner_text(), agency
    refused = rows.filter(has=page.locator("td:nth-child(2)", has_text=CHARITY)).filter(has_text="Agency answered")
    expect(refused, "it may have known the child before; it was not asked").to_have_count(0)
    return str(page.url).split("/children/")[1].split("/")[0]


def who_saw_what_is_told(page: Any, child: str, looked: Sitting) -> None:
    """Why did the screener see this child, today?"""
    page.goto(f"/children/{child}/")
    looked.look(page)
    click(page.get_by_role("link", name="Who has looked").first)
    page.wait_for_url(f"**/access/child/{child}/")
    words = looked.look(page)
    assert "Nasreen Ashworth" in words and "Read the chronology" in words and "What allowed it then" in words
    page.goto("/access/why/")
    looked.look(page)


def the_lesson_says_what_stands_there(looked: Sitting) -> None:
    bold = {" ".join(words.split()) for words in re.findall(r"\*\*(.+?)\*\*", LESSON.read_text(encoding="utf-8"), re.DOTALL)}
    assert bold
    every = " ".join(looked.words)
    assert not (missing := sorted(words for words in bold if words not in every)), missing
