"""Giving a case to a worker and a team of the agency that leads it, and making another agency part of it."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone

from goldenthread.agencies.models import Membership, Organisation, Team, User
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability

from ..models import Case, Duty, Involvement
from ..owners import team_of
from .appending import CaseAction

UNDONE = (Duty.Outcome.OPEN, Duty.Outcome.WAITING)


class AllocateCase(CaseAction[Case]):
    """Give a case and its undone duties to a worker, a team, or both. Without a worker it goes back to the team."""

    name = "casework.allocate_case"
    needs = Capability.ALLOCATE_CASES

    def perform(self, case: Case, worker: User | None, team: Team | None = None) -> Case:
        case = self.locked(case)
        if team is None and worker is not None:
            team = team_of(worker, case.lead)
        team = team or case.team
        if team is not None and team.organisation_id != case.lead_id:
            raise Invalid({"team": f"{team} is not a team of {case.lead}, which leads this case."})
        if worker is not None and not works_for(worker, case.lead):
            raise Invalid({"worker": f"{worker} does not work for {case.lead}, which leads this case."})
        if worker is None and team is None:
            raise Invalid({"worker": "Choose a worker or a team."})
        before = case.worker_id
        case.worker, case.team = worker, team
        Case.objects.filter(pk=case.pk).update(worker=worker, team=team)
        undone = Duty.objects.filter(case=case, organisation_id=case.lead_id, outcome__in=UNDONE)
        undone.update(worker=worker, team=team)
        self.note(
            "case",
            case.pk,
            worker=worker.pk if worker else None,
            before=before,
            team=team.pk if team else None,
        )
        return case


Guard = Callable[[Actor, Case, Organisation], None]
_guards: list[Guard] = []


def register_involving(guard: Guard) -> None:
    """Called once at start by a floor above: what stands against a whole organisation's becoming part of a case. It
    raises Invalid to refuse."""
    if guard not in _guards:
        _guards.append(guard)


class InvolveOrganisation(CaseAction[Involvement]):
    """Make an organisation part of a case, so that it sees it; with `user`, only that person of it does.

    Being part shows the organisation the whole case, so the agreements that the floor above registers are asked first.
    What is undone of an agency's duties is then for the person of it who is named; the lead gives out its own (AllocateCase).
    """

    name = "casework.involve_organisation"
    needs = Capability.RECORD_EVENTS

    def perform(self, case: Case, organisation: Organisation, user: User | None = None) -> Involvement:
        case = self.locked(case)
        if user is not None and not works_for(user, organisation):
            raise Invalid({"user": f"{user} does not work for {organisation}."})
        if user is None and not self.actor.is_system:
            for guard in _guards:
                guard(self.actor, case, organisation)
        found, fresh = Involvement.objects.get_or_create(
            case=case, organisation=organisation, user=user, defaults={"since": timezone.now()}
        )
        if fresh and user is not None and organisation.pk != case.lead_id:
            undone = Duty.objects.filter(case=case, organisation=organisation, outcome__in=UNDONE)
            undone.update(worker=user, team=team_of(user, organisation))
        self.note("case", case.pk, organisation=organisation.pk, user=user.pk if user else None)
        return found


def works_for(user: User, organisation: Organisation) -> bool:
    """Whether someone is a member of an organisation today."""
    return Membership.in_force().filter(user=user, organisation=organisation).exists()
