"""How meetings stand in numbers: how many agencies are asked, answered and came, how many reports are in. No names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from goldenthread.foundation.actor import Actor

from ..models import Meeting
from ..policies import ReportPolicy, SeatPolicy
from .figures import CAME


@dataclass(slots=True)
class Tally:
    """Of one meeting: seats of agencies, and reports about the pages that the actor sees."""

    asked: int = 0
    answered: int = 0
    came: int = 0
    reports: int = 0
    sent: int = 0


def tallies(actor: Actor, meetings: Sequence[Meeting]) -> dict[UUID, Tally]:
    """By meeting, in two queries."""
    found = {one.pk: Tally() for one in meetings}
    seats = SeatPolicy.visible_to(actor).filter(meeting__in=list(found)).exclude(organisation=None).order_by()
    for row in seats.values("meeting").annotate(
        asked=Count("pk"), answered=Count("pk", filter=~Q(answer="")), there=Count("pk", filter=Q(attendance__in=CAME))
    ):
        one = found[row["meeting"]]
        one.asked, one.answered, one.came = row["asked"], row["answered"], row["there"]
    reports = ReportPolicy.visible_to(actor).filter(page__meeting__in=list(found)).order_by()
    for each in reports.values("page__meeting").annotate(asked=Count("pk"), sent=Count("received_at")):
        one = found[each["page__meeting"]]
        one.reports, one.sent = each["asked"], each["sent"]
    return found
