"""Which days count: working days of a calendar, school days and terms of an area.

Source: Banking and Financial Dealings Act 1971; Care Planning Regulations 2010 reg 2 (working day). A calendar is known
between two dates. Outside them weekdays are counted and the answer is marked uncertain; school days cannot be guessed,
so asking for one outside them raises CalendarTooShort.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from goldenthread.guidance.calendars import WEEKDAYS, SchoolTerms, WorkingCalendar
from goldenthread.guidance.library import Library

LONDON = ZoneInfo("Europe/London")
FIRST = date(1990, 1, 1).toordinal()
"""The first day that calendars hold."""
LAST = date(2089, 12, 31).toordinal()


class CalendarTooShort(Exception):
    """The calendar does not reach the answer. The message says which calendar and how far it is known."""


class Calendar:
    """Working days, and where the area's terms are known, school days. Days inside are ordinals (date.toordinal)."""

    def __init__(self, working: WorkingCalendar, terms: SchoolTerms | None = None) -> None:
        self.id = working.id
        self.title = working.title
        self.terms = terms
        self.known_from = working.known_from.toordinal()
        self.known_to = working.known_to.toordinal()
        self.names = {holiday.date.toordinal(): holiday.name for holiday in working.holidays}
        weekend = {WEEKDAYS.index(day) for day in working.weekend}
        self._weekend = weekend
        rank = array("l")
        nth = array("l")
        for day in range(FIRST, LAST + 1):
            if (day - 1) % 7 not in weekend and day not in self.names:  # ordinal 1 was a Monday
                nth.append(day)
            rank.append(len(nth))
        self.rank = rank
        """rank[day - FIRST]: how many working days there are up to and including that day."""
        self.nth = nth
        self._school = array("l", self._school_days(terms)) if terms else array("l")

    def _school_days(self, terms: SchoolTerms) -> list[int]:
        closed = {day.date.toordinal() for day in terms.closures}
        for rest in terms.half_terms:
            closed.update(range(rest.starts.toordinal(), rest.ends.toordinal() + 1))
        days: set[int] = set()
        for term in terms.terms:
            days.update(
                day
                for day in range(term.starts.toordinal(), term.ends.toordinal() + 1)
                if self.is_working(day) and day not in closed
            )
        return sorted(days)

    def is_working(self, day: int) -> bool:
        """Whether `day` (an ordinal) is a working day."""
        return (day - 1) % 7 not in self._weekend and day not in self.names

    def why_not(self, day: int) -> str | None:
        """Why a day does not count: the holiday's name, "weekend", or None when it does."""
        if day in self.names:
            return self.names[day]
        return "weekend" if (day - 1) % 7 in self._weekend else None

    def certain(self, first: int, last: int) -> bool:
        """Whether every holiday between two days is known."""
        return self.known_from <= first and last <= self.known_to

    def plus_working(self, day: int, amount: int) -> int:
        """The `amount`-th working day after `day`; for 0, `day` itself or the next working day."""
        if amount == 0:
            return day if self.is_working(day) else self.plus_working(day, 1)
        try:
            if day < FIRST:
                raise IndexError
            return self.nth[self.rank[day - FIRST] + amount - 1]
        except IndexError:
            raise self._too_short(day) from None

    def minus_working(self, day: int, amount: int) -> int:
        """The `amount`-th working day before `day`."""
        try:
            before = self.rank[day - 1 - FIRST] - amount
            if day <= FIRST or before < 0:
                raise IndexError
            return self.nth[before]
        except IndexError:
            raise self._too_short(day) from None

    def working_between(self, first: int, last: int) -> int:
        """How many working days follow `first`, up to and including `last`."""
        return self.rank[last - FIRST] - self.rank[first - FIRST]

    def _too_short(self, day: int) -> CalendarTooShort:
        return CalendarTooShort(
            f"the calendar “{self.title}” is held from {date.fromordinal(FIRST)} to {date.fromordinal(LAST)}; "
            f"it does not reach the answer from {date.fromordinal(day)}"
        )

    # School days and terms ------------------------------------------------------------------------------------

    def is_school_day(self, day: int) -> bool:
        self._school_known(day)
        found = bisect_left(self._school, day)
        return found < len(self._school) and self._school[found] == day

    def plus_school(self, day: int, amount: int) -> int:
        """The `amount`-th school day after `day`."""
        self._school_known(day)
        found = bisect_right(self._school, day) + amount - 1
        if found >= len(self._school):
            raise self._terms_too_short(day)
        return self._school[found]

    def minus_school(self, day: int, amount: int) -> int:
        """The `amount`-th school day before `day`."""
        self._school_known(day)
        found = bisect_left(self._school, day) - amount
        if found < 0:
            raise self._terms_too_short(day)
        return self._school[found]

    def plus_terms(self, day: int, amount: int) -> int:
        """The last day of the `amount`-th term that starts after `day`."""
        self._school_known(day)
        assert self.terms is not None
        later = [term for term in self.terms.terms if term.starts.toordinal() > day]
        if len(later) < amount:
            raise self._terms_too_short(day)
        return later[amount - 1].ends.toordinal()

    def next_school_start(self, moment: datetime | date) -> datetime:
        """When the next school day starts: after the moment, or for a bare date, after that day."""
        assert_terms = self.terms
        if isinstance(moment, datetime):
            local = moment.astimezone(LONDON)
            day = local.date().toordinal()
            if assert_terms and self.is_school_day(day) and local.time() < assert_terms.day_starts:
                return datetime.combine(local.date(), assert_terms.day_starts, LONDON)
        else:
            day = moment.toordinal()
        following = date.fromordinal(self.plus_school(day, 1))
        assert assert_terms is not None
        return datetime.combine(following, assert_terms.day_starts, LONDON)

    def why_no_school(self, day: int) -> str | None:
        """Why there is no school on a day, or None when there is."""
        reason = self.why_not(day)
        if reason or self.terms is None:
            return reason
        here = date.fromordinal(day)
        for closure in self.terms.closures:
            if closure.date == here:
                return closure.name
        for rest in self.terms.half_terms:
            if rest.starts <= here <= rest.ends:
                return rest.name
        return None if self.is_school_day(day) else "school holiday"

    def _school_known(self, day: int) -> None:
        if self.terms is None:
            raise CalendarTooShort(
                "no school terms are held for this area; add them under calendars/school_terms"
            )
        if not self.terms.known_from.toordinal() <= day <= self.terms.known_to.toordinal():
            raise self._terms_too_short(day)

    def _terms_too_short(self, day: int) -> CalendarTooShort:
        assert self.terms is not None
        return CalendarTooShort(
            f"the school terms “{self.terms.title}” are known from {self.terms.known_from} to {self.terms.known_to}; "
            f"they do not reach the answer from {date.fromordinal(day)}"
        )


