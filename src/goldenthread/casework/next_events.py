"""What can happen next in a case, for one person: the pathway's events that its rules, their agency and their role allow.

Those that meet a duty still open come first, the most urgent of them first. Asks `clocks.order`, as the action will.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta

from goldenthread.clocks.engine import ComputedDuty, Happening, Program, Progress, Subject
from goldenthread.clocks.order import check_event
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability
from goldenthread.guidance.pathway import EventKind

from .owners import ANYONE

BEFORE_LONG = timedelta(days=60)
UNMET = frozenset({"open", "due_soon", "overdue", "waiting"})


@dataclass(frozen=True, slots=True)
class Possible:
    """One event that may be recorded now."""

    kind: str
    title: str
    about: str
    meets: tuple[str, ...]
    """Titles of the open duties it meets, the most urgent first."""
    late: bool
    """Whether one of those is late."""
    likely: bool
    """Whether one of those is due before long, for one's own agency to do."""
    closes: bool
    for_another: bool
    """Not for one's own agency to say: recorded for another that said so."""


def possible_events(
    actor: Actor, program: Program, progress: Progress, happenings: Sequence[Happening], subject: Subject, now: datetime,
    agencies: Iterable[str],
) -> list[Possible]:
    """The events `actor`, who acts for agencies of these kinds, may record now, the likely ones first."""
    if not actor.may(Capability.RECORD_EVENTS):
        return []
    pathway = program.pathway
    ours = frozenset(agencies)
    found: list[tuple[float, int, Possible]] = []
    for place, (kind, event) in enumerate(pathway.events.items()):
        allowed = may_say(actor, event, ours)
        if allowed is None:
            continue
        if check_event(program, happenings, Happening.on(None, kind, now), subject, now, complete=False):
            continue
        meets = _meets(program, progress.duties, kind)
        soon = any(duty.due_at is None or duty.due_at < now + BEFORE_LONG for duty in meets)
        first = min((duty.due_at.timestamp() for duty in meets if duty.due_at), default=float("inf"))
        found.append((
            first if meets else float("inf"), place,
            Possible(kind, pathway.title_of(kind), event.about or "", tuple(dict.fromkeys(duty.title for duty in meets)),
                     any(duty.status == "overdue" for duty in meets), soon and allowed == "own", event.closes,
                     allowed == "another"),
        ))  # fmt: skip
    found.sort(key=lambda one: (not one[2].likely, one[2].for_another, one[0], one[1]))
    return [one for _, _, one in found]


def may_say(actor: Actor, event: EventKind, ours: Set[str]) -> str | None:
    """Whether someone may record an event: for their own agency ("own"), for another that said so ("another"), or not."""
    if event.needs is not None and not actor.may(Capability(event.needs)):
        return None
    if actor.is_system or ANYONE & set(event.by) or ours & set(event.by):
        return "own"
    # Whoever screens contacts writes down what another agency says by telephone.
    return "another" if actor.may(Capability.SCREEN_CONTACTS) else None


def _meets(program: Program, duties: Sequence[ComputedDuty], kind: str) -> list[ComputedDuty]:
    rules = program.pathway.duties
    found = [duty for duty in duties if duty.status in UNMET and kind in rules[duty.duty].met_by]
    return sorted(found, key=lambda duty: duty.due_at.timestamp() if duty.due_at else float("inf"))
