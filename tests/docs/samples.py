"""Checks the samples of the documentation with the code that would read them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import yaml

from goldenthread.clocks.assure import assure
from goldenthread.clocks.assure_meetings import assure_meetings
from goldenthread.clocks.case import run_case
from goldenthread.guidance.arrangement import LocalRule
from goldenthread.guidance.board import Board
from goldenthread.guidance.board_checks import check_board
from goldenthread.guidance.calendars import Holiday, SchoolTerms
from goldenthread.guidance.indicator import Sheet
from goldenthread.guidance.indicator_checks import check_sheet
from goldenthread.guidance.library import SHIPPED, Library, shipped
from goldenthread.guidance.pathway import DutyRule, EventKind
from goldenthread.guidance.reminding import ReminderRule
from goldenthread.guidance.retention import Retention, check_retention

from .reading import Block


def _value(block: Block) -> object:
    return yaml.load(block.text, yaml.CSafeLoader)  # as guidance is read


def _case(block: Block, folder: Path) -> None:
    """A case as `run-case` takes it."""
    value = _value(block)
    assert isinstance(value, Mapping), block.place
    assert run_case(value, shipped())["duties"], f"{block.place}: no clock runs in this case"


def _duties(block: Block, folder: Path) -> None:
    """Duties as they stand under `duties:` in a pathway."""
    value = _value(block)
    assert isinstance(value, Mapping) and value, block.place
    for rule in value.values():
        DutyRule.model_validate(rule)


def _events(block: Block, folder: Path) -> None:
    """Events as they stand under `events:` in a pathway."""
    value = _value(block)
    assert isinstance(value, Mapping) and value, block.place
    for event in value.values():
        EventKind.model_validate(event)


def _local_rules(block: Block, folder: Path) -> None:
    """Local rules as they stand in an arrangement: each names a duty that there is and fits it."""
    value = _value(block)
    assert isinstance(value, Mapping) and set(value) == {"duties"}, block.place
    for duty, rule in value["duties"].items():
        pathway, _, identity = duty.partition(".")
        LocalRule.model_validate(rule).over(shipped().pathways[pathway].duties[identity])


def _guidance(folder: Path) -> Path:
    copy = folder / "guidance"
    copy.mkdir()
    for part in ("pathways", "fragments", "calendars", "arrangements"):
        shutil.copytree(SHIPPED / part, copy / part)
    (copy / "worked_cases").mkdir()
    return copy


def _whole(part: str, held: str = "") -> Callable[[Block, Path], None]:
    """A whole file of one part of guidance, read beside the pathways, fragments, calendars and arrangements that ship."""

    def check(block: Block, folder: Path) -> None:
        value = _value(block)
        assert isinstance(value, Mapping), block.place
        copy = _guidance(folder)
        (copy / part).mkdir(exist_ok=True)
        (copy / part / f"{value['id']}.yaml").write_text(block.text, encoding="utf-8")
        assert value["id"] in getattr(Library.load(copy), held or part)

    return check


def _worked_meetings(block: Block, folder: Path) -> None:
    """Worked meetings of a kind that ships, which come out as they expect."""
    copy = _guidance(folder)
    shutil.copytree(SHIPPED / "meetings", copy / "meetings")
    (copy / "meeting_cases").mkdir()
    (copy / "meeting_cases" / "review_conference.yaml").write_text(block.text, encoding="utf-8")
    outcomes = assure_meetings(Library.load(copy))
    assert outcomes and not [one for one in outcomes if one.differences], outcomes


def _reminder_rule(block: Block, folder: Path) -> None:
    """A rule as it stands under `rules:` in reminders.yaml."""
    assert ReminderRule.model_validate(_value(block)).steps, block.place


def _board_columns(block: Block, folder: Path) -> None:
    """Columns as they stand under `columns:` in a board of one of the pathways that ship."""
    value = _value(block)
    assert isinstance(value, Mapping) and value, block.place
    faults = []
    for pathway in shipped().pathways:
        told = {"id": "x", "title": "X", "about": "X", "pathways": [pathway], "sections": {"all": {"title": "All"}}}
        faults.append(list(check_board(shipped(), Board.model_validate({**told, "columns": value}))))
    assert [] in faults, f"{block.place}: no pathway has all of this: {min(faults, key=len)}"


def _indicators(block: Block, folder: Path) -> None:
    """Indicators as they stand under `indicators:` in a sheet, whose names lead somewhere."""
    told = {"id": "a_sample", "title": "Sample", "about": "A sample.", "indicators": _value(block)}
    problems = list(check_sheet(replace(shipped(), sheets={}), Sheet.model_validate(told)))
    assert not problems, f"{block.place}: {problems}"


def _schedules(block: Block, folder: Path) -> None:
    """Schedules of retention, by their names."""
    value = _value(block)
    assert isinstance(value, Mapping) and value, block.place
    told = {"about": "A sample.", "shows_before": "1 month", "schedules": value}
    assert not list(check_retention(shipped().pathways, Retention.model_validate(told))), block.place


def _worked(block: Block, folder: Path) -> None:
    """Worked cases, which come out as they expect."""
    copy = _guidance(folder)
    (copy / "worked_cases" / "sample.yaml").write_text(block.text, encoding="utf-8")
    outcomes = assure(Library.load(copy))
    assert outcomes and not [one for one in outcomes if one.differences], outcomes


def _worked_beside(block: Block, folder: Path) -> None:
    """Worked cases of a pathway that the same page writes: the page's own commands run them."""
    assert isinstance(_value(block), list) and block.file, block.place


def _holidays(block: Block, folder: Path) -> None:
    """Lines of a working calendar."""
    value = _value(block)
    assert isinstance(value, list) and value, block.place
    for one in value:
        Holiday.model_validate(one)


def _terms(block: Block, folder: Path) -> None:
    """A file of school terms."""
    SchoolTerms.model_validate(_value(block))


CHECKS: Mapping[str, Callable[[Block, Path], None]] = {
    "case": _case,
    "duties": _duties,
    "events": _events,
    "local-rules": _local_rules,
    "pathway": _whole("pathways"),
    "agreement": _whole("agreements"),
    "meeting": _whole("meetings"),
    "worked-meetings": _worked_meetings,
    "board": _whole("boards"),
    "collection": _whole("collections"),
    "journey": _whole("journeys"),
    "service": _whole("capacity", "services"),
    "board-columns": _board_columns,
    "indicators": _indicators,
    "schedule": _schedules,
    "reminder-rule": _reminder_rule,
    "worked-cases": _worked,
    "worked-cases-of-this-page": _worked_beside,
    "holidays": _holidays,
    "school-terms": _terms,
}


def write_edit(file: Path, block: Block) -> None:
    """Make the edit a page shows: lines that start with - are replaced by those that start with +, in their place."""
    old = "".join(line[1:] for line in block.text.splitlines(keepends=True) if line[:1] in "- ")
    new = "".join(line[1:] for line in block.text.splitlines(keepends=True) if line[:1] in "+ ")
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, (
        f"{block.place}: {file.name} has the lines to change {text.count(old)} times:\n{old}"
    )
    file.write_text(text.replace(old, new), encoding="utf-8")
