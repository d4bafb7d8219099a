"""The whole first thread in one sitting, as the people who live it: from a police officer's worry to a protection plan.

Every due date is reckoned here by other means (reckoning.py) and read from the page.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from playwright.sync_api import expect

from . import reckoning
from .hands import choose, click, go_on, press, record, tab_to
from .reckoning import short, today, words

SAID_AT_HOME = "I hide in the wardrobe when they shout"
SAID_AT_SCHOOL = "I do not want to go home on Fridays"
NEW = "Elowen"
TODAY = (
    "Contact received", "Contact decided", "Referral decided", "Child seen", "Strategy discussion held",
    "Initial child protection conference held",
)  # fmt: skip


def test_a_worry_becomes_a_protection_plan(sit: Any, service: Any) -> None:
    known = service.cast["known"]
    reference = a_police_officer_tells_the_front_door(sit("police.officer"), known)
    screener = sit("screener")
    contact = the_screener_screens_it_without_a_mouse(screener, known, reference)
    agencies = agencies_are_asked(screener, contact)
    their_answers_come_in(screener, sit("designated.nurse"), contact, agencies)
    manager = sit("team.manager")
    referral = the_manager_decides(manager, contact)
    allocated_to_rosa(manager, referral)
    worker = sit("social.worker")
    a_worker_may_not_decide_for_the_manager(worker, referral)
    assessment, enquiry = the_manager_decides_the_referral(manager, referral)
    allocated_to_rosa(manager, assessment)
    allocated_to_rosa(manager, enquiry)
    the_child_is_seen(worker, assessment, known)
    the_strategy_discussion_begins_an_enquiry(worker, enquiry)
    plan = the_conference_makes_a_plan(sit("reviewing.officer"), enquiry)
    the_plan_has_its_clocks(worker, plan)
    the_child_has_one_thread(worker, known)


# The front door --------------------------------------------------------------------------------------------------


def a_police_officer_tells_the_front_door(page: Any, known: dict[str, str]) -> str:
    """One child found by a misspelt name, one new. Returns the reference."""
    page.goto("/my-work/")
    click(page.get_by_role("link", name="New contact"))
    page.get_by_label("Who is telling us?").select_option("Police")
    page.get_by_label("What is the name of the person telling us?").fill("Daniel Pilkington")
    go_on(page)
    misspelt = known["family"][:-2] + known["family"][-1]
    page.get_by_label("Find the child").fill(f"{known['given']} {misspelt}")
    page.keyboard.press("Enter")
    click(page.get_by_role("button", name=f"Add {known['name']}", exact=True).first)
    expect(page.get_by_text("already known")).to_be_visible()
    click(page.get_by_text("The child is not there"))
    page.get_by_label("First names").fill(NEW)
    page.get_by_label("Family name").fill(known["family"])
    page.get_by_label("Date of birth", exact=True).fill("3 4 2021")
    page.get_by_label("Sex").select_option("Female")
    page.get_by_label("District where the child is").select_option(known["area_title"])
    click(page.get_by_role("button", name="Add this child"))
    if page.get_by_role("button", name="None of these").count():
        click(page.get_by_role("button", name="None of these"))
    page.get_by_label("They are brothers and sisters").check()
    go_on(page)
    page.get_by_label("What are you worried about?").fill("Shouting and breaking glass, third time since summer.")
    page.get_by_label(f"What did {known['name']} say").fill(SAID_AT_HOME)
    choose(page, "Is the child safe now?", "No")
    go_on(page)
    expect(page.get_by_text(SAID_AT_HOME)).to_be_visible()
    expect(page.get_by_text(f"{NEW} {known['family']}")).to_be_visible()
    click(page.get_by_role("button", name="Send the contact"))
    expect(page.get_by_role("heading", name="Contact sent")).to_be_visible()
    return str(page.locator(".govuk-panel__body strong").inner_text())


def the_screener_screens_it_without_a_mouse(page: Any, known: dict[str, str], reference: str) -> str:
    """Only Tab, Enter, arrows and typing. Returns the address of the contact."""
    page.goto("/my-work/")
    tab_to(page, "Front door")
    page.keyboard.press("Enter")
    page.wait_for_url("**/front-door/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    page.keyboard.press("Enter")
    tab_to(page, reference)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/front-door/[0-9a-f-]{36}/"))
    contact = page.url.partition("?")[0]
    expect(page.get_by_text("left").first).to_be_visible()
    tab_to(page, "Screen")
    page.keyboard.press("Enter")
    page.wait_for_url("**/step/screened/")
    tab_to(page, "Red: a child may be at immediate risk")
    page.keyboard.press("ArrowDown")  # from the first, which Tab reaches, to amber
    tab_to(page, "Why?")
    page.keyboard.type("Three reports in a year; the children are with their grandmother tonight.")
    tab_to(page, "Record")
    page.keyboard.press("Enter")
    page.wait_for_url("**recorded=**")
    expect(page.get_by_role("alert").get_by_text("Screened")).to_be_visible()
    expect(page.locator(".gt-identity").get_by_text("Screening", exact=True)).to_be_visible()
    return str(contact)


def agencies_are_asked(page: Any, contact: str) -> list[str]:
    """Three at once, each with a clock of its own."""
    asked = ["Lancashire Constabulary", "Lancashire Care NHS Foundation Trust", "Wellbeing, Prevention and Early Help"]
    page.goto(contact)
    press(page, "Ask agencies")
    for name in asked:
        page.get_by_label(name).check()
    page.get_by_label("What do you want to know?").fill("Who lives in the house, and what has been seen since summer?")
    assert page.get_by_role("group", name="Also ask for").get_by_role("checkbox").is_checked()
    click(page.get_by_role("button", name="Ask them"))
    click(page.get_by_role("link", name="Back to the contact"))
    waiting = page.locator(".gt-asked__one--waiting")
    waiting.nth(2).wait_for()
    assert waiting.count() == 3
    for name in asked:
        expect(waiting.filter(has_text=name).get_by_text("due"), name).to_be_visible()
    return asked


def their_answers_come_in(screener: Any, nurse: Any, contact: str, agencies: list[str]) -> None:
    """One answers for itself; two tell the screener, and one of them holds nothing."""
    nurse.goto(contact)
    press(nurse, "Answer")
    for_each(nurse, "Does the agency know the child or family?", "Known, with information that matters here")
    for box in nurse.get_by_label("What does the agency know?").all():
        box.fill("Missed two appointments in autumn; weight is falling.")
    for_each(nurse, "Which level of need does the agency see?", "Level 4 protection")
    answered(nurse)
    for name, holds, level in (
        (agencies[0], "Known, with no concern to share", "Level 3 child in need"), (agencies[2], "Nothing held", "")
    ):  # fmt: skip
        screener.goto(contact)
        click(screener.locator(".gt-asked__one", has_text=name).get_by_role("link", name="Record the answer"))
        for_each(screener, "Does the agency know the child or family?", holds)
        if level:
            for_each(screener, "Which level of need does the agency see?", level)
        answered(screener)
    screener.goto(contact)
    told = screener.locator(".gt-asked__one")
    expect(told.filter(has_text=agencies[2]).get_by_text("Nothing held")).to_be_visible()
    expect(told.filter(has_text=agencies[1]).get_by_text("weight is falling")).to_be_visible()
    expect(screener.get_by_text("Agencies see it differently.")).to_be_visible()
    expect(screener.get_by_text("3 of 3 agencies have answered.")).to_be_visible()
    press(screener, "Send for decision")
    record(screener)
    expect(screener.locator(".gt-identity").get_by_text("Ready to decide", exact=True)).to_be_visible()


def for_each(page: Any, question: str, answer: str) -> None:
    """The same answer for each of the children asked about together."""
    groups = page.get_by_role("group", name=question)
    groups.first.wait_for()
    for group in groups.all():
        group.get_by_label(answer, exact=True).check()


def answered(page: Any) -> None:
    click(page.get_by_role("button", name="Send the answer", exact=True))
    page.get_by_role("alert").wait_for()


def the_manager_decides(page: Any, contact: str) -> str:
    """Seen before it is made: what opens, and by when. Returns the address of the known child's referral."""
    page.goto(contact)
    press(page, "Decide")
    choose(page, "What happens next?", "Referral to children's social care")
    choose(page, "Which level of need?", "Level 4 protection")
    page.get_by_label("Why?").fill("Violence seen and heard by both children three times in a year.")
    page.get_by_label("Did any agency see it differently").fill("Police saw level 3; health's information settled it.")
    go_on(page)
    expect(page.get_by_role("heading", name="Check the decision")).to_be_visible()
    due, _ = reckoning.working_days_after(today(), 1)
    opens = page.locator(".gt-opens li").first
    expect(opens.get_by_text("Referral opens")).to_be_visible()
    click(page.get_by_role("button", name="Confirm the decision"))
    page.wait_for_url("**recorded=**")
    click(page.locator(".govuk-notification-banner a").first)
    the_duty_is(page, "Acknowledge the referral and decide next steps", due)
    return here(page)


