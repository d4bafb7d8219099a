"""One case, whole: what is due, what happened, who is part of it, what it came from and led to; also as known on a day.

The view that shows it journals the look. Depends on the policies of casework and people.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import Http404
from django.utils import timezone

from goldenthread.clocks.calendar import end_of
from goldenthread.clocks.engine import ComputedDuty, Progress
from goldenthread.foundation.actor import Actor
from goldenthread.guidance.pathway import Pathway

from ..models import Case, Document, Duty, Event, Involvement
from ..next_events import Possible, possible_events
from ..policies import CasePolicy
from ..record import happening_of, program_of, subject_of


@dataclass(frozen=True, slots=True)
class DutyOnPage:
    """A duty as it stands, with who owes it where that is known."""

    computed: ComputedDuty
    stored: Duty | None

    @property
    def owner(self) -> Any:
        """The worker, team or organisation that owes it, nearest first."""
        row = self.stored
        return (row.worker or row.team or row.organisation) if row is not None else None


@dataclass(frozen=True, slots=True)
class CasePage:
    """All the facts of a case's page. Where `known_on` is given, only what was recorded by then."""

    case: Case
    pathway: Pathway
    progress: Progress
    now: datetime
    """The moment the page is told for."""
    known_on: datetime | None
    duties: list[DutyOnPage]
    events: list[Event]
    involvements: list[Involvement]
    documents: list[Document]
    came_from: Case | None
    led_to: list[Case]
    siblings: list[Case]
    """Cases opened together with it for brothers and sisters."""

    def possible(self, actor: Actor, agencies: Iterable[str]) -> list[Possible]:
        """What may be recorded next by someone who acts for agencies of these kinds; nothing on an earlier day."""
        if self.known_on is not None:
            return []
        happenings = list(map(happening_of, self.events))
        subject = subject_of(self.case.subject)
        return possible_events(
            actor, program_of(self.case), self.progress, happenings, subject, self.now, agencies
        )

    @property
    def pressing(self) -> list[DutyOnPage]:
        """Open duties, the earliest due first; those without a date last."""
        far = end_of(date(9998, 12, 30))
        unmet = [one for one in self.duties if one.computed.status in ("open", "due_soon", "overdue")]
        return sorted(unmet, key=lambda one: one.computed.due_at or far)


def case_page(actor: Actor, case_id: UUID, known_on: date | datetime | None = None) -> CasePage:
    """Raises Http404 alike for a case that is hidden and one that does not exist, or was not known of by then."""
    shown = ("subject", "about", "lead", "team", "worker", "area", "opened_from")
    case = CasePolicy.visible_to(actor).select_related(*shown).filter(pk=case_id).first()
    if case is None:
        raise Http404
    until = (
        end_of(known_on) if isinstance(known_on, date) and not isinstance(known_on, datetime) else known_on
    )
    now = until or timezone.now()
    events = list(
        _by(
            case.events.select_related("organisation", "recorded_by").order_by("sequence"),
            "recorded_at",
            until,
        )
    )
    if not events:
        raise Http404
    program = program_of(case)
    progress = program.run(map(happening_of, events), subject_of(case.subject), now, until)
    stored = {}
    if until is None:
        rows = Duty.objects.filter(case=case).select_related("organisation", "team", "worker")
        stored = {(row.duty, row.ordinal): row for row in rows}
    joined = list(
        _by(case.involvements.select_related("organisation", "user").order_by("since", "pk"), "since", until)
    )
    papers = list(
        _by(case.documents.select_related("added_by", "organisation").order_by("added_at"), "added_at", until)
    )
    came_from, led_to, siblings = _around(actor, case, events)
    return CasePage(
        case, program.pathway, progress, now, until,
        [DutyOnPage(one, stored.get((one.duty, one.ordinal))) for one in progress.duties],
        events, joined, papers, came_from, led_to, siblings,
    )  # fmt: skip


def _by(rows: Any, column: str, until: datetime | None) -> Any:
    return rows if until is None else rows.filter(**{f"{column}__lte": until})


def _around(actor: Actor, case: Case, events: Sequence[Event]) -> tuple[Case | None, list[Case], list[Case]]:
    """The case it came from, those it led to and those opened with it, as far as the actor may see them."""
    ids = [event.pk for event in events]
    near = Q(opened_from__in=ids)
    if case.group is not None:
        near |= Q(group=case.group, pathway=case.pathway)
    if case.opened_from is not None:
        near |= Q(pk=case.opened_from.case_id)
    rows = CasePolicy.visible_to(actor).filter(near).exclude(pk=case.pk).select_related("subject", "about", "lead")
    came_from, led_to, siblings = None, [], []
    for one in rows.order_by("opened_at"):
        if case.opened_from is not None and one.pk == case.opened_from.case_id:
            came_from = one
        elif one.opened_from_id in ids:
            led_to.append(one)
        else:
            siblings.append(one)
    return came_from, led_to, siblings
