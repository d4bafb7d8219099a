"""The runner of the documentation's commands must itself be able to fail."""

from __future__ import annotations

import pytest

from .console import commands, difference
from .reading import Block


def test_commands_are_told_from_what_they_print():
    first, second = commands("$ one \\\n  more\nprinted\n\n$ two  # exit 2\n")
    assert (first.text, first.code, first.expected) == ("one \\\n  more", 0, ["printed"])
    assert (second.text, second.code, second.expected) == ("two", 2, [])


def test_text_before_the_first_command_is_refused():
    with pytest.raises(ValueError, match="starts with a command"):
        commands("printed\n$ one\n")


@pytest.mark.parametrize(
    ("expected", "printed"),
    [
        (["a", "b"], "a\nb\n"),
        (["a", "...", "z"], "a\nz\n"),
        (["a", "..."], "a\nb\nc\n"),
        (["took ... s"], "took 1.2 s\n"),
    ],
)
def test_what_fits(expected, printed):
    assert difference(expected, printed) is None


@pytest.mark.parametrize(
    ("expected", "printed"),
    [
        (["a"], "a\nb\n"),
        (["a"], "b\n"),
        (["a", "...", "z"], "a\nb\n"),
        (["took ... s"], "took 1.2 minutes\n"),
        (["a"], ""),
    ],
)
def test_what_does_not_fit(expected, printed):
    assert "but it prints" in (difference(expected, printed) or "")


def test_a_block_that_is_not_run_says_why():
    assert Block("page", 1, "console", "no-run: needs a server", "").why_not_run == "needs a server"
    assert Block("page", 1, "console", "no-run", "").why_not_run == ""
    assert Block("page", 1, "console", "", "").why_not_run is None
