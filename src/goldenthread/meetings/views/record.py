"""The record of a meeting: as a page to print, as Word, as PDF; each reader has the pages that are theirs."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from goldenthread.foundation import journal
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.pages import actor_of
from goldenthread.foundation.policy import policy
from goldenthread.sharing.chronology.pdf import write_pdf
from goldenthread.sharing.chronology.word import write_word

from ..looks import looked
from ..models import Meeting
from ..queries.one import Sitting, sitting
from ..record import about, attendance, document_of, sections_of

FORMS = {
    "word": (write_word, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    "pdf": (write_pdf, "application/pdf", "pdf"),
}


def _closed(request: HttpRequest, meeting: UUID) -> Sitting | None:
    """A meeting whose record may be read: by those who hold it once it is closed, by others once it has been sent out."""
    found = sitting(actor_of(request), meeting)
    closed = found.meeting.state in (Meeting.State.HELD, Meeting.State.INQUORATE)
    return found if closed and (found.holds or found.meeting.issued_at is not None) else None


@policy(Capability.ATTEND_MEETINGS)
def record(request: HttpRequest, meeting: UUID) -> HttpResponse:
    """The record as a page, which prints as it is."""
    found = _closed(request, meeting)
    if found is None:
        return HttpResponseRedirect(reverse("meetings:meeting", args=[meeting]))
    looked(actor_of(request), found, "meeting.record")
    context = {"found": found, "meeting": found.meeting, "sections": sections_of(found),
               "about": about(found), "attendance": attendance(found)}  # fmt: skip
    return render(request, "meetings/record.html", context)


@policy(Capability.ATTEND_MEETINGS)
def download(request: HttpRequest, meeting: UUID, form: str) -> HttpResponse:
    """The record as a file."""
    if form not in FORMS:
        raise Http404
    found = _closed(request, meeting)
    if found is None:
        return HttpResponseRedirect(reverse("meetings:meeting", args=[meeting]))
    looked(actor_of(request), found, "meeting.record")
    write, media, ending = FORMS[form]
    journal.read(actor_of(request), "meeting.record_file", "meeting", str(meeting), form=form)
    response = HttpResponse(write(document_of(found)), content_type=media)
    response.headers["Content-Disposition"] = f'attachment; filename="meeting-{found.meeting.planned_at:%Y-%m-%d}.{ending}"'
    response.headers["Cache-Control"] = "no-store"
    return response
