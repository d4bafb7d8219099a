"""A duty as it comes out of the engine: when it fell due and why, when it was met, what state it is in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from .calendar import LONDON, end_of, start_of
from .happening import Happening
from .interval import Pause, moment_of
from .proof import Proof, in_words

if TYPE_CHECKING:
    from .clock import Clock

Status = Literal["waiting", "open", "due_soon", "overdue", "met_on_time", "met_late", "cancelled", "excused"]

SETTLED: frozenset[Status] = frozenset({"met_on_time", "met_late", "cancelled", "excused"})


class Circumstances(msgspec.Struct, gc=False):
    """What bent a due date from its plain count: pauses, an extension, a late receipt, the date it is half way to."""

    pauses: Sequence[Pause] = ()
    extended: tuple[date | datetime, Happening] | None = None
    deemed_from: date | datetime | None = None
    half_way_to: date | None = None


class ComputedDuty(msgspec.Struct, gc=False):
    """One clock of one case, as settled by the engine. Days are kept as ordinals and told as dates when asked.

    `late` is set when it was met late, or ended or stands unmet after it fell due. `reason` says why it is cancelled,
    excused or waiting.
    """

    clock: Clock
    ordinal: int
    base: int
    """The day its time is counted from; for a duty before a planned date, that date."""
    moment: datetime | None
    anchor: Happening | None
    """The happening its time runs from; None for a birthday."""
    due_day: int
    """0 where there is none."""
    due_stamp: float
    """Seconds since 1970 for a clock in hours; 0 for others."""
    met: Happening | None
    status: Status
    late: bool
    reason: str
    value: Any
    """What the rule gave on the day: an interval, or how else it is reckoned."""
    bent: Circumstances | None

    @property
    def duty(self) -> str:
        return self.clock.identity

    @property
    def title(self) -> str:
        return self.clock.rule.title

    @property
    def owner(self) -> str:
        """The agency role that must do it."""
        return self.clock.rule.owner

    @property
    def force(self) -> str:
        return self.clock.rule.force

    @property
    def reference(self) -> str:
        return self.clock.rule.reference

    @property
    def triggered(self) -> date:
        """The day its clock started."""
        if self.clock.backwards and self.anchor is not None:
            return self.anchor.day
        return date.fromordinal(self.base)

    @property
    def triggered_by(self) -> Any:
        """The id of the happening that started it, or None."""
        return self.anchor.id if self.anchor is not None else None

    @property
    def due_moment(self) -> datetime | None:
        return datetime.fromtimestamp(self.due_stamp, LONDON) if self.due_stamp else None

    @property
    def due(self) -> date | datetime | None:
        """A day for clocks in days, a moment for clocks in hours, None while it cannot be known."""
        return self.due_moment or (date.fromordinal(self.due_day) if self.due_day else None)

    @property
    def soon(self) -> date | datetime | None:
        """From when it shows as due soon."""
        if self.due_stamp:
            whole = self.due_stamp - moment_of(self.moment or date.fromordinal(self.base)).timestamp()
            return datetime.fromtimestamp(self.due_stamp - soon_seconds(whole), LONDON)
        return date.fromordinal(self.clock.soon_day(self.base, self.due_day)) if self.due_day else None

    @property
    def due_at(self) -> datetime | None:
        """The last moment at which it is met in time."""
        return self.due_moment or (end_of(date.fromordinal(self.due_day)) if self.due_day else None)

    @property
    def soon_at(self) -> datetime | None:
        """The moment from which it shows as due soon."""
        soon = self.soon
        return soon if soon is None or isinstance(soon, datetime) else start_of(soon)

    @property
    def met_at(self) -> datetime | None:
        return self.met.at if self.met is not None else None

    def proof(self) -> Proof:
        """How the due date was worked out, worked out again with every step shown."""
        from .proofs import prove  # the engine never needs proofs, only people do

        return prove(self)


def soon_seconds(whole: float) -> float:
    """How long before it is due a clock in hours shows as due soon: a fifth of its time, a day at the most."""
    return min(86_400.0, whole / 5)


def met_in_words(duty: ComputedDuty) -> str:
    """What became of it, in a short sentence."""
    if duty.met is None:
        return duty.reason
    when = in_words(duty.met.moment or duty.met.day)
    return f"Met {when}, {'late' if duty.late else 'in time'}"
