"""Rows of cases, events, duties and involvements, worked out by the same engine as the actions use.

What the actions do one event at a time comes out at once from all of a case's events: its state, its duties, who owes
them (as it was when each clock started), which worker they are with, and which organisations became part of the case and
when.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from uuid import UUID

from goldenthread.casework.actions.registering import ACTION_COLUMNS
from goldenthread.casework.duties import computed_values
from goldenthread.casework.record import outcome_of, owing_agency, standing, voice_of
from goldenthread.casework.reference import reference_for
from goldenthread.casework.register import actions_of, identity_of, makes_any
from goldenthread.clocks.engine import ComputedDuty, Happening, Program, Progress, Subject

from ..plain import Allocation, CaseStory, Happened, Named, Part, happening
from .chains import Chain
from .directory import Directory, numbers
from .people_rows import SYSTEM
from .tables import Rows, day, identity, moment, plain, stored

_UNDONE = ("open", "waiting")
Key = tuple[str, int, UUID | None]
"""A duty of a case: its name, its turn and what started its clock."""
NOBODY = Subject(None)
"""What the clocks of a case about an organisation know of a person."""


def _key(duty: ComputedDuty) -> Key:
    return duty.duty, duty.ordinal, duty.triggered_by


class CaseRows:
    """Makes the rows of one part's cases."""

    def __init__(
        self,
        rows: Rows,
        directory: Directory,
        programs: Mapping[str, Program],
        arrangement: str,
        part: Part,
        now: datetime,
    ) -> None:
        self.rows, self.directory, self.programs, self.arrangement, self.now = (
            rows,
            directory,
            programs,
            arrangement,
            now,
        )
        self.subjects = {person.id: Subject(person.born, person.sex or None) for person in part.people}
        self.cases = {case.id: case for case in part.cases}
        self.by_event = {event.id: event for case in part.cases for event in case.events}
        self._asks: dict[tuple[str, str], str | None] = {}

    def add(self, case: CaseStory) -> None:
        """All rows of one case."""
        program = self.programs[case.pathway]
        happenings = [happening(event) for event in case.events]
        progress = program.run(happenings, self.subjects.get(case.subject, NOBODY), self.now)
        self._case(case, program, progress)
        self._events(case, program)
        members = self._members(case)
        self._duties(case, program, progress, happenings, members)
        self._actions(case, program, progress, happenings)
        pk = identity(case.id)
        self.rows["casework_involvement"] += [
            (pk, self.directory.organisations[one], None, moment(since)) for one, since in members.items()
        ]
        self.rows["casework_involvement"] += [
            (pk, self.directory.organisations[one.organisation], self.directory.users[one.worker],
             moment(case.events[one.after - 1].recorded))
            for one in case.named
        ]  # fmt: skip
        self._journal(case)

    def _case(self, case: CaseStory, program: Program, progress: Progress) -> None:
        directory, now, opening = self.directory, standing(program.pathway, progress), case.events[0]
        last = case.allocations[-1] if case.allocations else None
        opened_at = now.opened_at or opening.recorded
        closed_at = None if now.is_open else now.closed_at or case.events[-1].recorded
        self.rows["casework_case"].append((
            identity(case.id), reference_for(self.arrangement, opening.recorded.astimezone(UTC).date(), case.id),
            case.pathway, None if case.about else identity(case.subject),
            numbers(directory.organisations, case.about), directory.areas[case.area], directory.organisations[case.lead],
            numbers(directory.teams, last.team) if last else None, numbers(directory.users, last.worker) if last else None,
            identity(case.opened_from), identity(case.group), int(case.restricted), now.state, int(now.is_open),
            moment(opened_at), moment(closed_at), now.priority, moment(now.next_due_at), len(case.events), self.arrangement,
        ))  # fmt: skip

    def _events(self, case: CaseStory, program: Program) -> None:
        directory, pk, kinds = self.directory, identity(case.id), program.pathway.events
        for sequence, event in enumerate(case.events, 1):
            self.rows["casework_event"].append((
                identity(event.id), pk, sequence, event.kind, day(event.day), moment(event.moment), moment(event.recorded),
                numbers(directory.users, event.by), directory.names[event.by] if event.by else SYSTEM[0],
                directory.organisations[event.organisation], plain(event.data), voice_of(kinds[event.kind], event.data),
                identity(event.amends), int(event.withdrawn), event.reason, identity(event.group),
            ))  # fmt: skip

    # Who is part of a case, and who owes what -------------------------------------------------------------------

    def _members(self, case: CaseStory) -> dict[str, datetime]:
        """Organisations part of the case, by when they became so; as `open.begin` and `appending.involve` have it."""
        number = self.directory.organisations
        opening = case.events[0]
        first = {case.lead, opening.organisation}
        if case.parent is not None and case.opened_from is not None:
            parent = self.cases[case.parent]
            first |= {
                parent.lead,
                self.by_event[case.opened_from].organisation,
                parent.events[0].organisation,
            }
        found = dict.fromkeys(sorted(first, key=number.__getitem__), opening.recorded)
        for one in case.involved:
            found.setdefault(one, opening.recorded)
        for event in case.events:
            if event.organisation != case.lead:
                found.setdefault(event.organisation, event.recorded)
        return found

    def _duties(
        self, case: CaseStory, program: Program, progress: Progress, happenings: Sequence[Happening],
        members: dict[str, datetime],
    ) -> None:  # fmt: skip
        directory, pk, rows = self.directory, identity(case.id), self.rows["casework_duty"]
        known = [one for one, since in members.items()]
        whose = self._whose(case, program, happenings, progress)
        for duty in progress.duties:
            owner = self._owner(case, program, duty, known)
            if owner not in members:
                trigger = self.by_event.get(duty.triggered_by)
                members[owner] = trigger.recorded if trigger else case.events[0].recorded
            organisation = directory.organisations[owner]
            team = worker = None
            for given, done in whose.get(owner, ()):
                if _key(duty) not in done:
                    team, worker = numbers(directory.teams, given.team), numbers(directory.users, given.worker)
                    break
            computed = computed_values(case, program.pathway, duty)  # type: ignore[arg-type]  # it asks only for its pathway
            rows.append((pk, duty.duty, duty.ordinal, *map(stored, computed), organisation, team, worker))

    def _actions(self, case: CaseStory, program: Program, progress: Progress, happenings: Sequence[Happening]) -> None:
        """The lines of the action register, as `registering.keep_actions` has them."""
        if not makes_any(program.pathway, happenings):
            return
        for one in actions_of(program.pathway, progress.effective):
            values = {**asdict(one), "agency_id": self.directory.organisations.get(one.agency)}
            self.rows["casework_agreedaction"].append((
                identity(identity_of(case.id, one.entry, one.number)), identity(case.id), case.pathway,
                *(stored(values[name]) for name in ACTION_COLUMNS),
            ))  # fmt: skip

    def _whose(
        self, case: CaseStory, program: Program, happenings: Sequence[Happening], progress: Progress
    ) -> dict[str, list[tuple[Allocation, set[Key]]]]:
        """For each agency those who were given its work on the case, the last first, with what had been done before then:
        that stays with whoever had it."""
        found: dict[str, list[tuple[Allocation, set[Key]]]] = {}
        first = case.events[0].id
        done = {1: {_key(duty) for duty in progress.duties if duty.met is not None and duty.met.id == first}}
        for one in (*reversed(case.allocations), *reversed(case.named)):
            if one.after not in done:
                then = program.run(happenings[: one.after], self.subjects.get(case.subject, NOBODY), self.now)
                done[one.after] = {_key(duty) for duty in then.duties if outcome_of(duty) not in _UNDONE}
            owner = one.organisation if isinstance(one, Named) else case.lead
            found.setdefault(owner, []).append((one, done[one.after]))
        return found

    def _owner(self, case: CaseStory, program: Program, duty: ComputedDuty, members: Sequence[str]) -> str:
        key = (case.pathway, duty.duty)
        if key not in self._asks:
            self._asks[key] = owing_agency(program.pathway, duty.duty)
        asked = self._asks[key]
        if asked is not None and duty.anchor is not None:
            slug = str(duty.anchor.data.get(asked) or "")
            if slug in self.directory.organisations:
                return slug
        return self.directory.owner(duty.owner, case.lead, case.area, members)

    # The journal ------------------------------------------------------------------------------------------------

    def _journal(self, case: CaseStory) -> None:
        directory = self.directory
        chain = Chain(self.rows, "case", str(case.id))
        given = {one.after: one for one in case.allocations}
        worker_before: int | None = None
        for version, event in enumerate(case.events, 1):
            actor = self._actor(event)
            detail: dict[str, object] = {"event": str(event.id), "kind": event.kind}
            verb = "casework.amend_event" if event.amends else "casework.record_event"
            if version == 1:
                detail["pathway"] = case.pathway
                verb = "casework.open_case" if case.opened_from is None else "casework.record_event"
            chain.add(verb, event.recorded, actor, {**detail, "version": version})
            if version == 1:
                for slug in case.involved:
                    chain.add("casework.involve_organisation", event.recorded, SYSTEM,
                              {"organisation": directory.organisations[slug], "user": None})  # fmt: skip
            if version in given:
                one = given[version]
                worker, team = numbers(directory.users, one.worker), numbers(directory.teams, one.team)
                chain.add("casework.allocate_case", event.recorded, SYSTEM,
                          {"worker": worker, "before": worker_before, "team": team})  # fmt: skip
                worker_before = worker
            for each in case.named:
                if each.after == version:
                    chain.add("casework.involve_organisation", event.recorded, SYSTEM,
                              {"organisation": directory.organisations[each.organisation],
                               "user": directory.users[each.worker]})  # fmt: skip
        chain.end()

    def _actor(self, event: Happened) -> tuple[str, int | None, int | None]:
        directory = self.directory
        name = directory.names[event.by] if event.by else SYSTEM[0]
        return name, numbers(directory.users, event.by), directory.organisations[event.organisation]
