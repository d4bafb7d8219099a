"""How values are written on pages: dates, times, ages, numbers. Pure functions; they may import no other floor.

Source: GOV.UK style guide ("22 November 2026", "10:42am", "to" in ranges); NHS Digital style (NHS number as 3-3-4).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from markupsafe import Markup

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def _local(value: date | datetime) -> date | datetime:
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def _day(value: date | datetime) -> date:
    value = _local(value)
    return value.date() if isinstance(value, datetime) else value


def gov_date(value: date | datetime | None, missing: str = "not known") -> str:
    """22 November 2026."""
    if not value:
        return missing
    day = _day(value)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def gov_day(value: date | datetime | None, missing: str = "not known", today: date | None = None) -> str:
    """Friday 20 November; with the year when it is not this year's."""
    if not value:
        return missing
    day = _day(value)
    this_year = (today or timezone.localdate()).year
    year = "" if day.year == this_year else f" {day.year}"
    return f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}{year}"


def gov_time(value: datetime | None, missing: str = "time not known") -> str:
    """10:42am, 5pm, midday, midnight."""
    if not value:
        return missing
    moment = _local(value)
    assert isinstance(moment, datetime)
    if (moment.hour, moment.minute) in ((0, 0), (12, 0)):
        return "midday" if moment.hour else "midnight"
    minutes = f":{moment.minute:02}" if moment.minute else ""
    return f"{moment.hour % 12 or 12}{minutes}{'pm' if moment.hour >= 12 else 'am'}"


def gov_datetime(value: date | datetime | None, missing: str = "not known") -> str:
    """22 November 2026, 10:42am. A plain date stays a date."""
    if not isinstance(value, datetime):
        return gov_date(value, missing)
    return f"{gov_date(value)}, {gov_time(value)}"


def iso(value: date | datetime | None) -> str:
    """For the `datetime` attribute of a `time` element."""
    return _local(value).isoformat() if value else ""


def length(span: timedelta) -> str:
    """41 min, 2 h 10 min, 3 days: the two largest parts that matter."""
    minutes = int(abs(span).total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return plural(hours // 24, "day")


def relative(due: date | datetime | None, now: datetime | None = None) -> str:
    """How far off a due moment is: "2 days late", "41 min left", "due today", "due tomorrow", "3 days left".

    A due date is met on any moment of its day; a due time is exact to the minute.
    """
    if not due:
        return "no date"
    now = now or timezone.now()
    if isinstance(due, datetime):
        left = due - (now if timezone.is_aware(due) else now.replace(tzinfo=None))
        if abs(left) < timedelta(minutes=1):
            return "due now"
        return f"{length(left)} {'left' if left > timedelta(0) else 'late'}"
    days = (due - _day(now)).days
    if days < 0:
        return f"{plural(-days, 'day')} late"
    if days <= 1:
        return "due tomorrow" if days else "due today"
    return f"{days} days left"


def ago(value: date | datetime | None, now: datetime | None = None) -> str:
    """today, yesterday, 3 days ago, 2 months ago: for what already happened."""
    if not value:
        return "never"
    days = (_day(now or timezone.now()) - _day(value)).days
    if days < 0:
        return f"in {plural(-days, 'day')}"
    if days < 2:
        return "yesterday" if days else "today"
    if days < 61:
        return f"{days} days ago"
    if days < 730:
        return f"{days * 12 // 365} months ago"
    return f"{days * 4 // 1461} years ago"


def age(born: date | None, on: date | None = None, missing: str = "age not known") -> str:
    """9 years; under two in months, under eight weeks in days or weeks; "not yet born" before birth."""
    if not born:
        return missing
    on = on or timezone.localdate()
    if born > on:
        return "not yet born"
    months = (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day)
    days = (on - born).days
    if days < 14:
        return plural(days, "day")
    if days < 56:
        return plural(days // 7, "week")
    if months < 24:
        return plural(months, "month")
    return plural(months // 12, "year")


def age_of(person: Any) -> str:
    """How old somebody is; of somebody who has died, when, and how old they were then."""
    if person.died:
        return f"died {gov_date(person.died)} aged {age(person.born, person.died, 'not known')}"
    return age(person.born)


def nhs_number(value: Any) -> str:
    """943 476 5919."""
    digits = "".join(str(value or "").split())
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}" if len(digits) == 10 else digits


def plural(count: int, one: str, many: str | None = None) -> str:
    """1 case, 2 cases, 1,204 cases."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def thousands(value: int | float | None, missing: str = "not known") -> str:
    """1,204."""
    return missing if value is None else f"{value:,}"


def in_fours(value: str) -> str:
    """A long key in groups of four, to type from."""
    return " ".join(value[at : at + 4] for at in range(0, len(value), 4))


def inline_svg(drawing: str) -> Markup:
    """A drawing that this service made itself, to stand inside a page that already says what it shows."""
    return Markup(drawing[max(drawing.find("<svg"), 0) :])


FILTERS: dict[str, Callable[..., Any]] = {
    filter.__name__: filter
    for filter in (
        gov_date,
        gov_day,
        gov_time,
        gov_datetime,
        iso,
        relative,
        ago,
        age,
        age_of,
        nhs_number,
        plural,
        thousands,
        in_fours,
        inline_svg,
    )
}
FILTERS["duration"] = length
