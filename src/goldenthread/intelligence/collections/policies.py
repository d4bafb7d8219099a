"""Who may see what an agency sends in: its own people who fill collections in, and whoever checks them all.

An agency never sees another's submission, nor whether there is one. Depends on `models`.
"""

from __future__ import annotations

from django.db.models import QuerySet

from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.policy import Policy, settled

from .models import Submission


def agencies_of(actor: Actor, capability: Capability) -> frozenset[int]:
    """The actor's organisations in which a role of theirs lets them do this, not another that they also work for."""
    if actor.held is None:
        return actor.organisation_ids if actor.may(capability) else frozenset()
    return frozenset(organisation for organisation, held in actor.held if capability in held)


class SubmissionPolicy(Policy[Submission]):
    """Submissions of one's own agency, or all of them for whoever checks them."""

    model = Submission

    @classmethod
    @settled
    def visible_to(cls, actor: Actor) -> QuerySet[Submission]:
        if actor.is_system or actor.may(Capability.CHECK_COLLECTIONS):
            return Submission.objects.all()
        return Submission.objects.filter(organisation__in=agencies_of(actor, Capability.FILL_COLLECTIONS))


def fills(actor: Actor, submission: Submission) -> bool:
    """Whether the actor may enter its values: whoever checks may not, unless it is their own agency's."""
    return actor.is_system or submission.organisation_id in agencies_of(actor, Capability.FILL_COLLECTIONS)


def agrees_alone(actor: Actor, submission: Submission) -> bool:
    """Whether the actor leads on the agency's figures, and so may send what they entered themselves."""
    return actor.is_system or submission.organisation_id in agencies_of(actor, Capability.AGREE_COLLECTIONS)
