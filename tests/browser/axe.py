"""Asks axe-core, inside the page, what breaks the accessibility guidelines. axe.min.js is Deque's, under MPL 2.0."""

from __future__ import annotations

from pathlib import Path
from typing import Any

AXE = (Path(__file__).parent / "vendored" / "axe.min.js").read_text(encoding="utf-8")
#: WCAG 2.2 level AA, and axe's own advice.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: Only what is broken is written out in full; what is well is not needed.
RUN = """({tags, contrast}) => axe.run(document, {
  runOnly: {type: 'tag', values: tags}, resultTypes: ['violations'], rules: {'color-contrast': {enabled: contrast}},
})"""
CONTRAST = "where => axe.run({include: where}, {runOnly: ['color-contrast'], resultTypes: ['violations']})"
#: What has other colours, or is there at all, at one width alone (held by test_colours.py); all else is looked at once.
BY_WIDTH = (
    ".gt-bar__more", ".gt-narrow", ".gt-rows__label", ".gt-compare__who", ".moj-filter-layout__filter", ".moj-action-bar__filter",
    ".moj-side-navigation__item", ".probation-common-header__button-container", ".govuk-tabs__list-item", ".govuk-tabs__tab",
    ".govuk-tabs__title", ".gt-narrow-only", ".gt-stack__label", ".gt-work__who", ".gt-work__when",
)  # fmt: skip


def violations(page: Any, *, contrast: bool = True) -> list[str]:
    """Each broken rule and where, as one line; empty when the page is well. It gets past the page's policy. Without
    `contrast`, contrast is looked at only where colours hang on the width: it takes more than half of the time."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate(RUN, {"tags": TAGS, "contrast": contrast})
    told = found["violations"]
    if not contrast:
        there = [one for one in BY_WIDTH if page.locator(one).count()]
        told += page.evaluate(CONTRAST, [[one] for one in there])["violations"] if there else []
    return [
        f"{each['id']} ({each['impact']}): {each['help']}: "
        + "; ".join(node["html"][:160] for node in each["nodes"][:4])
        for each in told
    ]


def wider_than_screen(page: Any) -> int:
    """How many pixels the page scrolls sideways: none, at any width."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
