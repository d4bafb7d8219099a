"""Colours do not hang on the width of the screen but where `axe.BY_WIDTH` says so: contrast is looked at at one width."""

from __future__ import annotations

import re
from pathlib import Path

import goldenthread

from .axe import BY_WIDTH

_MEDIA = re.compile(r"@media([^{]*)\{")
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
_COLOUR = re.compile(r"(?:^|;)\s*(?:color|background|background-color|opacity)\s*:")
_HIDDEN = re.compile(r"(?:^|;)\s*display\s*:\s*none")
_SHOWN = re.compile(r"(?:^|;)\s*display\s*:\s*(?!\s|none)")


def coloured_by_width(css: str) -> list[str]:
    """The selectors whose colours are said inside a media query that asks for a width."""
    return said_by_width(css, _COLOUR)


def shown_when_narrow(css: str) -> list[str]:
    """The selectors of what is hidden but on a narrow screen."""
    hidden = {one[1].strip() for one in _RULE.finditer(css) if _HIDDEN.search(one[2])}
    return [one for one in said_by_width(css, _SHOWN, "max-width") if one in hidden]


def said_by_width(css: str, what: re.Pattern[str], width: str = "width") -> list[str]:
    found = []
    for media in _MEDIA.finditer(css):
        depth, end = 1, media.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(css[end], 0)
            end += 1
        if width in media[1]:
            rules = _RULE.finditer(css[media.end() : end - 1])
            found += [one[1].strip() for one in rules if what.search(one[2])]
    return found


def test_colours_by_width_are_found() -> None:
    assert coloured_by_width("a{color:red}@media (min-width:1em){.b{margin:0;color:red}.c{top:0}}") == [".b"]
    assert coloured_by_width("@media print{.b{color:red}}") == []


def test_each_place_whose_colours_hang_on_the_width_is_looked_at_at_both() -> None:
    sheets = list(Path(goldenthread.__file__).parent.rglob("*.css"))
    told = [
        (sheet.name, one)
        for sheet in sheets
        for css in [sheet.read_text("utf-8")]
        for one in (*coloured_by_width(css), *shown_when_narrow(css))
    ]
    assert any(one == ".gt-narrow-only" for _, one in told)
    assert told and [each for each in told if not any(place in each[1] for place in BY_WIDTH)] == []
