"""What every action on a meeting does: hold its row, check who keeps it, write in the case, tell agencies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import transaction
from django.urls import reverse

from goldenthread.agencies.models import Organisation
from goldenthread.casework.actions import RecordEvent
from goldenthread.casework.actions.appending import CaseAction, Occurred
from goldenthread.casework.models import Case, Event
from goldenthread.foundation.action import Invalid, Stale
from goldenthread.foundation.actor import NotAllowed
from goldenthread.foundation.capability import Capability
from goldenthread.sharing.actions.notices import Notify

from ..kinds import kind_of, recording_for
from ..models import Meeting, Page, Report, Seat
from ..policies import MeetingPolicy, PagePolicy, holds, sits

Result = TypeVar("Result")


class MeetingAction(CaseAction[Result]):
    """An action on a meeting."""

    needs = Capability.ATTEND_MEETINGS

    def held(self, meeting: Meeting, version: int | None = None, *, keeper: bool = True) -> Meeting:
        """The meeting as it is now, locked. Raises NotAllowed if unseen or kept by another agency, Stale."""
        rows = MeetingPolicy.visible_to(self.actor).filter(pk=meeting.pk)
        if not rows.exists():
            raise NotAllowed("There is no such meeting, or you may not see it.")
        found = Meeting.objects.select_for_update(of=("self",)).select_related("holder", "group").get(pk=meeting.pk)
        if keeper and not holds(self.actor, found):
            raise NotAllowed(f"Only {found.holder.title}, which holds this meeting, can do this.")
        if version is not None and found.version != version:
            raise Stale(version, found.version)
        return found

    def still_open(self, meeting: Meeting) -> None:
        if meeting.state != Meeting.State.ARRANGED:
            raise Invalid(f"This meeting is closed: {meeting.get_state_display().lower()}. Nothing in it can be changed.")

    def page(self, page: Page) -> Page:
        """A page one may see, locked. Lock its meeting before it (`held`): two who write at once then wait in turn."""
        if not PagePolicy.visible_to(self.actor).filter(pk=page.pk).exists():
            raise NotAllowed("There is no such page, or you may not see it.")
        return Page.objects.select_for_update(of=("self",)).select_related("case__subject", "case__lead").get(pk=page.pk)

    def changed(self, meeting: Meeting, **detail: Any) -> Meeting:
        meeting.version += 1
        meeting.save()
        self.note("meeting", meeting.pk, **detail)
        return meeting

    def say(
        self, meeting: Meeting, case: Case, event: str, occurred: Occurred, data: Mapping[str, Any],
        organisation: Organisation | None = None,
    ) -> Event:  # fmt: skip
        """Record an event of a case that one sees, for the agency that holds the meeting."""
        return RecordEvent(self.actor).run(case, event, occurred, data, organisation=organisation or meeting.holder)

    def say_if_fits(
        self, meeting: Meeting, case: Case, event: str, occurred: Occurred, data: Mapping[str, Any],
        organisation: Organisation | None = None,
    ) -> Event | None:  # fmt: skip
        """The same, where the case stands so that it can be said: what is arranged is arranged all the same."""
        try:
            with transaction.atomic():
                return self.say(meeting, case, event, occurred, data, organisation)
        except (Invalid, NotAllowed):
            return None

    def say_shared(self, meeting: Meeting, report: Report) -> Event | None:
        """Say in the case that the family had a report, where guidance has an event for it. Whoever is only asked to the
        meeting cannot write in the case: then whoever holds the meeting says it when it is closed."""
        case = report.page.case
        found = recording_for(kind_of(meeting), case) if case is not None else None
        if case is None or found is None or found[0].shared is None or report.shared_on is None:
            return None
        shared, agency = found[0].shared, report.seat.organisation
        data: dict[str, Any] = {}
        if shared.agency and agency is not None:
            data[shared.agency] = agency.slug
        if shared.with_family:
            data[shared.with_family] = True
        mine = agency if agency is not None and sits(self.actor, report.seat) else meeting.holder
        return self.say_if_fits(meeting, case, shared.event, report.shared_on, data, mine)

    def tell(self, meeting: Meeting, seat: Seat, kind: str, words: str, case: Case | None) -> None:
        """Tell a seat's agency, or the one person of it who is asked. Words name nobody."""
        if seat.organisation is None:
            return
        whom = {"user": seat.user} if seat.user is not None else {"organisation": seat.organisation}
        narrow = ""
        if case is not None and (case.restricted or case.subject.restricted):
            narrow = Capability.VIEW_RESTRICTED.value
        Notify(self.actor).run(
            f"meeting.{kind}", words, capability=narrow if seat.user is None else "",
            address=reverse("meetings:meeting", args=[meeting.pk]), **whom,
        )  # fmt: skip
