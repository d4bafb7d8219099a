"""Worked cases: what is expected is compared, and a wrong expectation or a wrong file is said in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from goldenthread.clocks.assure import Outcome, assure
from goldenthread.guidance.library import Library, shipped
from goldenthread.guidance.reading import GuidanceError
from goldenthread.guidance.tests.samples import folder

CASE = """\
- title: A visit over a weekend
  why: Seven working days after the notification.
  case:
    pathway: visiting
    as_of: 2020-03-02
    events:
      - {kind: notified, occurred: 2020-01-06, data: {planned_start: 2020-01-13}}
      - {kind: visit, occurred: 2020-01-20, data: {child_seen: true}}
  expect:
    state: visited
    open: true
    opened: []
    duties:
      - {duty: first_visit, due: 2020-01-15, met: 2020-01-20, status: met_late, late: true}
      - {duty: visits, ordinal: 1, due: 2020-02-24}
    no_duties: [report]
"""


@pytest.fixture
def here(tmp_path: Path) -> Path:
    folder(tmp_path)
    for part in ("worked_cases", "calendars"):
        (tmp_path / part).mkdir()
    calendar = shipped().folder / "calendars" / "england_and_wales.yaml"
    (tmp_path / "calendars" / calendar.name).write_text(
        calendar.read_text(encoding="utf-8"), encoding="utf-8"
    )
    return tmp_path


def outcomes(here: Path, text: str) -> list[Outcome]:
    (here / "worked_cases" / "visiting.yaml").write_text(text, encoding="utf-8")
    return assure(Library.load(here))


def test_a_case_as_expected_has_no_differences_and_is_told_in_words(here: Path) -> None:
    (found,) = outcomes(here, CASE)
    assert found.differences == ()
    assert found.place == "worked_cases/visiting.yaml:1"
    assert "Monday 6 January 2020: notified" in found.lines
    assert any(
        line.startswith("Visit the child: due Wednesday 15 January 2020, met late") for line in found.lines
    ), found.lines


@pytest.mark.parametrize(
    ("old", "new", "difference"),
    [
        ("due: 2020-01-15", "due: 2020-01-16", "first_visit 1 to have due 2020-01-16, found 2020-01-15"),
        (
            "status: met_late",
            "status: met_on_time",
            "first_visit 1 to have status met_on_time, found met_late",
        ),
        ("met: 2020-01-20", "met: null", "first_visit 1 to have met nothing, found 2020-01-20"),
        ("state: visited", "state: waiting", "the state waiting, found visited"),
        ("open: true", "open: false", "the case to be closed, and it was not"),
        ("opened: []", "opened: [helping]", "it to open helping, found nothing"),
        (
            "duty: visits, ordinal: 1",
            "duty: visits, ordinal: 9",
            "a duty visits 9; the duties are first_visit 1",
        ),
        ("no_duties: [report]", "no_duties: [visits]", "no duty visits, but there is one"),
        (
            "kind: visit,",
            "kind: vist,",
            "the case to run, but it was refused: events[2]: visiting has no event 'vist'",
        ),
    ],
)
def test_each_wrong_expectation_is_named(here: Path, old: str, new: str, difference: str) -> None:
    assert CASE.count(old) == 1
    (found,) = outcomes(here, CASE.replace(old, new))
    assert any(one.startswith(difference) for one in found.differences), found.differences


def test_a_case_that_must_be_refused_says_why(here: Path) -> None:
    text = CASE[: CASE.index("  expect:")].replace("kind: visit,", "kind: vist,")
    (found,) = outcomes(here, text + "  expect: {problems: has no event 'vist'}\n")
    assert found.differences == ()
    (other,) = outcomes(here, text + "  expect: {problems: something else}\n")
    assert other.differences == ("it to be refused because of “something else”",)
    (ran,) = outcomes(here, CASE[: CASE.index("  expect:")] + "  expect: {problems: anything}\n")
    assert ran.differences == ("the case to be refused, but it ran",)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("  why:", "  wy:", "visiting.yaml:2: unknown key 'wy'"),
        ("  expect:\n", "  expected:\n", "unknown key 'expected'"),
        ("    no_duties:", "    noduties:", "unknown key 'noduties'; known are duties, no_duties"),
        ("duty: visits,", "dty: visits,", "a duty to expect has at least `duty`"),
        ("status: met_late,", "staus: met_late,", "unknown key 'staus'; known are due, duty"),
    ],
)
def test_a_worked_case_that_is_not_written_as_one_is_refused(
    here: Path, old: str, new: str, problem: str
) -> None:
    with pytest.raises(GuidanceError) as refused:
        outcomes(here, CASE.replace(old, new))
    assert problem in str(refused.value)


def test_a_warning_that_is_expected_must_be_given(here: Path) -> None:
    early = CASE.replace("kind: visit, occurred: 2020-01-20", "kind: visit, occurred: 2020-01-01")
    early = early[: early.index("  expect:")]
    (warned,) = outcomes(here, early + "  expect: {warnings: cannot come before the case is opened}\n")
    assert warned.differences == ()
    (other,) = outcomes(here, early + "  expect: {warnings: [in the future]}\n")
    assert other.differences[0].startswith("a warning of “in the future”, found visit on 2020-01-01")


def test_only_the_cases_of_the_pathway_asked_for_are_run(here: Path) -> None:
    outcomes(here, CASE)
    assert assure(Library.load(here), "helping") == []
    assert len(assure(Library.load(here), "visiting")) == 1


def test_every_worked_case_that_ships_is_as_expected() -> None:
    for outcome in assure(shipped()):
        assert outcome.differences == (), f"{outcome.place}: {outcome.title}"
