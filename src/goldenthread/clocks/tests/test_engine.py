"""Every form of clock the guidance language has, on examples worked by hand from a wall calendar."""

from __future__ import annotations

from goldenthread.clocks.calendar import start_of
from goldenthread.clocks.engine import Happening, Subject

from .pathways import USUAL, at, dues, only, program, run, statuses


def rule(text: str) -> str:
    return f"one: {{{USUAL}, {text}}}"


WORKING = rule("after: opened, within: {2013-04-15: 15 working days}, met_by: held")


def test_working_days_over_christmas_skip_both_holidays_and_the_substitute_day() -> None:
    progress = run(WORKING, [("opened", "2026-12-21")], "2026-12-21")
    assert dues(progress) == ["2027-01-14"]
    assert statuses(progress) == ["open"]


def test_proof_names_each_day_skipped() -> None:
    duty = only(run(WORKING, [("opened", "2026-12-21")], "2026-12-21"))
    lines = duty.proof().lines()
    assert "Friday 25 December 2026: Christmas Day, not counted" in lines
    assert "Monday 28 December 2026: Boxing Day (substitute day), not counted" in lines
    assert "Due: Thursday 14 January 2027" in lines
    assert lines[-1] == "Source: For tests"


def test_conference_due_over_easter_skips_good_friday_and_easter_monday() -> None:
    assert dues(run(WORKING, [("opened", "2026-03-26")], "2026-03-26")) == ["2026-04-20"]


def test_one_off_bank_holiday_for_the_state_funeral_is_skipped() -> None:
    assert dues(run(WORKING, [("opened", "2022-09-12")], "2022-09-12")) == ["2022-10-04"]


def test_met_on_the_due_day_is_in_time_and_the_day_after_is_late() -> None:
    assert statuses(run(WORKING, [("opened", "2026-03-26"), ("held", "2026-04-20")], "2026-05-01")) == [
        "met_on_time"
    ]
    assert statuses(run(WORKING, [("opened", "2026-03-26"), ("held", "2026-04-21")], "2026-05-01")) == [
        "met_late"
    ]


def test_a_duty_goes_from_open_to_due_soon_to_overdue() -> None:
    for day, status in (
        ("2026-04-01", "open"),
        ("2026-04-19", "due_soon"),
        ("2026-04-20", "due_soon"),
        ("2026-04-21", "overdue"),
    ):
        assert statuses(run(WORKING, [("opened", "2026-03-26")], day)) == [status], day


def test_value_in_force_at_the_trigger_decides() -> None:
    dated = rule(
        "after: opened, met_by: held, "
        "within: {2013-04-15: 15 working days, 2027-01-01: 10 working days, 2028-01-01: null}"
    )
    assert dues(run(dated, [("opened", "2026-12-31")], "2026-12-31")) == ["2027-01-22"]
    assert dues(run(dated, [("opened", "2027-01-01")], "2027-01-01")) == ["2027-01-15"]
    assert dues(run(dated, [("opened", "2028-01-03")], "2028-01-03")) == []
    assert dues(run(dated, [("opened", "2013-04-14")], "2013-04-14")) == []


def test_the_trigger_day_is_counted_where_the_rule_says_beginning_with() -> None:
    days = rule("after: opened, within: {2009-04-01: 21 days}, met_by: held, counts_trigger_day: true")
    assert dues(run(days, [("opened", "2026-03-01")], "2026-03-01")) == ["2026-03-21"]
    working = rule(
        "after: opened, within: {2009-04-01: 5 working days}, met_by: held, counts_trigger_day: true"
    )
    assert dues(run(working, [("opened", "2026-03-02")], "2026-03-02")) == ["2026-03-06"]
    assert dues(run(working, [("opened", "2026-03-01")], "2026-03-01")) == ["2026-03-06"]


