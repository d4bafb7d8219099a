"""The events of one case laid out for its clocks. Only `engine` and `clock` use this.

Days are ordinals (date.toordinal); positions index the case's events in the order they happened.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date, datetime
from typing import Any

from .conditions import Condition, Surroundings
from .happening import Happening, Subject

Counts = list[tuple[str, Condition | None]]
"""Events that count, each with its condition."""

Trigger = tuple[int, int, datetime | None, Happening | None, str]
"""What starts a clock: position, day and moment it counts from, the happening (None: a birthday), its kind."""

NONE = -1


class Run:
    """One case while its clocks are worked out."""

    __slots__ = (
        "around",
        "as_of",
        "closed_at",
        "due_from",
        "known",
        "opened",
        "ordinals",
        "positions",
        "subject",
        "today",
    )

    def __init__(
        self,
        known: list[Happening],
        ordinals: list[int],
        positions: dict[str, list[int]],
        subject: Subject,
        around: Surroundings,
        as_of: datetime,
        today: int,
        closed_at: int,
        opened: date | None,
    ) -> None:
        self.known, self.ordinals, self.positions = known, ordinals, positions
        self.subject, self.around, self.as_of, self.today = subject, around, as_of, today
        self.closed_at, self.opened = closed_at, opened
        self.due_from: dict[tuple[str, Any], int] = {}
        """(duty, happening its clock runs from) -> due day, for clocks half way to it."""

    def first(self, counts: Counts, after: int, floor: int, own: str = "", begun: int = NONE) -> int:
        """The first position at which one of `counts` happens, NONE if never.

        After position `after`; or on the same day, where the order in the day is not known and the event is not of the
        kind `own`; and not before the day `floor`. Given `begun`, never up to that position, nor on its day where the
        order in the day is not known: a placement that ends on the day the next one starts does not end the next.
        """
        best = NONE
        positions, ordinals = self.positions, self.ordinals
        for kind, condition in counts:
            where = positions.get(kind)
            if where is None:
                continue
            start = 0 if len(where) < 4 else bisect_left(where, bisect_left(ordinals, floor))
            for index in range(start, len(where)):
                place = where[index]
                if best != NONE and place > best:
                    break
                day = ordinals[place]
                if day < floor or (place <= after and not self._same_day(place, after, kind, own)):
                    continue
                if begun != NONE and (
                    place <= begun or self._same_day(place, begun, kind, self.known[begun].kind)
                ):
                    continue
                if condition is not None and not condition(self.known[place].data, day, self.around):
                    continue
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
            if where is None:
                continue
            for place in where[bisect_right(where, after) :]:
                if best != NONE and place > best:
                    break
                if condition is None or condition(self.known[place].data, self.ordinals[place], self.around):
                    best = place
                    break
        return best

    def _same_day(self, place: int, after: int, kind: str, own: str) -> bool:
        """Whether `place` may have come after `after` although it is listed before: same day, time of one not known."""
        if place == after or kind == own or self.ordinals[place] != self.ordinals[after]:
            return False
        return self.known[place].moment is None or self.known[after].moment is None