def here(page: Any) -> str:
    address: str = page.url.partition("?")[0].partition("#")[0]
    return address


def the_duty_is(page: Any, title: str, due: Any, passed: Any = ()) -> None:
    """A card of the case says the day that we reckoned, and its proof names each holiday passed over."""
    card = page.locator(".gt-card", has=page.get_by_role("heading", name=title))
    assert short(due) in card.inner_text(), (title, words(due), card.inner_text())
    address = page.url
    click(card.get_by_role("link", name="How was this worked out?"))
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
    proof = page.inner_text("main")
    assert short(due) in proof
    for day, name in dict(passed).items():
        assert words(day) in proof and name in proof, (day, name, proof)
    expect(page.get_by_text("Where it is written")).to_be_visible()
    page.goto(address)


def allocated_to_rosa(page: Any, case: str) -> None:
    page.goto(case)
    click(page.get_by_role("link", name="Allocate to a worker").or_(page.get_by_role("link", name="Change who works on it")))
    worker = page.locator("#id_worker option", has_text="Rosa Whittle").get_attribute("value")
    page.locator("#id_worker").select_option(worker)
    click(page.get_by_role("button", name="Save"))
    expect(page.locator(".gt-identity").get_by_text("Rosa Whittle")).to_be_visible()


def a_worker_may_not_decide_for_the_manager(page: Any, referral: str) -> None:
    page.goto(referral)
    assert page.get_by_role("button", name="Referral decided").count() == 0
    refused = page.goto(f"{referral}record/referral_decided/")
    assert refused.status == 403
    expect(page.get_by_text("not for your agency or your role")).to_be_visible()