def test_months_end_on_the_last_day_of_a_shorter_month() -> None:
    months = rule("after: opened, within: {2011-04-01: 6 months}, met_by: held")
    assert dues(run(months, [("opened", "2026-08-31")], "2026-08-31")) == ["2027-02-28"]
    assert dues(run(months, [("opened", "2027-08-31")], "2027-08-31")) == ["2028-02-29"]
    year = rule("after: opened, within: {2011-04-01: 1 year}, met_by: held")
    assert dues(run(year, [("opened", "2024-02-29")], "2024-02-29")) == ["2025-02-28"]


def test_hours_run_through_the_weekend_and_the_clock_change() -> None:
    hours = rule("after: opened, within: {2014-01-01: 72 hours}, met_by: held")
    assert dues(run(hours, [("opened", "2026-03-27T10:00")], "2026-03-27T11:00")) == [
        "2026-03-30T11:00:00+01:00"
    ]
    assert dues(run(hours, [("opened", "2026-10-23T10:00")], "2026-10-23T11:00")) == [
        "2026-10-26T09:00:00+00:00"
    ]
    assert statuses(
        run(hours, [("opened", "2026-03-27T10:00"), ("held", "2026-03-30T11:00")], "2026-04-01")
    ) == ["met_on_time"]
    assert statuses(
        run(hours, [("opened", "2026-03-27T10:00"), ("held", "2026-03-30T11:01")], "2026-04-01")
    ) == ["met_late"]


def test_reviews_at_20_working_days_then_3_months_then_every_6_each_from_the_last_one_held() -> None:
    reviews = rule(
        "after: opened, every: [{first: 20 working days}, {second: 3 months}, {then: 6 months}], "
        "in_force: {from: 2011-04-01}, met_by: held"
    )
    events = [
        ("opened", "2026-01-05"),
        ("held", "2026-01-30"),
        ("held", "2026-05-05"),
        ("held", "2026-10-01"),
    ]
    progress = run(reviews, events, "2026-11-01")
    assert dues(progress) == ["2026-02-02", "2026-04-30", "2026-11-05", "2027-04-01"]
    assert statuses(progress) == ["met_on_time", "met_late", "met_on_time", "open"]
    assert [duty.ordinal for duty in progress.duties] == [1, 2, 3, 4]


def test_health_assessments_every_6_months_under_5_then_yearly() -> None:
    health = rule(
        "after: held, every: [{within: 6 months, when: {subject.age: {under: 5}}}, {then: 12 months}], "
        "in_force: {from: 2011-04-01}, met_by: held"
    )
    events = [("opened", "2025-01-01"), ("held", "2025-01-20")]
    assert dues(run(health, events, "2025-02-01", born="2020-06-01")) == ["2025-07-20"]
    events.append(("held", "2025-07-01"))
    assert dues(run(health, events, "2025-08-01", born="2020-06-01"))[-1] == "2026-07-01"


def test_visits_are_more_frequent_until_the_first_review_and_during_the_first_year() -> None:
    visits = rule(
        "after: opened, every: [{within: 1 week, until: held}, {within: 6 weeks, during_first: 12 months}, "
        "{within: 3 months, when: {long_term: true}}, {then: 6 weeks}], in_force: {from: 2011-04-01}, "
        "met_by: seen, stops: stopped"
    )
    events = [
        ("opened", "2025-01-06", {"long_term": True}),
        ("seen", "2025-01-10"),
        ("held", "2025-01-15"),
        ("seen", "2025-01-16"),
        ("seen", "2026-01-06"),
    ]
    assert dues(run(visits, events, "2026-01-07")) == ["2025-01-13", "2025-01-17", "2025-02-27", "2026-04-06"]
    stopped = run(visits, [*events, ("stopped", "2026-01-20")], "2026-06-01")
    assert statuses(stopped)[-1] == "cancelled"
    assert stopped.duties[-1].reason == "Stopped"


def test_a_report_is_due_working_days_before_the_date_planned_and_moves_when_it_is_planned_again() -> None:
    report = rule("before: planned.on_day, by: {2013-04-15: 2 working days}, met_by: seen")
    events = [("opened", "2026-03-01"), ("planned", "2026-03-10", {"on_day": "2026-04-07"})]
    progress = run(report, events, "2026-03-11")
    assert dues(progress) == ["2026-04-01"]
    again = run(report, [*events, ("planned", "2026-03-20", {"on_day": "2026-04-15"})], "2026-03-21")
    assert dues(again) == ["2026-04-01", "2026-04-13"]
    assert statuses(again) == ["cancelled", "open"]


