"""The language of boards: what is said of cases and columns, and what is refused with its line and the nearest right name."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from goldenthread.guidance.board import Board
from goldenthread.guidance.board_checks import check_board
from goldenthread.guidance.library import SHIPPED, Library, shipped
from goldenthread.guidance.reading import GuidanceError, read

BOARD = """\
id: visits
title: Visits
about: Who is to be visited next.
pathways: [private_fostering]
totals:
  late: {title: late, late_for: visits, alarm: true}
sections:
  next:
    title: Next
    states: [arranged]
    waiting_for: visits
    sort: due
    columns: [visit, alone]
columns:
  visit: {title: Next visit, duty: visits}
  alone: {title: Seen alone, answer: visited.child_seen_alone}
  since: {title: Last visit, since: visited, until: ended, over: 12 weeks}
actions: [visited]
charts:
  - {title: Who told us, of: notified, by: notified.notifier, within: 12 months}
"""


def faults(text: str) -> list[str]:
    """What is wrong with a board beside the pathways that ship, as `guidance check` says it."""
    try:
        board, source = read(Board, Path("visits.yaml"), text)
    except GuidanceError as error:
        return [str(fault) for fault in error.faults]
    return [str(source.fault(where, problem)) for where, problem in check_board(shipped(), board)]


def test_the_sample_has_no_fault() -> None:
    assert not faults(BOARD)


@pytest.mark.parametrize(
    ("change", "to", "line", "says"),
    [
        ("[private_fostering]", "[private_fosterin]", 4, "did you mean 'private_fostering'?"),
        ("late_for: visits", "late_for: visit", 6, "unknown duty 'visit'; did you mean 'visits'?"),
        ("[arranged]", "[arrange]", 10, "unknown state 'arrange'; did you mean 'arranged'?"),
        ("waiting_for: visits", "waiting_for: notices", 11, "unknown duty 'notices'; did you mean 'notice'?"),
        ("sort: due", "sort: worker", 12, "this should be 'urgency', 'due', 'oldest' or 'newest'"),
        ("[visit, alone]", "[visit, allone]", 13, "unknown column 'allone'; did you mean 'alone'?"),
        ("duty: visits}", "duty: visits, over: 2 weeks}", 15, "`until`, `hours` and `over` go with `since`"),
        ("duty: visits}", "duty: visits, said: true}", 15, "a column has exactly one of"),
        ("visited.child_seen_alone", "visited.seen_alone", 16, "does not ask 'seen_alone'; did you mean 'child_seen_alone'?"),
        ("visited.child_seen_alone", "visited", 16, "write the event and its question"),
        ("answer: visited", "anser: visited", 16, "unknown key 'anser'; did you mean 'answer'?"),
        ("since: visited,", "since: visitted,", 17, "unknown event 'visitted'; did you mean 'visited'?"),
        ("since: visited,", "since: visited.notes,", 17, "visited.notes is not a date"),
        ("until: ended", "until: {visited: {child_seen_alone: {not: maybe}}}", 17, "is answered yes or no, not 'maybe'"),
        ("over: 12 weeks", "over: 12 working days", 17, "a board counts in hours, days, weeks, months or years"),
        ("over: 12 weeks", "over: soon", 17, "is not a length of time"),
        ("actions: [visited]", "actions: [visit]", 18, "unknown event 'visit'; did you mean 'visited'?"),
        ("by: notified.notifier", "by: weekdays", 20, "or write weekday, time of day, month"),
        ("by: notified.notifier", "by: visited.notes", 20, "goes by an answer of that event"),
    ],
)  # fmt: skip
def test_what_leads_nowhere_is_refused_with_its_line(change: str, to: str, line: int, says: str) -> None:
    assert BOARD.count(change) >= 1
    found = faults(BOARD.replace(change, to, 1))
    assert any(fault.startswith(f"visits.yaml:{line}:") and says in fault for fault in found), found


@pytest.mark.parametrize(
    ("extra", "says"),
    [
        ("had: {notified: {notifier: neighbour}}", "'neighbour' is not an answer to notified.notifier"),
        ("had: {notified: {worries: trafficking}}", "of a question that takes one answer"),
        ("latest: {visited: {child_seen: {not: true}}}", "of a question that takes one answer"),
        ("not_had: {visited: {child_seen: 'no'}}", "visited.child_seen is answered yes or no"),
        ("repeated: {event: visit, times: 2, within: 3 months}", "unknown event 'visit'"),
        ("opened_before: 3 school days", "a board counts in hours, days, weeks, months or years"),
        ("sort: due, episodes: {of: visited, within: 1 month}", "a section of `episodes` is a table"),
        ("lanes: true", "`lanes` needs `states`"),
        ("episodes: {of: visited, until: found, within: 1 month}", "unknown event 'found'"),
    ],
)
def test_conditions_are_checked(extra: str, says: str) -> None:
    found = faults(BOARD.replace("columns:\n  visit:", f"  other: {{title: Other, {extra}}}\ncolumns:\n  visit:"))
    assert any(says in fault and "sections.other" in fault for fault in found), found


@pytest.mark.parametrize(
    ("column", "says"),
    [
        ("stage: {done: visit}", "unknown event 'visit'"),
        ("stage: {done: visited, duty: visit}", "unknown duty 'visit'"),
        ("stage: {done: {assessed: {suitable: maybe}}}", "'maybe' is not an answer to assessed.suitable"),
        ("count: {of: visited, since: begun}", "unknown event 'begun'"),
        ("each: {of: visited.whom, done: checks_received.whom}", "visited does not ask 'whom'"),
        ("each: {of: checks_received.whom, done: checks_received.whom, shows: [outcome]}", "does not ask 'outcome'"),
        (
            "each: {of: checks_received.whom, done: checks_received.whom, marks: {Asked: visited.who}}",
            "visited does not ask 'who'",
        ),
        ("pattern: {of: visited, within: 90 days, places: visited.where}", "visited does not ask 'where'"),
        ("said: [visited.says]", "visited does not ask 'says'"),
        ("day: visited.child_seen", "visited.child_seen is not a date"),
        ("fact: colour", "this should be"),
        ("named: true, said: true", "`named` goes with `duty`"),
    ],
)
def test_columns_are_checked(column: str, says: str) -> None:
    found = faults(BOARD.replace("columns:\n  visit:", f"columns:\n  odd: {{title: Odd, {column}}}\n  visit:"))
    assert any(says in fault and "columns.odd" in fault for fault in found), found


def test_a_report_needs_an_event_that_opens_a_case() -> None:
    found = faults(BOARD + "report: {title: New, opens: visited, joins: noticed}\n")
    assert any("'visited' does not open a case" in one for one in found)
    assert any("unknown event 'noticed'" in one for one in found)


def test_boards_are_read_with_the_other_files_and_their_faults_told_with_theirs(tmp_path: Path) -> None:
    for part in ("pathways", "fragments", "calendars", "arrangements"):
        shutil.copytree(SHIPPED / part, tmp_path / part)
    (tmp_path / "boards").mkdir()
    (tmp_path / "boards" / "visits.yaml").write_text(BOARD)
    assert list(Library.load(tmp_path).boards) == ["visits"]
    (tmp_path / "boards" / "visits.yaml").write_text(BOARD.replace("actions: [visited]", "actions: [visit]"))
    with pytest.raises(GuidanceError, match=r"boards/visits.yaml:18: unknown event 'visit'"):
        Library.load(tmp_path)
    (tmp_path / "pathways" / "private_fostering.yaml").write_text("id: [")  # then nothing is said of its board
    with pytest.raises(GuidanceError) as found:
        Library.load(tmp_path)
    assert not [fault for fault in found.value.faults if fault.file.startswith("boards")]


def test_columns_that_only_a_pack_names_are_not_listed() -> None:
    told = yaml.safe_load(BOARD)
    told["sections"] = {"all": {"title": "All"}, "some": {"title": "Some", "columns": ["alone"]}}
    told["pack"] = {"title": "Page", "parts": [{"title": "Visits", "columns": ["since", "alone"]}]}
    board = Board.model_validate(told)
    assert list(board.columns_of(board.sections["all"])) == ["visit", "alone"]
    assert list(board.columns_of(board.sections["some"])) == ["alone"]


def test_every_board_that_ships_is_of_pathways_that_ship_and_is_said_in_the_documentation() -> None:
    library = shipped()
    page = (Path(__file__).parents[4] / "docs" / "look-up" / "boards.md").read_text()
    assert library.boards
    for name, board in library.boards.items():
        assert set(board.pathways) <= set(library.pathways)
        assert f"(`{name}`)" in page, f"docs/look-up/boards.md does not list {name}"


def test_the_boards_of_a_pathway_begin_with_its_own() -> None:
    assert [board.id for board in shipped().boards_of("looked_after")] == ["health_assessments", "reviews_due"]
    assert shipped().boards_of("nothing") == []
