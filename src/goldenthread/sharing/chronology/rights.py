"""Why someone may see a line: their part in the case, their role, an agreement's clause, an override, emergency access.

Cases that casework's policies show need no agreement. A case they do not show gives its lines only where an agreement
permits it, for a purpose that the reader's agency has for that very person: an open case it is part of, or an open
request to it. What is denied, and what needs somebody's review, is left out without a trace. Restricted records are
never reached this way. Source: docs/look-up/chronology.md; the agreements in guidance/agreements.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from goldenthread.agencies.models import Organisation, Role
from goldenthread.casework.models import Case, Involvement
from goldenthread.casework.policies import CasePolicy
from goldenthread.clocks.calendar import local_day
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import current_library
from goldenthread.people.models import EmergencyAccess, Person

from .. import rulings
from ..decision import Decision, Ruling, Verdict
from ..models import Override, Request


class By(StrEnum):
    """What a right stands on."""

    WORKER = "worker"
    NAMED = "named"
    TEAM = "team"
    INVOLVEMENT = "involvement"
    SCOPE = "scope"
    AGREEMENT = "agreement"
    OVERRIDE = "override"
    EMERGENCY = "emergency"


SHORT = {
    By.WORKER: "Your case", By.NAMED: "Your case", By.TEAM: "Your team’s case", By.INVOLVEMENT: "Your agency’s case",
    By.SCOPE: "Your role", By.AGREEMENT: "Agreement", By.OVERRIDE: "Emergency override", By.EMERGENCY: "Emergency access",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Right:
    """Why one may see something, in words, and what it stands on."""

    by: By
    words: str
    agreement: str = ""
    clause: str = ""
    basis: str = ""

    @property
    def short(self) -> str:
        return SHORT[self.by]

    @property
    def cited(self) -> str:
        """For the journal: ids only."""
        return ":".join(part for part in (self.by.value, self.agreement, self.clause) if part)


@dataclass(frozen=True, slots=True)
class Told:
    """What may be told of a case's lines by one agency: what they say, or only that there is something."""

    content: Right | None = None
    existence: Right | None = None


NOTHING = Told()


def day_words(moment: datetime) -> str:
    day = local_day(moment)
    return f"{day.day} {day:%B} {day.year}"


# Cases that casework's policies show ---------------------------------------------------------------------------------


def rights_in(actor: Actor, cases: Sequence[Case]) -> dict[UUID, Right]:
    """Why `actor` sees each of these cases, all of which have passed `CasePolicy`."""
    parts: dict[UUID, list[Involvement]] = {}
    rows = Involvement.objects.filter(case__in=cases, organisation__in=actor.organisation_ids)
    for row in rows.select_related("organisation").order_by("since", "pk"):
        parts.setdefault(row.case_id, []).append(row)
    role = _role(actor)
    emergencies = emergency_access(actor, {case.subject_id for case in cases if case.subject_id})
    return {
        case.pk: _right_in(
            actor, case, parts.get(case.pk, []), emergencies.get(case.subject_id) if case.subject_id else None, role
        )
        for case in cases
    }


def _right_in(
    actor: Actor, case: Case, parts: Sequence[Involvement], emergency: EmergencyAccess | None, role: str
) -> Right:
    if actor.user_id is not None and case.worker_id == actor.user_id:
        return Right(By.WORKER, "You work on this case.")
    for part in parts:
        if part.user_id is not None and part.user_id == actor.user_id:
            return Right(By.NAMED, f"You are part of this case by name since {day_words(part.since)}.")
    plain = not case.restricted and not case.subject.restricted
    handled = any(pathway == case.pathway for pathway, _ in actor.handles) and not case.subject.restricted
    if handled and not plain and not actor.may(Capability.VIEW_RESTRICTED):
        return Right(By.SCOPE, f"Your role, {role}, runs these cases, which are restricted.")
    within = plain or actor.may(Capability.VIEW_RESTRICTED)
    if within and case.team_id is not None and case.team_id in actor.team_ids:
        return Right(By.TEAM, "Your team works on this case.")
    if within and actor.scope in ("organisation", "partnership"):
        for part in parts:
            if part.user_id is None:
                title = part.organisation.title
                if part.organisation_id == case.lead_id:
                    return Right(By.INVOLVEMENT, f"{title} leads this case.")
                return Right(By.INVOLVEMENT, f"{title} is part of this case since {day_words(part.since)}.")
    if within and actor.scope == "partnership":
        also = "" if plain else ", restricted ones too"
        return Right(By.SCOPE, f"Your role, {role}, sees the partnership’s cases{also}.")
    if emergency is not None:
        until = timezone.localtime(emergency.ends_at)
        return Right(
            By.EMERGENCY,
            f"Emergency access that you began on {day_words(emergency.begun_at)}; it ends on "
            f"{day_words(emergency.ends_at)} at {until:%H:%M} and is reviewed.",
        )  # fmt: skip
    return Right(By.SCOPE, f"Your role, {role}, lets you see this case.")


def _role(actor: Actor) -> str:
    if actor.is_system:
        return "the system itself"
    titles = Role.objects.filter(slug__in=actor.roles).order_by("title").values_list("title", flat=True)
    return " and ".join(title.lower() for title in titles) or "as it is"


