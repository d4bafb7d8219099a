"""What every other service does: cases that begin with them and not at the front door, in the numbers that documents print.

services.yaml says which pathway, how many a year, of whom, and from which agency; how each goes on is walked as any other.
A service is owed so many of one event a year (such as cases heard), so that repeats count as the documents count them. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from goldenthread.clocks.calendar import LONDON
from goldenthread.clocks.interval import age_on

from .busy import Busy
from .households import district_of
from .others import FIRST_ABOUT, Others, first_of
from .plain import CaseStory, Household, Person, an_organisation
from .scene import CARE, Scene
from .story import Story
from .walk import Walk

_GOLDEN = 0.6180339887498949
"""Steps of this share of the time spread any number of cases evenly, over the time and over the parts of the county."""
Spans = dict[UUID, list[tuple[str, datetime, datetime | None]]]


class Whom(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Whom a service's cases are about."""

    children: float = 0.0
    """Share who are children of the families."""
    parents: float = 0.0
    """Share who are mothers (nine in ten) or fathers of the families."""
    adults: float = 0.0
    """Share who are adults known by themselves."""
    died: float = 0.0
    """Share who are children who have died."""
    ages: tuple[float, float] = (0, 18)
    open_in: dict[str, float] = {}
    """Pathway -> share of the children who have an open case of it then; the others have none."""
    at_school: bool = False
    women: bool = False
    """Of parents and adults, women alone."""
    restricted: bool = False
    """Nobody without the right to restricted people may know of them."""


