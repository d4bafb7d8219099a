"""Recording an incident with its children, telling each one's school, finding a school, opening a notice, saying what was done.

Every event goes through `casework.actions`, every telling through the agreement in force. A school becomes part of a
case only by being told. Depends on `casework.actions`, `rulings`, `encompass`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from goldenthread.agencies.models import Organisation, User
from goldenthread.casework.actions import InvolveOrganisation, RecordEvent, RecordForSeveral
from goldenthread.casework.actions.appending import CaseAction
from goldenthread.casework.actions.send_contact import Contact, SendContact
from goldenthread.casework.models import Case, Event, Involvement
from goldenthread.casework.next_events import may_say
from goldenthread.casework.owners import area_of, organisation_serving
from goldenthread.casework.policies import CasePolicy
from goldenthread.casework.record import program_of
from goldenthread.clocks.order import Problem
from goldenthread.foundation.action import Action, Invalid
from goldenthread.foundation.actor import Actor, NotAllowed, SystemActor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import current_library
from goldenthread.people.actions import AddProfessional

from ..decision import Decision, Verdict
from ..encompass import notice_pathway, notices_of, outside_ages, school_notices, schools_on, telling_day
from ..models import Override
from ..queries.encompass import SearchPolicy
from ..rulings import purpose_of, ruling_for
from .notices import Notify

TOLD_WORDS = "The police have told you of an incident that concerns a pupil. Open it before school begins"
RING_WORDS = "The police have something to tell you about a pupil. Ring them and quote {reference}"
FIND_WORDS = "The police need to know which school a child goes to, before the next school day"
FOUND_NAME = "Told as soon as the school was found"
KEY_ADULT = ("Designated safeguarding lead", "Key adult")
"""What a school's contact is called where only the school is known: name, job."""


class NotCovered(Invalid):
    """The agreements do not let this school be told; `decision` is what they say."""

    def __init__(self, school: Organisation, decision: Decision) -> None:
        self.school, self.decision = school, decision
        super().__init__({"school": f"{school.title} was not told: {decision.existence.why}"})


class RecordIncident(Action[list[Case]]):
    """Record an incident with every child it concerns, and tell each child's school at once where it is known."""

    name = "sharing.record_incident"
    needs = Capability.RECORD_EVENTS

    def perform(self, incident: Contact) -> list[Case]:
        cases = SendContact(self.actor).run(notice_pathway(), incident)
        for case in cases:
            if (case.restricted or case.subject.restricted) and self.actor.user_id is not None:
                # Who was there stays named on the case, or they could not see their own notice.
                officer = User.objects.get(pk=self.actor.user_id)
                InvolveOrganisation(_for(self.actor)).run(case, case.lead, officer)
            PlaceNotice(self.actor).run(case)
            self.note("case", case.pk, incident=True, together=len(cases))
        return cases


class PlaceNotice(CaseAction[list[Event]]):
    """Tell each school the child is at on the next school day; where none is known, have it found.

    What the agreements do not let be told, or a restricted child, stays as it is for a person to decide.
    """

    name = "sharing.place_notice"
    needs = Capability.RECORD_EVENTS

    def perform(self, case: Case) -> list[Event]:
        case = self.locked(case)
        (notice,) = notices_of([case])
        self.note("case", case.pk)
        day = telling_day(case, notice.incident)
        schools = [row.organisation for row in schools_on(case.subject, day)]
        names = school_notices().events
        if not schools:
            outside = outside_ages(case.subject, day)
            if outside is not None:
                return [record(self.actor, case, names.elsewhere, outside)]
            event = record(self.actor, case, names.unknown, {})
            self._ask_to_find(case)
            return [event]
        told = []
        for school in schools:
            if case.restricted or case.subject.restricted:
                continue  # somebody chooses who there is told
            try:
                told.append(TellSchool(self.actor).run(Case.objects.get(pk=case.pk), school))
            except NotCovered:
                continue  # the page of the notice says why, and what can be done
        return told

    def _ask_to_find(self, case: Case) -> None:
        """Ask the agency that keeps lists of pupils, if it may know that there is something."""
        kinds = [kind for kind in program_of(case).pathway.events[school_notices().events.found].by if kind != case.lead.kind]
        for kind in kinds:
            finder = organisation_serving(kind, area_of(case))
            if finder is None or not may_know(case, finder).existence.permits or case.restricted:
                continue
            # Not about the case: it may know that a school is sought, not what happened.
            Notify(self.actor).run(
                "encompass.find", FIND_WORDS, organisation=finder, address=reverse("encompass:find", args=[case.pk])
            )


