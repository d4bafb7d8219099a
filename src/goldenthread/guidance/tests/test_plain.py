"""Every form of clock in words, and what the page of a pathway says on a day."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from goldenthread.guidance.library import Library, shipped
from goldenthread.guidance.plain import PlainPathway, as_text, plain
from goldenthread.guidance.sentences import lower_first, ordinal, sentence, text_of

from .samples import changed, library


@pytest.fixture
def sample(tmp_path: Path) -> Library:
    return library(tmp_path)


def told(found: Library, on: date = date(2020, 1, 1)) -> PlainPathway:
    return plain(found.pathways["visiting"], found, on)


def timing(found: Library, duty: str, on: date = date(2020, 1, 1)) -> str:
    return text_of(next(one for one in told(found, on).duties if one.id == duty).timing)


def said(found: Library, duty: str) -> list[str]:
    return [text_of(phrase) for phrase in next(one for one in told(found).duties if one.id == duty).terms]


@pytest.mark.parametrize(
    ("duty", "words"),
    [
        ("first_visit", "Within 7 working days after notified."),
        (
            "visits",
            "After the day given for “When does the arrangement start?” in notified, every 6 weeks during the first 12 months; "
            "then every 12 weeks.",
        ),
        (
            "health",
            "After visit to the child where child seen is yes and the child is aged 1 or over, every 6 months while the "
            "child is aged under 5; then every 12 months.",
        ),
        (
            "reviews",
            "The first within 15 working days after visit to the child; every 2 months until review planned; then every "
            "5 months.",
        ),
        ("report", "At least 2 working days before the planned for given in review planned."),
        ("midpoint", "Half way from review held to the day that “Review” is due."),
        ("school_told", "Before the next school day starts, after notified."),
        ("pathway_plan", "Within 3 months after the child’s 16th birthday."),
    ],
)
def test_when_a_duty_is_due_in_words(sample: Library, duty: str, words: str) -> None:
    assert timing(sample, duty) == words


def test_the_day_chosen_decides_which_value_is_told(sample: Library) -> None:
    assert timing(sample, "first_visit", date(2017, 12, 31)) == "Within 10 working days after notified."
    assert timing(sample, "reviews", date(2010, 1, 1)) == (
        "The first within 20 working days after visit to the child; the second within 3 months of the first; "
        "then every 6 months."
    )


@pytest.mark.parametrize(
    ("duty", "sentence_"),
    [
        ("first_visit", "Met by visit to the child where child seen is yes."),
        ("first_visit", "Also met when that was already done, up to 2 weeks before."),
        ("first_visit", "Not needed after not taken on or arrangement ended."),
        ("first_visit", "Expected on time in 90 per cent."),
        (
            "first_visit",
            "Notified after 17:00, or on a day that is not a working day, counts from the next working day.",
        ),
        ("visits", "Stops with arrangement ended."),
        ("visits", "May be excused by visit refused, which says why."),
        ("health", "Only the first visit to the child starts it."),
        ("health", "Still to be done after the case is closed."),
        ("reviews", "Shown as due soon from 5 working days before."),
        ("reviews", "Ends when the case is closed."),
        ("report", "May be put off by more time agreed to the date given there (until)."),
        ("pathway_plan", "Switched off until an area switches it on in its arrangement."),
        ("reply", "Met by agency answered, for the same agency."),
        ("reply", "Each new agency asked starts it afresh in place of the one before, for the same agency."),
        ("reply", "The clock stands still from police investigation began until police investigation ended."),
    ],
)
def test_the_rest_of_a_duty_in_words(sample: Library, duty: str, sentence_: str) -> None:
    assert sentence_ in said(sample, duty)


def test_a_clock_that_counts_the_trigger_day_says_so(tmp_path: Path) -> None:
    found = library(
        tmp_path, visiting=changed("within: {2005-07-01: 3 hours,", "within: {2005-07-01: 7 days,")
    )
    assert timing(found, "reply", date(2018, 1, 1)) == "Within 7 days beginning with the day of agency asked."


def test_a_clock_in_hours_never_speaks_of_counting_a_day(sample: Library) -> None:
    assert timing(sample, "reply", date(2018, 1, 1)) == "Within 3 hours after agency asked."


def test_due_on_the_day_itself_is_not_called_zero_days(tmp_path: Path) -> None:
    found = library(
        tmp_path, visiting=changed("within: {2005-07-01: 3 months}", "within: {2005-07-01: 0 days}")
    )
    assert timing(found, "pathway_plan") == "On the day of the child’s 16th birthday."


def test_condition_on_every_trigger_is_told(tmp_path: Path) -> None:
    found = library(
        tmp_path,
        visiting=changed("after: birthday 16", "after: notified\n    when: {notifier: [carer, school]}"),
    )
    assert (
        timing(found, "pathway_plan") == "Within 3 months after notified where notifier is carer or school."
    )


def test_clock_that_runs_only_while_something_holds_says_so(tmp_path: Path) -> None:
    text = changed("after: birthday 16", "after: notified\n    only_while: {review_held.outcome: [continue, end]}")
    found = library(tmp_path, visiting=text)
    assert timing(found, "pathway_plan") == (
        "Within 3 months after notified, only while outcome at review held is carry on or end."
    )


def test_clock_that_asks_for_repeats_says_how_often(tmp_path: Path) -> None:
    repeated = "after: notified\n    if_repeated: {event: visit, times: 3, within: 30 days}"
    found = library(tmp_path, visiting=changed("after: birthday 16", repeated))
    assert timing(found, "pathway_plan") == (
        "Within 3 months after notified, if visit to the child came at least 3 times in the 30 days up to then."
    )


def test_condition_on_another_event_names_it(tmp_path: Path) -> None:
    found = library(
        tmp_path, visiting=changed("after: birthday 16", "after: {visit: {review_held.score: {at_least: 5}}}")
    )
    assert (
        timing(found, "pathway_plan")
        == "Within 3 months after visit to the child where score at review held is at least 5."
    )


def test_rule_that_has_ended_is_told_as_not_in_force_with_what_it_was(sample: Library) -> None:
    duty = next(one for one in told(sample).duties if one.id == "reply")
    assert not duty.applies
    assert text_of(duty.timing) == "Within 3 hours after agency asked."
    assert [(value.dates, value.phrase is None, value.chosen) for value in duty.values] == [
        ("1 July 2005 to 31 December 2018", False, False),
        ("From 1 January 2019", True, True),
    ]


def test_rule_before_its_first_day_is_told_as_not_in_force(sample: Library) -> None:
    duty = next(one for one in told(sample, date(2005, 6, 30)).duties if one.id == "first_visit")
    assert not duty.applies and text_of(duty.timing) == "Within 10 working days after notified."


def test_unverified_number_is_never_told_as_law(sample: Library) -> None:
    duty = next(one for one in told(sample).duties if one.id == "report")
    assert (duty.force_words, duty.verified_words) == ("Local rule", "Not verified: local rule")


def test_edition_in_force_on_the_day_is_marked(sample: Library) -> None:
    assert [edition.chosen for edition in told(sample, date(2016, 1, 1)).editions] == [True, False]


def test_event_says_who_may_record_it_where_it_leads_and_what_it_opens(sample: Library) -> None:
    event = next(one for one in told(sample).events if one.id == "review_held")
    assert [text_of(phrase) for phrase in event.sentences] == [
        "Recorded by independent reviewing service.",
        "Only while the case is “Being visited” or “In review”.",
        "Moves the case to “Ended” when outcome is end.",
        "Moves the case to “Being visited” when outcome is carry on or do more.",
        "Otherwise moves the case to “In review”.",
        "Opens Helping for the same child when outcome is do more.",
    ]
    assert event.asks[0].answers == ("Carry on", "Do more", "End", "Something else")


def test_the_pathway_that_is_opened_says_by_which(sample: Library) -> None:
    assert plain(sample.pathways["helping"], sample, date(2020, 1, 1)).opened_by == (
        ("visiting", "Visiting"),
    )


def test_names_in_a_sentence_can_be_linked(sample: Library) -> None:
    duty = next(one for one in told(sample).duties if one.id == "midpoint")
    assert [(part.event, part.duty) for part in duty.timing if part.event or part.duty] == [
        ("review_held", None),
        (None, "reviews"),
    ]


def test_text_has_every_state_event_and_duty_and_keeps_to_its_width(sample: Library) -> None:
    text = as_text(told(sample), width=80)
    pathway = sample.pathways["visiting"]
    for event in pathway.events:
        assert f"[{event}]" in text
    for duty, rule in pathway.duties.items():
        assert f"[{duty}]" in text
        assert rule.reference in re.sub(r"\s+", " ", text)
    assert all(state.title in text for state in pathway.states.values())
    assert max(len(line) for line in text.splitlines()) <= 80


def test_abbreviations_keep_their_capitals_in_the_middle_of_a_sentence() -> None:
    assert lower_first("GP told") == "GP told"
    assert lower_first("ICPC held") == "ICPC held"
    assert lower_first("Visit made") == "visit made"
    assert text_of(sentence("visit made.")) == "Visit made."
    assert [ordinal(number) for number in (1, 2, 3, 11, 16, 18, 21)] == [
        "1st",
        "2nd",
        "3rd",
        "11th",
        "16th",
        "18th",
        "21st",
    ]


def test_every_shipped_pathway_can_be_told_on_any_day() -> None:
    found = shipped()
    for pathway in found.pathways.values():
        for on in (date(2000, 1, 1), date(2014, 6, 1), date(2026, 11, 22)):
            text = as_text(plain(pathway, found, on))
            assert "{" not in text and "Interval(" not in text
