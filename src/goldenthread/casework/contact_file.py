"""A contact as the front door works on it: the concern, the children, each agency's answer beside the others, what was
known before, what to do now. Gathers what `case_file` and `child_record` read; writes nothing.

This is the front door's own screen, so it knows the events and answers of its pathway; which pathway that is, and all
clocks, come from guidance.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import reverse

from goldenthread.agencies.models import Organisation
from goldenthread.clocks.engine import ComputedDuty, Happening
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.library import arrangement_for, current_library, pathways, programs
from goldenthread.guidance.arrangement import Level
from goldenthread.guidance.pathway import Pathway
from goldenthread.people.dates import KnownDate
from goldenthread.people.models import Person, Relationship
from goldenthread.people.policies import PersonPolicy
from goldenthread.people.queries import Hit, possible_duplicates

from .case_file import CaseFile, case_file
from .child_page import SIBLINGS
from .child_record import ChildRecord, KnownCase, Told, child_record
from .front_door import NOTHING_HELD, STILL_LOOKING
from .models import Case
from .next_events import Possible
from .record import happening_of, subject_of
from .timeline import Entry
from .words import due_words

SCREENED, ASKED, ANSWERED, READY, DECIDED, TOLD = (
    "screened", "agency_asked", "agency_answered", "ready_to_decide", "decided", "referrer_told",
)  # fmt: skip
EARLIER = 12
MATCHES = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """One agency: asked, and what it said."""

    slug: str
    agency: str
    state: str
    """here, nothing, late, waiting, or ended where it was decided without."""
    when: str
    asked_for: str
    told: list[Any]
    said: list[Any]
    view: str
    by: str
    answered: date | datetime | None
    duty: ComputedDuty | None

    @property
    def came(self) -> bool:
        return self.state in ("here", "nothing")


@dataclass(frozen=True, slots=True)
class Child:
    """A child the contact is about."""

    person: Person
    case: Case
    record: ChildRecord
    matches: list[Hit]
    """People who may be the same person: for someone to look at, never merged here."""

    @property
    def open_plans(self) -> list[str]:
        here = self.case.pathway
        return list(dict.fromkeys(known.title for known in self.record.open_cases if known.case.pathway != here))

    @property
    def other_contacts(self) -> list[KnownCase]:
        """Other contacts about this child that are still open."""
        return [
            known
            for known in self.record.open_cases
            if known.case.pathway == self.case.pathway and known.case.pk != self.case.pk
        ]


@dataclass(frozen=True, slots=True)
class Step:
    """What to do now; without a button where it is for others to do."""

    words: str
    button: str
    href: str


@dataclass
class ContactFile:
    """All that the page of a contact shows."""

    file: CaseFile
    opening: Entry
    children: list[Child]
    answers: list[Answer]
    earlier: list[tuple[Person, Told]]
    levels: list[Level]
    threshold: str
    screened: Entry | None = None
    decision: Entry | None = None
    told: Entry | None = None
    possible: dict[str, Possible] = field(default_factory=dict)

    @property
    def case(self) -> Case:
        return self.file.case

    @property
    def pathway(self) -> Pathway:
        return self.file.program.pathway

    @property
    def views(self) -> dict[str, list[str]]:
        """The levels that agencies see -> the agencies."""
        found: dict[str, list[str]] = {}
        for answer in self.answers:
            if answer.view:
                found.setdefault(answer.view, []).append(answer.agency)
        return found

    @property
    def waiting(self) -> list[Answer]:
        return [answer for answer in self.answers if answer.state in ("late", "waiting")]

    @property
    def step(self) -> Step | None:
        """The one thing to do now, for this reader."""
        state, board = self.file.facts.progress.state, self.pathway.board
        if self.decision is not None and not self.file.is_open:
            if self.told is None and TOLD in self.possible:
                return self._step(TOLD, "Decided. The person who told us has not been told yet.", "Tell the referrer")
            return None
        if board and state == board[0] and SCREENED in self.possible:
            return self._step(SCREENED, "Nobody has screened this yet.", "Screen this contact")
        decide_now = self.screened is not None and self.screened.data.get("next_step") == "decide_now"
        if not self.answers and not decide_now and ASKED in self.possible:
            href = reverse("casework:contact-ask", args=[self.case.pk])
            return Step("Screened. No agency has been asked yet.", "Ask agencies", href)
        still = [answer for answer in self.waiting if answer.state == "waiting"]
        if still and state != board[-1] and ANSWERED in self.possible:
            names = ", ".join(answer.agency for answer in still[:3])
            step = self._step(ANSWERED, f"Waiting for {names}.", "Record an answer")
            return replace(step, href=f"{step.href}?agency={still[0].slug}")
        if DECIDED in self.possible:
            return self._step(DECIDED, self._ready_words(), "Decide")
        if READY in self.possible and state != board[-1]:
            return self._step(READY, self._ready_words(), "Send for decision")
        if self.file.is_open and board and state == board[-1]:
            return Step("Waiting for someone who may decide.", "", "")
        return None

    def _ready_words(self) -> str:
        if not self.answers:
            return "Ready to decide."
        came = sum(answer.came for answer in self.answers)
        return f"{came} of {len(self.answers)} agencies have answered."

    def _step(self, kind: str, words: str, button: str) -> Step:
        return Step(words, button, reverse("casework:contact-step", args=[self.case.pk, kind]))

    @property
    def others(self) -> list[tuple[str, str]]:
        """What else may be done here: words and address."""
        found = []
        for kind, one in self.possible.items():
            href = reverse("casework:contact-step", args=[self.case.pk, kind])
            found.append((one.title, reverse("casework:contact-ask", args=[self.case.pk]) if kind == ASKED else href))
        main = self.step.href.partition("?")[0] if self.step else ""
        return [(title, href) for title, href in found if href != main]


def contact_file(actor: Actor, case_id: UUID, agencies: set[str]) -> ContactFile:
    """Raises Http404 alike for a contact that is hidden, one that does not exist, and a case that is not a contact."""
    file = case_file(actor, case_id, agencies)
    if not file.program.pathway.front_door:
        raise Http404
    case = file.case
    live = [entry for entry in file.entries if not entry.withdrawn]
    opening = next((entry for entry in reversed(live) if file.program.pathway.events[entry.kind].opens), None)
    if opening is None:
        raise Http404
    together = [case, *(one for one in file.facts.siblings if one.group == case.group)]
    children = [_child(actor, one, {other.subject.pk for other in together}) for one in together]
    levels, threshold = threshold_for(case.arrangement)
    return ContactFile(
        file, opening, children, _answers(file, live), _earlier(actor, children, opening.recorded_at),
        levels, threshold, _latest(live, SCREENED), _latest(live, DECIDED), _latest(live, TOLD),
        {one.kind: one for one in file.possible},
    )  # fmt: skip


def _latest(entries: Iterable[Entry], kind: str) -> Entry | None:
    return next((entry for entry in entries if entry.kind == kind), None)


def threshold_for(arrangement: str) -> tuple[list[Level], str]:
    """The levels of need as the partnership's own threshold document has them, and its title."""
    found = current_library().arrangements.get(arrangement or arrangement_for(None))
    return (list(found.threshold.levels), found.threshold.title) if found else ([], "")


