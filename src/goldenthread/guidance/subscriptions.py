"""Subscriptions to the scorecard: how often people may be told of new figures, and in which words.

The file `subscriptions.yaml`. Words hold no figure and no name: they stand in a notice and in an email. Pure; depends on `terms`.
"""

from __future__ import annotations

from difflib import get_close_matches
from string import Formatter
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from .terms import Reference, Strict, Text

NAMES = ("period", "many")


def _plain(text: str) -> str:
    try:
        named = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    except ValueError as error:
        raise ValueError(f"the braces do not close: {error}") from None
    for name in named:
        if name not in NAMES:
            near = get_close_matches(name, NAMES, n=1, cutoff=0.4)
            hint = f"; did you mean {{{near[0]}}}?" if near else f"; write {' or '.join(NAMES)}"
            raise ValueError(f"these words know no {{{name}}}{hint}")
    return text


Words = Annotated[Text, Field(max_length=200), AfterValidator(_plain)]


class Subscriptions(Strict):
    """The whole of subscriptions.yaml."""

    about: Text
    may_choose: list[Literal["quarter", "year"]] = Field(min_length=1)
    """How often one may be told. By month nothing is told outside need to know."""
    most: int = Field(ge=1)
    """At most so many for one person."""
    one: Words
    """What one new period is told in: it may name the {period}."""
    several: Words
    """And of {many} subscriptions at once."""
    reference: Reference
