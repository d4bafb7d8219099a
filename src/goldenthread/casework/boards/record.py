"""What a page of a board needs of its cases, read at once: the events its columns speak of, the clocks, the names of agencies.

Never one statement a row. Depends on the models, `casework.record` and policies; columns are put into words by `cells`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from goldenthread.agencies.models import Organisation
from goldenthread.clocks.engine import Happening
from goldenthread.clocks.happening import effective
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.library import current_library, pathways
from goldenthread.guidance.board import Board, Column
from goldenthread.guidance.pathway import FieldType, Pathway

from ..models import Case, Duty, Event
from ..policies import CasePolicy

COLUMNS = ("id", "kind", "occurred_on", "occurred_at", "recorded_at", "data", "amends_id", "withdrawn")


@dataclass(slots=True)
class Record:
    """One case, or one episode of it, with what the columns may speak of."""

    case: Case
    pathway: Pathway
    happened: list[Happening]
    """Events as they stand, in the order they happened."""
    duties: list[Duty] = field(default_factory=list)
    others: list[Happening] = field(default_factory=list)
    """The same person's events in other cases of these pathways."""
    began: Happening | None = None
    """For an episode: what began it."""
    twice: list[str] = field(default_factory=list)
    """References of other open cases of the same kind about the same person."""

    def latest(self, kinds: Iterable[str]) -> Happening | None:
        wanted = set(kinds)
        return next((one for one in reversed(self.happened) if one.kind in wanted), None)


def read_records(
    actor: Actor, board: Board, columns: Iterable[Column], ids: Sequence[UUID], *, extra: Iterable[str] = ()
) -> dict[UUID, Record]:
    """The cases of these ids with what `columns` need, each column's reads shared by all rows."""
    told = list(columns)
    links = ("subject__area", "about__area", "worker", "lead", "team", "area")
    cases = {case.pk: case for case in Case.objects.filter(pk__in=list(ids)).select_related(*links)}
    known = current_library().pathways
    kinds = {*kinds_needed(board, told), *extra}
    events = _events(cases, kinds)
    found: dict[UUID, Record] = {}
    for identity in ids:
        case = cases.get(identity)
        pathway = pathways(case.arrangement).get(case.pathway) if case is not None else None
        if case is not None and pathway is not None and case.pathway in known:
            found[identity] = Record(case, pathway, events[identity])
    _duties(found, board, told)
    _people(actor, found, board, told)
    return found


def kinds_needed(board: Board, columns: Iterable[Column]) -> set[str]:
    """The events that columns speak of."""
    names: list[str] = []
    for column in columns:
        names += [*column.answer, *column.day, *column.since, *column.until]
        if column.stage is not None:
            names += [*column.stage.done, *column.stage.held_up, *column.stage.begun]
        if column.count is not None:
            names += [*column.count.of, *column.count.since]
        if column.each is not None:
            names += [*column.each.of, *column.each.done, *(one for marks in column.each.marks.values() for one in marks)]
        if column.pattern is not None:
            names += [column.pattern.of, *column.pattern.places]
        if column.said:
            names += column.said if isinstance(column.said, list) else _that_speak(board)
    return {name.partition(".")[0] for name in names}


def _that_speak(board: Board) -> list[str]:
    """Events that ask for somebody's own words."""
    known = current_library().pathways
    return [
        kind for name in board.pathways if name in known
        for kind, event in known[name].events.items() if any(question.voice for question in event.asks.values())
    ]  # fmt: skip


def duties_needed(columns: Iterable[Column]) -> set[str]:
    names: set[str] = set()
    for column in columns:
        names |= set(column.duty)
        if column.stage is not None:
            names |= set(column.stage.duty)
        if column.each is not None and column.each.duty:
            names.add(column.each.duty)
    return names


def _events(cases: Iterable[UUID], kinds: set[str]) -> dict[UUID, list[Happening]]:
    found: dict[UUID, list[Happening]] = {identity: [] for identity in cases}
    if kinds:
        rows = Event.objects.filter(case__in=list(found), kind__in=kinds).order_by("case", "sequence")
        for identity, *row in rows.values_list("case_id", *COLUMNS):
            found[identity].append(Happening(*row))
    return {identity: effective(happened) for identity, happened in found.items()}


def _duties(records: Mapping[UUID, Record], board: Board, columns: Iterable[Column]) -> None:
    names = duties_needed(columns)
    if not names:
        return
    for row in Duty.objects.filter(case__in=list(records), duty__in=names).order_by("case", "duty", "ordinal"):
        records[row.case_id].duties.append(row)


def _people(actor: Actor, records: Mapping[UUID, Record], board: Board, columns: Sequence[Column]) -> None:
    """What the same people's other cases tell: repeats across cases, and a second open case of the same kind."""
    counts = [column.count for column in columns if column.count is not None and column.count.across == "person"]
    across = {kind for count in counts for kind in count.of}
    if not across and board.report is None:
        return
    people = {record.case.subject_id for record in records.values()}
    others = CasePolicy.visible_to(actor).filter(pathway__in=board.pathways, subject__in=people)
    cases = list(others.values_list("pk", "subject_id", "reference", "is_open", "pathway"))
    events = _events([pk for pk, *_ in cases if pk not in records], across)
    for record in records.values():
        for pk, subject, reference, is_open, pathway in cases:
            if subject != record.case.subject_id or pk == record.case.pk:
                continue
            record.others += events[pk] if pk in events else records[pk].happened
            if board.report is not None and is_open and record.case.is_open and pathway == record.case.pathway:
                record.twice.append(reference)


def agency_titles(records: Iterable[Record]) -> dict[str, str]:
    """The titles of the agencies that answers name, by slug, in one statement."""
    slugs = {
        str(one.data[name])
        for record in records
        for one in record.happened
        if one.kind in record.pathway.events
        for name, question in record.pathway.events[one.kind].asks.items()
        if question.type is FieldType.ORGANISATION and one.data.get(name)
    }
    return dict(Organisation.objects.filter(slug__in=slugs).values_list("slug", "title")) if slugs else {}


def episode_of(record: Record, began: UUID) -> Record | None:
    """The part of a case from the event `began` to the next of its kind; None where it no longer stands."""
    start = next((place for place, one in enumerate(record.happened) if one.id == began), None)
    if start is None:
        return None
    first = record.happened[start]
    rest = record.happened[start + 1 :]
    ends = next((place for place, one in enumerate(rest) if one.kind == first.kind), len(rest))
    part = [first, *rest[:ends]]
    ids = {one.id for one in part}
    duties = [duty for duty in record.duties if duty.triggered_by in ids]
    return Record(record.case, record.pathway, part, duties, record.others, first, record.twice)