@lru_cache(maxsize=16)
def _calendar(working: str, terms: str, library_id: int) -> Calendar:
    library = _libraries[library_id]
    return Calendar(library.calendars[working], library.school_terms.get(terms))


_libraries: dict[int, Library] = {}


def arrangement_of(library: Library, area: str | None) -> str | None:
    """The arrangement called `area`, or the one that has an area of that id. None when there is neither."""
    if not area or area in library.arrangements:
        return area or None
    for arrangement in library.arrangements.values():
        if any(entry.id == area for entry in arrangement.areas):
            return arrangement.id
    return None


def calendar_for(library: Library, area: str | None) -> Calendar:
    """The calendar of an arrangement (or of the arrangement an area is in); without one, England and Wales alone."""
    _libraries[id(library)] = library
    arrangement = library.arrangements.get(arrangement_of(library, area) or "")
    if arrangement is None:
        return _calendar("england_and_wales", "", id(library))
    return _calendar(arrangement.calendar, arrangement.school_terms, id(library))


def start_of(day: date) -> datetime:
    """Midnight at the start of a day in London."""
    return datetime.combine(day, time(), LONDON)


def end_of(day: date) -> datetime:
    """The last second of a day in London."""
    return datetime.combine(day, time(23, 59, 59), LONDON)


_epochs: dict[int, datetime | None] = {}


def seconds_of(moment: datetime) -> float:
    """As `moment.timestamp()`; for a time in London several times as quick, and the engine asks for many.

    The time is taken from 1 January 1970 moved by the offset of the day; days on which the clocks change are left to
    `timestamp`.
    """
    if moment.tzinfo is not LONDON:
        return moment.timestamp()
    day = moment.toordinal()
    try:
        epoch = _epochs[day]
    except KeyError:
        starts, ends = (start_of(date.fromordinal(one)).utcoffset() for one in (day, day + 1))
        epoch = (
            datetime(1970, 1, 1, tzinfo=LONDON) + starts if starts == ends and starts is not None else None
        )
        _epochs[day] = epoch
    return moment.timestamp() if epoch is None else (moment - epoch).total_seconds()


def local_day(moment: datetime) -> date:
    """The day in London on which a moment falls."""
    return moment.astimezone(LONDON).date()


def days(amount: int) -> timedelta:
    return timedelta(days=amount)
