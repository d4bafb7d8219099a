"""Reads the chronology of a child, or of several brothers and sisters, for one reader.

All lines are read in a few statements without what they say, so that thousands cost milliseconds; `tell` reads that for
the lines of one page or of an export. Depends on `casework`, `people` and `sharing.chronology`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from goldenthread.agencies.models import Organisation
from goldenthread.casework.models import Case, Event
from goldenthread.casework.policies import CasePolicy, EventPolicy
from goldenthread.casework.record import program_of
from goldenthread.casework.timeline import Entry, entries
from goldenthread.foundation.actor import Actor
from goldenthread.guidance.pathway import Pathway
from goldenthread.people.models import Person
from goldenthread.people.policies import PersonPolicy
from goldenthread.people.queries import family_of

from ..chronology.lines import SAID, SEEN, SIGNIFICANT, Chronology, Held, Line, in_order
from ..chronology.rights import Right, Shared, rights_in, shareable_cases
from ..decision import Decision
from ..exchange import exchange_of
from ..models import Request
from ..policies import RequestPolicy
from ..rulings import clause_of

SIBLINGS = ("sibling", "half_sibling")
_BATCH = 500
"""Ids in one statement."""


class _Row(NamedTuple):
    """One event without what it says."""

    pk: UUID
    case: UUID
    sequence: int
    kind: str
    day: date
    moment: datetime | None
    known: datetime
    organisation: int | None
    amends: UUID | None
    withdrawn: bool
    said: bool


RightTo = Callable[[Case, int | None], Right | None]
"""The right to what an agency recorded in a case."""

_COLUMNS = (
    "pk", "case_id", "sequence", "kind", "occurred_on", "occurred_at", "recorded_at", "organisation_id", "amends_id",
    "withdrawn",
)  # fmt: skip


def siblings_of(actor: Actor, person: Person) -> list[Person]:
    """Brothers and sisters whose chronology may be merged with a child's: those the reader may open."""
    return [row.other for row in family_of(actor, person) if row.kind in SIBLINGS and row.may_open]


def people_chosen(actor: Actor, person: Person, others: Iterable[UUID]) -> list[Person]:
    """The child and those chosen beside them; one that is hidden is left out like one that does not exist."""
    wanted = [pk for pk in dict.fromkeys(others) if pk != person.pk]
    found = PersonPolicy.visible_to(actor).in_bulk(wanted[:20]) if wanted else {}
    return [person, *(found[pk] for pk in wanted if pk in found)]


def chronology_of(actor: Actor, people: Sequence[Person]) -> Chronology:
    """Every line about these people, whom the reader may know of, that policies show or agreements let be told."""
    ids = [person.pk for person in people]
    own = list(CasePolicy.visible_to(actor).filter(subject__in=ids).select_related("lead", "subject"))
    rights = rights_in(actor, own)
    shown = EventPolicy.visible_to(actor).filter(case__subject__in=ids)
    lines = _lines(own, _rows(shown), lambda case, _: rights.get(case.pk), opens=True)
    held: dict[tuple[UUID, int], Held] = {}
    others = shareable_cases(actor, people)
    for person in people:
        shared = Shared(actor, person, [case for case in own if case.subject_id == person.pk])
        cases = [case for case in others if case.subject_id == person.pk]
        if shared.any and cases:
            lines += _shared_lines(person, cases, shared, held)
    return Chronology(list(people), in_order(_with_agencies(lines)), list(held.values()))


def _shared_lines(
    person: Person, cases: Sequence[Case], shared: Shared, held: dict[tuple[UUID, int], Held]
) -> list[Line]:
    """The lines that agreements and overrides tell, and, in `held`, the agencies of which they tell no more than that."""
    rows = Event.objects.filter(case__in=cases).order_by("case_id", "organisation_id")
    pairs = list(rows.values_list("case_id", "organisation_id").distinct())
    agencies = Organisation.objects.in_bulk({agency for _, agency in pairs if agency is not None})
    by_id = {case.pk: case for case in cases}
    told: dict[tuple[UUID, int | None], Right] = {}
    for pk, agency in pairs:
        case = by_id[pk]
        holder = agencies[agency] if agency is not None else case.lead
        may = shared.right_to(case, holder)
        if may.content is not None:
            told[pk, agency] = may.content
        elif may.existence is not None:
            held.setdefault((person.pk, holder.pk), Held(person, holder, may.existence))
    speaking = [case for case in cases if any(pk == case.pk for pk, _ in told)]
    read = _rows(Event.objects.filter(case__in=speaking)) if speaking else []
    return _lines(speaking, read, lambda case, agency: told.get((case.pk, agency)), opens=False)


