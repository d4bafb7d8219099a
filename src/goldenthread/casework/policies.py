"""Who may see which cases, and with them their events, duties and documents. Closed by default.

A case is seen by people whose scope reaches it: `partnership` every case, `organisation` those their organisation is
part of, `own` those of their own or their team. A restricted case (its pathway's, or its subject's) is seen only by
people named on it, or within their scope by roles that hold VIEW_RESTRICTED; to anyone else it does not exist.

Every rule is a condition on one row (EXISTS over the index of organisation and case), never a join that multiplies
rows, so that the first 25 of 400,000 cases cost as much as the first 25 of 400.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.policy import Policy
from goldenthread.people import policies as people_policies

from .models import Case, Document, Duty, Event, Involvement

NOTHING = Q(pk__in=())


def seen_by(actor: Actor, case: str = "") -> Q:
    """The condition under which `actor` may know of a case; `case` is the way to it, such as "case__"."""
    if actor.is_system:
        return Q()
    if not actor.may(Capability.VIEW_CASES):
        return NOTHING
    here = OuterRef("pk" if not case else f"{case.removesuffix('__')}_id")
    part = Involvement.objects.filter(case=here, organisation__in=actor.organisation_ids)
    named = Q(Exists(part.filter(user_id=actor.user_id)))
    if actor.user_id is None:
        named = NOTHING
    else:
        named |= Q(**{f"{case}worker": actor.user_id})
    if actor.scope == "partnership":
        reach = Q()
        if actor.may(Capability.VIEW_RESTRICTED):
            return reach
    elif actor.scope == "organisation":
        reach = Q(Exists(part.filter(user=None)))
    else:
        reach = Q(**{f"{case}team__in": actor.team_ids}) if actor.team_ids else NOTHING
    if not actor.may(Capability.VIEW_RESTRICTED):
        reach &= Q(**{f"{case}restricted": False, f"{case}subject__restricted": False})
    return reach | named


class CasePolicy(Policy[Case]):
    """Cases an actor may know of."""

    model = Case

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Case]:
        return Case.objects.filter(seen_by(actor))


class EventPolicy(Policy[Event]):
    """Events of cases an actor may know of."""

    model = Event

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Event]:
        return Event.objects.filter(seen_by(actor, "case__"))


class DutyPolicy(Policy[Duty]):
    """Duties of cases an actor may know of."""

    model = Duty

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Duty]:
        return Duty.objects.filter(seen_by(actor, "case__"))


class DocumentPolicy(Policy[Document]):
    """Documents of cases an actor may know of."""

    model = Document

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Document]:
        return Document.objects.filter(seen_by(actor, "case__"))


def people_with_cases(actor: Actor) -> Q:
    """The condition under which a case lets `actor` know of a person."""
    return Q(Exists(CasePolicy.visible_to(actor).filter(subject=OuterRef("pk"))))
