"""Due days that more than a plain interval decides: pauses, extensions, dates ahead, school days, half way.

Only `clock` uses this. A day of NONE says that nothing can fall due yet.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from goldenthread.guidance.words import ELAPSED

from .answers import as_date
from .calendar import LONDON, CalendarTooShort
from .duty import Circumstances
from .happening import Happening
from .interval import Pause, after, after_moment, before, day_before, due_day, moment_of, paused_day
from .run import NONE, Run, Trigger

if TYPE_CHECKING:
    from .settling import Settling


def reckon(
    clock: Settling, run: Run, trigger: Trigger, value: Any, met: int
) -> tuple[int, float, Circumstances | None, str]:
    """The due day, or the due moment in seconds since 1970; what bent it; and where the clock stands if it is paused.

    Raises CalendarTooShort where the calendar does not reach and no extension gave a date.
    """
    place, base, _, anchor, _ = trigger
    bent = Circumstances()
    standing = ""
    if clock.pauses is not None:
        bent.pauses, standing = _paused(clock, run, place, met)
    when: date | datetime | None = None
    too_short: CalendarTooShort | None = None
    if clock.is_midway:
        end = _half_way(clock, run, base, anchor)
        if end == NONE:
            return NONE, 0.0, None, ""
        bent.half_way_to = date.fromordinal(end)
        when = date.fromordinal(base + (end - base) // 2)
    else:
        try:
            when = _plainly(clock, trigger, value, bent)
        except CalendarTooShort as error:
            too_short = error
    granted = _granted(clock, run, place, met) if clock.extends else []
    if granted:
        bent.extended = granted[-1]
        when = granted[-1][0]
    elif too_short is not None:
        raise too_short
    changed = bent if bent.pauses or bent.extended or bent.half_way_to else None
    if isinstance(when, datetime):
        return 0, when.timestamp(), changed, standing
    return (when.toordinal() if when is not None else 0), 0.0, changed, standing


def _plainly(clock: Settling, trigger: Trigger, value: Any, bent: Circumstances) -> date | datetime | None:
    calendar, base = clock.calendar, trigger[1]
    start = trigger[2] or date.fromordinal(base)
    if clock.rule.before == "next school day":
        return calendar.next_school_start(start)
    if clock.backwards:
        if value.unit in ELAPSED:
            return before(value, start, calendar).due
        return date.fromordinal(day_before(value, base, calendar))
    if value.unit in ELAPSED:
        if bent.pauses:
            return after(value, start, calendar, pauses=bent.pauses).due
        return after_moment(value, moment_of(start))
    if bent.pauses:
        return date.fromordinal(paused_day(value, base, calendar, clock.inclusive, bent.pauses))
    return date.fromordinal(due_day(value, base, calendar, inclusive=clock.inclusive))


def _paused(clock: Settling, run: Run, place: int, met: int) -> tuple[list[Pause], str]:
    """Days on which the clock stood still; and words for where it stands if it still does."""
    assert clock.pauses is not None
    starts, ends = clock.pauses
    found: list[Pause] = []
    start = run.first(starts, place, run.ordinals[place] if place >= 0 else 0)
    while start != NONE and (met == NONE or start <= met):
        again = run.first(ends, start, run.ordinals[start])
        if met != NONE and (again == NONE or again > met):
            found.append((run.ordinals[start], run.ordinals[met]))
            return found, ""
        if again == NONE:
            one = run.happenings[start]
            return found, f"Paused since {one.day.day} {one.day:%B %Y}: {clock.titles[one.kind]}"
        found.append((run.ordinals[start], run.ordinals[again]))
        start = run.following(starts, max(start, again))
    return found, ""


def _granted(clock: Settling, run: Run, place: int, met: int) -> list[tuple[date | datetime, Happening]]:
    """Extensions granted while the clock ran, in order."""
    found: list[tuple[int, date | datetime]] = []
    for kind, asked in clock.extends:
        for where in run.positions.get(kind, ()):
            given = as_date(run.happenings[where].data.get(asked))
            if where > place and (met == NONE or where < met) and given is not None:
                found.append((where, given))
    return [(given, run.happenings[where]) for where, given in sorted(found, key=lambda one: one[0])]


def _half_way(clock: Settling, run: Run, base: int, anchor: Happening | None) -> int:
    """The day at the far end: when the duty that runs from the same happening falls due, or a date planned."""
    kind, dot, asked = clock.half_way_to.partition(".")
    if not dot:
        return run.due_from.get((kind, anchor.id if anchor is not None else None), NONE)
    end = NONE
    for where in run.positions.get(kind, ()):
        given = as_date(run.happenings[where].data.get(asked))
        if given is not None and run.ordinals[where] >= base:
            end = (given.astimezone(LONDON) if isinstance(given, datetime) else given).toordinal()
    return end
