"""The front door's board: open cases in columns by state, most urgent first, with what a screener needs on each card.

This is a screen of its own, so it names the questions it shows (`source`, `grade`, `flags`); columns, clocks and
urgency come from the guidance. Ten statements or fewer however many cards there are, and none that grows with the data:
columns are cut at 25 cards, counts capped, and the usual times taken from the latest cases decided.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from goldenthread.agencies.models import Organisation
from goldenthread.clocks.calendar import calendar_for, end_of, local_day, start_of
from goldenthread.clocks.interval import age_on
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.library import arrangement_for, current_library, pathways
from goldenthread.foundation.policy import plain
from goldenthread.foundation.prepared import Statement, statement, written
from goldenthread.guidance.pathway import Pathway, Question
from goldenthread.people.models import Person, Relationship

from ..models import Case, Duty, Event
from ..policies import CasePolicy
from ..record import asked_agency
from .counting import Count, capped_counts, first_of_each

CARDS = 25
"""Cases shown in a column; the count says how many there are."""
DECIDED = 200
"""Cases decided lately, from which the usual time is taken."""
LATELY = timedelta(days=14)
MONTH, YEAR = timedelta(days=30), timedelta(days=365)
SIBLINGS = ("sibling", "half_sibling")
SHOWN = ("source", "grade", "flags")


@dataclass(frozen=True, slots=True)
class Known:
    """A person on a card: enough to know who it is about."""

    person: Person
    today: date

    @property
    def age(self) -> int | None:
        """Whole years, today or on the day of death; None where the date of birth is not known or still ahead."""
        return age_on(self.person.born, self.person.died or self.today) if self.person.born else None


@dataclass(frozen=True, slots=True)
class Asked:
    """An agency asked what it knows, and what became of it."""

    organisation: Organisation
    due_at: datetime | None
    answered: bool
    late: bool
    """Answered late, or not answered and past its time."""
    words: str
    """Its answer in short, such as "Nothing held"; empty while there is none."""
    answers: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OpenPlan:
    """An open case of the child, or of a brother or sister, that the screener should know of."""

    case_id: UUID
    reference: str
    pathway: Pathway
    person_id: UUID
    name: str
    sibling: bool


@dataclass(slots=True)
class Card:
    """One card: a case, or the cases of brothers and sisters that came in together."""

    cases: list[Case]
    people: list[Known]
    source: str = ""
    grade: str = ""
    flags: list[str] = field(default_factory=list)
    data: Mapping[str, Any] = field(default_factory=dict)
    """The opening event's answers."""
    repeats_month: int = 0
    """Other cases of this kind for the same child in 30 days."""
    repeats_year: int = 0
    plans: list[OpenPlan] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    due_at: datetime | None = None

    @property
    def case(self) -> Case:
        """The most urgent of them."""
        return self.cases[0]

    @property
    def priority(self) -> int:
        return self.case.priority

    def left(self, now: datetime) -> timedelta | None:
        """Time left until the next duty is late; below nothing once it is."""
        return self.due_at - now if self.due_at is not None else None

    @property
    def disagree(self) -> bool:
        """Agencies that gave a view of the level of need gave different ones."""
        views = {str(one.answers["view_of_level"]) for one in self.asked if one.answers.get("view_of_level")}
        return len(views - {"no_view"}) > 1


@dataclass(frozen=True, slots=True)
class Column:
    """One state of the pathway."""

    state: str
    title: str
    about: str
    count: Count
    cards: list[Card]


@dataclass(frozen=True, slots=True)
class Headline:
    """The five numbers above the board. None where too little was decided lately to say."""

    since_yesterday: Count
    waiting_over_3_hours: Count
    over_1_working_day: Count
    usual_time: timedelta | None
    """Median from arrival to decision of those decided lately."""
    to_early_help: float | None
    """Share of those that led to help at level of need 2, per cent."""


@dataclass(frozen=True, slots=True)
class Board:
    """The whole board. `pathway` is None where the guidance has no pathway shown as one."""

    pathway: Pathway | None
    now: datetime
    columns: list[Column]
    headline: Headline | None