def test_before_the_next_school_day_passes_over_the_half_term() -> None:
    school = rule("after: opened, before: next school day, in_force: {from: 2025-11-07}, met_by: seen")
    [due] = dues(run(school, [("opened", "2026-11-19T21:30")], "2026-11-19T22:00"))
    assert due == "2026-11-20T09:00:00+00:00"
    [early] = dues(run(school, [("opened", "2026-11-20T03:00")], "2026-11-20T04:00"))
    assert early == "2026-11-20T09:00:00+00:00"
    [weekend] = dues(run(school, [("opened", "2026-11-20T21:00")], "2026-11-20T22:00"))
    assert weekend == "2026-11-23T09:00:00+00:00"


def test_half_way_between_a_review_and_the_next_one_due() -> None:
    both = rule("after: opened, every: [{then: 6 months}], in_force: {from: 2011-04-01}, met_by: held") + (
        f"\nmid: {{{USUAL}, midway: [[opened, held], one], in_force: {{from: 2011-04-01}}, met_by: seen}}"
    )
    progress = run(both, [("opened", "2026-01-01"), ("held", "2026-06-01")], "2026-06-02")
    assert dues(progress) == ["2026-07-01", "2026-12-01"]
    assert dues(progress, "mid") == ["2026-04-01", "2026-08-31"]


def test_at_the_16th_birthday_plus_3_months() -> None:
    needs = rule("after: birthday 16, within: {2011-04-01: 3 months}, met_by: held")
    progress = run(needs, [("opened", "2026-01-01")], "2026-01-02", born="2010-05-31")
    assert dues(progress) == ["2026-08-31"]
    assert statuses(progress) == ["waiting"]
    assert statuses(run(needs, [("opened", "2026-01-01")], "2026-06-01", born="2010-05-31")) == ["open"]
    assert dues(run(needs, [("opened", "2026-06-01")], "2026-06-02", born="2010-05-31")) == []


def test_received_after_five_counts_from_the_next_working_day() -> None:
    post = rule("after: late_post, within: {2013-04-15: 1 working day}, met_by: held")
    opened = ("opened", "2026-03-01")
    for when, due in (
        ("2026-03-05T16:59", "2026-03-06"),
        ("2026-03-05T17:00", "2026-03-06"),
        ("2026-03-05T17:01", "2026-03-09"),
        ("2026-03-06T18:00", "2026-03-10"),
        ("2026-03-07T10:00", "2026-03-10"),
    ):
        assert dues(run(post, [opened, ("late_post", when)], "2026-03-08")) == [due], when
    assert any(
        "out of hours" in line
        for line in only(run(post, [opened, ("late_post", "2026-03-06T18:00")], "2026-03-08")).proof().lines()
    )


def test_an_extension_moves_the_due_day_and_the_proof_shows_it() -> None:
    one = rule("after: opened, within: {2013-04-15: 10 days}, met_by: held")
    progress = run(
        one, [("opened", "2026-03-01"), ("granted", "2026-03-05", {"until": "2026-03-31"})], "2026-03-20"
    )
    assert dues(progress) == ["2026-03-31"]
    assert (
        "Would have been due Wednesday 11 March 2026; extended on Thursday 5 March 2026 to Tuesday 31 March 2026"
        in (only(progress).proof().lines())
    )


def test_a_paused_clock_leaves_out_the_days_it_stood_still() -> None:
    paused = rule(
        "after: opened, within: {2013-04-15: 10 working days}, met_by: held, "
        "pauses: {from: police_started, until: police_ended}"
    )
    events = [("opened", "2026-06-01"), ("police_started", "2026-06-03"), ("police_ended", "2026-06-10")]
    assert dues(run(paused, events, "2026-06-11")) == ["2026-06-22"]
    waiting = run(paused, events[:2], "2026-06-05")
    assert dues(waiting) == [None]
    assert statuses(waiting) == ["waiting"]
    days = rule(
        "after: opened, within: {2013-04-15: 14 days}, met_by: held, "
        "pauses: {from: police_started, until: police_ended}"
    )
    assert dues(run(days, events, "2026-06-11")) == ["2026-06-22"]