def the_manager_decides_the_referral(page: Any, referral: str) -> tuple[str, str]:
    """An assessment and an enquiry open together; the assessment's clock runs from the referral."""
    page.goto(referral)
    press(page, "Referral decided")
    choose(page, "What happens next?", "Strategy discussion (section 47)")
    page.get_by_label("Why?").fill("Reasonable cause to suspect significant harm.")
    record(page)
    assessment = opened(page, "Child and family assessment was opened")
    enquiry = opened(page, "Section 47 enquiry was opened")
    page.goto(assessment)
    the_duty_is(page, "Complete the assessment", *reckoning.working_days_after(today(), 45))
    return assessment, enquiry


def opened(page: Any, says: str) -> str:
    """The address of a case that was just opened."""
    line = page.locator(".govuk-notification-banner li", has_text=says)
    return str(line.get_by_role("link").evaluate("link => link.href"))


def the_child_is_seen(page: Any, assessment: str, known: dict[str, str]) -> None:
    """By the social worker, from her own list of work."""
    page.goto("/my-work/?when=later")
    expect(page.get_by_role("link", name=known["name"]).first).to_be_visible()
    page.goto(assessment)
    press(page, "Child seen")
    choose(page, "Did you see the child alone?", "Yes")
    choose(page, "Where?", "School")
    page.get_by_label("What did the child say, in their own words?").first.fill(SAID_AT_SCHOOL)
    record(page)
    expect(page.locator(".gt-said", has_text=SAID_AT_SCHOOL).first).to_be_visible()


def the_strategy_discussion_begins_an_enquiry(page: Any, enquiry: str) -> None:
    page.goto(enquiry)
    expect(page.locator(".gt-card", has_text="Hold a strategy discussion").get_by_text("Due")).to_be_visible()
    press(page, "Strategy discussion held")
    choose(page, "What was decided?", "Begin a section 47 enquiry")
    choose(page, "Who took part?", "Children's social care", "Police", "Health")
    page.get_by_label("Why was that decided?").fill("Continuing harm; both parents minimise it.")
    record(page)
    due, passed = reckoning.working_days_after(today(), 15)
    the_duty_is(page, "Hold the initial child protection conference", due, passed)
    the_duty_is(page, "Conclude the section 47 enquiry", due, passed)


def the_conference_makes_a_plan(page: Any, enquiry: str) -> str:
    """By the reviewing officer, whose service owes the conference and so sees the case."""
    page.goto(enquiry)
    press(page, "Initial child protection conference held")
    choose(page, "What did the conference decide?", "Child protection plan")
    choose(page, "Under which category?", "Emotional abuse")
    page.get_by_label("What is the outline plan?").fill("Father lives elsewhere; the children are seen every week.")
    record(page)
    expect(page.get_by_text("The case is now closed.")).to_be_visible()
    return opened(page, "Child protection plan was opened")


def the_plan_has_its_clocks(page: Any, plan: str) -> None:
    """Counted in working days, and in calendar months."""
    page.goto(plan)
    the_duty_is(page, "Hold the first core group", *reckoning.working_days_after(today(), 10))
    the_duty_is(page, "Hold the review child protection conference", reckoning.months_after(today(), 3))


def the_child_has_one_thread(page: Any, known: dict[str, str]) -> None:
    """Every new mark on it; and turned back to yesterday, none."""
    page.goto(f"/children/{known['id']}/")
    expect(page.get_by_role("img", name=known["given"]).first).to_be_visible()
    click(page.get_by_text("See this as a table").first)
    table = page.get_by_role("table", name="The golden thread")
    for mark in TODAY:
        assert table.get_by_role("row").filter(has_text=mark).filter(has_text=words(today(), weekday=False)).count(), mark
    quotes = page.locator("blockquote.gt-said")
    expect(quotes.filter(has_text=SAID_AT_SCHOOL).first).to_be_visible()
    expect(quotes.filter(has_text=SAID_AT_HOME).first).to_be_visible()
    yesterday = today() - timedelta(days=1)
    for part in ("day", "month", "year"):
        page.locator(f"#known_on-{part}").fill(str(getattr(yesterday, part)))
    click(page.get_by_role("button", name="Show", exact=True))
    expect(page.get_by_text(f"what was known on {short(yesterday)}")).to_be_visible()
    seen = page.inner_text("body")
    for mark in (SAID_AT_SCHOOL, SAID_AT_HOME, "Initial child protection conference held", words(today(), weekday=False)):
        assert mark not in seen, mark

