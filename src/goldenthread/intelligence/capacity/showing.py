"""A service as a page shows it: what was measured, what so many people would do, a picture of the backlog. Pure.

Whoever may not see small numbers sees counts to the nearest 5, and a picture and words made of those.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from goldenthread.guidance.capacity import Service

from ..charts.paper import BLUE, GREY, INK, ORANGE, PALE_GREY, Paper, Scale
from ..charts.series import said
from .forecast import ASSUMED, Desk, Outlook, Range, in_words
from .measuring import Measured, from_plain, weekday_of
from .working_out import outlook_of

NEAREST = 5


def near(many: float | None, exact: bool) -> float | None:
    """A count as this reader may see it: what is not nothing is never shown as nothing."""
    if exact or not many:
        return many
    return max(NEAREST, NEAREST * int(many / NEAREST + 0.5))


def _near(one: Range, exact: bool) -> Range:
    return Range(near(one.middle, exact), near(one.low, exact), near(one.high, exact))


@dataclass(frozen=True, slots=True)
class Shown:
    """A service for one reader."""

    measured: Measured
    desk: Desk
    outlooks: tuple[Outlook, ...]
    """For each number of people that was tried, with the arrivals that were chosen."""
    words: tuple[str, ...]
    exact: bool

    def outlook(self, people: int) -> Outlook | None:
        return next((one for one in self.outlooks if one.people == people), None)

    @property
    def waiting(self) -> float:
        return near(self.measured.waiting, self.exact) or 0

    @property
    def a_week(self) -> float:
        return 5 * sum(self.measured.arrivals) / max(1, len(self.measured.arrivals))

    @property
    def hours_each(self) -> float:
        return sum(self.measured.hours) / max(1, len(self.measured.hours))


def shown(
    service: Service, page: Mapping[str, Any], per_cent: int, exact: bool, day: Callable[[int], date]
) -> Shown:
    """What this reader may see of a service that could be tried."""
    measured = from_plain(page["measured"])
    desk = measured.desk(service)
    told = replace(desk, waiting=int(near(desk.waiting, exact) or 0))
    outlooks = []
    for one in page["tried"].values():
        outlook = outlook_of(told, one)
        if round(outlook.demand * 100) == per_cent:
            by_day = tuple(_near(each, exact) for each in outlook.by_day)
            outlooks.append(replace(outlook, still_waiting=_near(outlook.still_waiting, exact), by_day=by_day))
    outlooks.sort(key=lambda one: one.people)
    words = tuple(in_words(one, day).removesuffix(ASSUMED) for one in outlooks)  # said once on the page
    return Shown(measured, told, tuple(outlooks), words, exact)


def demands(page: Mapping[str, Any]) -> list[int]:
    """Arrivals that were tried, as per cent of what was measured."""
    return sorted({round(one["demand"] * 100) for one in page["tried"].values()})


def better_with_one_more(shown: Shown, people: int, aim: int, day: Callable[[int], date]) -> str:
    """The sentence that a manager asks for. None is needed where no more wait than is aimed at."""
    now, more = shown.outlook(people), shown.outlook(people + 1)
    if shown.measured.waiting <= aim:
        return f"No more wait than the {aim} that are aimed at."
    if now is None or more is None:
        return ""
    then = {one.people: one.clears.middle for one in (now, more)}
    if then[people + 1] is None:
        return f"With one more person the backlog would not be cleared within {more.horizon} working days either."
    clears = f"With one more person the backlog clears by {_day(day(int(then[people + 1] or 0)))}"
    if then[people] is None:
        return f"{clears}. Without, it does not within {now.horizon} working days."
    saved = int(then[people] or 0) - int(then[people + 1] or 0)
    return f"{clears}, {saved} working day{'' if saved == 1 else 's'} sooner." if saved else f"{clears}: no sooner than without."


def _day(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


@dataclass(frozen=True, slots=True)
class Week:
    """A line of the table beside the picture. Of a week that was measured there is one number, of one to come a range."""

    ends: date
    waiting: str
    between: str


def weeks(shown: Shown, people: int, as_of: date) -> list[Week]:
    """The backlog at the end of each week: the last ones as measured, the next ones as simulated."""
    found = [Week(day, _said(near(many, shown.exact)), "") for day, many in shown.measured.history[-8:]]
    outlook = shown.outlook(people)
    for day, one in _ahead(outlook, as_of) if outlook is not None else ():
        if day.weekday() == 4:
            found.append(Week(day, _said(one.middle), f"{_said(one.low)} to {_said(one.high)}"))
    return found


def _ahead(outlook: Outlook, as_of: date) -> Sequence[tuple[date, Range]]:
    """The simulated days with their dates: weekdays from the next one on."""
    day, found = as_of, []
    for one in outlook.by_day:
        day = weekday_of(day + timedelta(days=1))
        found.append((day, one))
    return found


def _said(many: float | None) -> str:
    return "" if many is None else f"{many:,.0f}"


def picture(service: Service, shown: Shown, people: int, as_of: date, name: str, *, width: float = 720) -> str:
    """The backlog so far as a line; ahead, the middle of the runs and the range of 8 in 10, with the target."""
    outlook = shown.outlook(people)
    past = [(day, near(many, shown.exact) or 0.0) for day, many in shown.measured.history]
    past.append((as_of, float(shown.desk.waiting)))
    ahead = list(_ahead(outlook, as_of)) if outlook is not None else []
    sheet = Paper(width, 320)
    highest = max([many for _, many in past] + [one.high or 0 for _, one in ahead] + [service.target.waiting, 1])
    left = 14 + sheet.size * 0.6 * max(2, len(said(highest)))
    up = sheet.up_axis(0, highest, left, width - 12, 30, 270, said)
    first, last = past[0][0], ahead[-1][0] if ahead else as_of
    across = Scale(0, max(1, (last - first).days), left + 6, width - 18)

    def x(day: date) -> float:
        return across((day - first).days)

    if ahead:
        band = [(x(as_of), up(float(shown.desk.waiting)))]
        top = band + [(x(day), up(one.high or 0)) for day, one in ahead]
        foot = [(x(day), up(one.low or 0)) for day, one in reversed(ahead)]
        path = "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in [*top, *foot]) + "z"
        sheet.shape(path, PALE_GREY, clear=0.6)
        sheet.line([band[0], *((x(day), up(one.middle or 0)) for day, one in ahead)], BLUE, wide=3)
    sheet.line([(x(day), up(many)) for day, many in past], GREY, wide=2)
    sheet.line([(left, up(service.target.waiting)), (width - 12, up(service.target.waiting))], ORANGE, wide=1.5, dash="10 4")
    sheet.line([(x(as_of), 24), (x(as_of), 270)], INK, wide=1, dash="3 3")
    sheet.text(x(as_of), 16, "Now", anchor="middle", colour=INK)
    sheet.text(width - 14, up(service.target.waiting) - 6, f"Aim {service.target.waiting}", anchor="end", colour=ORANGE)
    for day, anchor in ((first, "start"), (last, "end")):
        sheet.text(x(day), 296, f"{day.day} {day:%b %Y}", anchor=anchor, colour=GREY)
    words = next((told for one, told in zip(shown.outlooks, shown.words, strict=True) if one.people == people), "")
    return sheet.svg(name, f"{service.title}: how many wait, so far and with {people} people", words)
