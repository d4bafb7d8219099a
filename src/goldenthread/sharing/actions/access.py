"""Emergency access, its review, and questions about unusual looks: the writing of all three.

Emergency access is asked for with a reason before anything is looked up; the asking is journalled whether or not somebody
is found, and both are reviewed (docs/decisions/0016-emergency-access-tells-nothing-first.md). The rules are in
guidance/access.yaml. Depends on `people`, `casework`, `queries.access`, `queries.unusual`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from goldenthread.agencies.models import Membership, Organisation, User
from goldenthread.clocks.calendar import local_day
from goldenthread.clocks.interval import elapsed
from goldenthread.foundation.action import Action, Invalid, Stale
from goldenthread.foundation.actor import Actor, NotAllowed, SystemActor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import current_library
from goldenthread.foundation.models import JournalEntry
from goldenthread.people.dates import KnownDate
from goldenthread.people.models import EmergencyAccess, Person
from goldenthread.people.policies import PersonPolicy, current_access

from ..exchange import moment_after
from ..models import AccessQuestion
from ..policies import AccessQuestionPolicy, EmergencyAccessPolicy
from ..queries.access import NOT_FOUND, exact_matches, tries_of
from ..queries.unusual import unusual_looks
from .notices import Notify

TO_REVIEW = "Emergency access to a record was used, and somebody who supervises must review it"
NO_REVIEW = "Emergency access to a record has not been reviewed in time"
ASKED = "You are asked about a look at a record"
ANSWERED = "A question about a look at a record has been answered, and a supervisor must settle it"
UNANSWERED = "A question about a look at a record has not been answered in time"
TAKEN_FURTHER = "A look at a record has been taken further"
LONGEST = 4_000
GONE_THROUGH = "looks_of_day"
MOST_DAYS = 31
"""Days that a night catches up with, after a service that stood still."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of asking: access that began, somebody one may see anyway, or nobody who fits exactly."""

    access: EmergencyAccess | None = None
    already: Person | None = None
    several: bool = False


class AskEmergencyAccess(Action[Asked]):
    """Ask, with a reason, for sight of somebody known by a number, or by their exact name and date of birth."""

    name = "access.emergency_asked"
    needs = Capability.VIEW_CASES

    def perform(self, reason: str, number: str = "", name: str = "", born: KnownDate | None = None) -> Asked:
        rules = current_library().access.emergency
        user = _user(self.actor)
        reason, number, name = reason.strip(), number.strip(), " ".join(name.split())
        self._complete(reason, number, name, born)
        now = timezone.now()
        if tries_of(user.pk, now - elapsed(rules.tries_within)) >= rules.tries:
            raise Invalid(
                f"You have asked {rules.tries} times within {rules.tries_within}. Telephone your supervisor, or the front "
                "door of children’s social care."
            )
        found = exact_matches(number, name, born)
        by = "number" if number else "name and date of birth"
        self.note("search", "emergency", by=by, found=len(found))
        if len(found) != 1:
            if not found:
                self._nobody(user, now)
            return Asked(several=bool(found))
        (person,) = found
        self.note("person", person.pk, by=by)
        if PersonPolicy.visible_to(self.actor).filter(pk=person.pk).exists():
            return Asked(access=current_access(self.actor).filter(person=person).first(), already=person)
        return Asked(access=self._begin(user, person, reason, now))

    def _complete(self, reason: str, number: str, name: str, born: KnownDate | None) -> None:
        """Nothing is looked up until all that is needed is there: a form sent without a reason tells nothing."""
        errors: dict[str, str] = {}
        shortest = current_library().access.emergency.shortest_reason
        if len(reason) < shortest:
            errors["reason"] = f"Say why you need to see the record now, in {shortest} characters or more"
        elif len(reason) > LONGEST:
            errors["reason"] = f"The reason must be {LONGEST:,} characters or fewer"
        if not number and not name:
            errors["number"] = "Enter a number of theirs, or their full name and date of birth"
        elif not number and (born is None or born.precision != "day"):
            errors["born"] = "Enter their date of birth: day, month and year"
        if errors:
            raise Invalid(errors)

    def _begin(self, user: User, person: Person, reason: str, now: datetime) -> EmergencyAccess:
        rules = current_library().access.emergency
        acting_for = self.actor.organisation_id
        organisation = Organisation.objects.filter(pk=acting_for).first() if acting_for is not None else None
        access = EmergencyAccess.objects.create(
            person=person, user=user, organisation=organisation, reason=reason, begun_at=now,
            ends_at=now + elapsed(rules.lasts), review_due_at=moment_after(rules.review_within, now, ""),
        )  # fmt: skip
        for each in reviewers_of(user, organisation):
            Notify(self.actor).run(
                "access.emergency", f"{TO_REVIEW}.", organisation=each, capability=Capability.SUPERVISE.value,
                address=reverse("access:emergency-one", args=[access.pk]),
            )  # fmt: skip
        return access

    def _nobody(self, user: User, now: datetime) -> None:
        """Asking for somebody who is not there is reviewed too: guessing must not be free."""
        day = local_day(now)
        question = AccessQuestion.objects.filter(rule=NOT_FOUND, user=user, day=day, person=None).first()
        if question is None:
            _ask(self, NOT_FOUND, user, self.actor.organisation_id, None, day, 1, 1, now, now)
        else:
            AccessQuestion.objects.filter(pk=question.pk).update(looks=F("looks") + 1, last_at=now)