def emergency_access(actor: Actor, people: Iterable[UUID]) -> dict[UUID, EmergencyAccess]:
    """The actor's emergency access to each of these people that lasts now."""
    if actor.user_id is None:
        return {}
    now = timezone.now()
    rows = EmergencyAccess.objects.filter(
        user=actor.user_id, person__in=list(people), begun_at__lte=now, ends_at__gt=now, ended_at=None
    )
    return {row.person_id: row for row in rows}


# Cases that only an agreement or an override shows -------------------------------------------------------------------


class Shared:
    """What other agencies' cases of one person tell `actor`, by agreement or in an emergency. Asks each thing once."""

    def __init__(self, actor: Actor, person: Person, own: Sequence[Case]) -> None:
        """`own`: the cases of the person that casework's policies show."""
        self.now = timezone.now()
        self.day = local_day(self.now)
        self._receivers = self._receiving(actor)
        self._purposes = self._serving(actor, person, own) if self._receivers else {}
        self._overrides = self._in_force(person) if self._receivers else {}
        self._asked: dict[tuple[int, int, str, UUID], Decision] = {}

    @property
    def any(self) -> bool:
        return bool(self._purposes or self._overrides)

    @staticmethod
    def _receiving(actor: Actor) -> dict[int, Organisation]:
        """The agencies the actor receives for. Someone whose role shows only their own cases receives for nobody."""
        if actor.is_system or not actor.may(Capability.VIEW_CASES) or actor.scope == "own":
            return {}
        return Organisation.objects.in_bulk(list(actor.organisation_ids))

    def _serving(self, actor: Actor, person: Person, own: Sequence[Case]) -> dict[int, list[str]]:
        """The purposes each of the actor's agencies has for this person now, by agency."""
        found: dict[int, dict[str, None]] = {}
        open_cases = {case.pk: case for case in own if case.is_open}
        parts = Involvement.objects.filter(
            case__in=open_cases, organisation__in=self._receivers, user=None
        ).values_list("case_id", "organisation_id")
        for case, agency in parts:
            if purpose := rulings.purpose_of(open_cases[case]):
                found.setdefault(agency, {})[purpose] = None
        asked = Request.objects.filter(agency__in=self._receivers, case__subject=person, case__is_open=True)
        for agency, purpose in asked.values_list("agency_id", "purpose"):
            found.setdefault(agency, {})[purpose] = None
        return {agency: list(purposes) for agency, purposes in found.items()}

    def _in_force(self, person: Person) -> dict[int, Override]:
        """Overrides about this person for the actor's agencies that last now, by whose information they share."""
        rows = Override.objects.filter(
            case__subject=person, receiver__in=self._receivers, at__lte=self.now, ends_at__gt=self.now
        ).order_by("at")
        return {row.holder_id: row for row in rows}

    def right_to(self, case: Case, holder: Organisation) -> Told:
        """What `holder` may tell of its lines in a case that casework's policies do not show. Within one agency those
        policies alone decide: an agreement is between agencies, and does not open a colleague's case."""
        if holder.pk in self._receivers:
            return NOTHING
        override = self._overrides.get(holder.pk)
        if override is not None:
            return Told(_by_override(override), None)
        existence: Right | None = None
        for agency, purposes in self._purposes.items():
            for purpose in purposes:
                decision = self._decision(holder, agency, purpose, case)
                if decision.content.verdict is Verdict.PERMIT and decision.existence.verdict is Verdict.PERMIT:
                    return Told(_by_agreement(decision.content, purpose))
                if existence is None and decision.existence.verdict is Verdict.PERMIT:
                    existence = _by_agreement(decision.existence, purpose)
        return Told(None, existence) if existence else NOTHING

    def _decision(self, holder: Organisation, agency: int, purpose: str, case: Case) -> Decision:
        key = (holder.pk, agency, purpose, case.pk)
        if key not in self._asked:
            self._asked[key] = rulings.ruling_for(holder, self._receivers[agency], purpose, case, self.day)
        return self._asked[key]


def shareable_cases(actor: Actor, people: Sequence[Person]) -> list[Case]:
    """Cases of these people that policies do not show, among which agreements may find something to tell. Restricted
    cases and people are not among them: to those outside they do not exist."""
    seen = CasePolicy.visible_to(actor).filter(subject__in=people).values("pk")
    rows = Case.objects.filter(subject__in=people, restricted=False, subject__restricted=False)
    return list(rows.exclude(pk__in=seen).select_related("lead", "subject").order_by(F("opened_at"), "pk"))


def _by_agreement(ruling: Ruling, purpose: str) -> Right:
    agreement = current_library().agreements.get(ruling.agreement)
    served = rulings.purposes().get(purpose, purpose)
    served = served[:1].lower() + served[1:]
    title = agreement.title if agreement else ruling.agreement
    words = f"{title}, clause {ruling.clause}, to {served}: {ruling.why}"
    return Right(By.AGREEMENT, words, ruling.agreement, ruling.clause, ruling.basis)


def _by_override(override: Override) -> Right:
    until = timezone.localtime(override.ends_at)
    return Right(
        By.OVERRIDE,
        f"Shared in an emergency on {day_words(override.at)}, until {day_words(override.ends_at)} at {until:%H:%M}: "
        f"{override.reason}",
    )  # fmt: skip
