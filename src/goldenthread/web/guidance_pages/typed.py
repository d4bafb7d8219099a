"""Days and times as people type them into one box. Pure.

Source: GOV.UK Design System on asking for dates: accept what people write, and say what is wrong with the rest.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time

from goldenthread.clocks.calendar import LONDON

HINT = "For example, 27 3 2026"
HINT_WITH_TIME = "For example, 27 3 2026 or, with the time, 27 3 2026 14:30"

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ ./-]+(\d{1,2}|[a-z]{3,9})[ ./,-]+(\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})[ ./-]+(\d{1,2})[ ./-]+(\d{1,2})")
_TIME = re.compile(r"(?:at |t|, ?)?\s*(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?")


class NotTyped(ValueError):
    """What is wrong with what was typed, as an error message says it."""


def read_day(text: str, what: str) -> date | None:
    """The day typed, None for nothing. Raises NotTyped beginning with `what`: "The date" ..."""
    when = read_when(text, what)
    if isinstance(when, datetime):
        raise NotTyped(f"{what} must be a day without a time, like 27 3 2026")
    return when


def read_when(text: str, what: str) -> date | datetime | None:
    """The day typed, or the moment in London time where a time of day follows it."""
    text = " ".join(text.lower().split())
    if not text:
        return None
    found = _YEAR_FIRST.match(text)
    if found:
        year, month, day = found.groups()
    else:
        found = _DAY_FIRST.match(text)
        if not found:
            raise NotTyped(f"{what} must include a day, a month and a year, like 27 3 2026")
        day, month, year = found.groups()
    on = _day(int(year), month, int(day), what)
    rest = text[found.end() :].strip()
    return datetime.combine(on, _time(rest, what), LONDON) if rest else on


def _day(year: int, month: str, day: int, what: str) -> date:
    if month.isdigit():
        number = int(month)
    elif month[:3] in _MONTHS:
        number = _MONTHS.index(month[:3]) + 1
    else:
        raise NotTyped(f"{what} must be a real date: “{month}” is not a month")
    if not 1 <= number <= 12:
        raise NotTyped(f"{what} must be a real date: there is no month {number}")
    if not 1950 <= year <= 2089:
        raise NotTyped(f"{what} must be in a year from 1950 to 2089")
    try:
        return date(year, number, day)
    except ValueError:
        raise NotTyped(
            f"{what} must be a real date: {date(year, number, 1):%B} {year} has no day {day}"
        ) from None


def _time(text: str, what: str) -> time:
    if text in ("midday", "noon"):
        return time(12)
    if text == "midnight":
        return time(0)
    found = _TIME.fullmatch(text)
    if not found or (found[2] is None and found[3] is None):
        raise NotTyped(f"{what} must have a time like 14:30 or 2:30pm")
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour > 23 or minute > 59:
        raise NotTyped(f"{what} must have a real time, like 14:30")
    return time(hour, minute)


def typed(when: date | datetime | None) -> str:
    """A day or a moment as a box shows it."""
    if when is None:
        return ""
    if isinstance(when, datetime):
        local = when.astimezone(LONDON)
        return f"{local.day} {local.month} {local.year} {local:%H:%M}"
    return f"{when.day} {when.month} {when.year}"