def test_excused_with_the_reason_given() -> None:
    one = rule("after: opened, within: {2013-04-15: 10 days}, met_by: held")
    progress = run(
        one, [("opened", "2026-03-01"), ("not_possible", "2026-03-05", {"why": "In hospital"})], "2026-06-20"
    )
    assert statuses(progress) == ["excused"]
    assert only(progress).reason == "In hospital"


def test_unless_cancels_what_is_still_open_but_not_what_was_done() -> None:
    one = rule("after: opened, within: {2013-04-15: 10 days}, met_by: held, unless: stopped")
    assert statuses(run(one, [("opened", "2026-03-01"), ("stopped", "2026-03-02")], "2026-06-20")) == [
        "cancelled"
    ]
    events = [("opened", "2026-03-01"), ("held", "2026-03-02"), ("stopped", "2026-03-03")]
    assert statuses(run(one, events, "2026-06-20")) == ["met_on_time"]


def test_conditions_on_the_trigger_and_on_what_meets_it() -> None:
    one = rule(
        "after: opened, when: {outcome: section_47}, within: {2013-04-15: 10 days}, met_by: {seen: {seen: true}}"
    )
    assert dues(run(one, [("opened", "2026-03-01", {"outcome": "other"})], "2026-03-02")) == []
    events = [("opened", "2026-03-01", {"outcome": "section_47"}), ("seen", "2026-03-03", {"seen": False})]
    assert statuses(run(one, events, "2026-03-04")) == ["open"]
    assert statuses(run(one, [*events, ("seen", "2026-03-05", {"seen": True})], "2026-03-06")) == [
        "met_on_time"
    ]


def test_each_agency_asked_is_answered_by_itself() -> None:
    asked = rule("after: again, within: {2020-01-01: 3 hours}, met_by: seen, matching: [agency]")
    events = [
        ("opened", "2026-03-02T09:00"),
        ("again", "2026-03-02T10:00", {"agency": "police"}),
        ("again", "2026-03-02T10:00", {"agency": "school"}),
        ("seen", "2026-03-02T11:00", {"agency": "school"}),
    ]
    assert statuses(run(asked, events, "2026-03-02T14:00")) == ["overdue", "met_on_time"]


def test_what_one_agency_said_early_uses_up_nothing_of_anothers() -> None:
    asked = rule(
        "after: again, within: {2020-01-01: 3 days}, met_by: seen, matching: [agency], accepts_earlier: true"
    )
    events = [
        ("opened", "2026-03-02"),
        ("seen", "2026-03-03", {"agency": "school"}),
        ("seen", "2026-03-04", {"agency": "police"}),
        ("again", "2026-03-05", {"agency": "police"}),
        ("again", "2026-03-06", {"agency": "school"}),
        ("again", "2026-03-07", {"agency": "police"}),
    ]
    assert statuses(run(asked, events, "2026-03-20")) == ["met_on_time", "met_on_time", "overdue"]


def test_done_before_the_trigger_counts_where_the_rule_accepts_it() -> None:
    any_time = rule(
        "after: again, within: {2011-04-01: 10 working days}, met_by: held, accepts_earlier: true"
    )
    events = [("opened", "2026-01-01"), ("held", "2026-01-05"), ("again", "2026-03-01")]
    assert statuses(run(any_time, events, "2026-03-02")) == ["met_on_time"]
    recent = rule(
        "after: again, within: {2011-04-01: 10 working days}, met_by: held, accepts_earlier: 1 month"
    )
    assert statuses(run(recent, events, "2026-03-02")) == ["open"]
    assert statuses(run(recent, [events[0], ("held", "2026-02-10"), events[2]], "2026-03-02")) == [
        "met_on_time"
    ]


