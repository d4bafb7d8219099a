"""Two words with which a pathway says what it is for the whole partnership: `registers`, its actions, and `dispute`.

`registers` (in a pathway or a fragment) names the events that make an action, tell how it goes, end it and open it again, and
the answers that say what, who and by when; the action register is built from them alone. `dispute` names the answers that
the list of disputes shows. Pure; depends on `terms`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from .terms import Slug, Strict, Text

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
