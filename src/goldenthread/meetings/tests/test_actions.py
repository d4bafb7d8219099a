"""A review conference from invitation to record, by actions: what each case records, what is refused, and who is told."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db.models import Model, QuerySet
from django.utils import timezone

from goldenthread.casework.actions import RecordEvent
from goldenthread.casework.models import Case, Duty, Event
from goldenthread.foundation.action import Invalid, Stale
from goldenthread.foundation.actor import NotAllowed
from goldenthread.foundation.models import JournalEntry
from goldenthread.meetings.actions import (
    ActionGiven,
    AddCase,
    AnswerInvitation,
    ArrangeMeeting,
    CancelMeeting,
    ChangeMeeting,
    CloseMeeting,
    DecisionGiven,
    Invite,
    IssueRecord,
    MarkAttendance,
    RemoveCase,
    SeatGiven,
    SendReport,
    ShareReport,
    Uninvite,
    WritePage,
)
from goldenthread.meetings.actions.writing import Written
from goldenthread.meetings.models import Meeting, Page, Report, Seat, SeatPage
from goldenthread.sharing.models import Notice

from .scene import MARAC, Scene, at, came, earlier_today, involve, opened

GOES_ON = {"outcome": "continue", "progress": "on_track", "child_said": "I like my new teacher."}


def page(meeting: Meeting) -> Page:
    return Page.objects.get(meeting=meeting)


def write(here: Scene, meeting: Meeting, **more: object) -> None:
    WritePage(here.officer).run(page(meeting), Written(answers=GOES_ON, **more))


def test_arranging_asks_everybody_sets_the_days_and_says_so_in_the_case(here: Scene) -> None:
    meeting = here.review(at("2027-03-15 10:00"))
    assert meeting.reports_due_on == meeting.shared_due_on == date(2027, 3, 10)
    event = Event.objects.get(case=here.case, kind="review_scheduled")
    assert event.data == {"planned_for": "2027-03-15"}
    assert Seat.objects.filter(meeting=meeting).count() == 5
    assert Report.objects.filter(page__meeting=meeting).count() == 4, "none is asked of the family"
    told = Notice.objects.filter(kind="meeting.asked")
    assert {one.organisation for one in told} == {here.place.care, here.place.police, here.place.health, here.place.school}
    assert not any("Amira" in one.words or "Hussain" in one.words for one in told)
    kept = SeatPage.objects.get(seat__organisation=here.place.school)
    assert kept.ruling["content"]["verdict"] == "permit" and kept.ruling["content"]["agreement"] == "mash"
    assert JournalEntry.objects.filter(verb="meetings.arrange", subject_type="meeting", subject_id=str(meeting.pk)).exists()


def test_an_agency_that_no_agreement_permits_cannot_be_asked_without_a_managers_word(here: Scene) -> None:
    seats = [*here.seats(), SeatGiven("other", here.charity)]
    with pytest.raises(Invalid) as refused:
        ArrangeMeeting(here.officer).run(
            "review_conference", here.place.reviewing, timezone.now(), cases=[here.case], seats=seats
        )
    assert "Hope cannot be asked" in refused.value.errors["other"][0]
    assert "clause 3.8" in refused.value.errors["other"][0]
    assert (
        not Meeting.objects.exists()
        and not Notice.objects.exists()
        and not Event.objects.filter(kind="review_scheduled").exists()
    )
    involve(here.case, here.charity)  # once it is part of the case, it may
    made = ArrangeMeeting(here.officer).run(
        "review_conference", here.place.reviewing, timezone.now(), cases=[here.case], seats=seats
    )
    assert made.seats.filter(organisation=here.charity).exists()


def test_only_a_kind_of_agency_that_holds_it_may_arrange_it(here: Scene) -> None:
    with pytest.raises(Invalid, match="not of a kind that holds this meeting"):
        ArrangeMeeting(here.police).run("review_conference", here.place.police, timezone.now(), cases=[here.case])
    with pytest.raises(NotAllowed, match="do not act for"):
        ArrangeMeeting(here.police).run("review_conference", here.place.reviewing, timezone.now(), cases=[here.case])
    with pytest.raises(Invalid, match="not of a kind that this meeting is about"):
        ArrangeMeeting(here.worker).run("initial_conference", here.place.care, timezone.now(), cases=[here.case])
    with pytest.raises(Invalid, match="not of a kind that fills the seat"):
        ArrangeMeeting(here.officer).run("review_conference", here.place.reviewing, timezone.now(), cases=[here.case],
                                         seats=[SeatGiven("gp", here.place.school)])  # fmt: skip
    here.case.is_open = False
    Case.objects.filter(pk=here.case.pk).update(is_open=False)
    with pytest.raises(Invalid, match="is closed"):
        here.review()


def test_the_agency_asked_answers_and_nobody_else_does(here: Scene) -> None:
    meeting = here.review(timezone.now() + timedelta(days=20))
    seat = meeting.seats.get(organisation=here.place.school)
    with pytest.raises(Invalid, match="Say who comes instead"):
        AnswerInvitation(here.teacher).run(seat, "deputy")
    assert AnswerInvitation(here.teacher).run(seat, "deputy", "Mr Dale").answer_words == "Mr Dale"
    with pytest.raises(NotAllowed, match="not yours to answer"):
        AnswerInvitation(here.nurse).run(seat, "coming")
    assert AnswerInvitation(here.officer).run(seat, "apologies").answer == "apologies", (
        "who holds it writes down what it was told"
    )
    with pytest.raises(Invalid, match="stays"):
        Uninvite(here.officer).run(seat)
    Uninvite(here.officer).run(meeting.seats.get(organisation=here.place.health))
    assert meeting.seats.count() == 4


def test_a_report_is_counted_from_the_day_it_first_came_and_its_sharing_is_in_the_case(here: Scene) -> None:
    meeting = here.review(timezone.now() + timedelta(days=20))
    report = Report.objects.get(seat__organisation=here.place.care)
    with pytest.raises(Invalid, match="has not been sent in yet"):
        ShareReport(here.worker).run(report, timezone.localdate())
    with pytest.raises(Invalid, match="Write the report"):
        SendReport(here.worker).run(report, " ")
    with pytest.raises(NotAllowed, match="another agency’s to send"):
        SendReport(here.nurse).run(report, "Not ours")
    first = SendReport(here.worker).run(report, "Amira is seen every week.").received_on
    assert first == timezone.localdate()
    assert SendReport(here.worker).run(report, "Amira is seen every week, alone.").received_on == first
    with pytest.raises(Invalid, match="today or in the past"):
        ShareReport(here.worker).run(report, timezone.localdate() + timedelta(days=1))
    ShareReport(here.worker).run(report, timezone.localdate())
    event = Event.objects.get(case=here.case, kind="conference_report_shared")
    assert event.data == {"agency": "county_care", "shared_with_family": True}
    assert Duty.objects.get(case=here.case, duty="report_shared").outcome == "met"
    assert meeting.seats.count() == 5


def test_a_report_by_an_agency_that_only_sees_the_page_is_said_in_the_case_at_the_end(here: Scene) -> None:
    meeting = here.review()
    report = Report.objects.get(seat__organisation=here.place.school)
    SendReport(here.teacher).run(report, "Amira comes to school every day.")
    ShareReport(here.teacher).run(report, timezone.localdate())
    assert not Event.objects.filter(kind="conference_report_shared").exists(), "the school cannot write in the case"
    came(here.officer, meeting, here.place.care, here.place.police, here.place.school)
    write(here, meeting)
    CloseMeeting(here.officer).run(meeting, True)
    assert Event.objects.get(kind="conference_report_shared").data["agency"] == "hill_school"


def test_closing_records_what_the_conference_decided_who_came_and_who_disagreed(here: Scene) -> None:
    meeting = here.review()
    day = timezone.localdate() + timedelta(days=14)
    write(
        here, meeting,
        decisions=[DecisionGiven("The plan goes on.", [(here.place.police, "The risk at night has not changed.")])],
        actions=[ActionGiven(here.place.health, "Weigh Amira every month.", day)],
    )  # fmt: skip
    with pytest.raises(Invalid, match="Mark whether anybody came for"):
        CloseMeeting(here.officer).run(meeting, True)
    came(here.officer, meeting, here.place.care, here.place.police, here.place.school)
    closed = CloseMeeting(here.officer).run(meeting, True)
    assert (closed.state, closed.quorate) == ("held", True)
    event = Event.objects.get(case=here.case, kind="rcpc_held")
    assert event.data["outcome"] == "continue" and event.voice == "I like my new teacher."
    assert event.data["attended"] == ["childrens_social_care", "police", "school"]
    assert event.data["dissent"] == "County police: The risk at night has not changed. (on “The plan goes on.”)"
    assert event.organisation == here.place.reviewing
    assert page(meeting).event == event
    assert Duty.objects.filter(case=here.case, duty="review", outcome="met").exists()
    with pytest.raises(Invalid, match="This meeting is closed"):
        CloseMeeting(here.officer).run(meeting, True)
    with pytest.raises(Invalid, match="This meeting is closed"):
        write(here, meeting)


def test_nothing_is_kept_where_one_case_cannot_be_recorded(here: Scene) -> None:
    second = opened(here.place, here.place.child("Bilal Hussain", date(2019, 1, 2)))
    involve(second, here.place.reviewing)
    meeting = here.review(cases=[here.case, second])
    came(here.officer, meeting, here.place.care, here.place.police, here.place.school)
    WritePage(here.officer).run(Page.objects.get(meeting=meeting, case=here.case), Written(answers=GOES_ON))
    with pytest.raises(Invalid) as refused:
        CloseMeeting(here.officer).run(meeting, True)
    (messages,) = refused.value.errors.values()
    assert messages[0].startswith("Bilal Hussain: "), "it is said whose page is not whole"
    assert not Event.objects.filter(kind="rcpc_held").exists()
    assert Meeting.objects.get().state == "arranged"
    WritePage(here.officer).run(
        Page.objects.get(meeting=meeting, case=second), Written(answers={"outcome": "end", "follow_on": "nothing"})
    )
    CloseMeeting(here.officer).run(meeting, True)
    assert {one.data["outcome"] for one in Event.objects.filter(kind="rcpc_held")} == {"continue", "end"}


def test_too_few_agencies_decide_only_with_a_reason_or_meet_again(here: Scene) -> None:
    meeting = here.review()
    write(here, meeting)
    came(here.officer, meeting, here.place.care, here.place.school)
    with pytest.raises(Invalid, match="Say why it decided all the same"):
        CloseMeeting(here.officer).run(meeting, True)
    with pytest.raises(Invalid):
        CloseMeeting(here.officer).run(meeting, False)  # the event asks for an interim plan
    closed = CloseMeeting(here.officer).run(meeting, False, extra={"interim_plan": "The plan stands; daily visits."})
    assert (closed.state, closed.quorate) == ("inquorate", False)
    assert closed.reconvene_by is not None and closed.reconvene_by > timezone.localdate()
    event = Event.objects.get(kind="conference_inquorate")
    assert "Police" in event.data["missing"] and event.data["interim_plan"].startswith("The plan stands")
    again = here.review(timezone.now() + timedelta(days=5), follows=closed)
    assert again.follows == closed
    with pytest.raises(Invalid, match="only once"):
        here.review(timezone.now() + timedelta(days=6), follows=closed)


def test_it_may_decide_without_them_when_the_record_says_why(here: Scene) -> None:
    meeting = here.review()
    write(here, meeting)
    came(here.officer, meeting, here.place.care, here.place.school)
    closed = CloseMeeting(here.officer).run(meeting, True, "The family came from far and nobody’s view was missing.")
    assert closed.state == "held" and closed.quorate is False and closed.why_went_on.startswith("The family")


def test_enough_agencies_cannot_say_that_they_could_not_decide(here: Scene) -> None:
    meeting = here.review()
    came(here.officer, meeting, here.place.care, here.place.school, here.place.police)
    with pytest.raises(Invalid, match="could decide"):
        CloseMeeting(here.officer).run(meeting, False)


def test_a_meeting_is_not_closed_before_it_began(here: Scene) -> None:
    meeting = here.review(timezone.now() + timedelta(days=1))
    came(here.officer, meeting, here.place.care)
    with pytest.raises(Invalid, match="has not begun"):
        CloseMeeting(here.officer).run(meeting, True)


def test_the_record_goes_out_once_and_everybody_asked_is_told(here: Scene) -> None:
    meeting = here.review()
    with pytest.raises(Invalid, match="Close the meeting first"):
        IssueRecord(here.officer).run(meeting, "All")
    write(here, meeting)
    came(here.officer, meeting, here.place.care, here.place.police, here.place.school)
    CloseMeeting(here.officer).run(meeting, True)
    issued = IssueRecord(here.officer).run(meeting, "All agencies and the mother")
    assert issued.issued_at is not None
    assert Event.objects.get(kind="conference_record_circulated").data == {"to_whom": "All agencies and the mother"}
    assert Notice.objects.filter(kind="meeting.issued").count() == 4
    with pytest.raises(Invalid, match="already"):
        IssueRecord(here.officer).run(meeting, "All")


def test_agreed_actions_become_part_of_the_case_with_numbers_that_go_on(here: Scene) -> None:
    case = here.abuse()
    day = timezone.localdate() + timedelta(days=10)
    before = {"number": 4, "agency": "county_care", "what": "Visit.", "due_on": day.isoformat()}
    RecordEvent(here.police).run(case, "action_agreed", timezone.localdate() - timedelta(days=1), before)
    seats = [SeatGiven("police", here.place.police), SeatGiven("childrens_social_care", here.place.care)]
    began = earlier_today(1)
    meeting = ArrangeMeeting(here.police).run(MARAC, here.place.police, began, cases=[case], seats=seats)
    actions = [ActionGiven(here.place.care, "Visit again.", day), ActionGiven(here.place.police, "Fit a camera.", day)]
    WritePage(here.police).run(page(meeting), Written(answers={"safety_plan": "Locks changed."}, actions=actions))
    came(here.police, meeting, here.place.police, here.place.care)
    CloseMeeting(here.police).run(meeting, True, "The two that act were there.")
    told = [one.data for one in Event.objects.filter(case=case, kind="action_agreed").order_by("sequence")]
    assert [one["number"] for one in told] == [4, 5, 6]
    assert told[1]["agency"] == "county_care" and told[1]["due_on"] == day.isoformat() and "MARAC" in told[1]["agreed_at"]
    assert Duty.objects.filter(case=case, duty="agreed_action", outcome="open").count() == 3
    assert Event.objects.get(case=case, kind="heard").data["attended"] == ["police", "childrens_social_care"]
    assert all(one.event is not None for one in page(meeting).actions.all())


def test_two_who_write_at_once_are_told(here: Scene) -> None:
    meeting = here.review()
    opened_on = page(meeting).version
    WritePage(here.officer).run(page(meeting), Written(discussion="Mine"), opened_on)
    with pytest.raises(Stale):
        WritePage(here.officer).run(page(meeting), Written(discussion="Theirs"), opened_on)
    assert page(meeting).discussion == "Mine"


def test_a_meeting_is_locked_before_its_pages_and_reports(here: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting = here.review()
    report = Report.objects.get(seat__organisation=here.place.school)
    locked: list[type[Model]] = []
    lock = QuerySet.select_for_update

    def noted(rows: QuerySet[Any], **more: Any) -> QuerySet[Any]:
        locked.append(rows.model)
        return lock(rows, **more)

    monkeypatch.setattr(QuerySet, "select_for_update", noted)
    for act, then in (
        (lambda: WritePage(here.officer).run(page(meeting), Written(answers=GOES_ON)), Page),
        (lambda: SendReport(here.teacher).run(report, "Amira comes every day."), Report),
        (lambda: ShareReport(here.teacher).run(report, timezone.localdate()), Report),
    ):
        locked.clear()
        act()
        assert locked.index(Meeting) < locked.index(then), then


def test_a_report_cannot_come_once_the_meeting_is_closed(here: Scene) -> None:
    meeting = here.review()
    report = Report.objects.get(seat__organisation=here.place.school)
    write(here, meeting)
    came(here.officer, meeting, here.place.care, here.place.police, here.place.school)
    CloseMeeting(here.officer).run(meeting, True)
    with pytest.raises(Invalid, match="This meeting is closed"):
        SendReport(here.teacher).run(report, "Late")
    with pytest.raises(Invalid, match="This meeting is closed"):
        ShareReport(here.teacher).run(report, timezone.localdate())


def test_what_is_wrong_with_a_page_is_said_by_row(here: Scene) -> None:
    meeting = here.review()
    with pytest.raises(Invalid) as refused:
        WritePage(here.officer).run(page(meeting), Written(
            answers={"outcome": "perhaps"},
            decisions=[DecisionGiven("", [(here.place.police, "No.")]), DecisionGiven("Yes", [(None, "Why")])],
            actions=[ActionGiven(None, " ", None)],
        ))  # fmt: skip
    assert set(refused.value.errors) == {
        "outcome", "decision-0", "decision-1-agency", "agreed-0-what", "agreed-0-agency", "agreed-0-due"
    }  # fmt: skip


def test_only_the_agency_that_holds_it_writes(here: Scene) -> None:
    meeting = here.review()
    for act in (
        lambda: WritePage(here.worker).run(page(meeting), Written()),
        lambda: MarkAttendance(here.teacher).run(meeting, {}),
        lambda: CloseMeeting(here.police).run(meeting, True),
        lambda: ChangeMeeting(here.worker).run(meeting, timezone.now(), "", ""),
        lambda: CancelMeeting(here.nurse).run(meeting, "No"),
        lambda: Invite(here.worker).run(meeting, SeatGiven("gp", here.gp)),
    ):
        with pytest.raises(NotAllowed, match="which holds this meeting"):
            act()


def test_moving_it_asks_everybody_again_and_cancelling_tells_them(here: Scene) -> None:
    meeting = here.review(at("2027-03-15 10:00"))
    AnswerInvitation(here.teacher).run(meeting.seats.get(organisation=here.place.school), "coming")
    moved = ChangeMeeting(here.officer).run(meeting, at("2027-03-22 10:00"), "Room 2", "Ann Cole")
    assert moved.reports_due_on == date(2027, 3, 17)
    assert not meeting.seats.exclude(answer="").exists()
    assert Event.objects.filter(kind="review_scheduled").count() == 2
    with pytest.raises(Invalid, match="Say why"):
        CancelMeeting(here.officer).run(meeting, " ")
    CancelMeeting(here.officer).run(meeting, "The chair is ill.")
    assert Notice.objects.filter(kind="meeting.cancelled").count() == 4
    with pytest.raises(Invalid, match="closed: cancelled"):
        Invite(here.officer).run(meeting, SeatGiven("gp", here.gp))


def test_a_case_is_added_to_a_meeting_about_many_and_taken_off_while_nothing_is_written(here: Scene) -> None:
    case = here.abuse()
    meeting = ArrangeMeeting(here.police).run(
        MARAC, here.place.police, timezone.now(), seats=[SeatGiven("voluntary", here.charity)]
    )
    made = AddCase(here.police).run(meeting, case)
    with pytest.raises(Invalid, match="already"):
        AddCase(here.police).run(meeting, case)
    RemoveCase(here.police).run(made)
    made = AddCase(here.police).run(meeting, case)
    WritePage(here.police).run(made, Written(discussion="Heard."))
    with pytest.raises(Invalid, match="stays"):
        RemoveCase(here.police).run(made)
