"""Sending a report to a meeting, and saying when the family had it."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from goldenthread.casework.actions import AddDocument
from goldenthread.casework.documents import Upload
from goldenthread.casework.models import Document
from goldenthread.clocks.calendar import local_day
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.actor import NotAllowed

from ..models import Report
from ..policies import ReportPolicy, holds, sits
from .common import MeetingAction

LONGEST = 50_000


class ReportAction(MeetingAction[Report]):
    """An action on a report."""

    def report(self, report: Report) -> Report:
        """A report one may send, locked after its meeting, which is still open and cannot be closed meanwhile."""
        if not ReportPolicy.visible_to(self.actor).filter(pk=report.pk).exists():
            raise NotAllowed("There is no such report, or you may not see it.")
        self.still_open(self.held(report.page.meeting, keeper=False))
        rows = Report.objects.select_for_update(of=("self",))
        found = rows.select_related("page__meeting__holder", "page__case__subject", "page__case__lead", "seat__organisation")
        here = found.get(pk=report.pk)
        if not (sits(self.actor, here.seat) or holds(self.actor, here.page.meeting)):
            raise NotAllowed("This report is another agency’s to send.")
        return here


class SendReport(ReportAction):
    """Send a report, as words, as a file, or both. Sent again it replaces what was sent, until the meeting is closed; the day
    it first came is what counts."""

    name = "meetings.send_report"

    def perform(self, report: Report, text: str, upload: Upload | None = None, at: datetime | None = None) -> Report:
        here = self.report(report)
        if at is not None and not self.actor.is_system:
            raise NotAllowed("The day a report came is the day it is sent.")
        if not text.strip() and upload is None and here.document_id is None:
            raise Invalid({"text": "Write the report, or add it as a file"})
        if len(text) > LONGEST:
            raise Invalid({"text": f"The report must be {LONGEST:,} characters or fewer. Add a longer one as a file"})
        here.document = self._kept(here, upload) or here.document
        here.text = text.strip()
        if here.received_at is None:
            here.received_at = at or timezone.now()
            here.received_on = local_day(here.received_at)
        here.received_by_id = self.actor.user_id
        here.save()
        self.note("meeting", here.page.meeting_id, report=str(here.pk), document=str(here.document_id or ""))
        if here.page.case_id is not None:
            self.note("case", here.page.case_id, report=str(here.pk), organisation=here.seat.organisation_id)
        return here

    def _kept(self, here: Report, upload: Upload | None) -> Document | None:
        if upload is None:
            return None
        if here.page.case is None:
            raise Invalid({"upload": "A file is kept with a case, and this meeting is about none. Write the report instead"})
        try:
            return AddDocument(self.actor).run(here.page.case, f"Report: {here.seat.title}", upload)
        except NotAllowed as error:
            raise Invalid(
                {"upload": "A file is kept with the case, which is not yours to add to. Write the report instead"}
            ) from error


class ShareReport(ReportAction):
    """Say on which day the family had the report. It is recorded in the case, where the pathway has an event for it."""

    name = "meetings.share_report"

    def perform(self, report: Report, on: date) -> Report:
        here = self.report(report)
        meeting = here.page.meeting
        if here.received_at is None:
            raise Invalid({"shared_on": "The report has not been sent in yet"})
        if on > timezone.localdate():
            raise Invalid({"shared_on": "The day must be today or in the past"})
        first = here.shared_on is None
        here.shared_on = on
        here.save(update_fields=["shared_on"])
        self.note("meeting", meeting.pk, report=str(here.pk), shared_on=on.isoformat())
        if first:
            here.event = self.say_shared(meeting, here)
            here.save(update_fields=["event"])
        return here
