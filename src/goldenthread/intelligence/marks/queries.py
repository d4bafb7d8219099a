"""Marked changes as charts and pages need them, and the completed actions that may be marked. Reads only through policies.

An action may be marked if it is of a case about an organisation and not restricted: what was agreed for one child changes no
total, and a chart that many see must not lead to a child.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from goldenthread.casework.models import AgreedAction
from goldenthread.casework.policies import AgreedActionPolicy
from goldenthread.casework.register import DONE
from goldenthread.foundation.actor import Actor
from goldenthread.guidance.library import Library

from ..indicators.places import EVERYWHERE
from .models import MarkedChange
from .policies import MarkPolicy

MOST = 50
"""Actions offered, the latest completed first."""


def areas_above(library: Library, area: str) -> list[str]:
    """The area itself, each that it lies in, and everywhere: a change there is a change here."""
    within = {one.id: one.within for arrangement in library.arrangements.values() for one in arrangement.areas}
    found: list[str] = []
    at: str | None = area
    while at is not None and at not in found:
        found.append(at)
        at = within.get(at)
    return [*found, EVERYWHERE] if EVERYWHERE not in found else found


def area_titles(library: Library) -> dict[str, str]:
    """Every area in which a change can be marked."""
    found = {one.id: one.title for arrangement in library.arrangements.values() for one in arrangement.areas}
    return {EVERYWHERE: "Everywhere", **found}


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark, and its action if the reader may see that."""

    row: MarkedChange
    area_title: str
    action: AgreedAction | None


def marks(actor: Actor, library: Library, indicator: str, areas: Sequence[str]) -> tuple[list[Mark], list[Mark]]:
    """The marks of an indicator in these areas, the earliest first; and those that were taken off, the latest first."""
    rows = list(MarkPolicy.visible_to(actor).filter(indicator=indicator, area__in=areas).order_by("on", "marked_at"))
    seen = _actions(actor, [one.action for one in rows if one.action is not None])
    titles = area_titles(library)
    told = [Mark(one, titles.get(one.area, one.area), seen.get(one.action)) for one in rows]
    gone = sorted((one for one in told if one.row.taken_off_at), key=lambda one: str(one.row.taken_off_at), reverse=True)
    return [one for one in told if one.row.taken_off_at is None], gone


def _actions(actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID | None, AgreedAction]:
    if not ids:
        return {}
    return {one.pk: one for one in AgreedActionPolicy.visible_to(actor).filter(pk__in=ids).select_related("case")}


def completed(actor: Actor) -> QuerySet[AgreedAction]:
    """Actions that may be marked and that the actor may see, the latest completed first."""
    rows = AgreedActionPolicy.visible_to(actor).filter(case__about__isnull=False, case__restricted=False)
    done = rows.filter(Q(progress=DONE, progress_on__isnull=False) | Q(closed_on__isnull=False))
    return done.select_related("case").order_by(Coalesce("progress_on", "closed_on").desc(), "pk")


def completed_on(action: AgreedAction) -> date | None:
    """The day on which an action was completed: when it was done, or else when it was closed."""
    return action.progress_on if action.progress == DONE and action.progress_on else action.closed_on
