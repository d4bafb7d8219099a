"""Arranging a meeting, moving it, cancelling it, and what cases it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max
from django.utils import timezone

from goldenthread.agencies.models import Group, Organisation, User
from goldenthread.casework.actions.allocate import works_for
from goldenthread.casework.models import Case
from goldenthread.clocks.calendar import local_day
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.actor import NotAllowed
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.library import arrangement_for
from goldenthread.guidance.meeting import MeetingKind

from ..inviting import against_inviting, ruling_kept
from ..kinds import day_in, kind_of, kinds, planned_days, recording_for
from ..models import Meeting, Page, Report, Seat, SeatPage
from .common import MeetingAction

ASKED_WORDS = "Your agency is asked to a meeting. Please answer, and send your report if one is asked for"
MOVED_WORDS = "A meeting that your agency is asked to has been moved. Please look at the new day and answer again"
CANCELLED_WORDS = "A meeting that your agency was asked to has been cancelled"
LONGEST = 200


@dataclass(frozen=True, slots=True)
class SeatGiven:
    """Somebody to be asked: a seat of the kind's file (or a title of its own), and the agency or the person of the family."""

    rule: str = ""
    organisation: Organisation | None = None
    user: User | None = None
    name: str = ""
    title: str = ""


class Seating(MeetingAction[Meeting]):
    """What arranging and inviting share: seats, who may see which page, and reports asked."""

    def seat(self, meeting: Meeting, kind: MeetingKind, given: SeatGiven, pages: Sequence[Page]) -> Seat:
        """Ask somebody. Raises Invalid where an agreement stands against it in a meeting about one family."""
        rule = kind.seats.get(given.rule)
        organisation = given.organisation
        if rule is not None and rule.family != (organisation is None):
            raise Invalid(
                {
                    given.rule: f"Choose an agency for the seat “{rule.title}”"
                    if not rule.family
                    else "This seat is the family’s"
                }
            )
        if organisation is None and not (given.name.strip() or rule):
            raise Invalid({given.rule or "organisation": "Choose who is asked"})
        if organisation is not None and not organisation.active:
            raise Invalid({given.rule or "organisation": f"{organisation.title} is closed. Choose another agency"})
        if rule is not None and organisation is not None and organisation.kind not in rule.kinds:
            raise Invalid({given.rule: f"{organisation.title} is not of a kind that fills the seat “{rule.title}”"})
        if given.user is not None and (organisation is None or not works_for(given.user, organisation)):
            raise Invalid({given.rule or "user": f"{given.user} does not work for that agency"})
        seen = self._seen(meeting, organisation, pages, given.rule)
        last = Seat.objects.filter(meeting=meeting).aggregate(last=Max("position"))["last"] or 0
        title = given.title or (rule.title if rule else organisation.title if organisation else given.name)
        made = Seat.objects.create(
            meeting=meeting, rule=given.rule if rule else "", title=title[:LONGEST], organisation=organisation, user=given.user,
            name=given.name.strip()[:LONGEST], must=bool(rule and rule.must), report=bool(rule and rule.report),
            position=last + 1, asked_at=timezone.now(),
        )  # fmt: skip
        for page in seen:
            self.show(made, page)
        family = next((page.case for page in pages if page.case is not None), None) if meeting.covers == "family" else None
        self.tell(meeting, made, "asked", ASKED_WORDS, family)
        return made

    def _seen(self, meeting: Meeting, organisation: Organisation | None, pages: Sequence[Page], rule: str) -> list[Page]:
        """The pages a seat may see. About one family all of them, or the invitation is refused; about many cases those that
        the agreements permit, and the others are as if they were not there."""
        if organisation is None:
            return []
        found = []
        for page in pages:
            why = against_inviting(self.actor, page.case, organisation) if page.case is not None else ""
            if not why:
                found.append(page)
            elif meeting.covers == "family":
                raise Invalid({rule or "organisation": f"{organisation.title} cannot be asked. {why}"})
        return found

    def show(self, seat: Seat, page: Page) -> None:
        """Let a seat see a page, and ask its report."""
        if page.case is None or seat.organisation is None:
            return
        SeatPage.objects.get_or_create(seat=seat, page=page, defaults={"ruling": ruling_kept(page.case, seat.organisation)})
        if seat.report:
            Report.objects.get_or_create(seat=seat, page=page, defaults={"asked_at": timezone.now()})
        self.note("case", page.case.pk, meeting=str(page.meeting_id), organisation=seat.organisation.pk)

    def add_page(self, meeting: Meeting, kind: MeetingKind, case: Case) -> Page:
        case = self.locked(case)
        if case.pathway not in kind.records:
            raise Invalid({"cases": f"{case.reference} is not of a kind that this meeting is about"})
        if not case.is_open:
            raise Invalid({"cases": f"{case.reference} is closed"})
        if Page.objects.filter(meeting=meeting, case=case).exists():
            raise Invalid({"cases": f"{case.reference} has a page at this meeting already"})
        last = Page.objects.filter(meeting=meeting).aggregate(last=Max("position"))["last"] or 0
        page = Page.objects.create(meeting=meeting, case=case, position=last + 1)
        self.note("case", case.pk, meeting=str(meeting.pk), page=str(page.pk))
        return page

    def say_arranged(self, meeting: Meeting, kind: MeetingKind, page: Page) -> None:
        """Say in the case that the meeting is planned, where guidance has an event for that."""
        found = recording_for(kind, page.case) if page.case is not None else None
        if found and found[0].arranged is not None and page.case is not None:
            arranged = found[0].arranged
            planned = local_day(meeting.planned_at).isoformat()
            self.say_if_fits(meeting, page.case, arranged.event, timezone.now(), {arranged.day: planned})

    def set_days(self, meeting: Meeting, kind: MeetingKind) -> None:
        days = planned_days(kind, meeting.planned_at, meeting.arrangement)
        meeting.reports_due_on, meeting.shared_due_on = day_in(days.reports), day_in(days.shared)


