"""Days and times as people type them: three boxes for a day, one for a time. Pure.

Source: GOV.UK Design System, date input (what each message says) and the times people write: 14:30, 2.30pm, midday.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time

from goldenthread.clocks.calendar import LONDON

PARTS = ("day", "month", "year")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TIME = re.compile(r"^(\d{1,2})(?:[:.h ]?(\d{2}))?\s*(am|pm)?$", re.IGNORECASE)
_WORDS = {"midday": time(12), "noon": time(12), "midnight": time(0)}


class NotADay(ValueError):
    """What was typed is not a day. `parts` are the boxes to put right."""

    def __init__(self, message: str, parts: tuple[str, ...] = PARTS) -> None:
        self.parts = parts
        super().__init__(message)


def read_day(typed: Mapping[str, str], what: str) -> date | None:
    """The day in three boxes; None when all are empty. `what` begins the message: "The date it happened"."""
    given = {part: str(typed.get(part, "")).strip() for part in PARTS}
    if not any(given.values()):
        return None
    missing = tuple(part for part in PARTS if not given[part])
    if missing:
        raise NotADay(f"{what} must include a {' and a '.join(missing)}", missing)
    month = _month(given["month"])
    if not given["year"].isdecimal() or len(given["year"]) != 4:
        raise NotADay(f"{what}: the year must have 4 numbers, such as 2026", ("year",))
    if not given["day"].isdecimal() or not 1 <= int(given["day"]) <= 31:
        raise NotADay(f"{what}: the day must be a number from 1 to 31", ("day",))
    if month is None:
        raise NotADay(f"{what}: the month must be a number from 1 to 12", ("month",))
    try:
        return date(int(given["year"]), month, int(given["day"]))
    except ValueError:
        raise NotADay(f"{what} must be a real date: that month does not have {given['day']} days") from None


def _month(typed: str) -> int | None:
    if typed.isdecimal():
        return int(typed) if 1 <= int(typed) <= 12 else None
    short = typed[:3].lower()
    return _MONTHS.index(short) + 1 if short in _MONTHS else None


def read_time(typed: str) -> time | None:
    """A time of day; None when empty. Raises ValueError with what to write."""
    text = typed.strip().lower()
    if not text:
        return None
    if text in _WORDS:
        return _WORDS[text]
    found = _TIME.match(text)
    if found:
        hour, minute, half = int(found.group(1)), int(found.group(2) or 0), found.group(3)
        if half and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half == "pm" else 0)
        elif half:
            hour = 99
        if hour < 24 and minute < 60 and (half or found.group(2)):
            return time(hour, minute)
    raise ValueError("Write the time like 14:30 or 2:30pm")


def moment(day: date, hour: time) -> datetime:
    """A day and a time in London."""
    return datetime.combine(day, hour, LONDON)


def typed_day(day: date | None) -> dict[str, str]:
    """A day as it stands in the three boxes."""
    return {part: str(getattr(day, part)) if day else "" for part in PARTS}


def typed_time(hour: time | datetime) -> str:
    return f"{hour:%H:%M}"