def _rows(events: QuerySet[Event]) -> list[_Row]:
    rows = events.annotate(has_said=~Q(voice="")).order_by("case_id", "sequence")
    return [_Row(*row) for row in rows.values_list(*_COLUMNS, "has_said")]


def _lines(cases: Iterable[Case], rows: Sequence[_Row], right_to: RightTo, *, opens: bool) -> list[Line]:
    """Events with their corrections laid over them. One that the reader may not see, or that was corrected by an agency
    whose word may not be told, is left out: what it said before would no longer be true."""
    by_id = {case.pk: case for case in cases}
    whole: dict[UUID, list[_Row]] = {}
    root: dict[UUID, UUID] = {}
    for row in rows:
        origin = root.get(row.amends, row.pk) if row.amends else row.pk
        root[row.pk] = origin
        whole.setdefault(origin, []).append(row)
    known = {pk: program_of(case).pathway for pk, case in by_id.items()}
    found = []
    for parts in whole.values():
        case = by_id.get(parts[0].case)
        if case is None:
            continue
        rights = [right_to(case, part.organisation) for part in parts]
        if rights[0] is not None and None not in rights:
            found.append(_line(case, known[case.pk], parts, rights[0], opens))
    return found


def _line(case: Case, pathway: Pathway, parts: Sequence[_Row], right: Right, opens: bool) -> Line:
    first, last = parts[0], parts[-1]
    kind = pathway.events.get(first.kind)
    dated = last if not last.withdrawn else (parts[-2] if len(parts) > 1 else last)
    kinds = [
        name
        for name, holds in (
            (SIGNIFICANT, kind is not None and kind.significant),
            (SEEN, kind is not None and kind.contact),
            (SAID, dated.said),
        )
        if holds
    ]
    return Line(
        first.pk, tuple(part.pk for part in parts), case, pathway, case.subject, pathway.title_of(first.kind),
        dated.day, dated.moment, first.known, first.sequence, None, right, frozenset(kinds),
        withdrawn=last.withdrawn, corrected=len(parts) > 1, opens_case=opens, agency_id=first.organisation,
    )  # fmt: skip


def _with_agencies(lines: Sequence[Line]) -> list[Line]:
    """The lines with the agency that recorded each."""
    agencies = Organisation.objects.in_bulk({line.agency_id for line in lines if line.agency_id is not None})
    return [replace(line, agency=agencies.get(line.agency_id)) if line.agency_id else line for line in lines]


def tell(lines: Sequence[Line]) -> dict[UUID, Entry]:
    """What lines say, by the event first recorded. The lines must come from a chronology of the same reader."""
    wanted = [pk for line in lines for pk in line.ids]
    events: dict[UUID, list[Event]] = {}
    for start in range(0, len(wanted), _BATCH):
        rows = Event.objects.filter(pk__in=wanted[start : start + _BATCH])
        for event in rows.select_related("organisation", "recorded_by"):
            events.setdefault(event.case_id, []).append(event)
    programs: dict[UUID, Pathway] = {line.case.pk: line.pathway for line in lines}
    return {
        entry.event.pk: entry for case, some in events.items() for entry in entries(programs[case], some)
    }


def given_under(actor: Actor, lines: Sequence[Line], told: Mapping[UUID, Entry]) -> dict[UUID, str]:
    """By what right an agency that was asked gave its answer, in words, by the event of the answer: the ruling that was kept
    when it was asked, a supervisor's word or an emergency. Nothing where the reader may know of the answer, by an agreement
    of their own, and not of the case in which it was asked."""
    answers: dict[UUID, tuple[UUID, str]] = {}
    for line in lines:
        exchange, entry = exchange_of(line.pathway), told.get(line.event)
        if exchange is not None and entry is not None and entry.kind == exchange.answered:
            answers[line.event] = (line.case.pk, str(entry.data.get(exchange.agency, "")))
    if not answers:
        return {}
    visible = RequestPolicy.visible_to(actor).select_related("agency", "override")
    rows = visible.filter(case__in={case for case, _ in answers.values()})
    asked = {(one.case_id, one.agency.slug): _asked_under(one) for one in rows.order_by("asked_at", "pk")}
    return {event: asked[key] for event, key in answers.items() if asked.get(key)}


def _asked_under(request: Request) -> str:
    if request.override is not None:
        return f"The agency was asked in an emergency: {request.override.reason}"
    if not request.ruling.get("content"):
        return ""
    ruling = Decision.from_plain(request.ruling).content
    cited = clause_of(ruling)
    if not cited:
        return ""
    if word := request.ruling.get("word"):
        return f"The agency told it under {cited}, with the word of {word['by']}."
    return f"The agency told it under {cited}: {ruling.why}"