def board(
    actor: Actor, pathway: str | None = None, *, now: datetime | None = None, narrow: Q | None = None,
    most: int = CARDS,
) -> Board:  # fmt: skip
    """The board of a pathway: the one named, or the first that the guidance shows as a board.

    `narrow` is a condition on the cases in the columns, such as one district; the five numbers tell of all. `most`
    cases are shown in a column.
    """
    moment = now or timezone.now()
    known = pathways(arrangement_for(None))
    shown = next((one for one in known.values() if one.front_door and pathway in (None, one.id)), None)
    if shown is None:
        return Board(None, moment, [], None)
    rows = CasePolicy.visible_to(actor).filter(pathway=shown.id)
    columns_of = {state: _column_of(actor, shown.id, state, narrow) for state in shown.board}
    picked = first_of_each({state: some[1:] for state, some in columns_of.items()}, Case._meta.pk, most)
    ids = [identity for some in picked.values() for identity in some]
    cases = Case.objects.select_related("subject", "about", "worker", "team").in_bulk(ids)
    first = {state: sorted((cases[one] for one in some), key=_urgency)[:most] for state, some in picked.items()}
    waiting = {state: some[0] for state, some in columns_of.items()}
    counts = capped_counts({**waiting, **_headline_counts(rows, shown, moment)})
    cards = _cards(actor, shown, [case for some in first.values() for case in some], moment)
    columns = []
    for state in shown.board:
        title, about = shown.states[state].title, shown.states[state].about or ""
        columns.append(
            Column(state, title, about, counts[state], _column(first[state], cards))
        )
    return Board(shown, moment, columns, _headline(rows, shown, counts, moment))


def _column_of(actor: Actor, pathway: str, state: str, narrow: Q | None) -> tuple[Statement | None, ...]:
    """Statements for the ids of what waits in a column: all, and twice in order. Kept for the reader and the day, but where
    the board is narrowed."""
    if narrow is not None:
        return tuple(written(one.values("pk")) for one in _of_column(actor, pathway, state, narrow))
    key = (plain(actor), pathway, state, timezone.localdate())
    return tuple(statement(_whole_column, *key, place) for place in range(3))


def _whole_column(actor: Actor, pathway: str, state: str, day: date, place: int) -> QuerySet[Case, Any]:
    return _of_column(actor, pathway, state, Q())[place].values("pk")


def _of_column(actor: Actor, pathway: str, state: str, narrow: Q) -> list[QuerySet[Case]]:
    rows = CasePolicy.visible_to(actor).filter(narrow, pathway=pathway, is_open=True, state=state)
    return [rows, *_urgent_first(rows)]


def _urgent_first(rows: QuerySet[Case]) -> list[QuerySet[Case]]:
    """Most urgent first, then the least time left: those with a clock, and those without, to be put together. Split in
    two so that each is read straight from the index, whichever end the database puts empty dates at."""
    timed = rows.filter(next_due_at__isnull=False).order_by("priority", "next_due_at")
    return [timed, rows.filter(next_due_at__isnull=True).order_by("priority", "opened_at")]


def _urgency(case: Case) -> tuple[int, datetime, datetime]:
    """Of two cases as urgent, the one whose clock ends first; one without a clock after those, the oldest first."""
    return case.priority, case.next_due_at or end_of(date(9998, 12, 30)), case.opened_at


def _column(cases: Sequence[Case], cards: Mapping[UUID, Card]) -> list[Card]:
    """The cards of a column in order: brothers and sisters who came in together share the card of the most urgent."""
    found: dict[UUID, Card] = {}
    for case in cases:
        card = cards[case.pk]
        first = found.get(case.group or case.pk)
        if first is None:
            found[case.group or case.pk] = card
            continue
        first.cases.append(case)
        first.people.extend(card.people)
        first.repeats_month = max(first.repeats_month, card.repeats_month)
        first.repeats_year = max(first.repeats_year, card.repeats_year)
        first.plans.extend(
            one for one in card.plans if one.case_id not in {plan.case_id for plan in first.plans}
        )
        asked = {one.organisation.pk for one in first.asked}
        first.asked.extend(one for one in card.asked if one.organisation.pk not in asked)
    return list(found.values())


