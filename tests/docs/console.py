"""Reads a console block as commands with what they print, and compares. Knows only the standard library.

A line that starts with `$ ` is a command; a command ends its lines with a backslash to go on. The lines under it are
what it prints: `...` on a line of its own stands for any lines, inside a line for any text. A command with nothing
under it is only asked to succeed. `$ command  # exit 2` says that it fails with that code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_EXIT = re.compile(r"\s+# exit (\d+)$")


@dataclass(slots=True)
class Command:
    """One command, the code it ends with and what it prints."""

    text: str
    code: int = 0
    expected: list[str] = field(default_factory=list)


def commands(block: str) -> list[Command]:
    """Raises ValueError for a line before the first command."""
    found: list[Command] = []
    going_on = False
    for line in block.splitlines():
        if going_on:
            found[-1].text += "\n" + line
            going_on = line.endswith("\\")
        elif line.startswith("$ "):
            found.append(Command(line.removeprefix("$ ")))
            going_on = line.endswith("\\")
        elif not found:
            raise ValueError(f"a console block starts with a command, `$ ...`, not {line!r}")
        else:
            found[-1].expected.append(line.rstrip())
    for one in found:
        if code := _EXIT.search(one.text):
            one.text, one.code = one.text[: code.start()], int(code.group(1))
        while one.expected and not one.expected[-1]:
            one.expected.pop()
    return found


def difference(expected: list[str], printed: str) -> str | None:
    """What differs between the lines a page shows and what was printed; None where nothing does."""
    if not expected:
        return None
    pattern = "".join(
        r"(?:[^\n]*\n)*?"
        if line == "..."
        else re.escape(line).replace(re.escape("..."), r"[^\n]*?") + r"[ \t]*\n"
        for line in expected
    )
    if re.fullmatch(pattern, printed.rstrip() + "\n"):
        return None
    return (
        "the page shows\n"
        + "\n".join(f"    {line}" for line in expected)
        + "\nbut it prints\n"
        + "\n".join(f"    {line}" for line in printed.rstrip().splitlines())
    )
