"""A system of an agency without accounts sees the meetings it is asked to, sends its report and its apologies, as pages do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from goldenthread.agencies.models import Organisation
from goldenthread.agencies.scopes import Scope
from goldenthread.agencies.tokens import IssueToken
from goldenthread.casework.models import Case, Duty, Event
from goldenthread.foundation.actor import SystemActor
from goldenthread.foundation.models import JournalEntry
from goldenthread.meetings.actions import CloseMeeting, WritePage
from goldenthread.meetings.actions.writing import Written
from goldenthread.meetings.models import Meeting, Page, Report, Seat
from goldenthread.meetings.tests.scene import Scene, came, scene
from goldenthread.people.models import Person

from .test_organisations import System

TEXT = {"text": "Amira comes to school every day."}


@pytest.fixture
def here(db: Any) -> Scene:
    cache.clear()
    return scene()


@pytest.fixture
def meeting(here: Scene) -> Meeting:
    return here.review(timezone.now() + timedelta(days=20))


def system(organisation: Organisation) -> System:
    return System(organisation, Scope.REPORT_TO_MEETINGS)


def asked(meeting: Meeting, organisation: Organisation) -> Report:
    return Report.objects.get(seat__organisation=organisation, page__meeting=meeting)


def test_it_lists_the_meetings_it_is_asked_to_and_reads_one(here: Scene, meeting: Meeting) -> None:
    school = system(here.place.school)
    answer = school.get("/meetings")
    (row,) = answer.json()
    assert (row["id"], row["kind"], row["holder"]) == (str(meeting.pk), "review_conference", here.place.reviewing.slug)
    assert row["reports_due"] == meeting.reports_due_on.isoformat() and "Amira" not in answer.content.decode()
    assert school.get("/meetings", when="past").json() == []
    assert school.get("/meetings", whose="held").json() == []
    assert school.get("/meetings", kind="marac").json() == []
    assert "There is no kind of meeting" in school.get("/meetings", kind="party").json()["errors"]["kind"][0]
    whole = school.get(f"/meetings/{meeting.pk}").json()
    assert [(one["name"], one["reference"]) for one in whole["cases"]] == [("Amira Hussain", here.case.reference)]
    assert len(whole["seats"]) == 5 and sum(len(one["reports"]) for one in whole["seats"]) == 4
    (mine,) = [one for one in whole["seats"] if one["yours"]]
    assert (mine["agency"], mine["attendance"], mine["answer"]) == (here.place.school.slug, None, None)
    (report,) = mine["reports"]
    assert (report["due"], report["received"], report["late"]) == (row["reports_due"], None, False)
    looks = JournalEntry.objects.filter(verb="meeting.view", chain=f"reader/token-{school.token.pk}")
    assert {(one.subject_type, one.subject_id) for one in looks} == {("meeting", str(meeting.pk)), ("case", str(here.case.pk))}


def test_a_report_comes_once_however_often_it_is_sent_and_who_holds_the_meeting_reads_it(here: Scene, meeting: Meeting) -> None:
    school, report = system(here.place.school), asked(meeting, here.place.school)
    address = f"/meetings/reports/{report.pk}"
    assert school.post(address, TEXT, key="").status_code == 400, "a system sends a key"
    first = school.post(address, TEXT, key="a")
    assert first.status_code == 201, first.content
    assert (first.json()["received"], first.json()["late"]) == (timezone.localdate().isoformat(), False)
    written = JournalEntry.objects.filter(verb="meetings.send_report")
    assert {one.subject_type for one in written} == {"meeting", "case"}
    assert all(school.token.title in one.actor_name and one.organisation_id == here.place.school.pk for one in written)
    again = school.post(address, TEXT, key="a")
    assert (again.status_code, again.content) == (first.status_code, first.content) and written.count() == 2
    assert school.post(address, {"text": "Another"}, key="a").status_code == 409
    report.refresh_from_db()
    assert (report.text, report.received_by) == (TEXT["text"], None)
    assert school.post(address, {"text": "Put right."}).status_code == 201
    officer = here.client("reviewing_officer", here.place.reviewing)
    assert "Put right." in officer.get(f"/meetings/reports/{report.pk}/").content.decode()
    empty = school.post(address, {"text": " "})
    assert empty.status_code == 400 and "Write the report" in empty.json()["errors"]["text"][0]


def test_the_day_the_family_had_it_meets_the_clock_of_the_case_at_once_where_the_agency_is_part_of_it(
    here: Scene, meeting: Meeting
) -> None:
    today = timezone.localdate().isoformat()
    report = asked(meeting, here.place.care)
    sent = system(here.place.care).post(f"/meetings/reports/{report.pk}", TEXT | {"shared_on": today})
    assert sent.status_code == 201 and sent.json()["shared"] == today
    event = Event.objects.get(case=here.case, kind="conference_report_shared")
    assert (event.organisation, event.recorded_by, event.data["agency"]) == (here.place.care, None, here.place.care.slug)
    assert Duty.objects.get(case=here.case, duty="report_shared").outcome == "met"
    later = (timezone.localdate() + timedelta(days=1)).isoformat()
    wrong = system(here.place.school).post(
        f"/meetings/reports/{asked(meeting, here.place.school).pk}", TEXT | {"shared_on": later}
    )
    assert wrong.status_code == 400 and "shared_on" in wrong.json()["errors"]
    assert asked(meeting, here.place.school).received_at is None, "nothing of it was written"


def test_the_report_of_an_agency_outside_the_case_is_said_in_it_when_the_meeting_is_closed(here: Scene) -> None:
    meeting = here.review()
    day = timezone.localdate().isoformat()
    address = f"/meetings/reports/{asked(meeting, here.place.school).pk}"
    school = system(here.place.school)
    assert school.post(address, TEXT | {"shared_on": day}).status_code == 201
    assert not Event.objects.filter(kind="conference_report_shared").exists()
    came(here.officer, meeting, here.place.care, here.place.police, here.place.school)
    answers = {"outcome": "continue", "progress": "on_track", "child_said": "I like my new teacher."}
    WritePage(here.officer).run(Page.objects.get(), Written(answers=answers))
    CloseMeeting(here.officer).run(meeting, True)
    assert Event.objects.get(kind="conference_report_shared").data["agency"] == here.place.school.slug
    late = school.post(address, TEXT)
    assert late.status_code == 400 and "This meeting is closed" in late.json()["errors"][""][0]
    whole = school.get(f"/meetings/{meeting.pk}").json()
    assert (whole["state"], whole["quorate"]) == ("held", True)
    assert {one["agency"]: one["attendance"] for one in whole["seats"]}[here.place.health.slug] == "absent"


def test_apologies_are_given_and_a_deputy_has_a_name(here: Scene, meeting: Meeting) -> None:
    school, seat = system(here.place.school), meeting.seats.get(organisation=here.place.school)
    given = school.post(f"/meetings/seats/{seat.pk}/answers", {"answer": "apologies", "words": "No school on that day."})
    assert given.status_code == 201 and given.json()["answer"] == "apologies"
    seat.refresh_from_db()
    assert (seat.answer, seat.answer_words, seat.answered_by) == ("apologies", "No school on that day.", None)
    entry = JournalEntry.objects.get(verb="meetings.answer")
    assert entry.organisation_id == here.place.school.pk and school.token.title in entry.actor_name
    nobody = school.post(f"/meetings/seats/{seat.pk}/answers", {"answer": "deputy"})
    assert nobody.status_code == 400 and "words" in nobody.json()["errors"]
    assert school.post(f"/meetings/seats/{seat.pk}/answers", {"answer": ""}).status_code == 400


def test_what_is_another_agencys_or_about_a_restricted_child_is_not_there(here: Scene, meeting: Meeting) -> None:
    school, gp = system(here.place.school), system(here.gp)
    absent = school.get(f"/meetings/{uuid4()}")
    assert gp.get("/meetings").json() == []
    assert gp.get(f"/meetings/{meeting.pk}").content == absent.content
    theirs = asked(meeting, here.place.police)
    others = Seat.objects.get(meeting=meeting, organisation=here.place.police)
    keeper = system(here.place.reviewing)
    for caller in (school, gp, keeper):  # whoever holds it writes down for others on the page, where they see who it is
        assert caller.post(f"/meetings/reports/{theirs.pk}", TEXT).content == absent.content
        assert caller.post(f"/meetings/seats/{others.pk}/answers", {"answer": "coming"}).content == absent.content
    mine, seat = asked(meeting, here.place.school), meeting.seats.get(organisation=here.place.school)
    for model, change in ((Case, {"pk": here.case.pk}), (Person, {"pk": here.case.subject_id})):
        model.objects.filter(**change).update(restricted=True)
        assert school.get("/meetings").json() == []
        assert school.get(f"/meetings/{meeting.pk}").content == absent.content
        assert school.post(f"/meetings/reports/{mine.pk}", TEXT).content == absent.content
        assert school.post(f"/meetings/seats/{seat.pk}/answers", {"answer": "coming"}).content == absent.content
        model.objects.filter(**change).update(restricted=False)
    assert school.get(f"/meetings/{meeting.pk}").status_code == 200
    mine.refresh_from_db()
    seat.refresh_from_db()
    assert mine.received_at is None and seat.answer == ""


def test_an_invitation_of_one_person_is_not_the_systems_and_is_theirs_by_their_own_token(here: Scene, meeting: Meeting) -> None:
    teacher = here.teacher
    Seat.objects.filter(meeting=meeting, organisation=here.place.school).update(user=teacher.user_id)
    report = asked(meeting, here.place.school)
    school = system(here.place.school)
    assert school.get("/meetings").json() == [] and school.get(f"/meetings/{meeting.pk}").status_code == 404
    assert school.post(f"/meetings/reports/{report.pk}", TEXT).status_code == 404
    token = IssueToken(SystemActor("tests")).run(report.seat.user)
    caller = Client(headers={"authorization": f"Bearer {token}"})
    sent = caller.post(f"/api/v1/meetings/reports/{report.pk}", TEXT, content_type="application/json")
    assert sent.status_code == 201, sent.content
    report.refresh_from_db()
    assert report.received_by_id == teacher.user_id


def test_of_a_meeting_about_many_a_system_is_told_of_the_cases_an_agreement_permits(here: Scene) -> None:
    first, second = here.abuse("Nadia Hussain"), here.abuse("Orla Byrne")
    meeting = here.marac([first, second], here.place.police, here.place.care, here.place.health)
    Case.objects.filter(pk=second.pk).update(restricted=True)
    answer = system(here.place.health).get(f"/meetings/{meeting.pk}")
    assert [one["name"] for one in answer.json()["cases"]] == ["Nadia Hussain"]
    assert second.reference not in answer.content.decode() and str(second.pk) not in answer.content.decode()
    assert {report["case"] for seat in answer.json()["seats"] for report in seat["reports"]} == {str(first.pk)}
