"""A list as an Excel workbook of one sheet: words as words, days as days, and nothing that Excel would run.

Every text is written as an inline string, which Excel never reads as a formula; one that looks like a formula also gets the
quote mark that keeps it text when somebody edits the cell. Source: ECMA-376, Office Open XML, part 1, 18.3 and 18.8. Pure:
the standard library alone.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = str | int | float | date | None
_EPOCH = date(1899, 12, 30)
_LONGEST = 32_767
"""Characters in one cell, as Excel has it."""
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WRITTEN_SIGN = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
"""The first letter of a sign written by its number: ECMA-376 part 1, 22.9.2.19 (ST_Xstring)."""
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
_MADE = (2026, 1, 1, 0, 0, 0)
"""The same list gives the same file."""

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEET}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_SHEET}.styles+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    # 0 plain, 1 a day, 2 a heading, 3 text that stays text when it is edited, 4 text that wraps
    "xl/styles.xml": f'<styleSheet {_MAIN}><numFmts count="1"><numFmt numFmtId="164" formatCode="d mmm yyyy"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Arial"/></font><font><b/><sz val="11"/><name val="Arial"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="5"><xf xfId="0"/>'
    '<xf xfId="0" numFmtId="164" applyNumberFormat="1"/><xf xfId="0" fontId="1" applyFont="1"/>'
    '<xf xfId="0" quotePrefix="1"/><xf xfId="0" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf></cellXfs>'
    "</styleSheet>",
}


@dataclass(frozen=True, slots=True)
class Takes:
    """What may be typed into one cell: a number between two, whole or not. Excel says so where it is not; words beside it help.
    `row` and `column` count from 1, the heading being row 1."""

    row: int
    column: int
    least: float
    most: float
    whole: bool
    words: str = ""


def workbook(
    title: str, header: Sequence[str], rows: Iterable[Sequence[Cell]], widths: Sequence[int] = (), takes: Sequence[Takes] = ()
) -> bytes:
    """The file. `widths` are those of the columns, in characters; `takes` say what may be typed where."""
    name = re.sub(r"[\[\]:*?/\\']", " ", title)[:31].strip() or "List"
    lines = [_row(1, header, heading=True), *(_row(number, row) for number, row in enumerate(rows, 2))]
    columns = "".join(
        f'<col min="{place}" max="{place}" width="{width}" customWidth="1"/>' for place, width in enumerate(widths, 1)
    )
    sheet = (
        f'<worksheet {_MAIN}><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" '
        'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"{f'<cols>{columns}</cols>' if columns else ''}<sheetData>{''.join(lines)}</sheetData>{_taken(takes)}</worksheet>"
    )
    book = (
        f'<workbook {_MAIN} xmlns:r="{_OFFICE}"><sheets><sheet name="{_text(name)}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    heap = io.BytesIO()
    with zipfile.ZipFile(heap, "w", zipfile.ZIP_DEFLATED) as file:
        for path, content in {**_PARTS, "xl/workbook.xml": book, "xl/worksheets/sheet1.xml": sheet}.items():
            file.writestr(zipfile.ZipInfo(path, _MADE), _HEAD + content, zipfile.ZIP_DEFLATED)
    return heap.getvalue()


def _taken(takes: Sequence[Takes]) -> str:
    """Excel's own checks of what is typed. Source: ECMA-376 part 1, 18.3.1.32 (dataValidation)."""
    if not takes:
        return ""
    return f'<dataValidations count="{len(takes)}">{"".join(map(_takes, takes))}</dataValidations>'


def _takes(one: Takes) -> str:
    place = f"{chr(64 + one.column)}{one.row}"
    wrong = f"Enter a {'whole ' if one.whole else ''}number from {one.least:g} to {one.most:,.0f}, or leave it blank and say why."
    help_ = f' showInputMessage="1" prompt="{_text(one.words[:250])}"' if one.words else ""
    return (
        f'<dataValidation type="{"whole" if one.whole else "decimal"}" allowBlank="1" showErrorMessage="1" '
        f'errorTitle="Not a value" error="{_text(wrong)}"{help_} sqref="{place}">'
        f"<formula1>{one.least:g}</formula1><formula2>{one.most:.0f}</formula2></dataValidation>"
    )


def _row(number: int, cells: Sequence[Cell], *, heading: bool = False) -> str:
    return f'<row r="{number}">{"".join(_cell(cell, heading) for cell in cells)}</row>'


def _cell(cell: Cell, heading: bool) -> str:
    if cell is None or cell == "":
        return "<c/>"
    if isinstance(cell, date):
        return f'<c s="1"><v>{(cell - _EPOCH).days}</v></c>'
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return f"<c><v>{cell}</v></c>"
    words = str(cell)
    style = 2 if heading else 3 if words.startswith(_RISKY) else 4
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{_text(words)}</t></is></c>'


def _text(words: str) -> str:
    """As a cell or a name holds it. Excel reads `_x003D_` as the sign of that number, so that words which say so by chance, or
    to hide a formula from us, would change."""
    kept = _WRITTEN_SIGN.sub("_x005F_", _NOT_XML.sub("", words)[:_LONGEST])
    return escape(kept, {'"': "&quot;"})
