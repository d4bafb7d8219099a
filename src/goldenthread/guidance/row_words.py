"""The words for "when", beside a row that is counted: `12 months before`, `in the period`, `2 years to the end`.

Pure. Counting days is the business of whoever evaluates; `Window` only says which days are meant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .words import ELAPSED, Interval, Unit

Kind = Literal["before", "after", "any_before", "by_then", "any_after", "in_period", "to_end", "during", "that_day"]

_PLAIN: dict[str, Kind] = {
    "any time before": "any_before",
    "by then": "by_then",
    "any time after": "any_after",
    "in the period": "in_period",
    "during it": "during",
    "that day": "that_day",
}
_WORDS: dict[Kind, str] = {kind: words for words, kind in _PLAIN.items()}
_COUNTED: tuple[tuple[str, Kind], ...] = ((" before", "before"), (" after", "after"), (" to the end", "to_end"))


@dataclass(frozen=True, slots=True)
class Window:
    """The days on which something must have happened, seen from the row's own day.

    `before`: on an earlier day, and the interval counted from then reaches the row's day. `after`: on the row's day or
    later, no more than the interval later. `to_end`: in the interval that ends with the period. `during`: in the spell,
    up to the row's day.
    """

    kind: Kind
    interval: Interval | None = None

    @classmethod
    def parse(cls, text: str) -> Window:
        """Read "12 months before"; raises ValueError with the forms that are understood."""
        words = " ".join(text.split()).lower()
        if words in _PLAIN:
            return cls(_PLAIN[words])
        for ending, kind in _COUNTED:
            if words.endswith(ending):
                interval = Interval.parse(words.removesuffix(ending))
                if interval.unit in ELAPSED or interval.unit in (
                    Unit.WORKING_DAYS,
                    Unit.SCHOOL_DAYS,
                    Unit.SCHOOL_TERMS,
                ):
                    raise ValueError(f"{text!r}: count in days, weeks, months or years; other clocks are duties")
                return cls(kind, interval)
        raise ValueError(
            f"{text!r} is not understood; write {', '.join(repr(one) for one in _PLAIN)}, "
            "'12 months before', '30 days after' or '2 years to the end'"
        )

    @property
    def needs_period(self) -> bool:
        return self.kind in ("in_period", "to_end")

    def __str__(self) -> str:
        if self.interval is None:
            return _WORDS[self.kind]
        return f"{self.interval} {'to the end' if self.kind == 'to_end' else self.kind}"


def in_months_or_days(interval: Interval) -> tuple[int, int]:
    """An interval of days, weeks, months or years as (months, days)."""
    if interval.unit is Unit.YEARS:
        return 12 * interval.amount, 0
    if interval.unit is Unit.MONTHS:
        return interval.amount, 0
    if interval.unit is Unit.WEEKS:
        return 0, 7 * interval.amount
    return 0, interval.amount