class EndEmergencyAccess(Action[EmergencyAccess]):
    """Give up one's own emergency access before it ends by itself."""

    name = "access.emergency_ended"
    needs = Capability.VIEW_CASES

    def perform(self, access: EmergencyAccess) -> EmergencyAccess:
        if access.user_id != self.actor.user_id:
            raise NotAllowed("Only the person who has emergency access can end it.")
        now = timezone.now()
        if not EmergencyAccess.objects.filter(pk=access.pk, ended_at=None, ends_at__gt=now).update(ended_at=now):
            raise Invalid("This emergency access has already ended.")
        self.note("person", access.person_id, access=str(access.pk))
        access.refresh_from_db()
        return access


class ReviewEmergencyAccess(Action[EmergencyAccess]):
    """Say whether emergency access was justified. Never by the person who asked for it."""

    name = "access.emergency_reviewed"
    needs = Capability.SUPERVISE

    def perform(self, access: EmergencyAccess, justified: bool | None, finding: str) -> EmergencyAccess:
        found = EmergencyAccessPolicy.visible_to(self.actor).select_for_update().filter(pk=access.pk).first()
        if found is None:
            raise NotAllowed("There is no such emergency access, or you may not review it.")
        if found.user_id == self.actor.user_id:
            raise NotAllowed("Emergency access is reviewed by somebody other than the person who asked for it.")
        if found.reviewed_at is not None:
            raise Invalid("This emergency access has been reviewed already.")
        _said("finding", finding, "Say what you found and why")
        if justified is None:
            raise Invalid({"justified": "Choose whether it was justified"})
        found.justified, found.finding, found.reviewed_at = justified, finding.strip(), timezone.now()
        found.reviewed_by = _user(self.actor)
        found.save(update_fields=["justified", "finding", "reviewed_at", "reviewed_by"])
        self.note("person", found.person_id, access=str(found.pk), justified=justified)
        if not justified:
            _tell_further(self.actor, found.organisation, reverse("access:emergency-one", args=[found.pk]))
        return found


class AskAboutLooks(Action[int]):
    """Ask about every unusual look of a day that has not been asked about. How many questions were put."""

    name = "access.asked_about_look"
    needs = None  # only the system runs it

    def perform(self, day: date) -> int:
        if not self.actor.is_system:
            raise NotAllowed("Looks are gone through by the service itself, each night.")
        put = 0
        for one in unusual_looks(day):
            if AccessQuestion.objects.filter(rule=one.rule, user=one.user, person=one.person, day=day).exists():
                continue
            _ask(self, one.rule, one.user, one.organisation, one.person, day, one.looks, one.people, one.first, one.last)
            put += 1
        # Said of a quiet day too: that a day was gone through is part of the proof, and tells the next night where to go on.
        self.note(GONE_THROUGH, day.isoformat(), put=put)
        return put


