"""A workbook is read as Excel and others write it, and one that is none, or means harm, is refused in words."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest

from goldenthread.foundation.workbook import Takes, workbook
from goldenthread.foundation.workbook_reading import NotAWorkbook, read_sheet

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def packed(
    rows: str, *, shared: str = "", sheet: str = "xl/worksheets/sheet1.xml", target: str = "worksheets/sheet1.xml"
) -> bytes:
    """A workbook as Excel packs it."""
    heap = io.BytesIO()
    with zipfile.ZipFile(heap, "w", zipfile.ZIP_DEFLATED) as file:
        sheets = '<sheets><sheet name="A" sheetId="1" r:id="rId7"/></sheets>'
        book = f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}">{sheets}</workbook>'
        file.writestr("xl/workbook.xml", book)
        file.writestr("xl/_rels/workbook.xml.rels", f'<Relationships><Relationship Id="rId7" Target="{target}"/></Relationships>')
        if shared:
            file.writestr("xl/sharedStrings.xml", f'<sst xmlns="{_MAIN}">{shared}</sst>')
        file.writestr(sheet, f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>')
    return heap.getvalue()


def cells(content: bytes) -> list[tuple[int, tuple[str, ...]]]:
    return [(row.number, row.cells) for row in read_sheet(content)]


def test_what_we_write_is_what_we_read() -> None:
    made = workbook("List", ["One", "Two"], [["=1+1", 12], ["a _x0041_ b & <c>", 0.1], [None, date(2026, 1, 2)]],
                    takes=[Takes(2, 2, 0, 100, True, "How many")])  # fmt: skip
    assert cells(made) == [(1, ("One", "Two")), (2, ("=1+1", "12")), (3, ("a _x0041_ b & <c>", "0.1")), (4, ("", "46024"))]
    with zipfile.ZipFile(io.BytesIO(made)) as file:
        sheet = file.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.index("</sheetData>") < sheet.index('<dataValidation type="whole"') and 'sqref="B2"' in sheet


def test_shared_texts_gaps_formulas_and_long_numbers_are_read_as_excel_shows_them() -> None:
    shared = '<si><t>Key</t></si><si><r><t>two </t></r><r><t>parts</t></r><rPh><t>say</t></rPh></si>'
    rows = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row>'
        '<row r="5"><c r="B5"><f>1+1</f><v>2</v></c><c r="C5"><v>0.10000000000000001</v></c><c r="D5"><v>1E6</v></c>'
        '<c r="E5" t="e"><v>#REF!</v></c><c r="F5" t="b"><v>1</v></c></row>'
    )
    assert cells(packed(rows, shared=shared)) == [
        (1, ("Key", "", "two parts")), (5, ("", "2", "0.1", "1000000", "#REF!", "TRUE")),
    ]  # fmt: skip
    moved = packed('<row><c><v>7</v></c></row>', sheet="xl/other/first.xml", target="/xl/other/first.xml")
    assert cells(moved) == [(1, ("7",))]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"not a workbook", "not an Excel workbook"),
        (b"", "not an Excel workbook"),
        (packed("<row r='1'><c t='s'><v>4</v></c></row>")[:-30], "not an Excel workbook"),
        (packed("<row"), "not an Excel workbook"),
        (packed("<row r='1'/>", target="worksheets/none.xml"), "not an Excel workbook"),
        (packed("<row r='99999999'><c><v>1</v></c></row>"), "more than 20,000 rows"),
        (b"x" * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
    ],
)
def test_what_is_no_workbook_is_refused_in_words(content: bytes, said: str) -> None:
    with pytest.raises((NotAWorkbook,), match=said):
        read_sheet(content)


def test_a_workbook_that_names_other_files_or_unpacks_to_too_much_is_refused() -> None:
    heap = io.BytesIO()
    with zipfile.ZipFile(heap, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/workbook.xml", '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>')
    with pytest.raises(NotAWorkbook, match="what no workbook holds"):
        read_sheet(heap.getvalue())
    heap = io.BytesIO()
    with zipfile.ZipFile(heap, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/workbook.xml", b"0" * (41 * 1024 * 1024))
    with pytest.raises(NotAWorkbook, match="unpacks to more"):
        read_sheet(heap.getvalue())
