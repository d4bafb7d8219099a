"""Incidents told to schools (Operation Encompass) over the last year, in the number that one county reported, scaled.

Figures and words: encompass.yaml. The clocks are those of the shipped pathway, so that what is late is late by them. Pure.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from goldenthread.clocks.calendar import Calendar, calendar_for

from .chance import Chance
from .figures import HERE, read_yaml
from .parts import ARRANGEMENT, COUNTY, County
from .plain import CaseStory, Happened, Household, Part, Person
from .scene import EDUCATION, POLICE
from .staff import Staff

PATHWAY = "encompass"
_HOURS = [17, 18, 19, 20, 21, 21, 22, 22, 23, 0, 1, 6]
"""Hours at which the police are called, the evening likelier."""
_ABOUT_THE_CHILD = ("missing", "child_mental_health")
"""Kinds that concern one child and not their brothers and sisters."""


def with_incidents(part: Part, county: County) -> Part:
    """The part with its share of incidents added."""
    telling = _Telling(part, county)
    part.cases += telling.cases()
    return part


class _Telling:
    def __init__(self, part: Part, county: County) -> None:
        self.part, self.county = part, county
        self.words: dict[str, Any] = read_yaml(HERE / "encompass.yaml")
        self.chance = Chance(f"{county.seed}/{county.today}/{county.size.name}/{PATHWAY}/{part.number}")
        self.staff = Staff(county.staff, county.kinds)
        self.calendar: Calendar = calendar_for(county.library, ARRANGEMENT)
        self.spoke: set[UUID] = set()

    def cases(self) -> list[CaseStory]:
        families = [one for one in self.part.households if self._children(one, self.county.now)]
        if not families:
            return []
        children = sum(len(one.children) for one in self.part.households)
        wanted = self.words["a_month"] * self.words["months"] * children / COUNTY
        found: list[CaseStory] = []
        span = self.words["months"] * 30
        while len(found) < wanted:
            day = self.county.now - timedelta(days=self.chance.whole(1, span))
            found += self._incident(self.chance.one(families), self._at(day))
        if self.part.number == 0:
            found += self._at_the_visitors_school(families)
        return found

    def _at(self, day: datetime) -> datetime:
        return day.replace(hour=self.chance.one(_HOURS), minute=self.chance.whole(0, 59), second=0, microsecond=0)

    def _children(self, household: Household, when: datetime) -> list[Person]:
        """Children of a household whom somebody knew by then, and who were born."""
        return [
            one for one in household.children
            if one.born is not None and one.born < when.date() and one.created < when and not one.restricted
        ]  # fmt: skip

    def _at_the_visitors_school(self, families: list[Household]) -> list[CaseStory]:
        """Two of last night and one of yesterday at the school whose lead a visitor can play; one to be found."""
        worker = self.county.reserved.get("school.lead")
        if worker is None:
            return []
        theirs = [one for one in families if any(child.school == worker.organisation for child in one.children)]
        now, found = self.county.now, []
        for place, household in enumerate(theirs[:4]):
            before = timedelta(hours=14) if place < 2 else timedelta(days=5 + place)
            when = (now - before).replace(second=0, microsecond=0)
            pupils = [one for one in self._children(household, when) if one.school == worker.organisation]
            found += self._tell(household, pupils[:2], when, until="told" if place < 2 else "opened")
        others = [one for one in families if one not in theirs and any(child.school for child in self._children(one, now))]
        for household in others[:2]:
            when = (now - timedelta(hours=13)).replace(second=0, microsecond=0)
            child = next(one for one in self._children(household, now) if one.school)
            # Newly come: nobody has recorded a school.
            household.works = [one for one in household.works if (one.person, one.organisation) != (child.id, child.school)]
            child.school = ""
            found += self._tell(household, [child], when, until="sought")
        return found

    def _incident(self, household: Household, when: datetime) -> list[CaseStory]:
        children = self._children(household, when)
        if not children:
            return []
        several = self.chance.hit("several", self.words["several_children"])
        return self._tell(household, children if several else [self.chance.one(children)], when)

    def _tell(self, household: Household, children: list[Person], when: datetime, until: str = "") -> list[CaseStory]:
        """One incident: a case for each child."""
        chance, words = self.chance, self.words
        group = chance.uuid() if len(children) > 1 else None
        officer = self.staff.someone(POLICE, chance)
        nature = chance.pick("nature", words["nature"])
        given = {
            "nature": [nature], "grade": chance.pick("grade", words["grade"]),
            "child_was": "saw_or_heard" if nature in _ABOUT_THE_CHILD else chance.pick("was", words["child_was"]),
            "happened": chance.one(words["happened"][nature]),
            "ring": "Public protection unit, 101",
        }  # fmt: skip
        if chance.random.random() < 0.5:
            given["look_out_for"] = chance.one(words["look_out_for"])
        recorded = when + timedelta(minutes=chance.whole(25, 150))
        if recorded >= self.county.now:
            return []
        if nature in _ABOUT_THE_CHILD:
            children = children[:1]
            group = None
        return [
            self._case(household, child, dict(given), when, recorded, officer, group, until) for child in children
        ]

    def _case(
        self, household: Household, child: Person, given: dict[str, Any], when: datetime, recorded: datetime, officer: str,
        group: UUID | None, until: str,
    ) -> CaseStory:  # fmt: skip
        chance, words = self.chance, self.words
        if child.id not in self.spoke and chance.hit("said", words["with_words"]):
            self.spoke.add(child.id)
            given["child_said"] = chance.one(words["said"])
        story = CaseStory(chance.uuid(), PATHWAY, child.id, child.area, POLICE, group, False, [])

        def happen(kind: str, moment: datetime, data: dict[str, Any], organisation: str, by: str) -> bool:
            if moment >= self.county.now:
                return False
            story.events.append(Happened(chance.uuid(), kind, moment.date(), moment, moment, data, organisation, by))
            return True

        story.events.append(
            Happened(chance.uuid(), "incident_attended", when.date(), when, recorded, given, POLICE, officer, group)
        )
        starts = self.calendar.next_school_start(when)
        told = recorded + timedelta(minutes=1)
        school = child.school
        if not school or until == "sought":
            if _age(child, when) < 4:
                happen("not_at_school", told, {"reason": "under_school_age"}, POLICE, officer)
                story.ended = True
                return story
            if not happen("school_not_known", told, {}, POLICE, officer) or until == "sought":
                return story
            told = max(told, starts - timedelta(hours=1)) if chance.hit("found in time", 0.7) else starts + timedelta(hours=5)
            story.ended = happen("not_at_school", told, {"reason": "home_educated", "found_by": EDUCATION}, POLICE, officer)
            return story
        if not until and not chance.hit("in time", words["told_in_time"]):
            told = starts + timedelta(minutes=chance.whole(40, 600))
        data = {"school": school, "how": "here", "told": "everything"}
        if not happen("school_told", told, data, POLICE, officer) or until == "told":
            return story
        self._at_school(household, story, school, max(told, starts - timedelta(hours=1)), happen, until)
        return story

    def _at_school(
        self, household: Household, story: CaseStory, school: str, from_when: datetime, happen: Any, until: str
    ) -> None:
        """Whether and when the school opened it, and what it did."""
        chance, words = self.chance, self.words
        if not until and chance.hit("never", words["never_opened"]):
            return
        lead = self.staff.someone(school, chance, household.number)
        opened = from_when + timedelta(minutes=chance.whole(2, 70))
        if not until and not chance.hit("on the day", words["opened_on_the_day"]):
            opened += timedelta(days=chance.whole(1, 3))
        who = {"school": school, "by_whom": self.staff.name_of(lead)}
        if not happen("notice_opened", opened, who, school, lead) or until == "opened":
            return
        if not chance.hit("acted", words["acted"]):
            return
        did = chance.one(words["did"])
        data = {"school": school, "did": list(did), "seen": "absent" not in did}
        if chance.random.random() < 0.6:
            data["notes"] = words["notes"][-1] if "absent" in did else chance.one(words["notes"][:-1])
        story.ended = happen("school_acted", opened + timedelta(hours=chance.between(1, 30)), data, school, lead)


def _age(child: Person, when: datetime) -> int:
    born, day = child.born, when.date()
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day)) if born else 0
