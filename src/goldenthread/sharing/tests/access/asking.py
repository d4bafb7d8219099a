"""What the tests of looks share beside fixtures: a reason, the system, how somebody asks in an emergency."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.test import Client
from django.urls import reverse

from goldenthread.foundation.actor import SystemActor
from goldenthread.people.models import Person, PersonName
from goldenthread.people.search import keys_for

REASON = "Found alone at the station at night, with a bruise; I need to know who to ring."
BORN = date(2017, 5, 14)
SYSTEM = SystemActor("tests")


def named(person: Person) -> Person:
    """With a name and keys to be found by, as registering gives."""
    PersonName.objects.create(person=person, full=person.name)
    for key in keys_for(person.name):
        person.search_keys.create(key=key)
    return person


def asked(client: Client, **answers: str) -> Any:
    return client.post(reverse("access:emergency"), answers, follow=True)
