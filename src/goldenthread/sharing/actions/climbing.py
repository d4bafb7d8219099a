"""Climbing: when an answer is late, the rungs of guidance/sharing.yaml are told one after another, each once.

Run by `goldenthread nightly` and whenever somebody opens a page of late requests, so that a clock of three hours does not
wait for the night. Depends on `exchange` and `notices`.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from smtplib import SMTPException
from uuid import UUID

from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone

from goldenthread.foundation.action import Action
from goldenthread.foundation.actor import SystemActor
from goldenthread.guidance.climbing import ClimbStep

from ..exchange import climbs, moment_after, still_open, with_accounts
from ..models import HandOver, Notice, Request
from .hand_over import tell_receiver
from .links import links_of
from .notices import Notify

log = logging.getLogger("goldenthread.sharing")

OWED = "An answer that your agency owes is late"
NOT_COME = "An agency that was asked has not answered, and its answer is late"
OFFER_OWED = "A case offered to your agency has not been accepted or refused, and the answer is late"
OFFER_NOT_COME = "A case that your agency offered to another has not been answered, and the answer is late"
LATE_OFFER = "hand_over.late."
REMINDER_SUBJECT = "Your answer is late"
REMINDER = """{asker} asked {agency} what it knows about somebody and has had no answer.

Please use the link that was sent to this address. If you cannot find it or it has ended, telephone {asker}.
This message holds no names on purpose.
"""


class ClimbRequests(Action[int]):
    """Tell the next rungs of every request whose answer is late (or of one case's); how many notices were given."""

    name = "sharing.climb_requests"
    needs = None  # only the system runs it

    def perform(self, case: UUID | None = None, now: datetime | None = None) -> int:
        now, steps = now or timezone.now(), climbs().requests.steps
        rows = Request.objects.filter(climbed__lt=len(steps), case__is_open=True)
        if case is not None:
            rows = rows.filter(case=case)
        late = still_open(rows).filter(due_at__lte=now).select_related("case__subject", "agency", "asker", "event")
        told: set[tuple[UUID | None, int, int]] = set()
        given = 0
        for one in late.order_by("due_at", "pk"):
            for number in self._rungs(one, one.due_at, steps, now):
                group = (one.event.group or one.pk, one.agency_id, number)
                if group not in told:
                    told.add(group)
                    self._tell(one, steps[number], number)
                    given += 1
        if not given:
            self.quiet("no answer has become later by a rung")
        return given

    def _rungs(self, request: Request, due: datetime, steps: Sequence[ClimbStep], now: datetime) -> list[int]:
        """The rungs reached since the last time. Marked before they are told, so that of two runs at once one tells."""
        reached = request.climbed
        while reached < len(steps) and moment_after(steps[reached].late_by, due, request.case.arrangement) <= now:
            reached += 1
        if reached == request.climbed:
            return []
        marked = Request.objects.filter(pk=request.pk, climbed=request.climbed).update(climbed=reached)
        return list(range(request.climbed, reached)) if marked else []

    def _tell(self, request: Request, step: ClimbStep, number: int) -> None:
        asked = step.tell == "asked"
        page = "requests:answer" if asked else "requests:of-case"
        Notify(self.actor).run(
            "request.late", OWED if asked else NOT_COME, organisation=request.agency if asked else request.asker,
            capability=step.needs, case=request.case,
            address=reverse(page, args=[request.pk if asked else request.case_id]),
        )  # fmt: skip
        if asked and not with_accounts([request.agency_id]):
            _remind(request)
        self.note("case", request.case_id, request=str(request.pk), rung=number)


def _remind(request: Request) -> None:
    """Remind an agency without accounts at the address its link went to; never the link itself again."""
    link = links_of([request]).get(request.pk)
    if link is None or not link.sent_to or link.withdrawn_at is not None:
        return
    words = REMINDER.format(asker=request.asker.title, agency=request.agency.title)
    try:
        EmailMessage(REMINDER_SUBJECT, words, to=[link.sent_to]).send()
    except (SMTPException, OSError) as error:
        log.warning("a reminder could not be sent: %s", type(error).__name__)


class ClimbHandOvers(Action[int]):
    """The same for cases offered to another agency that has neither accepted nor refused them."""

    name = "sharing.climb_hand_overs"
    needs = None  # only the system runs it

    def perform(self, now: datetime | None = None) -> int:
        now, steps = now or timezone.now(), climbs().hand_overs.steps
        given = 0
        rows = HandOver.objects.filter(state=HandOver.State.OFFERED, due_at__lte=now)
        late = list(rows.select_related("case__subject", "sender", "receiver").order_by("due_at"))
        # What was told before is asked once for all of them: a page that climbs must not take longer for each.
        pages = {reverse("requests:hand-over", args=[one.pk]) for one in late}
        told = set(Notice.objects.filter(kind__startswith=LATE_OFFER, address__in=pages).values_list("kind", "address"))
        for one in late:
            for number, step in enumerate(steps):
                if (f"{LATE_OFFER}{number}", reverse("requests:hand-over", args=[one.pk])) in told:
                    continue
                if moment_after(step.late_by, one.due_at, one.case.arrangement) > now:
                    break
                if self._told(one, number, step):
                    self.note("hand_over", one.pk, rung=number)
                    given += 1
        if not given:
            self.quiet("no offer has become later by a rung")
        return given

    def _told(self, offer: HandOver, number: int, step: ClimbStep) -> bool:
        kind = f"{LATE_OFFER}{number}"
        if step.tell == "asked":
            return bool(tell_receiver(self.actor, offer, kind, OFFER_OWED, needs=step.needs, once=True))
        made = Notify(self.actor).run(
            kind, OFFER_NOT_COME, capability=step.needs, organisation=offer.sender, case=offer.case, once=True,
            address=reverse("requests:hand-over", args=[offer.pk]),
        )  # fmt: skip
        return made is not None


def climb(now: datetime | None = None) -> int:
    """Both, for `goldenthread nightly` and for pages of late requests; how many notices were given."""
    system = SystemActor("climbing")
    return ClimbRequests(system).run(now=now) + ClimbHandOvers(system).run(now=now)