class AnswerQuestion(Action[AccessQuestion]):
    """Answer a question about one's own look."""

    name = "access.question_answered"
    needs = None  # whoever was asked may answer, even if their role has changed since

    def perform(self, question: AccessQuestion, answer: str, version: int | None) -> AccessQuestion:
        found = _locked(self.actor, question, version)
        if found.user_id != self.actor.user_id:
            raise NotAllowed("Only the person who was asked can answer.")
        if found.outcome or found.answered_at:
            raise Invalid("This question has been answered already.")
        _said("answer", answer, "Say what the look was for")
        found.answer, found.answered_at, found.version = answer.strip(), timezone.now(), found.version + 1
        found.save(update_fields=["answer", "answered_at", "version"])
        self.note("question", found.pk, rule=found.rule)
        _tell_supervisors(self.actor, found, ANSWERED, "access.question_answered")
        return found


class SettleQuestion(Action[AccessQuestion]):
    """Find that a look is explained, or take it further. Never by the person who looked."""

    name = "access.question_settled"
    needs = Capability.SUPERVISE

    def perform(self, question: AccessQuestion, outcome: str, finding: str, version: int | None) -> AccessQuestion:
        found = _locked(self.actor, question, version)
        if found.user_id == self.actor.user_id:
            raise NotAllowed("A question about a look is settled by somebody other than the person who looked.")
        if found.outcome:
            raise Invalid("This question has been settled already.")
        if outcome not in (AccessQuestion.Outcome.EXPLAINED, AccessQuestion.Outcome.ESCALATED):
            raise Invalid({"outcome": "Choose whether the look is explained or is taken further"})
        _said("finding", finding, "Say what you found, and what happens next")
        found.outcome, found.finding, found.settled_at = outcome, finding.strip(), timezone.now()
        found.settled_by, found.version = _user(self.actor), found.version + 1
        found.save(update_fields=["outcome", "finding", "settled_at", "settled_by", "version"])
        self.note("question", found.pk, rule=found.rule, outcome=outcome)
        if outcome == AccessQuestion.Outcome.ESCALATED:
            _tell_further(self.actor, found.organisation, reverse("access:question", args=[found.pk]))
        return found


class ClimbAccess(Action[int]):
    """Tell supervisors of questions nobody answered and of emergency access nobody reviewed in time."""

    name = "access.climbed"
    needs = None  # only the system runs it

    def perform(self, now: datetime | None = None) -> int:
        if not self.actor.is_system:
            raise NotAllowed("What is late is gone through by the service itself.")
        now, told = now or timezone.now(), 0
        late = AccessQuestion.objects.filter(outcome="", answered_at=None, climbed_at=None, answer_due_at__lte=now)
        for question in late.select_related("user", "organisation"):
            AccessQuestion.objects.filter(pk=question.pk).update(climbed_at=now)
            _tell_supervisors(self.actor, question, UNANSWERED, "access.question_late")
            self.note("question", question.pk, rule=question.rule)
            told += 1
        unreviewed = EmergencyAccess.objects.filter(reviewed_at=None, review_due_at__lte=now)
        for access in unreviewed.select_related("user", "organisation"):
            for each in partnership_supervisors(access.user):
                made = Notify(self.actor).run(
                    "access.emergency_late", f"{NO_REVIEW}.", organisation=each, capability=Capability.SUPERVISE.value,
                    address=reverse("access:emergency-one", args=[access.pk]), once=True,
                )  # fmt: skip
                told += made is not None
                if made is not None:
                    self.note("person", access.person_id, access=str(access.pk))
        if not told:
            self.quiet("nothing has become late")
        return told


