"""The words of time that guidance is written in: units, intervals and values with dates of force.

Pure: depends on nothing above the standard library. Counting days is the business of `goldenthread.clocks`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Generic, TypeVar


class Unit(StrEnum):
    """A unit of time, spelt as guidance spells its plural."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working days"
    SCHOOL_DAYS = "school days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"
    SCHOOL_TERMS = "school terms"
    WHOLE_MONTHS = "whole months"
    """To the last day of a calendar month: "1 whole month" from any day of May ends on 30 June, "0 whole months" on 31 May."""
    WHOLE_YEARS = "whole years"
    """To 31 December, in the same way."""


ELAPSED = frozenset({Unit.MINUTES, Unit.HOURS})
"""Units that run by the clock, through nights, weekends and clock changes."""

WHOLE = frozenset({Unit.WHOLE_MONTHS, Unit.WHOLE_YEARS})
"""Units that end with a calendar month or year, on whatever day they begin."""

_INTERVAL = re.compile(
    r"^\s*(\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|next)\s+"
    r"(?:(?P<cal>calendar)\s+)?"
    r"(?P<unit>minutes?|hours?|days?|working days?|school days?|weeks?|months?|years?|school terms?|terms?|"
    r"whole months?|whole years?)\s*$",
    re.IGNORECASE,
)
_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
            "ten": 10, "twelve": 12, "next": 1}


@dataclass(frozen=True, slots=True)
class Interval:
    """A length of time as guidance writes it, such as "15 working days" or "6 months"."""

    amount: int
    unit: Unit

    @classmethod
    def parse(cls, text: str) -> Interval:
        """Read "15 working days", "72 hours", "1 calendar month", "1 school term", "1 whole month".

        Raises ValueError with the forms that are understood.
        """
        match = _INTERVAL.match(text)
        if not match:
            raise ValueError(
                f"{text!r} is not a length of time; write a whole number and a unit, such as "
                "'15 working days', '72 hours', '6 weeks', '3 months', '5 school days' or '1 school term'"
            )
        word = match.group(1).lower()
        amount = _NUMBERS[word] if word in _NUMBERS else int(word)
        unit = match.group("unit").lower().rstrip("s") + "s"
        if unit == "terms":
            unit = "school terms"
        return cls(amount, Unit(unit))

    @cache  # noqa: B019 (few lengths there are, and every duty that is stored says its own)
    def __str__(self) -> str:
        unit = self.unit.value
        return f"{self.amount} {unit[:-1] if self.amount == 1 else unit}"


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Dated(Generic[T]):
    """A value that changes on dates: guidance in force at the trigger decides which applies.

    `steps` are (first day in force, value), earliest first; a value of None says that the rule ended on that day.
    """

    steps: tuple[tuple[date, T | None], ...]

    def __post_init__(self) -> None:
        days = [day for day, _ in self.steps]
        if not days:
            raise ValueError("give at least one date of force")
        if days != sorted(set(days)):
            raise ValueError("dates of force must rise, each given once")

    def on(self, day: date) -> T | None:
        """The value in force on `day`, or None before the first date or after the rule ended."""
        found = bisect_right(self.steps, day, key=lambda step: step[0])
        return self.steps[found - 1][1] if found else None

    def __iter__(self) -> Iterator[tuple[date, T | None]]:
        return iter(self.steps)
