"""Asking agencies what they know: what the agreements say of it, the event in the case, the request that waits.

Each agency has its own clock, which the pathway's guidance runs. Nobody is asked against an agreement but under an
override with its reason, and where an agreement wants a person with authority to decide, a supervisor's word is kept.
Depends on `casework.actions` for the events, `rulings` for what may be shared.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from goldenthread.agencies.models import Organisation
from goldenthread.casework.actions import RecordForSeveral
from goldenthread.casework.models import Case, Duty, Event
from goldenthread.casework.policies import CasePolicy
from goldenthread.casework.record import program_of
from goldenthread.foundation.action import Action, Invalid
from goldenthread.foundation.actor import NotAllowed, SystemActor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import pathways

from ..decision import Decision, Verdict
from ..exchange import asked_elsewhere, asking_organisation, exchange_of, waits
from ..models import Override, Request
from ..rulings import purpose_of, ruling_for
from .notices import Notify, settle

ASKED_WORDS = "Your agency is asked what it knows about somebody. That it holds nothing is an answer"
REVIEW_WORDS = "A supervisor’s word is needed before an agency can be asked"


class NotCovered(Invalid):
    """Agencies that may not be asked, or not without a supervisor's word; `decisions` says by which clause, by their id."""

    def __init__(self, agencies: Sequence[Organisation], decisions: Mapping[int, Decision]) -> None:
        self.decisions = dict(decisions)
        said = [f"{one.title}: {decisions[one.pk].content.why}" for one in agencies if one.pk in decisions]
        super().__init__({"agencies": said})


class AskAgencies(Action[list[Request]]):
    """Ask several agencies at once about the people of several cases, opened together: all of them, or none.

    `overrides`: agency's id -> the emergency override under which it is asked against an agreement. `word`: why a
    supervisor lets those be asked of whom an agreement says that a person decides. `only_known`: ids of agencies that are
    asked no more than whether they know the child, where an agreement lets that much be told. Pass the `version` of the
    first case.
    """

    name = "sharing.ask_agencies"
    needs = Capability.RECORD_EVENTS

    def perform(
        self, cases: Sequence[Case], agencies: Sequence[Organisation], question: str = "", about_whom: str = "", *,
        version: int | None = None, overrides: Mapping[int, Override] | None = None, word: str = "",
        only_known: Collection[int] = (), purpose: str = "",
    ) -> list[Request]:  # fmt: skip
        if not cases or not agencies:
            raise Invalid({"agencies": "Choose at least one agency to ask"})
        if CasePolicy.visible_to(self.actor).filter(pk__in=[one.pk for one in cases]).count() != len(cases):
            raise NotAllowed("There is no such case, or you may not see it.")
        first = cases[0]
        exchange = exchange_of(program_of(first).pathway)
        if exchange is None:
            raise Invalid("Agencies are not asked in a case of this kind.")
        asker = asking_organisation(first.lead, self.actor.organisation_ids, self.actor.organisation_id)
        if asker is None:
            raise Invalid("You do not act for an organisation, so you cannot ask others.")
        if any(one.pk == asker.pk for one in agencies):
            raise Invalid({"agencies": f"{asker.title} is your own agency: look in its records"})
        purpose, day = purpose or purpose_of(first), timezone.localdate()
        found = {one.pk: ruling_for(one, asker, purpose, first, day) for one in agencies}
        self._covered([one for one in agencies if not _told_whether_known(found[one.pk], one, only_known)],
                      found, overrides or {}, word)  # fmt: skip
        asks = program_of(first).pathway.events[exchange.asked].asks
        given = {name: text for name, text in (("question", question), ("about_whom", about_whom)) if name in asks}
        versions = {first.pk: version} if version is not None else {}
        made: list[Request] = []
        for agency in agencies:
            answers = {**given, exchange.agency: agency.slug}
            events = RecordForSeveral(self.actor).run(list(cases), exchange.asked, timezone.now(), answers, versions)
            versions = {event.case_id: event.sequence for event in events if event.case_id == first.pk}
            settle(self.actor, [f"{reverse('requests:of-case', args=[first.pk])}?held={agency.slug}"])
            made += self._requests(events, asker, agency, purpose, found[agency.pk], (overrides or {}).get(agency.pk), word)
        return made

    def _covered(
        self, agencies: Sequence[Organisation], found: Mapping[int, Decision], overrides: Mapping[int, Override], word: str
    ) -> None:
        """Raises NotCovered unless each agency may be asked."""
        wrong: dict[int, Decision] = {}
        for agency in agencies:
            verdict = found[agency.pk].content.verdict
            if verdict is Verdict.DENY:
                held = overrides.get(agency.pk)
                if held is None or held.holder_id != agency.pk or held.ends_at <= timezone.now():
                    wrong[agency.pk] = found[agency.pk]
            elif verdict is Verdict.REVIEW and not (word.strip() and self.actor.may(Capability.SUPERVISE)):
                wrong[agency.pk] = found[agency.pk]
        if wrong:
            raise NotCovered(agencies, wrong)

    def _requests(
        self, events: Sequence[Event], asker: Organisation, agency: Organisation, purpose: str, decision: Decision,
        override: Override | None, word: str,
    ) -> list[Request]:  # fmt: skip
        ruling: dict[str, Any] = decision.plain()
        if decision.content.verdict is Verdict.REVIEW and word.strip() and self.actor.may(Capability.SUPERVISE):
            ruling["word"] = {"by": self.actor.name, "why": word.strip()}
        made = [kept(event, asker, agency, purpose, ruling, override) for event in events]
        for one in made:
            self.note("case", one.case_id, request=str(one.pk), agency=agency.pk, verdict=decision.content.verdict.value)
        Notify(self.actor).run(
            "request.asked", ASKED_WORDS, organisation=agency, case=made[0].case,
            address=reverse("requests:answer", args=[made[0].pk]),
        )  # fmt: skip
        return made