class TellSchool(CaseAction[Event]):
    """Tell a school what the agreement lets it know: all that is written, or only that there is something and to ring.

    A restricted child's notice goes to the `people` named at the school and to nobody else there. `word`: why a
    supervisor lets it be told where the agreement asks for one. Raises NotCovered.
    """

    name = "sharing.tell_school"
    needs = Capability.RECORD_EVENTS

    def perform(
        self, case: Case, school: Organisation, *, people: Sequence[User] = (), word: str = "", version: int | None = None
    ) -> Event:
        case = self.locked(case, version)
        notices = school_notices()
        if school.kind not in notices.kinds:
            raise Invalid({"school": f"{school.title} is not a school or college. Choose one from the list"})
        (notice,) = notices_of([case])
        if notice.at([school.slug]) is not None:
            raise Invalid({"school": f"{school.title} has been told already"})
        restricted = case.restricted or case.subject.restricted
        decision = may_know(case, school)
        word = word.strip()
        if self._may_tell_all(case, school, decision, word):
            if restricted and not people:
                raise Invalid({"people": "Choose who at the school is told: this child is restricted"})
            answers = {notices.school: school.slug, **notices.here, **({"word": word} if word else {})}
            for user in people if restricted else ():
                InvolveOrganisation(_for(self.actor)).run(case, school, user)
            event = record(self.actor, case, notices.events.told, answers)
            address = reverse("encompass:notice", args=[case.pk])
            for user in people if restricted else ():
                Notify(self.actor).run("encompass.told", TOLD_WORDS, user=user, case=case, address=address)
            if not restricted:
                Notify(self.actor).run("encompass.told", TOLD_WORDS, organisation=school, case=case, address=address)
        elif decision.existence.permits:
            event = record(self.actor, case, notices.events.told, {notices.school: school.slug, **notices.ring})
            words = RING_WORDS.format(reference=case.reference)
            Notify(self.actor).run("encompass.ring", words, organisation=school)
        else:
            raise NotCovered(school, decision)
        self.note("case", case.pk, school=school.pk, verdict=decision.content.verdict.value, clause=decision.content.clause,
                  agreement=decision.content.agreement, people=[user.pk for user in people])  # fmt: skip
        return event

    def _may_tell_all(self, case: Case, school: Organisation, decision: Decision, word: str) -> bool:
        if decision.content.permits:
            return True
        if override_for(case, school) is not None:
            return True
        if decision.content.verdict is not Verdict.REVIEW or not word:
            return False
        if not self.actor.may(Capability.SUPERVISE):
            raise NotAllowed("The agreement asks for a supervisor’s word, and your role is not to supervise.")
        return True


class FindSchool(Action[Case]):
    """Say which school a child goes to; it is kept with the child, and the school is told.

    The agency that keeps lists of pupils may say so without becoming part of the case: it is told that a school is
    sought, and not what happened.
    """

    name = "sharing.find_school"
    needs = Capability.RECORD_EVENTS

    def perform(self, case: Case, school: Organisation, how: str = "") -> Case:
        case = sought(self.actor, case)
        notices = school_notices()
        if school.kind not in notices.kinds:
            raise Invalid({"school": f"{school.title} is not a school or college. Choose one from the list"})
        data = {notices.school: school.slug, **({"how": how} if how else {}), **_finder(self.actor)}
        record(self.actor, case, notices.events.found, data)
        self.note("case", case.pk, school=school.pk)
        current = {row.organisation_id for row in schools_on(case.subject, timezone.localdate())}
        if school.pk not in current:
            AddProfessional(_for(self.actor)).run(case.subject, school, *KEY_ADULT, starts=timezone.localdate())
        # The police's own telling follows at once, whoever found the school.
        here = self.actor if case.lead_id in self.actor.organisation_ids else SystemActor(FOUND_NAME)
        PlaceNotice(here).run(Case.objects.get(pk=case.pk))
        return Case.objects.get(pk=case.pk)


