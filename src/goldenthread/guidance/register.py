"""Two words with which a pathway says what it is for the whole partnership: `registers`, its actions, and `dispute`.

`registers` (in a pathway or a fragment) names the events that make an action, tell how it goes, end it and open it again, and
the answers that say what, who and by when; the action register is built from them alone. `dispute` names the answers that
the list of disputes shows. Pure; depends on `pathway` and `terms`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from .terms import Slug, Strict, Text

if TYPE_CHECKING:
    from .library import Library
    from .pathway import Pathway

Source = Literal["review", "audit", "meeting", "marac", "inspection", "risk", "challenge", "plan"]
SOURCES: Mapping[str, str] = {
    "review": "Review", "audit": "Audit", "meeting": "Meeting", "marac": "MARAC", "inspection": "Inspection", "risk": "Risk",
    "challenge": "Challenge", "plan": "Case or plan",
}  # fmt: skip


class Registered(Strict):
    """One kind of action that a pathway's events make. Answers are named once and taken from whichever event asks them."""

    title: Text | None = None
    """What one is called, such as "Action"; by default as the pathway is."""
    agreed: list[Slug] = Field(min_length=1)
    """Events by which it is agreed. Another of the same number replaces what was said, such as the day."""
    number: Slug | None = None
    """The answer that tells one from another in a case; without it the case itself is the action."""
    what: Slug
    agency: Slug | None = None
    who: Slug | None = None
    """The answer that says who in that agency."""
    due: Slug | None = None
    source: Slug | None = None
    """The answer that says where it comes from; without it the pathway's `actions_from`."""
    where: Slug | None = None
    """The answer that says at which meeting or in which document it was agreed."""
    measure: Slug | None = None
    """The answer that names the indicator by which it will be seen to have worked."""
    progressed: list[Slug] = Field(default_factory=list)
    """Events that tell how it goes, such as progress, evidence and what became of it."""
    progress: Slug | None = None
    """The answer that says how it goes: red, amber, green, as the file words it."""
    said: Slug | None = None
    evidence: Slug | None = None
    """The answer that says what shows it."""
    evidence_dated: Slug | None = None
    """The evidence's own date, which is not the day on which it was recorded."""
    done: list[Slug] = Field(default_factory=list)
    """Of these, the events by which it is done though not closed, as its effect is still to be judged: late no more."""
    closed: list[Slug] = Field(default_factory=list)
    how: Slug | None = None
    """The answer that says what became of it."""
    changed: Slug | None = None
    """The answer that says what changed: its impact."""
    reopened: list[Slug] = Field(default_factory=list)
    duty: Slug | None = None
    """Its clock."""


ANSWERS = (
    "number", "what", "agency", "who", "due", "source", "where", "measure", "progress", "said", "evidence", "evidence_dated",
    "how", "changed",
)  # fmt: skip
EVENTS = ("agreed", "progressed", "done", "closed", "reopened")


class Dispute(Strict):
    """What the list of disputes shows of a pathway's cases: answers of the event that opens them and of the one that ends."""

    category: Slug
    problem: Slug
    with_whom: Slug | None = None
    outcome: Slug | None = None
    changed: Slug
    """What changed for the child."""
    from_alert: Mapping[Slug, str] = Field(default_factory=dict)
    """Answers already given where somebody makes a dispute of an alert."""


def check_register(library: Library, pathway: Pathway) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Names under `registers`, `dispute`, `owed_by` and `reminders` that lead nowhere."""
    asked = {answer for event in pathway.events.values() for answer in event.asks}
    for name, entry in pathway.registers.items():
        at = ("registers", name)
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
    named: list[tuple[tuple[Any, ...], str | None]] = [(("reminders",), pathway.reminders)]
    named += [(("duties", identity, "reminders"), duty.reminders) for identity, duty in pathway.duties.items()]
    for where, rule in named:
        if rule is not None and library.reminders is not None and rule not in library.reminders.rules:
            yield where, f"there is no rule {rule!r} in reminders.yaml{_near(rule, library.reminders.rules)}"


def _near(name: str, known: Any) -> str:
    near = get_close_matches(name, [str(one) for one in known], n=1, cutoff=0.5)
    return f"; did you mean {near[0]!r}?" if near else ""
