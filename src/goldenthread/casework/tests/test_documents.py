"""Keeping files: told by their content, stored under their hash, refused in words that say what to do."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from goldenthread.casework.actions import AddDocument, OpenCase
from goldenthread.casework.documents import TooLarge, clean_name, open_document, path_of
from goldenthread.casework.models import Case, Document
from goldenthread.casework.policies import DocumentPolicy
from goldenthread.foundation.action import Invalid
from goldenthread.foundation.actor import NotAllowed
from goldenthread.foundation.models import JournalEntry

from .partnership import Partnership, at


def archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name in names:
            file.writestr(name, "<x/>")
    return out.getvalue()


PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(64)
WORD = archive("[Content_Types].xml", "word/document.xml")
EXCEL = archive("[Content_Types].xml", "xl/workbook.xml")
MACROS = archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")
OUTLOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "__properties_version1.0".encode("utf-16-le")
MAIL = b"From: a@example.org\r\nTo: b@example.org\r\nSubject: Visit\r\n\r\nHello"


@pytest.fixture
def case(place: Partnership, settings: Any, tmp_path: Path) -> Case:
    settings.MEDIA_ROOT = tmp_path / "documents"
    return OpenCase(place.screener).run("concern", place.child(), at("2026-03-02 09:30"), {})


def add(place: Partnership, case: Case, name: str, content: bytes, title: str = "") -> Document:
    return AddDocument(place.worker).run(case, title, SimpleUploadedFile(name, content))


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("report.pdf", PDF, "application/pdf"),
        ("photo.PNG", PNG, "image/png"),
        ("photo.jpeg", JPEG, "image/jpeg"),
        ("plan.docx", WORD, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("list.xlsx", EXCEL, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("note.txt", "Café – “said”".encode(), "text/plain"),
        ("note.txt", "Old alphabet: caf\xe9".encode("cp1252"), "text/plain"),
        ("note.txt", "From Notepad".encode("utf-16"), "text/plain"),
        ("letter.eml", MAIL, "message/rfc822"),
        ("letter.msg", OUTLOOK, "application/vnd.ms-outlook"),
    ],
)
def test_files_people_send_are_kept_under_their_hash_with_the_kind_their_content_tells(
    place: Partnership, case: Case, name: str, content: bytes, media_type: str
) -> None:
    document = add(place, case, name, content)
    assert (document.media_type, document.size) == (media_type, len(content))
    assert document.sha256 == hashlib.sha256(content).hexdigest()
    with open_document(document) as file:
        assert file.read() == content
    assert (document.organisation, document.added_by_id) == (place.care, place.worker.user_id)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        (
            "report.pdf",
            PNG,
            "The name ends in .pdf, but the file is a PNG picture. If that is right, rename it to end in .png.",
        ),
        ("report", PDF, "The name has no ending, but the file is a PDF"),
        (
            "page.html",
            b"<html><script>alert(1)</script></html>",
            "The name ends in .html, but the file is plain text",
        ),
        ("run.exe", b"MZ\x90\x00" + bytes(100), "are not kept. Send PDF"),
        ("run.pdf", b"MZ\x90\x00" + bytes(100), "are not kept"),
        ("plan.docx", MACROS, "are not kept"),
        ("bundle.docx", archive("a.txt"), "are not kept"),
        ("broken.docx", b"PK\x03\x04 broken", "are not kept"),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "are not kept"),
        ("letter.eml", b"Dear all", "but the file is plain text"),
        ("empty.txt", b"", "empty"),
    ],
)
def test_other_files_are_refused_and_nothing_is_left_behind(
    place: Partnership, case: Case, settings: Any, name: str, content: bytes, says: str
) -> None:
    with pytest.raises(Invalid) as caught:
        add(place, case, name, content)
    assert says in caught.value.errors["file"][0]
    assert Document.objects.count() == 0
    assert [one for one in Path(settings.MEDIA_ROOT).rglob("*") if one.is_file()] == []


def test_a_file_of_50_mb_is_refused_before_it_is_read(place: Partnership, case: Case) -> None:
    class Large:
        name, size = "film.pdf", 50 * 1024 * 1024

        def chunks(self, chunk_size: int | None = None) -> Any:
            raise AssertionError("read")

    with pytest.raises(TooLarge) as caught:
        AddDocument(place.worker).run(case, "Film", Large())
    assert caught.value.errors["file"] == [
        "The file is larger than 20 MB. Make it smaller, or send it in parts."
    ]
    assert caught.value.http_status == 413


def test_a_file_that_hides_its_size_is_stopped_at_the_limit(
    place: Partnership, case: Case, settings: Any
) -> None:
    settings.GT_UPLOAD_LIMIT = 1024 * 1024

    class Liar:
        name, size = "film.txt", 10

        def chunks(self, chunk_size: int | None = None) -> Any:
            for _ in range(100):
                yield b"x" * 65536

    with pytest.raises(TooLarge):
        AddDocument(place.worker).run(case, "Film", Liar())
    assert list(Path(settings.MEDIA_ROOT).iterdir()) == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (r"C:\Users\me\report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..hidden.txt", "hidden.txt"),
        ("gpj\u202egnp.txt", "gpj gnp.txt"),
        ("a\r\nSet-Cookie: b.txt", "a Set-Cookie_ b.txt"),
        ("", "file"),
        ("x" * 400 + ".docx", "x" * 145 + ".docx"),
    ],
)
def test_names_lose_folders_and_signs_that_deceive(given: str, kept: str) -> None:
    assert clean_name(given) == kept


def test_the_same_file_twice_is_stored_once(place: Partnership, case: Case, settings: Any) -> None:
    first, second = add(place, case, "a.pdf", PDF), add(place, case, "b.pdf", PDF, "Again")
    assert (first.sha256, first.title, second.title) == (second.sha256, "a", "Again")
    assert [one for one in Path(settings.MEDIA_ROOT).rglob("*") if one.is_file()] == [path_of(first.sha256)]


def test_documents_are_seen_with_their_case_and_added_only_by_those_who_see_it(
    place: Partnership, case: Case
) -> None:
    document = add(place, case, "a.pdf", PDF)
    assert list(DocumentPolicy.visible_to(place.worker)) == [document]
    assert list(DocumentPolicy.visible_to(place.officer)) == []
    with pytest.raises(NotAllowed):
        AddDocument(place.officer).run(case, "", SimpleUploadedFile("a.pdf", PDF))


def test_a_document_of_an_event_belongs_to_the_same_case_and_is_journalled(
    place: Partnership, case: Case
) -> None:
    other = OpenCase(place.screener).run("concern", place.child("Zayn"), at("2026-03-02 09:30"), {})
    with pytest.raises(Invalid, match="another case"):
        AddDocument(place.worker).run(case, "", SimpleUploadedFile("a.pdf", PDF), event=other.events.get())
    document = AddDocument(place.worker).run(
        case, "", SimpleUploadedFile("a.pdf", PDF), event=case.events.get()
    )
    entry = JournalEntry.objects.get(verb="casework.add_document")
    assert entry.detail == {
        "document": str(document.pk),
        "sha256": document.sha256,
        "media_type": "application/pdf",
    }
