"""How marks are told in words, and where dates stand on the axis. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from .story import Mark

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def named(seen: str, spoken: str) -> str:
    """A name that begins with the words one sees, so that they can be spoken to reach it."""
    return spoken if not seen or spoken.startswith(f"{seen},") else f"{seen}: {spoken}"


def spoken_of(group: Sequence[Mark]) -> str:
    """One mark, or several laid together, read out."""
    if len(group) == 1:
        return group[0].spoken
    titles = "; ".join(mark.title for mark in group[-4:])
    before = f"{len(group) - 4} more before; " if len(group) > 4 else ""
    together = "" if group[0].day == group[-1].day else f"{len(group)} together, "
    return f"{together}{days_of(group)}: {before}{titles}"


def day_in_words(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def days_of(group: Sequence[Mark]) -> str:
    first, last = group[0].day, group[-1].day
    return day_in_words(first) if first == last else f"{day_in_words(first)} to {day_in_words(last)}"


def marks_of_time(first: date, last: date, room: float) -> list[tuple[date, str]]:
    """Years, quarters or months, whichever the room can bear."""
    days = (last - first).days
    months = 12 if days > 600 else 3 if days > 330 or room < 500 else 1
    found: list[tuple[date, str]] = []
    day = date(first.year, 1, 1)
    while day <= last:
        if day >= first:
            year = f" {day.year}" if day.month == 1 or not found else ""
            name = str(day.year) if months == 12 else MONTHS[day.month - 1][:3] + year
            found.append((day, name))
        day = _month_after(day, months)
    return found


def _month_after(day: date, months: int) -> date:
    index = day.month - 1 + months
    return date(day.year + index // 12, index % 12 + 1, 1)
