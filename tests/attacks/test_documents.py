"""Files meant to do harm: programs in documents, files of two kinds at once, bombs, pages, names that deceive."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from goldenthread.casework.models import Case, Document

pytestmark = [pytest.mark.django_db, pytest.mark.pages]
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{}</Types>'
LINKS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
)
PROJECT = '<Override PartName="/word/letter.bin" ContentType="application/vnd.ms-office.vbaProject"/>'
ENABLED = '<Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'
BY_LINK = '<Relationship Type="x/vbaProject" Target="l"/>'
PLAIN = {"[Content_Types].xml": TYPES.format(""), "word/document.xml": "<w/>"}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MESSAGE = "__properties_version1.0".encode("utf-16-le")
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 32
PAGE = b"<html><script>alert(document.cookie)</script></html>"


def office(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {**PLAIN, **parts}.items():
            archive.writestr(name, text)
    return out.getvalue()


def linked(kind: str, target: str = "http://192.0.2.1/evil.dotm") -> str:
    start = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    return LINKS.format(
        f'<Relationship Id="r1" Type="{start}{kind}" Target="{target}" TargetMode="External"/>'
    )


def bomb(parts: int = 1, size: int = 60_000_000, name: str = "word/document.xml") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for other, text in PLAIN.items():
            if other != name:
                archive.writestr(other, text)
        for number in range(parts):
            archive.writestr(name if number == 0 else f"{name}{number}", b"0" * size)
    return out.getvalue()


REFUSED = {
    "a Word file with macros": ("a.docx", office(**{"word/vbaProject.bin": "x"})),
    "macros under another name": (
        "a.docx",
        office(**{
            "word/letter.bin": "x",
            "[Content_Types].xml": TYPES.format(PROJECT),
        }),
    ),
    "a type for macros": (
        "a.docx",
        office(**{"[Content_Types].xml": TYPES.format(ENABLED)}),
    ),
    "macros by a link": ("a.docx", office(**{"word/_rels/document.xml.rels": LINKS.format(BY_LINK)})),
    "a sheet of old macros": ("a.xlsx", office(**{"xl/workbook.xml": "<x/>", "xl/macrosheets/sheet1.xml": "<x/>"})),
    "a template that is fetched": ("a.docx", office(**{"word/_rels/settings.xml.rels": linked("attachedTemplate")})),
    "a picture that tells who opened it": ("a.docx", office(**{"word/_rels/document.xml.rels": linked("image", "http://192.0.2.1/p")})),
    "an object to press": ("a.docx", office(**{"word/embeddings/oleObject1.bin": "x"})),
    "a control": ("a.docx", office(**{"word/activeX/activeX1.xml": "<x/>"})),
    "a list of parts that unpacks to 60 MB": ("a.docx", bomb(name="[Content_Types].xml")),
    "an Outlook message with macros in it": ("a.msg", OLE + MESSAGE + "_VBA_PROJECT".encode("utf-16-le")),
    "an old Word file": ("a.doc", OLE + b"x" * 600),
    "an old Word file called a message": ("a.msg", OLE + b"x" * 600),
    "a picture with a script": ("a.svg", SVG),
    "a picture with a script, called PNG": ("a.png", SVG),
    "a web page": ("a.html", PAGE),
    "a program": ("a.exe", b"MZ\x90\x00" + b"\x00" * 60),
    "a program called PDF": ("a.pdf", b"MZ\x90\x00" + b"\x00" * 60),
    "a script of a shell": ("a.sh", b"#!/bin/sh\nrm -rf /\n"),
    "an archive": ("a.zip", office()),
    "a program in Java that is a picture in front": ("a.jar", PNG + office()),
    "nothing": ("a.pdf", b""),
    "a PDF that begins as a page": ("a.pdf", PAGE + b"%PDF-1.7"),
    "a cut-off archive": ("a.docx", office()[:60]),
    "a file with a link to itself": ("a.lnk", b"L\x00\x00\x00\x01\x14\x02\x00"),
}  # fmt: skip


@pytest.fixture
def folder(settings: Any, tmp_path: Any) -> Any:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def send(client: Client, case: Case, name: str, content: bytes) -> Any:
    return client.post(
        f"/cases/{case.pk}/documents/add/", {"title": "T", "file": SimpleUploadedFile(name, content)}
    )


@pytest.mark.parametrize("what", REFUSED)
def test_it_is_refused_in_plain_words_and_nothing_of_it_stays(
    manager: Client, case: Case, folder: Any, what: str
) -> None:
    answer = send(manager, case, *REFUSED[what])
    assert answer.status_code == 422 and not Document.objects.exists()
    assert not [path for path in folder.rglob("*") if path.is_file()]


def test_a_document_that_links_to_a_page_is_kept(manager: Client, case: Case, folder: Any) -> None:
    """So that the rule above does not refuse what people write."""
    letter = office(**{"word/_rels/document.xml.rels": linked("hyperlink", "https://www.gov.uk/")})
    assert send(manager, case, "letter.docx", letter).status_code == 302


def test_a_bomb_is_kept_packed_and_never_unpacked(manager: Client, case: Case, folder: Any) -> None:
    packed = bomb(parts=20)
    assert len(packed) < 2_000_000
    tracemalloc.start()
    try:
        send(manager, case, "a.docx", packed)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 40_000_000, f"{most:,} bytes were taken for {len(packed):,}"


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.pdf", b"%PDF-1.7\n" + PAGE), ("a.png", PNG + PAGE), ("a.png", PNG + office()), ("a.jpg", b"\xff\xd8\xff\xe0" + PAGE),
     ("a.txt", PAGE), ("a.eml", b"From: a@example.org\nSubject: x\n\n" + PAGE), ("a.pdf", b"%PDF-1.7 /OpenAction /JavaScript")],
)  # fmt: skip
def test_a_file_of_two_kinds_is_only_ever_handed_over_never_shown(
    manager: Client, case: Case, folder: Any, name: str, content: bytes
) -> None:
    send(manager, case, name, content)
    document = Document.objects.get()
    answer = manager.get(f"/documents/{document.pk}/")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Content-Type"].partition(";")[0] == document.media_type
    assert "html" not in document.media_type and "svg" not in document.media_type


@pytest.mark.parametrize(
    ("given", "kept"),
    [("../../../etc/passwd.txt", "passwd.txt"), ("..\\..\\boot.txt", "boot.txt"), ("a\u202etxt.exe.txt", "atxt.exe.txt"),
     ("a\x00.txt", "a.txt"), (".htaccess.txt", "htaccess.txt"), ("CON.txt", "CON.txt"), ("a" * 400 + ".txt", None)],
)  # fmt: skip
def test_a_name_leads_nowhere_and_hides_nothing(
    manager: Client, case: Case, folder: Any, given: str, kept: str | None
) -> None:
    upload = SimpleUploadedFile("x.txt", b"words")
    upload._name = given  # as a hand-made request sends it, past what a browser and Django clean
    send_raw = manager.post(f"/cases/{case.pk}/documents/add/", {"title": "T", "file": upload})
    assert send_raw.status_code == 302
    document = Document.objects.get()
    assert (
        len(document.filename) <= 150
        and "/" not in document.filename
        and (kept is None or document.filename == kept)
    )
    stored = [path for path in folder.rglob("*") if path.is_file()]
    assert [path.name for path in stored] == [document.sha256]  # kept under its hash, whatever it is called


def test_a_document_has_no_address_but_its_view(
    manager: Client, teacher: Client, case: Case, folder: Any
) -> None:
    send(manager, case, "a.txt", b"words")
    document = Document.objects.get()
    for address in (
        f"/media/{document.sha256}",
        f"/static/{document.sha256}",
        f"/documents/{document.sha256}/",
        f"/{document.filename}",
    ):
        assert manager.get(address).status_code == 404
    absent = teacher.get("/documents/00000000-0000-4000-8000-000000000000/")
    assert teacher.get(f"/documents/{document.pk}/").status_code == absent.status_code == 404
