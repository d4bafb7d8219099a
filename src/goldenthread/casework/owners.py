"""Which organisation leads a case and which owes each duty. Depends on `agencies` and the case's own links.

The lead of a new case is the organisation acting, if it is of the kind the pathway names, or else the one of that kind
that serves the area. A duty is owed by the organisation of its kind that is part of the case, the lead first; a clock
that runs for each agency asked is owed by the agency asked, and one that is `owed_by` an answer by the agency it names.
Within the lead it is for the case's team and worker; within another agency for the person named on the case, if any.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from goldenthread.agencies.models import Area, Membership, Organisation, Team, User
from goldenthread.clocks.engine import ComputedDuty, Happening
from goldenthread.guidance.pathway import Pathway

from .models import Case, Involvement
from .record import owing_agency

ANYONE = frozenset({"any_agency", "public"})


def organisation_serving(kind: str, area: Area | None) -> Organisation | None:
    """The active organisation of a kind that is nearest: in the area, then in each it lies in, then everywhere.

    Of several equally near, the safeguarding partner. None where that does not settle it.
    """
    places: list[int | None] = []
    while area is not None:
        places.append(area.pk)
        area = area.within
    places.append(None)
    where = Q(area__in=[place for place in places if place is not None]) | Q(area=None)
    near: dict[int | None, list[Organisation]] = {}
    for one in Organisation.objects.filter(where, kind=kind, active=True):
        near.setdefault(one.area_id, []).append(one)
    for place in places:
        found = near.get(place, [])
        partners = [one for one in found if one.safeguarding_partner]
        if len(found) == 1 or len(partners) == 1:
            return (partners or found)[0]
        if found:
            return None
    return None


def area_of(case: Case) -> Area | None:
    """Where a case is: its own area, or its subject's."""
    return case.area or case.subject.area


def team_of(user: User, organisation: Organisation) -> Team | None:
    """The team someone works in, in an organisation."""
    found = Membership.in_force().filter(user=user, organisation=organisation, team__isnull=False)
    membership = found.select_related("team").first()
    return membership.team if membership else None


class Owners:
    """Finds who owes the duties of one case, asking the database only when a new duty needs it."""

    def __init__(
        self,
        case: Case,
        pathway: Pathway,
        happenings: list[Happening],
    ) -> None:
        self.case = case
        self.pathway = pathway
        self._data: Mapping[Any, Mapping[str, Any]] = {one.id: one.data for one in happenings}
        self._rows: list[Involvement] | None = None
        self._people: dict[int, tuple[int | None, int | None]] = {}
        self._known: dict[str, Organisation] = {}
        self.joining: dict[int, Organisation] = {}
        """Organisations that owe something and are not part of the case yet."""

    def of(self, duty: ComputedDuty) -> Organisation:
        """The organisation that owes a duty."""
        asked = owing_agency(self.pathway, duty.duty)
        if asked is not None:
            slug = str(self._data.get(duty.triggered_by, {}).get(asked) or "")
            if slug:
                found = self._asked(slug)
                if found is not None:
                    return found
        if duty.owner not in self._known:
            self._known[duty.owner] = self._of_kind(duty.owner)
        return self._known[duty.owner]

    def _asked(self, slug: str) -> Organisation | None:
        key = f"asked/{slug}"
        if key not in self._known:
            found = next((row.organisation for row in self._rows or () if row.organisation.slug == slug), None)
            found = found or Organisation.objects.filter(slug=slug).first()
            if found is None:
                return None
            self._known[key] = found
            self._join(found)
        return self._known[key]

    def _of_kind(self, kind: str) -> Organisation:
        lead = self.case.lead
        if lead.kind == kind:
            return lead
        for row in self._involved():
            if row.organisation.kind == kind:
                return row.organisation
        found = organisation_serving(kind, area_of(self.case))
        if found is None:
            return lead  # a duty that nobody sees is worse than one the lead must pass on
        self._join(found)
        return found

    def within(self, organisation: Organisation) -> tuple[int | None, int | None]:
        """Which team and person of an organisation a new duty is for: of several who are named, the last."""
        if organisation.pk == self.case.lead_id:
            return self.case.team_id, self.case.worker_id
        if organisation.pk not in self._people:
            named = [row.user for row in self._involved() if row.organisation_id == organisation.pk and row.user is not None]
            team = team_of(named[-1], organisation) if named else None
            self._people[organisation.pk] = (team.pk if team else None, named[-1].pk if named else None)
        return self._people[organisation.pk]

    def _involved(self) -> list[Involvement]:
        if self._rows is None:
            rows = Involvement.objects.filter(case=self.case).select_related("organisation", "user")
            self._rows = list(rows.order_by("since", "pk"))
        return self._rows

    def _join(self, organisation: Organisation) -> None:
        if organisation.pk != self.case.lead_id and all(
            row.organisation_id != organisation.pk for row in self._involved()
        ):
            self.joining[organisation.pk] = organisation
