"""Who may see which meetings, pages and reports. Closed by default.

A meeting is seen by those invited and by the agency that holds it. A case's page needs more: to see the case, or an
invitation that an agreement permits, and for a restricted case the right to see restricted ones or to run their pathway. A
meeting about one family is there only for those who may see one of its pages; of a meeting about many cases they see the
pages that are theirs, and nothing tells them of others. Depends on `casework.policies`.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from goldenthread.casework.policies import EVERYTHING, NOTHING, seen_by, subject_unrestricted
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.policy import Policy, settled

from .models import Meeting, Page, Report, Seat, SeatPage


def seats_of(actor: Actor, seat: str = "") -> Q:
    """The condition that a seat is one's own, or one's agency's (as `sits`, of one seat); `seat` is the way to it."""
    own = Q(**{f"{seat}user": actor.user_id}) if actor.user_id is not None else NOTHING
    return Q(**{f"{seat}organisation__in": actor.organisation_ids}) & (Q(**{f"{seat}user": None}) | own)


def _part(actor: Actor, meeting: str = "") -> Q:
    """The condition under which a meeting is held by, or asks, an agency of the actor's; `meeting` is the way to it."""
    seats = Seat.objects.filter(seats_of(actor), meeting=OuterRef(f"{meeting.removesuffix('__')}_id" if meeting else "pk"))
    return Q(**{f"{meeting}holder__in": actor.organisation_ids}) | Q(Exists(seats))


class PagePolicy(Policy[Page]):
    """Pages of meetings one is part of: of a case one sees, or is invited about under an agreement."""

    model = Page

    @classmethod
    @settled
    def visible_to(cls, actor: Actor) -> QuerySet[Page]:
        return Page.objects.filter(page_seen_by(actor))


@settled
def page_seen_by(actor: Actor) -> Q:
    if actor.is_system:
        return EVERYTHING
    if not actor.may(Capability.ATTEND_MEETINGS):
        return NOTHING
    of_group = Q(case=None)
    if not actor.may(Capability.VIEW_CASES):
        return of_group & _part(actor, "meeting__")
    permitted = SeatPage.objects.filter(page=OuterRef("pk"))
    mine = Q(seat__user=actor.user_id) if actor.user_id is not None else NOTHING
    named = Exists(permitted.filter(mine, seat__organisation__in=actor.organisation_ids))
    asked = Q(named)
    if actor.scope != "own":
        runs = [pathway for pathway, agency in actor.handles if agency is None or agency in actor.organisation_ids]
        plain = (Q(case__restricted=False) | Q(case__pathway__in=runs)) & subject_unrestricted("case__")
        reach = EVERYTHING if actor.may(Capability.VIEW_RESTRICTED) else plain
        asked |= Q(Exists(permitted.filter(seat__user=None, seat__organisation__in=actor.organisation_ids))) & reach
    return _part(actor, "meeting__") & (of_group | seen_by(actor, "case__") | asked)


class MeetingPolicy(Policy[Meeting]):
    """Meetings one's agency holds or is asked to; one about a family only with one of its pages."""

    model = Meeting

    @classmethod
    @settled
    def visible_to(cls, actor: Actor) -> QuerySet[Meeting]:
        if actor.is_system:
            return Meeting.objects.all()
        if not actor.may(Capability.ATTEND_MEETINGS):
            return Meeting.objects.none()
        open_to = Q(covers="none")
        if actor.may(Capability.VIEW_CASES):
            open_to |= Q(covers="cases")
            open_to |= Q(Exists(PagePolicy.visible_to(actor).filter(meeting=OuterRef("pk"))))
        return Meeting.objects.filter(_part(actor), open_to)


class SeatPolicy(Policy[Seat]):
    """Seats of meetings one may know of."""

    model = Seat

    @classmethod
    @settled
    def visible_to(cls, actor: Actor) -> QuerySet[Seat]:
        return Seat.objects.filter(meeting__in=MeetingPolicy.visible_to(actor))


class ReportPolicy(Policy[Report]):
    """Reports about the pages one may see."""

    model = Report

    @classmethod
    @settled
    def visible_to(cls, actor: Actor) -> QuerySet[Report]:
        return Report.objects.filter(page__in=PagePolicy.visible_to(actor))


def holds(actor: Actor, meeting: Meeting) -> bool:
    """Whether the actor keeps this meeting: its agency's, and for one about cases a person who records in them."""
    if actor.is_system:
        return True
    needed = (
        [Capability.ATTEND_MEETINGS] if meeting.covers == "none" else [Capability.ATTEND_MEETINGS, Capability.RECORD_EVENTS]
    )
    return meeting.holder_id in actor.organisation_ids and all(actor.may(one) for one in needed)


def sits(actor: Actor, seat: Seat) -> bool:
    """Whether the actor answers for this seat."""
    if actor.is_system:
        return True
    return seat.organisation_id in actor.organisation_ids and seat.user_id in (None, actor.user_id)
