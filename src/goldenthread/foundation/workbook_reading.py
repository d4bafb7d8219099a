"""An Excel workbook that somebody brings: the words and numbers of its first sheet, row by row. Nothing in it is run.

Source: ECMA-376, Office Open XML, part 1, 18.3 and 18.4. Pure: the standard library alone. What a formula came to when the
file was saved is read as a value; the formula is not.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from xml.etree import ElementTree

LARGEST = 5 * 1024 * 1024
"""Bytes of a file; a form of a hundred values has some ten thousand."""
_UNPACKED = 40 * 1024 * 1024
_PARTS = 300
_ROWS, _COLUMNS = 20_000, 200
_PLACE = re.compile(r"([A-Z]{1,3})(\d+)")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


class NotAWorkbook(Exception):
    """The file cannot be read as an Excel workbook; the message says what to do."""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row as Excel numbers it, and its cells from column A on as text."""

    number: int
    cells: tuple[str, ...]

    def cell(self, index: int) -> str:
        return self.cells[index].strip() if index < len(self.cells) else ""


def read_sheet(content: bytes) -> list[SheetRow]:
    """The rows of the first sheet that hold anything. Raises NotAWorkbook."""
    if len(content) > LARGEST:
        raise NotAWorkbook(f"The file is larger than {LARGEST // 1024 // 1024} MB. Fill in the form as it was downloaded.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            if len(file.infolist()) > _PARTS or sum(one.file_size for one in file.infolist()) > _UNPACKED:
                raise NotAWorkbook("The file unpacks to more than any form holds.")
            shared = _shared(file)
            return list(_rows(_xml(file, _first_sheet(file)), shared))
    except (
        zipfile.BadZipFile, zlib.error, LookupError, ElementTree.ParseError, EOFError, RuntimeError, ValueError, StopIteration,
        NotImplementedError,
    ) as error:  # fmt: skip
        raise NotAWorkbook(
            "It is not an Excel workbook that can be read. Save it as .xlsx, without a password, and choose it again."
        ) from error


def _xml(file: zipfile.ZipFile, name: str) -> ElementTree.Element:
    text = file.read(name)
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:  # no workbook has one, and one could name other files
        raise NotAWorkbook("The file holds what no workbook holds. Fill in the form as it was downloaded.")
    return ElementTree.fromstring(text)


def _local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _first_sheet(file: zipfile.ZipFile) -> str:
    """The path of the first sheet, by the workbook's own list."""
    sheet = next(one for one in _xml(file, "xl/workbook.xml").iter() if _local(one) == "sheet")
    wanted = next(value for name, value in sheet.attrib.items() if name.rpartition("}")[2] == "id")
    for relation in _xml(file, "xl/_rels/workbook.xml.rels"):
        if relation.get("Id") == wanted:
            target = str(relation.get("Target"))
            return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
    raise KeyError(wanted)


def _shared(file: zipfile.ZipFile) -> list[str]:
    """Excel keeps each text once, in a list."""
    if "xl/sharedStrings.xml" not in file.namelist():
        return []
    return [_said(one) for one in _xml(file, "xl/sharedStrings.xml") if _local(one) == "si"]


def _said(element: ElementTree.Element) -> str:
    """The text of a string, whatever parts it is set in; how to pronounce it left out."""
    parts = []
    for one in element:
        if _local(one) == "t":
            parts.append(one.text or "")
        elif _local(one) == "r":
            parts += [inner.text or "" for inner in one if _local(inner) == "t"]
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), "".join(parts))


def _rows(sheet: ElementTree.Element, shared: list[str]) -> Iterator[SheetRow]:
    number = 0
    for row in (one for one in sheet.iter() if _local(one) == "row"):
        number = int(row.get("r") or number + 1)
        if number > _ROWS:
            raise NotAWorkbook(f"The sheet has more than {_ROWS:,} rows. Fill in the form as it was downloaded.")
        cells: list[str] = []
        for cell in (one for one in row if _local(one) == "c"):
            place = _PLACE.fullmatch(cell.get("r") or "")
            column = _column(place[1]) if place else len(cells)
            if column >= _COLUMNS:
                continue
            cells += [""] * (column - len(cells))
            cells[column:] = [_value(cell, shared)]
        if any(cells):
            yield SheetRow(number, tuple(cells))


def _column(letters: str) -> int:
    found = 0
    for letter in letters:
        found = found * 26 + ord(letter) - 64
    return found - 1


def _value(cell: ElementTree.Element, shared: list[str]) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return "".join(_said(one) for one in cell if _local(one) == "is")
    text = next((one.text or "" for one in cell if _local(one) == "v"), "")
    if kind == "s":
        return shared[int(text)] if text else ""
    if kind == "b":
        return "TRUE" if text == "1" else "FALSE"
    return _number(text) if kind == "n" else text


def _number(text: str) -> str:
    """A number as people write it: Excel keeps 0.1 as 0.10000000000000001 and a million as 1E6."""
    if not text:
        return ""
    try:
        found = Decimal(repr(float(text)))
    except (InvalidOperation, ValueError):
        return text
    plain = f"{found:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