class ArrangeMeeting(Seating):
    """Arrange a meeting and ask everybody to it."""

    name = "meetings.arrange"

    def perform(
        self, kind_id: str, holder: Organisation, planned_at: datetime, *, cases: Sequence[Case] = (),
        seats: Sequence[SeatGiven] = (), place: str = "", chair: str = "", group: Group | None = None,
        follows: Meeting | None = None,
    ) -> Meeting:  # fmt: skip
        kind = kinds().get(kind_id)
        if kind is None:
            raise Invalid({"kind": "Choose what kind of meeting it is"})
        if not self.actor.is_system and holder.pk not in self.actor.organisation_ids:
            raise NotAllowed(f"You do not act for {holder.title}.")
        if holder.kind not in kind.held_by:
            raise Invalid({"kind": f"{holder.title} is not of a kind that holds this meeting"})
        if kind.covers != "none":
            self.actor.require(Capability.RECORD_EVENTS)
        if kind.covers == "family" and not cases:
            raise Invalid({"cases": "Choose the case that the meeting is about"})
        if kind.covers == "none" and (cases or group is None):
            raise Invalid({"group": "Choose the group that meets"})
        if follows is not None:
            follows = self.held(follows)
            if follows.state != Meeting.State.INQUORATE or follows.followed_by.exists():
                raise Invalid("Only a meeting that could not decide is held again, and only once.")
        arrangement = cases[0].arrangement if cases else arrangement_for(None)
        meeting = Meeting(
            kind=kind.id, covers=kind.covers, holder=holder, group=group, arrangement=arrangement, planned_at=planned_at,
            place=place.strip()[:LONGEST], chair=chair.strip()[:LONGEST], arranged_at=timezone.now(),
            arranged_by_id=self.actor.user_id, follows=follows,
        )  # fmt: skip
        self.set_days(meeting, kind)
        meeting.save(force_insert=True)
        pages = [self.add_page(meeting, kind, case) for case in cases]
        if kind.covers == "none":
            pages = [Page.objects.create(meeting=meeting)]
        wrong: dict[str, list[str]] = {}
        for given in seats:
            try:
                self.seat(meeting, kind, given, pages)
            except Invalid as error:  # all that is wrong is said at once; nothing is kept
                for name, messages in error.errors.items():
                    wrong.setdefault(name, []).extend(messages)
        if wrong:
            raise Invalid(wrong)
        for page in pages:
            self.say_arranged(meeting, kind, page)
        self.note("meeting", meeting.pk, kind=kind.id, seats=len(seats), pages=len(pages))
        return meeting


