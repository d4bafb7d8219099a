"""The small partnership on the shipped guidance, with people who sign in: for the tests of the front door and the child."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from goldenthread.agencies.models import Membership, Organisation, Role, User
from goldenthread.casework.actions import OpenCase, RecordEvent
from goldenthread.casework.models import Case, Event
from goldenthread.foundation.capability import Capability
from goldenthread.people.actions import RegisterPerson
from goldenthread.people.models import Person

from .partnership import MANAGER, SCREENER, WORKER, Partnership

C = Capability
SCREENS = (SCREENER | {C.SCREEN_CONTACTS}) - {C.DECIDE_CONTACTS}
DECIDES = SCREENER | MANAGER | {C.SCREEN_CONTACTS, C.DECIDE_CONTACTS}
WORKS = WORKER


def signed_in(
    place: Partnership, organisation: Organisation, capabilities: Iterable[Capability], scope: str = "organisation"
) -> Client:
    """A browser in which someone of an organisation is signed in, with a role of their own."""
    name = f"u{uuid.uuid4().hex[:10]}"
    user = User.objects.create(username=name, first_name="Test", last_name=name)
    role = Role.objects.create(slug=name, title=name, scope=scope, capabilities=sorted(one.value for one in capabilities))
    started = timezone.localdate() - timedelta(days=365)
    Membership.objects.create(user=user, organisation=organisation, role=role, starts=started)
    client = Client()
    client.force_login(user)
    return client


def manager(place: Partnership) -> Client:
    return signed_in(place, place.care, DECIDES, "partnership")


def screener(place: Partnership) -> Client:
    return signed_in(place, place.care, SCREENS, "partnership")


def teacher(place: Partnership) -> Client:
    return signed_in(place, place.school, WORKS)


def child(place: Partnership, name: str = "Amira Hussain", born: date | None = date(2017, 5, 14), **more: Any) -> Person:
    given, _, family = name.rpartition(" ")
    return RegisterPerson(place.system).run(
        given, family, born=born, area=place.burnley, organisation=more.pop("organisation", place.school), **more
    )


def contact(
    place: Partnership, who: Person, when: datetime, organisation: Organisation | None = None, group: uuid.UUID | None = None,
    **data: Any,
) -> Case:  # fmt: skip
    """A contact as it came in, known at once."""
    given = {"source": "police", "concern": "Shouting heard from the street.", **data}
    return OpenCase(place.system).run(
        "contact", who, when, given, organisation=organisation or place.police, recorded_at=when, group=group
    )


def opened(place: Partnership, pathway: str, who: Person, when: datetime, kind: str | None = None, **data: Any) -> Case:
    return OpenCase(place.system).run(pathway, who, when, data, kind=kind, organisation=place.care, recorded_at=when)


def recorded(
    place: Partnership, case: Case, kind: str, when: datetime | date, *, known: datetime | None = None,
    organisation: Organisation | None = None, **data: Any,
) -> Event:  # fmt: skip
    """Something that happened, known at once unless `known` says later."""
    moment = known or (when if isinstance(when, datetime) else timezone.now())
    return RecordEvent(place.system).run(
        case, kind, when, data, organisation=organisation or place.care, recorded_at=moment
    )


def ago(**span: int) -> datetime:
    return timezone.now() - timedelta(**span)
