"""Files that people bring, with the mistakes that people make."""

from __future__ import annotations

from pathlib import Path

import pytest

from goldenthread.foundation.csv_rows import Columns, Row, RowError, WrongFile, read_rows, write_bad_rows

COLUMNS = Columns(required=["kind", "occurred"], optional=["organisation"], prefixes=["data."])


def file(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "events.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_rows_keep_the_line_they_came_from_over_blank_lines_and_line_breaks_in_values(tmp_path: Path) -> None:
    text = 'kind,occurred,data.said\nvisited,2026-01-02,"two\nlines"\n\n visited ,2026-01-03,\n'
    header, rows, errors = read_rows(file(tmp_path, text), COLUMNS)
    assert header == ["kind", "occurred", "data.said"]
    assert [(row.line, row.get("kind"), row.under("data.")) for row in rows] == [
        (2, "visited", {"said": "two\nlines"}),
        (5, "visited", {}),
    ]
    assert errors == []


def test_a_file_saved_by_excel_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    _, rows, _ = read_rows(file(tmp_path, "\ufeffkind,occurred\nvisited,2026-01-02\n"), COLUMNS)
    assert rows == [Row(2, {"kind": "visited", "occurred": "2026-01-02"})]


def test_wrong_columns_are_named_with_the_nearest_known_one(tmp_path: Path) -> None:
    with pytest.raises(WrongFile) as caught:
        read_rows(file(tmp_path, "kind,ocurred,zzz,kind\n"), COLUMNS)
    assert str(caught.value).splitlines() == [
        "unknown column 'ocurred': did you mean 'occurred'?",
        "unknown column 'zzz': known columns are kind, occurred, organisation, and columns that start with data.",
        "column 'kind' is given twice",
        "column 'occurred' is missing",
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"", "is empty"),
        (b"kind,occurred\n\x81,1\n", "neither UTF-8 nor Windows-1252"),
        ("kind,occurred\n".encode("utf-16"), "neither UTF-8 nor Windows-1252"),
        (b"kind;occurred\nvisited;2026-01-02\n", "has semicolons between its columns"),
        (b"kind,occurred\n\x00,1\n", "cannot be read|unknown|NUL|neither"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(tmp_path: Path, text: bytes, says: str) -> None:
    if text.startswith(b"kind,occurred\n\x00"):  # newer Python reads a NUL as a character, older refuses it; neither may crash
        try:
            read_rows(file(tmp_path, text), COLUMNS)
        except WrongFile as error:
            assert "cannot be read" in str(error)
        return
    with pytest.raises(WrongFile, match=says):
        read_rows(file(tmp_path, text), COLUMNS)


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(WrongFile, match="No such file"):
        read_rows(tmp_path / "events.csv", COLUMNS)


def test_a_row_with_too_many_values_is_an_error_of_that_row(tmp_path: Path) -> None:
    _, _, errors = read_rows(file(tmp_path, "kind,occurred\nvisited,2026-01-02,extra\n"), COLUMNS)
    assert [(error.line, "quotes" in error.message) for error in errors] == [(2, True)]


def test_bad_rows_come_back_as_they_were_with_reasons_and_can_be_read_again(tmp_path: Path) -> None:
    path = file(tmp_path, "kind,occurred,data.said\nvisited,soon,=1+1\nvisited,2026-01-02,fine\n")
    header, rows, _ = read_rows(path, COLUMNS)
    out = write_bad_rows(tmp_path / "bad.csv", header, rows, [RowError(2, "occurred", "not a date")])
    again_header, again, _ = read_rows(out, COLUMNS)
    assert again_header == ["kind", "occurred", "data.said", "why_not_imported"]
    assert [(row.get("occurred"), row.get("data.said"), row.get("why_not_imported")) for row in again] == [
        ("soon", "'=1+1", "occurred: not a date")
    ]


def test_an_empty_value_of_a_bad_row_stays_empty(tmp_path: Path) -> None:
    header, rows, _ = read_rows(file(tmp_path, "kind,occurred,data.said\nvisited,,\n"), COLUMNS)
    out = write_bad_rows(tmp_path / "bad.csv", header, rows, [RowError(2, "occurred", "is missing")])
    _, again, _ = read_rows(out, COLUMNS)
    assert [(row.get("occurred"), row.get("data.said")) for row in again] == [("", "")]


def test_a_file_saved_by_an_older_excel_keeps_its_accents(tmp_path: Path) -> None:
    text = "kind,occurred\nSiobhán O’Brien,2026-01-02\n"
    _, rows, _ = read_rows(file(tmp_path, text.encode("cp1252")), COLUMNS)
    assert rows[0].get("kind") == "Siobhán O’Brien"


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = file(tmp_path, "kind,occurred\n")
    with path.open("r+b") as large:
        large.truncate(51 * 1024 * 1024)
    with pytest.raises(WrongFile, match="is 51 MB and the most is 50 MB"):
        read_rows(path, COLUMNS)
