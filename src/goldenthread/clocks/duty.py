"""A duty as it comes out of the engine: when it fell due and why, when it was met, what state it is in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Literal

import msgspec

from .calendar import end_of, start_of
from .happening import Happening
from .proof import Proof, in_words

Status = Literal["waiting", "open", "due_soon", "overdue", "met_on_time", "met_late", "cancelled", "excused"]

SETTLED: frozenset[Status] = frozenset({"met_on_time", "met_late", "cancelled", "excused"})


class ComputedDuty(msgspec.Struct, gc=False):
    """One clock of one case.

    `due` is a day for clocks in days, a moment for clocks in hours, None while it cannot be known (paused, or the
    calendar does not reach). `late` is set when it was met late, or ended or stands unmet after it fell due.
    """

    duty: str
    ordinal: int
    title: str
    owner: str
    force: str
    reference: str
    triggered: date
    triggered_by: Any
    due: date | datetime | None
    soon: date | datetime | None
    met: Happening | None
    status: Status
    late: bool
    reason: str
    explain: Callable[[], Proof]

    @property
    def due_at(self) -> datetime | None:
        """The last moment at which it is met in time."""
        return _last_moment(self.due)

    @property
    def soon_at(self) -> datetime | None:
        """When it starts to show as due soon."""
        if self.soon is None or isinstance(self.soon, datetime):
            return self.soon
        return start_of(self.soon)

    @property
    def met_at(self) -> datetime | None:
        return self.met.at if self.met is not None else None

    def proof(self) -> Proof:
        """How the due date was worked out, worked out again with every step shown."""
        return self.explain()


def _last_moment(due: date | datetime | None) -> datetime | None:
    if due is None or isinstance(due, datetime):
        return due
    return end_of(due)


def met_in_words(duty: ComputedDuty) -> str:
    """What became of it, in a short sentence."""
    if duty.met is None:
        return duty.reason
    when = in_words(duty.met.moment or duty.met.day)
    return f"Met {when}, {'late' if duty.late else 'in time'}"