def _ask(
    action: Action[Any], rule: str, user: User, organisation: int | None, person: Person | None, day: date, looks: int,
    people: int, first: datetime, last: datetime,
) -> AccessQuestion:  # fmt: skip
    access, now = current_library().access, timezone.now()
    answer_due = moment_after(access.answer_within, now, "")
    question = AccessQuestion.objects.create(
        rule=rule, user=user, organisation_id=organisation, person=person, day=day, looks=looks, people=people,
        first_at=first, last_at=last, asked_at=now, answer_due_at=answer_due,
        settle_due_at=moment_after(access.settle_within, answer_due, ""),
    )  # fmt: skip
    action.note("question", question.pk, rule=rule, user=user.pk, person=str(person.pk) if person else None)
    Notify(action.actor).run(
        "access.question", f"{ASKED}.", user=user, address=reverse("access:question", args=[question.pk])
    )
    return question


def _tell_supervisors(actor: Actor, question: AccessQuestion, words: str, kind: str) -> None:
    for each in reviewers_of(question.user, question.organisation):
        Notify(actor).run(
            kind, f"{words}.", organisation=each, capability=Capability.SUPERVISE.value,
            address=reverse("access:question", args=[question.pk]),
        )  # fmt: skip


def _tell_further(actor: Actor, organisation: Organisation | None, address: str) -> None:
    """The organisation's managers of accounts can close one; its supervisors know already."""
    if organisation is not None:
        Notify(actor).run(
            "access.taken_further", f"{TAKEN_FURTHER}.", organisation=organisation,
            capability=Capability.SUPERVISE.value, address=address,
        )  # fmt: skip


def reviewers_of(user: User, organisation: Organisation | None) -> list[Organisation]:
    """Where somebody other than the user supervises: their own organisation, or those whose roles reach everywhere."""
    if organisation is not None:
        held = Membership.in_force().filter(organisation=organisation, user__is_active=True).exclude(user=user)
        if any(Capability.SUPERVISE in one.role.capabilities for one in held.select_related("role")):
            return [organisation]
    return partnership_supervisors(user)


def partnership_supervisors(user: User) -> list[Organisation]:
    """Organisations in which somebody else supervises with a role that reaches the whole partnership."""
    held = Membership.in_force().filter(role__scope="partnership", user__is_active=True).exclude(user=user)
    found = {
        one.organisation_id: one.organisation
        for one in held.select_related("role", "organisation")
        if Capability.SUPERVISE in one.role.capabilities
    }
    return list(found.values())


def _locked(actor: Actor, question: AccessQuestion, version: int | None) -> AccessQuestion:
    found = AccessQuestionPolicy.visible_to(actor).select_for_update(of=("self",)).filter(pk=question.pk).first()
    if found is None:
        raise NotAllowed("There is no such question, or you may not see it.")
    if version is not None and found.version != version:
        raise Stale(version, found.version)
    return found


def _said(field: str, words: str, ask: str) -> None:
    if not words.strip():
        raise Invalid({field: ask})
    if len(words) > LONGEST:
        raise Invalid({field: f"This must be {LONGEST:,} characters or fewer"})


def _user(actor: Actor) -> User:
    user = User.objects.filter(pk=actor.user_id).first() if actor.user_id is not None else None
    if user is None:
        raise NotAllowed("Only somebody who is signed in can do this.")
    return user


def ask_about_looks() -> int:
    """For the night: ask about the looks of every day since the last that was gone through, up to yesterday."""
    yesterday = local_day(timezone.now()) - timedelta(days=1)
    done = JournalEntry.objects.filter(subject_type=GONE_THROUGH).order_by("-subject_id").first()
    first = date.fromisoformat(done.subject_id) + timedelta(days=1) if done else yesterday
    first = max(first, yesterday - timedelta(days=MOST_DAYS - 1))
    days = [first + timedelta(days=number) for number in range((yesterday - first).days + 1)]
    return sum(AskAboutLooks(SystemActor("looks of the day")).run(day) for day in days)


def climb() -> int:
    """For the night: tell supervisors of what has become late."""
    return ClimbAccess(SystemActor("looks that wait")).run()
