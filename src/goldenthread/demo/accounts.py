"""The people whose part a visitor can play, eight first and then those who run one service, and the file that the sign-in page
shows them from. Nobody here is real.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from .plain import Worker
from .staff import REVIEWING_TEAM

PASSWORD = "golden-thread-demo"
"""One password for all: the demo holds no one's secrets, and the sign-in page says it."""


class Account(msgspec.Struct, frozen=True):
    """Someone who can sign in."""

    worker: Worker
    does: str
    service: bool = False
    """Whether they run one service (services.yaml, `staff`), and are shown after the eight."""


def of_services(staff: Mapping[str, Mapping[str, Any]]) -> list[Account]:
    """Those of the services' own staff to whom anyone can sign in."""
    found = []
    for service, one in staff.items():
        if "sign_in" in one:
            who = one["sign_in"]
            worker = Worker(
                who["username"], who["first"], who["last"], one["job"], one["role"], one["organisation"],
                one.get("team", ""), service,
            )  # fmt: skip
            found.append(Account(worker, who["does"], service=True))
    return found


def accounts(district_title: str, school: str) -> list[Account]:
    """The eight, in the order in which a concern passes them. The social worker's team is of that district."""
    staying = f"Safeguarding and care, {district_title}"

    def one(
        username: str, first: str, last: str, job: str, role: str, organisation: str, team: str, does: str
    ) -> Account:
        return Account(Worker(username, first, last, job, role, organisation, team), does)

    return [
        one("screener", "Nasreen", "Ashworth", "Front door screener", "front_door_screener", "lcc_csc", "Front door",
            "Reads what comes in at the front door, asks agencies, makes it ready to decide"),
        one("social.worker", "Rosa", "Whittle", "Social worker", "social_worker", "lcc_csc", staying,
            "Works with about 18 children: visits, plans, reviews"),
        one("team.manager", "Imran", "Kershaw", "Team manager", "team_manager", "lcc_csc", staying,
            "Sees the team's work, authorises, gives cases to workers"),
        one("reviewing.officer", "Helen", "Boateng", "Independent reviewing officer", "reviewing_officer", "lcc_iro",
            REVIEWING_TEAM, "Chairs conferences and looked-after reviews, and checks midway"),
        one("police.officer", "Daniel", "Pilkington", "Police officer, public protection", "police_officer",
            "lancashire_constabulary", "", "Tells the front door of worries and answers what the police know"),
        one("designated.nurse", "Grace", "Okafor", "Designated nurse", "designated_nurse", "lcft", "",
            "Answers for community health and sees health assessments through"),
        one("school.lead", "Joanne", "Haworth", "Designated safeguarding lead", "school_safeguarding_lead", school, "",
            "Looks after the pupils of one school whom services know"),
        one("business.manager", "Martin", "Sharples", "Partnership business manager", "business_manager",
            "joint_business_unit", "", "Keeps organisations, people and roles; sees no child's record"),
    ]  # fmt: skip


def write_accounts(path: Path, found: list[Account], titles: dict[str, str]) -> None:
    """The file that the sign-in page reads. `titles`: organisation -> its title."""
    path.parent.mkdir(parents=True, exist_ok=True)
    entries = [
        {
            "username": one.worker.username, "password": PASSWORD, "name": one.worker.name, "role": one.worker.job,
            "organisation": titles[one.worker.organisation], "does": one.does, "service": "yes" if one.service else "",
        }
        for one in found
    ]  # fmt: skip
    path.write_text(json.dumps(entries, indent=1) + "\n", encoding="utf-8")
