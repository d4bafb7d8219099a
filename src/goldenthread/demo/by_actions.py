"""The exact way of writing the demo: each person and event through the action that people's own work goes through.

Slow, since each event is locked, checked, journalled and its clocks run on their own. A test holds the bulk path equal to
this one.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from goldenthread.agencies.models import Area, Organisation, Team, User
from goldenthread.casework.actions import AllocateCase, AmendEvent, InvolveOrganisation, OpenCase, RecordEvent
from goldenthread.casework.models import Case, Event
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability
from goldenthread.people.actions import AddResidence, AddWarning, RegisterPerson, RelatePeople
from goldenthread.people.dates import KnownDate
from goldenthread.people.models import Person as PersonRow

from .plain import CaseStory, Happened, Household, Person


class ByActions:
    """Writes households and their cases through the actions."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.organisations = {one.slug: one for one in Organisation.objects.all()}
        self.areas = {one.slug: one for one in Area.objects.all()}
        self.teams = {(one.organisation_id, one.title): one for one in Team.objects.all()}
        self.users = {one.username: one for one in User.objects.all()}
        self.people: dict[UUID, PersonRow] = {}
        self.cases: dict[UUID, Case] = {}
        """Story's id -> the case as it was written."""
        self.events: dict[UUID, Event] = {}

    # People -----------------------------------------------------------------------------------------------------

    def household(self, household: Household) -> None:
        """Register everyone, where they live, who they are to one another, and what staff must know."""
        for person in household.people:
            self.people[person.id] = self._person(household, person)
        for one, other, kind, responsible in household.relations:
            RelatePeople(self.actor).run(
                self.people[one], self.people[other], kind, parental_responsibility=responsible
            )
        for warned in household.warnings:
            AddWarning(self.actor).run(
                self.people[warned.person], warned.text, warned.review_on, person_told=warned.person_told,
                organisation=self.organisations[warned.organisation], raised_on=warned.raised_on,
            )  # fmt: skip

    def _person(self, household: Household, person: Person) -> PersonRow:
        row: PersonRow = RegisterPerson(self.actor).run(
            person.given, person.family, name=person.name,
            born=KnownDate(person.born, person.born_precision) if person.born else None, expected=person.expected,
            died=person.died, sex=person.sex, ethnicity=person.ethnicity, languages=person.languages,
            interpreter=person.interpreter, area=self.areas[person.area], restricted=person.restricted,
            also_known_as=[full for _, full in person.names],
            identifiers=[(scheme, value) for scheme, value, _ in person.identifiers],
            organisation=self.organisations[person.registered_by], created_at=person.created,
        )  # fmt: skip
        for place, starts, ends in person.homes:
            lines, postcode, area = household.addresses[place]
            AddResidence(self.actor).run(
                row, lines, postcode, starts=starts, ends=ends, area=self.areas[area]
            )
        return row

    # Cases ------------------------------------------------------------------------------------------------------

    def tell(self, cases: Iterable[CaseStory]) -> None:
        """Every event of the cases, in the order in which they were recorded."""
        steps = [
            (event.recorded, place, number, case, event)
            for number, case in enumerate(cases)
            for place, event in enumerate(case.events, 1)
        ]
        waiting = sorted(steps, key=lambda one: (one[0], one[1], one[2]))
        while waiting:
            later = []
            for step in waiting:
                _, place, _, case, event = step
                # the first event of a case that another opened is written with the event that opened it
                if place == 1 and case.opened_from is not None:
                    if case.opened_from not in self.events:
                        later.append(step)
                        continue
                    self._opened(case, event)
                elif place > 1 and (
                    case.id not in self.cases or case.events[place - 2].id not in self.events
                ):
                    later.append(step)
                    continue
                elif place == 1:
                    self._open(case, event)
                else:
                    self._record(case, event)
                self._allocate(case, place)
            if len(later) == len(waiting):
                raise RuntimeError(f"{len(later)} events wait for one another")
            waiting = later

    def _as(self, event: Happened) -> Actor:
        """The one who recorded an event, able to say when it was recorded as an import is."""
        user = self.users.get(event.by)
        organisation = self.organisations[event.organisation]
        return Actor(
            name=str(user) if user else self.actor.name, user_id=user.pk if user else None, organisation_id=organisation.pk,
            organisation_ids=frozenset({organisation.pk}), organisation_kind=organisation.kind,
            capabilities=frozenset(Capability), scope="partnership",
        )  # fmt: skip

    def _open(self, case: CaseStory, event: Happened) -> None:
        whom = self.organisations[case.about] if case.about else self.people[case.subject]
        made: Case = OpenCase(self._as(event)).run(
            case.pathway, whom, event.moment or event.day, event.data, kind=event.kind,
            organisation=self.organisations[event.organisation], area=self.areas[case.area], group=case.group,
            recorded_at=event.recorded, lead=self.organisations[case.lead] if case.lead_chosen else None,
        )  # fmt: skip
        self.cases[case.id] = made
        self.events[event.id] = made.events.get()

    def _opened(self, case: CaseStory, event: Happened) -> None:
        assert case.opened_from is not None
        made = self.events[case.opened_from].opened.get(pathway=case.pathway)
        self.cases[case.id] = made
        self.events[event.id] = made.events.get(sequence=1)

    def _record(self, case: CaseStory, event: Happened) -> None:
        row = self.cases[case.id]
        if event.amends is not None:
            amended = AmendEvent(self._as(event)).run(
                self.events[event.amends], event.moment or event.day, event.data, event.reason
            )
            self.events[event.id] = amended.event
            return
        self.events[event.id] = RecordEvent(self._as(event)).run(
            row, event.kind, event.moment or event.day, event.data, organisation=self.organisations[event.organisation],
            recorded_at=event.recorded, group=event.group,
        )  # fmt: skip

    def _allocate(self, case: CaseStory, place: int) -> None:
        row = self.cases[case.id]
        if place == 1:
            for slug in case.involved:
                InvolveOrganisation(self.actor).run(row, self.organisations[slug])
        for one in case.allocations:
            if one.after == place:
                worker = self.users[one.worker] if one.worker else None
                AllocateCase(self.actor).run(row, worker, self.teams[row.lead_id, one.team] if one.team else None)
        for each in case.named:
            if each.after == place:
                InvolveOrganisation(self.actor).run(row, self.organisations[each.organisation], self.users[each.worker])
