"""Until when a record is kept: each schedule that ships, counted by hand, and when nothing may be counted at all."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenthread.casework.retention import Kept, Record, Whose, kept, latest_birth
from goldenthread.clocks.engine import Happening
from goldenthread.guidance.library import shipped
from goldenthread.guidance.reading import GuidanceError, read
from goldenthread.guidance.retention import Retention, check_retention, unnamed

TODAY = date(2026, 11, 22)
BORN = date(1990, 3, 4)


def record(pathway: str = "referral", closed: date | None = date(2010, 6, 1), **more: Any) -> Record:
    return Record("1", "RF-1", pathway, pathway, bool(more.pop("restricted", False)), closed, **more)


def until(one: Record, whose: Whose | None = None, *others: Record) -> Kept:
    return kept(shipped().retention, one, whose or Whose(BORN), others, TODAY)


def decided(outcome: str) -> list[Happening]:
    return [Happening.on(1, "decided", date(2010, 6, 1), {"outcome": outcome})]


def ended(reason: str) -> list[Happening]:
    return [Happening.on(1, "looked_after_ended", date(2010, 6, 1), {"reason": reason})]


@pytest.mark.parametrize(
    ("one", "whose", "expected"),
    [
        (record(), Whose(BORN), date(2016, 6, 1)),  # 6 years from closure is later than the 25th birthday
        (record(closed=date(2003, 6, 1)), Whose(BORN), date(2015, 3, 4)),
        (record("contact", happened=decided("no_further_action")), Whose(BORN), date(2016, 6, 1)),
        (
            record("contact", date(2003, 6, 1), happened=decided("no_further_action")),
            Whose(BORN),
            date(2009, 6, 1),
        ),
        (record("contact", date(2003, 6, 1), happened=decided("referral")), Whose(BORN), date(2015, 3, 4)),
        (record("child_protection_plan"), Whose(BORN), date(2025, 3, 4)),
        (record("looked_after", happened=ended("E4A")), Whose(BORN), date(2065, 3, 4)),
        (record("looked_after", happened=ended("E11")), Whose(BORN), date(2110, 6, 1)),
        (record("looked_after"), Whose(BORN, died=date(2005, 1, 9)), date(2030, 1, 9)),
        (record("looked_after"), Whose(BORN, died=date(2009, 1, 9)), date(2065, 3, 4)),
        (record(restricted=True), Whose(BORN), date(2025, 3, 4)),
        (record(closed=date(2003, 6, 1)), Whose(date(1992, 2, 29)), date(2017, 3, 1)),
    ],
)
def test_each_schedule_gives_the_day_that_is_counted_by_hand(
    one: Record, whose: Whose, expected: date
) -> None:
    assert until(one, whose).until == expected


def test_the_proof_says_each_rule_and_which_decided() -> None:
    found = until(record(closed=date(2003, 6, 1)))
    assert found.proof() == [
        "Any record, at least: kept 6 years from the day it closed, Sunday 1 June 2003, so until Monday 1 June 2009.",
        "A referral, an assessment or a child in need: kept 25 years from birth, Sunday 4 March 1990, so until "
        "Wednesday 4 March 2015.",
        "The latest day decides: Wednesday 4 March 2015.",
    ]
    assert found.governing is not None and found.governing.schedule == "child_in_need"


def test_another_record_of_the_same_person_may_keep_this_one_longer() -> None:
    found = until(record(), None, record("looked_after"))
    assert found.until == date(2065, 3, 4)
    assert until(record(), None, record("referral", date(2024, 1, 1))).until == date(2016, 6, 1)


@pytest.mark.parametrize(
    ("one", "whose", "others", "why"),
    [
        (record(closed=None), Whose(BORN), (), "still open"),
        (record(), Whose(BORN), (record("contact", None),), "Another record of the same person"),
        (record("of_another_year"), Whose(BORN), (), "No schedule names"),
        (record(), Whose(None), (), "cannot be worked out"),
    ],
)
def test_what_cannot_be_counted_is_kept_and_says_why(
    one: Record, whose: Whose, others: tuple[Record, ...], why: str
) -> None:
    found = until(one, whose, *others)
    assert (found.until, found.is_due(date(2200, 1, 1))) == (None, False)
    assert why in found.proof()[-1]


def test_a_restricted_record_that_one_may_not_know_of_counts_and_is_not_told() -> None:
    retention, plain = shipped().retention, record()
    hidden = Record("2", "SECRET-1", "looked_after", "looked_after", True, date(2012, 1, 1))
    told = kept(retention, plain, Whose(BORN), [hidden], TODAY)
    untold = kept(retention, plain, Whose(BORN), [hidden, hidden], TODAY, tells_restricted=False)
    assert told.until == untold.until == date(2065, 3, 4)
    assert "SECRET-1" in " ".join(told.proof()) and told.governing is not None and told.governing.schedule == "looked_after"
    assert untold.governing is not None and (untold.governing.schedule, untold.governing.through) == ("", "")
    assert untold.proof()[-2:] == [
        "Another rule: kept for a reason that your role does not show, so until Wednesday 4 March 2065.",
        "The latest day decides: Wednesday 4 March 2065.",
    ]
    open_one = Record("3", "SECRET-2", "allegation", "allegation", True, None)
    assert "SECRET-2" in kept(retention, plain, Whose(BORN), [open_one], TODAY).because
    quiet = kept(retention, plain, Whose(BORN), [open_one], TODAY, tells_restricted=False)
    assert (quiet.until, quiet.because) == (None, "It is kept for a reason that your role does not show.")


def test_where_the_birth_is_not_exactly_known_the_last_day_it_can_have_been_counts() -> None:
    assert latest_birth(Whose(date(1990, 2, 1), "month")) == date(1990, 2, 28)
    assert latest_birth(Whose(date(1990, 1, 1), "year")) == date(1990, 12, 31)
    assert latest_birth(Whose(None, expected=date(1990, 5, 5))) == date(1990, 5, 5)
    both = until(record("looked_after"), Whose(date(1990, 1, 1), "year", died=date(2008, 6, 1)))
    assert both.until == date(2065, 12, 31)  # may have died at 17 or at 18: the longer decides


@given(
    st.dates(date(1950, 1, 1), date(2020, 1, 1)), st.dates(date(2000, 1, 1), date(2026, 1, 1)), st.booleans()
)
def test_a_day_is_never_before_any_rule_that_speaks(born: date, closed: date, restricted: bool) -> None:
    for pathway in shipped().pathways:
        found = until(record(pathway, closed, restricted=restricted), Whose(born))
        assert found.until is not None and found.governing is not None
        assert all(line.until is not None and line.until <= found.until for line in found.lines)
        assert found.until >= date(closed.year + 6, closed.month, min(closed.day, 28))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("keep: {2011-04-01: 75 years}", "keep: {2011-04-01: 75 days}"),
        ("pathways: [looked_after]\n    died_under: 18", "pathways: [looked_aftr]\n    died_under: 18"),
        ("reason: [E11, E12]", "reasn: [E11, E12]"),
        ("unless: {decided:", "unless: {dcided:"),
        ("    force: local\n    fact: RT-03", "    force: statutory\n    fact: RT-03"),
    ],
)
def test_a_file_that_is_wrong_is_refused(change: str, said: str) -> None:
    path = shipped().folder / "retention.yaml"
    text = path.read_text()
    assert change in text
    try:
        found, _ = read(Retention, path, text.replace(change, said))
    except GuidanceError:
        return
    assert list(check_retention(shipped().pathways, found))


def test_every_pathway_that_ships_has_a_schedule_and_every_one_says_how_far_it_was_checked() -> None:
    retention = shipped().retention
    assert not list(check_retention(shipped().pathways, retention))
    assert unnamed(shipped().pathways, retention) == []
    assert unnamed({**shipped().pathways, "new": shipped().pathways["contact"]}, retention) == ["new"]
    assert all(one.verified is not False or one.force == "local" for one in retention.schedules.values())
