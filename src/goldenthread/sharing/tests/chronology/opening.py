"""Opens what was exported and takes out every text it holds, seen and unseen; and looks for a name in it, knowing nothing
of how names are taken out: letters alone, without case, accents, spaces or signs."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from typing import Any

import pypdf
from lxml import etree
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    IndirectObject,
    StreamObject,
    TextStringObject,
)

TEMPLATE_WORDS = ("theme", "styles", "fontTable", "latentStyles")


def squeezed(text: str) -> str:
    """Letters and digits alone, folded."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


def everything_in(name: str, content: bytes) -> str:
    """Every text in a file: its own name, what is shown, what is hidden, alternative texts and metadata."""
    texts = word_texts(content) if name.endswith(".docx") else pdf_texts(content)
    return "\n".join([name, *texts])


def word_texts(content: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for part in package.infolist():
            yield part.filename
            yield part.comment.decode("utf-8", "replace")
            if part.filename.endswith((".xml", ".rels")):
                root = etree.fromstring(package.read(part), etree.XMLParser(resolve_entities=False, no_network=True))
                for paragraph in root.iter():
                    yield from (str(value) for value in paragraph.attrib.values())
                    if isinstance(paragraph.tag, str):
                        yield "".join(paragraph.itertext()) if paragraph.tag.endswith("}p") else (paragraph.text or "")
                    else:
                        yield str(paragraph)
        yield package.comment.decode("utf-8", "replace")


def pdf_texts(content: bytes) -> Iterator[str]:
    reader = pypdf.PdfReader(io.BytesIO(content))
    for page in reader.pages:
        yield page.extract_text()
    yield from (str(value) for value in (reader.metadata or {}).values())
    yield from (str(one) for one in reader.outline)
    seen: set[int] = set()
    for number in range(1, len(reader.xref_objStm) + max(len(part) for part in reader.xref.values()) + 1):
        try:
            yield from _strings(reader.get_object(number), seen)
        except (pypdf.errors.PdfReadError, KeyError):
            continue


def _strings(value: Any, seen: set[int]) -> Iterator[str]:
    if isinstance(value, IndirectObject) or id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, StreamObject) and "/Length1" not in value and value.get("/Subtype") in ("/XML", None):
        yield value.get_data().decode("utf-8", "replace")
    if isinstance(value, DictionaryObject):
        for inner in value.values():
            yield from _strings(inner, seen)
    elif isinstance(value, ArrayObject):
        for inner in value:
            yield from _strings(inner, seen)
    elif isinstance(value, TextStringObject):
        yield str(value)
    elif isinstance(value, ByteStringObject):
        yield bytes(value).decode("utf-8", "replace")


def left_of(text: str, *secrets: str) -> list[str]:
    """Which of the secrets can still be read in a text."""
    plain = squeezed(text)
    return [secret for secret in secrets if squeezed(secret) in plain]


def numbers_left(text: str, *numbers: str) -> list[str]:
    digits = re.sub(r"[^0-9a-z]", "", text.lower())
    return [number for number in numbers if re.sub(r"[^0-9a-z]", "", number.lower()) in digits]
