"""The shortest way through a pathway, from its file alone: opened, closed, opened again; by whom; with which answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import product
from typing import Any
from uuid import uuid4

from django.utils import timezone

from goldenthread.agencies.seeding import ShippedRole, shipped_roles
from goldenthread.clocks.engine import Happening, Program, Subject
from goldenthread.clocks.order import check_event
from goldenthread.guidance.pathway import EventKind, FieldType, Pathway, Question

ANYONE = {"any_agency", "public"}
LONGEST = 8
#: Who works in each kind of agency, the least powerful first.
STAFF: Mapping[str, Sequence[str]] = {
    "childrens_social_care": (
        "social_worker", "personal_adviser", "team_manager", "front_door_manager", "designated_officer",
    ),
    "adult_social_care": (
        "adult_safeguarding_worker", "provider_quality_officer", "liberty_safeguards_coordinator", "adult_safeguarding_manager"
    ),
    "reviewing_service": ("reviewing_officer",),
    "early_help_service": ("early_help_practitioner",),
    "police": ("police_officer",),
    "health_provider": ("health_visitor", "designated_nurse"),
    "integrated_care_board": ("leder_reviewer", "child_death_coordinator", "designated_nurse"),
    "primary_care": ("gp",),
    "school": ("school_safeguarding_lead",),
    "education_service": ("education_safeguarding_officer",),
    "youth_justice": ("youth_justice_worker", "youth_justice_manager"),
    "district_council": ("community_safety_officer",),
    "domestic_abuse_service": ("domestic_abuse_adviser", "marac_coordinator"),
    "business_unit": ("review_coordinator", "business_officer"),
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One event of the way: which, said by a role in a kind of agency, with which answers."""

    kind: str
    agency: str
    role: str
    answers: Mapping[str, Any]


def route(program: Program) -> list[Step]:
    """An opening event, what closes the case, and what opens it again. Raises LookupError where there is no way."""
    pathway, subject, today = program.pathway, born(program.pathway), timezone.localdate()
    now = timezone.now()
    queue: list[tuple[list[Step], list[Happening], bool]] = [([], [], False)]
    seen: set[tuple[str, bool, bool]] = set()
    while queue:
        steps, so_far, closed = queue.pop(0)
        if len(steps) > LONGEST:
            break
        for kind, event in pathway.events.items():
            who = speaker(pathway, event, steps[0].agency if steps else "")
            if who is None or (not steps and not event.opens) or (closed and not event.reopens):
                continue
            for answers in variants(pathway, event):
                new = Happening(uuid4(), kind, today, None, now, answers)
                if check_event(program, so_far, new, subject, now):
                    continue
                happened = [*so_far, new]
                found = program.run(happened, subject, now)
                if any(lead.pathway == pathway.id for lead in found.leads):
                    continue
                step = [*steps, Step(kind, *who, answers)]
                if closed and found.is_open:
                    return step
                where = (found.state, found.is_open, bool(steps))
                if where not in seen:
                    seen.add(where)
                    queue.append((step, happened, not found.is_open))
    raise LookupError(f"{pathway.id} cannot be opened, closed and opened again by {STAFF.get(pathway.lead)}")


def born(pathway: Pathway) -> Subject:
    day = {"child": date(2016, 3, 1), "organisation": None}.get(pathway.subject, date(1985, 3, 1))
    return Subject(day, "female" if day else None)


def speaker(pathway: Pathway, event: EventKind, opener: str) -> tuple[str, str] | None:
    """The kind of agency that says an event, its own lead before others, and the role there that may."""
    kinds = [pathway.lead] if ANYONE & set(event.by) else []
    kinds += [kind for kind in (pathway.lead, opener, *event.by) if kind in event.by]
    roles = _roles()
    for kind in kinds:
        for slug in STAFF.get(kind, ()):
            if _may(roles[slug], pathway, event):
                return kind, slug
    return None


@cache
def _roles() -> Mapping[str, ShippedRole]:
    return {role.slug: role for role in shipped_roles()}


def _may(role: ShippedRole, pathway: Pathway, event: EventKind) -> bool:
    runs = pathway.sensitivity != "restricted" or pathway.id in role.handles
    return runs and {"record_events", "view_cases", *([event.needs] if event.needs else [])} <= set(role.capabilities)


def variants(pathway: Pathway, event: EventKind) -> Iterator[dict[str, Any]]:
    """Whole answers to an event: the least first, then each choice that may lead elsewhere."""
    least = {name: answer(question) for name, question in event.asks.items() if question.required}
    yield least
    telling = {name for _, when in event.to_when for name in when} | {name for one in event.leads_to for name in one.when}
    fields = [name for name in event.asks if name in telling][:3]
    for chosen in product(*(_options(event.asks[name]) for name in fields)):
        yield {**least, **dict(zip(fields, chosen, strict=True))}


def _options(question: Question) -> list[Any]:
    if question.type is FieldType.YES_NO:
        return [True, False]
    if question.type is FieldType.CHOICE:
        return list(question.of)
    if question.type is FieldType.CHOICES:
        return [[one] for one in question.of]
    return [answer(question)]


def answer(question: Question) -> Any:
    """Something that may be answered."""
    today = timezone.localdate().isoformat()
    given: dict[FieldType, Any] = {
        FieldType.TEXT: "What was said", FieldType.LONG_TEXT: "What was said", FieldType.YES_NO: True,
        FieldType.NUMBER: question.at_least if question.at_least is not None else 1, FieldType.DATE: today,
        FieldType.MOMENT: f"{today}T00:01", FieldType.PERSON: "Somebody Known", FieldType.ORGANISATION: "county_police",
    }  # fmt: skip
    return given[question.type] if question.type in given else _options(question)[0]
