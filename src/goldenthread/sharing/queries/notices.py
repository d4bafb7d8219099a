"""Notices as pages show them: those that wait, those that were seen, and how many wait. Depends on `policies`."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from goldenthread.foundation.actor import Actor
from goldenthread.foundation.policy import plain
from goldenthread.foundation.prepared import Prepared

from ..models import Notice
from ..policies import NoticePolicy

MOST_COUNTED = 99
"""More than this is shown as this and a plus sign: counting on would cost every page."""
SEEN_SHOWN = timedelta(days=14)


def waiting(actor: Actor) -> QuerySet[Notice]:
    """Notices that nobody has dealt with, the oldest last."""
    return NoticePolicy.visible_to(actor).filter(seen_at=None).select_related("organisation", "case").order_by("-at", "pk")


def seen_lately(actor: Actor) -> QuerySet[Notice]:
    since = timezone.now() - SEEN_SHOWN
    rows = NoticePolicy.visible_to(actor).filter(seen_at__gte=since).select_related("organisation", "case", "seen_by")
    return rows.order_by("-seen_at", "pk")


def _counted(actor: Actor, day: date | None) -> QuerySet[Notice, Any]:
    return waiting(actor).order_by().values_list("pk")[: MOST_COUNTED + 1]


_WAITING = Prepared(_counted)


def how_many_wait(actor: Actor) -> str:
    """For the bar at the top: "", "3" or "99+"."""
    rows = _WAITING.rows(None, plain(actor), timezone.localdate()) if actor.held is not None else _counted(actor, None)
    found = len(rows)
    if found > MOST_COUNTED:
        return f"{MOST_COUNTED}+"
    return str(found) if found else ""
