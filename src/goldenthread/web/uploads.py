"""Refuses a file that is too large while it arrives, without losing the rest of the form.

Knows only Django. The limit is `GT_UPLOAD_LIMIT`. The file's bytes are dropped as they come; the request is marked and
`middleware.PlainErrors` answers with a page that keeps what was typed.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile

#: Above this a request is refused unread: nobody sends this by mistake.
HARD_LIMIT = 250 * 1024 * 1024


class LimitUpload(FileUploadHandler):
    """The first upload handler: counts, and lets the others work until the limit."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.seen = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.seen = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.seen += len(raw_data)
        if self.seen > settings.GT_UPLOAD_LIMIT:
            names = getattr(self.request, "too_large_files", [])
            self.request.too_large_files = [*names, self.file_name]  # type: ignore[union-attr]
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
