"""What the page of a child shows beside the thread: what is due, who is around them, every agency's part.

Depends on `child_record` for the cases and `people.queries` for the people; every row has passed a policy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse

from goldenthread.clocks.duty import ComputedDuty
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.library import current_library, pathways
from goldenthread.guidance.sentences import lower_first
from goldenthread.people.codes import RELATIONSHIPS
from goldenthread.people.models import Person, Relationship
from goldenthread.people.queries import family_of, household_of, professionals_of

from .around import Around, Someone
from .child_record import ChildRecord, KnownCase
from .child_story import event_address, proof_address
from .models import Case
from .policies import CasePolicy
from .words import day_words, due_words, why_due

SIBLINGS = ("sibling", "half_sibling")
CARDS = 3
_FORCE = {"statutory": 0, "guidance": 1, "local": 2}
_TAG_COLOURS = {4: "red", 3: "orange", 2: "blue"}


@dataclass(frozen=True, slots=True)
class Card:
    """One thing that is due, in words, with why."""

    title: str
    status: str
    when: str
    about: str
    why: str
    reference: str
    last: str
    proof: list[str]
    href: str


def cards(record: ChildRecord) -> list[Card]:
    """What is due first; the proofs of the first few, since the rest are in a list."""
    owed = sorted(record.owed, key=lambda pair: _pressing(*pair))
    return [_card(record, known, duty, index < CARDS) for index, (known, duty) in enumerate(owed)]


def _pressing(known: KnownCase, duty: ComputedDuty) -> tuple[bool, bool, int, float]:
    """Open cases before closed ones, late before the rest; of what is late, the law's before a local agreement's."""
    late = duty.status == "overdue"
    due = duty.due_at.timestamp() if duty.due_at else float("inf")
    return not known.progress.is_open, not late, _FORCE.get(duty.force, 3) if late else 0, due


def _card(record: ChildRecord, known: KnownCase, duty: ComputedDuty, proved: bool) -> Card:
    owner = known.owner_of(duty)
    about = f"{known.title}. {owner.title}" if owner else known.title
    return Card(
        duty.title, duty.status, due_words(duty.due, record.moment), about,
        why_due(known.pathway, duty).rstrip("."), duty.reference,
        _last(record, known, duty), duty.proof().lines() if proved else [], proof_address(known, duty),
    )  # fmt: skip


def _last(record: ChildRecord, known: KnownCase, duty: ComputedDuty) -> str:
    """When it was last done, for what is done again and again."""
    days = [one.met.day for one in known.progress.duties if one.duty == duty.duty and one.met is not None]
    return f"Last done {day_words(max(days), record.today)}" if days else ""


def tags(record: ChildRecord, warnings: Sequence[Any]) -> list[dict[str, str]]:
    """Open plans with what they are about, then warnings with their review dates."""
    found: dict[str, str] = {}
    for known in sorted(record.open_cases, key=lambda known: -(known.pathway.level_of_need or 0)):
        level = known.pathway.level_of_need
        if level:
            about = lower_first(known.telling) if known.telling else ""
            found.setdefault(f"{known.title}: {about}" if about else known.title, _TAG_COLOURS.get(level, "grey"))
    tagged = [{"text": text, "colour": colour} for text, colour in list(found.items())[:5]]
    for warning in warnings:
        overdue = warning.review_on < record.today
        review = "review was due" if overdue else "review"
        text = f"Warning: {lower_first(warning.text)}, {review} {day_words(warning.review_on, record.today)}"
        tagged.append({"text": text, "colour": "yellow" if overdue else "grey"})
    return tagged


# Every agency's part ----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Part:
    """One agency: when it was last in touch and what it owes."""

    agency: str
    lane: str
    last: date | None = None
    last_what: str = ""
    last_href: str = ""
    seen: date | None = None
    owes: int = 0
    late: int = 0


def parts(record: ChildRecord) -> list[Part]:
    """Every agency's part, in the order of the lanes."""
    roles = current_library().roles.roles
    lanes = list(dict.fromkeys(role.lane for role in roles.values()))
    found: dict[int, Part] = {}

    def part_of(organisation: Any) -> Part:
        role = roles.get(organisation.kind)
        return found.setdefault(organisation.pk, Part(organisation.title, role.lane if role else ""))

    for known in record.cases:
        for one in known.part:
            part_of(one.organisation)
        agencies = {event.pk: event.organisation for event in known.events}
        for happening in known.progress.effective:
            agency = agencies.get(happening.id)
            if agency is None:
                continue
            part = part_of(agency)
            if part.last is None or happening.day >= part.last:
                part.last, part.last_what = happening.day, known.pathway.title_of(happening.kind)
                part.last_href = event_address(known, happening.id)
            if known.pathway.events[happening.kind].contact and (part.seen is None or happening.day > part.seen):
                part.seen = happening.day
        for duty in known.owed:
            owner = known.owner_of(duty)
            if owner is not None:
                part_of(owner).owes += 1
                part_of(owner).late += duty.status == "overdue"
    return sorted(found.values(), key=lambda part: (lanes.index(part.lane) if part.lane in lanes else 99, part.agency))