def _child(actor: Actor, case: Case, group: set[UUID]) -> Child:
    person = case.subject
    born = KnownDate(person.born, person.born_precision) if person.born else None
    names = [person.name, *(name.full for name in person.names.all() if name.full != person.name)]
    hits = possible_duplicates(actor, names, born, limit=MATCHES + len(group))
    return Child(person, case, child_record(actor, person), [hit for hit in hits if hit.person.pk not in group][:MATCHES])


def _answers(file: CaseFile, live: Sequence[Entry]) -> list[Answer]:
    """Every agency asked or heard, in the order they were asked, each with its clock."""
    asked: dict[str, Entry] = {}
    answered: dict[str, Entry] = {}
    for entry in reversed(live):
        slug = str(entry.data.get("agency") or "")
        if entry.kind == ASKED and slug:
            asked[slug] = entry
        elif entry.kind == ANSWERED and slug:
            answered[slug] = entry
    titles = dict(Organisation.objects.filter(slug__in={*asked, *answered}).values_list("slug", "title"))
    clocks = {one.computed.triggered_by: one.computed for one in file.facts.duties}
    found = []
    for slug in dict.fromkeys([*asked, *answered]):
        question, answer = asked.get(slug), answered.get(slug)
        if question and answer and (answer.day, answer.event.sequence) < (question.day, question.event.sequence):
            answer = None  # asked again since
        duty = clocks.get(question.event.pk) if question else None
        found.append(_answer(slug, titles.get(slug, slug), question, answer, duty, file.facts.now))
    return found


