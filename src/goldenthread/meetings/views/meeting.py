"""One meeting: who must be there, whose report is in, quorum as it stands; moving it, answering, who came, closing, issuing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from goldenthread.casework.forms.event import EventForm
from goldenthread.casework.policies import CasePolicy
from goldenthread.casework.words import day_words, due_words
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.pages import actor_of
from goldenthread.foundation.policy import policy

from ..actions import (
    AnswerInvitation,
    CancelMeeting,
    ChangeMeeting,
    CloseMeeting,
    IssueRecord,
    MarkAttendance,
    RemoveCase,
    Uninvite,
)
from ..kinds import days_for, recording_for
from ..looks import looked
from ..models import Meeting, Seat
from ..policies import PagePolicy, SeatPolicy
from ..queries.one import Sitting, sitting
from .sheet import Sheet, done, pressed, tried

SUMMARIES = {
    "coming": "green", "deputy": "turquoise", "apologies": "yellow", "": "grey", "came": "green", "absent": "red",
}  # fmt: skip


def address(meeting: Meeting) -> str:
    return reverse("meetings:meeting", args=[meeting.pk])


def kept(actor: Actor, identity: UUID) -> Sitting:
    """A meeting that the actor's agency holds. Raises Http404 where it is another's."""
    found = sitting(actor, identity)
    if not found.holds:
        raise Http404
    return found


@policy(Capability.ATTEND_MEETINGS)
def meeting_page(request: HttpRequest, meeting: UUID) -> HttpResponse:
    """One meeting."""
    actor = actor_of(request)
    found = sitting(actor, meeting)
    looked(actor, found)
    now, here = timezone.now(), found.meeting
    days = days_for(here)
    context = {
        "found": found, "meeting": here, "now": now, "today": timezone.localdate(),
        "day": day_words(timezone.localdate(here.planned_at)),
        "days": days, "colours": SUMMARIES, "begun": here.planned_at <= now,
        "reports_when": due_words(here.reports_due_on, now) if found.open else "",
        "record_when": due_words(here.record_due_on, now) if here.record_due_on and here.issued_at is None else "",
        "again": here.followed_by.first() if found.holds else None, "target": f"?follows={here.pk}",
        "unmarked": sum(1 for chair in found.chairs if not chair.seat.attendance),
        "left": [page for page in found.pages if page.case_id and page.event_id is None and here.state == Meeting.State.HELD],
        "shown_cases": _openable(actor, found),
    }  # fmt: skip
    return render(request, "meetings/meeting.html", context)


def _openable(actor: Actor, found: Sitting) -> set[Any]:
    cases = [page.case_id for page in found.pages if page.case_id is not None]
    return set(CasePolicy.visible_to(actor).filter(pk__in=cases).values_list("pk", flat=True))


@policy(Capability.ATTEND_MEETINGS)
def change(request: HttpRequest, meeting: UUID) -> HttpResponse:
    """Move a meeting, or cancel it."""
    actor = actor_of(request)
    found = kept(actor, meeting)
    here = found.meeting
    sheet = Sheet(request)
    sheet.ask("planned", "When is it?", "moment", hint="For example, 27 11 2026 and 10:30.", default=here.planned_at)
    sheet.ask("place", "Where?", required=False, default=here.place)
    sheet.ask("chair", "Who chairs it?", required=False, default=here.chair)
    sheet.ask("reason", "Why is it cancelled?", "long_text", required=False)
    if sheet.sent and request.POST.get("step") == "cancel":
        if tried(sheet, lambda: CancelMeeting(actor).run(here, sheet.words("reason"))) is not None:
            return done(request, "The meeting is cancelled. Everybody has been told.", address(here))
    elif sheet.sent:
        planned = sheet.moment("planned", "The day of the meeting")
        if planned is not None and not sheet.errors:
            act = ChangeMeeting(actor)
            if tried(sheet, lambda: act.run(here, planned, sheet.words("place"), sheet.words("chair"))) is not None:
                return done(request, "The meeting has been changed.", address(here))
    looked(actor, found, "meeting.form")
    return render(request, "meetings/change.html", {"found": found, "meeting": here, "sheet": sheet},
                  status=422 if sheet.errors else 200)  # fmt: skip


@policy(Capability.ATTEND_MEETINGS)
def answer(request: HttpRequest, seat: UUID) -> HttpResponse:
    """Say whether one comes."""
    actor = actor_of(request)
    found = sitting(actor, SeatPolicy.get(actor, pk=seat).meeting_id)
    here, mine = next((chair.seat, chair.mine) for chair in found.chairs if chair.seat.pk == seat)
    if not (mine or found.holds) or not found.open:
        raise Http404
    sheet = Sheet(request)
    options = [("coming", "Coming"), ("deputy", "Somebody else comes instead"), ("apologies", "Cannot come: apologies")]
    sheet.ask("answer", "Will they come?" if not mine else "Will you come?", "radios", options=options, default=here.answer)
    sheet.ask("words", "Who comes instead, or anything the chair should know", required=False, default=here.answer_words)
    if sheet.sent:
        act = AnswerInvitation(actor)
        if tried(sheet, lambda: act.run(here, sheet.choice("answer"), sheet.words("words"))) is not None:
            return done(request, "Your answer has been sent.", address(found.meeting))
    looked(actor, found, "meeting.form")
    context = {"found": found, "meeting": found.meeting, "seat": here, "sheet": sheet, "mine": mine}
    return render(request, "meetings/answer.html", context, status=422 if sheet.errors else 200)


@policy(Capability.ATTEND_MEETINGS)
def uninvite(request: HttpRequest, seat: UUID) -> HttpResponse:
    """POST: take an invitation back."""
    actor = actor_of(request)
    here = SeatPolicy.get(actor, pk=seat)
    return _pressed(request, here.meeting_id, "The invitation has been taken back.", lambda: Uninvite(actor).run(here))


@policy(Capability.ATTEND_MEETINGS)
def remove_case(request: HttpRequest, page: UUID) -> HttpResponse:
    """POST: take a case off a meeting."""
    actor = actor_of(request)
    here = PagePolicy.get(actor, pk=page)
    return _pressed(request, here.meeting_id, "The case is off this meeting.", lambda: RemoveCase(actor).run(here))


def _pressed(request: HttpRequest, meeting: UUID, words: str, act: Callable[[], Any]) -> HttpResponse:
    """What a single button on the page of a meeting does, for the agency that holds it."""
    there = address(kept(actor_of(request), meeting).meeting)
    return pressed(request, words, there, act) if request.method == "POST" else HttpResponseRedirect(there)


@policy(Capability.ATTEND_MEETINGS)
def attendance(request: HttpRequest, meeting: UUID) -> HttpResponse:
    """The attendance sheet."""
    actor = actor_of(request)
    found = kept(actor, meeting)
    here = found.meeting
    if not found.open:
        return HttpResponseRedirect(address(here))
    sheet = Sheet(request)
    for chair in found.chairs:
        seat, options = chair.seat, [("came", "Came"), ("deputy", "Somebody else came"), ("absent", "Nobody came")]
        guess = seat.attendance or {"coming": "came", "deputy": "deputy", "apologies": "absent"}.get(seat.answer, "")
        sheet.ask(f"mark-{seat.pk}", _named(seat), "radios", options=options, default=guess)
        sheet.ask(f"who-{seat.pk}", "Who?", required=False, default=seat.who_came or seat.name)
    if sheet.sent:
        marks = {
            chair.seat.pk: (sheet.choice(f"mark-{chair.seat.pk}"), sheet.words(f"who-{chair.seat.pk}"))
            for chair in found.chairs if sheet.choice(f"mark-{chair.seat.pk}")
        }  # fmt: skip
        if tried(sheet, lambda: MarkAttendance(actor).run(here, marks)) is not None:
            return done(request, "Who came has been kept.", address(here))
    looked(actor, found, "meeting.form")
    return render(request, "meetings/attendance.html", {"found": found, "meeting": here, "sheet": sheet},
                  status=422 if sheet.errors else 200)  # fmt: skip


def _named(seat: Seat) -> str:
    title = seat.organisation.title if seat.organisation is not None else seat.name
    return seat.title if title in ("", seat.title) else f"{seat.title}: {title}"


@policy(Capability.ATTEND_MEETINGS)
def close(request: HttpRequest, meeting: UUID) -> HttpResponse:
    """Close a meeting: it decided, or it could not."""
    actor = actor_of(request)
    found = kept(actor, meeting)
    here = found.meeting
    if not found.open:
        return HttpResponseRedirect(address(here))
    sheet = Sheet(request)
    empty = [chair.seat.title for chair in found.chairs if chair.seat.must and not chair.seat.came]
    short = not found.stands.quorate
    if short:
        options = [("no", "No: too few came. It meets again"), ("yes", "Yes, all the same")]
        if found.kind.quorum is not None and not found.kind.quorum.may_go_on:
            options = options[:1]
        sheet.ask("decides", "Did it decide?", "radios", options=options)
    if short or empty:
        hint = f"Nobody came for: {', '.join(empty)}." if empty else ""
        sheet.ask("why", "If it decided, why could it without them?", "long_text", hint=hint, required=False)
    extra = _inquorate_form(sheet, found) if short else None
    if sheet.sent:
        decides = sheet.choice("decides") == "yes" if short else True
        if short and not sheet.choice("decides"):
            sheet["decides"].wrong("Choose whether it decided")
        elif (given := _given(extra, sheet) if extra is not None and not decides else {}) is not None:
            why = sheet.words("why") if "why" in sheet.fields else ""
            if tried(sheet, lambda: CloseMeeting(actor).run(here, decides, why, given)) is not None:
                said = (
                    "The meeting is closed, and what it decided is in each case."
                    if decides
                    else "It could not decide. Arrange the next sitting."
                )
                return done(request, said, address(here))
    looked(actor, found, "meeting.form")
    context = {
        "found": found, "meeting": here, "sheet": sheet, "short": short, "empty": empty, "extra": extra,
        "questions": _asked_of(found, extra),
        "unmarked": [chair.seat.title for chair in found.chairs if not chair.seat.attendance],
    }  # fmt: skip
    return render(request, "meetings/close.html", context, status=422 if sheet.errors else 200)


def _inquorate_form(sheet: Sheet, found: Sitting) -> EventForm | None:
    """The questions of the event that says a meeting could not decide; the first case's, where there are several."""
    page = next((one for one in found.pages if one.case is not None), None)
    told = recording_for(found.kind, page.case) if page is not None and page.case is not None else None
    if told is None or told[0].inquorate is None:
        return None
    typed = sheet.typed if sheet.sent else None
    return EventForm(told[1], told[0].inquorate, typed=typed, occurred=timezone.localdate())


