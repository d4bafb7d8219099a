"""A workbook says what it was given, and nothing in it is read as a formula."""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree

from goldenthread.foundation.workbook import workbook

SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def texts(*cells: str) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(workbook("List", ["Said"], [[cell] for cell in cells]))) as file:
        sheet = ElementTree.fromstring(file.read("xl/worksheets/sheet1.xml"))
    assert not list(sheet.iter(f"{SPACE}f"))
    return [one.text or "" for one in sheet.iter(f"{SPACE}t")][1:]


def test_a_sign_written_by_its_number_is_not_made_into_that_sign() -> None:
    assert texts("_x003D_1+1", "a_x0041_b_x0042_c", "_x12_ and x0041_") == [
        "_x005F_x003D_1+1", "a_x005F_x0041_b_x005F_x0042_c", "_x12_ and x0041_",
    ]  # fmt: skip


def test_signs_that_a_file_cannot_hold_are_left_out() -> None:
    assert texts("a\x00b\x0bc & <d>\ud800") == ["abc & <d>"]
