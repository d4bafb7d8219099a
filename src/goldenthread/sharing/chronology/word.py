"""Writes a document as Word (OOXML, ISO/IEC 29500): real headings, header rows that repeat, a picture with its words.

Nothing is left of whoever made it or of the template: no author, no comments, no thumbnail. Rows are written as XML, since
python-docx takes time by the square of their number. Depends on `document`, `pdf` (which draws the picture).
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

import docx
from docx.enum.section import WD_ORIENT
from docx.opc.pkgwriter import PackageWriter
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Emu, Mm, Pt, RGBColor

from .document import Document, Row
from .lettering import printable
from .pdf import draw_png

WIDE = 15300
"""Width of a table in twentieths of a point: A4 on its side, less its margins."""
Cell = Sequence[tuple[str, str]]
"""Paragraphs of a cell: how each is set (plain, bold, small, said) and its text."""


def write_word(document: Document) -> bytes:
    """The document as a .docx file."""
    made = _Writer(docx.Document())
    made.write(document)
    return made.packed(document.title)


class _Writer:
    """One Word file being written."""

    def __init__(self, word: Any) -> None:
        self.word = word
        section = word.sections[0]
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
        section.left_margin = section.right_margin = Mm(14)
        section.top_margin = section.bottom_margin = Mm(14)
        normal = word.styles["Normal"]
        normal.font.name, normal.font.size = "Arial", Pt(10)
        normal.paragraph_format.space_after = Pt(4)
        normal.element.rPr.append(parse_xml(f'<w:lang {nsdecls("w")} w:val="en-GB"/>'))
        for level, size in ((1, 20), (2, 14), (3, 12)):
            style = word.styles[f"Heading {level}"]
            style.font.name, style.font.size, style.font.bold = "Arial", Pt(size), True
            style.font.color.rgb = RGBColor(0, 0, 0)
            fonts = style.element.rPr.rFonts
            for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                fonts.attrib.pop(qn(f"w:{name}"), None)

    def write(self, document: Document) -> None:
        self._heading(1, document.title)
        for name, value in document.about:
            paragraph = self.word.add_paragraph()
            paragraph.add_run(f"{printable(name)}: ").bold = True
            paragraph.add_run(printable(value))
        for note in document.notes:
            self.word.add_paragraph(printable(note))
        for facts in document.facts:
            self._heading(2, facts.heading)
            if facts.words:
                self.word.add_paragraph(printable(facts.words))
            self._pairs(facts.rows)
        self._picture(document)
        if document.lines:
            self._heading(2, "What happened")
            if not document.years:
                self.word.add_paragraph("There are no lines.")
        rights = any(row.right for _, rows in document.years for row in rows)
        for year, rows in document.years:
            self._heading(3, year)
            self._lines(rows, rights)
        if document.key:
            self._heading(2, "Words used in place of names")
            self._pairs(document.key)

    def _heading(self, level: int, text: str) -> None:
        self.word.add_heading(printable(text), level)

    def _picture(self, document: Document) -> None:
        if document.picture is None:
            return
        self._heading(2, "Over time")
        self.word.add_picture(io.BytesIO(draw_png(document.picture)), width=Emu(Mm(265)))
        words = printable(document.picture["described"])
        for drawn in self.word.element.body.iter(qn("wp:docPr")):
            drawn.set("name", "Lines over time")
            drawn.set("descr", words)
        for drawn in self.word.element.body.iter(qn("pic:cNvPr")):
            drawn.set("name", "lines.png")
        self.word.add_paragraph(words)
        if document.dense:
            self._heading(3, "Gaps and clusters")
            heads = ("What", "From", "To", "How much")
            self._table(heads, (15, 20, 20, 45), ([[("plain", cell)] for cell in row] for row in document.dense))

    def _pairs(self, rows: Sequence[tuple[str, str]]) -> None:
        if rows:
            cells = ([[("bold", name)], [("plain", value)]] for name, value in rows)
            self._table(("What", "Details"), (30, 70), cells)

    def _lines(self, rows: Sequence[Row], rights: bool) -> None:
        heads = ["Happened", "Agency and source", "What", *(["Why it may be seen"] if rights else [])]
        widths = (14, 21, 43, 22) if rights else (16, 22, 62)
        self._table(heads, widths, (_cells(row, rights) for row in rows))

    def _table(self, heads: Sequence[str], widths: Sequence[int], rows: Iterable[Sequence[Cell]]) -> None:
        """A table whose first row repeats on every page; its rows are not parted between pages."""
        sizes = [WIDE * width // 100 for width in widths]
        grid = "".join(f'<w:gridCol w:w="{size}"/>' for size in sizes)
        head = _row([[("bold", words)] for words in heads], sizes, head=True)
        body = "".join(_row(cells, sizes) for cells in rows)
        side = '<w:{0} w:val="single" w:sz="4" w:space="0" w:color="B1B4B6"/>'
        edges = "".join(side.format(name) for name in ("top", "bottom", "insideH"))
        table = parse_xml(
            f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(sizes)}" w:type="dxa"/><w:tblBorders>{edges}</w:tblBorders>'
            f'<w:tblLayout w:type="fixed"/><w:tblLook w:val="0020" w:firstRow="1"/></w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid>{head}{body}</w:tbl>"
        )
        self.word.element.body.insert(len(self.word.element.body) - 1, table)
        self.word.add_paragraph()

    def packed(self, title: str) -> bytes:
        """The file without a trace of the template or of who made it."""
        facts = self.word.core_properties
        facts.title, facts.language = printable(title), "en-GB"
        facts.author = facts.last_modified_by = facts.comments = facts.keywords = facts.subject = facts.category = ""
        facts.created = facts.modified = datetime.now(UTC).replace(microsecond=0, tzinfo=None)
        facts.revision = 1
        package = self.word.part.package
        for name, related in list(package.rels.items()):
            if related.reltype.endswith("/thumbnail"):
                del package.rels[name]
        file = io.BytesIO()
        PackageWriter.write(file, package.rels, package.parts)  # type: ignore[no-untyped-call]
        return file.getvalue()


def _cells(row: Row, rights: bool) -> list[Cell]:
    source = [("bold", row.agency), ("small", row.source)]
    if row.who:
        source.append(("small", f"About {row.who}"))
    what = [("bold", row.title), *(("plain", f"{label} {words}") for label, words in row.answers)]
    what += [("said", f"“{words}”") for words in row.said]
    what += [("small", row.note)] if row.note else []
    cells: list[Cell] = [[("plain", row.happened), ("small", f"Known {row.known}")], source, what]
    return [*cells, [("small", row.right)]] if rights else cells


_SET = {
    "plain": "",
    "bold": "<w:b/>",
    "small": '<w:color w:val="484949"/><w:sz w:val="17"/>',
    "said": "<w:i/>",
}


def _row(cells: Sequence[Cell], sizes: Sequence[int], *, head: bool = False) -> str:
    mark = "<w:tblHeader/>" if head else ""
    inside = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{size}" w:type="dxa"/></w:tcPr>{"".join(map(_paragraph, cell)) or "<w:p/>"}</w:tc>'
        for cell, size in zip(cells, sizes, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{mark}</w:trPr>{inside}</w:tr>"


def _paragraph(part: tuple[str, str]) -> str:
    how, text = part
    lines = [f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in printable(text).split("\n")]
    inside = "<w:br/>".join(lines)
    return (
        f'<w:p><w:pPr><w:spacing w:after="40"/></w:pPr><w:r><w:rPr>{_SET[how]}</w:rPr>{inside}</w:r></w:p>'
    )
