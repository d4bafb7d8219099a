"""Disputes between professionals: cases of the pathways that say `dispute`, with their stage, clock and what changed.

An alert is another thing: a duty that is late, raised by the engine; `worklist` lists those. Depends on `policies`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from goldenthread.agencies.models import Organisation
from goldenthread.clocks.happening import effective
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.library import current_library, pathways
from goldenthread.guidance.pathway import Pathway

from ..boards.which import standing
from ..models import Case, Event
from ..policies import CasePolicy
from ..record import happenings_by_case
from ..words import day_words
from .counting import Count, capped_counts


def dispute_pathways() -> dict[str, Pathway]:
    """The pathways whose cases are disputes."""
    return {one.id: one for one in current_library().pathways.values() if one.dispute is not None}


@dataclass(frozen=True, slots=True)
class Dispute:
    """One dispute as the list shows it."""

    case: Case
    stage: str
    category: str
    problem: str
    with_whom: str
    outcome: str
    changed: str


def disputes(actor: Actor, *, closed: bool = False, stage: str = "", category: str = "") -> QuerySet[Case]:
    """Disputes one may know of: open ones by their clock, settled ones the latest first."""
    rows = _all(actor).filter(is_open=not closed)
    if stage:
        rows = rows.filter(state=stage)
    if category:
        said = Q(pk__in=())
        for pathway in dispute_pathways().values():
            assert pathway.dispute is not None
            said |= Q(**{f"data__{pathway.dispute.category}": category})
        rows = rows.filter(Exists(standing(Event.objects.filter(said, case=OuterRef("pk")))))
    rows = rows.select_related("subject", "lead", "about")
    return rows.order_by("-closed_at", "pk") if closed else rows.order_by(F("next_due_at").asc(nulls_last=True), "pk")


def stage_counts(actor: Actor) -> list[tuple[str, str, Count]]:
    """Each stage of an open dispute, in order, with how many there are; and "" for those that are settled."""
    states = {state: rule.title for one in dispute_pathways().values() for state, rule in one.states.items() if not rule.closed}
    sets: dict[str, QuerySet[Case]] = {state: _all(actor).filter(is_open=True, state=state) for state in states}
    sets[""] = _all(actor).filter(is_open=False)
    found = capped_counts(sets)
    return [*((state, title, found[state]) for state, title in states.items()), ("", "Settled", found[""])]


def _all(actor: Actor) -> QuerySet[Case]:
    return CasePolicy.visible_to(actor).filter(pathway__in=sorted(dispute_pathways()))


def categories() -> dict[str, str]:
    """The answers to what a dispute is about, in words."""
    found: dict[str, str] = {}
    for one in dispute_pathways().values():
        assert one.dispute is not None
        found |= one.events[one.opening].asks[one.dispute.category].of
    return found


def in_words(rows: Sequence[Case]) -> list[Dispute]:
    """What the events of these cases say, as they stand. One statement for all of them, and one for agencies."""
    happenings = happenings_by_case([case.pk for case in rows])
    told = []
    for case in rows:
        pathway = pathways(case.arrangement)[case.pathway]
        told.append((case, pathway, _latest(effective(happenings[case.pk]))))
    slugs = {str(data.get(one.dispute.with_whom or "", "")) for _, one, data in told if one.dispute is not None}
    agencies = dict(Organisation.objects.filter(slug__in=slugs - {""}).values_list("slug", "title"))
    return [_one(case, pathway, data, agencies) for case, pathway, data in told]


def _latest(happenings: Sequence[Any]) -> dict[str, Any]:
    """Each answer as it was last given."""
    found: dict[str, Any] = {}
    for one in happenings:
        found |= {name: value for name, value in one.data.items() if value not in (None, "")}
    return found


def _one(case: Case, pathway: Pathway, data: Mapping[str, Any], agencies: Mapping[str, str]) -> Dispute:
    rule = pathway.dispute
    assert rule is not None
    state = pathway.states.get(case.state)
    return Dispute(
        case, state.title if state else case.state, _word(pathway, rule.category, data), str(data.get(rule.problem, "")),
        agencies.get(str(data.get(rule.with_whom or "", "")), ""), _word(pathway, rule.outcome, data),
        "" if case.is_open else str(data.get(rule.changed, "")),
    )  # fmt: skip


def _word(pathway: Pathway, question: str | None, data: Mapping[str, Any]) -> str:
    """An answer in the words of its guidance."""
    if question is None:
        return ""
    value = str(data.get(question, ""))
    for event in pathway.events.values():
        if question in event.asks and value in event.asks[question].of:
            return event.asks[question].of[value]
    return value


def raise_address(case: Case, duty: str = "", due: date | None = None) -> str:
    """Where a person raises a dispute about the one whom a case is for, with what an alert tells filled in; "" for a case
    about an organisation, and for one that is a dispute itself."""
    known = pathways(case.arrangement)
    mine = known.get(case.pathway)
    found = next((one for one in known.values() if one.dispute is not None), None)
    if found is None or mine is None or mine.dispute is not None or case.subject_id is None or mine.subject == "adult":
        return ""
    address = reverse("casework:open-case", args=[case.subject_id, found.id, found.opening])
    if not duty or found.dispute is None:
        return address
    when = f" It was due on {day_words(due)}." if due else ""
    # No reference and no name: an address may be kept in a log.
    given = {**found.dispute.from_alert, found.dispute.problem: f"“{duty}” has not been done ({mine.title.lower()}).{when}"}
    return f"{address}?{urlencode(given)}"
