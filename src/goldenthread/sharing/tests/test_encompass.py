"""Telling schools of police incidents: the right school on the right day, by the agreement, with receipt and what was done."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from goldenthread.casework.actions import RecordEvent
from goldenthread.casework.models import Case, Duty, Event, Involvement
from goldenthread.casework.policies import CasePolicy
from goldenthread.casework.queries import worklist
from goldenthread.casework.tests.partnership import at
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.actor import NotAllowed
from goldenthread.foundation.capability import Capability
from goldenthread.people.policies import PersonPolicy

from .. import encompass as reading
from ..actions import encompass as acting
from ..actions.encompass import FindSchool, NotCovered, OpenNotice, SayAtNoSchool, SayWhatWasDone, TellSchool
from ..encompass import notices_of, school_day_after, schools_on
from ..models import Notice, Override
from ..queries.encompass import SearchPolicy, lines, queues, side_of
from .encompass_place import Place
from .encompass_place import place as made

FRIDAY_NIGHT = at("2026-11-20 22:40")
SATURDAY = at("2026-11-21 01:00")


@pytest.fixture
def place(db: Any, monkeypatch: pytest.MonkeyPatch) -> Place:
    clock(monkeypatch, SATURDAY)
    return made()


def clock(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """Now is `moment`, everywhere."""
    monkeypatch.setattr(timezone, "now", lambda: moment)


def count_of(place_queues: Any) -> dict[str, int]:
    return {one.name: one.count.number for one in place_queues}


# The right school -------------------------------------------------------------------------------------------------


def test_the_school_is_told_at_once_and_the_duty_is_met_before_monday(place: Place):
    (case,) = place.incident(place.child(school=place.hill), when=FRIDAY_NIGHT)
    duty = Duty.objects.get(case=case, duty="tell_school")
    assert (duty.outcome, duty.late, duty.due_at) == ("met", False, at("2026-11-23 09:00"))
    assert CasePolicy.visible_to(place.teacher).filter(pk=case.pk).exists()
    assert not CasePolicy.visible_to(place.other_teacher).filter(pk=case.pk).exists()
    notice = Notice.objects.get(organisation=place.hill)
    assert notice.case_id == case.pk and "Amira" not in notice.words
    assert [row.duty for row in worklist(place.teacher, "agency", "week")] == ["open_notice"]


@pytest.mark.parametrize(
    ("when", "day"),
    [
        ("2026-11-24 06:00", date(2026, 11, 24)),  # before school on a school day
        ("2026-11-24 09:30", date(2026, 11, 25)),
        ("2026-10-23 20:00", date(2026, 11, 2)),  # half term
        ("2026-12-18 20:00", date(2027, 1, 4)),  # Christmas
        ("2026-08-12 19:00", date(2026, 9, 1)),  # summer
    ],
)
def test_the_next_school_day_skips_weekends_and_holidays(when: str, day: date):
    assert school_day_after(at(when), "lancashire").day == day


def test_where_terms_are_not_known_it_says_so_and_tells_at_once():
    found = school_day_after(at("2050-06-01 20:00"), "lancashire")
    assert found.starts is None and "school terms" in found.why and found.day == date(2050, 6, 1)


def test_the_school_of_the_next_school_day_is_told_not_that_of_the_incident(place: Place, monkeypatch: pytest.MonkeyPatch):
    clock(monkeypatch, at("2026-08-31 18:00"))
    child = place.child(school=place.hill, starts=date(2022, 9, 1), ends=date(2026, 8, 31))
    place.at(child, place.valley, starts=date(2026, 9, 1))
    (case,) = place.incident(child, when=at("2026-08-31 12:00"))
    (notice,) = notices_of([case])
    assert [one.school for one in notice.schools] == ["valley_academy"]


def test_a_child_at_two_schools_has_both_told(place: Place):
    child = place.child(school=place.hill)
    place.at(child, place.valley)
    (case,) = place.incident(child, when=FRIDAY_NIGHT)
    (notice,) = notices_of([case])
    assert {one.school for one in notice.schools} == {"hill_school", "valley_academy"}


def test_three_children_in_two_schools_each_school_sees_its_own(place: Place):
    one, two = place.child(school=place.hill), place.child("Bilal Hussain", date(2019, 1, 2), place.hill)
    three = place.child("Sana Hussain", date(2013, 3, 3), place.valley)
    cases = place.incident(one, two, three, when=FRIDAY_NIGHT, voices={"k2": {"child_said": "I hid with my brother."}})
    assert len({case.group for case in cases}) == 1
    seen = {case.subject.name for case in CasePolicy.visible_to(place.teacher).filter(pk__in=[c.pk for c in cases])}
    assert seen == {"Amira Hussain", "Bilal Hussain"}
    assert [case.subject.name for case in acting.together(place.teacher, cases[0])] == ["Amira Hussain", "Bilal Hussain"]
    assert not Event.objects.filter(case__in=cases[:2], voice__contains="hid").exists()


def test_a_school_changed_after_telling_is_listed_until_school_begins(place: Place, monkeypatch: pytest.MonkeyPatch):
    clock(monkeypatch, at("2026-08-12 21:00"))
    child = place.child(school=place.hill)
    (case,) = place.incident(child, when=at("2026-08-12 19:00"))
    child.professionals.update(ends=date(2026, 8, 31))
    place.at(child, place.valley, starts=date(2026, 9, 1))
    assert count_of(queues(place.officer, "police"))["changed"] == 1
    (line,) = lines(place.officer, "police", "changed")
    assert line.schools == ["Valley academy"]
    TellSchool(place.officer).run(case, place.valley)
    assert count_of(queues(place.officer, "police"))["changed"] == 0
    assert CasePolicy.visible_to(place.other_teacher).filter(pk=case.pk).exists()
    clock(monkeypatch, at("2026-09-01 09:30"))
    assert count_of(queues(place.officer, "police"))["changed"] == 0


# No school known --------------------------------------------------------------------------------------------------


def test_no_school_known_is_a_queue_and_the_council_finds_it_without_seeing_what_happened(place: Place):
    (case,) = place.incident(place.child(), when=FRIDAY_NIGHT)
    assert case.pk and Case.objects.get(pk=case.pk).state == "finding_school"
    assert count_of(queues(place.officer, "police"))["find"] == 1
    assert SearchPolicy.visible_to(place.clerk).filter(pk=case.pk).exists()
    assert not CasePolicy.visible_to(place.clerk).filter(pk=case.pk).exists()
    assert Notice.objects.get(organisation=place.education).case is None
    FindSchool(place.clerk).run(case, place.hill, "roll")
    assert not CasePolicy.visible_to(place.clerk).filter(pk=case.pk).exists()
    assert not Involvement.objects.filter(case=case, organisation=place.education).exists()
    (notice,) = notices_of([Case.objects.get(pk=case.pk)])
    assert [one.school for one in notice.schools] == ["hill_school"] and notice.found is not None
    assert notice.found.data["found_by"] == "county_education"
    found = Event.objects.get(case=case, kind="school_found")
    assert found.recorded_by_id == place.clerk.user_id
    assert Event.objects.get(case=case, kind="school_told").organisation == place.base.police
    assert schools_on(case.subject, date(2026, 11, 23))[0].organisation == place.hill
    assert Duty.objects.get(case=case, duty="find_school").outcome == "met"


def test_the_council_of_another_place_is_not_shown_the_search(place: Place):
    (case,) = place.incident(place.child(), when=FRIDAY_NIGHT)
    from goldenthread.agencies.models import Area

    place.education.area = Area.objects.create(slug="blackpool", title="Blackpool", kind="district", within=place.base.county)
    place.education.save()
    assert not SearchPolicy.visible_to(place.clerk).filter(pk=case.pk).exists()
    with pytest.raises(NotAllowed):
        FindSchool(place.clerk).run(case, place.hill)
    with pytest.raises(NotAllowed):
        FindSchool(place.teacher).run(case, place.hill)


def test_a_child_under_school_age_has_nobody_told_and_no_clock_late(place: Place):
    (case,) = place.incident(place.child(born=date(2024, 3, 1)), when=FRIDAY_NIGHT)
    fresh = Case.objects.get(pk=case.pk)
    assert not fresh.is_open and Duty.objects.get(case=case, duty="tell_school").outcome == "cancelled"
    assert not Notice.objects.exists()


def test_a_child_of_unknown_age_is_looked_for(place: Place):
    (case,) = place.incident(place.child(born=None), when=FRIDAY_NIGHT)
    assert Case.objects.get(pk=case.pk).state == "finding_school"
    SayAtNoSchool(place.officer).run(case, {"reason": "home_educated"})
    assert not Case.objects.get(pk=case.pk).is_open


def test_only_a_school_can_be_told(place: Place):
    (case,) = place.incident(place.child(), when=FRIDAY_NIGHT)
    for action in (FindSchool, TellSchool):
        with pytest.raises(Invalid, match="not a school"):
            action(place.officer).run(case, place.base.health)


# What the agreement allows ----------------------------------------------------------------------------------------


def ruled(monkeypatch: pytest.MonkeyPatch, existence: str, content: str) -> None:
    from ..decision import Decision, Ruling, Verdict

    said = [Ruling(Verdict(one), "operation_encompass", "9.9", "The clause says so.") for one in (existence, content)]
    monkeypatch.setattr(acting, "ruling_for", lambda *_, **__: Decision(*said))


def test_after_the_agreement_has_ended_nobody_is_told_and_the_reason_is_given(place: Place, monkeypatch: pytest.MonkeyPatch):
    clock(monkeypatch, at("2031-09-03 20:00"))
    (case,) = place.incident(place.child(born=date(2022, 1, 1), school=place.hill), when=at("2031-09-03 19:00"))
    assert Case.objects.get(pk=case.pk).state == "recorded" and not Notice.objects.exists()
    assert not CasePolicy.visible_to(place.teacher).filter(pk=case.pk).exists()
    with pytest.raises(NotCovered, match="ended on"):
        TellSchool(place.officer).run(case, place.hill)


def test_where_only_existence_may_be_told_the_school_is_asked_to_ring(place: Place, monkeypatch: pytest.MonkeyPatch):
    ruled(monkeypatch, "permit", "deny")
    (case,) = place.incident(place.child(school=place.hill), when=FRIDAY_NIGHT)
    assert not CasePolicy.visible_to(place.teacher).filter(pk=case.pk).exists()
    notice = Notice.objects.get(organisation=place.hill)
    assert notice.case is None and case.reference in notice.words and "Amira" not in notice.words
    assert not Duty.objects.filter(case=case, duty="open_notice").exists()


def test_an_override_in_force_lets_the_school_be_told(place: Place, monkeypatch: pytest.MonkeyPatch):
    ruled(monkeypatch, "deny", "deny")
    (case,) = place.incident(place.child(school=place.hill), when=FRIDAY_NIGHT)
    with pytest.raises(NotCovered):
        TellSchool(place.officer).run(case, place.hill)
    facts = {"case": case, "holder": place.base.police, "receiver": place.hill, "purpose": "tell_the_school", "reason": "x"}
    Override.objects.create(**facts, at=SATURDAY - timedelta(days=2), ends_at=SATURDAY - timedelta(days=1))
    with pytest.raises(NotCovered):
        TellSchool(place.officer).run(case, place.hill)
    Override.objects.create(**facts, at=SATURDAY, ends_at=SATURDAY + timedelta(days=1))
    TellSchool(place.officer).run(case, place.hill)
    assert CasePolicy.visible_to(place.teacher).filter(pk=case.pk).exists()


def test_a_review_needs_a_supervisors_word(place: Place, monkeypatch: pytest.MonkeyPatch):
    ruled(monkeypatch, "review", "review")
    (case,) = place.incident(place.child(school=place.hill), when=FRIDAY_NIGHT)
    with pytest.raises(NotCovered):
        TellSchool(place.officer).run(case, place.hill)
    with pytest.raises(NotAllowed, match="supervisor"):
        TellSchool(place.officer).run(case, place.hill, word="It must be told.")
    sergeant = replace(place.officer, capabilities=place.officer.capabilities | {Capability.SUPERVISE})
    told = TellSchool(sergeant).run(case, place.hill, word="It must be told.")
    assert told.data["word"] == "It must be told."


# Restricted children ----------------------------------------------------------------------------------------------


def test_a_restricted_child_is_told_only_to_the_people_named(place: Place):
    child = place.child(school=place.hill, restricted=True)
    inspector = place.base.actor(
        "Ida Rowe", place.base.police, place.officer.capabilities | {Capability.VIEW_RESTRICTED, Capability.SUPERVISE}
    )
    colleague = place.base.actor("Cai Owen", place.hill)
    (case,) = place.incident(child, when=FRIDAY_NIGHT, by=inspector)
    assert Case.objects.get(pk=case.pk).state == "recorded" and not Notice.objects.exists()
    assert not CasePolicy.visible_to(place.officer).filter(pk=case.pk).exists()
    with pytest.raises(Invalid, match="Choose who"):
        TellSchool(inspector).run(case, place.hill, word="The key adult must know.")
    TellSchool(inspector).run(case, place.hill, people=[place.base.users["Ann Dale"]], word="The key adult must know.")
    assert CasePolicy.visible_to(place.teacher).filter(pk=case.pk).exists()
    assert not CasePolicy.visible_to(colleague).filter(pk=case.pk).exists()
    assert not PersonPolicy.visible_to(colleague).filter(pk=child.pk).exists()
    assert list(Notice.objects.values_list("user__username", "organisation")) == [("ann.dale", None)]
    assert count_of(queues(colleague, "school")) == {"unopened": 0, "waiting": 0, "done": 0}
    assert count_of(queues(place.teacher, "school"))["unopened"] == 1
    OpenNotice(place.teacher).run(case)
    with pytest.raises(NotAllowed):
        OpenNotice(colleague).run(case)


def test_a_restricted_child_without_a_school_is_not_shown_to_the_council(place: Place):
    inspector = place.base.actor("Ida Rowe", place.base.police, place.officer.capabilities | {Capability.VIEW_RESTRICTED})
    (case,) = place.incident(place.child(restricted=True), when=FRIDAY_NIGHT, by=inspector)
    assert Case.objects.get(pk=case.pk).state == "finding_school"
    assert not SearchPolicy.visible_to(place.clerk).exists() and not Notice.objects.exists()


def test_an_officer_named_on_a_restricted_notice_keeps_seeing_it(place: Place):
    child = place.child(school=place.hill, restricted=True)
    inspector = place.base.actor("Ida Rowe", place.base.police, place.officer.capabilities | {Capability.VIEW_RESTRICTED})
    (case,) = place.incident(child, when=FRIDAY_NIGHT, by=inspector)
    plain = replace(inspector, capabilities=place.officer.capabilities)
    assert CasePolicy.visible_to(plain).filter(pk=case.pk).exists()


# Receipt, and what the school did ---------------------------------------------------------------------------------


def test_opening_is_the_receipt_once_for_all_the_schools_children(place: Place, monkeypatch: pytest.MonkeyPatch):
    cases = place.incident(
        place.child(school=place.hill), place.child("Bilal Hussain", date(2019, 1, 2), place.hill), when=FRIDAY_NIGHT
    )
    clock(monkeypatch, at("2026-11-23 08:05"))
    assert {case.pk for case in OpenNotice(place.teacher).run(cases[0])} == {case.pk for case in cases}
    assert OpenNotice(place.teacher).run(cases[1]) == []
    for notice in notices_of(cases):
        (one,) = notice.schools
        assert one.opened is not None and one.opened.data["by_whom"] == "Ann Dale"
    counts = count_of(queues(place.officer, "police"))
    assert (counts["unopened"], counts["waiting"], counts["done"]) == (0, 2, 0)
    with pytest.raises(NotAllowed):
        OpenNotice(place.officer).run(cases[0])


def test_what_the_school_did_closes_the_notice_and_the_police_see_it(place: Place, monkeypatch: pytest.MonkeyPatch):
    cases = place.incident(
        place.child(school=place.hill), place.child("Bilal Hussain", date(2019, 1, 2), place.hill), when=FRIDAY_NIGHT
    )
    clock(monkeypatch, at("2026-11-23 15:30"))
    SayWhatWasDone(place.teacher).run(
        cases[0], at("2026-11-23 08:40"), {"did": ["met_at_the_gate", "breakfast"], "seen": True}, also=[cases[1]],
        each={cases[1].pk: {"child_said": "Toast, please."}},
    )  # fmt: skip
    assert not Case.objects.filter(pk__in=[one.pk for one in cases], is_open=True).exists()
    assert Event.objects.get(case=cases[1], kind="school_acted").voice == "Toast, please."
    assert Event.objects.get(case=cases[0], kind="school_acted").voice == ""
    assert {duty.outcome for duty in Duty.objects.filter(case__in=cases)} == {"met"}
    assert count_of(queues(place.teacher, "school")) == {"unopened": 0, "waiting": 0, "done": 2}
    with pytest.raises(NotAllowed):
        SayWhatWasDone(place.other_teacher).run(cases[0], SATURDAY, {"did": ["nothing_needed"], "seen": False})


def test_a_child_of_another_incident_cannot_be_added(place: Place, monkeypatch: pytest.MonkeyPatch):
    (one,) = place.incident(place.child(school=place.hill), when=FRIDAY_NIGHT)
    (two,) = place.incident(place.child("Zoe Wood", date(2016, 2, 2), place.hill), when=FRIDAY_NIGHT)
    clock(monkeypatch, at("2026-11-23 15:30"))
    with pytest.raises(Invalid, match="not of the same incident"):
        SayWhatWasDone(place.teacher).run(one, at("2026-11-23 09:00"), {"did": ["absent"], "seen": False}, also=[two])


def test_a_second_school_may_still_say_what_it_did(place: Place, monkeypatch: pytest.MonkeyPatch):
    child = place.child(school=place.hill)
    place.at(child, place.valley)
    (case,) = place.incident(child, when=FRIDAY_NIGHT)
    clock(monkeypatch, at("2026-11-23 15:30"))
    SayWhatWasDone(place.teacher).run(case, at("2026-11-23 09:00"), {"did": ["watched_over"], "seen": True})
    SayWhatWasDone(place.other_teacher).run(case, at("2026-11-23 10:00"), {"did": ["absent"], "seen": False})
    (notice,) = notices_of([Case.objects.get(pk=case.pk)])
    assert [len(one.done) for one in notice.schools] == [1, 1]


def test_a_worry_for_the_front_door_opens_a_contact(place: Place):
    (case,) = place.incident(place.child(school=place.hill), when=FRIDAY_NIGHT, front_door=True)
    contact = Case.objects.get(pathway="contact")
    assert contact.opened_from is not None and contact.opened_from.case_id == case.pk
    assert not CasePolicy.visible_to(place.teacher).filter(pk=contact.pk).exists()


def test_told_twice_is_refused(place: Place):
    (case,) = place.incident(place.child(school=place.hill), when=FRIDAY_NIGHT)
    with pytest.raises(Invalid, match="told already"):
        TellSchool(place.officer).run(case, place.hill)


def test_sides_come_from_the_guidance():
    assert [side_of({kind}) for kind in ("police", "school", "education_service", "housing")] == [
        "police", "school", "finder", None
    ]  # fmt: skip


def test_guidance_without_notices_says_so(settings: Any, tmp_path: Any):
    from goldenthread.casework.tests.partnership import small_guidance
    from goldenthread.foundation import library

    settings.GT_GUIDANCE_FOLDER = str(small_guidance(tmp_path / "guidance"))
    try:
        with pytest.raises(reading.NoNotices):
            reading.school_notices()
    finally:
        library.reload_library()


# No way round ----------------------------------------------------------------------------------------------------


def test_no_other_way_of_recording_tells_a_school_against_the_agreement(place: Place, monkeypatch: pytest.MonkeyPatch):
    ruled(monkeypatch, "deny", "deny")
    (case,) = place.incident(place.child(school=place.hill), when=FRIDAY_NIGHT)
    told = {"school": "hill_school", "how": "here", "told": "everything"}
    with pytest.raises(Invalid, match="may not be told"):
        RecordEvent(place.officer).run(case, "school_told", SATURDAY, told)
    assert not CasePolicy.visible_to(place.teacher).filter(pk=case.pk).exists()


def test_no_other_way_of_recording_tells_a_restricted_child_to_a_whole_school(place: Place):
    inspector = place.base.actor(
        "Ida Rowe", place.base.police, place.officer.capabilities | {Capability.VIEW_RESTRICTED, Capability.SUPERVISE}
    )
    (case,) = place.incident(place.child(school=place.hill, restricted=True), when=FRIDAY_NIGHT, by=inspector)
    told = {"school": "hill_school", "how": "here", "told": "everything", "word": "Now."}
    with pytest.raises(Invalid, match="Choose who"):
        RecordEvent(inspector).run(case, "school_told", SATURDAY, told)


def test_a_notice_is_no_request_that_must_be_answered(place: Place):
    from ..exchange import exchange_of

    assert exchange_of(reading.notice_pathway()) is None
