"""What happened, as the engine sees it: happenings, the person they are about, and corrections laid over them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

import msgspec

from .calendar import LONDON, start_of


class Happening(msgspec.Struct, frozen=True, gc=False):
    """One event of a case. `day` is the day in London; `moment` is given where the time is known.

    `amends` names the happening this one corrects: it replaces its day and answers, or with `withdrawn` says that it
    did not happen.
    """

    id: Any
    kind: str
    day: date
    moment: datetime | None
    recorded: datetime
    data: Mapping[str, Any]
    amends: Any = None
    withdrawn: bool = False

    @property
    def at(self) -> datetime:
        """The moment it happened; where only the day is known, the start of that day."""
        return self.moment or start_of(self.day)

    @classmethod
    def on(
        cls,
        identity: Any,
        kind: str,
        when: date | datetime,
        data: Mapping[str, Any] | None = None,
        recorded: datetime | None = None,
    ) -> Happening:
        """A happening from a day or an aware moment; without `recorded`, known as soon as it happened."""
        moment = when.astimezone(LONDON) if isinstance(when, datetime) else None
        day = moment.date() if moment else when
        assert not isinstance(day, datetime)
        return cls(identity, kind, day, moment, recorded or moment or start_of(day), data or {})


class Subject(msgspec.Struct, frozen=True, gc=False):
    """What the engine needs to know of the person: date of birth and sex, either unknown."""

    born: date | None = None
    sex: str | None = None


def effective(happenings: Iterable[Happening], known_on: datetime | None = None) -> list[Happening]:
    """The happenings as they stand once every correction known by `known_on` is made, in the order they happened.

    A corrected happening keeps its own id and kind. Corrections of corrections apply in the order recorded.
    """
    known = [one for one in happenings if known_on is None or one.recorded <= known_on]
    if any(one.amends is not None for one in known):
        known = _corrected(known)
    known.sort(key=_day)
    return [one for _, group in groupby(known, key=_day) for one in _within_day(list(group))]


def _day(one: Happening) -> int:
    return one.day.toordinal()


def _within_day(group: list[Happening]) -> list[Happening]:
    """One day's happenings in order: by the clock where times are known; where one is not, as they were told.

    What is told without its time comes after what had been told of that day before, so that "case closed" on a day does
    not come before the visit at ten that was already on record.
    """
    if len(group) < 2:
        return group
    placed: list[Happening] = []
    for one in group:
        moment = one.moment
        place = len(placed)
        if moment is not None:
            for index, other in enumerate(placed):
                if other.moment is not None and other.moment > moment:
                    place = index
                    break
        placed.insert(place, one)
    return placed


def _corrected(known: Sequence[Happening]) -> list[Happening]:
    standing = {one.id: one for one in known if one.amends is None}
    root = {identity: identity for identity in standing}
    for one in sorted((one for one in known if one.amends is not None), key=lambda one: one.recorded):
        origin = root.get(one.amends)
        if origin is None:
            continue
        root[one.id] = origin
        first = next((other for other in known if other.id == origin), None)
        if one.withdrawn:
            standing.pop(origin, None)
        elif first is not None:
            standing[origin] = Happening(origin, first.kind, one.day, one.moment, first.recorded, one.data)
    return list(standing.values())
