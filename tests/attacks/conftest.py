"""A small partnership to attack, on the guidance that ships: agencies, people signed in, a child with a case."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from goldenthread.casework.actions import OpenCase
from goldenthread.casework.models import Case
from goldenthread.casework.tests.partnership import Partnership, partnership
from goldenthread.casework.tests.visitors import visitor
from goldenthread.foundation.actor import SystemActor
from goldenthread.people.actions import RegisterPerson
from tests.matrix.world import front_door, minimal

SYSTEM = SystemActor("tests")
PASSWORD = "a-long-enough-password"


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    cache.clear()


@pytest.fixture
def place(db: Any) -> Partnership:
    return partnership()


@pytest.fixture
def case(place: Partnership) -> Case:
    rule = front_door()
    person = RegisterPerson(SYSTEM).run("Amira", "Hussain", area=place.burnley, organisation=place.care)
    return OpenCase(SYSTEM).run(
        rule.id,
        person,
        timezone.now() - timedelta(hours=2),
        minimal(rule.events[rule.opening]),
        organisation=place.care,
    )


@pytest.fixture
def worker(place: Partnership) -> Client:
    """A social worker of the agency that leads."""
    return visitor(place, "Rosa Whittle", "social_worker", place.care)


@pytest.fixture
def manager(place: Partnership) -> Client:
    return visitor(place, "Tom Marsden", "team_manager", place.care)


@pytest.fixture
def teacher(place: Partnership) -> Client:
    """Somebody of an agency that is not part of the case."""
    return visitor(place, "Ann Dale", "school_safeguarding_lead", place.school)


@pytest.fixture
def administrator(place: Partnership) -> Client:
    return visitor(place, "Ada Root", "system_administrator", place.care)
