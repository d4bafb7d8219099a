"""The action register as pages show it: lines by agency, source, owner and state, their counts, and one action's history.

Every row comes through `AgreedActionPolicy`: what one may not see is in no list and no count. Depends on `policies`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from goldenthread.agencies.models import Organisation
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.library import pathways
from goldenthread.guidance.pathway import Pathway
from goldenthread.guidance.register import SOURCES, Registered

from ..models import AgreedAction, Document, Event
from ..policies import AgreedActionPolicy, DocumentPolicy, EventPolicy
from ..register import DONE, number_of
from ..timeline import Entry, entries
from .counting import Count, capped_counts

SOON = timedelta(days=30)
STATES = ("late", "soon", "open", "closed")
"""Late; due in 30 days; every open one; closed."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a list is narrowed to."""

    state: str = "open"
    agency: str = ""
    source: str = ""
    owner: str = ""
    """`mine`: of cases one works on, for one's own agency; `ours`: of one's agencies; `nobody`: no agency named."""
    pathway: str = ""


def lines(actor: Actor, chosen: Chosen, today: date | None = None) -> QuerySet[AgreedAction]:
    """The register narrowed, the earliest due first; closed ones the latest first."""
    rows = _narrowed(actor, chosen)
    found = _in_state(rows, chosen.state, today or timezone.localdate()).select_related("case", "agency", "case__worker")
    if chosen.state == "closed":
        return found.order_by("-closed_on", "pk")
    return found.order_by(F("due_on").asc(nulls_last=True), "pk")


def state_counts(actor: Actor, chosen: Chosen, today: date | None = None) -> Mapping[str, Count]:
    """How many there are in each state of what is chosen besides. One statement."""
    rows, day = _narrowed(actor, chosen), today or timezone.localdate()
    return capped_counts({state: _in_state(rows, state, day) for state in STATES})


def _narrowed(actor: Actor, chosen: Chosen) -> QuerySet[AgreedAction]:
    rows = AgreedActionPolicy.visible_to(actor)
    if chosen.agency:
        rows = rows.filter(agency__slug=chosen.agency)
    if chosen.source:
        rows = rows.filter(source=chosen.source)
    if chosen.pathway:
        rows = rows.filter(pathway=chosen.pathway)
    if chosen.owner == "mine":
        mine = Q(case__worker=actor.user_id) if actor.user_id is not None else Q(pk__in=())
        rows = rows.filter(mine & (Q(agency=None) | Q(agency=F("case__lead"))))
    elif chosen.owner == "ours":
        rows = rows.filter(agency__in=sorted(actor.organisation_ids))
    elif chosen.owner == "nobody":
        rows = rows.filter(agency=None)
    return rows


def _in_state(rows: QuerySet[AgreedAction], state: str, today: date) -> QuerySet[AgreedAction]:
    if state == "closed":
        return rows.filter(closed_on__isnull=False)
    rows = rows.filter(closed_on=None)
    if state == "late":
        return rows.filter(due_on__lt=today).exclude(progress=DONE)
    return rows.filter(due_on__range=(today, today + SOON)).exclude(progress=DONE) if state == "soon" else rows


def agencies_with_actions(actor: Actor) -> list[tuple[str, str]]:
    """Agencies that have an action which one may see: (slug, title)."""
    having = AgreedActionPolicy.visible_to(actor).exclude(agency=None).order_by().values("agency").distinct()
    return list(Organisation.objects.filter(pk__in=having).order_by("title").values_list("slug", "title"))


def of_case(actor: Actor, case: Any) -> QuerySet[AgreedAction]:
    """The actions of one case."""
    return AgreedActionPolicy.visible_to(actor).filter(case=case).select_related("agency").order_by("agreed_on", "number")


# Words ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One action in the words of its guidance."""

    action: AgreedAction
    pathway: Pathway | None
    entry: Registered | None
    today: date

    @property
    def late(self) -> bool:
        one = self.action
        return one.closed_on is None and one.progress != DONE and one.due_on is not None and one.due_on < self.today

    @property
    def closed_late(self) -> bool:
        closed, due = self.action.closed_on, self.action.due_on
        return closed is not None and due is not None and closed > due

    @property
    def title(self) -> str:
        return f"{self.kind} {self.action.number}".strip()

    @property
    def kind(self) -> str:
        """What one is called: "Action", "Recommendation"."""
        return (self.entry.title if self.entry else None) or (self.pathway.title if self.pathway else "Action")

    @property
    def came_from(self) -> str:
        return SOURCES.get(self.action.source, self.action.source)

    @property
    def how_it_goes(self) -> str:
        if self.action.progress == DONE:
            return "Done, effect to be judged"
        return self._words(self.entry.progress if self.entry else None, self.action.progress)

    @property
    def became(self) -> str:
        return self._words(self.entry.how if self.entry else None, self.action.how)

    @property
    def who(self) -> str:
        """The person there: as it was agreed, or the worker of the case where it is for the agency that leads it."""
        if self.action.who:
            return self.action.who
        worker = self.action.case.worker
        return str(worker) if worker is not None and self.action.agency_id == self.action.case.lead_id else ""

    def _words(self, question: str | None, answer: str) -> str:
        if not answer or not question or self.pathway is None:
            return ""
        for event in self.pathway.events.values():
            if question in event.asks and answer in event.asks[question].of:
                return event.asks[question].of[answer]
        return answer.replace("_", " ").capitalize()


def line_of(action: AgreedAction, today: date | None = None) -> Line:
    pathway = pathways(action.case.arrangement).get(action.pathway)
    entry = pathway.registers.get(action.entry) if pathway else None
    return Line(action, pathway, entry, today or timezone.localdate())


def history(actor: Actor, line: Line) -> tuple[list[Entry], list[Document]]:
    """What was recorded of one action, the latest first, and the documents kept with it."""
    pathway, entry, action = line.pathway, line.entry, line.action
    if pathway is None or entry is None:
        return [], []
    kinds = {*entry.agreed, *entry.progressed, *entry.closed, *entry.reopened}
    rows = EventPolicy.visible_to(actor).filter(case=action.case_id, kind__in=sorted(kinds))
    events: list[Event] = list(rows.select_related("organisation", "recorded_by").order_by("sequence"))
    about = [one for one in entries(pathway, events) if _is_about(pathway, action, one.data)]
    first = {one.event.pk for one in about}
    kept_with = Q(event__in=first) | Q(event__amends__in=first)
    documents = DocumentPolicy.visible_to(actor).filter(kept_with, case=action.case_id).order_by("-added_at")
    return about, list(documents.select_related("event"))


def _is_about(pathway: Pathway, action: AgreedAction, data: Mapping[str, Any]) -> bool:
    """Whether an event tells of this action, by its number."""
    number = pathway.registers[action.entry].number
    return number is None or number_of(data.get(number)) == action.number
