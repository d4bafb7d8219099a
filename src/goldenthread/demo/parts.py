"""The county in parts: each is told by itself from the seed, the day and its number, so that two processors can share the
work. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime

import msgspec

from goldenthread.clocks.calendar import LONDON
from goldenthread.clocks.engine import Subject, programs_for
from goldenthread.guidance.arrangement import AreaEntry
from goldenthread.guidance.library import Library

from . import front_door, showcase
from .caseloads import Caseloads, stage_of
from .chance import Chance
from .figures import Figures, table
from .guide import Guide
from .households import Settlement, district_line, districts_of_part
from .others import Others
from .plain import CaseStory, Household, Part, Worker, happening
from .scene import Scene
from .services import Services, service_staff
from .staff import Staff, agency_staff
from .story import Story, county_children

ARRANGEMENT = "lancashire"
COUNTY = 40_000
"""Children known to services in the whole county, as the demo has it."""
PART = 500
_LOCALITIES = ("East", "Central", "North")


class Size(msgspec.Struct, frozen=True):
    """How large a partnership is made up."""

    name: str
    children: int

    @property
    def parts(self) -> int:
        return max(1, round(self.children / PART))

    @property
    def share(self) -> float:
        """Of the county."""
        return self.children / COUNTY


SIZES = {
    name: Size(name, children) for name, children in (("small", 250), ("default", 4000), ("county", COUNTY))
}


def size_named(name: str | int) -> Size:
    """A size by its name, or by how many children it has. Raises KeyError for an unknown name."""
    return SIZES[name] if isinstance(name, str) and not name.isdigit() else Size(str(name), int(name))


def districts(library: Library) -> list[AreaEntry]:
    """The county's twelve districts, neighbours side by side."""
    areas = library.arrangements[ARRANGEMENT].areas
    found = [one for one in areas if one.kind == "district" and one.within == "lancashire_12"]
    return sorted(found, key=lambda one: (_LOCALITIES.index(one.locality or ""), one.title))


def first_district(library: Library) -> tuple[str, str]:
    """(id, title) of the district where the demo's own people work."""
    one = districts(library)[0]
    return one.id, one.title


class County:
    """What every part is told from: guidance, figures, the districts in order, and who works for the agencies."""

    def __init__(
        self,
        size: Size,
        seed: int,
        now: datetime,
        library: Library,
        figures: Figures,
        reserved: Mapping[str, Worker],
    ) -> None:
        self.size, self.seed, self.figures = size, seed, figures
        self.now = now.astimezone(LONDON)
        self.today: date = self.now.date()
        self.library = library
        self.guide = Guide(library, ARRANGEMENT, figures)
        arrangement = library.arrangements[ARRANGEMENT]
        year = int(figures.journeys["flow"]["population_year"])
        areas = districts(library)
        self.titles = {one.id: one.title for one in areas}
        self.line = district_line(figures, {one.id: one.population[year].under_18 or 0 for one in areas})
        self.kinds = {one.id: one.kind for one in arrangement.organisations}
        for school in table("schools")["schools"]:
            self.kinds[f"school_{school['id']}"] = "school"
        for practice in table("practices")["practices"]:
            self.kinds[f"gp_{practice['id']}"] = "primary_care"
        for provider in table("care_providers")["care_providers"]:
            self.kinds[f"care_{provider['id']}"] = "care_provider"
        self.reserved = dict(reserved)
        plans_and_care = (
            county_children(self.guide)
            * size.share
            * (figures["rates.child_protection_plans_per_10000"] + figures["rates.looked_after_per_10000"])
        )
        self.staff = agency_staff(
            Chance(f"{seed}/staff"), self.kinds, self.titles, officers=max(2, round(plans_and_care / 65)),
            screeners=max(4, round(30 * size.share)), reserved=self.reserved.values(),
            services=service_staff(figures.journeys), share=size.share,
        )  # fmt: skip

    def part(self, number: int) -> Part:
        """One part, whole."""
        size = self.size
        chance = Chance(f"{self.seed}/{self.today}/{size.name}/{number}")
        children = size.children * (number + 1) // size.parts - size.children * number // size.parts
        staff = Staff(self.staff, self.kinds)
        scene = Scene(chance, self.guide, staff, self.today, self.now, self.titles)
        settlement = Settlement(
            chance, self.figures, self.today, number, districts_of_part(self.line, number, size.parts)
        )
        households = settlement.households(children)
        story = Story(scene, households, children / COUNTY)
        if number == 0:
            showcase.tell_on_purpose(story)
        cases = story.tell()
        waiting = front_door.how_many(story, size.share)
        first = waiting * number // size.parts
        own, school = {}, ""
        if number == 0 and self.reserved:
            own, school = (
                {"staying": self.reserved["social.worker"]},
                self.reserved["school.lead"].organisation,
            )
        front_door.fill(story, first, waiting * (number + 1) // size.parts - first, school)
        after = Chance(f"{self.seed}/{self.today}/{size.name}/services/{number}")
        others = Others(after, settlement)
        beside = Scene(after, self.guide, staff, self.today, self.now, self.titles)
        cases += Services(beside, story, others, number, size.parts, size.share).tell()
        households += others.made
        reviewed = self.library.caseloads.people["reviewing_officer"].counts
        loads = Caseloads(chance, staff, self.titles, number, own, reviewed)
        own_families = [*story.shown, *self._with_work_this_week(households, cases)] if number == 0 else []
        workers = loads.allocate(households, cases, own_families)
        loads.working_with(households, cases)
        _known_since(households, cases)
        return Part(number, households, cases, workers)

    def _with_work_this_week(self, households: Sequence[Household], cases: Sequence[CaseStory]) -> list[int]:
        """Families of the first district with work due today and this week, the most first: for the worker a visitor plays."""
        programs = programs_for(self.library, ARRANGEMENT)
        people = {person.id: (household, person) for household in households for person in household.people}
        found: Counter[int] = Counter()
        for case in cases:
            if case.about:
                continue
            household, person = people[case.subject]
            if case.ended or household.district != self.line[0][0] or stage_of(case) != "staying":
                continue
            happenings = [happening(event) for event in case.events]
            progress = programs[case.pathway].run(
                happenings, Subject(person.born, person.sex or None), self.now
            )
            for duty in progress.duties:
                if (
                    duty.status in ("open", "due_soon")
                    and duty.owner == "childrens_social_care"
                    and duty.due_at
                ):
                    days = (duty.due_at.astimezone(LONDON).date() - self.today).days
                    found[household.number] += 6 if not days else 2 if days < 7 else 0
        return [number for number, worth in found.most_common(12) if worth]


def _known_since(households: Sequence[Household], cases: Sequence[CaseStory]) -> None:
    """Everyone becomes known with the first thing recorded of their household, through the agency that recorded it."""
    of = {person.id: household for household in households for person in household.people}
    first: dict[int, tuple[datetime, str]] = {}
    for case in cases:
        if case.about:
            continue
        number, event = of[case.subject].number, case.events[0]
        if number not in first or event.recorded < first[number][0]:
            first[number] = (event.recorded, event.organisation)
    for household in households:
        if household.number in first:
            for person in household.people:
                person.created, person.registered_by = first[household.number]