class About(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The organisations that a service's cases are about."""

    kinds: list[str] = []
    organisations: list[str] = []
    days: tuple[int, int] = (0, 0)
    """How long ago the case of each began, where each has one."""
    year_end: tuple[int, int] | None = None
    """Month and day on which the case of each began instead: in the year before the last that ended."""


class Fresh(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Cases of the last hours, beside those of the years."""

    in_county: float
    hours: tuple[float, float]
    least: int = 1


class Service(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """How often, of whom and by whom the cases of one pathway begin."""

    pathway: str
    opens: str
    a_year: float
    """In the county; 0 where every organisation that it is about has one."""
    by: dict[str, float]
    """Kind of agency that tells first -> its share."""
    whom: Whom = Whom()
    about: About | None = None
    counting: str = ""
    """The event that a_year counts; the one that opens a case unless said."""
    years: float = 2.0
    least: int = 0
    """At least so many cases in all, so that a small demo has some too."""
    hours: tuple[float, float] = (8.7, 17.0)
    weekends: bool = False
    given: dict[str, Any] = {}
    fresh: Fresh | None = None


class Services:
    """Tells the services' cases of one part of the county, after its families' stories."""

    def __init__(self, scene: Scene, story: Story, others: Others, part: int, parts: int, share: float) -> None:
        self.scene, self.others = scene, others
        self.chance = scene.chance
        self.families = [one for one in story.households if one.number not in story.shown]
        self.part, self.parts, self.share = part, parts, share
        self.follower = Story(scene, [], 0.0)
        self.follower.busy = story.busy
        self.spans = _spans(story.cases)
        self.ever: dict[tuple[str, bool], list[Household]] = {}
        self.taken: dict[str, set[UUID]] = {}
        self.by_school = [one for one in self.families if any(child.school for child in one.children)]

    def tell(self) -> list[CaseStory]:
        """All of them, in the order of services.yaml."""
        entries = self.scene.guide.figures.journeys["services"]
        for service in msgspec.convert(entries, list[Service], strict=False):
            if service.pathway not in self.scene.guide.pathways:
                continue
            if service.about is not None:
                self._about(service, service.about)
            else:
                self._told(service)
        return self.follower.cases

    def _told(self, service: Service) -> None:
        wanted, first = self._owed(max(service.a_year * service.years * self.share, service.least))
        count = place = cases = 0
        # a case may bring several of what is counted: stop as near as can be, not always past it
        while count + max(0.0, count / max(1, cases) - 1) / 2 < wanted and place < 3 * wanted + 6:
            at = ((first + place) * _GOLDEN + 0.37) % 1.0
            place += 1
            days = service.years * 365 * (1 - at)
            found = self._one(service, self._moment(service, days))
            count, cases = count + found, cases + bool(found)
        if service.fresh is not None:
            fresh = service.fresh
            many, _ = self._owed(max(fresh.in_county * self.share, fresh.least))
            for _ in range(many):
                hours = self.chance.between(*fresh.hours)
                self._one(service, self.scene.horizon - timedelta(hours=hours))

    def _about(self, service: Service, about: About) -> None:
        """Cases about organisations: these are all there, however few the children of the demo."""
        kinds = self.scene.staff.kinds
        found = about.organisations or sorted(one for one, kind in kinds.items() if kind in about.kinds)
        many = round(service.a_year * service.years)
        for place in range(self.part, many or len(found), self.parts):
            at = (place * _GOLDEN + 0.37) % 1.0
            if many:
                organisation, days = found[place % len(found)], service.years * 365 * (1 - at)
            elif about.year_end is not None:
                organisation, days = found[place], self._since_last_but_one(*about.year_end)
            else:
                organisation, days = found[place], about.days[0] + (about.days[1] - about.days[0]) * at
            district = district_of(organisation) or next(iter(self.scene.titles))
            household = Household(FIRST_ABOUT + place, district, [], [], [])
            nobody = an_organisation(self.chance.uuid(), organisation, district, self.scene.horizon)
            self._case(service, self._moment(service, days), household, nobody, organisation)

    def _since_last_but_one(self, month: int, day: int) -> int:
        """Days since the last such day but one."""
        today = self.scene.today
        last = date(today.year - (today <= date(today.year, month, day)), month, day)
        return (today - last.replace(year=last.year - 1)).days

    def _owed(self, of: float) -> tuple[int, int]:
        """How many of the county's fall to this part, and how many to those before it."""
        before = int(of * self.part / self.parts + 0.5)
        return int(of * (self.part + 1) / self.parts + 0.5) - before, before

    def _moment(self, service: Service, days: float) -> datetime:
        day = (self.scene.horizon - timedelta(days=days)).date()
        if not service.weekends:
            day = day.fromordinal(self.scene.guide.calendar.plus_working(day.toordinal(), 0))
        hour = self.chance.between(*service.hours) % 24
        found = datetime(day.year, day.month, day.day, int(hour), int(hour % 1 * 60), self.chance.whole(0, 59), tzinfo=LONDON)
        return min(found, self.scene.horizon - timedelta(minutes=self.chance.whole(20, 300)))

    def _one(self, service: Service, moment: datetime) -> int:
        """One case, told to its end or to today. Returns how many of what is counted came of it."""
        found = self._whom(service, moment)
        if found is None:
            return 0
        return self._case(service, moment, *found)

    def _case(
        self, service: Service, moment: datetime, household: Household, person: Person, about: str = ""
    ) -> int:
        guide = self.scene.guide.pathways[service.pathway]
        kind = self.chance.pick(f"{service.pathway}/{service.opens}/by", service.by)
        staff, by = self.scene.staff, ""
        if kind in staff.services:
            by = staff.serving(kind, self.chance)
            organisation = staff.workers[by].organisation
        else:
            organisation = self.scene.place(kind, household, person)
        if not organisation:
            return 0
        acting = [about, organisation] if about else [organisation]
        lead = self.scene.leading(guide.pathway.lead, acting, household.district)
        if not by and not organisation == lead == CARE:  # a case of social care's own is opened by whoever is given it
            by = staff.someone(organisation, self.chance, household.number)
        restricted = guide.pathway.sensitivity == "restricted" or person.restricted
        case = CaseStory(
            self.chance.uuid(), service.pathway, person.id, household.district, lead, None, restricted, [],
            allocations=[], involved=[], lead_chosen=True, about=about,
        )  # fmt: skip
        walk = Walk(self.scene, guide, household, [person], [case], {})
        walk.open(service.opens, moment, organisation, by, service.given)
        onward = walk.run()
        case.ended = not walk.is_open
        self.follower.cases.append(case)
        self.follower.busy.setdefault(household.number, Busy())
        self.taken.setdefault(service.pathway, set()).add(person.id)
        self.follower.follow(household, onward)
        counting = service.counting or service.opens
        return sum(1 for event in case.events if event.kind == counting and event.amends is None)

    # Whom -------------------------------------------------------------------------------------------------------

    def _whom(self, service: Service, moment: datetime) -> tuple[Household, Person] | None:
        whom = service.whom
        shares = {
            name: share
            for name, share in (
                ("children", whom.children), ("parents", whom.parents), ("adults", whom.adults), ("died", whom.died),
            )
            if share
        }  # fmt: skip
        kind = self.chance.pick(f"{service.pathway}/{service.opens}/whom", shares)
        if kind == "children":
            return self._child(service, moment)
        if kind == "parents":
            return self._parent(service, moment)
        if kind == "adults":
            home = self.others.adult(whom.ages, restricted=whom.restricted, moment=moment.date(), women=whom.women)
            return home, first_of(home)
        age = self.chance.pick("died at", _DIED_AT)
        low, high = _DAYS_OLD[age]
        home = self.others.child_who_died(moment.date(), self.chance.whole(low, high))
        return home, first_of(home)

    def _child(self, service: Service, moment: datetime) -> tuple[Household, Person] | None:
        whom, day, taken = service.whom, moment.date(), self.taken.get(service.pathway, set())
        wanted = ""
        if whom.open_in:
            rest = 1.0 - sum(whom.open_in.values())
            wanted = self.chance.pick(f"{service.pathway}/{service.opens}/open", {**whom.open_in, "": max(rest, 0.0)})
        families = self.by_school if whom.at_school else self.families
        if wanted:
            families = [
                one for one in self._ever(wanted, families) if any(self._in(each, wanted, moment) for each in one.children)
            ]
        for _ in range(80):
            if not families:
                break
            household = self.chance.one(families)
            fitting = [
                one for one in household.children
                if one.born is not None and one.born <= day and whom.ages[0] <= age_on(one.born, day) < whom.ages[1]
                and one.id not in taken and not one.restricted and (one.school or not whom.at_school)
                and (self._in(one, wanted, moment) if wanted else not any(self._in(one, name, moment) for name in whom.open_in))
            ]  # fmt: skip
            if fitting:
                return household, self.chance.one(fitting)
        return None

    def _ever(self, pathway: str, families: list[Household]) -> list[Household]:
        """Those of them with a child who ever had a case of a pathway. They are few, so they are looked for once."""
        key = (pathway, families is self.by_school)
        if key not in self.ever:
            had = {child for child, spans in self.spans.items() if any(name == pathway for name, _, _ in spans)}
            self.ever[key] = [one for one in families if any(child.id in had for child in one.children)]
        return self.ever[key]

    def _in(self, child: Person, pathway: str, moment: datetime) -> bool:
        return any(
            name == pathway and start <= moment and (end is None or moment < end)
            for name, start, end in self.spans.get(child.id, ())
        )

    def _parent(self, service: Service, moment: datetime) -> tuple[Household, Person] | None:
        taken, day = self.taken.get(service.pathway, set()), moment.date()
        for _ in range(40):
            household = self.chance.one(self.families)
            mother = self.chance.random.random() < 0.9 or service.whom.women
            if not any(child.born is not None and child.born <= day for child in household.children):
                continue
            for one in household.people:
                if one.role == ("mother" if mother else "father") and one.id not in taken and not one.restricted:
                    return household, one
        return None


_DIED_AT = {"neonate": 0.31, "infant": 0.29, "child": 0.24, "teenager": 0.16}
"""Lancashire Safeguarding Boards annual report 2016/17, 3.6: 31% of deaths reviewed were at 0 to 27 days and 29% from 28 to 364.
The rest is shared out by the demo."""
_DAYS_OLD = {"neonate": (0, 27), "infant": (28, 364), "child": (366, 3650), "teenager": (3700, 6500)}


def _spans(cases: Sequence[CaseStory]) -> Spans:
    """What was open for each child, and when."""
    found: dict[UUID, list[tuple[str, datetime, datetime | None]]] = {}
    for case in cases:
        first, last = case.events[0], case.events[-1]
        start, end = first.moment or first.recorded, (last.moment or last.recorded) if case.ended else None
        found.setdefault(case.subject, []).append((case.pathway, start, end))
    return found


def service_staff(journeys: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    """The services' own staff, by what they are called in services.yaml."""
    staff: Mapping[str, Mapping[str, Any]] = journeys["staff"]
    return staff
