"""Gives cases to social workers so that each has a caseload like the county's, then fills in who recorded what. Pure.

Two teams a district: one assesses, the other stays with the child. A family keeps its worker; some change. Whoever reviews
a child's case, or leads a family's early help, is named on it from the first thing that they record there.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from .answers import NEXT_WORKER, TEAM, WORKER
from .chance import Chance
from .plain import Allocation, CaseStory, Happened, Household, Named, Worker, Works
from .scene import CARE, REVIEWING
from .staff import FRONT_DOOR_TEAM, REVIEWING_TEAM, Staff, made_up, teams_of

LEAST, MOST = 15, 22
"""Children open to one worker, as the demo wants it (the county's own average was 17 to 25 in 2016/17)."""
_ASSESSING = ("referral", "assessment", "section_47", "emergency_protection")
_LEADS = "lead_practitioner_agreed"
"""The event by which somebody takes the lead of a family's early help, recorded by whoever takes it."""


class Caseloads:
    """Allocates the cases of one part."""

    def __init__(
        self,
        chance: Chance,
        staff: Staff,
        titles: Mapping[str, str],
        number: int,
        reserved: Mapping[str, Worker],
        reviewed: Collection[str],
    ) -> None:
        self.chance, self.staff, self.titles, self.number = chance, staff, titles, number
        self.reviewed = reviewed
        """Pathways whose cases a reviewing officer is named on: those that their load counts (guidance, caseloads.yaml)."""
        self.reserved = dict(reserved)
        """Workers who are there already, by stage: they take the first families of this part."""
        self.made: list[Worker] = []
        self._taken: set[str] = set(staff.workers)

    def allocate(
        self, households: Sequence[Household], cases: Sequence[CaseStory], first: Sequence[int] = ()
    ) -> list[Worker]:
        """Give every case that social care leads a worker and a team. `first`: households that the reserved workers take."""
        by_person = {person.id: household for household in households for person in household.people}
        of_household: dict[int, list[CaseStory]] = {}
        for case in cases:
            if case.about:
                case.events.sort(key=lambda event: event.recorded)
                continue
            of_household.setdefault(by_person[case.subject].number, []).append(case)
        place = {one.number: position for position, one in enumerate(households)}
        own = {number: position for position, number in enumerate(reversed(first), 1)}
        line = {district: position for position, district in enumerate(self.titles)}
        order = sorted(
            households, key=lambda one: (-own.get(one.number, 0), line[one.district], place[one.number])
        )
        workers: dict[tuple[int, str], Worker] = {}
        for stage in ("assessing", "staying"):
            workers |= self._spread(stage, order, of_household)
        for household in households:
            for case in of_household.get(household.number, ()):
                case.events.sort(key=lambda event: event.recorded)
                self._give(case, household, workers)
                self._name(case)
        # a case that an event opened begins with what the same person recorded
        by_id = {event.id: event for case in cases for event in case.events}
        for case in cases:
            if case.opened_from is not None:
                case.events[0].by = by_id[case.opened_from].by
        return self.made

    def _spread(
        self, stage: str, order: Sequence[Household], of_household: Mapping[int, list[CaseStory]]
    ) -> dict[tuple[int, str], Worker]:
        """A worker for each household at one stage, with 15 to 22 children open to each."""
        found: dict[tuple[int, str], Worker] = {}
        children = [
            len(
                {
                    case.subject
                    for case in of_household.get(one.number, ())
                    if stage_of(case) == stage and _open(case)
                }
            )
            for one in order
        ]
        total = sum(children)
        workers = max(1, round(total / self.chance.between(LEAST + 2.5, MOST - 3.5)))
        groups: list[list[Household]] = [[] for _ in range(workers)]
        before = 0.0
        for household, count in zip(order, children, strict=True):
            middle = (before + count / 2) * workers / total if total else 0.0
            groups[min(workers - 1, int(middle))].append(household)
            before += count
        for group in groups:
            worker = self.reserved.pop(stage, None) or self._worker(
                stage, (group or order)[len(group) // 2].district
            )
            for household in group:
                found[household.number, stage] = worker
        return found

    def _worker(self, stage: str, district: str) -> Worker:
        username, first, last = made_up(self.chance, self._taken)
        team = teams_of(self.titles[district])[0 if stage == "assessing" else 1]
        worker = Worker(
            f"{username}.{self.number}", first, last, "Social worker", "social_worker", CARE, team
        )
        self.made.append(worker)
        self.staff.add(worker)
        return worker

    def _give(self, case: CaseStory, household: Household, workers: Mapping[tuple[int, str], Worker]) -> None:
        if case.lead != CARE:
            return
        if case.allocations:
            worker = self.staff.workers[case.allocations[-1].worker]
            for event in case.events:
                _sign(event, worker, worker)
            return
        if case.pathway == "contact":
            case.allocations = [Allocation(1, "", FRONT_DOOR_TEAM)]
            return
        now = workers[household.number, stage_of(case)]
        changes = [
            position for position, event in enumerate(case.events, 1) if event.kind == "worker_changed"
        ]
        if changes:
            others = [one for one in self.made if one.team == now.team and one is not now] or [
                one for one in self.made if one is not now
            ]
            before = self.chance.one(others) if others else now
            case.allocations = [
                Allocation(1, before.username, before.team),
                Allocation(changes[-1], now.username, now.team),
            ]
        else:
            before = now
            case.allocations = [Allocation(1, now.username, now.team)]
        for position, event in enumerate(case.events, 1):
            worker = before if changes and position < changes[-1] else now
            _sign(event, worker, now)

    def _name(self, case: CaseStory) -> None:
        """Name the reviewing officer and the lead practitioner: people whom the case's worker works with."""
        if case.lead == REVIEWING and not case.allocations:
            case.allocations = [Allocation(1, case.events[0].by, REVIEWING_TEAM)]
        for after, event in enumerate(case.events, 1):
            if event.amends is not None:
                continue
            if event.kind == _LEADS and event.organisation == case.lead:
                case.allocations = [Allocation(after, event.by, "")]
            elif event.kind == _LEADS:
                case.named = [Named(after, event.by, "", event.organisation)]
            elif event.organisation == REVIEWING and case.pathway in self.reviewed and not case.named:
                case.named = [Named(after, event.by, REVIEWING_TEAM, REVIEWING)]

    def working_with(self, households: Sequence[Household], cases: Sequence[CaseStory]) -> None:
        """Say on each child's page who works with them: social worker, school, GP, nurse."""
        open_with: dict[UUID, tuple[str, CaseStory]] = {}
        for case in cases:
            if case.lead == CARE and case.pathway != "contact" and not given_beforehand(case, self.staff):
                known = open_with.get(case.subject)
                if known is None or (_open(case), case.events[0].recorded) > (
                    _open(known[1]),
                    known[1].events[0].recorded,
                ):
                    open_with[case.subject] = (case.allocations[-1].worker, case)
        for household in households:
            for child in household.children:
                if child.id in open_with:
                    username, case = open_with[child.id]
                    ended = None if _open(case) else case.events[-1].day
                    household.works.append(
                        Works(
                            child.id,
                            CARE,
                            self.staff.name_of(username),
                            "Social worker",
                            case.events[0].day,
                            ended,
                        )
                    )
                for organisation, job in (
                    (child.school, "Designated safeguarding lead"),
                    (child.practice, "GP"),
                ):
                    if organisation and child.born is not None:
                        name = self.staff.name_of(
                            self.staff.someone(organisation, self.chance, household.number)
                        )
                        household.works.append(Works(child.id, organisation, name, job, None))


def stage_of(case: CaseStory) -> str:
    """Whose a case is: those who assess, those who stay with the child, or neither."""
    return (
        ""
        if case.lead != CARE or case.pathway == "contact" or case.allocations
        else "assessing"
        if case.pathway in _ASSESSING
        else "staying"
    )


def given_beforehand(case: CaseStory, staff: Staff) -> bool:
    """Whether a case is with one of a service's own staff."""
    return bool(case.allocations) and bool(staff.workers[case.allocations[-1].worker].service)


def _open(case: CaseStory) -> bool:
    return not case.ended


def _sign(event: Happened, worker: Worker, now: Worker) -> None:
    """Fill in the worker where the story left a gap."""
    if not event.by and event.organisation == CARE:
        event.by = worker.username
    names: dict[str, Any] = {WORKER: worker.name, NEXT_WORKER: now.name, TEAM: worker.team}
    for name, value in event.data.items():
        if isinstance(value, str) and value in names:
            event.data[name] = names[value]