class SayAtNoSchool(Action[Event]):
    """Say that a child is at no school, and why. The notice ends."""

    name = "sharing.say_at_no_school"
    needs = Capability.RECORD_EVENTS

    def perform(self, case: Case, answers: Mapping[str, Any]) -> Event:
        case = sought(self.actor, case)
        self.note("case", case.pk)
        return record(self.actor, case, school_notices().events.elsewhere, {**answers, **_finder(self.actor)})


class OpenNotice(CaseAction[list[Case]]):
    """Open what a school was told, for a child and the brothers and sisters told of with it. Opened twice is opened once."""

    name = "sharing.open_notice"
    needs = Capability.RECORD_EVENTS

    def perform(self, case: Case) -> list[Case]:
        case = self.locked(case)
        opened = []
        for one in together(self.actor, case):
            (notice,) = notices_of([one])
            slug = own_school(self.actor, one)
            at = notice.at([slug]) if slug else None
            if at is None or at.opened is not None:
                continue
            notices = school_notices()
            data = {notices.school: slug, "by_whom": self.actor.name}
            RecordEvent(self.actor).run(one, notices.events.opened, timezone.now(), data, organisation=_school(str(slug)))
            self.note("case", one.pk, opened=True)
            opened.append(one)
        if not opened:
            if own_school(self.actor, case) is None:
                raise NotAllowed("Only the school that was told can open this.")
            self.quiet("it was opened before")
        return opened


class SayWhatWasDone(CaseAction[list[Event]]):
    """Record what a school did for a child, and for brothers and sisters at the same school where it is the same."""

    name = "sharing.say_what_was_done"
    needs = Capability.RECORD_EVENTS

    def perform(
        self, case: Case, occurred: date | datetime, answers: Mapping[str, Any], *, also: Sequence[Case] = (),
        version: int | None = None, each: Mapping[UUID, Mapping[str, Any]] | None = None,
    ) -> list[Event]:  # fmt: skip
        case = self.locked(case, version)
        slug = own_school(self.actor, case)
        if slug is None:
            raise NotAllowed("Only the school that was told can say what it did.")
        known = {one.pk: one for one in together(self.actor, case)}
        if any(one.pk not in known for one in also):
            raise Invalid("One of the children is not of the same incident, or you may not see them.")
        wanted = {case.pk: case, **{one.pk: known[one.pk] for one in also}}
        opened = OpenNotice(self.actor).run(case)  # who says what was done has read it
        self.note("case", case.pk, children=len(wanted), opened=len(opened))
        notices = school_notices()
        return RecordForSeveral(self.actor).run(
            list(wanted.values()), notices.events.done, occurred, {**answers, notices.school: slug}, each=each,
            organisation=_school(slug),
        )  # fmt: skip


# What they share --------------------------------------------------------------------------------------------------


def may_know(case: Case, receiver: Organisation) -> Decision:
    """What the agreements let an organisation know of a notice today."""
    return ruling_for(case.lead, receiver, purpose_of(case), case, timezone.localdate())


def override_for(case: Case, school: Organisation) -> Override | None:
    """An emergency override in force, by which this school may be told of this case all the same."""
    now = timezone.now()
    rows = Override.objects.filter(case=case, holder=case.lead, receiver=school, at__lte=now, ends_at__gt=now)
    return rows.order_by("-at").first()


