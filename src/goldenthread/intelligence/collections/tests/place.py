"""A fire service, two councils, and the partnership's analyst, for the tests of collections.

The fire service covers a county of two districts. Its figures are those of a real table, the Lancashire Safeguarding Boards
annual report 2016/17, "Fire prevention", divided into quarters by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from goldenthread.agencies.actors import actor_for
from goldenthread.agencies.models import Area, Membership, Organisation, Role, User
from goldenthread.clocks.calendar import LONDON
from goldenthread.foundation.actor import Actor, SystemActor
from goldenthread.intelligence.collections.actions import SaveValues, Send, StartAsking
from goldenthread.intelligence.collections.models import Submission

SYSTEM = SystemActor("tests")
FIRES = {
    "dwelling_fires": "22", "dwelling_fires.district.burnley": "12", "dwelling_fires.district.preston": "9",
    "dwelling_fires.district.not_known": "1", "no_alarm": "3", "deaths": "0", "visits": "480",
    "visits.district.burnley": "200", "visits.district.preston": "280", "visits.district.not_known": "0", "concerns": "14",
}  # fmt: skip
"""A whole form of fire_safety."""


@dataclass
class Place:
    """Who is there."""

    fire: Organisation
    councils: list[Organisation]
    officer: User
    lead: User
    analyst: User
    stranger: User

    def as_(self, user: User) -> Actor:
        return actor_for(user)

    def form(self, period: str = "2025/26 Q1", organisation: Organisation | None = None) -> Submission:
        return Submission.objects.get(organisation=organisation or self.fire, period=period)

    def sent(
        self, period: str, day: date, values: dict[str, str] = FIRES, organisation: Organisation | None = None
    ) -> Submission:
        """A form that was filled in and sent on a day."""
        at = datetime(day.year, day.month, day.day, 10, tzinfo=LONDON)
        here = self.form(period, organisation)
        SaveValues(SYSTEM).run(here, typed(values), at=at)
        return Send(SYSTEM).run(here, at=at)


def typed(values: dict[str, str], comments: dict[str, str] | None = None) -> dict[str, tuple[str, str]]:
    return {box: (text, (comments or {}).get(box, "")) for box, text in values.items()}


def role(slug: str, *capabilities: str) -> Role:
    return Role.objects.get_or_create(slug=slug, defaults={"title": slug, "capabilities": list(capabilities), "scope": "own"})[0]


def person(name: str, organisation: Organisation, held: Role) -> User:
    user = User.objects.create(username=name, first_name=name.title(), last_name="Tester", email=f"{name}@example.org")
    Membership.objects.create(user=user, organisation=organisation, role=held, starts=date(2020, 1, 1))
    return user


def place(since: date = date(2025, 4, 1), collection: str = "fire_safety", now: datetime | None = None) -> Place:
    county = Area.objects.create(slug="lancashire_12", title="Lancashire", kind="county")
    parts = [
        Area.objects.create(slug=slug, title=slug.title(), kind="district", within=county) for slug in ("burnley", "preston")
    ]
    fire = Organisation.objects.create(slug="fire", title="Fire service", kind="fire_and_rescue", area=county)
    councils = [
        Organisation.objects.create(slug=f"{one.slug}_council", title=f"{one.title} Council", kind="district_council", area=one)
        for one in parts
    ]
    unit = Organisation.objects.create(slug="unit", title="Business unit", kind="business_unit", area=county)
    officer = role("data_officer", "read_guidance", "fill_collections")
    lead = role("data_lead", "read_guidance", "fill_collections", "agree_collections")
    analyst = role("performance_analyst", "read_guidance", "view_totals", "fill_collections", "check_collections")
    found = Place(
        fire, councils, person("olwen", fire, officer), person("leo", fire, lead), person("ana", unit, analyst),
        person("sam", councils[0], officer),
    )  # fmt: skip
    StartAsking(SYSTEM).run(collection, since, now=now or datetime(2025, 11, 3, 9, tzinfo=LONDON))
    return found
