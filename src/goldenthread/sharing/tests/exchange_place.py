"""A child, a contact, four agencies and people who sign in: for the tests of asking and answering, on shipped guidance."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from goldenthread.agencies.actors import actor_for
from goldenthread.agencies.models import Membership, Organisation, Role, User
from goldenthread.casework.models import Case
from goldenthread.casework.tests.front_door_people import ago, child, contact, recorded
from goldenthread.casework.tests.partnership import Partnership, partnership
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability

C = Capability
WORKS = ("view_cases", "record_events", "search_people", "register_people", "read_guidance")
SCREENS = (*WORKS, "screen_contacts")
SUPERVISES = (*WORKS, "supervise")
DECIDES = (*SCREENS, "decide_contacts", "supervise", "allocate_cases")


@dataclass
class Exchange:
    """The small partnership with two agencies more, and a contact that was screened."""

    place: Partnership
    gp: Organisation
    charity: Organisation
    housing: Organisation
    case: Case

    def person(
        self, organisation: Organisation, capabilities: tuple[str, ...] = WORKS, scope: str = "organisation", name: str = ""
    ) -> User:
        """Somebody with a role of their own in an organisation, with an address for email."""
        name = name or f"{organisation.slug}.{len(capabilities)}.{scope}"
        user = User.objects.filter(username=name).first()
        if user is not None:
            return user
        user = User.objects.create(username=name, first_name="Test", last_name=name, email=f"{name}@example.org")
        self.also(user, organisation, capabilities, scope)
        return user

    def also(
        self, user: User, organisation: Organisation, capabilities: tuple[str, ...], scope: str = "organisation"
    ) -> None:
        """A further role of somebody."""
        slug = f"r{Role.objects.count()}"
        role = Role.objects.create(slug=slug, title=slug, scope=scope, capabilities=list(capabilities))
        started = timezone.localdate() - timedelta(days=90)
        Membership.objects.create(user=user, organisation=organisation, role=role, starts=started)

    def actor(self, organisation: Organisation, capabilities: tuple[str, ...] = WORKS, scope: str = "organisation") -> Actor:
        return fresh(self.person(organisation, capabilities, scope))

    def client(
        self, organisation: Organisation, capabilities: tuple[str, ...] = WORKS, scope: str = "organisation"
    ) -> Client:
        return signed_in(self.person(organisation, capabilities, scope))

    @property
    def screener(self) -> Actor:
        return self.actor(self.place.care, SCREENS, "partnership")

    @property
    def manager(self) -> Actor:
        return self.actor(self.place.care, DECIDES, "partnership")


def fresh(user: User) -> Actor:
    return actor_for(User.objects.get(pk=user.pk))


def signed_in(user: User) -> Client:
    client = Client(HTTP_ORIGIN="http://testserver")
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def exchange() -> Exchange:
    place = partnership()

    def agency(slug: str, kind: str, title: str) -> Organisation:
        return Organisation.objects.create(slug=slug, kind=kind, title=title, area=place.burnley)

    gp = agency("hill_surgery", "primary_care", "Hill Surgery")
    charity = agency("open_door", "voluntary", "Open Door")
    housing = agency("burnley_homes", "housing", "Burnley Homes")
    case = contact(place, child(place, "Kai Hartley", sex="male"), ago(hours=1))
    recorded(place, case, "screened", ago(minutes=50), priority="amber")
    case.refresh_from_db()
    return Exchange(place, gp, charity, housing, case)


def told(response: Any) -> str:
    """What a page says, without its tags, in one line."""
    text = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", response.content.decode(), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def page(name: str, *args: Any) -> str:
    return reverse(name, args=args)
