"""Answering what an agency knows: by its own people, by those who asked and were told by telephone, or by a one-time link.

An answer is an event of the case with its source: the agency, and who said it. What may be said is decided again on the
day of the answer, for an agreement may have ended since. Depends on `casework.actions`, `rulings`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from goldenthread.casework.actions import RecordForSeveral
from goldenthread.casework.models import Case, Event
from goldenthread.casework.record import program_of
from goldenthread.foundation.action import Action, Invalid
from goldenthread.foundation.actor import Actor, NotAllowed
from goldenthread.foundation.capability import Capability

from ..decision import Ruling, Verdict
from ..exchange import Exchange, exchange_of, still_open
from ..models import AnswerLink, Request
from ..policies import RequestPolicy
from ..rulings import ruling_for
from .notices import Notify, settle

ANSWERED_WORDS = "An agency that you asked has answered"
ANSWERED_BEFORE = "This was answered before. If there is more to say, record it in the case, or tell those who asked"


class AnsweredBefore(Invalid):
    """Somebody else's answer came first. Nothing of this one was written."""

    def __init__(self) -> None:
        super().__init__(ANSWERED_BEFORE)


class AnswerRequest(Action[list[Event]]):
    """An agency's answer for one child or, where they were asked about together, for several.

    `given`: the answers that are the same for all; `each`: case's id -> those that differ, such as whether the child is
    known and the child's own words. All requests given must still wait; of two answers at once the second is refused.
    """

    name = "sharing.answer_request"
    needs = Capability.RECORD_EVENTS

    def perform(
        self, requests: Sequence[Request], given: Mapping[str, Any], each: Mapping[UUID, Mapping[str, Any]] | None = None
    ) -> list[Event]:
        if not requests:
            raise Invalid("Choose at least one child that the answer is about")
        held = list(
            RequestPolicy.visible_to(self.actor)
            .filter(pk__in=[one.pk for one in requests])
            .select_related("case__lead", "case__subject", "agency", "asker", "override", "event__recorded_by")
            .order_by("pk")
        )
        if len(held) != len(requests) or len({one.agency_id for one in held}) != 1:
            raise NotAllowed("There is no such request, or you may not see it.")
        _may_answer(self.actor, held[0])
        hold_cases(held)
        if still_open(Request.objects.filter(pk__in=[one.pk for one in held])).count() != len(held):
            raise AnsweredBefore
        agency = held[0].agency
        exchange = exchange_for(held[0])
        allowed, ruling = questions_allowed(held[0])
        if ruling is not None and not allowed:
            raise Invalid(f"The agreement does not let this be answered. {ruling.why}")
        answers = {name: value for name, value in given.items() if ruling is None or name in allowed}
        answers[exchange.agency] = agency.slug
        own = {
            case: {name: value for name, value in one.items() if ruling is None or name in allowed}
            for case, one in (each or {}).items()
        }
        speaker = self.actor
        if not speaker.is_system and agency.pk not in speaker.organisation_ids:
            speaker = _who_was_told(speaker)
        events = RecordForSeveral(speaker).run(
            [one.case for one in held], exchange.answered, timezone.now(), answers, each=own, organisation=agency
        )
        waiting = set(still_open(Request.objects.filter(pk__in=[one.pk for one in held])).values_list("pk", flat=True))
        for one in held:
            self.note("case", one.case_id, request=str(one.pk), agency=agency.pk, holding=one.pk in waiting)
        settle(self.actor, [reverse("requests:answer", args=[one.pk]) for one in held if one.pk not in waiting])
        self._links_end([one for one in held if one.pk not in waiting])
        self._tell_asker(held[0])
        return events

    def _links_end(self, answered: Sequence[Request]) -> None:
        """One-time links of a request that was answered another way can no longer be used."""
        links = AnswerLink.objects.filter(request__in=answered, answered_at=None, withdrawn_at=None)
        links.update(withdrawn_at=timezone.now())

    def _tell_asker(self, request: Request) -> None:
        asked_by = request.event.recorded_by
        whom: dict[str, Any] = {"user": asked_by} if asked_by is not None else {"organisation": request.asker}
        if asked_by is not None and asked_by.pk == self.actor.user_id:
            return
        Notify(self.actor).run(
            "request.answered", ANSWERED_WORDS, case=request.case, mail=False,
            address=reverse("requests:of-case", args=[request.case_id]), **whom,
        )  # fmt: skip


def hold_cases(requests: Sequence[Request]) -> None:
    """Hold the cases of requests until done, before anything else is locked: whoever answers, or makes, opens or ends a
    link, begins with the cases and in one order, so that two at once wait for one another here and never in a ring. The
    second then finds what the first has done."""
    list(Case.objects.select_for_update().filter(pk__in=[one.case_id for one in requests]).order_by("pk").values_list("pk"))


def _may_answer(actor: Actor, request: Request) -> None:
    """Raises NotAllowed unless one acts for the agency that was asked, or writes down for those who asked what it said."""
    if actor.is_system or request.agency_id in actor.organisation_ids:
        return
    if request.asker_id in actor.organisation_ids and actor.may(Capability.SCREEN_CONTACTS):
        return
    raise NotAllowed(f"Only {request.agency.title} can answer this.")


def _who_was_told(actor: Actor) -> Actor:
    """One of those who asked, who writes down what the agency said: the source is the agency, and the reader must not take
    the writer for one of its people."""
    own: dict[str, Any] = {each.name: getattr(actor, each.name) for each in fields(Actor)}
    return Actor(**{**own, "name": f"{actor.name[:170]}, who was told by the agency"})


def exchange_for(request: Request) -> Exchange:
    """How the case of a request hears answers."""
    exchange = exchange_of(program_of(request.case).pathway)
    if exchange is None:
        raise Invalid("Agencies are not asked in a case of this kind.")
    return exchange


def questions_allowed(request: Request) -> tuple[frozenset[str], Ruling | None]:
    """Questions that may be answered today, with the ruling that narrows them; (all, None) where nothing does.

    What a supervisor gave their word for, and what an override that still stands covers, may be said in full. Where an
    agreement lets only the existence of a record be told, only whether the agency knows the child is asked.
    """
    exchange, pathway = exchange_for(request), program_of(request.case).pathway
    every = frozenset(pathway.events[exchange.answered].asks)
    if request.override is not None and request.override.ends_at > timezone.now():
        return every, None
    decision = ruling_for(request.agency, request.asker, request.purpose, request.case, timezone.localdate())
    if decision.content.verdict is Verdict.PERMIT:
        return every, None
    if decision.content.verdict is Verdict.REVIEW and request.ruling.get("word"):
        return every, None
    if decision.existence.verdict is Verdict.PERMIT:
        return frozenset(exchange.tells), decision.content
    return frozenset(), decision.existence


def asked_together(request: Request) -> list[Request]:
    """The requests made of the same agency in one go, for brothers and sisters; this one among them."""
    rows = Request.objects.filter(agency=request.agency_id).select_related("case__subject", "case__lead", "agency", "asker")
    if request.event.group is None:
        return list(rows.filter(pk=request.pk))
    return list(rows.filter(event__group=request.event.group).order_by("case__subject__born", "pk"))
