"""The pages of meetings, as those who use them see them."""

from __future__ import annotations

import io
from datetime import timedelta

import docx
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from goldenthread.casework.models import Case, Event
from goldenthread.casework.tests.visitors import values, words
from goldenthread.foundation.models import Draft, JournalEntry
from goldenthread.meetings.models import Meeting, Page, Report

from .scene import Scene, came, earlier_today


def boxes(name: str, when: object, clock: str = "") -> dict[str, str]:
    parts = {f"{name}-day": str(when.day), f"{name}-month": str(when.month), f"{name}-year": str(when.year)}
    return {**parts, f"{name}-time": clock} if clock else parts


@pytest.fixture
def officer(here: Scene) -> Client:
    return here.client("reviewing_officer", here.place.reviewing)


def url(name: str, *args: object) -> str:
    return reverse(f"meetings:{name}", args=args)


def test_a_conference_from_the_case_to_the_issued_record(here: Scene, officer: Client) -> None:
    shown = words(officer.get(reverse("casework:case", args=[here.case.pk])))
    assert "Meetings None yet. Arrange a meeting" in shown
    form = officer.get(url("arrange", here.case.pk))
    proposed = values(form)
    assert proposed["seat-childrens_social_care"] == ["County care"], "who is part of the case is proposed"
    assert proposed["seat-police"] == ["County police"], "who must be there is proposed where there is only one"
    refused = officer.post(url("arrange", here.case.pk), {"seat-police": "County polise"})
    assert refused.status_code == 422
    assert "No agency has that name" in words(refused) and "Enter the day of the meeting" in words(refused)
    began = timezone.localtime(earlier_today(3))
    sent = {**boxes("planned", began.date(), f"{began:%H:%M}"), "place": "Room 1", "chair": "Ann Cole"}
    sent |= {"seat-childrens_social_care": "County care", "seat-police": "County police", "seat-school": "Hill school"}
    sent |= {"seat-mother": "Nadia Hussain"}
    assert officer.post(url("arrange", here.case.pk), sent).status_code == 302
    meeting = Meeting.objects.get()
    assert "Review child protection conference" in words(officer.get(reverse("casework:case", args=[here.case.pk])))

    teacher = here.client("school_safeguarding_lead", here.place.school)
    assert "1 report for meetings to send" in words(teacher.get(reverse("casework:my-work")))
    report = Report.objects.get(seat__organisation=here.place.school)
    assert "Send the report" in words(teacher.get(url("list") + "?show=reports"))
    assert teacher.post(url("report", report.pk), {"text": "Amira comes every day."}).status_code == 302
    day = boxes("shared_on", timezone.localdate())
    assert teacher.post(url("report", report.pk), {"step": "share", **day}).status_code == 302
    assert "The family had it on" in words(teacher.get(url("report", report.pk)))

    page = Page.objects.get()
    written = {
        "_version": "1", "discussion": "All spoke.", "outcome": "continue", "child_said": "I like it here.",
        "decision-0": "The plan goes on.", "decision-0-agency-0": "County police", "decision-0-why-0": "Nights are not safe.",
        "agreed-0-agency": "Hill school", "agreed-0-what": "Breakfast every day.", **boxes("agreed-0-due", timezone.localdate()),
        "_step": "agreed",
    }  # fmt: skip
    assert officer.post(url("page", page.pk), written).status_code == 302
    kept = values(officer.get(url("page", page.pk)))
    assert kept["decision-0"] == ["The plan goes on."] and kept["decision-0-agency-0"] == ["County police"]
    assert kept["decision-1"] == [""] and "agreed-1-what" in kept and "attended" not in kept and "dissent" not in kept
    marks = {f"mark-{seat.pk}": "came" for seat in meeting.seats.all()}
    assert officer.post(url("attendance", meeting.pk), marks).status_code == 302
    assert officer.post(url("close", meeting.pk), {}).status_code == 302
    assert Event.objects.get(kind="rcpc_held").data["attended"] == ["mother", "childrens_social_care", "police", "school"]
    assert teacher.get(url("record", meeting.pk)).status_code == 302, "others read it once it has been sent out"
    assert officer.post(url("issue", meeting.pk), {"to_whom": "All"}).status_code == 302
    record = words(teacher.get(url("record", meeting.pk)))
    assert "County police does not agree: Nights are not safe." in record and "I like it here." in record
    assert JournalEntry.objects.filter(verb="meeting.record", subject_type="case", subject_id=str(here.case.pk)).exists()
    word = teacher.get(url("download", meeting.pk, "word"))
    text = "\n".join(
        cell.text for table in docx.Document(io.BytesIO(word.content)).tables for row in table.rows for cell in row.cells
    )
    assert "The plan goes on." in text and "Breakfast every day." in text
    pdf = teacher.get(url("download", meeting.pk, "pdf"))
    assert pdf.content.startswith(b"%PDF") and b"pdfuaid" in pdf.content
    assert teacher.get(url("download", meeting.pk, "rtf")).status_code == 404
    shown = words(teacher.get(url("figures")))
    assert "By agency" in shown and "Hill school" in shown and "100%" in shown


