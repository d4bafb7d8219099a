"""CSV files. Those that people bring: columns checked by name, every row's errors kept, bad rows written back; and those sent.

For all imports. Nothing is imported if anything is wrong, unless the good rows are to be kept; then the bad ones are
written to a file with their reasons, ready to be put right and brought again. Depends on the standard library alone.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import TextIO

#: The largest file that is read, in megabytes.
LARGEST = 50

REASON_COLUMN = "why_not_imported"
"""Added to a file of bad rows; ignored when that file is brought again."""

_NUMBER = re.compile(r"-?\d+(\.\d+)?")


class WrongFile(Exception):
    """The file as a whole cannot be read; the message says what to change."""


@dataclass(frozen=True, slots=True)
class RowError:
    """One thing wrong with one row. `line` is the line of the file, where the first row of values is line 2."""

    line: int
    column: str
    message: str

    def __str__(self) -> str:
        return (
            f"line {self.line}, {self.column}: {self.message}"
            if self.column
            else f"line {self.line}: {self.message}"
        )


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line in the file and its values by column, without spaces around them."""

    line: int
    values: Mapping[str, str]

    def get(self, column: str) -> str:
        return self.values.get(column, "")

    def under(self, prefix: str) -> dict[str, str]:
        """The filled columns that start with `prefix`, without it: `data.outcome` as `outcome`."""
        return {
            name.removeprefix(prefix): value
            for name, value in self.values.items()
            if name.startswith(prefix) and value
        }


@dataclass(slots=True)
class Imported:
    """What came of an import."""

    rows: int = 0
    imported: int = 0
    errors: list[RowError] = field(default_factory=list)
    bad_rows: Path | None = None
    """The file that the bad rows were written to, with reasons."""

    @property
    def bad_lines(self) -> set[int]:
        return {error.line for error in self.errors}


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns a file may have. `prefixes` admit families such as `data.`."""

    required: Sequence[str]
    optional: Sequence[str] = ()
    prefixes: Sequence[str] = ()

    def known(self) -> list[str]:
        return [*self.required, *self.optional]

    def check(self, header: Sequence[str]) -> None:
        """Raises WrongFile naming each column that is missing, unknown (with the nearest known) or given twice."""
        faults: list[str] = []
        for name in header:
            if (
                name in self.known()
                or name == REASON_COLUMN
                or any(name.startswith(one) for one in self.prefixes)
            ):
                continue
            near = get_close_matches(name.lower(), self.known(), n=1, cutoff=0.5)
            families = "".join(f", and columns that start with {one}" for one in self.prefixes)
            hint = (
                f"did you mean {near[0]!r}?"
                if near
                else f"known columns are {', '.join(self.known())}{families}"
            )
            faults.append(f"unknown column {name!r}: {hint}" if name else f"a column has no name: {hint}")
        faults += [
            f"column {name!r} is given twice"
            for name in dict.fromkeys(header)
            if list(header).count(name) > 1
        ]
        faults += [f"column {name!r} is missing" for name in self.required if name not in header]
        if faults:
            raise WrongFile("\n".join(faults))


def read_rows(path: Path, columns: Columns) -> tuple[list[str], list[Row], list[RowError]]:
    """The header, the rows and what is wrong with rows as such. Raises WrongFile if the file cannot be read at all."""
    header: list[str] = []
    rows: list[Row] = []
    errors: list[RowError] = []
    for line, cells in _lines(path):
        if not header:
            header = [cell.strip() for cell in cells]
            columns.check(header)
        elif not any(cell.strip() for cell in cells):
            continue
        else:
            if len(cells) > len(header):
                errors.append(RowError(line, "", f"has {len(cells)} values for {len(header)} columns; a comma inside a "
                                                 "value needs quotes around it"))  # fmt: skip
            padded = [*cells, *[""] * (len(header) - len(cells))]
            rows.append(Row(line, {name: cell.strip() for name, cell in zip(header, padded, strict=False)}))
    if not header:
        raise WrongFile(
            f"{path.name} is empty; its first line names the columns: {', '.join(columns.known())}"
        )
    return header, rows, errors


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        size = path.stat().st_size
        if size > LARGEST * 1024 * 1024:
            raise WrongFile(
                f"{path.name} is {size / 1024 / 1024:.0f} MB and the most is {LARGEST} MB. Split it into parts; "
                "each part begins with the line that names the columns."
            )
        with path.open(encoding=_encoding(path), newline="") as file:
            reader = csv.reader(file)
            start = 1
            for cells in reader:
                if start == 1 and len(cells) == 1 and (found := _separator(cells[0])):
                    raise WrongFile(f"{path.name} has {found} between its columns. Save it with commas between them.")
                yield start, cells
                start = reader.line_num + 1
    except UnicodeDecodeError as error:
        raise WrongFile(
            f"{path.name} is neither UTF-8 nor Windows-1252 text. In Excel choose “CSV UTF-8 (Comma delimited)” when "
            "saving."
        ) from error
    except csv.Error as error:
        raise WrongFile(f"{path.name} cannot be read as CSV: {error}") from error
    except OSError as error:
        raise WrongFile(f"{path.name} cannot be opened: {error.strerror}") from error


def _encoding(path: Path) -> str:
    """UTF-8, as Excel's "CSV UTF-8" writes it; or Windows-1252, as its plain "CSV" does. Text that is UTF-8 throughout
    is never Windows-1252 by chance. Raises UnicodeDecodeError for anything else, such as UTF-16."""
    start = path.open("rb").read(4) if path.is_file() else b""
    if start.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in start:
        raise UnicodeDecodeError("utf-8", start, 0, 1, "UTF-16")
    try:
        with path.open(encoding="utf-8-sig") as file:
            while file.read(1 << 20):
                pass
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _separator(header: str) -> str:
    return next((words for sign, words in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")) if sign in header), "")


def write_bad_rows(
    path: Path, header: Sequence[str], rows: Iterable[Row], errors: Iterable[RowError]
) -> Path:
    """Write the rows that were refused, as they came, with a last column that says why."""
    reasons: dict[int, list[str]] = {}
    for error in errors:
        reasons.setdefault(error.line, []).append(
            f"{error.column}: {error.message}" if error.column else error.message
        )
    names = [name for name in header if name != REASON_COLUMN]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*map(plain, names), REASON_COLUMN])
        for row in rows:
            if row.line in reasons:
                writer.writerow([*(plain(row.get(name)) for name in names), plain("; ".join(reasons[row.line]))])
    return path


def write_csv(file: TextIO, rows: Iterable[Iterable[str]], end: str = "\r\n") -> None:
    """Lines of a spreadsheet that runs nothing of what people typed. `end`: of each line, as RFC 4180 has it or another."""
    csv.writer(file, lineterminator=end).writerows([plain(value) for value in row] for row in rows)


def csv_lines(rows: Iterable[Iterable[object]]) -> str:
    """The same as text for programs: a value that is missing is empty, and lines end as those of a command do."""
    out = io.StringIO()
    write_csv(out, (["" if value is None else str(value) for value in row] for row in rows), "\n")
    return out.getvalue()


def as_csv(rows: Iterable[Iterable[str]]) -> bytes:
    """A whole file of such lines. UTF-8 with the mark by which Excel knows it."""
    out = io.StringIO()
    write_csv(out, rows)
    return out.getvalue().encode("utf-8-sig")


def plain(value: str) -> str:
    """A value that a spreadsheet will not run as a formula. A number stays as it is; "-1+cmd" is none."""
    risky = value.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) and not _NUMBER.fullmatch(value)
    return f"'{value}" if risky else value
