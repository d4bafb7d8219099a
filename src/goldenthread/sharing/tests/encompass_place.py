"""A partnership with schools, an officer, key adults and the council's education service, on the shipped guidance."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from goldenthread.agencies.models import Organisation
from goldenthread.casework.actions.send_contact import Contact
from goldenthread.casework.models import Case
from goldenthread.casework.new_contact import NewChild
from goldenthread.casework.tests.partnership import WORKER, Partnership, partnership
from goldenthread.foundation.actor import Actor
from goldenthread.people.actions import AddProfessional, RegisterPerson
from goldenthread.people.models import Person, Professional

from ..actions.encompass import RecordIncident

ANSWERS = {"nature": ["domestic_abuse"], "grade": "high", "child_was": "saw_or_heard", "happened": "Shouting was heard."}


class Place:
    """What the tests of Encompass work with."""

    def __init__(self) -> None:
        self.base: Partnership = partnership()
        self.base.police.title = "The constabulary"
        self.hill = self.base.school
        self.valley = self._agency("valley_academy", "school")
        self.education = self._agency("county_education", "education_service")
        self.officer = self.base.actor("Joe Kay", self.base.police, WORKER)
        self.teacher = self.base.actor("Ann Dale", self.hill, WORKER)
        self.other_teacher = self.base.actor("Bea Moss", self.valley, WORKER)
        self.clerk = self.base.actor("Cay Lund", self.education, WORKER)

    def _agency(self, slug: str, kind: str) -> Organisation:
        area = self.base.county if kind == "education_service" else self.base.burnley
        return Organisation.objects.create(slug=slug, title=slug.replace("_", " ").capitalize(), kind=kind, area=area)

    def child(self, name: str = "Amira Hussain", born: date | None = date(2017, 5, 14), school: Organisation | None = None,
              starts: date | None = None, ends: date | None = None, **more: Any) -> Person:  # fmt: skip
        given, _, family = name.partition(" ")
        made = RegisterPerson(self.base.system).run(
            given, family, born=born, area=self.base.burnley, organisation=self.base.police, **more
        )
        if school is not None:
            self.at(made, school, starts, ends)
        return made

    def at(self, child: Person, school: Organisation, starts: date | None = None, ends: date | None = None) -> Professional:
        return AddProfessional(self.base.system).run(
            child, school, "Ann Dale", "Designated safeguarding lead", starts=starts, ends=ends
        )

    def incident(
        self, *children: Person, when: datetime, by: Actor | None = None, voices: dict[str, Any] | None = None, **answers: Any
    ) -> list[Case]:
        found = [NewChild(key=f"k{place}", person=str(child.pk)) for place, child in enumerate(children)]
        contact = Contact(when, {**ANSWERS, **answers}, found, False, voices or {})
        return RecordIncident(by or self.officer).run(contact)


def place() -> Place:
    return Place()
