"""What a duty's state is called on a page, with the shape and colour that say the same to the eye.

The states are those of `clocks`; a shape goes with every colour, so that nothing is told by colour alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class DutyWords:
    """One state in words, its shape (hidden from screen readers: the word says it) and its GOV.UK tag colour."""

    word: str
    shape: str
    colour: str
    card: str = ""


DUTY_WORDS = {
    "waiting": DutyWords("Waiting", "◌", "grey"),
    "open": DutyWords("Open", "○", "blue"),
    "due_soon": DutyWords("Due soon", "◔", "orange", "soon"),
    "overdue": DutyWords("Late", "▲", "red", "late"),
    "met_on_time": DutyWords("Met on time", "✓", "green", "met"),
    "met_late": DutyWords("Met late", "◐", "yellow", "met"),
    "cancelled": DutyWords("No longer needed", "×", "grey"),
    "excused": DutyWords("Excused with reason", "–", "grey"),
    "paused": DutyWords("Paused", "‖", "grey"),
}


def duty_words(state: str | Enum) -> DutyWords:
    """The words for `state`, as the engine writes it ("due_soon", "due soon" or the enumeration's member)."""
    key = str(state.value if isinstance(state, Enum) else state).strip().lower().replace(" ", "_")
    return DUTY_WORDS.get(key) or DutyWords(key.replace("_", " ").capitalize(), "○", "grey")
