"""Hand-overs as pages show them: offered to one's agency, offered by it, and those whose answer nobody has read yet."""

from __future__ import annotations

from django.db.models import QuerySet

from goldenthread.casework.models import Case
from goldenthread.foundation.actor import Actor

from ..models import HandOver
from ..policies import HandOverPolicy

_RELATED = ("case__subject", "case__about", "case__lead", "sender", "receiver", "offered_by", "answered_by")
State = HandOver.State


def offered_to_us(actor: Actor) -> QuerySet[HandOver]:
    """Those that wait for one's own agency, the latest due first."""
    rows = HandOverPolicy.visible_to(actor).filter(receiver__in=actor.organisation_ids, state=State.OFFERED)
    return rows.select_related(*_RELATED).order_by("due_at", "pk")


def offered_by_us(actor: Actor) -> QuerySet[HandOver]:
    """Those that one's own agency waits for, and those answered that nobody here has read."""
    rows = HandOverPolicy.visible_to(actor).filter(sender__in=actor.organisation_ids)
    unheard = rows.filter(state__in=(State.ACCEPTED, State.REFUSED), heard_at=None)
    return (rows.filter(state=State.OFFERED) | unheard).select_related(*_RELATED).order_by("-answered_at", "due_at", "pk")


def settled(actor: Actor) -> QuerySet[HandOver]:
    """Those that were answered or withdrawn, on either side, the latest first."""
    ours = HandOverPolicy.visible_to(actor)
    rows = ours.filter(sender__in=actor.organisation_ids) | ours.filter(receiver__in=actor.organisation_ids)
    return rows.exclude(state=State.OFFERED).select_related(*_RELATED).order_by("-answered_at", "pk")


def of_case(actor: Actor, case: Case) -> QuerySet[HandOver]:
    """Every hand-over of a case that one may see."""
    return HandOverPolicy.visible_to(actor).filter(case=case).select_related(*_RELATED).order_by("-offered_at", "pk")