def test_what_was_typed_is_kept_when_it_is_refused_or_overtaken(here: Scene, officer: Client) -> None:
    here.review()
    page = Page.objects.get()
    wrong = officer.post(url("page", page.pk), {"_version": "1", "discussion": "Long talk", "agreed-0-what": "Something"})
    assert wrong.status_code == 422
    assert "Choose the agency that will do it" in words(wrong) and values(wrong)["discussion"] == ["Long talk"]
    assert Draft.objects.get().body["discussion"] == "Long talk"
    assert "This is what you had typed" in words(officer.get(url("page", page.pk)))
    officer.post(url("page", page.pk), {"_step": "discard"})
    assert not Draft.objects.exists()
    officer.post(url("page", page.pk), {"_version": "1", "discussion": "First", "_step": "meeting"})
    late = officer.post(url("page", page.pk), {"_version": "1", "discussion": "Second", "_step": "meeting"})
    assert late.status_code == 422 and "Somebody else has written on this page" in words(late)
    assert values(late)["discussion"] == ["Second"] and Page.objects.get().discussion == "First"
    assert (
        officer.post(url("page", page.pk), {"_version": values(late)["_version"][0], "discussion": "Second"}).status_code
        == 302
    )


def test_too_few_came_and_the_next_sitting_is_offered_with_its_day(here: Scene, officer: Client) -> None:
    meeting = here.review()
    came(here.officer, meeting, here.place.care, here.place.school)
    form = words(officer.get(url("close", meeting.pk)))
    assert "Too few agencies came" in form and "What is the interim plan?" in form
    assert "Choose whether it decided" in words(officer.post(url("close", meeting.pk), {}))
    refused = officer.post(url("close", meeting.pk), {"decides": "no"})
    assert refused.status_code == 422 and Meeting.objects.get().state == "arranged"
    assert officer.post(url("close", meeting.pk), {"decides": "no", "interim_plan": "Daily visits."}).status_code == 302
    shown = officer.get(url("meeting", meeting.pk))
    assert "could not decide" in words(shown) and "It must meet again by" in words(shown)
    form = officer.get(url("arrange", here.case.pk) + f"?follows={meeting.pk}&kind=review_conference")
    assert "Arrange the next sitting" in words(form) and values(form)["seat-police"] == ["County police"]


def test_a_restricted_page_is_nowhere_for_those_who_may_not_know_of_it(here: Scene) -> None:
    first, second = here.abuse("Nadia Hussain"), here.abuse("Orla Byrne")
    meeting = here.marac([second, first], here.place.police, here.place.care, here.place.health)
    Case.objects.filter(pk=second.pk).update(restricted=True)
    nurse = here.client("health_visitor", here.place.health)
    shown = words(nurse.get(url("meeting", meeting.pk)))
    assert "Nadia Hussain" in shown and "Orla" not in shown and second.reference not in shown
    page = Page.objects.get(case=first)
    assert "Page 2" not in words(nurse.get(url("page", page.pk))), "its number tells of no page before it"
    hidden = Page.objects.get(case=second)
    for name, identity in (("page", hidden.pk), ("report", Report.objects.filter(page=hidden).first().pk)):
        assert nurse.get(url(name, identity)).status_code == 404
    assert "Orla" not in words(nurse.get(url("list") + "?when=today"))
    assert "Orla" not in words(nurse.get(url("list") + "?show=reports"))