def _asked_of(found: Sitting, form: EventForm | None) -> list[Any]:
    page = next((one for one in found.pages if one.case is not None), None)
    told = recording_for(found.kind, page.case) if page is not None and page.case is not None else None
    filled = set(told[0].fills) if told else set()
    return [asked for asked in form.questions if asked.name not in filled] if form is not None else []


def _given(form: EventForm, sheet: Sheet) -> Mapping[str, Any] | None:
    """The answers to the questions of an event; None where one cannot be read, which is then marked."""
    given = form.read()[1]
    wrong = [asked for asked in form.questions if asked.errors]
    sheet.others += [message for asked in wrong for message in asked.errors]
    return None if wrong else given


@policy(Capability.ATTEND_MEETINGS)
def issue(request: HttpRequest, meeting: UUID) -> HttpResponse:
    """Send out the record."""
    actor = actor_of(request)
    found = kept(actor, meeting)
    here = found.meeting
    if here.issued_at is not None or here.state not in (Meeting.State.HELD, Meeting.State.INQUORATE):
        return HttpResponseRedirect(address(here))
    sheet = Sheet(request)
    agencies = list(dict.fromkeys(one.seat.organisation.title for one in found.chairs if one.seat.organisation is not None))
    family = [one.seat.title for one in found.chairs if one.seat.organisation is None]
    default = "; ".join([*agencies, *family])[:500]
    sheet.ask("to_whom", "To whom does it go?", "long_text", default=default,
              hint="Every agency asked is told that it is here to read. Give or post it to the family yourself.")  # fmt: skip
    if sheet.sent and tried(sheet, lambda: IssueRecord(actor).run(here, sheet.words("to_whom"))) is not None:
        return done(request, "The record has been sent out.", address(here))
    looked(actor, found, "meeting.form")
    return render(request, "meetings/issue.html", {"found": found, "meeting": here, "sheet": sheet},
                  status=422 if sheet.errors else 200)  # fmt: skip
