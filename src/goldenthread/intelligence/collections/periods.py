"""Which forms there are for an agency and when each is due, worked out from guidance. Reads no table but areas and agencies.

Periods are those of the indicators. What is due is counted from the last day of the period, by the calendar of the agency's
arrangement, and by the rule that was in force on that day.
"""

from __future__ import annotations

from datetime import date

from goldenthread.agencies.models import Area, Organisation
from goldenthread.clocks.calendar import calendar_for
from goldenthread.clocks.interval import after
from goldenthread.clocks.proof import Proof
from goldenthread.foundation.library import arrangement_for, current_library
from goldenthread.guidance.collection import Collection

from ..indicators.periods import Period, between


def collections() -> dict[str, Collection]:
    return dict(current_library().collections)


def collection_of(identity: str) -> Collection | None:
    """The collection of that id; None where the guidance no longer has it, whose submissions are kept and not shown."""
    return current_library().collections.get(identity)


def periods_begun(collection: Collection, since: date, today: date) -> list[Period]:
    """The periods that began between two days, the present one too, for which a rule says when they are due."""
    found = between(since, date(today.year + 1, 12, 31), [collection.every])
    return [one for one in found if since <= one.start <= today and collection.due.on(one.end) is not None]


def proof_of_due(collection: Collection, last_day: date, area: str | None) -> Proof | None:
    """When what is asked of a period that ends on this day is due, with every day counted. None where no rule is in force."""
    length = collection.due.on(last_day)
    if length is None:
        return None
    return after(length, last_day, calendar_for(current_library(), arrangement_for(area)))


def due_on(collection: Collection, last_day: date, area: str | None) -> date:
    proof = proof_of_due(collection, last_day, area)
    assert proof is not None and proof.due is not None  # of periods with a rule, in units of days
    return proof.due


def districts_of(organisation: Organisation) -> list[tuple[str, str]]:
    """The districts and unitary areas in the agency's own: (area, title). None where its area has no parts."""
    return _leaves(organisation.area_id, list(Area.objects.all()))


def _leaves(area: int | None, areas: list[Area]) -> list[tuple[str, str]]:
    inside: dict[int, list[Area]] = {}
    for one in areas:
        if one.within_id is not None:
            inside.setdefault(one.within_id, []).append(one)
    found: list[Area] = []
    waiting = list(inside.get(area, [])) if area is not None else []
    while waiting:
        here = waiting.pop()
        parts = inside.get(here.pk, [])
        waiting += parts
        if not parts:
            found.append(here)
    return [(one.slug, one.title) for one in sorted(found, key=lambda one: one.title)]
