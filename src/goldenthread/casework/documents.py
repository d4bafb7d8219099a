"""Files kept with cases: what kind they truly are, what they are called, where they lie.

A file is stored once, under the SHA-256 of its content, so that it cannot change unseen. Its kind is told from its
content; a name that says otherwise is refused with both named. Writes files, never rows. Depends on settings alone.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol

import puremagic
from django.conf import settings

from goldenthread.foundation.action import Invalid

from .models import Document

NAME_LENGTH = 150
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER = re.compile(
    rb"^(From|To|Subject|Date|Received|Return-Path|MIME-Version|Message-ID|Delivered-To|X-[\w-]+):", re.I
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that is kept."""

    title: str
    media_type: str
    endings: tuple[str, ...]


_OFFICE = "application/vnd.openxmlformats-officedocument"
PDF = Kind("PDF", "application/pdf", (".pdf",))
WORD = Kind("Word document", f"{_OFFICE}.wordprocessingml.document", (".docx",))
EXCEL = Kind("Excel workbook", f"{_OFFICE}.spreadsheetml.sheet", (".xlsx",))
SLIDES = Kind("PowerPoint presentation", f"{_OFFICE}.presentationml.presentation", (".pptx",))
PNG = Kind("PNG picture", "image/png", (".png",))
JPEG = Kind("JPEG picture", "image/jpeg", (".jpg", ".jpeg"))
TEXT = Kind("plain text", "text/plain", (".txt", ".csv"))
EMAIL = Kind("e-mail", "message/rfc822", (".eml",))
OUTLOOK = Kind("Outlook message", "application/vnd.ms-outlook", (".msg",))
KINDS = (PDF, WORD, EXCEL, SLIDES, PNG, JPEG, TEXT, EMAIL, OUTLOOK)
KEPT = "PDF, Word (.docx), Excel (.xlsx), PowerPoint (.pptx), PNG, JPEG, text, e-mail (.eml) or Outlook message (.msg)"


class TooLarge(Invalid):
    """A file over the limit. Views answer with 413."""

    http_status = 413


class Upload(Protocol):
    """A file that somebody sends, as Django gives it."""

    name: str | None
    size: int | None

    def chunks(self, chunk_size: int | None = None) -> Iterable[bytes]: ...


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that has been kept."""

    sha256: str
    size: int
    kind: Kind
    filename: str


def folder() -> Path:
    return Path(settings.MEDIA_ROOT)


def path_of(sha256: str) -> Path:
    """Where the file with a hash lies."""
    return folder() / sha256[:2] / sha256


def open_document(document: Document) -> BinaryIO:
    """The content of a document. Raises FileNotFoundError where the folder of documents was not restored with the rows."""
    return path_of(document.sha256).open("rb")


def keep(upload: Upload) -> Stored:
    """Stream an upload to where it is kept. Raises TooLarge before reading a file whose size is known, or Invalid."""
    limit = int(settings.GT_UPLOAD_LIMIT)
    filename = clean_name(upload.name or "")
    if upload.size is not None and upload.size > limit:
        raise _too_large(limit)
    folder().mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    handle, name = tempfile.mkstemp(prefix="incoming-", dir=folder())
    incoming = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            for chunk in upload.chunks():
                size += len(chunk)
                if size > limit:
                    raise _too_large(limit)
                digest.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        if not size:
            raise Invalid({"file": "The file is empty. Choose another."})
        kind = _checked_kind(incoming, filename)
        place = path_of(digest.hexdigest())
        place.parent.mkdir(exist_ok=True)
        incoming.replace(place)
    finally:
        incoming.unlink(missing_ok=True)
    return Stored(digest.hexdigest(), size, kind, filename)


def _too_large(limit: int) -> TooLarge:
    return TooLarge(
        {
            "file": f"The file is larger than {limit // (1024 * 1024)} MB. Make it smaller, or send it in parts."
        }
    )


def clean_name(name: str) -> str:
    """A file's name without folders, control and direction signs, or leading dots; its ending is kept when it is cut."""
    text = unicodedata.normalize("NFC", name.replace("\\", "/")).rsplit("/", 1)[-1]
    text = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in text)
    text = re.sub(r'[<>:"|?*]', "_", " ".join(text.split())).lstrip(". ")
    ending = PurePosixPath(text).suffix[:10]
    return (
        (text[: NAME_LENGTH - len(ending)].removesuffix(ending) + ending)
        if len(text) > NAME_LENGTH
        else text or "file"
    )