class ChangeMeeting(Seating):
    """Move a meeting, or change where it is and who chairs it. Whoever answered is asked again where the day moves."""

    name = "meetings.change"

    def perform(self, meeting: Meeting, planned_at: datetime, place: str, chair: str, version: int | None = None) -> Meeting:
        found = self.held(meeting, version)
        self.still_open(found)
        moved = planned_at != found.planned_at
        found.planned_at, found.place, found.chair = planned_at, place.strip()[:LONGEST], chair.strip()[:LONGEST]
        kind = kind_of(found)
        self.set_days(found, kind)
        self.changed(found, moved=moved)
        if moved:
            Seat.objects.filter(meeting=found).update(answer="", answered_at=None, answer_words="")
            pages = list(Page.objects.filter(meeting=found).select_related("case__subject", "case__lead"))
            family = next((page.case for page in pages if page.case), None) if found.covers == "family" else None
            for page in pages:
                self.say_arranged(found, kind, page)
            for seat in found.seats.select_related("organisation", "user"):
                self.tell(found, seat, "moved", MOVED_WORDS, family)
        return found


class CancelMeeting(MeetingAction[Meeting]):
    """Cancel a meeting that has not been held, with the reason."""

    name = "meetings.cancel"

    def perform(self, meeting: Meeting, reason: str, version: int | None = None) -> Meeting:
        found = self.held(meeting, version)
        self.still_open(found)
        if not reason.strip():
            raise Invalid({"reason": "Say why it is cancelled: those who were asked read it"})
        found.state, found.reason, found.closed_at = Meeting.State.CANCELLED, reason.strip(), timezone.now()
        found.closed_by_id = self.actor.user_id
        self.changed(found, state=found.state)
        case = None
        if found.covers == "family":
            case = next((page.case for page in found.pages.select_related("case__subject") if page.case), None)
        for seat in found.seats.select_related("organisation", "user"):
            self.tell(found, seat, "cancelled", CANCELLED_WORDS, case)
        return found


class AddCase(Seating):
    """Give another case a page at a meeting about many cases, or about a family. Seats that may not know of it do not see it."""

    name = "meetings.add_case"

    def perform(self, meeting: Meeting, case: Case) -> Page:  # type: ignore[override]  # a page, of a meeting
        found = self.held(meeting)
        self.still_open(found)
        kind = kind_of(found)
        if kind.covers == "none":
            raise Invalid({"cases": "This meeting is about no case"})
        page = self.add_page(found, kind, case)
        for seat in found.seats.select_related("organisation", "user"):
            if page in self._seen(found, seat.organisation, [page], "cases"):
                self.show(seat, page)
        self.say_arranged(found, kind, page)
        return page


class RemoveCase(MeetingAction[Meeting]):
    """Take a page off a meeting on which nothing has been written yet."""

    name = "meetings.remove_case"

    def perform(self, page: Page) -> Meeting:
        found = self.held(page.meeting)
        here = self.page(page)
        self.still_open(found)
        written = here.discussion or here.answers or here.decisions.exists() or here.actions.exists()
        if written or here.reports.exclude(received_at=None).exists():
            raise Invalid("Something has been written or sent about this case, so its page stays.")
        if here.case is None or (found.covers == "family" and found.pages.count() == 1):
            raise Invalid("The meeting is about this. Cancel it instead.")
        self.note("case", here.case.pk, meeting=str(found.pk), removed=True)
        here.delete()
        return found
