"""Checks of a pathway's `registers`, `dispute`, `owed_by` and `reminders`: names that lead nowhere.

Pure. Yields (place in the file, problem), as `checks` does; `library` turns them into faults with file and line.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .checks import Where, _near
from .pathway import Pathway

if TYPE_CHECKING:
    from .library import Library

ANSWERS = (
    "number", "what", "agency", "who", "due", "source", "where", "measure", "progress", "said", "evidence", "evidence_dated",
    "how", "changed",
)  # fmt: skip
EVENTS = ("agreed", "progressed", "done", "closed", "reopened")


def check_register(library: Library, pathway: Pathway) -> Iterator[tuple[Where, str]]:
    """Names under `registers`, `dispute`, `owed_by` and `reminders` that lead nowhere."""
    asked = {answer for event in pathway.events.values() for answer in event.asks}
    for name, entry in pathway.registers.items():
        at: Where = ("registers", name)
        for key in EVENTS:
            for kind in getattr(entry, key):
                if kind not in pathway.events:
                    yield (*at, key), f"unknown event {kind!r}{_near(kind, pathway.events)}"
                elif entry.number and entry.number not in pathway.events[kind].asks:
                    yield (*at, key), f"{kind} does not ask {entry.number!r}, so it cannot tell which action it is about"
        for key in ANSWERS:
            answer = getattr(entry, key)
            if answer is not None and answer not in asked:
                yield (*at, key), f"no event asks {answer!r}{_near(answer, asked)}"
        if entry.duty is not None and entry.duty not in pathway.duties:
            yield (*at, "duty"), f"unknown duty {entry.duty!r}{_near(entry.duty, pathway.duties)}"
    if pathway.dispute is not None:
        for key in ("category", "problem", "with_whom", "outcome", "changed"):
            answer = getattr(pathway.dispute, key)
            if answer is not None and answer not in asked:
                yield ("dispute", key), f"no event asks {answer!r}{_near(answer, asked)}"
        opening = pathway.events[pathway.opening].asks if any(one.opens for one in pathway.events.values()) else {}
        for answer, value in pathway.dispute.from_alert.items():
            if answer not in opening:
                yield ("dispute", "from_alert"), f"the event that opens it does not ask {answer!r}{_near(answer, opening)}"
            elif opening[answer].of and value not in opening[answer].of:
                yield ("dispute", "from_alert"), f"{value!r} is not an answer to {answer}{_near(value, opening[answer].of)}"
    for identity, duty in pathway.duties.items():
        if duty.owed_by is not None:
            starts = [duty.before] if duty.before else list(duty.after or {})
            for start in starts:
                kind = start.partition(".")[0]
                if kind in pathway.events and duty.owed_by not in pathway.events[kind].asks:
                    yield (
                        ("duties", identity, "owed_by"),
                        f"{kind} does not ask {duty.owed_by!r}{_near(duty.owed_by, pathway.events[kind].asks)}",
                    )
    named: list[tuple[Where, str | None]] = [(("reminders",), pathway.reminders)]
    named += [(("duties", identity, "reminders"), duty.reminders) for identity, duty in pathway.duties.items()]
    for where, rule in named:
        if rule is not None and library.reminders is not None and rule not in library.reminders.rules:
            yield where, f"there is no rule {rule!r} in reminders.yaml{_near(rule, library.reminders.rules)}"
