"""Journeys followed by hand: which event counts, in which case, until when; and how they add up."""

from __future__ import annotations

from datetime import date, timedelta

from goldenthread.guidance.library import shipped

from ..following import Happened, follow, group_of, later
from ..tally import columns_of, compared, payload, tally

JOURNEY = shipped().journeys["from_contact"]
AS_OF = date(2026, 6, 1)
START = date(2025, 4, 1)


def said(name, day, case="c1", sequence=1, clocks=None, **answers):
    given = {field: frozenset([code]) for field, code in answers.items()}
    return Happened(f"{case}/{sequence}", case, name, START + timedelta(days=day), sequence, "burnley", given, clocks or {})


def walked(*events):
    return follow(JOURNEY, sorted(events, key=lambda one: one.day), "White", AS_OF, START)


def contact(day, case="c1"):
    return said("contact.contact_received", day, case)


def decided(day, outcome, case="c1", **more):
    return said("contact.decided", day, case, 2, outcome=outcome, **more)


def test_a_contact_that_leads_to_nothing_ends_with_its_decision():
    [one] = walked(contact(0), decided(1, "advice", clocks={"contact.decision_green": False}))
    assert one.places == ("Contact", "Advice")
    assert (one.steps[0].days, one.steps[0].over, one.steps[0].clock) == (1, True, "in time")


def test_a_contact_is_followed_through_the_childs_other_cases_to_the_furthest_it_came_to():
    [one] = walked(
        contact(0), decided(1, "referral", clocks={"contact.decision_red": True}),
        said("assessment.assessment_started", 2, "a1"), said("child_in_need.became_child_in_need", 30, "n1"),
        said("child_protection_plan.plan_started", 90, "p1"),
    )  # fmt: skip
    assert one.places == ("Contact", "Referral", "Assessment", "Child protection plan")
    assert one.steps[0].clock == "late" and one.steps[2].days == 88


def test_the_decision_of_another_contact_of_the_same_child_is_not_this_ones():
    first, second = walked(contact(0), contact(2, "c2"), decided(3, "advice", "c2"))
    assert first.places == ("Contact", "Not decided") and second.places == ("Contact", "Advice")
    assert not first.steps[0].over and first.steps[0].days == 183  # six months


def test_nobody_is_followed_longer_than_six_months_or_beyond_the_data():
    [late] = walked(contact(0), decided(1, "referral"), said("assessment.assessment_started", 200, "a1"))
    assert late.places == ("Contact", "Referral", "Nothing begun")
    [young] = walked(contact(400), decided(401, "referral"))
    assert young.places[-1] == "Nothing begun" and young.steps[1].days == (AS_OF - START).days - 401


def test_only_the_end_of_a_case_that_the_journey_was_in_ends_it():
    started = said("early_help.plan_started", 5, "e1")
    [one] = walked(contact(0), decided(1, "early_help"), started, said("assessment.case_closed", 20, "a9"))
    assert one.places == ("Contact", "Early help", "Early help plan", "Still under way")
    [own] = walked(contact(0), decided(1, "early_help"), started, said("early_help.case_closed", 20, "e1", 2))
    assert own.places[-1] == "Ended"


def test_what_happened_before_the_contact_or_on_its_day_in_the_same_case_before_it_does_not_count():
    [one] = walked(said("assessment.assessment_started", -9, "a1"), contact(0), decided(0, "referral"))
    assert one.places == ("Contact", "Referral", "Nothing begun")


def test_a_month_is_moved_on_to_its_last_day_where_there_is_no_such_day():
    assert later(date(2025, 8, 31), JOURNEY.follow) == date(2026, 2, 28)
    assert later(date(2025, 12, 15), JOURNEY.follow) == date(2026, 6, 15)


def test_codes_are_put_into_groups_and_what_is_in_none_is_not_recorded():
    assert group_of(JOURNEY, "APKN") == "Asian" and group_of(JOURNEY, "WROM") == "Gypsy, Roma or Irish Traveller"
    assert {group_of(JOURNEY, code) for code in (None, "", "REFU", "NOBT")} == {"Not recorded"}


def test_journeys_add_up_with_those_who_still_wait():
    found = [one for nth in range(12) for one in walked(contact(nth), decided(nth + 2, "advice"))]
    found += [one for nth in range(3) for one in walked(contact(nth))]
    page = payload(JOURNEY, tally(found))
    assert page["flows"] == [["Contact", "Advice", 12], ["Contact", "Not decided", 3]]
    assert page["steps"]["0"] == {
        "taken": 12, "waiting": 3, "half": 2, "nine": None, "in time": 0, "late": 0, "no clock": 12,
    }  # fmt: skip
    assert page["groups"]["White"]["Contact"] == 15


def test_places_that_are_told_together_stand_once_in_their_column():
    broad = columns_of(JOURNEY, broad=True)
    assert broad[1] == ["Passed to social care", "Early help", "No new case", "Not decided"]
    assert compared(JOURNEY, broad=True)[0] == "Passed to social care"
