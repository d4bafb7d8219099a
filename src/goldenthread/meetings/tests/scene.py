"""A child on a protection plan, agencies around them, and people who sign in: for the tests of meetings, on shipped guidance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from goldenthread.agencies.actors import actor_for
from goldenthread.agencies.models import Organisation, User
from goldenthread.casework.actions import OpenCase
from goldenthread.casework.models import Case, Involvement
from goldenthread.casework.tests.partnership import Partnership, partnership
from goldenthread.casework.tests.visitors import visitor
from goldenthread.clocks.calendar import LONDON
from goldenthread.foundation.actor import Actor
from goldenthread.meetings.actions import ArrangeMeeting, MarkAttendance, SeatGiven
from goldenthread.meetings.models import Meeting, Seat
from goldenthread.people.models import Person

PLAN, REVIEW, MARAC = "child_protection_plan", "review_conference", "marac"


def earlier_today(hours: int) -> datetime:
    """Some hours ago, but never yesterday: lists and figures go by days."""
    return max(timezone.now() - timedelta(hours=hours), timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0))


@dataclass
class Scene:
    place: Partnership
    case: Case
    gp: Organisation
    charity: Organisation

    def client(self, role: str, organisation: Organisation) -> Client:
        return visitor(self.place, f"{role.title()} {organisation.slug}", role, organisation)

    def actor(self, role: str, organisation: Organisation) -> Actor:
        self.client(role, organisation)
        return actor_for(User.objects.get(username=f"{role} {organisation.slug}".lower().replace(" ", ".")))

    @property
    def officer(self) -> Actor:
        """The reviewing officer, who holds conferences."""
        return self.actor("reviewing_officer", self.place.reviewing)

    @property
    def worker(self) -> Actor:
        return self.actor("social_worker", self.place.care)

    @property
    def nurse(self) -> Actor:
        return self.actor("health_visitor", self.place.health)

    @property
    def teacher(self) -> Actor:
        return self.actor("school_safeguarding_lead", self.place.school)

    @property
    def police(self) -> Actor:
        return self.actor("police_officer", self.place.police)

    def abuse(self, name: str = "Nadia Hussain") -> Case:
        """A case that waits for the MARAC, of which the police are part."""
        case = opened(self.place, self.place.child(name, date(1994, 1, 1)), "domestic_abuse", "referred")
        involve(case, self.place.police)
        return case

    def marac(self, cases: list[Case], *organisations: Organisation) -> Meeting:
        """A MARAC of the police, which began an hour ago, with these agencies."""
        rules = {"police": "police", "childrens_social_care": "childrens_social_care", "voluntary": "voluntary",
                 "health_provider": "health", "school": "education"}  # fmt: skip
        seats = [SeatGiven(rules[one.kind], one) for one in organisations]
        began = earlier_today(1)
        return ArrangeMeeting(self.police).run(MARAC, self.place.police, began, cases=cases, seats=seats)

    def seats(self) -> list[SeatGiven]:
        return [
            SeatGiven("childrens_social_care", self.place.care), SeatGiven("police", self.place.police),
            SeatGiven("health_visitor", self.place.health), SeatGiven("school", self.place.school),
            SeatGiven("mother", name="Nadia Hussain"),
        ]  # fmt: skip

    def review(self, at: datetime | None = None, cases: list[Case] | None = None, **more: Any) -> Meeting:
        """A review conference, by default one that began an hour ago."""
        when = at or earlier_today(1)
        chosen = cases or [self.case]
        return ArrangeMeeting(self.officer).run(REVIEW, self.place.reviewing, when, cases=chosen, seats=self.seats(), **more)


def opened(place: Partnership, person: Person, pathway: str = PLAN, kind: str | None = None) -> Case:
    data = {"category": "neglect"} if pathway == PLAN else {}
    says = place.reviewing if pathway == PLAN else place.police
    return OpenCase(place.system).run(
        pathway, person, date(2026, 10, 1), data, kind=kind, organisation=says, lead=place.care
    )


def scene() -> Scene:
    place = partnership()
    gp = Organisation.objects.create(slug="hill_surgery", title="Hill surgery", kind="primary_care", area=place.burnley)
    charity = Organisation.objects.create(slug="hope", title="Hope", kind="voluntary", area=place.county)
    case = opened(place, place.child())
    involve(case, place.reviewing)
    return Scene(place, case, gp, charity)


def involve(case: Case, organisation: Organisation) -> None:
    Involvement.objects.get_or_create(case=case, organisation=organisation, user=None, defaults={"since": timezone.now()})


def came(actor: Actor, meeting: Meeting, *organisations: Organisation) -> None:
    """Mark these as there and all others as not."""
    marks = {
        seat.pk: ("came" if seat.organisation in organisations else "absent", "")
        for seat in Seat.objects.filter(meeting=meeting)
    }
    MarkAttendance(actor).run(meeting, marks)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)
