"""Asking somebody else to a meeting, taking an invitation back, and answering one."""

from __future__ import annotations

from django.utils import timezone

from goldenthread.foundation.action import Invalid
from goldenthread.foundation.actor import NotAllowed

from ..kinds import kind_of
from ..models import Meeting, Page, Seat
from ..policies import holds, sits
from .arranging import SeatGiven, Seating
from .common import MeetingAction


class Invite(Seating):
    """Ask another agency, or somebody of the family, to a meeting."""

    name = "meetings.invite"

    def perform(self, meeting: Meeting, given: SeatGiven) -> Seat:  # type: ignore[override]  # a seat, of a meeting
        found = self.held(meeting)
        self.still_open(found)
        if given.organisation is not None and given.user is None:
            same = Seat.objects.filter(meeting=found, organisation=given.organisation, rule=given.rule, user=None)
            if same.exists():
                raise Invalid({"organisation": f"{given.organisation.title} is asked for this seat already"})
        pages = list(Page.objects.filter(meeting=found).select_related("case__subject", "case__lead"))
        made = self.seat(found, kind_of(found), given, pages)
        self.note("meeting", found.pk, seat=str(made.pk))
        return made


class Uninvite(MeetingAction[Meeting]):
    """Take back an invitation to which nothing has been answered or sent."""

    name = "meetings.uninvite"

    def perform(self, seat: Seat) -> Meeting:
        found = self.held(seat.meeting)
        self.still_open(found)
        here = Seat.objects.get(pk=seat.pk, meeting=found)
        if here.answered_at is not None or here.attendance or here.reports.exclude(received_at=None).exists():
            raise Invalid("They have answered or sent something, so the invitation stays.")
        self.note("meeting", found.pk, uninvited=here.organisation_id)
        here.delete()
        return found


class AnswerInvitation(MeetingAction[Seat]):
    """Say whether one comes. The agency asked answers, or whoever holds the meeting writes down what it was told."""

    name = "meetings.answer"

    def perform(self, seat: Seat, answer: str, words: str = "") -> Seat:
        meeting = self.held(seat.meeting, keeper=False)
        self.still_open(meeting)
        here = Seat.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=seat.pk, meeting=meeting)
        if not (sits(self.actor, here) or holds(self.actor, meeting)):
            raise NotAllowed("This invitation is not yours to answer.")
        if answer not in Seat.Answer.values or not answer:
            raise Invalid({"answer": "Choose whether you come"})
        if answer == Seat.Answer.DEPUTY and not words.strip():
            raise Invalid({"words": "Say who comes instead"})
        here.answer, here.answer_words, here.answered_at = answer, words.strip()[:300], timezone.now()
        here.answered_by_id = self.actor.user_id
        here.save()
        self.note("meeting", meeting.pk, seat=str(here.pk), answer=answer)
        return here
