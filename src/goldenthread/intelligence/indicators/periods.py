"""Periods: months, quarters and years of the financial year, and twelve months up to the end of a month.

Pure. Years run from 1 April to 31 March (statutory returns for children's social care); `2016/17 Q1` is April to June 2016.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

_YEAR = re.compile(r"(\d{4})/(\d{2})")
_QUARTER = re.compile(r"(\d{4})/(\d{2}) Q([1-4])")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_ROLLING = re.compile(r"12 months to (\d{4})-(\d{2})")
FREQUENCIES = ("month", "quarter", "year", "rolling_year")


class WrongPeriod(ValueError):
    """A period that cannot be read; the message says how periods are written."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """First and last day, both counted."""

    start: date
    end: date
    frequency: str

    @property
    def key(self) -> str:
        """As it is written: 2016/17, 2016/17 Q1, 2016-04, 12 months to 2016-12."""
        if self.frequency == "month":
            return f"{self.start:%Y-%m}"
        if self.frequency == "rolling_year":
            return f"12 months to {self.end:%Y-%m}"
        year = self.start.year - (self.start.month < 4)
        words = f"{year}/{(year + 1) % 100:02}"
        return words if self.frequency == "year" else f"{words} Q{(self.start.month - 4) % 12 // 3 + 1}"

    def __str__(self) -> str:
        return self.key

    @property
    def population_year(self) -> int:
        """The mid-year estimate that rates are worked out on: of the last 30 June in the period or before it."""
        return self.end.year if (self.end.month, self.end.day) >= (6, 30) else self.end.year - 1

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read `2016/17`, `2016/17 Q1`, `2016-04` or `12 months to 2016-12`. Raises WrongPeriod."""
        words = " ".join(text.split())
        if found := _YEAR.fullmatch(words):
            return cls.year(_first_year(found[1], found[2], text))
        if found := _QUARTER.fullmatch(words):
            return cls.quarter(_first_year(found[1], found[2], text), int(found[3]))
        if (found := _MONTH.fullmatch(words)) and 1 <= int(found[2]) <= 12:
            return cls.month(int(found[1]), int(found[2]))
        if (found := _ROLLING.fullmatch(words)) and 1 <= int(found[2]) <= 12:
            return cls.rolling_year(int(found[1]), int(found[2]))
        raise WrongPeriod(
            f"{text!r} is not a period; write 2016/17, '2016/17 Q1', 2016-04 or '12 months to 2016-12'"
        )

    @classmethod
    def year(cls, first: int) -> Period:
        return cls(date(first, 4, 1), date(first + 1, 3, 31), "year")

    @classmethod
    def quarter(cls, first: int, number: int) -> Period:
        month = 3 * number + 1
        year, month = (first, month) if month <= 12 else (first + 1, month - 12)
        return cls(date(year, month, 1), _last(year, month + 2), "quarter")

    @classmethod
    def month(cls, year: int, month: int) -> Period:
        return cls(date(year, month, 1), _last(year, month), "month")

    @classmethod
    def rolling_year(cls, year: int, month: int) -> Period:
        """Twelve months that end with this month."""
        start = date(year, 1, 1) if month == 12 else date(year - 1, month + 1, 1)
        return cls(start, _last(year, month), "rolling_year")

    def parts(self, frequency: str) -> list[Period]:
        """The periods of another frequency that end in this one."""
        return [one for one in between(self.start, self.end, [frequency]) if one.start >= self.start]


def between(first: date, last: date, frequencies: Iterable[str]) -> list[Period]:
    """Every period of these frequencies that ends between two days, in order."""
    found: list[Period] = []
    for frequency in frequencies:
        for year, month in _months(first, last):
            end = _last(year, month)
            if not first <= end <= last:
                continue
            fiscal = year - (month < 4)
            if frequency == "month":
                found.append(Period.month(year, month))
            elif frequency == "rolling_year":
                found.append(Period.rolling_year(year, month))
            elif frequency == "quarter" and month % 3 == 0:
                found.append(Period.quarter(fiscal, (month - 4) % 12 // 3 + 1))
            elif frequency == "year" and month == 3:
                found.append(Period.year(fiscal))
    return found


def previous(period: Period) -> Period:
    """The period of the same length that ends the day before this one starts."""
    year, month = divmod(period.start.year * 12 + period.start.month - 2, 12)
    month += 1
    if period.frequency == "month":
        return Period.month(year, month)
    if period.frequency == "rolling_year":
        return Period.rolling_year(year, month)
    fiscal = year - (month < 4)
    if period.frequency == "year":
        return Period.year(fiscal)
    return Period.quarter(fiscal, (month - 4) % 12 // 3 + 1)


def _months(first: date, last: date) -> Iterator[tuple[int, int]]:
    for index in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        yield index // 12, index % 12 + 1


def _last(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _first_year(first: str, second: str, text: str) -> int:
    if (int(first) + 1) % 100 != int(second):
        raise WrongPeriod(f"{text!r} is not a financial year; write one such as 2016/17")
    return int(first)
