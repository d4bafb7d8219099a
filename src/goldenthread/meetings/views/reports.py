"""A report to a meeting: read it, send it, say when the family had it."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from goldenthread.casework.policies import CasePolicy
from goldenthread.foundation import journal
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.pages import actor_of
from goldenthread.foundation.policy import policy

from ..actions import SendReport, ShareReport
from ..kinds import title_of
from ..models import Meeting
from ..policies import ReportPolicy, holds, sits
from .sheet import Sheet, done, tried


@policy(Capability.ATTEND_MEETINGS)
def report(request: HttpRequest, report: UUID) -> HttpResponse:
    """One report."""
    actor = actor_of(request)
    rows = ReportPolicy.visible_to(actor).select_related(
        "page__meeting__group", "page__case__subject", "page__case__about", "seat__organisation", "document"
    )
    here = rows.filter(pk=report).first()
    if here is None:
        raise Http404
    meeting = here.page.meeting
    mine = sits(actor, here.seat) or holds(actor, meeting)
    may_write = mine and meeting.state == Meeting.State.ARRANGED
    sees = here.page.case_id is not None and CasePolicy.visible_to(actor).filter(pk=here.page.case_id).exists()
    sheet = Sheet(request)
    sheet.ask("text", "The report", "long_text", required=False, default=here.text,
              hint="What you know, what is going well, what worries you, and what the child has said.")  # fmt: skip
    sheet["text"].limit = 50_000
    may_file = sees and actor.may(Capability.ADD_DOCUMENTS)
    sheet.ask("shared_on", "When did the family have it?", "date", required=False, default=here.shared_on,
              hint="For example, 27 3 2026.")  # fmt: skip
    if sheet.sent and may_write and request.POST.get("step") == "share":
        on = sheet.day("shared_on", "The day the family had it")
        if on is None and not sheet.errors:
            sheet["shared_on"].wrong("Enter the day the family had it")
        elif on is not None and tried(sheet, lambda: ShareReport(actor).run(here, on)) is not None:
            return done(request, "Kept: the family has had the report.", reverse("meetings:report", args=[here.pk]))
    elif sheet.sent and may_write:
        upload = request.FILES.get("upload") if may_file else None
        if tried(sheet, lambda: SendReport(actor).run(here, sheet.words("text"), upload)) is not None:
            return done(request, "The report has been sent.", reverse("meetings:report", args=[here.pk]))
    if here.page.case_id is not None:
        journal.read(actor, "meeting.report", "case", str(here.page.case_id), report=str(here.pk))
    journal.read(actor, "meeting.report", "meeting", str(meeting.pk), report=str(here.pk))
    due = meeting.reports_due_on
    context = {
        "report": here, "meeting": meeting, "title": title_of(meeting), "sheet": sheet, "may_write": may_write,
        "may_file": may_file, "sees": sees, "due": due,
        "late": due is not None and (here.received_on or timezone.localdate()) > due,
        "shared_late": bool(here.shared_on and meeting.shared_due_on and here.shared_on > meeting.shared_due_on),
    }  # fmt: skip
    return render(request, "meetings/report.html", context, status=422 if sheet.errors else 200)
