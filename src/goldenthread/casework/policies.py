"""Who may see which cases, and with them their events, duties and documents. Closed by default.

A case is seen by people whose scope reaches it: `partnership` every case, `organisation` those their organisation is
part of, `own` those of their own or their team. A restricted case (its pathway's, or its subject's) is seen only by
people named on it, or within their scope by roles that hold VIEW_RESTRICTED; one that is restricted because its pathway
is, also by roles that run that pathway (`handles`); to anyone else it does not exist. Emergency
access to a person shows their cases, restricted ones too, to the one who has it, while it lasts.

Every rule is a condition on one row (EXISTS over the index of organisation and case), never a join that multiplies
rows, so that the first 25 of 400,000 cases cost as much as the first 25 of 400.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.policy import Policy, Row, settled
from goldenthread.people.policies import emergency

from .models import (
    AgreedAction,
    Case,
    DestructionCertificate,
    DestructionProposal,
    Document,
    Duty,
    Event,
    Involvement,
    LegalHold,
)

NOTHING = Q(pk__in=())
#: Not Q(), which is no condition at all: `other | Q()` is `other` alone, and would hide everything else.
EVERYTHING = ~Q(pk__in=())


@settled
def seen_by(actor: Actor, case: str = "") -> Q:
    """The condition under which `actor` may know of a case; `case` is the way to it, such as "case__"."""
    if actor.is_system:
        return EVERYTHING
    if not actor.may(Capability.VIEW_CASES):
        return NOTHING
    named = named_on(actor, case) | emergency(actor, f"{case}subject")
    may_restricted = actor.may(Capability.VIEW_RESTRICTED)
    if actor.handles and not may_restricted:
        named |= handled_by(actor, case)
    unrestricted = Q(**{f"{case}restricted": False}) & subject_unrestricted(case)
    if actor.scope == "partnership":
        return EVERYTHING if may_restricted else unrestricted | named
    if actor.scope == "organisation":
        reach = Q(Exists(_part(actor, case).filter(user=None)))
    elif actor.team_ids:
        reach = Q(**{f"{case}team__in": actor.team_ids})
    else:
        return named
    return (reach if may_restricted else reach & unrestricted) | named


def handled_by(actor: Actor, case: str = "") -> Q:
    """The condition that a case is of a restricted pathway that `actor` runs, for somebody who is not restricted."""
    by_organisation: dict[int | None, set[str]] = {}
    for pathway, organisation in actor.handles:
        by_organisation.setdefault(organisation, set()).add(pathway)
    found = NOTHING
    for organisation, pathways in by_organisation.items():
        within = Q(**{f"{case}pathway__in": sorted(pathways)})
        if organisation is not None:
            within &= Q(Exists(_part(actor, case).filter(user=None, organisation=organisation)))
        found |= within
    return found & subject_unrestricted(case)


def subject_unrestricted(case: str = "") -> Q:
    """The condition that a case is for a person who is not restricted, or about an organisation, which nobody hides."""
    return Q(**{f"{case}subject": None}) | Q(**{f"{case}subject__restricted": False})


def named_on(actor: Actor, case: str = "") -> Q:
    """The condition under which `actor` is named on a case: its worker, or made part of it as a person."""
    if actor.user_id is None:
        return NOTHING
    return Q(**{f"{case}worker": actor.user_id}) | Q(Exists(_part(actor, case).filter(user=actor.user_id)))


def _part(actor: Actor, case: str) -> QuerySet[Involvement]:
    """The parts that the actor's organisations have in a case: leaving an organisation ends what came by it."""
    here = OuterRef("pk" if not case else f"{case.removesuffix('__')}_id")
    return Involvement.objects.filter(case=here, organisation__in=actor.organisation_ids)


class CasePolicy(Policy[Case]):
    """Cases an actor may know of."""

    model = Case

    @classmethod
    @settled
    def visible_to(cls, actor: Actor) -> QuerySet[Case]:
        return Case.objects.filter(seen_by(actor))


class OfACase(Policy[Row]):
    """Rows that belong to a case: seen by whoever may know of the case, in no list and no count of others."""

    @classmethod
    @settled
    def visible_to(cls, actor: Actor) -> QuerySet[Row]:
        return cls.model._default_manager.filter(seen_by(actor, "case__"))


class EventPolicy(OfACase[Event]):
    """Events of cases an actor may know of."""

    model = Event


class DutyPolicy(OfACase[Duty]):
    """Duties of cases an actor may know of."""

    model = Duty


class AgreedActionPolicy(OfACase[AgreedAction]):
    """Actions agreed in cases an actor may know of."""

    model = AgreedAction


class DocumentPolicy(OfACase[Document]):
    """Documents of cases an actor may know of."""

    model = Document


class RetentionPolicy(Policy[Case]):
    """Cases as whoever keeps records knows them: by reference, kind and dates, never by name. Restricted cases only with
    VIEW_RESTRICTED, as everywhere."""

    model = Case

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Case]:
        return Case.objects.filter(_kept_by(actor, Q(restricted=False) & subject_unrestricted()))


class LegalHoldPolicy(Policy[LegalHold]):
    """Holds on records that one keeps."""

    model = LegalHold

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[LegalHold]:
        plain = (Q(case=None) | (Q(case__restricted=False) & subject_unrestricted("case__"))) & (
            Q(person=None) | Q(person__restricted=False)
        )
        return LegalHold.objects.filter(_kept_by(actor, plain))


class ProposalPolicy(Policy[DestructionProposal]):
    """Proposals to destroy records."""

    model = DestructionProposal

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[DestructionProposal]:
        return DestructionProposal.objects.filter(_kept_by(actor, Q(restricted=False)))


class CertificatePolicy(Policy[DestructionCertificate]):
    """Certificates of what was destroyed."""

    model = DestructionCertificate

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[DestructionCertificate]:
        return DestructionCertificate.objects.filter(_kept_by(actor, Q(restricted=False)))


def _kept_by(actor: Actor, plain: Q) -> Q:
    """Everything to those who keep records and may see restricted ones; to the others who keep records, what is plain."""
    if not actor.may(Capability.MANAGE_RETENTION):
        return NOTHING
    return Q() if actor.may(Capability.VIEW_RESTRICTED) else plain


def people_in_cases(actor: Actor) -> QuerySet[Case, Any]:
    """Ids of people whom a case lets `actor` know of. Registered with `people.policies` at start."""
    return CasePolicy.visible_to(actor).filter(subject__isnull=False).values("subject")


def people_by_name(actor: Actor) -> QuerySet[Case, Any]:
    """Ids of people, restricted ones too, in whose case `actor` is named."""
    return Case.objects.filter(named_on(actor), subject__isnull=False).values("subject")