def test_a_clock_runs_only_while_what_is_known_now_says_so() -> None:
    one = rule(
        "after: opened, within: {2013-04-15: 24 hours}, met_by: held, only_while: {again.outcome: section_47}"
    )
    opened = ("opened", "2026-03-01T09:00")
    assert dues(run(one, [opened], "2026-03-01T10:00")) == []
    asked = ("again", "2026-03-01T09:30", {"outcome": "section_47"})
    assert dues(run(one, [opened, asked], "2026-03-01T10:00")) == ["2026-03-02T09:00:00+00:00"]
    changed = ("again", "2026-03-01T09:45", {"outcome": "other"})
    assert dues(run(one, [opened, asked, changed], "2026-03-01T10:00")) == []


def test_first_trigger_only_and_latest_trigger_replacing() -> None:
    first = rule("after: again, within: {2011-04-01: 10 days}, met_by: held, counting: first")
    events = [("opened", "2026-01-01"), ("again", "2026-03-01"), ("again", "2026-03-05")]
    assert dues(run(first, events, "2026-03-06")) == ["2026-03-11"]
    latest = rule("after: again, within: {2011-04-01: 10 days}, met_by: held, counting: latest")
    progress = run(latest, events, "2026-03-06")
    assert (dues(progress), statuses(progress)) == (["2026-03-11", "2026-03-15"], ["cancelled", "open"])


def test_closing_ends_open_clocks_and_reopening_lets_them_stand() -> None:
    one = rule("after: opened, within: {2013-04-15: 10 days}, met_by: held")
    closed = run(one, [("opened", "2026-03-01"), ("closed", "2026-03-20")], "2026-06-20")
    assert statuses(closed) == ["cancelled"]
    assert only(closed).late
    assert (closed.state, closed.is_open, str(closed.closed)) == ("done", False, "2026-03-20")
    again = run(
        one, [("opened", "2026-03-01"), ("closed", "2026-03-05"), ("reopened", "2026-03-06")], "2026-03-07"
    )
    assert (again.state, again.is_open, statuses(again)) == ("open", True, ["open"])


def test_what_is_told_without_its_time_comes_after_what_was_already_told_of_that_day() -> None:
    one = rule("after: opened, within: {2013-04-15: 10 days}, met_by: held")
    told = [("opened", "2026-03-02T09:00"), ("held", "2026-03-02T15:00"), ("closed", "2026-03-02")]
    closed = run(one, told, "2026-03-03")
    assert (closed.state, statuses(closed)) == ("done", ["met_on_time"])
    later = run(one, [("opened", "2026-03-02"), ("held", "2026-03-02T15:00")], "2026-03-03")
    assert statuses(later) == ["met_on_time"]


def test_a_correction_counts_only_from_when_it_was_recorded() -> None:
    compiled = program(WORKING)
    first = Happening.on("a", "opened", at("2026-03-26"))
    day = at("2026-03-19")
    fixed = Happening("b", "opened", day, None, start_of(at("2026-04-10")), {}, amends="a")  # type: ignore[arg-type]
    before = compiled.run([first, fixed], Subject(), start_of(at("2026-04-05")), start_of(at("2026-04-05")))  # type: ignore[arg-type]
    after = compiled.run([first, fixed], Subject(), start_of(at("2026-04-11")), start_of(at("2026-04-11")))  # type: ignore[arg-type]
    assert dues(before) == ["2026-04-20"]
    assert dues(after) == ["2026-04-13"]


