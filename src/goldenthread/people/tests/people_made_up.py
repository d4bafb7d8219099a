"""Made-up people and actors for tests of this and higher floors."""

from __future__ import annotations

from datetime import date
from typing import Any

from goldenthread.agencies.models import Organisation
from goldenthread.foundation.actor import Actor, SystemActor
from goldenthread.foundation.capability import Capability
from goldenthread.people.actions import RegisterPerson
from goldenthread.people.models import Person

SYSTEM = SystemActor("tests")
ALL_BUT_RESTRICTED = frozenset(Capability) - {Capability.VIEW_RESTRICTED}


def organisation(slug: str = "social_care", kind: str = "childrens_social_care") -> Organisation:
    made, _ = Organisation.objects.get_or_create(slug=slug, defaults={"title": slug, "kind": kind})
    return made


def actor(scope: str = "partnership", at: Organisation | None = None, user_id: int = 1, **more: Any) -> Actor:
    """Someone who may do everything but see restricted people."""
    ids = frozenset({at.pk}) if at else frozenset()
    more = {"capabilities": ALL_BUT_RESTRICTED, **more}
    return Actor(
        "Test Worker",
        user_id=user_id,
        organisation_id=at.pk if at else None,
        organisation_ids=ids,
        scope=scope,
        **more,
    )


def person(given: str, family: str = "", born: date | None = date(2017, 5, 14), **more: Any) -> Person:
    return RegisterPerson(SYSTEM).run(given, family, born=born, **more)
