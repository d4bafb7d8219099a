"""What a service has had to do: arrivals, how long each piece was in hand, what waits, out of the events of an extract.

Knows no Django. Days are weekdays: what comes at a weekend is there on Monday. A piece is served by the first event that serves
it in its case after it came.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from goldenthread.guidance.capacity import Service

from .forecast import WEEK, Desk

GIVEN_UP = 365
"""What nobody has served for so many days is not waited for any more: its record was never finished."""
BATCH = 20_000
SAME_DAY = 0.5


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of work: when it came, was taken up, and was served."""

    arrived: date
    taken_up: date | None
    served: date | None


@dataclass(frozen=True, slots=True)
class Measured:
    """A service as it was measured."""

    first: date
    """The Monday from which arrivals are counted."""
    arrivals: tuple[int, ...]
    """On each weekday from then."""
    hours: tuple[float, ...]
    waiting: int
    oldest: date | None
    """When the piece that has waited longest came."""
    given_up: int
    history: tuple[tuple[date, int], ...]
    """How many waited at the end of each week."""

    def desk(self, service: Service) -> Desk:
        """Raises NotEnoughData."""
        return Desk(service.title, self.arrivals, self.hours, service.people, service.hours_a_day, self.waiting)


def pieces(connection: Any, service: Service) -> list[Piece]:
    """Every piece of work of a service. `connection`: a DuckDB with the tables of an extract."""
    names = sorted({*service.arrives, *service.served_by, *service.work.taken_up})
    found: list[Piece] = []
    for _, rows in groupby(_events(connection, names), key=lambda row: row[0]):
        events = [(name, day) for _, name, day in rows]
        free = [nth for nth, (name, _) in enumerate(events) if name in service.served_by]
        for nth, (name, day) in enumerate(events):
            if name not in service.arrives:
                continue
            end = next((one for one in free if one > nth), None)
            if end is not None:
                free.remove(end)
            between = events[nth + 1 : end] if end is not None else events[nth + 1 :]
            taken = next((on for kind, on in between if kind in service.work.taken_up), None)
            found.append(Piece(day, taken, events[end][1] if end is not None else None))
    return found


def _events(connection: Any, names: list[str]) -> Iterator[tuple[str, str, date]]:
    marks = ",".join("?" * len(names))
    rows = connection.execute(
        "SELECT \"case\", pathway || '.' || kind, day FROM events "
        f"WHERE pathway || '.' || kind IN ({marks}) ORDER BY \"case\", sequence",
        names,
    )
    while batch := rows.fetchmany(BATCH):
        yield from batch


def measure(service: Service, work: list[Piece], as_of: date) -> Measured:
    """The last whole weeks of a service. Weeks before anything was ever recorded are left out, not counted as empty."""
    last = as_of - timedelta(days=as_of.weekday() + 3)  # the Friday before this week
    first = last - timedelta(days=7 * service.weeks - 3)
    begun = min((one.arrived for one in work), default=last)
    first = max(first, begun + timedelta(days=-begun.weekday() % 7))
    weekdays = [first + timedelta(days=nth) for nth in range((last - first).days + 1)]
    came = Counter(weekday_of(one.arrived) for one in work)
    arrivals = [came[day] for day in weekdays if day.weekday() < WEEK]
    open_now = [one for one in work if one.arrived <= as_of and (one.served is None or one.served > as_of)]
    waited_for = [one for one in open_now if (as_of - one.arrived).days <= GIVEN_UP]
    return Measured(
        first, tuple(arrivals[: len(arrivals) // WEEK * WEEK]), _hours(service, work, first, as_of), len(waited_for),
        min((one.arrived for one in waited_for), default=None), len(open_now) - len(waited_for),
        tuple((day, _waiting(work, day)) for day in weekdays if day.weekday() == WEEK - 1),
    )  # fmt: skip


def weekday_of(day: date) -> date:
    """The day, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= WEEK else 0)


def weekdays_between(first: date, last: date) -> int:
    """How many weekdays lie after the first day, up to the last."""
    start, end = weekday_of(first), weekday_of(last)
    weeks, rest = divmod((end - start).days, 7)
    return weeks * WEEK + sum((start + timedelta(days=one)).weekday() < WEEK for one in range(1, rest + 1))


def _hours(service: Service, work: list[Piece], first: date, as_of: date) -> tuple[float, ...]:
    """Hours of a person's time that each piece took: said by the guidance, or its days in hand shared with the others in hand."""
    if service.work.hours:
        many = max(1, -(-20 // len(service.work.hours)))
        return tuple(service.work.hours) * many  # each as often: the same draw, and never too few to draw from
    assert service.work.at_once is not None
    found = []
    for one in work:
        if one.served is None or not first <= one.served <= as_of:
            continue
        days = weekdays_between(one.taken_up or one.arrived, one.served)
        found.append(max(SAME_DAY, days) * service.hours_a_day / service.work.at_once)
    return tuple(found)


def _waiting(work: list[Piece], day: date) -> int:
    return sum(
        one.arrived <= day and (one.served is None or one.served > day) and (day - one.arrived).days <= GIVEN_UP for one in work
    )


def as_plain(one: Measured) -> Mapping[str, Any]:
    return {
        "first": one.first.isoformat(), "arrivals": list(one.arrivals), "hours": [round(each, 3) for each in one.hours],
        "waiting": one.waiting, "oldest": one.oldest.isoformat() if one.oldest else None, "given_up": one.given_up,
        "history": [[day.isoformat(), many] for day, many in one.history],
    }  # fmt: skip


def from_plain(plain: Mapping[str, Any]) -> Measured:
    return Measured(
        date.fromisoformat(plain["first"]), tuple(plain["arrivals"]), tuple(plain["hours"]), plain["waiting"],
        date.fromisoformat(plain["oldest"]) if plain["oldest"] else None, plain["given_up"],
        tuple((date.fromisoformat(day), many) for day, many in plain["history"]),
    )  # fmt: skip
