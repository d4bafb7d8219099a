"""A submission as an Excel workbook to fill in, and that workbook read again.

Column A names each value by the key that systems use; its first row names the form and the version it was taken from, so that a
sheet of another agency or quarter, or one that was overtaken, is refused. What is wrong is told by row and column.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from goldenthread.foundation.workbook import Cell as SheetCell
from goldenthread.foundation.workbook import Takes, workbook
from goldenthread.foundation.workbook_reading import NotAWorkbook, SheetRow, read_sheet
from goldenthread.guidance.collection import Box, Collection, Groups

from .models import Submission
from .values import LONGEST_COMMENT, Given, NotANumber, plain, read_value

HEADS = ("Key (leave as it is)", "What is asked", "Instructions", "Unit", "Last time", "Value", "Comment")
_WIDTHS = (34, 46, 60, 14, 12, 14, 50)
_VALUE, _COMMENT = 5, 6
_MOST = 10**12


@dataclass(frozen=True, slots=True)
class SheetError:
    """One thing wrong: the row as Excel numbers it, and the heading of the column."""

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        return f"Row {self.row}, {self.column}: {self.message}"


class WrongSheet(Exception):
    """The workbook cannot be taken; nothing of it is."""

    def __init__(self, errors: Sequence[SheetError]) -> None:
        self.errors = list(errors)
        super().__init__("; ".join(map(str, errors)))


def form_of(
    submission: Submission, collection: Collection, districts: Groups, given: Mapping[str, Given],
    before: Mapping[str, Sequence[Decimal]],
) -> bytes:  # fmt: skip
    """The workbook, with what has been entered so far."""
    title = f"{collection.title}, {submission.organisation.title}, {submission.period}"
    rows: list[list[SheetCell]] = [[_key_of(submission), title, collection.about, "", None, "", ""]]
    takes: list[Takes] = []
    for number, box in enumerate(collection.boxes(districts), 3):
        cell, one = collection.cells[box.cell], given.get(box.key, Given())
        last = before.get(box.key, ())
        rows.append(
            [
                box.key, _title(collection, box), cell.instructions if box.is_whole else "",
                "" if cell.unit == "count" else cell.unit, _cell(last[0]) if last else None, _cell(one.value), one.comment,
            ]
        )  # fmt: skip
        words = f"{cell.title}. {cell.instructions}" if box.is_whole else _title(collection, box)
        takes.append(Takes(number, _VALUE + 1, cell.min, cell.max if cell.max is not None else _MOST, cell.decimals == 0, words))
    return workbook(collection.title, HEADS, rows, _WIDTHS, takes)


def _title(collection: Collection, box: Box) -> str:
    cell = collection.cells[box.cell]
    return cell.title if box.is_whole else f"{cell.title}. {collection.breakdowns[box.breakdown].title}: {box.title}"


def _cell(value: Decimal | None) -> float | int | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _key_of(submission: Submission) -> str:
    return f"form {submission.pk} version {submission.version}"


@dataclass(frozen=True, slots=True)
class Taken:
    """What a workbook holds: box -> (value, comment) as text, and the version it was taken from."""

    typed: dict[str, tuple[str, str]]
    version: int


def read_form(content: bytes, submission: Submission, collection: Collection, districts: Groups) -> Taken:
    """The values of a workbook. Raises WrongSheet with everything that is wrong, by row and column."""
    try:
        rows = read_sheet(content)
    except NotAWorkbook as error:
        raise WrongSheet([SheetError(1, "the file", str(error))]) from error
    version = _version(rows, submission)
    boxes = {box.key: box for box in collection.boxes(districts)}
    errors: list[SheetError] = []
    typed: dict[str, tuple[str, str]] = {}
    seen: dict[str, int] = {}
    for row in rows[2:]:
        key, text, comment = row.cell(0), row.cell(_VALUE), row.cell(_COMMENT)
        if not key:
            if text or comment:
                errors.append(SheetError(row.number, HEADS[0], "a value stands here without the key of what it is"))
            continue
        box = boxes.get(key)
        if box is None:
            errors.append(SheetError(row.number, HEADS[0], f"{key!r} is not a value of this form"))
            continue
        if key in seen:
            errors.append(SheetError(row.number, HEADS[0], f"{key!r} was given in row {seen[key]} already"))
            continue
        seen[key] = row.number
        try:
            read = read_value(collection.cells[box.cell], text)
        except NotANumber as error:
            errors.append(SheetError(row.number, HEADS[_VALUE], f"{text!r} is not a number. {error}"))
            continue
        if len(comment) > LONGEST_COMMENT:
            errors.append(SheetError(row.number, HEADS[_COMMENT], f"has more than {LONGEST_COMMENT:,} characters"))
        typed[key] = (plain(read), comment)
    missing = [key for key in boxes if key not in seen]
    if missing:
        last = rows[-1].number
        more = " and more" if len(missing) > 8 else ""
        errors.append(SheetError(last, HEADS[0], f"rows are missing: {', '.join(missing[:8])}{more}"))
    if errors:
        raise WrongSheet(errors)
    return Taken(typed, version)


def _version(rows: Sequence[SheetRow], submission: Submission) -> int:
    """The version the workbook was taken from. Raises WrongSheet for another form."""
    if not rows or tuple(rows[0].cell(place) for place in range(len(HEADS))) != HEADS:
        raise WrongSheet([SheetError(1, "the headings", f"must be {', '.join(HEADS)}. Download the form again")])
    parts = rows[1].cell(0).split() if len(rows) > 1 else []
    if len(parts) != 4 or parts[0] != "form" or not parts[3].isdigit():
        raise WrongSheet([SheetError(2, HEADS[0], "must name the form, as it was downloaded")])
    if parts[1] != str(submission.pk):
        words = "is of another form: of another agency, collection or period. Look at the title beside it"
        raise WrongSheet([SheetError(2, HEADS[0], words)])
    return int(parts[3])
