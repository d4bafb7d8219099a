"""What a contact says when it arrives: who tells us, about what, how it is graded. Shares from rates.yaml, words from
words.yaml. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from goldenthread.clocks.interval import age_on

from .answers import said_by
from .figures import table
from .plain import CaseStory, Happened, Household, Person
from .scene import CARE, COMMUNITY_HEALTH, EARLY_HELP, EDUCATION, POLICE, Scene

#: Youngest and oldest age for themes that are not about every child.
_AGES = {
    "exploitation": (11, 18), "criminal_exploitation": (11, 18), "missing": (10, 18), "child_mental_health": (7, 18),
    "self_harm": (11, 18), "young_carer": (7, 17), "radicalisation": (11, 18), "private_fostering": (9, 16),
    "honour_based": (13, 18), "female_genital_mutilation": (0, 3),
}  # fmt: skip
_FROM_FRONT_DOOR = (
    "family",
    "acquaintance",
    "child",
    "other_individual",
    "anonymous",
    "unknown",
    "other_council",
)
_THEMES_OF_POLICE = ("domestic_abuse", "missing", "exploitation", "criminal_exploitation", "neglect", "physical", "sexual",
                     "substance_misuse", "mental_health", "honour_based", "radicalisation", "emotional")  # fmt: skip


class Contacts:
    """Makes contacts about the families of one part."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        figures = scene.guide.figures
        self.sources = figures.shares("assumed.contact_source_")
        self.themes = figures.shares("assumed.contact_theme_")
        self.grades = figures.shares("assumed.police_grade_")
        self.flow = figures.journeys["flow"]

    def judged(self, outcome: str, count: int) -> dict[str, Any]:
        """How urgent a contact with this outcome looks, and at which level of need."""
        chance, flow = self.scene.chance, self.flow
        priority = chance.pick(
            f"priority/{outcome}", flow["priority"].get(outcome, flow["priority"]["else"]), count
        )
        level = chance.pick(f"level/{outcome}", flow["level"].get(outcome, flow["level"]["else"]), count)
        seen = (
            level
            if chance.random.random() < 0.75
            else str(min(4, max(1, int(level) + (1 if chance.random.random() < 0.5 else -1))))
        )
        return {"outcome": outcome, "decided_level": level, "level": seen, "priority": priority}

    def arrive(
        self,
        household: Household,
        children: Sequence[Person],
        moment: datetime,
        theme: str = "",
        source: str = "",
    ) -> list[CaseStory]:
        """The cases of a contact, one for each child, with its first event."""
        scene, chance = self.scene, self.scene.chance
        day = moment.date()
        theme = theme or self._theme(children, day)
        if not source:
            source = self._source(theme, children, len(children))
        organisation, by = self._teller(source, household, children)
        shared = self._data(theme, source, household, by)
        group = chance.uuid() if len(children) > 1 else None
        recorded = min(moment + timedelta(minutes=chance.whole(0, 8)), self.scene.now)
        cases = []
        for child in children:
            data = dict(shared)
            if chance.random.random() < 0.46:
                data["child_said"] = said_by(
                    scene, child, day, "worries" if chance.random.random() < 0.6 else "home"
                )
            first = Happened(
                chance.uuid(), "contact_received", day, moment, recorded, data, organisation, by, group
            )
            cases.append(CaseStory(
                chance.uuid(), "contact", child.id, household.district, CARE, group, child.restricted, [first],
                allocations=[], involved=[],
            ))  # fmt: skip
        return cases

    def _theme(self, children: Sequence[Person], day: date) -> str:
        ages = [age_on(child.born, day) for child in children if child.born is not None and child.born <= day]
        if not ages:
            return "unborn"
        allowed = [
            name for name in self.themes
            if name != "unborn" and any(low <= age < high for age in ages for low, high in [_AGES.get(name, (0, 18))])
        ]  # fmt: skip
        return self.scene.chance.pick("theme", self.themes, len(children), allowed)

    def _source(self, theme: str, children: Sequence[Person], count: int) -> str:
        allowed = set(self.sources)
        if not any(child.school for child in children):
            allowed -= {"school", "school_nurse"}
        if (
            not any(child.born and (self.scene.today - child.born).days < 6 * 365 for child in children)
            and theme != "unborn"
        ):
            allowed.discard("health_visitor")
        if theme not in _THEMES_OF_POLICE:
            allowed.discard("police")
        if theme in ("parenting_support", "housing"):
            allowed -= {"anonymous"}
        return self.scene.chance.pick("source", self.sources, count, allowed)

    def _teller(self, source: str, household: Household, children: Sequence[Person]) -> tuple[str, str]:
        """(organisation, user name) of who tells us; a member of the public rings the front door, which writes it down."""
        scene, chance = self.scene, self.scene.chance
        child = next((one for one in children if one.school), children[0])
        if source in _FROM_FRONT_DOOR:
            return CARE, chance.one(scene.staff.front_door)
        organisation = {
            "police": POLICE,
            "school": child.school or EDUCATION,
            "education_service": EDUCATION,
            "gp": child.practice or COMMUNITY_HEALTH,
            "emergency_department": scene.hospital(household.district),
            "housing": f"{household.district}_council",
            "adult_social_care": "lcc_adult_social_care",
            "other_council_department": "lcc_public_health",
            "early_help": EARLY_HELP,
            "justice": "national_probation_service",
            "voluntary": chance.one(["childrens_society", "child_action_north", "victim_support", "harv"]),
        }.get(source, COMMUNITY_HEALTH)
        return organisation, scene.staff.someone(organisation, chance)

    def _data(self, theme: str, source: str, household: Household, by: str) -> dict[str, Any]:
        chance, words = self.scene.chance, table("words")
        professional = source not in _FROM_FRONT_DOOR
        data: dict[str, Any] = {"source": source, "flags": list(words["concern_flags"][theme])}
        if professional:
            data["referrer_name"] = self.scene.staff.name_of(by)
        elif source == "family":
            data["referrer_name"] = next(one for one in household.people if one.role != "child").name
        if source not in ("anonymous", "unknown"):
            kind = table("postcodes")["telephone"]["landline" if professional else "mobile"]
            data["referrer_contact"] = f"{kind[0]}" + f"{chance.whole(0, 999):03}"
            if not data["referrer_contact"].startswith("0"):
                data["referrer_contact"] = "0" + data["referrer_contact"]
        if source == "police":
            data["grade"] = chance.pick("grade", self.grades)
        data["concern"] = chance.one(words["contact_concerns"][theme])
        if chance.random.random() < 0.3:
            data["going_well"] = chance.one(words["assessment_summaries"])
        data["child_safe_now"] = chance.one(["yes", "yes", "yes", "yes", "not_known", "not_known"])
        data["consent"] = chance.pick(
            "consent", {"agreed": 0.5, "not_agreed": 0.12, "not_told_safety": 0.16, "not_told": 0.22}
        )
        if data["consent"] == "agreed" and chance.random.random() < 0.4:
            data["family_view"] = chance.one(words["parent_said"])
        if theme == "domestic_abuse" and chance.random.random() < 0.12:
            data["flags"].append("emotional_abuse")
        return data
