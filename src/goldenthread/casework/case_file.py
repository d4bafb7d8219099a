"""The facts of a case as its page tells them: duties as cards, events as a story, what may happen next. Writes nothing.

Depends on `queries.case_page`, which reads what the policies allow: now, or as it was known on an earlier day.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from goldenthread.clocks.duty import met_in_words
from goldenthread.clocks.engine import ComputedDuty, Program
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.models import Draft, JournalEntry
from goldenthread.foundation.policies import DraftPolicy

from .models import Case, Document, Event
from .next_events import UNMET, Possible, possible_events
from .policies import CasePolicy
from .queries import CasePage, case_page
from .record import happening_of, program_of, subject_of
from .timeline import Entry, entries
from .words import due_words, why_due

_ORDER = {"overdue": 0, "due_soon": 1, "open": 2, "waiting": 3}
QUOTES = 3


@dataclass(frozen=True, slots=True)
class Card:
    """One duty as a card: when in words, why in short, who owes it."""

    duty: ComputedDuty
    when: str
    why: str
    owed_by: str
    worker: str
    settled: str
    """What became of it, where it is settled."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What recording an event changed."""

    entry: Entry
    started: list[Card]
    met: list[ComputedDuty]
    opened: list[Case]
    also: list[Case]


@dataclass(slots=True)
class CaseFile:
    """All that the page of a case shows."""

    facts: CasePage
    program: Program
    due: list[Card]
    settled: list[Card]
    entries: list[Entry]
    possible: list[Possible] = field(default_factory=list)
    drafts: list[dict[str, Any]] = field(default_factory=list)

    @property
    def case(self) -> Case:
        return self.facts.case

    @property
    def state(self) -> str:
        return self.program.pathway.states[self.facts.progress.state].title

    @property
    def is_open(self) -> bool:
        return self.facts.progress.is_open

    @property
    def quotes(self) -> list[Entry]:
        """The latest times that the person's own words were written down."""
        return [entry for entry in self.entries if entry.said and not entry.withdrawn][:QUOTES]

    @property
    def documents(self) -> list[Document]:
        return list(reversed(self.facts.documents))


def case_file(actor: Actor, case_id: UUID, agencies: set[str], known_on: date | None = None) -> CaseFile:
    """The file of a case that `actor`, who acts for agencies of these kinds, may see; on `known_on`, as it was known then.

    Raises Http404 alike for a case that is hidden and one that does not exist, or was not known of by then.
    """
    facts = case_page(actor, case_id, known_on)
    program = program_of(facts.case)
    told = entries(program.pathway, facts.events)
    for entry in told:
        ours = {entry.event.pk, *(correction.event.pk for correction in entry.corrections)}
        entry.opened = [case for case in facts.led_to if case.opened_from_id in ours]
    due, settled = _cards(program, facts)
    found = CaseFile(facts, program, due, settled, told)
    if known_on is None:
        happenings = list(map(happening_of, facts.events))
        subject = subject_of(facts.case.subject)
        found.possible = possible_events(
            actor, program, facts.progress, happenings, subject, facts.now, agencies
        )
        found.drafts = _drafts(actor, facts.case)
    return found


def _cards(program: Program, facts: CasePage) -> tuple[list[Card], list[Card]]:
    due: list[Card] = []
    settled: list[Card] = []
    for one in facts.duties:
        duty, row = one.computed, one.stored
        unmet = duty.status in UNMET
        (due if unmet else settled).append(Card(
            duty, due_words(duty.due, facts.now) if unmet else "",
            why_due(program.pathway, duty),
            row.organisation.title if row is not None and row.organisation is not None else "",
            str(row.worker) if row is not None and row.worker is not None else "",
            "" if unmet else met_in_words(duty),
        ))  # fmt: skip
    due.sort(
        key=lambda card: (
            _ORDER[card.duty.status],
            card.duty.due_at.timestamp() if card.duty.due_at else float("inf"),
        )
    )
    settled.sort(key=lambda card: card.duty.due_at.timestamp() if card.duty.due_at else 0.0, reverse=True)
    return due, settled


def _drafts(actor: Actor, case: Case) -> list[dict[str, Any]]:
    """What one has begun to write in this case and not sent."""
    rows: list[Draft] = list(
        DraftPolicy.visible_to(actor).filter(key__startswith=f"case/{case.pk}/").order_by("-saved_at")
    )
    return [
        {"title": str(row.body.get("_draft_title", "")).rpartition(": ")[0] or "A form you began",
         "address": str(row.body.get("_draft_address", "")), "saved_at": row.saved_at, "key": row.key}
        for row in rows
        if str(row.body.get("_draft_address", "")).startswith("/cases/")
    ]  # fmt: skip


def confirmation(actor: Actor, file: CaseFile, event_id: UUID) -> Confirmation | None:
    """What recording one event changed, worked out from the record; None unless `actor` recorded it."""
    entry = next((entry for entry in file.entries if entry.event.pk == event_id), None)
    if entry is None or entry.event.recorded_by_id != actor.user_id:
        return None
    started = [card for card in file.due if card.duty.triggered_by == event_id]
    met = [card.duty for card in file.settled if card.duty.met is not None and card.duty.met.id == event_id]
    also: list[Case] = []
    opened = list(entry.opened)
    if entry.event.group is not None:
        together = Event.objects.filter(group=entry.event.group).exclude(case=file.case)
        seen = CasePolicy.visible_to(actor).select_related("subject").order_by("subject__born", "pk")
        also = list(seen.filter(pk__in=together.values("case")))
        opened += seen.filter(opened_from__in=together.values("pk"))
    return Confirmation(entry, started, met, opened, also)


def looked_at(case: Case) -> QuerySet[JournalEntry]:
    """The journal's entries of people who read a case, the latest first."""
    rows = JournalEntry.objects.filter(
        subject_type="case", subject_id=str(case.pk), chain__startswith="reader/"
    )
    return rows.order_by("-at", "-sequence")
