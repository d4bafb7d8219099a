"""Made-up organisations, roles and signed-in people for tests of this and higher floors."""

from __future__ import annotations

from datetime import date
from typing import Any

from goldenthread.agencies.actions import CreateUser, SeedRoles, SetMemberships
from goldenthread.agencies.models import Organisation, Role, User
from goldenthread.agencies.rules import Place
from goldenthread.foundation.actor import SystemActor

SYSTEM = SystemActor("tests")


def office(slug: str = "social_care", kind: str = "childrens_social_care") -> Organisation:
    made, _ = Organisation.objects.get_or_create(
        slug=slug, defaults={"title": slug.replace("_", " ").title(), "kind": kind}
    )
    return made


def someone(role: str, at: Organisation | None = None, username: str = "", **more: Any) -> User:
    """Someone who holds one of the shipped roles since 2020."""
    SeedRoles(SYSTEM).run()
    name = username or role
    user = CreateUser(SYSTEM).run(
        name, name.title(), "Example", f"{name}@example.org", password="a-long-enough-password"
    )
    place = Place(Role.objects.get(slug=role), at or office(), more.pop("starts", date(2020, 1, 1)), **more)
    SetMemberships(SYSTEM).run(user, [place])
    return User.objects.get(pk=user.pk)
