"""Documents on pages: what is kept, what is refused and why, how it is sent, who may read it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from goldenthread.casework.actions import OpenCase
from goldenthread.casework.documents import path_of
from goldenthread.casework.models import Case, Document
from goldenthread.foundation.models import JournalEntry

from .partnership import Partnership
from .visitors import values, visitor, words

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def case(place: Partnership) -> Case:
    data = {"reasons": "Neglect", "held_at": "County Hall"}
    made: Case = OpenCase(place.system).run("plan", place.child(), timezone.localdate(), data, lead=place.care)
    return made


@pytest.fixture
def rosa(place: Partnership) -> Client:
    return visitor(place, "Rosa Whittle", "social_worker", place.care, place.team)


def add(client: Client, case: Case, content: bytes = PDF, name: str = "report.pdf", **fields: str) -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(f"/cases/{case.pk}/documents/add/", {"title": "Health report", "event": "", "file": file, **fields})


def test_a_document_is_kept_and_sent_as_a_file_and_each_reading_is_journalled(case: Case, rosa: Client) -> None:
    first = case.events.get()
    assert add(rosa, case, event=str(first.pk)).status_code == 302
    document = Document.objects.get()
    assert (document.title, document.event, document.media_type) == ("Health report", first, "application/pdf")
    page = rosa.get(f"/cases/{case.pk}/")
    assert "Health report report.pdf" in words(page) and f'href="/documents/{document.pk}/"' in page.content.decode()
    answer = rosa.get(f"/documents/{document.pk}/")
    assert b"".join(answer.streaming_content) == PDF  # type: ignore[attr-defined]
    assert answer.headers["Content-Disposition"] == 'attachment; filename="report.pdf"'
    assert (answer.headers["Content-Type"], answer.headers["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    entry = JournalEntry.objects.get(verb="document.read")
    assert (entry.subject_id, entry.detail) == (str(case.pk), {"document": str(document.pk)})


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"MZ\x90\x00\x03\x00\x00\x00program", "report.pdf", "Files like this"),
        (PDF, "report.docx", "The name ends in .docx, but the file is a PDF"),
        (b"", "report.pdf", "The file is empty"),
    ],
)
def test_a_file_that_is_not_kept_says_why_and_the_title_stays(
    case: Case, rosa: Client, content: bytes, name: str, message: str
) -> None:
    answer = add(rosa, case, content, name)
    said = words(answer)
    assert answer.status_code == 422 and message in said and not Document.objects.exists()
    assert values(answer)["title"] == ["Health report"] and name in said
    assert 'href="#id_file"' in answer.content.decode()


def test_a_file_that_is_too_large_is_refused_in_plain_words_with_the_form_kept(case: Case, rosa: Client, settings: Any) -> None:
    settings.GT_UPLOAD_LIMIT = 1024 * 1024
    answer = add(rosa, case, PDF + b"0" * 3 * 1024 * 1024, "scan.pdf")
    said = words(answer)
    assert answer.status_code == 413 and "scan.pdf is larger than 1 MB" in said
    assert values(answer)["title"] == ["Health report"]
    assert not Document.objects.exists()


def test_nothing_chosen_and_nothing_written_are_both_asked_for(case: Case, rosa: Client) -> None:
    answer = rosa.post(f"/cases/{case.pk}/documents/add/", {"title": "", "event": ""})
    said = words(answer)
    assert answer.status_code == 422 and "Enter what the document is" in said and "Choose a file" in said


def test_the_form_says_what_may_be_sent_and_how_large(case: Case, rosa: Client, settings: Any) -> None:
    said = words(rosa.get(f"/cases/{case.pk}/documents/add/"))
    assert "PDF, Word (.docx)" in said and f"No larger than {settings.GT_UPLOAD_LIMIT // 1048576} MB" in said


def test_a_document_of_a_case_one_may_not_see_does_not_exist(place: Partnership, case: Case, rosa: Client) -> None:
    add(rosa, case)
    document = Document.objects.get()
    teacher = visitor(place, "Ann Dale", "school_safeguarding_lead", place.school)
    assert teacher.get(f"/documents/{document.pk}/").status_code == 404
    assert teacher.get(f"/cases/{case.pk}/documents/add/").status_code == 404
    assert add(teacher, case).status_code == 404
    assert Client().get(f"/documents/{document.pk}/").status_code == 302


def test_a_document_whose_file_was_not_restored_is_not_found_but_the_look_is_kept(case: Case, rosa: Client) -> None:
    add(rosa, case)
    document = Document.objects.get()
    path_of(document.sha256).unlink()
    assert rosa.get(f"/documents/{document.pk}/").status_code == 404
