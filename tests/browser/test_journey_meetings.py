"""A review conference from the invitation to the issued record, by those who sit at it: the reviewing officer arranges it, a
school answers and sends its report, the family has it, the page is written as the meeting sits, it is closed and its record
goes out. Every page on the way is accessible at both widths.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from .hands import choose, click, date_in, press, settled
from .test_pages_accessible import wrong_with

SCHOOL_SAYS = "She is in school every day and eats breakfast here."
DISSENT = "Nights at home are not safe yet."


def test_a_review_conference_from_invitation_to_issued_record(sit: Any, service: Any) -> None:
    plan, wrong = service.cast["plan"], []
    officer, school = sit("reviewing.officer"), sit("school.lead")

    def look(page: Any) -> str:
        settled(page)
        wrong.extend(wrong_with(page))
        return " ".join(str(page.evaluate("document.body.textContent")).split())

    school.goto("/accounts/")
    agency = service.cast["school"]
    meeting = the_officer_arranges_it(officer, plan, agency, look)
    the_school_answers_and_sends_its_report(school, meeting, plan, look)
    the_officer_takes_the_record(officer, meeting, plan, agency, look)
    it_is_closed_and_the_record_goes_out(officer, meeting, look)
    school.goto(meeting)
    look(school)
    press(school, "Read the record")
    record = look(school)
    assert SCHOOL_SAYS not in record, "a report is read by itself"
    assert f"{agency} does not agree: {DISSENT}" in record and "I like breakfast club." in record
    with school.expect_download() as taken:
        school.get_by_role("link", name="PDF", exact=True).click()
    assert taken.value.suggested_filename.endswith(".pdf")
    officer.goto("/meetings/figures/")
    assert agency in look(officer)
    officer.goto(f"/cases/{plan['case']}/")
    told = look(officer)
    assert "Review child protection conference held" in told and DISSENT in told
    assert wrong == []


def the_officer_arranges_it(page: Any, plan: dict[str, str], agency: str, look: Any) -> str:
    page.goto(f"/cases/{plan['case']}/")
    press(page, "Arrange a meeting")
    look(page)
    press(page, "Arrange it and ask everybody")
    assert "Enter the day of the meeting" in look(page)
    now = datetime.now(ZoneInfo("Europe/London"))
    began = max(now - timedelta(hours=2), now.replace(hour=0, minute=0))  # it is looked for among today's
    date_in(page, "q-planned", str(began.day), str(began.month), str(began.year))
    page.locator("#q-planned-time").fill(f"{began:%H:%M}")
    page.get_by_label("Where?").fill("Civic centre, room 2")
    page.get_by_label("School or college").fill(agency)
    page.get_by_label("Police").fill("Lancashire Constabulary")
    page.get_by_label("Mother").fill("Jenna Trevanion")
    press(page, "Arrange it and ask everybody")
    page.wait_for_url(re.compile(r"/meetings/[0-9a-f-]{36}/$"))
    told = look(page)
    assert "Not answered" in told and "Jenna Trevanion" in told and "Must be there" in told
    address = str(page.url)
    for press_it in ("Ask somebody else", "Add a case", "Move or cancel it"):
        press(page, press_it)
        look(page)
        page.goto(address)
    page.goto("/meetings/?when=today")
    assert plan["name"] in look(page)
    page.goto("/meetings/?show=asked")
    look(page)
    return address


def the_school_answers_and_sends_its_report(page: Any, meeting: str, plan: dict[str, str], look: Any) -> None:
    page.goto("/my-work/")
    assert "for meetings to send" in look(page)
    page.goto(meeting)
    assert plan["name"] in look(page)
    click(page.get_by_role("link", name=re.compile("^Answer")))
    look(page)
    choose(page, "Will you come?", "Coming")
    press(page, "Send the answer")
    page.goto("/meetings/?show=reports")
    look(page)
    click(page.get_by_role("link", name=re.compile(f"^Send the report about {plan['name']}")))
    look(page)
    page.get_by_label("The report").fill(SCHOOL_SAYS)
    press(page, "Send the report")
    today = datetime.now(ZoneInfo("Europe/London"))
    date_in(page, "q-shared_on", str(today.day), str(today.month), str(today.year))
    press(page, "Keep the day")
    assert "The family had it on" in look(page)
    page.goto(meeting)
    assert page.get_by_role("link", name="Close the meeting").count() == 0, "only who holds it closes it"


def the_officer_takes_the_record(page: Any, meeting: str, plan: dict[str, str], agency: str, look: Any) -> None:
    page.goto(meeting)
    click(page.get_by_role("link", name=plan["name"], exact=True))
    look(page)
    page.get_by_label("Discussion").fill("All agree that mornings are better.")
    choose(page, "What did the conference decide?", "The plan goes on")
    page.get_by_label("What did the child say, in their own words?").fill("I like breakfast club.")
    page.get_by_label("What was decided, 1").fill("The plan goes on with a visit every evening for a month.")
    press(page, "Keep, and add another decision")
    page.wait_for_url("**kept=1**")
    click(page.get_by_text("An agency does not agree").first)
    page.locator("#decision-0-agency-0").fill(agency)
    page.locator("#decision-0-why-0").fill(DISSENT)
    page.locator("#agreed-0-what").fill("Visit every evening.")
    press(page, "Keep, and add another action")
    assert "Choose the agency that will do it" in look(page), "what was typed stays"
    page.locator("#agreed-0-agency").fill("Lancashire Constabulary")
    soon = datetime.now(ZoneInfo("Europe/London")) + timedelta(days=30)
    date_in(page, "agreed-0-due", str(soon.day), str(soon.month), str(soon.year))
    press(page, "Keep this page")
    page.wait_for_url(meeting)
    press(page, "Mark who came")
    look(page)
    for group in page.locator("main").get_by_role("group").all():  # the bar folds some links in a group of its own
        group.get_by_label(re.compile("^Came")).first.check()
    press(page, "Keep who came")
    assert "Yes" in look(page)


def it_is_closed_and_the_record_goes_out(page: Any, meeting: str, look: Any) -> None:
    press(page, "Close the meeting")
    look(page)
    press(page, "Close the meeting")
    page.wait_for_url(meeting)
    assert "what it decided is in each case" in look(page)
    press(page, "Send out the record")
    look(page)
    press(page, "Send it out")
    page.wait_for_url(meeting)
    assert "Record sent out" in look(page)
    for address in ("/meetings/new/", "/meetings/?show=close", "/meetings/?show=reports"):
        page.goto(address)
        look(page)
