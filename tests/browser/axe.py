"""Asks axe-core, inside the page, what breaks the accessibility guidelines. axe.min.js is Deque's, under MPL 2.0."""

from __future__ import annotations

from pathlib import Path
from typing import Any

AXE = (Path(__file__).parent / "vendored" / "axe.min.js").read_text(encoding="utf-8")
#: WCAG 2.2 level AA, and axe's own advice.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: Only what is broken is written out in full; what is well is not needed.
RUN = "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})"


def violations(page: Any) -> list[str]:
    """Each broken rule and where, as one line; empty when the page is well. It gets past the page's policy."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate(RUN, TAGS)
    return [
        f"{each['id']} ({each['impact']}): {each['help']}: "
        + "; ".join(node["html"][:160] for node in each["nodes"][:4])
        for each in found["violations"]
    ]


def wider_than_screen(page: Any) -> int:
    """How many pixels the page scrolls sideways: none, at any width."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
