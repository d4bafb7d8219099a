"""People who open pages in the tests: each signed in, with one of the roles that come with the service."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any

from django.test import Client
from django.utils import timezone

from goldenthread.agencies.actions import SeedRoles
from goldenthread.agencies.models import Membership, Organisation, Role, Team, User
from goldenthread.foundation.actor import SystemActor

from .partnership import Partnership

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def visitor(place: Partnership, name: str, role: str, organisation: Organisation, team: Team | None = None) -> Client:
    """A browser in which somebody of an organisation is signed in; the same person each time for one name."""
    if not Role.objects.filter(slug=role).exists():
        SeedRoles(SystemActor("tests")).run()
    first, _, last = name.partition(" ")
    user, _ = User.objects.get_or_create(
        username=name.lower().replace(" ", "."), defaults={"first_name": first, "last_name": last}
    )
    place.users[name] = user
    Membership.objects.get_or_create(
        user=user, organisation=organisation, team=team, role=Role.objects.get(slug=role),
        defaults={"starts": date(2020, 1, 1)},
    )  # fmt: skip
    client = Client(HTTP_ORIGIN="http://testserver")
    client.force_login(user, backend=BACKEND)
    client.user = user  # type: ignore[attr-defined]
    return client


def words(response: Any) -> str:
    """What a page says, without its tags, in one line."""
    text = response.content.decode()
    text = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", text, flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def values(response: Any) -> dict[str, list[str]]:
    """What a form on a page would send: hidden fields, boxes, texts, what is checked and chosen."""
    text = response.content.decode()
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input\b[^>]*>", text):
        facts = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if facts.get("type") in ("radio", "checkbox") and " checked" not in tag:
            continue
        if "name" in facts:
            found.setdefault(facts["name"], []).append(unescape(facts.get("value", "")))
    for name, body in re.findall(r'<textarea\b[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', text, flags=re.S):
        found.setdefault(name, []).append(unescape(body))
    for name, body in re.findall(r'<select\b[^>]*name="([^"]*)"[^>]*>(.*?)</select>', text, flags=re.S):
        chosen = re.findall(r'<option value="([^"]*)" selected', body)
        found.setdefault(name, []).extend(chosen)
    return found


def today_boxes(name: str = "occurred", day: date | None = None) -> dict[str, str]:
    day = day or timezone.localdate()
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}
