"""The simulation beside theory and beside a reading of its own; forecasts that know their limits."""

from __future__ import annotations

import math
import random
from datetime import date

import ciw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldenthread.clocks.calendar import calendar_for
from goldenthread.guidance.library import shipped

from .. import (
    Desk,
    NotEnoughData,
    forecast,
    in_words,
    mean_wait_md1,
    mean_wait_mmc,
    simulate,
    working_days_after,
)
from ..theory import Endless, chance_of_waiting


def _poisson(rate, many, seed):
    luck = random.Random(seed)
    return [luck.expovariate(rate) for _ in range(many)]


def _mean_and_error(waits, batches=20):
    """The mean after a warm start, and its error by means of batches, since neighbours wait alike."""
    waits = waits[len(waits) // 10 :]
    size = len(waits) // batches
    means = [sum(waits[nth * size : (nth + 1) * size]) / size for nth in range(batches)]
    mean = sum(means) / batches
    spread = sum((one - mean) ** 2 for one in means) / (batches - 1)
    return mean, math.sqrt(spread / batches)


@pytest.mark.parametrize(("rate", "people"), [(0.7, 1), (3.2, 4)])
def test_random_arrivals_and_durations_wait_as_erlang_says(rate, people):
    served = simulate(_poisson(rate, 15_000, 11), ciw.dists.Exponential(1), people, 5)
    mean, error = _mean_and_error([one.waited for one in served])
    assert abs(mean - mean_wait_mmc(rate, 1, people)) < 4 * error
    assert error < 0.15 * mean


def test_equal_durations_wait_half_as_long_as_pollaczek_and_khinchine_say():
    served = simulate(_poisson(0.7, 15_000, 12), [1.0], 1, 5)
    mean, error = _mean_and_error([one.waited for one in served])
    assert abs(mean - mean_wait_md1(0.7, 1)) < 4 * error
    assert error < 0.1 * mean
    assert mean_wait_md1(0.7, 1) == pytest.approx(mean_wait_mmc(0.7, 1, 1) / 2)


def test_theory_by_hand():
    # One person, 3 come in an hour and take 15 minutes: busy 3/4, wait 3/4 x 1/4 / (1/4) = 45 minutes.
    assert mean_wait_mmc(3, 0.25, 1) == pytest.approx(0.75)
    assert chance_of_waiting(3, 0.25, 1) == pytest.approx(0.75)
    # Two people, a load of 1: Erlang C is 1/3.
    assert chance_of_waiting(1, 1, 2) == pytest.approx(1 / 3)
    with pytest.raises(Endless, match="grows for ever"):
        mean_wait_mmc(5, 1, 4)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 3), st.floats(0.1, 4)), min_size=1, max_size=40), st.integers(1, 4))
def test_each_piece_of_work_starts_when_the_plainest_reading_says(work, people):
    """Whoever is free first takes the next: said without ciw."""
    served = simulate([gap for gap, _ in work], ciw.dists.Sequential([hours for _, hours in work]), people, 1)
    free, now, expected = [0.0] * people, 0.0, []
    for gap, hours in work:
        now += gap
        start = max(now, min(free))
        free[free.index(min(free))] = start + hours
        expected.append((now, start))
    assert [one.arrived for one in served] == pytest.approx([arrived for arrived, _ in expected])
    assert [one.started for one in served] == pytest.approx([start for _, start in expected])


def _desk(**changes):
    usual = {
        "name": "Front door",
        "arrivals": (14, 10, 9, 10, 12) * 6,
        "hours": (0.5, 1.0, 1.0, 1.5, 2.0) * 5,
        "people": 2,
        "hours_a_day": 6.0,
        "waiting": 40,
    }
    return Desk(**usual | changes)


def test_the_same_seed_gives_the_same_forecast():
    desk = _desk()
    assert forecast(desk, runs=4, horizon=20) == forecast(desk, runs=4, horizon=20)
    assert forecast(desk, [3], runs=4, horizon=20) != forecast(desk, [3], runs=4, horizon=20, seed=2)


def test_a_forecast_leaves_the_luck_of_others_as_it_was():
    random.seed(7)
    before = random.getstate()
    forecast(_desk(), runs=1, horizon=5)
    assert random.getstate() == before


def test_one_more_person_clears_what_would_never_clear():
    now, more, two = forecast(_desk(), [2, 3, 4], runs=12, horizon=40)
    assert now.busy > 1 and now.clears.middle is None
    assert "never clears" in in_words(now)
    assert more.cleared == 1
    assert two.clears.middle < more.clears.middle
    assert more.clears.low <= more.clears.middle <= more.clears.high
    assert in_words(more).startswith("With 3 people (1 more) the backlog of 40 clears by working day ")


def test_the_day_a_backlog_clears_can_be_worked_out_where_nothing_is_left_to_chance():
    """Six come each day and take an hour each; one person does 10 a day: 40 waiting go down by 4 a day."""
    desk = _desk(arrivals=(6,) * 25, hours=(1.0,) * 25, people=1, hours_a_day=10.0, waiting=40)
    found = forecast(desk, [1], runs=5, horizon=30)[0]
    assert found.busy == pytest.approx(0.6)
    assert 8 <= found.clears.low <= found.clears.high <= 11


def test_dates_leave_out_christmas():
    day = working_days_after(date(2026, 12, 22), calendar_for(shipped(), None))
    assert [day(1), day(3), day(4)] == [date(2026, 12, 23), date(2026, 12, 29), date(2026, 12, 30)]
    found = forecast(_desk(), [4], runs=4, horizon=30)[0]
    assert " clears by " in in_words(found, day)
    assert "2027" in in_words(found, day) or "December 2026" in in_words(found, day)


def test_nobody_waiting_is_cleared_on_the_first_quiet_evening():
    found = forecast(_desk(waiting=0, people=6), runs=4, horizon=10)[0]
    assert found.clears.high <= 2


def test_an_acceptable_number_may_wait():
    desk = _desk(people=3)
    strict = forecast(desk, [3], runs=6, horizon=40)[0].clears.middle
    assert forecast(desk, [3], runs=6, horizon=40, acceptable=20)[0].clears.middle < strict


def test_too_little_is_refused_in_words():
    with pytest.raises(NotEnoughData, match="12 days and 25 durations are measured; at least 20"):
        _desk(arrivals=(1,) * 12)


def test_progress_is_told():
    told = []
    forecast(_desk(), runs=3, horizon=5, progress=lambda done, of: told.append((done, of)))
    assert told == [(nth, 6) for nth in range(1, 7)]
