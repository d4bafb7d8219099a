"""What hands do at a page: press, choose, type, tab. For all journeys."""

from __future__ import annotations

import time
from typing import Any

from playwright.sync_api import Error, expect

# Lets a page say that a form was sent or a link followed, until the next page takes its place.
WATCH = """() => {
  if ("leaving" in window) return;
  window.leaving = false;
  addEventListener("submit", event => { if (!event.defaultPrevented) window.leaving = true; });
  addEventListener("click", event => {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || link.target || link.hasAttribute("download")) return;
    const place = new URL(link.href), here = location;
    window.leaving = !(place.hash && place.pathname === here.pathname && place.search === here.search);
  });
}"""
THERE = "document.readyState === 'complete' && window.leaving !== true"


def asked(page: Any, script: str) -> Any:
    """What the page answers, or None if it went away while it was asked."""
    try:
        return page.evaluate(script)
    except Error as fault:
        if "destroyed" not in fault.message and "navigat" not in fault.message:
            raise
    return None


def settled(page: Any, seconds: float = 20) -> Any:
    """The page, once the one that the last click asked for is there: a click returns before the browser has left."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and not asked(page, THERE):
        page.wait_for_timeout(20)
    return page


def click(what: Any) -> None:
    """Click, and wait for the page that it leads to, if it leads to one."""
    asked(settled(what.page), WATCH)
    what.click()
    settled(what.page)


def press(page: Any, name: str) -> None:
    """A button, or a link that looks like one or not."""
    click(page.get_by_role("button", name=name, exact=True).or_(page.get_by_role("link", name=name, exact=True)).first)


def choose(page: Any, question: str, *answers: str) -> None:
    """One or several answers of a question, whether they stand in a list or each has a button."""
    box = page.get_by_role("combobox", name=question)
    if box.count():
        box.select_option(label=answers[0])
        return
    group = page.get_by_role("group", name=question)
    for answer in answers:
        group.get_by_label(answer, exact=True).check()


def date_in(page: Any, field: str, day: str, month: str, year: str) -> None:
    """Fill the three boxes of a date."""
    for part, typed in (("day", day), ("month", month), ("year", year)):
        page.locator(f"#{field}-{part}").fill(typed)


def go_on(page: Any) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="Continue", exact=True).click()
    settled(page)
    assert not page.title().startswith("Error"), page.locator(".govuk-error-summary").inner_text()


def record(page: Any) -> None:
    click(page.get_by_role("button", name="Record", exact=True))
    page.wait_for_url("**recorded=**")


def tab_to(page: Any, name: str, most: int = 90) -> None:
    """Press Tab until the element with this name has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if name in page.evaluate(
            "(e => e.labels?.length ? e.labels[0].innerText : (e.getAttribute('aria-label') || e.innerText || ''))"
            "(document.activeElement)"
        ):
            return
    raise AssertionError(f"Tab does not reach “{name}” on {page.url}")


def the_form_is_refused(page: Any, message: str, field: str) -> None:
    """The summary has the focus and says what is wrong; its link leads to the field."""
    assert page.title().startswith("Error: "), page.title()
    assert "govuk-error-summary" in page.evaluate("document.activeElement.className")
    link = page.locator(".govuk-error-summary").get_by_role("link", name=message)
    expect(link).to_be_visible()
    click(link)
    focused = page.evaluate("document.activeElement.id")
    assert focused == field, (focused, field)