def _cards(actor: Actor, pathway: Pathway, cases: list[Case], now: datetime) -> dict[UUID, Card]:
    cards = {
        case.pk: Card([case], [Known(case.subject, local_day(now))], due_at=case.next_due_at)
        for case in cases
    }
    if cards:
        answered = _from_events(pathway, cards)
        _agencies(pathway, cards, answered, now)
        _history(actor, pathway, cards)
    return cards


def _answer_kinds(pathway: Pathway) -> dict[str, str]:
    """Events that answer for an agency -> the answer that names it."""
    return {
        kind: name
        for duty, rule in pathway.duties.items()
        if (name := asked_agency(pathway, duty)) is not None
        for kind in rule.met_by
    }


def _from_events(
    pathway: Pathway, cards: Mapping[UUID, Card]
) -> dict[tuple[UUID, str], tuple[str, dict[str, Any]]]:
    """Fill in what the opening events say; return each agency's latest answer by case and slug."""
    opening = [kind for kind, event in pathway.events.items() if event.opens]
    answers = _answer_kinds(pathway)
    rows = Event.objects.filter(case__in=list(cards), kind__in=[*opening, *answers]).order_by(
        "case", "sequence"
    )
    found: dict[tuple[UUID, str], tuple[str, dict[str, Any]]] = {}
    roots: dict[tuple[UUID, str], tuple[UUID, str]] = {}
    for case_id, event_id, kind, data, amends, withdrawn in rows.values_list(
        "case_id", "id", "kind", "data", "amends", "withdrawn"
    ):
        if kind in opening:
            _opening(pathway, kind, cards[case_id], data)
            continue
        key = (case_id, str(data.get(answers[kind]) or ""))
        if amends is not None:
            found.pop(roots.get((case_id, str(amends)), key), None)
        if not withdrawn:
            found[key] = (kind, data)
            roots[case_id, str(amends or event_id)] = key
    return found


def _opening(pathway: Pathway, kind: str, card: Card, data: Mapping[str, Any]) -> None:
    asks = pathway.events[kind].asks
    words = {name: _words(asks[name], data[name]) for name in SHOWN if name in asks and data.get(name)}
    if not card.data or data:
        card.data = data
        card.source, card.grade = ", ".join(words.get("source", [])), ", ".join(words.get("grade", []))
        card.flags = words.get("flags", [])


def _words(question: Question, value: Any) -> list[str]:
    return [question.of.get(str(one), str(one)) for one in (value if isinstance(value, list) else [value])]


def _agencies(
    pathway: Pathway,
    cards: Mapping[UUID, Card],
    answered: Mapping[tuple[UUID, str], tuple[str, dict[str, Any]]],
    now: datetime,
) -> None:
    """Fill in which agencies were asked, from the clock that each has."""
    clocks = [duty for duty in pathway.duties if asked_agency(pathway, duty) is not None]
    if not clocks:
        return
    rows = Duty.objects.filter(case__in=list(cards), duty__in=clocks).select_related("organisation")
    latest: dict[tuple[UUID, int | None], Duty] = {}
    for row in rows.order_by("case", "duty", "ordinal"):
        latest[row.case_id, row.organisation_id] = row  # asked twice: the last time counts
    for row in latest.values():
        if row.organisation is None:
            continue
        kind, data = answered.get((row.case_id, row.organisation.slug), ("", {}))
        past = row.outcome == Duty.Outcome.OPEN and row.due_at is not None and row.due_at < now
        short = _short(pathway, kind, data) if kind else ""
        cards[row.case_id].asked.append(
            Asked(row.organisation, row.due_at, bool(kind), row.late or past, short, data)
        )


