"""Keeping a document with a case."""

from __future__ import annotations

from pathlib import PurePosixPath

from django.utils import timezone

from goldenthread.foundation.action import Invalid
from goldenthread.foundation.capability import Capability

from ..documents import Upload, keep
from ..models import Case, Document, Event
from .appending import CaseAction

TITLE = 200


class AddDocument(CaseAction[Document]):
    """Keep a file with a case, and with one of its events if it belongs to one.

    Raises documents.TooLarge, or Invalid by field. A file whose row is then not written stays under its hash, unseen.
    """

    name = "casework.add_document"
    needs = Capability.ADD_DOCUMENTS

    def perform(self, case: Case, title: str, upload: Upload, event: Event | None = None) -> Document:
        case = self.locked(case)
        if event is not None and event.case_id != case.pk:
            raise Invalid({"event": "That event belongs to another case."})
        if len(title.strip()) > TITLE:
            raise Invalid({"title": f"The title must be {TITLE} characters or fewer."})
        stored = keep(upload)
        document = Document.objects.create(
            case=case, event=event, title=title.strip() or PurePosixPath(stored.filename).stem, filename=stored.filename,
            media_type=stored.kind.media_type, size=stored.size, sha256=stored.sha256, added_at=timezone.now(),
            added_by_id=self.actor.user_id, organisation_id=self.actor.organisation_id,
        )  # fmt: skip
        self.note(
            "case",
            case.pk,
            document=str(document.pk),
            sha256=stored.sha256,
            media_type=stored.kind.media_type,
        )
        return document
