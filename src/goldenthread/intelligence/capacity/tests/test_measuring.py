"""What a service has had to do, counted by hand; and an outlook that is kept and read again says the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from goldenthread.guidance.library import shipped
from goldenthread.intelligence.indicators.tables import Dataset, EventRow

from .. import forecast
from ..checking import held_against_theory
from ..measuring import Piece, as_plain, from_plain, measure, pieces, weekday_of, weekdays_between
from ..showing import better_with_one_more, near, picture, shown, weeks
from ..working_out import HORIZON, outlook_of, page, people_tried, plain, runs_for

LIBRARY = shipped()
SERVICE = LIBRARY.services["front_door"].model_copy(update={"people": 1, "weeks": 8})
AS_OF = date(2026, 5, 20)  # a Wednesday
FRIDAY = date(2026, 5, 15)


def events(case, *told):
    return [EventRow(f"{case}/{nth}", case, case, "contact", kind, day, nth, day, "burnley", None, 7)
            for nth, (kind, day) in enumerate(told, 1)]  # fmt: skip


def busy_weeks() -> Dataset:
    """Three contacts on each weekday of 8 weeks, screened the next day and decided the day after; nine of the last wait."""
    data = Dataset(AS_OF)
    for nth in range(40):
        day = FRIDAY - timedelta(days=(39 - nth) // 5 * 7 + 4 - nth % 5)
        for each in range(3):
            told = [("contact_received", day), ("screened", day + timedelta(days=1))]
            if nth < 37:
                told.append(("decided", day + timedelta(days=2)))
            data.events += events(f"c{nth}-{each}", *told)
    return data


def test_each_piece_is_served_by_the_first_event_after_it_in_its_case():
    data = Dataset(AS_OF, events=[
        *events("a", ("contact_received", FRIDAY), ("screened", FRIDAY), ("decided", FRIDAY)),
        *events("b", ("contact_received", FRIDAY), ("contact_received", FRIDAY), ("decided", FRIDAY)),
    ])  # fmt: skip
    from goldenthread.intelligence.indicators.engine import engine

    with engine(LIBRARY, data, AS_OF) as one:
        assert pieces(one.connection, SERVICE) == [
            Piece(FRIDAY, FRIDAY, FRIDAY), Piece(FRIDAY, None, FRIDAY), Piece(FRIDAY, None, None),
        ]  # fmt: skip


def test_a_weekend_is_left_out():
    assert weekday_of(date(2026, 5, 16)) == weekday_of(date(2026, 5, 17)) == date(2026, 5, 18)
    assert weekdays_between(FRIDAY, date(2026, 5, 18)) == 1
    assert weekdays_between(date(2026, 5, 11), date(2026, 5, 25)) == 10
    assert weekdays_between(FRIDAY, FRIDAY) == 0


def test_what_waits_is_counted_and_what_nobody_finished_for_a_year_is_left_out():
    work = [Piece(FRIDAY, None, None), Piece(date(2026, 5, 11), None, FRIDAY), Piece(date(2024, 1, 1), None, None)]
    found = measure(SERVICE, work, AS_OF)
    assert (found.waiting, found.given_up, found.oldest) == (1, 1, FRIDAY)
    assert found.history[-1] == (FRIDAY, 1) and found.arrivals[-5:] == (1, 0, 0, 0, 1)
    assert len(found.arrivals) == 40 and found.first == date(2026, 3, 23)
    assert from_plain(as_plain(found)) == found


def test_weeks_before_anything_was_recorded_are_left_out_not_counted_as_empty():
    found = measure(SERVICE, [Piece(date(2026, 4, 8), None, None)], AS_OF)
    assert found.first == date(2026, 4, 13) and len(found.arrivals) == 25


def test_work_is_the_days_in_hand_shared_with_what_is_in_hand_beside():
    found = measure(SERVICE, [Piece(date(2026, 5, 11), date(2026, 5, 12), date(2026, 5, 14))], AS_OF)
    assert found.hours == (2 * 6 / 6,)  # two days of six hours, with six contacts in hand
    same_day = measure(SERVICE, [Piece(date(2026, 5, 11), None, date(2026, 5, 11))], AS_OF)
    assert same_day.hours == (0.5 * 6 / 6,)


@pytest.fixture(scope="module")
def tried():
    return page(LIBRARY, SERVICE, busy_weeks(), AS_OF, people=[1, 2], demand=(100,))


def test_a_service_is_measured_and_tried(tried):
    assert tried["problem"] is None and tried["measured"]["waiting"] == 9
    one, two = tried["tried"]["1/100"], tried["tried"]["2/100"]
    assert one["busy"] == pytest.approx(2 * one["people"] * two["busy"], rel=1e-6) and len(one["by_day"]) == HORIZON
    assert two["clears"][0] <= one["clears"][0]
    assert tried["theory"]["people"] == 1 and abs(tried["theory"]["theory"] - tried["theory"]["simulated"]) < 0.3


def test_too_little_is_said_and_nothing_is_tried():
    found = page(LIBRARY, SERVICE, Dataset(AS_OF), AS_OF)
    assert "at least 20" in found["problem"] and found["tried"] == {}


def test_more_arrivals_make_people_busier_and_nothing_else_changes(tried):
    desk = from_plain(tried["measured"]).desk(SERVICE)
    usual, more = (forecast(desk, [1], runs=5, horizon=20, demand=many)[0] for many in (1.0, 1.2))
    assert more.busy == pytest.approx(1.2 * usual.busy)
    assert outlook_of(desk, plain(usual)) == usual
    assert runs_for(desk) == 30 and runs_for(replace(desk, waiting=900)) == 20 and 2 in people_tried(SERVICE, desk)


def test_theory_and_simulation_agree(tried):
    held = held_against_theory(from_plain(tried["measured"]).desk(SERVICE))
    assert held is not None and held.agree and held.give_or_take < held.theory


def test_counts_are_to_the_nearest_five_for_most_readers_and_never_nothing():
    assert [near(many, False) for many in (0, 1, 5, 7, 8, 42)] == [0, 5, 5, 5, 10, 40]
    assert near(7, True) == 7 and near(None, False) is None


def test_a_page_shows_no_exact_count_to_those_who_may_not_see_it(tried):
    def day(days):
        return AS_OF + timedelta(days=days)

    every, some = (shown(SERVICE, tried, 100, exact, day) for exact in (True, False))
    assert every.waiting == 9 and some.waiting == 10
    assert "the backlog of 9" in every.words[0] and "the backlog of 10" in some.words[0]
    assert all((one.middle or 0) % 5 == 0 for one in some.outlooks[0].by_day)
    lines = weeks(some, 1, AS_OF)
    assert lines[0].between == "" and lines[-1].between and all(int(one.waiting) % 5 == 0 for one in lines)
    drawn = picture(SERVICE, some, 1, AS_OF, "a")
    assert 'role="img"' in drawn and "Now" in drawn and "Aim 10" in drawn


def test_one_more_person_is_said_in_a_sentence(tried):
    def day(days):
        return AS_OF + timedelta(days=days)

    told = shown(SERVICE, tried, 100, True, day)
    assert better_with_one_more(told, 1, 3, day).startswith("With one more person the backlog clears by 21 May 2026")
    assert better_with_one_more(told, 2, 3, day) == ""
    assert better_with_one_more(told, 1, 10, day) == "No more wait than the 10 that are aimed at."
