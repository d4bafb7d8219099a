"""Who works where: a directory of made-up people who record things for each agency. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .chance import Chance
from .naming import given_name, surname
from .plain import Worker

_GROUPS = {"white_british": 0.78, "south_asian_pakistani": 0.08, "south_asian_indian": 0.05, "black_african": 0.04,
           "eastern_european": 0.03, "mixed": 0.02}  # fmt: skip

#: How many people of an agency sign in, by its kind: (role, what they are called, how many).
_BY_KIND: Mapping[str, tuple[tuple[str, str, int], ...]] = {
    "police": (("police_officer", "Police officer, public protection", 10),),
    "early_help_service": (("early_help_practitioner", "Early help worker", 24),),
    "health_provider": (("health_visitor", "Safeguarding nurse", 4),),
    "primary_care": (("gp", "GP, safeguarding lead", 1),),
    "school": (("school_safeguarding_lead", "Designated safeguarding lead", 1),),
    "education_service": (("early_help_practitioner", "Education officer", 3),),
    "district_council": (("early_help_practitioner", "Housing officer", 1),),
    "probation": (("early_help_practitioner", "Probation officer", 2),),
    "youth_justice": (("early_help_practitioner", "Youth justice worker", 2),),
    "adult_social_care": (("early_help_practitioner", "Adults' social worker", 2),),
    "domestic_abuse_service": (("early_help_practitioner", "Domestic abuse adviser", 2),),
    "substance_misuse": (("early_help_practitioner", "Recovery worker", 2),),
    "voluntary": (("early_help_practitioner", "Family worker", 2),),
    "public_health": (("health_visitor", "Public health nurse", 2),),
    "care_provider": (("early_help_practitioner", "Registered manager", 1),),
    "fire_and_rescue": (("early_help_practitioner", "Community fire safety officer", 1),),
    "prison": (("early_help_practitioner", "Safeguarding officer of an establishment", 2),),
    "ambulance": (("health_visitor", "Safeguarding practitioner, ambulance service", 1),),
    "integrated_care_board": (("health_visitor", "Safeguarding nurse", 3),),
    "business_unit": (("records_manager", "Review officer", 1),),
}
_CARRYING: Mapping[str, int] = {"early_help_service": 240}
"""Of those who carry cases of their own, how many the whole county has: a demo has its share, and no fewer than above."""
FRONT_DOOR_TEAM, REVIEWING_TEAM = "Front door", "Reviewing officers"


class Staff:
    """Everyone who can sign what they record, found by agency."""

    def __init__(self, workers: Iterable[Worker], kinds: Mapping[str, str]) -> None:
        self.kinds = dict(kinds)
        self.workers: dict[str, Worker] = {}
        self._of: dict[str, list[str]] = {}
        self._managers: dict[str, str] = {}
        self.services: dict[str, list[str]] = {}
        """The services' own staff (services.yaml, `staff`), the one who signs in first."""
        self.front_door: list[str] = []
        self.deciders: list[str] = []
        for one in workers:
            self.add(one)

    def add(self, one: Worker) -> None:
        self.workers[one.username] = one
        if one.service:
            self.services.setdefault(one.service, []).append(one.username)
            return
        self._of.setdefault(one.organisation, []).append(one.username)
        if one.role == "front_door_screener":
            self.front_door.append(one.username)
        elif one.role == "front_door_manager":
            self.deciders.append(one.username)
        elif one.role == "team_manager":
            self._managers[one.team.rpartition(", ")[2]] = one.username

    def kind_of(self, organisation: str) -> str:
        return self.kinds.get(organisation, "")

    def of(self, organisation: str) -> list[str]:
        return self._of.get(organisation, [])

    def someone(self, organisation: str, chance: Chance, always: int | None = None) -> str:
        """Someone of an agency; with `always`, the same one each time."""
        found = self.of(organisation)
        if not found:
            return ""
        return found[always % len(found)] if always is not None else chance.one(found)

    def serving(self, service: str, chance: Chance) -> str:
        """One of a service's own staff."""
        found = self.services[service]
        return found[0] if len(found) == 1 else chance.one(found)

    def name_of(self, username: str) -> str:
        return self.workers[username].name if username in self.workers else ""

    def manager(self, district_title: str) -> str:
        return self._managers.get(district_title, "") or next(iter(self._managers.values()), "")

    def manager_name(self, district_title: str) -> str:
        return self.name_of(self.manager(district_title))


def made_up(chance: Chance, taken: set[str]) -> tuple[str, str, str]:
    """(user name, first name, last name) of someone new."""
    while True:
        group = chance.pick("staff", _GROUPS)
        sex = "female" if chance.random.random() < 0.78 else "male"
        first, last = given_name(chance, group, sex, "adults"), surname(chance, group)
        username = f"{first}.{last}".lower().replace("'", "").replace(" ", "")
        if username not in taken:
            taken.add(username)
            return username, first, last


def agency_staff(
    chance: Chance, kinds: Mapping[str, str], districts: Mapping[str, str], officers: int, screeners: int,
    reserved: Iterable[Worker] = (), services: Mapping[str, Mapping[str, Any]] | None = None, share: float = 1.0,
) -> list[Worker]:  # fmt: skip
    """Everyone but the social workers, who are found once it is known how much work there is.

    `districts`: slug -> title. `reserved`: people who sign in to the demo, named beforehand. `services`: the services' own
    staff, for this `share` of the county.
    """
    found = list(reserved)
    taken = {one.username for one in found}

    def add(role: str, job: str, organisation: str, team: str = "", service: str = "") -> None:
        username, first, last = made_up(chance, taken)
        found.append(Worker(username, first, last, job, role, organisation, team, service))

    for _ in range(screeners):
        add("front_door_screener", "Front door screener", "lcc_csc", FRONT_DOOR_TEAM)
    for _ in range(max(2, screeners // 4)):
        add("front_door_manager", "Front door manager", "lcc_csc", FRONT_DOOR_TEAM)
    managed = {one.team for one in found if one.role == "team_manager"}
    for title in districts.values():
        for team in teams_of(title):
            if team not in managed:
                add("team_manager", "Team manager", "lcc_csc", team)
    for _ in range(officers):
        add("reviewing_officer", "Independent reviewing officer", "lcc_iro", REVIEWING_TEAM)
    for organisation, kind in kinds.items():
        if "2021" in organisation or organisation == "cl_crc":
            continue
        for role, job, many in _BY_KIND.get(kind, ()):
            for _ in range(max(many, round(_CARRYING.get(kind, 0) * share))):
                add(role, job, organisation)
    for service, one in (services or {}).items():
        there = sum(1 for each in found if each.service == service)
        for _ in range(max(1, round(one["in_county"] * share)) - there):
            add(one["role"], one["job"], one["organisation"], one.get("team", ""), service)
    return found


def teams_of(district_title: str) -> tuple[str, str]:
    """The two teams of social workers of a district: those who assess, and those who stay with a child."""
    return f"Assessment, {district_title}", f"Safeguarding and care, {district_title}"
