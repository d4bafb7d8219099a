"""The proof of a due date: every run of days counted, every day skipped and why, every extension and pause."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from .calendar import LONDON


def in_words(when: date | datetime) -> str:
    """A day or a moment as it is read out: "Monday 21 December 2026", "09:00 on Monday 21 December 2026"."""
    if isinstance(when, datetime):
        local = when.astimezone(LONDON)
        return f"{local:%H:%M} on {in_words(local.date())}"
    return f"{when:%A} {when.day} {when:%B} {when.year}"


def span_in_words(first: date, last: date) -> str:
    """A run of days, as short as it can be said."""
    if first == last:
        return in_words(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first:%A} {first.day} to {in_words(last)}"
    if first.year == last.year:
        return f"{first:%A} {first.day} {first:%B} to {in_words(last)}"
    return f"{in_words(first)} to {in_words(last)}"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a proof. `counted` is the number of the last day counted so far, where days are counted."""

    text: str
    counted: int | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """How a due date was worked out. `due` is a day, a moment for clocks in hours, or None while it cannot be known."""

    due: date | datetime | None
    rule: str
    steps: tuple[Step, ...] = field(default_factory=tuple)
    certain: bool = True
    outcome: str = ""
    """What became of it: met, ended, excused, or still paused."""
    reference: str = ""

    def lines(self) -> list[str]:
        """The proof in words, a line each, the rule first and the source last."""
        found = [self.rule, *(step.text for step in self.steps)]
        if self.due is not None:
            found.append(f"Due: {in_words(self.due)}")
        if self.outcome:
            found.append(self.outcome)
        if not self.certain:
            found.append(
                "Not certain: this reaches beyond the bank holidays that are known. Weekends only were skipped there."
            )
        if self.reference:
            found.append(f"Source: {self.reference}")
        return found
