"""Every pathway that ships is opened, taken to closure and opened again on its pages by the roles that do its work.

The way to closure is looked for in the guidance itself: the fewest events from the state a case begins in to a closed one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from goldenthread.agencies.models import Organisation
from goldenthread.casework.models import Case
from goldenthread.foundation import library as known
from goldenthread.guidance.library import shipped
from goldenthread.guidance.pathway import EventKind, FieldType, Pathway
from goldenthread.people.models import Person

from .partnership import Partnership, partnership
from .visitors import today_boxes, visitor, words

#: Who works on cases at each kind of agency; a service with people of its own is named below.
BY_KIND = {
    "childrens_social_care": "team_manager", "police": "police_officer", "health_provider": "designated_nurse",
    "school": "school_safeguarding_lead", "reviewing_service": "reviewing_officer",
    "early_help_service": "early_help_practitioner",
    "integrated_care_board": "designated_nurse", "youth_justice": "youth_justice_manager", "business_unit": "business_officer",
    "education_service": "education_safeguarding_officer", "adult_social_care": "adult_safeguarding_manager",
    "district_council": "community_safety_officer", "domestic_abuse_service": "domestic_abuse_adviser",
}  # fmt: skip
BY_PATHWAY = {
    "contact": "front_door_manager", "allegation": "designated_officer", "child_death": "child_death_coordinator",
    "leder": "leder_reviewer", "dols": "liberty_safeguards_coordinator", "provider_quality": "provider_quality_officer",
    "practice_review": "review_coordinator", "adult_review": "review_coordinator",
    "information_rights": "review_coordinator", "domestic_abuse": "marac_coordinator", "care_leaver": "personal_adviser",
}  # fmt: skip
Step = tuple[str, Mapping[str, str]]


@pytest.fixture
def place(db: Any, settings: Any) -> Iterator[Partnership]:
    settings.GT_GUIDANCE_FOLDER = None
    known.reload_library()
    yield partnership()


def kinds_that_may(pathway: Pathway, event: EventKind, *first: str) -> list[str]:
    """Kinds of agency that record an event, those given first."""
    anyone = "any_agency" in event.by
    return [*(kind for kind in first if anyone or kind in event.by), *(kind for kind in event.by if kind in BY_KIND)]


def ways(event: EventKind, state: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Each state that the event can lead to, with the answers that lead there."""
    asked = sorted({name for _, held in event.to_when for name in held if name in event.asks})
    options = [list(event.asks[name].of) or ["yes"] for name in asked]
    for chosen in product(*options):
        answers = dict(zip(asked, chosen, strict=True))
        yield next((to for to, held in event.to_when if holds(held, answers)), event.to or state), answers


def holds(held: Mapping[str, Any], answers: Mapping[str, str]) -> bool:
    return all(
        answers.get(name) in ([str(one) for one in value] if isinstance(value, list) else [str(value)])
        for name, value in held.items()
    )


def to_closure(pathway: Pathway, state: str, first: tuple[str, ...]) -> list[Step]:
    """The fewest events from a state to a closed one, each recorded by one of these kinds of agency."""
    waiting: deque[tuple[str, list[Step]]] = deque([(state, [])])
    seen = {state}
    while waiting:
        here, steps = waiting.popleft()
        for kind, event in pathway.events.items():
            if event.reopens or (event.opens and here not in event.in_states):
                continue
            if not set(kinds_that_may(pathway, event, *first)) & set(first):
                continue
            if event.in_states and here not in event.in_states:
                continue
            for target, answers in ways(event, here):
                further = [*steps, (kind, answers)]
                if event.closes or pathway.states[target].closed:
                    return further
                if target not in seen:
                    seen.add(target)
                    waiting.append((target, further))
    raise AssertionError(f"{pathway.id}: nothing they record closes a case in {state!r}")


def boxes(pathway: Pathway, kind: str, answers: Mapping[str, str], agency: str = "hill_school") -> dict[str, Any]:
    """What a person types: the day, the answers that matter, and something for each other question that must be answered."""
    typed: dict[str, Any] = dict(today_boxes())
    for name, question in pathway.events[kind].asks.items():
        if name in answers:
            typed[name] = answers[name]
        elif question.required or question.type is FieldType.DATE:
            day = timezone.localdate() + timedelta(days=7 if question.future else 0)
            match question.type:
                case FieldType.CHOICE | FieldType.CHOICES:
                    typed[name] = next(iter(question.of))
                case FieldType.YES_NO:
                    typed[name] = "yes"
                case FieldType.NUMBER:
                    typed[name] = str(int(question.at_least or 1))
                case FieldType.DATE | FieldType.MOMENT:
                    typed |= {**today_boxes(name, day), f"{name}-time": "09:00"}
                case FieldType.ORGANISATION:
                    typed[name] = agency
                case _:
                    typed[name] = "As it was told"
    return typed


def worker(place: Partnership, pathway: Pathway, kind: str, name: str) -> Client:
    agency = Organisation.objects.filter(kind=kind).first() or Organisation.objects.create(
        slug=f"county_{kind}", title=f"County {kind}", kind=kind, area=place.county
    )
    role = BY_PATHWAY.get(pathway.id) if kind == pathway.lead else None
    return visitor(place, f"{name} {kind}", role or BY_KIND[kind], agency)


@pytest.mark.parametrize("name", sorted(shipped().pathways))
def test_it_is_opened_closed_and_opened_again_by_those_who_do_its_work(place: Partnership, name: str) -> None:
    pathway = shipped().pathways[name]
    opening = pathway.opening
    began = kinds_that_may(pathway, pathway.events[opening], pathway.lead)[0]
    if pathway.lead == "school":
        began = "education_service"  # whoever looks after schools begins it, and ends it
    first = worker(place, pathway, began, "Ann")
    if pathway.subject == "organisation":
        address = f"/organisations/{place.school.slug}/new-case/{name}/{opening}/"
    else:
        about: Person = place.child(born=date(1950, 5, 14) if pathway.subject == "adult" else date(2009, 11, 2))
        agency = first.user.memberships.get().organisation  # type: ignore[attr-defined]
        Person.objects.filter(pk=about.pk).update(registered_by=agency)
        address = f"/people/{about.pk}/new-case/{name}/{opening}/"
    worker(place, pathway, pathway.lead, "Bo")
    answer = first.post(address, boxes(pathway, opening, {}))
    assert answer.status_code == 302, words(answer)[:600]
    case = Case.objects.get(pathway=name)
    again = next(kind for kind, event in pathway.events.items() if event.reopens)
    here = f"/cases/{case.pk}/"
    for kind, answers in [*to_closure(pathway, case.state, (pathway.lead, began)), (again, {})]:
        case.refresh_from_db()
        by = kinds_that_may(pathway, pathway.events[kind], pathway.lead, began)[0]
        second = worker(place, pathway, by, "Bo")
        assert second.get(here, follow=True).status_code == 200, f"{kind}: the case cannot be opened"
        typed = {**boxes(pathway, kind, answers, case.lead.slug), "_version": str(case.version)}
        answer = second.post(f"{here}record/{kind}/", typed)
        assert answer.status_code == 302, f"{kind}: {words(answer)[:600]}"
        if not case.events.filter(kind=kind).exists():  # a service with pages of its own is sent there
            answer = second.post(answer.headers["Location"], {**typed, "_at": "none"})
        assert case.events.filter(kind=kind).exists(), f"{kind}: {words(answer)[:600]}"
    case.refresh_from_db()
    assert case.is_open and case.closed_at is None
    assert case.events.filter(kind=again).exists() and not pathway.states[case.state].closed