# The people around them -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sibling:
    """A brother or sister, with what is open for them."""

    person: Person
    what: str
    open: list[str]
    at_home: bool
    may_open: bool


@dataclass(slots=True)
class People:
    """Everyone around a child on a day."""

    around: Around
    family: list[tuple[str, Relationship, bool]]
    household: list[Person]
    professionals: list[Any]
    siblings: list[Sibling]


def people(actor: Actor, record: ChildRecord) -> People:
    """Family, household and those who work with the child, on the day the record is told of."""
    person, day = record.person, record.today
    family = family_of(actor, person, day)
    household = household_of(actor, person, day)
    working = professionals_of(person, day)
    at_home = {one.pk for one in household}
    brothers = {row.other_id: row for row in family if row.kind in SIBLINGS}
    titles = {} if record.known_on else _open_titles(actor, brothers)
    siblings = [
        Sibling(row.other, relation(row), titles.get(pk, []), pk in at_home, row.may_open)
        for pk, row in brothers.items()
    ]
    related = {row.other_id: row for row in family}

    def drawn(row: Relationship) -> Someone:
        note = "parental responsibility" if row.parental_responsibility else row.note
        href = reverse("casework:child", args=[row.other_id]) if row.kind in SIBLINGS and row.may_open else ""
        opened = ", ".join(titles.get(row.other_id, []))
        return Someone(row.other.name, _with_age(relation(row), row.other, day), href, opened or note)

    home = [
        drawn(related[one.pk]) if one.pk in related else Someone(one.name, _with_age("Lives there", one, day))
        for one in household
    ]
    elsewhere = [drawn(row) for row in family if row.other_id not in at_home]
    workers = [Someone(one.name, one.job, "", one.organisation.title) for one in working]
    around = Around(Someone(person.name, _with_age("", person, day)), home, elsewhere, workers)
    rows = [(relation(row), row, row.other_id in at_home) for row in family]
    return People(around, rows, household, working, siblings)


def relation(row: Relationship) -> str:
    """What someone is to the child: a sibling whose sex is known is a brother or a sister."""
    words = RELATIONSHIPS.get(row.kind, (row.kind.replace("_", " ").capitalize(), ""))[0]
    pairs = {"sibling": ("Sister", "Brother"), "half_sibling": ("Half sister", "Half brother"),
             "grandparent": ("Grandmother", "Grandfather"), "aunt_uncle": ("Aunt", "Uncle"),
             "step_parent": ("Stepmother", "Stepfather")}  # fmt: skip
    if row.kind in pairs and row.other.sex:
        return pairs[row.kind][0 if row.other.sex == "female" else 1]
    return words


def _with_age(what: str, person: Person, day: date) -> str:
    age = age_in_words(person, day)
    return ", ".join(part for part in (what, age) if part)


def age_in_words(person: Person, day: date) -> str:
    """9; 7 months; not yet born; died Sunday 3 May aged 9; empty where it is not known."""
    if person.born is None:
        return "not yet born" if person.expected else ""
    if person.died and person.died <= day:
        return f"died {day_words(person.died, day)} aged {_years_or_months(person, person.died)}"
    return _years_or_months(person, day)


def _years_or_months(person: Person, day: date) -> str:
    assert person.born is not None
    months = (day.year - person.born.year) * 12 + day.month - person.born.month - (day.day < person.born.day)
    if months < 24:
        return f"{max(months, 0)} months" if months != 1 else "1 month"
    about = "about " if person.born_precision in ("year", "estimated") else ""
    return f"{about}{months // 12}"


def _open_titles(actor: Actor, ids: Mapping[UUID, Relationship]) -> dict[UUID, list[str]]:
    """What is open for each of several people that `actor` may see, by title."""
    if not ids:
        return {}
    rows = CasePolicy.visible_to(actor).filter(subject__in=list(ids), is_open=True).order_by("-opened_at")
    found: dict[UUID, list[str]] = {}
    for subject, pathway, arrangement in rows.values_list("subject_id", "pathway", "arrangement"):
        known = pathways(arrangement)
        title = known[pathway].title if pathway in known else pathway
        if title not in found.setdefault(subject, []):
            found[subject].append(title)
    return found


def case_rows(record: ChildRecord) -> list[dict[str, Any]]:
    """The child's cases, open ones first, the latest first."""
    rows = sorted(
        record.cases, key=lambda known: (known.progress.is_open, known.progress.opened or date.min), reverse=True
    )
    return [
        {"known": known, "case": known.case, "late": sum(duty.status == "overdue" for duty in known.owed),
         "worker": _worker(known.case) if record.known_on is None else ""}
        for known in rows
    ]  # fmt: skip


def _worker(case: Case) -> str:
    return str(case.worker or case.team or "")