def _short(pathway: Pathway, kind: str, data: Mapping[str, Any]) -> str:
    """An agency's answer in short: the first choice it made."""
    for name, question in pathway.events[kind].asks.items():
        if question.of and data.get(name):
            return ", ".join(_words(question, data[name]))
    return "Answered"


def _history(actor: Actor, pathway: Pathway, cards: Mapping[UUID, Card]) -> None:
    """Fill in repeat contacts, and open plans of the child and of brothers and sisters."""
    children = {card.case.subject.pk for card in cards.values()}
    related = Relationship.objects.filter(person__in=children, kind__in=SIBLINGS, ends=None)
    siblings: dict[UUID, set[UUID]] = {}
    for person, other in related.values_list("person_id", "other_id"):
        siblings.setdefault(person, set()).add(other)
    since = min(card.case.opened_at for card in cards.values()) - YEAR
    telling = Q(is_open=True) | Q(pathway=pathway.id, opened_at__gte=since)
    rows = CasePolicy.visible_to(actor).filter(telling, subject__in=children.union(*siblings.values()))
    by_person: dict[UUID, list[Any]] = {}
    columns = ("pk", "reference", "pathway", "subject_id", "opened_at", "is_open", "subject__name")
    for row in rows.order_by("opened_at").values_list(*columns, named=True):
        by_person.setdefault(row.subject_id, []).append(row)
    known = current_library().pathways
    for card in cards.values():
        case = card.case
        earlier = [
            case.opened_at - one.opened_at
            for one in by_person.get(case.subject.pk, ())
            if one.pathway == pathway.id and one.pk != case.pk and one.opened_at <= case.opened_at
        ]
        card.repeats_month, card.repeats_year = (
            sum(one <= MONTH for one in earlier),
            sum(one <= YEAR for one in earlier),
        )
        for person in (case.subject.pk, *sorted(siblings.get(case.subject.pk, ()), key=str)):
            card.plans.extend(
                OpenPlan(
                    one.pk,
                    one.reference,
                    known[one.pathway],
                    person,
                    one.subject__name,
                    person != case.subject_id,
                )
                for one in by_person.get(person, ())
                if one.is_open and one.pathway != pathway.id and one.pathway in known
            )


# The five numbers ---------------------------------------------------------------------------------------------------


def _headline_counts(rows: QuerySet[Case], pathway: Pathway, now: datetime) -> dict[str, QuerySet[Case]]:
    today = local_day(now)
    calendar = calendar_for(current_library(), arrangement_for(None) or None)
    day_before = date.fromordinal(calendar.minus_working(today.toordinal(), 1))
    waiting = rows.filter(is_open=True, state__in=pathway.board)
    return {
        "headline since yesterday": rows.filter(opened_at__gte=start_of(today - timedelta(days=1))),
        "headline over 3 hours": waiting.filter(opened_at__lt=now - timedelta(hours=3)),
        "headline over 1 working day": waiting.filter(opened_at__lt=start_of(day_before)),
    }


def _headline(rows: QuerySet[Case], pathway: Pathway, counts: Mapping[str, Count], now: datetime) -> Headline:
    early_help = [one.id for one in current_library().pathways.values() if one.level_of_need == 2]
    following = Case.objects.filter(opened_from__case=OuterRef("pk"), pathway__in=early_help)
    decided = (
        rows.filter(is_open=False, opened_at__gte=now - LATELY, closed_at__isnull=False)
        .order_by("-opened_at")
        .values_list("opened_at", "closed_at", Exists(following))[:DECIDED]
    )
    times, helped = _usual(decided)
    return Headline(
        counts["headline since yesterday"], counts["headline over 3 hours"], counts["headline over 1 working day"],
        times, helped,
    )  # fmt: skip


def _usual(decided: Iterable[tuple[datetime, datetime, bool]]) -> tuple[timedelta | None, float | None]:
    found = list(decided)
    if not found:
        return None, None
    helped = Counter(bool(stepped) for _, _, stepped in found)
    usual = median((closed - opened).total_seconds() for opened, closed, _ in found)
    return timedelta(seconds=usual), 100 * helped[True] / len(found)
