"""Who may see which requests, hand-overs, overrides and notices. Depends on `casework.policies`: a row about a case is shown only
to those who may know of the case, whichever agency or role the row is for.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Q, QuerySet

from goldenthread.agencies.actors import actor_for
from goldenthread.agencies.models import Membership, User
from goldenthread.casework.policies import NOTHING, seen_by, subject_unrestricted
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.policy import Policy, settled
from goldenthread.people.models import EmergencyAccess

from .models import AccessQuestion, AnswerLink, HandOver, Notice, Override, Reminder, Request


def held_in(actor: Actor) -> Mapping[int, frozenset[str]]:
    """Organisation -> what the actor's roles there let them do. What someone may do in one agency is not theirs in
    another: a supervisor of one is not a supervisor of the other they also work for."""
    if actor.held is not None:
        return {organisation: frozenset(one.value for one in those) for organisation, those in actor.held}
    if actor.user_id is None:
        return {}
    held: dict[int, set[str]] = {}
    for one in Membership.in_force().filter(user=actor.user_id, user__is_active=True).select_related("role"):
        held.setdefault(one.organisation_id, set()).update(one.role.capabilities)
    return {organisation: frozenset(all_of) for organisation, all_of in held.items() if organisation in actor.organisation_ids}


class NoticePolicy(Policy[Notice]):
    """One's own, and those of one's organisations that one's role there is meant by; never about a case that one may
    not know of."""

    model = Notice

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Notice]:
        if actor.is_system:
            return Notice.objects.all()
        if actor.user_id is None:
            return Notice.objects.none()
        # Every page counts them, so what they are is kept where it is known without asking.
        return _noticed_by(actor) if actor.held is not None else _noticed(actor)


def _noticed(actor: Actor) -> QuerySet[Notice]:
    mine = Q(user=actor.user_id)
    for organisation, capabilities in held_in(actor).items():
        mine |= Q(organisation=organisation, capability__in=["", *sorted(capabilities)])
    return Notice.objects.filter(mine).filter(Q(case=None) | seen_by(actor, "case__"))


_noticed_by = settled(_noticed)


class ReminderPolicy(Policy[Reminder]):
    """What one was told of, as long as one may know of the case."""

    model = Reminder

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Reminder]:
        if actor.is_system:
            return Reminder.objects.all()
        return Reminder.objects.filter(seen_by(actor, "case__"), user=actor.user_id)

    @classmethod
    def of(cls, user: User) -> QuerySet[Reminder]:
        """Those of somebody who is not signed in, as their memberships are today."""
        return cls.visible_to(actor_for(user))


class RequestPolicy(Policy[Request]):
    """Requests in cases that one may know of. An agency that is asked becomes part of the case by being asked."""

    model = Request

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Request]:
        return Request.objects.filter(seen_by(actor, "case__"))


class AnswerLinkPolicy(Policy[AnswerLink]):
    """One-time links are seen by the side that asked, never by anyone else: what is kept of them is not the secret."""

    model = AnswerLink

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[AnswerLink]:
        rows = AnswerLink.objects.filter(seen_by(actor, "request__case__"))
        return rows if actor.is_system else rows.filter(request__asker__in=actor.organisation_ids)


class HandOverPolicy(Policy[HandOver]):
    """The sender's side sees a hand-over with its case; the receiver's people see what is offered to them before they
    are part of the case, so that they can accept or refuse it."""

    model = HandOver

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[HandOver]:
        return HandOver.objects.filter(seen_by(actor, "case__") | cls._offered(actor))

    @staticmethod
    def _offered(actor: Actor) -> Q:
        """Offered to one's own organisation: everyone there who works with cases, but for a restricted case or person
        only those whose role there may view restricted ones, or runs that restricted pathway."""
        if actor.is_system or not actor.may(Capability.VIEW_CASES):
            return NOTHING
        plain, restricted = [], []
        for organisation, capabilities in held_in(actor).items():
            if Capability.VIEW_CASES.value in capabilities:
                plain.append(organisation)
                if Capability.VIEW_RESTRICTED.value in capabilities:
                    restricted.append(organisation)
        open_to_all = Q(receiver__in=plain, case__restricted=False) & subject_unrestricted("case__")
        found = open_to_all | Q(receiver__in=restricted)
        for pathway, one in actor.handles:
            theirs = [one] if one is not None else plain
            found |= Q(receiver__in=theirs, case__pathway=pathway) & subject_unrestricted("case__")
        return found


class OverridePolicy(Policy[Override]):
    """Sharing in an emergency is seen by those who may know of the case in which it was used, or of its review."""

    model = Override

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[Override]:
        return Override.objects.filter(seen_by(actor, "case__") | seen_by(actor, "review__"))


def supervised(actor: Actor) -> Q:
    """Rows with a `user` and an `organisation` that the actor supervises: those of organisations in which their role
    supervises, and of every organisation where that role reaches the whole partnership. Never their own."""
    if actor.user_id is None or not actor.may(Capability.SUPERVISE):
        return NOTHING
    theirs = ~Q(user=actor.user_id)
    if actor.scope == "partnership":
        return theirs
    held = [pk for pk, capabilities in held_in(actor).items() if Capability.SUPERVISE.value in capabilities]
    return theirs & Q(organisation__in=held)


class EmergencyAccessPolicy(Policy[EmergencyAccess]):
    """One's own, and that of the people one supervises, who are to be reviewed. The reviewer need not know the child."""

    model = EmergencyAccess

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[EmergencyAccess]:
        if actor.is_system:
            return EmergencyAccess.objects.all()
        return EmergencyAccess.objects.filter(Q(user=actor.user_id) | supervised(actor))


class AccessQuestionPolicy(Policy[AccessQuestion]):
    """Questions put to oneself, and to the people one supervises."""

    model = AccessQuestion

    @classmethod
    def visible_to(cls, actor: Actor) -> QuerySet[AccessQuestion]:
        if actor.is_system:
            return AccessQuestion.objects.all()
        return AccessQuestion.objects.filter(Q(user=actor.user_id) | supervised(actor))
