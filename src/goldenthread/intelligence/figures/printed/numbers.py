"""A number as it is printed: its digits, and what may lie behind them.

A printed 74.2 stands for anything from 74.15 to 74.25; a printed count stands for itself. So something printed as worked
out of rounded values is a slip only if no values behind them give it. Halves are rounded away from zero, as people do;
a half rounded to the even digit, as some programs do, is no slip. All arithmetic is exact, in fractions. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction

_NUMBER = re.compile(r"(?P<sign>[-−–+]?)£?(?P<whole>\d{1,3}(?:,\d{3})+|\d+)(?P<part>\.\d+)?\s?(?P<percent>%?)", re.ASCII)
_LONGEST = 15
"""Digits. No figure of a partnership has more, and a column of the database holds this many."""


class NotANumber(ValueError):
    """What is printed is no number; the message says what to write."""


@dataclass(frozen=True, slots=True)
class Number:
    """A printed number: what it says, to how many decimals, and whether a per cent sign stands behind it."""

    value: Decimal
    decimals: int
    percent: bool = False

    @classmethod
    def parse(cls, text: str) -> Number:
        """Read `9,034`, `-8.4%`, `£141,600` or `74.0`, keeping the decimals as printed. Raises NotANumber."""
        found = _NUMBER.fullmatch(text.strip())
        if found is None:
            raise NotANumber(f"{text!r} is not a number. Write digits only, such as 1234, 74.0 or -8.4%.")
        digits = found["whole"].replace(",", "") + (found["part"] or "")
        if len(digits) > _LONGEST:
            raise NotANumber(f"{text!r} has more than {_LONGEST} digits.")
        sign = "-" if found["sign"] in ("-", "−", "–") else ""
        return cls(Decimal(sign + digits), max(len(found["part"] or "") - 1, 0), bool(found["percent"]))

    @property
    def exact(self) -> Fraction:
        return Fraction(self.value)

    @property
    def half(self) -> Fraction:
        """Half of the last printed digit."""
        return Fraction(1, 2 * 10**self.decimals)

    def behind(self, *, counted: bool) -> Range:
        """What may lie behind it: itself if it was counted, else all that is printed as it."""
        if counted:
            return Range(self.exact, self.exact)
        return Range(self.exact - self.half, self.exact + self.half)

    def __str__(self) -> str:
        return f"{self.value:,.{self.decimals}f}{'%' if self.percent else ''}"


@dataclass(frozen=True, slots=True)
class Range:
    """All values from `low` to `high`, both included."""

    low: Fraction
    high: Fraction

    def __add__(self, other: Range) -> Range:
        return Range(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Range) -> Range:
        return Range(self.low - other.high, self.high - other.low)

    def times(self, factor: int | Fraction) -> Range:
        ends = (self.low * factor, self.high * factor)
        return Range(min(ends), max(ends))

    def over(self, other: Range) -> Range | None:
        """Every quotient; None if the divisor may be zero."""
        if other.low <= 0 <= other.high:
            return None
        ends = [one / two for one in (self.low, self.high) for two in (other.low, other.high)]
        return Range(min(ends), max(ends))

    def meets(self, other: Range) -> bool:
        return self.low <= other.high and other.low <= self.high


def change_within(now: Range, before: Range) -> Range | None:
    """(now - before) / before in per cent, for every pair of values behind them; None if `before` may be zero."""
    quotient = now.over(before)
    return None if quotient is None else Range((quotient.low - 1) * 100, (quotient.high - 1) * 100)


def rounded(value: Fraction, decimals: int) -> Decimal:
    """To so many decimals, a half away from zero."""
    return _to_decimals(value, decimals, ROUND_HALF_UP)


def cut(value: Fraction, decimals: int) -> Decimal:
    """The digits up to so many decimals, the rest dropped."""
    return _to_decimals(value, decimals, ROUND_DOWN)


def _to_decimals(value: Fraction, decimals: int, way: str) -> Decimal:
    scaled = abs(value) * 10**decimals
    whole = int(scaled)
    if way == ROUND_HALF_UP and scaled - whole >= Fraction(1, 2):
        whole += 1
    found = Decimal(whole).scaleb(-decimals)
    return -found if value < 0 and whole else found


def could_print(worked: Range, printed: Number) -> bool:
    """Whether anything in the range is printed so. Either way of rounding a half will do."""
    return worked.meets(printed.behind(counted=False))


def written(value: Fraction, decimals: int) -> str:
    """A worked-out number in words for people, with so many decimals."""
    return f"{rounded(value, decimals):,.{decimals}f}"
