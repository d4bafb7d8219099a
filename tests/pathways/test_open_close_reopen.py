"""Any pathway can be opened, taken to its end and opened again in the browser, by a role whose work it is: from guidance alone.

A pathway that is added is tested with no word here. One that nobody could work with, because no role that ships may say
what it needs, or a page refuses it, fails by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from goldenthread.agencies.models import Organisation, User
from goldenthread.casework.actions import OpenCase
from goldenthread.casework.actions.appending import involve
from goldenthread.casework.models import Case, Duty
from goldenthread.casework.tests.partnership import Partnership, partnership
from goldenthread.casework.tests.visitors import today_boxes, values, visitor, words
from goldenthread.clocks.answers import as_date
from goldenthread.foundation.library import arrangement_for, current_library, programs
from goldenthread.guidance.pathway import FieldType, Pathway
from goldenthread.people.actions import RegisterPerson
from goldenthread.people.models import Person

from .routes import STAFF, Step, born, route

pytestmark = [pytest.mark.django_db, pytest.mark.pages]
PATHWAYS = sorted(current_library().pathways)


@pytest.fixture
def place() -> Partnership:
    made = partnership()
    kinds = set(Organisation.objects.values_list("kind", flat=True))
    for kind in STAFF.keys() - kinds:
        Organisation.objects.create(slug=f"county_{kind}", title=kind.replace("_", " ").capitalize(), kind=kind, area=made.county)
    return made


def agency(kind: str) -> Organisation:
    return Organisation.objects.get(kind=kind)


def typed(pathway: Pathway, step: Step) -> dict[str, Any]:
    """What the boxes of an event's form are filled with."""
    found: dict[str, Any] = dict(today_boxes())
    for name, value in step.answers.items():
        kind = pathway.events[step.kind].asks[name].type
        if kind in (FieldType.DATE, FieldType.MOMENT):
            day = as_date(value)
            found |= today_boxes(name, day.date() if isinstance(day, datetime) else day)
            if isinstance(day, datetime):
                found[f"{name}-time"] = f"{day:%H:%M}"
        else:
            found[name] = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
    return found


def client_of(place: Partnership, step: Step, turn: int) -> Client:
    """Somebody of the role; another person at each turn, since some things are for another to say."""
    return visitor(place, f"{step.role.replace('_', '-')} {step.agency}-{turn % 2}", step.role, agency(step.agency))


def person(place: Partnership, pathway: Pathway, opener: Organisation) -> Person:
    subject = born(pathway)
    assert subject.born is not None
    return RegisterPerson(place.system).run(
        "Ada", "Wray", born=subject.born, sex=subject.sex, area=place.burnley, organisation=opener
    )


def sent(client: Client, address: str, answers: Mapping[str, Any]) -> None:
    """Fill in the form of a page, and send it; where the area has no single leader, say who leads."""
    page = client.get(address)
    assert page.status_code == 200, (address, words(page)[:300])
    answer = client.post(address, {**values(page), **answers})
    assert answer.status_code == 302, (address, answers, words(answer)[:900])


@pytest.mark.parametrize("name", PATHWAYS)
def test_opened_closed_and_opened_again(place: Partnership, name: str) -> None:
    program = programs(arrangement_for("burnley"))[name]
    pathway = program.pathway
    opening, *rest = route(program)
    client = client_of(place, opening, 0)
    if pathway.subject == "organisation":
        chooser = f"/organisations/{place.school.slug}/new-case/"
    else:
        chooser = f"/people/{person(place, pathway, agency(opening.agency)).pk}/new-case/"
    offered = f"{chooser}{name}/{opening.kind}/" in client.get(chooser).content.decode()
    if name == current_library().exceptions.pathway:  # asked from the page of its figure; here by the system, as at night
        assert not offered
        OpenCase(place.system).run(
            name, place.school, timezone.now(), opening.answers, organisation=agency(opening.agency), lead=agency(opening.agency)
        )
    else:
        assert offered
        sent(client, f"{chooser}{name}/{opening.kind}/", typed(pathway, opening))
    case = Case.objects.get(pathway=name)
    assert case.is_open is (len(rest) > 1) and case.lead.kind == pathway.lead
    shown(client, case)
    for turn, step in enumerate(rest, 1):
        client = client_of(place, step, turn)
        involve(case, [agency(step.agency).pk], timezone.now())
        page = client.get(f"/cases/{case.pk}/")
        assert page.status_code == 200, step
        address = f"/cases/{case.pk}/record/{step.kind}/"
        assert address in page.content.decode() or pathway.front_door, f"the page does not offer {step.kind}"
        own_screen = client.get(address)
        # A service with a screen of its own for this sends there; `_at` says on it that no time of the day is known.
        elsewhere = {"_at": "none"} if own_screen.status_code == 302 else {}
        sent(client, own_screen.headers.get("Location", address), {**typed(pathway, step), **elsewhere})
        assert case.events.filter(kind=step.kind).exists(), step
        case.refresh_from_db()
        assert case.is_open is not (turn == len(rest) - 1), step
    assert case.is_open and case.closed_at is None and not pathway.states[case.state].closed
    assert pathway.events[rest[-1].kind].reopens and case.events.count() == 1 + len(rest)
    may_begin = {pathway.lead, opening.agency, *pathway.events[opening.kind].by}
    assert {step.agency for step in rest} <= may_begin, "whoever leads it, or may begin it, can end it"


def shown(client: Client, case: Case) -> None:
    """What is due stands on the page with its proof, and in the worklist of whoever owes it."""
    duty = Duty.objects.filter(case=case).first()
    if duty is not None:
        assert client.get(f"/cases/{case.pk}/duties/{duty.duty}/{duty.ordinal}/").status_code == 200
    owed = Duty.objects.filter(case=case, outcome="open", organisation=case.lead, due_at__isnull=False).order_by("due_at").first()
    if owed is not None and User.objects.filter(memberships__organisation=case.lead).exists():
        pages = (words(client.get(f"/my-work/?whose=agency&when={when}")) for when in ("late", "today", "week", "later"))
        assert any(case.subject.name in page for page in pages)


def test_a_pathway_whose_end_nobody_may_say_is_named() -> None:
    program = programs(arrangement_for("burnley"))[PATHWAYS[0]]
    shut = program.pathway.model_copy(
        update={"events": {kind: event.model_copy(update={"reopens": False}) for kind, event in program.pathway.events.items()}}
    )
    with pytest.raises(LookupError, match=PATHWAYS[0]):
        route(type(program)(shut, program.calendar, {}))
