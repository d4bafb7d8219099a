"""What rows refer to by number: organisations, areas, teams, roles and users that are there already, and who serves where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import msgspec

from goldenthread.agencies.models import Area, Organisation, Role, Team, User
from goldenthread.casework.owners import organisation_serving
from goldenthread.guidance.pathway import Pathway


class Directory(msgspec.Struct):
    """Numbers by name. Plain, so that it can be handed to another process."""

    organisations: dict[str, int]
    kinds: dict[str, str]
    areas: dict[str, int]
    teams: dict[str, int]
    roles: dict[str, int]
    users: dict[str, int]
    names: dict[str, str]
    """User name -> the name that records show."""
    serving: dict[str, str]
    """"kind/district" -> the organisation that serves it."""
    next_user: int
    next_address: int
    joined: date

    @classmethod
    def read(
        cls, pathways: Iterable[Pathway], districts: Iterable[str], joined: date, next_address: int
    ) -> Directory:
        """From the database, once the agencies and their staff are in it."""
        areas = {area.slug: area for area in Area.objects.select_related("within__within")}
        owners = {rule.owner for pathway in pathways for rule in pathway.duties.values()}
        serving: dict[str, str] = {}
        for kind in owners:
            for district in districts:
                found = organisation_serving(kind, areas[district])
                if found is not None:
                    serving[f"{kind}/{district}"] = found.slug
        organisations = list(Organisation.objects.all())
        users = list(User.objects.all())
        return cls(
            {one.slug: one.pk for one in organisations}, {one.slug: one.kind for one in organisations},
            {slug: area.pk for slug, area in areas.items()},
            dict(Team.objects.values_list("title", "pk")),
            dict(Role.objects.values_list("slug", "pk")),
            {one.username: one.pk for one in users}, {one.username: str(one) for one in users}, serving,
            max((one.pk for one in users), default=0) + 1, next_address, joined,
        )  # fmt: skip

    def owner(self, kind: str, lead: str, area: str, members: Iterable[str]) -> str:
        """Who owes a duty of this kind: the case's lead, one that is part of it, the one that serves the area; else the lead."""
        if self.kinds[lead] == kind:
            return lead
        for one in members:
            if self.kinds[one] == kind:
                return one
        return self.serving.get(f"{kind}/{area}", lead)


def numbers(names: Mapping[str, int], name: str) -> int | None:
    """The number of a name; None for none."""
    return names[name] if name else None
