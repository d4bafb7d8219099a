"""How long children stay, those still there counted in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ..drift import Stay, drift

ENDED = [6, 6, 6, 7, 10, 13, 16, 22, 23]
OPEN = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
FREIREICH = [*(Stay(days, True) for days in ENDED), *(Stay(days, False) for days in OPEN)]


def test_a_published_example():
    """Freireich and others 1963, as in every textbook of survival since: weeks of remission on 6-MP."""
    found = drift(FREIREICH)
    assert [(step.day, round(step.share, 3), step.at_risk) for step in found.steps] == [
        (6, 0.857, 21), (7, 0.807, 17), (10, 0.753, 15), (13, 0.690, 12), (16, 0.627, 11), (22, 0.538, 7), (23, 0.448, 6),
    ]  # fmt: skip
    assert found.half_end_within == 23
    assert found.steps[0].interval == pytest.approx((0.620, 0.952), abs=0.001)


def test_closed_cases_alone_would_look_shorter():
    closed = drift([one for one in FREIREICH if one.over])
    assert closed.half_end_within < drift(FREIREICH).half_end_within


def test_who_is_open_beyond_a_time_is_counted():
    found = drift(FREIREICH, (10, 30))
    assert [(one.count, one.of) for one in found.beyond] == [(9, 12), (4, 12)]
    assert found.words.startswith("9 ended, 12 still open. Half end within 23 days")
    assert found.words.endswith("Open now: 9 beyond 10 days, 4 beyond 30 days.")


def test_nobody_at_all():
    assert drift([]).half_end_within is None


@given(st.lists(st.builds(Stay, st.integers(0, 900), st.booleans()), max_size=40))
def test_shares_only_fall_and_lie_in_their_intervals(stays):
    found = drift(stays)
    shares = [1.0, *(step.share for step in found.steps)]
    assert shares == sorted(shares, reverse=True)
    assert all(step.interval.low - 1e-9 <= step.share <= step.interval.high + 1e-9 for step in found.steps)


@given(st.lists(st.integers(0, 900), min_size=1, max_size=40))
def test_where_all_have_ended_it_is_the_plain_share(days):
    found = drift([Stay(one, True) for one in days])
    for step in found.steps:
        assert step.share == pytest.approx(sum(one > step.day for one in days) / len(days))
