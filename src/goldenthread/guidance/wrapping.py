"""Guidance as plain text for a terminal: headings underlined, sentences wrapped. Pure; depends on nothing."""

from __future__ import annotations

import textwrap


def heading(words: str) -> list[str]:
    return ["", words, "-" * len(words), ""]


def wrapped(text: str, width: int, lead: str = "", hang: str = "") -> list[str]:
    """Lines of at most `width`; the first begins with `lead`, the others with `hang`."""
    return textwrap.wrap(" ".join(text.split()), width, initial_indent=lead, subsequent_indent=hang, break_on_hyphens=False)
