"""Dates as people know them: a day, a month, a year, or about a year. Pure: knows no database.

`read_date` takes what someone typed, in any usual British form; the message it raises is fit to show.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
          "november", "december")  # fmt: skip
_ABOUT = re.compile(
    r"^(?:about|abt|around|approx(?:imately)?|circa|ca|c|est(?:imated)?)\.?\s*(?=\d|[a-z]{3})", re.I
)
_NUMBERS = re.compile(r"^(\d{1,2})[\s./-]+(\d{1,2})[\s./-]+(\d{4}|\d{2})$")
_ISO = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})$")
_WORDS = re.compile(r"^(\d{1,2})(?:st|nd|rd|th)?[\s./-]+([a-z]+)\.?,?[\s./-]+(\d{4}|\d{2})$", re.I)
_MONTH = re.compile(r"^([a-z]{3,})\.?,?[\s./-]+(\d{4})$", re.I)
_MONTH_NUMBERS = re.compile(r"^(\d{1,2})[/.-](\d{4})$")
_YEAR = re.compile(r"^(\d{4})$")
HOW = "Enter a date like 14 5 2017, or May 2017, or 2017 if that is all you know"


@dataclass(frozen=True, slots=True)
class KnownDate:
    """A date as far as it is known. `first` is the first day it can be; `precision` as in `models.Precision`."""

    first: date
    precision: str = "day"

    @property
    def last(self) -> date:
        """The last day it can be."""
        if self.precision == "month":
            return self.first.replace(day=monthrange(self.first.year, self.first.month)[1])
        if self.precision in ("year", "estimated"):
            return self.first.replace(month=12, day=31)
        return self.first

    def words(self) -> str:
        month = MONTHS[self.first.month - 1].capitalize()
        return {
            "day": f"{self.first.day} {month} {self.first.year}",
            "month": f"{month} {self.first.year}",
            "estimated": f"about {self.first.year}",
        }.get(self.precision, str(self.first.year))


def read_date(text: str, today: date) -> KnownDate:
    """Raises ValueError, with words for the person who typed it, for what is not a date."""
    typed = " ".join(text.split())
    about = _ABOUT.match(typed)
    typed = typed[about.end() :] if about else typed
    known = _read(typed, today)
    return KnownDate(known.first.replace(month=1, day=1), "estimated") if about else known


def _read(typed: str, today: date) -> KnownDate:
    if found := _ISO.match(typed):
        return KnownDate(_day(int(found[1]), int(found[2]), int(found[3])))
    if found := _NUMBERS.match(typed):
        return KnownDate(_day(_year(found[3], today), int(found[2]), int(found[1])))
    if found := _WORDS.match(typed):
        return KnownDate(_day(_year(found[3], today), _month(found[2]), int(found[1])))
    if found := _MONTH.match(typed):
        return KnownDate(_day(int(found[2]), _month(found[1]), 1), "month")
    if found := _MONTH_NUMBERS.match(typed):
        return KnownDate(_day(int(found[2]), int(found[1]), 1), "month")
    if found := _YEAR.match(typed):
        return KnownDate(_day(int(found[1]), 1, 1), "year")
    raise ValueError(HOW)


def _year(digits: str, today: date) -> int:
    """Of a year of two digits, the latest that is not in the future by more than a year."""
    year = int(digits)
    if len(digits) == 4:
        return year
    return 2000 + year if 2000 + year <= today.year + 1 else 1900 + year


def _month(word: str) -> int:
    short = word.lower()
    for number, month in enumerate(MONTHS, start=1):
        if len(short) >= 3 and (month.startswith(short) or short == "sept" == month[:4]):
            return number
    raise ValueError(HOW)


def _day(year: int, month: int, day: int) -> date:
    if not 1880 <= year <= 2200:
        raise ValueError("The year must be written with 4 digits, like 2017")
    if not 1 <= month <= 12:
        raise ValueError("The month must be between 1 and 12. Dates are written day, month, year")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"{MONTHS[month - 1].capitalize()} {year} has no day {day}") from None
