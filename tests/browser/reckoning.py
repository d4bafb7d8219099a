"""The journeys' own reckoning of days, so that the service is not asked to mark its own work.

Bank holidays of England and Wales by their rules (Banking and Financial Dealings Act 1971): no one-off holidays, so it
serves for dates after 2023. Easter is by the anonymous Gregorian algorithm.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo


def today() -> date:
    return datetime.now(ZoneInfo("Europe/London")).date()


def holidays(year: int) -> dict[date, str]:
    """The bank holidays of a year, by day."""
    easter = _easter(year)
    found = {
        easter - timedelta(days=2): "Good Friday", easter + timedelta(days=1): "Easter Monday",
        _first_monday(year, 5): "Early May bank holiday", _last_monday(year, 5): "Spring bank holiday",
        _last_monday(year, 8): "Summer bank holiday",
    }  # fmt: skip
    for day, name in (
        (date(year, 1, 1), "New Year"), (date(year, 12, 25), "Christmas Day"), (date(year, 12, 26), "Boxing Day")
    ):  # fmt: skip
        while day.weekday() >= 5 or day in found:
            day += timedelta(days=1)
        found[day] = name
    return found


def working_days_after(start: date, number: int) -> tuple[date, dict[date, str]]:
    """The day that is so many working days after another, and the holidays passed over on the way."""
    day, counted, passed = start, 0, {}
    while counted < number:
        day += timedelta(days=1)
        name = holidays(day.year).get(day)
        if name:
            passed[day] = name
        elif day.weekday() < 5:
            counted += 1
    return day, passed


def months_after(start: date, number: int) -> date:
    """The same day so many months on, or the month's last."""
    year, month = divmod(start.year * 12 + start.month - 1 + number, 12)
    day = start.day
    while True:
        try:
            return date(year, month + 1, day)
        except ValueError:
            day -= 1


def words(day: date, *, weekday: bool = True) -> str:
    """Friday 11 December 2026."""
    return f"{day:%A} {day.day} {day:%B} {day.year}" if weekday else f"{day.day} {day:%B} {day.year}"


def short(day: date) -> str:
    """Friday 11 December: pages leave out the year where it is this one."""
    return f"{day:%A} {day.day} {day:%B}"


def _first_monday(year: int, month: int) -> date:
    day = date(year, month, 1)
    return day + timedelta(days=-day.weekday() % 7)


def _last_monday(year: int, month: int) -> date:
    day = date(year, month + 1, 1) - timedelta(days=1)
    return day - timedelta(days=day.weekday())


def _easter(year: int) -> date:
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (a + 11 * h) // 319
    r = (2 * e + 2 * i - k - h + m + 32) % 7
    month = (h - m + r + 90) // 25
    return date(year, month, (h - m + r + month + 19) % 32)
