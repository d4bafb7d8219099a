"""The events of one case laid out for its clocks. Only `engine` and `clock` use this.

Days are ordinals (date.toordinal); positions index the case's events in the order they happened.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from .calendar import LONDON, seconds_of, start_of
from .conditions import Condition, Surroundings
from .happening import Happening, Subject

Counts = list[tuple[str, Condition | None]]
"""Events that count, each with its condition."""

Trigger = tuple[int, int, datetime | None, Happening | None, str]
"""What starts a clock: position, day and moment it counts from, the happening (None: a birthday), its kind."""

NONE = -1


class Run(Surroundings):
    """One case while its clocks are worked out."""

    __slots__ = ("as_of", "closed_at", "due_from", "opened", "ordinals", "positions", "stamps", "today")

    def __init__(
        self,
        known: list[Happening],
        ordinals: list[int],
        positions: dict[str, list[int]],
        subject: Subject,
        as_of: datetime,
        today: int,
    ) -> None:
        self.happenings, self.ordinals, self.positions = known, ordinals, positions
        self.subject, self.as_of, self.today = subject, as_of, today
        self.closed_at = NONE
        self.opened: date | None = None
        self.stamps: dict[int, float] = {}
        self.due_from: dict[tuple[str, Any], int] = {}
        """(duty, happening its clock runs from) -> due day, for clocks half way to it."""

    @property
    def around(self) -> Surroundings:
        """What conditions look at: the run itself."""
        return self

    def latest(self, kind: str, day: int) -> Mapping[str, Any] | None:
        """The answers of the latest event of a kind on or before a day."""
        for place in reversed(self.positions.get(kind, ())):
            if self.ordinals[place] <= day:
                return self.happenings[place].data
        return None

    def first(self, counts: Counts, after: int, floor: int, own: str = "", begun: int = NONE) -> int:
        """The first position at which one of `counts` happens, NONE if never.

        After position `after`; or on the same day, where the order in the day is not known and the event is not of the
        kind `own`; and not before the day `floor`. Given `begun`, never up to that position, nor on its day where the
        order in the day is not known: a placement that ends on the day the next one starts does not end the next.
        """
        best = NONE
        positions, ordinals = self.positions, self.ordinals
        if len(counts) == 1 and begun == NONE:  # most often one kind counts, and the first of it does
            [(kind, condition)] = counts
            place = positions[kind][0] if kind in positions else NONE
            if place == NONE or (condition is None and place > after and ordinals[place] >= floor):
                return place
        for kind, condition in counts:
            where = positions.get(kind)
            if where is None or ordinals[where[-1]] < floor:
                continue
            if len(where) > 3:
                where = where[bisect_left(where, bisect_left(ordinals, floor)) :]
            for place in where:
                if best != NONE and place > best:
                    break
                day = ordinals[place]
                if day < floor or (place <= after and not self._same_day(place, after, kind, own)):
                    continue
                if begun != NONE and (
                    place <= begun or self._same_day(place, begun, kind, self.happenings[begun].kind)
                ):
                    continue
                if condition is None or condition(self.happenings[place].data, day, self):
                    best = place
                    break
        return best

    def following(self, counts: Counts, after: int) -> int:
        """The first position later than `after` at which one of `counts` happens, NONE if never.

        For clocks that go on from what they came to: never back to an event of the same day, or two events of one day
        whose order is not known would follow each other for ever.
        """
        best = NONE
        for kind, condition in counts:
            where = self.positions.get(kind)
            if where is None or where[-1] <= after:
                continue
            start = bisect_right(where, after)
            if condition is None:
                if best == NONE or where[start] < best:
                    best = where[start]
                continue
            for index in range(start, len(where)):
                place = where[index]
                if best != NONE and place > best:
                    break
                if condition(self.happenings[place].data, self.ordinals[place], self):
                    best = place
                    break
        return best

    def stamp(self, place: int) -> float:
        """The moment of an event in seconds since 1970; where only its day is known, the start of that day."""
        stamp = self.stamps.get(place)
        if stamp is None:
            one = self.happenings[place]
            stamp = self.stamps[place] = seconds_of(one.moment or start_of(one.day))
        return stamp

    def is_after(self, place: int, limit: float) -> bool:
        """Whether an event came after a moment in seconds since 1970; where only its day is known, after that day."""
        if self.happenings[place].moment is not None:
            return self.stamp(place) > limit
        return self.happenings[place].day > datetime.fromtimestamp(limit, LONDON).date()

    def _same_day(self, place: int, after: int, kind: str, own: str) -> bool:
        """Whether `place` may have come after `after` although it is listed before: same day, time of one not known."""
        if place == after or kind == own or self.ordinals[place] != self.ordinals[after]:
            return False
        return self.happenings[place].moment is None or self.happenings[after].moment is None
