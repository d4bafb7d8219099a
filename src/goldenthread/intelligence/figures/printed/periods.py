"""Periods as documents print them, and their order.

`2016/17` a year from April, `2016/17 Q1`, `2016-04` a month, `2019` a year, `2017-03-31` a day, `2016-08/2017-03` months
from and to, and `latest` and `previous` where a document says only that. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

_FINANCIAL = re.compile(r"(\d{4})/(\d{2})(?: Q([1-4]))?", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_MONTHS = re.compile(r"(\d{4}-\d{2})/(\d{4}-\d{2})", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_YEAR = re.compile(r"(19|20)\d{2}", re.ASCII)
_SAID = {"previous": 0, "latest": 1}
_MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
FORMS = "2016/17, 2016/17 Q1, 2016-04, 2016, 2017-03-31, 2016-08/2017-03, latest or previous"


class NotAPeriod(ValueError):
    """The words name no period; the message says what to write."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """When a figure is of. Only periods of one `kind` follow one another."""

    kind: str
    place: tuple[int, ...]
    text: str

    @property
    def words(self) -> str:
        """For people: April 2016, 31 March 2017."""
        if self.kind == "month":
            return _month_words(self.text)
        if self.kind == "day":
            day = date.fromisoformat(self.text)
            return f"{day.day} {_MONTH_NAMES[day.month - 1]} {day.year}"
        if self.kind == "months":
            first, _, last = self.text.partition("/")
            return f"{_month_words(first)} to {_month_words(last)}"
        return {"latest": "Latest", "previous": "Previous"}.get(self.text, self.text)


def _month_words(text: str) -> str:
    return f"{_MONTH_NAMES[int(text[5:7]) - 1]} {text[:4]}"


@lru_cache(maxsize=4096)
def period_of(text: str) -> Period:
    """Raises NotAPeriod."""
    if text in _SAID:
        return Period("said", (_SAID[text],), text)
    if found := _FINANCIAL.fullmatch(text):
        year, ends, quarter = int(found[1]), int(found[2]), int(found[3] or 0)
        if (year + 1) % 100 != ends:
            raise NotAPeriod(f"{text!r}: the year after {year} is written {year}/{(year + 1) % 100:02d}.")
        return Period("quarter" if quarter else "year", (year, quarter), text)
    if found := _MONTH.fullmatch(text):
        _check_month(text, text)
        return Period("month", (int(found[1]), int(found[2])), text)
    if found := _MONTHS.fullmatch(text):
        for part in found.groups():
            _check_month(part, text)
        if found[1] > found[2]:
            raise NotAPeriod(f"{text!r} ends before it begins. Write the earlier month first.")
        return Period("months", tuple(int(part) for part in re.split("[-/]", text)), text)
    if _YEAR.fullmatch(text):
        return Period("calendar", (int(text),), text)
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        raise NotAPeriod(f"{text!r} is not a day of the calendar.") from None
    if day is None:
        raise NotAPeriod(f"{text!r} is not a period. Write {FORMS}.")
    return Period("day", (day.year, day.month, day.day), text)


def _check_month(part: str, text: str) -> None:
    if not 1 <= int(part[5:7]) <= 12:
        raise NotAPeriod(f"{text!r}: {part} is not a month. Months run from 01 to 12.")
