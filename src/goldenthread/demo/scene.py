"""What a part of the county's stories share: chance, the guide, who works where, today, and small questions about families.
Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING
from uuid import UUID

from goldenthread.clocks.calendar import LONDON

from .chance import Chance
from .guide import Guide
from .households import care_providers_of, schools_of
from .plain import CaseStory, Happened, Household, Person
from .staff import Staff

if TYPE_CHECKING:
    from .walk import Walk

CARE, REVIEWING, EARLY_HELP, POLICE, COMMUNITY_HEALTH, EDUCATION = (
    "lcc_csc", "lcc_iro", "lcc_early_help", "lancashire_constabulary", "lcft", "lcc_education",
)  # fmt: skip
_SERVING = {
    "childrens_social_care": CARE,
    "reviewing_service": REVIEWING,
    "early_help_service": EARLY_HELP,
    "police": POLICE,
    "education_service": EDUCATION,
    "community_health": COMMUNITY_HEALTH,
    "health_provider": COMMUNITY_HEALTH,
    "business_unit": "joint_business_unit",
    "probation": "national_probation_service",
    "youth_justice": "lancashire_yot",
    "prison": "hm_prison_service",
    "adult_social_care": "lcc_adult_social_care",
    "public_health": "lcc_public_health",
    "integrated_care_board": "lsc_icb",
    "ambulance": "nwas",
    "fire_and_rescue": "lancashire_fire",
    "substance_misuse": "addaction",
    "voluntary": "childrens_society",
    "domestic_abuse_service": "victim_support",
    "mental_health": "lcft",
}
_OWN_ADVISERS = {"hyndburn": "harv", "ribble_valley": "harv"}
"""Districts with a domestic abuse service of their own."""
_ASKED = {
    "police": POLICE,
    "community_health": COMMUNITY_HEALTH,
    "probation": "national_probation_service",
    "early_help": EARLY_HELP,
    "substance_misuse": "addaction",
    "youth_justice": "lancashire_yot",
    "adult_social_care": "lcc_adult_social_care",
}


class Scene:
    """One part of the county on one day."""

    def __init__(
        self, chance: Chance, guide: Guide, staff: Staff, today: date, now: datetime, titles: dict[str, str]
    ) -> None:
        self.chance, self.guide, self.staff, self.titles = chance, guide, staff, titles
        self.today, self.now = today, now
        self.horizon = datetime.combine(today, time(0), LONDON)
        self.openings = guide.openings
        self.heard: dict[UUID, set[str]] = {}
        """What each child has said already."""
        self._asked = guide.figures.journeys["agencies_asked"]
        self._adults = guide.figures.journeys["adults_asked"]
        self._hospitals = guide.figures.journeys["hospitals"]

    def adult(self, household: Household, chance: Chance) -> Person:
        """A parent, the mother more often than not."""
        adults = [one for one in household.people if one.role in ("mother", "father", "adult")]
        return adults[0] if len(adults) == 1 or chance.random.random() < 0.7 else adults[1]

    def hospital(self, district: str) -> str:
        return str(self._hospitals[district])

    def agency_for(self, household: Household, child: Person, taken: set[str]) -> str:
        """An agency to ask about this family, not among `taken`."""
        for _ in range(30):
            grown_up = child.role == "adult"
            asked = self.chance.pick("asked of adults" if grown_up else "asked", self._adults if grown_up else self._asked)
            found = self._agency(asked, household, child)
            if found and found not in taken:
                return found
        return next(
            one
            for one in (*_ASKED.values(), self.hospital(household.district), "victim_support")
            if one not in taken
        )

    def _agency(self, asked: str, household: Household, child: Person) -> str:
        return _ASKED.get(asked) or self.place(asked, household, child)

    def place(self, kind: str, household: Household, person: Person) -> str:
        """The organisation of a kind that this person or family has to do with; empty where there is none."""
        district = household.district
        if kind == "school":
            return person.school or next((one.school for one in household.children if one.school), "")
        if kind == "a_school":
            schools = schools_of(district)
            return person.school or schools[household.number % len(schools)]
        if kind == "a_care_provider":
            providers = care_providers_of(district)
            return providers[household.number % len(providers)]
        if kind in ("gp", "primary_care"):
            return person.practice or next((one.practice for one in household.people), "")
        if kind == "hospital":
            return self.hospital(district)
        if kind in ("housing", "district_council"):
            return f"{district}_council"
        if kind == "domestic_abuse_service" and district in _OWN_ADVISERS:
            return _OWN_ADVISERS[district]
        return _SERVING.get(kind, kind)

    def early_help_lead(self, household: Household, child: Person) -> str:
        """Which agency leads early help for a family."""
        shares = self.guide.figures.shares("assumed.early_help_lead_")
        found = self.chance.pick("early help lead", shares)
        return {
            "education": child.school or EARLY_HELP,
            "health": COMMUNITY_HEALTH,
            "council_other": f"{household.district}_council",
            "voluntary": "childrens_society",
            "police": POLICE,
        }.get(found, EARLY_HELP)

    def lead_of(self, kind: str, case: CaseStory, event: Happened) -> str:
        """Who leads a pathway that an event opens: whoever of those acting is of its kind, or the one that serves the area."""
        return self.leading(kind, (case.lead, event.organisation), case.area)

    def leading(self, kind: str, acting: Sequence[str], district: str) -> str:
        """The first of those acting that is of this kind, or the one that serves the district."""
        for one in acting:
            if self.staff.kind_of(one) == kind:
                return one
        return f"{district}_council" if kind == "district_council" else _SERVING[kind]

    def who_records(self, walk: Walk, kind: str, wanted: str) -> tuple[str, str]:
        """(organisation, user name) of who records an event; "" for the case's own worker, who is not known yet."""
        event = walk.guide.pathway.events[kind]
        if wanted in self.staff.services:
            found = self.staff.serving(wanted, self.chance)
            return self.staff.workers[found].organisation, found
        lead = walk.cases[0].lead
        lead_kind = self.staff.kind_of(lead)
        if not wanted:
            free = "any_agency" in event.by or lead_kind in event.by
            wanted = lead_kind if free else event.by[0]
        if wanted == lead_kind:
            if walk.worker and not (event.needs and lead == CARE):
                return lead, walk.worker
            if lead != CARE:
                return lead, self.staff.someone(lead, self.chance, walk.household.number)
            if walk.guide.id == "contact":
                pool = self.staff.deciders if event.needs == "decide_contacts" else self.staff.front_door
                return lead, self.chance.one(pool)
            return lead, self.staff.manager(self.titles[walk.area]) if event.needs else ""
        organisation = self.place(wanted, walk.household, walk.children[0])
        always = walk.household.number if wanted == "reviewing_service" else None
        return organisation, self.staff.someone(organisation, self.chance, always)