def test_lists_by_whose_and_when_and_what_waits(here: Scene, officer: Client) -> None:
    coming = here.review(timezone.now() + timedelta(days=3))
    assert "Amira Hussain" in words(officer.get(url("list")))
    assert "Amira" not in words(officer.get(url("list") + "?when=past"))
    assert "Amira" in words(officer.get(url("list") + "?whose=held&when=coming&kind=review_conference"))
    assert "Amira" not in words(officer.get(url("list") + "?kind=marac"))
    teacher = here.client("school_safeguarding_lead", here.place.school)
    assert "Hill school" in words(teacher.get(url("list") + "?show=asked"))
    seat = coming.seats.get(organisation=here.place.school)
    assert teacher.post(url("answer", seat.pk), {}).status_code == 422
    assert teacher.post(url("answer", seat.pk), {"answer": "coming"}).status_code == 302
    assert "Every invitation has been answered" in words(teacher.get(url("list") + "?show=asked"))
    Meeting.objects.update(planned_at=timezone.now() - timedelta(days=2))
    assert "Amira" in words(officer.get(url("list") + "?show=close"))


def test_a_meeting_is_moved_cancelled_and_others_are_asked(here: Scene, officer: Client) -> None:
    meeting = here.review(timezone.now() + timedelta(days=3))
    later = timezone.localdate() + timedelta(days=9)
    assert (
        officer.post(url("change", meeting.pk), {**boxes("planned", later, "14:30"), "place": "Room 9"}).status_code == 302
    )
    assert "Room 9" in words(officer.get(url("meeting", meeting.pk)))
    assert officer.post(url("change", meeting.pk), boxes("planned", later)).status_code == 422, "a meeting has a time"
    assert officer.post(url("invite", meeting.pk), {"rule": "gp", "organisation": "Hill surgery"}).status_code == 302
    again = officer.post(url("invite", meeting.pk), {"rule": "gp", "organisation": "Hill surgery"})
    assert again.status_code == 422 and "asked for this seat already" in words(again)
    no = officer.post(url("invite", meeting.pk), {"rule": "other", "organisation": "Hope"})
    assert no.status_code == 422 and "Hope cannot be asked" in words(no)
    seat = meeting.seats.get(organisation=here.gp)
    assert officer.post(url("uninvite", seat.pk)).status_code == 302 and meeting.seats.filter(pk=seat.pk).count() == 0
    assert officer.post(url("change", meeting.pk), {"step": "cancel", "reason": "The chair is ill."}).status_code == 302
    assert "This meeting was cancelled" in words(officer.get(url("meeting", meeting.pk)))


def test_a_case_is_put_on_a_coming_marac_from_its_own_page(here: Scene) -> None:
    police = here.client("police_officer", here.place.police)
    case = here.abuse()
    meeting = here.marac([], here.place.police, here.place.care)
    Meeting.objects.update(planned_at=timezone.now() + timedelta(days=2))
    address = url("arrange", case.pk) + "?kind=marac"
    assert "Choose the meeting at which" in words(police.get(address))
    assert police.post(address, {"meeting": str(meeting.pk)}).status_code == 302
    assert Page.objects.get().case == case
    assert police.post(url("remove-case", Page.objects.get().pk)).status_code == 302
    assert police.post(url("add-case", meeting.pk), {"reference": "no-such"}).status_code == 422
    assert police.post(url("add-case", meeting.pk), {"reference": case.reference.lower()}).status_code == 302
