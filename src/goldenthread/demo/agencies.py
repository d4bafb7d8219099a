"""The partnership itself, written by the actions of `agencies`: areas, organisations, groups, teams, roles and the people
who sign in.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import make_password

from goldenthread.agencies.actions import (
    CreateOrganisation,
    CreateUser,
    LoadArrangement,
    SaveTeam,
    SeedRoles,
    SetMemberships,
    UpdateOrganisation,
)
from goldenthread.agencies.models import Area, Organisation, Role, Team
from goldenthread.agencies.rules import Place
from goldenthread.foundation.actor import SystemActor

from .accounts import PASSWORD, Account
from .bulk.directory import Directory
from .bulk.people_rows import worker_rows
from .bulk.tables import Rows
from .bulk.write import give_password, write
from .figures import table
from .parts import County
from .plain import Worker
from .scene import CARE, REVIEWING
from .staff import FRONT_DOOR_TEAM, REVIEWING_TEAM, teams_of

_CLOSED = ("to June 2022", "to June 2021")


def found_partnership(county: County, actor: SystemActor) -> None:
    """Areas, agencies, groups, teams and roles. What is there already stays."""
    SeedRoles(actor).run()
    LoadArrangement(actor).run(county.library.arrangements[county.guide.arrangement])
    areas = {area.slug: area for area in Area.objects.all()}
    organisations = {one.slug: one for one in Organisation.objects.all()}
    for one in list(organisations.values()):
        if one.active and any(words in one.title for words in _CLOSED):
            UpdateOrganisation(actor).run(one, active=False)
    for file, prefix, kind in (
        ("schools", "school", "school"), ("practices", "gp", "primary_care"), ("care_providers", "care", "care_provider"),
    ):  # fmt: skip
        for entry in table(file)[file]:
            slug = f"{prefix}_{entry['id']}"
            if slug not in organisations:
                CreateOrganisation(actor).run(entry["title"], kind, area=areas[entry["district"]], slug=slug)
    lead, reviewing = organisations[CARE], organisations[REVIEWING]
    teams = set(Team.objects.values_list("organisation__slug", "title"))
    wanted: list[tuple[Organisation, str, Area | None]] = [
        (lead, FRONT_DOOR_TEAM, None),
        (reviewing, REVIEWING_TEAM, None),
    ]
    wanted += [
        (lead, team, areas[district]) for district, title in county.titles.items() for team in teams_of(title)
    ]
    own = {(one["organisation"], one["team"]) for one in county.figures.journeys["staff"].values() if "team" in one}
    wanted += [(organisations[slug], team, None) for slug, team in sorted(own)]
    for organisation, title, area in wanted:
        if (organisation.slug, title) not in teams:
            SaveTeam(actor).run(organisation, title, area)
            teams.add((organisation.slug, title))


def joined(today: date) -> date:
    """The day on which everyone's work began: before the oldest record."""
    return today - timedelta(days=3000)


def open_accounts(found: list[Account], today: date, actor: SystemActor) -> None:
    """Make the accounts of those who sign in, through the actions that administrators use."""
    made: list[int] = []
    for account in found:
        worker = account.worker
        user = CreateUser(actor).run(
            worker.username,
            worker.first,
            worker.last,
            f"{worker.username}@demo.example",
            job_title=worker.job,
        )
        made.append(user.pk)
        organisation = Organisation.objects.get(slug=worker.organisation)
        team = (
            Team.objects.filter(organisation=organisation, title=worker.team).first() if worker.team else None
        )
        role = Role.objects.get(slug=worker.role)
        SetMemberships(actor).run(user, [Place(role, organisation, joined(today), team=team)])
    give_password(made, make_password(PASSWORD))  # once for all: it is slow on purpose


def add_staff(staff: list[Worker], directory: Directory, now: datetime) -> None:
    """Accounts of the agencies' other people, in bulk: nobody can sign in to them."""
    fresh = [one for one in staff if one.username not in directory.users]
    rows: Rows = {"agencies_user": [], "agencies_membership": []}
    worker_rows(rows, directory, fresh, directory.next_user, now)
    write(rows)
    directory.next_user += len(fresh)
