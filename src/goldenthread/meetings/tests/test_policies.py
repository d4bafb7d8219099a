"""Who knows of which meeting and of which page: those invited, those who hold it, restricted cases for nobody else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from goldenthread.agencies.models import Group, Membership, Organisation, Role
from goldenthread.casework.models import Case
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.actor import Actor
from goldenthread.meetings.actions import (
    ArrangeMeeting,
    CloseMeeting,
    RecordPage,
    SeatGiven,
    SendReport,
    WritePage,
)
from goldenthread.meetings.actions.writing import Written
from goldenthread.meetings.models import Meeting, Page, Report
from goldenthread.meetings.policies import MeetingPolicy, PagePolicy, ReportPolicy, SeatPolicy
from goldenthread.meetings.queries.figures import figures
from goldenthread.meetings.queries.listing import invitations, meetings, reports_owed
from goldenthread.people.models import Person

from .scene import Scene, came


def sees(actor: Actor) -> tuple[int, int, int, int]:
    """How many meetings, pages, seats and reports somebody knows of."""
    return tuple(policy.visible_to(actor).count() for policy in (MeetingPolicy, PagePolicy, SeatPolicy, ReportPolicy))


def test_those_invited_and_those_who_hold_it_see_a_meeting_and_nobody_else(here: Scene) -> None:
    here.review(timezone.now() + timedelta(days=20))
    for actor in (here.officer, here.worker, here.police, here.nurse, here.teacher):
        assert sees(actor) == (1, 1, 5, 4), actor.name
    outside = here.actor("gp", here.gp)
    assert sees(outside) == (0, 0, 0, 0)
    screener = here.actor("front_door_screener", here.place.early_help)
    assert sees(screener) == (0, 0, 0, 0), "to see every case is not to be invited"


def test_without_the_capability_or_the_system_nothing_is_seen(here: Scene) -> None:
    here.review()
    analyst = here.actor("performance_analyst", here.place.care)
    assert sees(analyst) == (0, 0, 0, 0)
    assert sees(here.place.system) == (1, 1, 5, 4)


def test_a_meeting_about_one_restricted_child_is_not_there_for_those_who_may_not_know_of_it(here: Scene) -> None:
    here.review(timezone.now() + timedelta(days=20))
    for change in ({"case": True}, {"person": True}):
        Case.objects.update(restricted=bool(change.get("case")))
        Person.objects.update(restricted=bool(change.get("person")))
        for actor in (here.officer, here.worker, here.teacher):
            assert sees(actor) == (0, 0, 0, 0), (actor.name, change)
            assert not invitations(actor).exists() and not reports_owed(actor).exists()
            assert not meetings(actor, "agency", "coming").exists()
    manager = here.actor("front_door_manager", here.place.care)
    assert sees(manager) == (1, 1, 5, 4), "whose role views restricted cases"


def test_of_many_cases_each_agency_sees_the_pages_that_an_agreement_permits(here: Scene) -> None:
    first, second = here.abuse("Nadia Hussain"), here.abuse("Orla Byrne")
    meeting = here.marac([first, second], here.place.police, here.place.care, here.place.health, here.charity)
    assert {one.organisation.slug: one.may_see.count() for one in meeting.seats.all()}["county_health"] == 2
    charity = here.actor("domestic_abuse_adviser", here.charity)
    permitted = meeting.seats.get(organisation=here.charity).may_see.count()
    assert sees(charity)[:2] == (1, permitted)
    Case.objects.filter(pk=second.pk).update(restricted=True)
    assert [one.case for one in PagePolicy.visible_to(here.nurse)] == [first]
    assert MeetingPolicy.visible_to(here.nurse).count() == 1, "the meeting itself is theirs"
    assert ReportPolicy.visible_to(here.nurse).count() == Report.objects.filter(page__case=first).count()


def test_figures_leave_out_what_one_may_not_know_of(here: Scene) -> None:
    meeting = here.review()
    WritePage(here.officer).run(Page.objects.get(), Written(answers={"outcome": "continue"}))
    came(here.officer, meeting, here.place.care, here.place.police, here.place.school)
    CloseMeeting(here.officer).run(meeting, True)
    today = timezone.localdate()
    told = figures(here.teacher, today, today)
    assert (told.meetings, told.whole.invited, told.whole.came, told.whole.neither) == (1, 4, 3, 1)
    assert {one.title: one.per_cent for one in told.agencies}["County health"] == 0
    assert told.whole.asked == 4 and told.whole.sent == 0
    Case.objects.update(restricted=True)
    assert figures(here.teacher, today, today).meetings == 0
    assert figures(here.teacher, today, today).agencies == []


def test_two_agencies_of_one_name_are_two_lines(here: Scene) -> None:
    meeting = here.review()
    Organisation.objects.filter(pk=here.place.health.pk).update(title=here.place.school.title)
    WritePage(here.officer).run(Page.objects.get(), Written(answers={"outcome": "continue"}))
    SendReport(here.teacher).run(Report.objects.get(seat__organisation=here.place.school), "Amira comes every day.")
    came(here.officer, meeting, here.place.care, here.place.police, here.place.school)
    CloseMeeting(here.officer).run(meeting, True)
    told = figures(here.teacher, timezone.localdate(), timezone.localdate())
    alike = [one for one in told.agencies if one.title == here.place.school.title]
    assert sorted((one.invited, one.came, one.asked, one.sent) for one in alike) == [(1, 0, 1, 0), (1, 1, 1, 1)]


def test_a_page_its_minute_taker_may_not_see_is_left_to_somebody_who_does(here: Scene) -> None:
    first, second = here.abuse("Nadia Hussain"), here.abuse("Orla Byrne")
    meeting = here.marac([first, second], here.place.police, here.place.care)
    for case in (first, second):
        WritePage(here.police).run(Page.objects.get(case=case), Written(answers={"safety_plan": "Locks changed."}))
    came(here.police, meeting, here.place.police, here.place.care)
    Case.objects.filter(pk=second.pk).update(restricted=True)
    CloseMeeting(here.police).run(meeting, True, "Both that act were there.")
    assert Page.objects.get(case=first).event is not None and Page.objects.get(case=second).event is None
    keeper = here.actor("front_door_manager", here.place.police)
    RecordPage(keeper).run(Page.objects.get(case=second))
    assert Page.objects.get(case=second).event is not None
    with pytest.raises(Invalid, match="nothing left"):
        RecordPage(keeper).run(Page.objects.get(case=second))


def test_a_group_meets_without_cases_and_its_members_see_it_without_seeing_any_child(here: Scene) -> None:
    unit = Organisation.objects.create(slug="unit", title="Unit", kind="business_unit")
    group = Group.objects.create(slug="board", title="The Board")
    group.members.set([here.place.care, here.place.police, here.place.health])
    manager = here.actor("business_manager", unit)
    seats = [SeatGiven(organisation=one) for one in group.members.all()]
    made = ArrangeMeeting(manager).run("partnership_board", unit, timezone.now(), group=group, seats=seats)
    assert sees(manager)[:3] == (1, 1, 3) and sees(here.nurse)[:3] == (1, 1, 3) and sees(here.teacher)[:3] == (0, 0, 0)
    with pytest.raises(Invalid, match="Choose the group that meets"):
        ArrangeMeeting(manager).run("partnership_board", unit, timezone.now())
    assert made.covers == "none" and Meeting.objects.count() == 1


def test_an_invitation_of_one_person_is_theirs_alone(here: Scene) -> None:
    teacher = here.teacher
    seats = [
        SeatGiven("childrens_social_care", here.place.care),
        SeatGiven("school", here.place.school, user=here.place.users["School_Safeguarding_Lead hill_school"]),
    ]
    ArrangeMeeting(here.officer).run(
        "review_conference", here.place.reviewing, timezone.now(), cases=[here.case], seats=seats
    )
    assert sees(teacher)[:2] == (1, 1)
    colleague = here.client("gp", here.place.school)  # somebody else of the school
    assert colleague is not None and sees(here.actor("gp", here.place.school)) == (0, 0, 0, 0)


def test_leaving_an_agency_ends_what_came_by_it(here: Scene) -> None:
    here.review()
    assert sees(here.teacher)[0] == 1
    Membership.objects.filter(organisation=here.place.school).update(ends=date(2020, 1, 2))
    assert sees(here.teacher) == (0, 0, 0, 0)
    assert Role.objects.exists()
