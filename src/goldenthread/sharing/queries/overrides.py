"""Sharing in an emergency as pages show it: what waits for review, and what still stands. Depends on `policies`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import current_library

from ..decision import Decision
from ..models import Override
from ..policies import OverridePolicy

SHOWN = ("case__subject", "case__lead", "holder", "receiver", "review__lead", "by")


def to_review(actor: Actor) -> QuerySet[Override]:
    """Those that nobody has reviewed yet, the earliest due first."""
    return (
        OverridePolicy.visible_to(actor)
        .filter(review__is_open=True)
        .select_related(*SHOWN)
        .order_by("review__next_due_at", "at")
    )


def reviewed_lately(actor: Actor, most: int = 20) -> list[Override]:
    """The last that were reviewed."""
    rows = OverridePolicy.visible_to(actor).filter(review__is_open=False).select_related(*SHOWN)
    return list(rows.order_by("-review__closed_at", "pk")[:most])


def standing(people: Iterable[Any], receiver: Iterable[int], moment: datetime | None = None) -> QuerySet[Override]:
    """Overrides that let these organisations be told about these people at a moment. For the chronology, which shows each."""
    now = moment or timezone.now()
    return Override.objects.filter(
        case__subject__in=list(people), receiver__in=list(receiver), at__lte=now, ends_at__gt=now
    ).select_related("holder", "receiver", "case")


def decision_of(override: Override) -> Decision:
    """What the agreements had said when it was used."""
    return Decision.from_plain(override.ruling)


def may_review(actor: Actor, override: Override) -> bool:
    """Whether this person may review it: with the role that the pathway asks for, and not what they did themselves."""
    review = override.review
    if review is None or not review.is_open or not actor.may(Capability.SUPERVISE):
        return False
    pathway = current_library().pathways.get(review.pathway)
    event = pathway.events.get(current_library().sharing.emergency.reviewed) if pathway else None
    waits = event is not None and (not event.in_states or review.state in event.in_states)
    return waits and (override.by_id is None or override.by_id != actor.user_id)