def test_events_of_one_day_told_without_times_do_not_follow_each_other_for_ever() -> None:
    """Each of two events may have come after the other: a clock that goes on from one never goes back to the other."""
    recurring = rule(
        "after: opened, in_force: {from: 2013-04-15}, every: [{then: 5 days}], met_by: [held, seen]"
    )
    turns = run(
        recurring, [("opened", "2026-03-02"), ("held", "2026-03-04"), ("seen", "2026-03-04")], "2026-03-05"
    )
    assert statuses(turns) == ["met_on_time", "met_on_time", "open"]
    paused = rule(
        "after: opened, within: {2013-04-15: 10 working days}, met_by: held, "
        "pauses: {from: police_started, until: police_ended}"
    )
    day = [("police_ended", "2026-03-04"), ("police_started", "2026-03-04"), ("police_started", "2026-03-04")]
    assert dues(run(paused, [("opened", "2026-03-02"), *day], "2026-03-05")) == ["2026-03-16"]
    asked = rule("after: again, within: {2013-04-15: 5 days}, met_by: [held, seen], matching: [agency]")
    both = [("again", "2026-03-02", {"agency": "gp"}), ("held", "2026-03-04"), ("seen", "2026-03-04")]
    assert statuses(run(asked, both, "2026-03-05")) == ["open"]
    excused = rule("after: opened, in_force: {from: 2013-04-15}, every: [{then: 5 days}], met_by: held")
    missed = [("opened", "2026-03-02"), ("not_possible", "2026-03-04"), ("not_possible", "2026-03-04")]
    assert statuses(run(excused, missed, "2026-03-05")) == ["excused", "excused", "open"]


def test_beyond_the_known_bank_holidays_the_proof_says_so() -> None:
    duty = only(run(WORKING, [("opened", "2028-12-20")], "2028-12-20"))
    assert not duty.proof().certain
    assert any("Not certain" in line for line in duty.proof().lines())


def test_without_known_school_terms_the_clock_waits_and_says_why() -> None:
    school = rule("after: opened, within: {2018-01-01: 1 school term}, met_by: held")
    duty = only(run(school, [("opened", "2019-03-01")], "2019-03-02"))
    assert (duty.due, duty.status) == (None, "waiting")
    assert "school terms" in duty.reason


def test_a_clock_that_asks_for_repeats_starts_only_with_the_third_in_thirty_days() -> None:
    pattern = rule(
        "after: again, if_repeated: {event: again, times: 3, within: 30 days}, within: {2014-01-01: 5 working days},"
        " met_by: held"
    )
    spread = [("opened", "2026-01-01"), ("again", "2026-01-05"), ("again", "2026-01-20"), ("again", "2026-02-05")]
    assert dues(run(pattern, spread, "2026-03-01")) == []
    # 20 January, 5 February and, on the thirtieth day after the first of them, 19 February
    assert dues(run(pattern, [*spread, ("again", "2026-02-19")], "2026-03-01")) == ["2026-02-26"]
    assert dues(run(pattern, [*spread, ("again", "2026-02-20")], "2026-03-01")) == []


def test_a_repeat_may_be_of_another_event_than_the_one_that_starts_the_clock() -> None:
    repeat = rule(
        "after: seen, if_repeated: {event: again, times: 1, within: 12 months}, within: {2014-01-01: 1 working day},"
        " met_by: held"
    )
    told = [("opened", "2025-01-02"), ("again", "2025-03-10")]
    assert dues(run(repeat, [*told, ("seen", "2026-03-10")], "2026-04-01")) == ["2026-03-11"]
    assert dues(run(repeat, [*told, ("seen", "2026-03-11")], "2026-04-01")) == []
    assert dues(run(repeat, [("opened", "2025-01-02"), ("seen", "2025-03-10"), *told[1:]], "2026-04-01")) == []


def test_a_new_date_replaces_only_the_one_with_the_same_answers_where_the_rule_matches() -> None:
    planned = rule("before: planned.on_day, by: {2014-01-01: 0 days}, matching: [agency], met_by: seen")
    events = [
        ("opened", "2026-03-01"),
        ("planned", "2026-03-02", {"on_day": "2026-03-20", "agency": "school"}),
        ("planned", "2026-03-03", {"on_day": "2026-03-10", "agency": "police"}),
        ("planned", "2026-03-04", {"on_day": "2026-03-27", "agency": "school"}),
        ("seen", "2026-03-11", {"agency": "police"}),
        ("seen", "2026-03-25", {"agency": "school"}),
    ]
    progress = run(planned, events, "2026-04-01")
    assert dues(progress) == ["2026-03-20", "2026-03-10", "2026-03-27"]
    assert statuses(progress) == ["cancelled", "met_late", "met_on_time"]