def _answer(
    slug: str, title: str, question: Entry | None, answer: Entry | None, duty: ComputedDuty | None, now: datetime
) -> Answer:  # fmt: skip
    holds = str(answer.data.get("holds", "")) if answer else ""
    late = duty is not None and duty.status == "overdue"
    if answer and holds != STILL_LOOKING:
        state = "nothing" if holds == NOTHING_HELD else "here"
    elif duty is not None and duty.status in ("cancelled", "excused"):
        state = "ended"
    else:
        state = "late" if late else "waiting"
    when = due_words(duty.due, now) if duty is not None and state in ("late", "waiting") else ""
    told = [one for one in answer.rest if one.name not in ("agency", "view_of_level")] if answer else []
    seen = answer is not None and str(answer.data.get("view_of_level", "")).isdecimal()
    view = next((one.words for one in answer.rest if one.name == "view_of_level"), "") if answer and seen else ""
    asked_for = next((one.words for one in question.rest if one.name == "question"), "") if question else ""
    return Answer(
        slug, title, state, when, asked_for, told, answer.said if answer else [], view,
        answer.by if answer else "", answer.happened if answer else None, duty,
    )  # fmt: skip


def _earlier(actor: Actor, children: Sequence[Child], before: datetime) -> list[tuple[Person, Told]]:
    """What was known before it came, of the children and their brothers and sisters, merged, the latest first."""
    records = [child.record for child in children]
    here = {child.person.pk for child in children}
    # Only those whom the reader may know of: a restricted brother must not even cost a query.
    known = PersonPolicy.condition(actor, "other__")
    rows = Relationship.objects.filter(known, person__in=here, kind__in=SIBLINGS).exclude(other__in=here)
    rows = rows.select_related("other")
    for person in {row.other_id: row.other for row in rows}.values():
        records.append(child_record(actor, person))
    found = [
        (record.person, told)
        for record in records
        for told in record.told
        if told.entry.recorded_at < before and not told.entry.withdrawn
    ]
    found.sort(key=lambda pair: (pair[1].entry.day, pair[1].entry.event.recorded_at), reverse=True)
    turning = [pair for pair in found if pair[1].entry.significant or pair[1].entry.said]
    return (turning or found)[:EARLIER]


@dataclass(frozen=True, slots=True)
class Opens:
    """A pathway that a decision would open, and what would be due first in it."""

    title: str
    due: list[tuple[str, str]]


def what_opens(file: CaseFile, kind: str, occurred: date | datetime, answers: dict[str, Any], now: datetime) -> list[Opens]:
    """What recording an event would open, worked out without recording it."""
    case = file.case
    new = Happening.on("new", kind, occurred, answers, recorded=now)
    happenings = [*map(happening_of, file.facts.events), new]
    subject = subject_of(case.subject)
    progress = file.program.run(happenings, subject, now)
    known = pathways(case.arrangement)
    found = []
    for lead in progress.leads:
        if lead.by != "new" or lead.pathway not in known:
            continue
        first = Happening.on("first", lead.event, lead.moment or lead.day, lead.data, recorded=now)
        duties = programs(case.arrangement)[lead.pathway].run([first], subject, now).duties
        owed = sorted((one for one in duties if one.due_at), key=lambda one: one.due_at.timestamp() if one.due_at else 0)
        found.append(Opens(known[lead.pathway].title, [(one.title, due_words(one.due, now)) for one in owed[:3]]))
    return found