def _checked_kind(path: Path, filename: str) -> Kind:
    ending = PurePosixPath(filename).suffix.lower()
    found = kind_of(path, ending)
    if found is None:
        raise Invalid(
            {"file": f"Files like this ({_guess(path) or 'not recognised'}) are not kept. Send {KEPT}."}
        )
    if ending not in found.endings:
        right = found.endings[0]
        says = f"The name ends in {ending}" if ending else "The name has no ending"
        raise Invalid(
            {
                "file": f"{says}, but the file is {_article(found.title)}. If that is right, rename it to end in {right}."
            }
        )
    return found


def _article(title: str) -> str:
    return title if title == "plain text" else f"{'an' if title[0] in 'AEIOUae' else 'a'} {title}"


def kind_of(path: Path, ending: str = "") -> Kind | None:
    """What a file is, told from its content; None for what is not kept. `ending` chooses between text and e-mail only."""
    with path.open("rb") as file:
        head = file.read(4096)
    if head[:1024].find(b"%PDF-") >= 0 and head.lstrip()[:5] == b"%PDF-":
        return PDF
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"PK\x03\x04"):
        return _office(path)
    if head.startswith(_OLE):
        return _outlook(path)
    if _is_text(path):
        return EMAIL if ending == ".eml" and _HEADER.match(head.lstrip(b"\xef\xbb\xbf\r\n")) else TEXT
    return None


#: What an Office file may not hold, whatever its parts are called: programs of its own, and templates or objects that it
#: fetches when it is opened. Told by the declared type of a part and by the links between parts (ECMA-376, part 2).
_PROGRAMS = re.compile(rb"vbaProject|macroEnabled|macrosheet|activeX|oleObject", re.I)
_FETCHED = re.compile(rb"<Relationship\b(?=[^>]*TargetMode\s*=\s*[\"']External)(?![^>]*/hyperlink[\"'])[^>]*>", re.I)
#: A list of parts, or of links, longer than this (unpacked) is no honest one.
_LONGEST_LIST = 1024 * 1024


def _office(path: Path) -> Kind | None:
    """An Office file by its parts; none with programs in it or fetched by it, and no other archive."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "[Content_Types].xml" not in names or any(_PROGRAMS.search(name.encode()) for name in names):
                return None
            lists = [name for name in names if name == "[Content_Types].xml" or name.lower().endswith(".rels")]
            for name in lists:
                # Read no further than the limit, so that a few bytes cannot unpack to gigabytes here.
                with archive.open(name) as part:
                    told = part.read(_LONGEST_LIST + 1)
                if len(told) > _LONGEST_LIST or _PROGRAMS.search(told) or _FETCHED.search(told):
                    return None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, zlib.error):
        return None
    parts = {"word/document.xml": WORD, "xl/workbook.xml": EXCEL, "ppt/presentation.xml": SLIDES}
    return next((kind for part, kind in parts.items() if part in names), None)


def _outlook(path: Path) -> Kind | None:
    """An Outlook message; none that holds programs, as an old Word or Excel file inside it may."""
    content = path.read_bytes()
    holds = "_VBA_PROJECT".encode("utf-16-le") in content
    return OUTLOOK if "__properties_version1.0".encode("utf-16-le") in content and not holds else None


def _is_text(path: Path) -> bool:
    """Text that people wrote: UTF-8, UTF-16 with its mark, or the old Windows alphabet, without control signs."""
    content = path.read_bytes()
    encodings = ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not any(unicodedata.category(sign) == "Cc" and sign not in "\t\n\r\f" for sign in text)
    return False


def _guess(path: Path) -> str:
    try:
        return str(puremagic.from_file(path)).lstrip(".").upper()
    except (puremagic.PureError, ValueError):
        return ""