def _told_whether_known(decision: Decision, agency: Organisation, only_known: Collection[int]) -> bool:
    """Whether an agency is asked no more than whether it knows the child, and an agreement lets it say that."""
    return agency.pk in only_known and decision.existence.verdict is Verdict.PERMIT


def kept(
    event: Event, asker: Organisation, agency: Organisation, purpose: str, ruling: Mapping[str, Any],
    override: Override | None = None,
) -> Request:  # fmt: skip
    """The row of one request."""
    return Request.objects.create(
        event=event, case_id=event.case_id, asker=asker, agency=agency, purpose=purpose, ruling=dict(ruling),
        override=override, asked_at=event.recorded_at,
    )  # fmt: skip


class AskForWord(Action[int]):
    """Ask the supervisors of one's own agency to give their word, where an agreement says that a person decides."""

    name = "sharing.ask_for_word"
    needs = Capability.RECORD_EVENTS

    def perform(self, case: Case, agencies: Sequence[Organisation]) -> int:
        if not CasePolicy.visible_to(self.actor).filter(pk=case.pk).exists():
            raise NotAllowed("There is no such case, or you may not see it.")
        asker = asking_organisation(case.lead, self.actor.organisation_ids, self.actor.organisation_id)
        if asker is None or not agencies:
            raise Invalid("Choose at least one agency to ask")
        chosen = "&".join(f"held={one.slug}" for one in agencies)
        Notify(self.actor).run(
            "request.review", REVIEW_WORDS, organisation=asker, capability=Capability.SUPERVISE.value, case=case,
            address=f"{reverse('requests:of-case', args=[case.pk])}?{chosen}"[:200],
        )  # fmt: skip
        self.note("case", case.pk, agencies=[one.pk for one in agencies])
        return len(agencies)


class TakeUpAsked(Action[int]):
    """Keep as requests what was asked another way (an import, the API, before sharing was switched on), so that it is
    answered, reminded of and climbs like the rest. The agreements' ruling of the day it was asked is kept with it."""

    name = "sharing.take_up_asked"
    needs = None  # only the system runs it

    def perform(self, most: int = 1000, now: datetime | None = None) -> int:
        made = 0
        for arrangement in sorted(set(Case.objects.order_by().values_list("arrangement", flat=True).distinct())):
            for pathway in pathways(arrangement).values():
                exchange = exchange_of(pathway)
                if exchange is None or made >= most:
                    continue
                rows = asked_elsewhere(pathway, exchange).filter(case__arrangement=arrangement)
                made += self._take_up(list(rows.select_related("organisation")[: most - made]))
        if not made:
            self.quiet("nothing was asked another way")
        return made

    def _take_up(self, clocks: Sequence[Duty]) -> int:
        events = Event.objects.in_bulk([one.triggered_by for one in clocks if one.triggered_by])
        cases = Case.objects.select_related("lead", "subject").in_bulk({one.case_id for one in clocks})
        for clock in clocks:
            event, case = events.get(clock.triggered_by or uuid.UUID(int=0)), cases[clock.case_id]
            if event is None or clock.organisation is None:
                continue
            decision = ruling_for(clock.organisation, case.lead, purpose_of(case), case, event.occurred_on)
            kept(event, case.lead, clock.organisation, purpose_of(case), decision.plain())
            self.note("case", case.pk, agency=clock.organisation_id, verdict=decision.content.verdict.value)
        return len(clocks)


def take_up_asked() -> int:
    """For `goldenthread nightly`."""
    return TakeUpAsked(SystemActor("requests asked elsewhere")).run()


__all__ = ["AskAgencies", "AskForWord", "NotCovered", "TakeUpAsked", "kept", "take_up_asked", "waits"]