def against_telling(actor: Actor, case: Case, kind: str, answers: Mapping[str, Any]) -> list[Problem]:
    """What stands against recording that a school was told in this service, by whatever way it is recorded: the agreement,
    a supervisor's word, the people to be named. Registered with `casework` at start."""
    notices = current_library().sharing.school_notices
    if notices is None or case.pathway != notices.pathway or kind != notices.events.told or actor.is_system:
        return []
    school = Organisation.objects.filter(slug=str(answers.get(notices.school) or "")).first()
    if school is None or not notices.here.items() <= dict(answers).items():
        return []
    decision = may_know(case, school)
    worded = bool(str(answers.get("word") or "").strip()) and actor.may(Capability.SUPERVISE)
    allowed = decision.content.permits or (decision.content.verdict is Verdict.REVIEW and worded)
    if not allowed and override_for(case, school) is None:
        return [Problem(notices.school, f"{school.title} may not be told: {decision.content.why}")]
    named = Involvement.objects.filter(case=case, organisation=school, user__isnull=False)
    if (case.restricted or case.subject.restricted) and not named.exists():
        return [Problem(notices.school, "Choose who at the school is told first: this child is restricted")]
    return []


def own_school(actor: Actor, case: Case) -> str | None:
    """The school of the actor's that was told of a case in this service; None if none was."""
    (notice,) = notices_of([case])
    rows = Organisation.objects.filter(pk__in=actor.organisation_ids, kind__in=school_notices().kinds)
    at = notice.at(rows.values_list("slug", flat=True))
    return at.school if at is not None and at.here else None


def together(actor: Actor, case: Case) -> list[Case]:
    """The case and those of the same incident that the actor may see, told to the same school of theirs."""
    near = Q(pk=case.pk)
    if case.group is not None:
        near |= Q(group=case.group, pathway=case.pathway)
    rows = CasePolicy.visible_to(actor).filter(near).select_related("subject", "lead").order_by("subject__born", "pk")
    slug = own_school(actor, case)
    return [one for one in rows if one.pk == case.pk or (slug is not None and own_school(actor, one) == slug)]


def sought(actor: Actor, case: Case) -> Case:
    """A case whose school the actor may look for. Raises NotAllowed alike for one hidden and one whose school is known."""
    found = SearchPolicy.visible_to(actor).select_related("subject", "lead").filter(pk=case.pk).first()
    kind = program_of(case).pathway.events[school_notices().events.found]
    ours = {actor.organisation_kind} if actor.organisation_kind else set()
    if found is None or may_say(actor, kind, ours) is None or not may_search(actor, found):
        raise NotAllowed("There is no such case, or you may not see it.")
    return found


def may_search(actor: Actor, case: Case) -> bool:
    """Whether an agency may know that a school is sought: its own case, or the agreement lets it know of it."""
    if actor.is_system or case.lead_id in actor.organisation_ids:
        return True
    ours = Organisation.objects.filter(pk__in=actor.organisation_ids)
    return any(may_know(case, one).existence.permits for one in ours)


def record(actor: Actor, case: Case, kind: str, data: Mapping[str, Any]) -> Event:
    """One event of a notice, now. Whoever is not part of the case says it without becoming part of it."""
    if actor.is_system or case.lead_id in actor.organisation_ids:
        lead = case.lead if actor.is_system and actor.user_id is None else None
        return RecordEvent(actor).run(case, kind, timezone.now(), data, organisation=lead)
    return RecordEvent(_for(actor)).run(case, kind, timezone.now(), data)


def _finder(actor: Actor) -> dict[str, str]:
    if actor.organisation_id is None:
        return {}
    return {"found_by": Organisation.objects.get(pk=actor.organisation_id).slug}


def _school(slug: str) -> Organisation:
    return Organisation.objects.get(slug=slug)


def _for(actor: Actor) -> SystemActor:
    """The system, acting in somebody's name for a step that follows from what they were allowed to do."""
    return SystemActor(actor.name, user_id=actor.user_id)


__all__ = ["FindSchool", "NotCovered", "OpenNotice", "PlaceNotice", "RecordIncident", "SayAtNoSchool", "SayWhatWasDone",
           "TellSchool"]  # fmt: skip
