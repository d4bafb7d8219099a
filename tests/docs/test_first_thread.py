"""The tour, walked in a browser by the words that the page of the documentation uses.

Every word in bold on docs/learn/first-thread.md, and in the tour of the README, must be one that this walk pressed,
chose or read: what the documentation tells people to do can be done.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from goldenthread.clocks.interval import age_on
from goldenthread.demo.build import signing_in

from ..browser.conftest import cast, service, signed_in, sit  # noqa: F401  a service of its own, from the stage of journeys
from ..browser.hands import click
from .reading import ROOT, prose

TOUR = ROOT / "docs" / "learn" / "first-thread.md"
README = ROOT / "README.md"


class Walk:
    """Someone following the page. Remembers each word they used."""

    def __init__(self, page: Any, start: str) -> None:
        self.page, self.start, self.used = page, start, set()
        page.set_default_timeout(20_000)

    def sign_in(self, title: str) -> None:
        self.page.goto(self.start)
        click(self.page.get_by_role("button", name=f"Fill in as {title}", exact=True))
        self.button("Sign in")
        self.used |= {"Fill in", "Sign in", "My work"}

    def sign_out(self) -> None:
        self.button("Sign out")

    def link(self, words: str, *, last: bool = False, exact: bool = False) -> None:
        found = self.page.get_by_role("main").get_by_role("link", name=words, exact=exact)
        if not found.count():
            found = self.page.get_by_role("link", name=words)
        click(found.last if last else found.first)
        self.used.add(words)

    def button(self, words: str) -> None:
        """A button, or a link that looks like one."""
        click(self.page.get_by_role("button", name=words).first)
        self.used.add(words)

    def choose(self, words: str) -> None:
        self.page.get_by_role("main").get_by_label(words, exact=True).first.check()
        self.used.add(words)

    def pick(self, question: str, answer: str) -> None:
        self.page.get_by_label(question, exact=True).select_option(label=answer)
        self.used |= {question, answer}

    def type(self, question: str, words: str) -> None:
        self.page.get_by_role("main").get_by_label(question).first.fill(words)
        self.used.add(question)

    def reads(self, words: str) -> None:
        self.page.get_by_text(words).locator("visible=true").first.wait_for()
        self.used.add(words)


@pytest.mark.browser
@pytest.mark.slow
def test_the_tour_can_be_walked_as_it_is_written(sit: Any, service: Any) -> None:  # noqa: F811
    walk = Walk(sit(), f"{service.url}/")
    _a_concern_arrives(walk)
    _screened(walk)
    walk.sign_out()
    _decided(walk)
    _referral(walk)
    _enquiry(walk)
    walk.sign_out()
    _conference(walk)
    walk.sign_out()
    _earlier(walk)
    for place, words in ((TOUR, _bold(prose(TOUR))), (README, _bold(_tour_of_readme()))):
        assert words, f"{place.name} has no words in bold"
        assert words <= walk.used, (
            f"{place.name} names what the walk did not use: {sorted(words - walk.used)}"
        )


def _a_concern_arrives(walk: Walk) -> None:
    walk.sign_in("Front door screener")
    walk.link("Front door")
    walk.button("New contact")
    walk.pick("Who is telling us?", "School or college")
    walk.button("Continue")
    walk.type("Find the child", "Maya Tourwell")
    walk.button("Search")
    walk.reads("Nobody you may see fits.")
    walk.type("First names", "Maya")
    walk.type("Family name", "Tourwell")
    walk.type("Date of birth", "14 5 2017")
    walk.pick("District where the child is", "Burnley")
    walk.button("Add this child")
    walk.button("Continue")
    walk.type("What are you worried about?", "Came to school hungry, with a bruise on her arm.")
    walk.choose("Physical abuse")
    walk.type("What did the child say, in their own words?", "I don't like it when they shout.")
    walk.button("Continue")
    walk.button("Send the contact")


def _screened(walk: Walk) -> None:
    walk.reads("The front door will screen it within")
    walk.reads("Agency asked")
    walk.button("Screen this contact")
    walk.choose("Red: a child may be at immediate risk of significant harm")
    walk.reads("What happens next?")
    walk.choose("Decide now")
    walk.button("Record")


def _decided(walk: Walk) -> None:
    walk.sign_in("Team manager")
    walk.link("Front door")
    walk.reads("Ready to decide")
    hers = re.compile(f"Child, {age_on(date(2017, 5, 14), timezone.localdate())}\\b")
    click(walk.page.get_by_role("region", name="Ready to decide").get_by_role("link", name=hers).first)
    walk.reads("Came to school hungry")
    walk.button("Decide")
    walk.choose("Referral to children's social care")
    walk.choose("Level 4 protection")
    walk.type("Why?", "A bruise that has not been explained.")
    walk.button("Continue")
    walk.button("Confirm the decision")
    click(walk.page.get_by_role("main").get_by_role("link", name=re.compile("LAN-")).first)


def _referral(walk: Walk) -> None:
    walk.reads("Acknowledge the referral and decide next steps")
    walk.reads("What happened next?")
    walk.button("Referral decided")
    walk.choose("Strategy discussion (section 47)")
    walk.type("Why?", "The child may be at risk of significant harm.")
    walk.button("Record")
    walk.reads("Child and family assessment was opened")
    walk.link("Section 47 enquiry")


def _enquiry(walk: Walk) -> None:
    walk.button("Strategy discussion held")
    walk.choose("Begin a section 47 enquiry")
    walk.button("Record")
    walk.link("How was this worked out?")
    walk.reads("The day itself is not counted.")
    walk.link("Back to the case")
    walk.button("Section 47 enquiry concluded")
    walk.choose("Concerns substantiated, child at continuing risk: hold a conference")
    walk.button("Record")


def _conference(walk: Walk) -> None:
    walk.sign_in("Independent reviewing officer")
    walk.link("People")
    walk.page.get_by_label("Name, date of birth or number").fill("maya tourwel")
    walk.button("Search")
    walk.link("Maya Tourwell")
    assert not walk.page.get_by_text("Contact received").count(), (
        "the reviewing service is no part of the contact"
    )
    click(walk.page.get_by_role("table").get_by_role("link", name="Section 47 enquiry").last)
    walk.button("Initial child protection conference held")
    walk.choose("Child protection plan")
    walk.choose("Neglect")
    walk.button("Record")
    walk.reads("Child protection plan was opened")
    click(walk.page.get_by_role("alert").get_by_role("link", name=re.compile("LAN-")).first)
    for due in (
        "Hold the first core group",
        "Visit and see the child",
        "Hold the review child protection conference",
    ):
        walk.reads(due)


def _earlier(walk: Walk) -> None:
    walk.sign_in("Social worker")
    click(walk.page.locator(".gt-work__who a").first)
    walk.link("whole thread")
    walk.reads("As it was known on")
    walk.link("Earlier")
    walk.reads("This is what was known on")
    walk.button("Show")
    walk.link("Back to now")
    assert not walk.page.get_by_text("This is what was known on").count()


def _bold(text: str) -> set[str]:
    return {" ".join(words.split()) for words in re.findall(r"\*\*(.+?)\*\*", text, re.DOTALL)}


def _tour_of_readme() -> str:
    return prose(README).split("## A tour in five minutes")[1].split("\n## ")[0]


@pytest.mark.django_db
def test_the_readme_names_the_eight_who_can_sign_in_as_the_demo_does(client: Client) -> None:
    told = dict(re.findall(r"^\| `([\w.]+)` \| (.+?) \|$", README.read_text(encoding="utf-8"), re.MULTILINE))
    assert list(told) == [one.worker.username for one in signing_in() if not one.service]
