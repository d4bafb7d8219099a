"""How a number is printed: rounded as its publication does, or a mark with the reason. Pure.

Percentages and rates are worked out from counts that are not rounded. They are kept back when any count they are made
of is, or could be worked out from them. Halves are rounded up.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from .conventions import Convention

Reason = Literal["number", "small", "for another", "not available", "not applicable", "low"]

_WORDS: dict[Reason, str] = {
    "number": "",
    "small": "kept back: a small number",
    "for another": "kept back: a small number could be worked out from it",
    "not available": "not available",
    "not applicable": "not applicable",
    "low": "rounds to zero and is not zero",
}


@dataclass(frozen=True, slots=True)
class Printed:
    """What a page shows. `number` is the rounded number, None where a mark stands. `reason` stays in need to know."""

    text: str
    number: Decimal | None
    reason: Reason

    @property
    def kept_back(self) -> bool:
        return self.reason in ("small", "for another")

    def why(self) -> str:
        """For the analyst. A reader outside sees one mark and is never told which of the two it is."""
        return _WORDS[self.reason]


def missing(rule: Convention) -> Printed:
    return Printed(rule.marks.not_available, None, "not available")


def kept_back(rule: Convention, reason: Reason) -> Printed:
    return Printed(rule.marks.suppressed, None, reason)


def rounded(count: int | Decimal, nearest: int) -> int:
    """To the nearest, halves up: 25 to the nearest 10 is 30."""
    return int((Decimal(count) / nearest).quantize(Decimal(1), ROUND_HALF_UP)) * nearest


def count(value: int, rule: Convention, level: str | None = None) -> Printed:
    """A count that may be printed."""
    shown = rounded(value, rule.nearest(level))
    return Printed(f"{shown:,}", Decimal(shown), "number")


def percentage(part: int, of: int, rule: Convention, behind: Iterable[Printed] = ()) -> Printed:
    """A percentage of counts that are not rounded. `behind` are the counts it is made of, as they are printed."""
    if part > of:
        raise ValueError("a part is never more than its whole")
    return _quotient(part, of, 100, rule.decimals.percentage, rule, behind)


def rate(
    events: int, population: int, rule: Convention, behind: Iterable[Printed] = (), per: int = 10_000
) -> Printed:
    """A rate in a population that is public."""
    return _quotient(events, population, per, rule.decimals.rate, rule, behind)


def change(now: int, before: int, rule: Convention, behind: Iterable[Printed] = ()) -> Printed:
    """A difference between two counts: with one of them kept back, it would give it away."""
    if (found := _worst(behind, rule)) is not None:
        return found
    value = Decimal(now - before)
    return Printed(f"{value:+,}" if value else "0", value, "number")


def _quotient(
    top: int, bottom: int, times: int, decimals: int, rule: Convention, behind: Iterable[Printed]
) -> Printed:
    if (found := _worst(behind, rule)) is not None:
        return found
    if bottom == 0:
        return Printed(rule.marks.not_applicable, None, "not applicable")
    exact = Decimal(top) * times / Decimal(bottom)
    shown = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    if shown == 0 and top > 0 and rule.marks.low is not None:
        return Printed(rule.marks.low, None, "low")
    return Printed(f"{shown:,}", shown, "number")


def _worst(behind: Iterable[Printed], rule: Convention) -> Printed | None:
    """The mark that what is made of these must carry, if any."""
    reasons = {one.reason for one in behind}
    if reasons & {"small", "for another"}:
        return kept_back(rule, "for another")
    return missing(rule) if "not available" in reasons else None
