"""Writes a document as PDF/UA-1 with Typst. What it says goes in as JSON: no word of a record is ever Typst source.

Nothing is fetched: the template and the fonts (Noto Sans, SIL Open Font License) are beside this file. Metadata holds the
title and language only. Source: ISO 14289-1 (PDF/UA-1), which Typst's export refuses to break.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from .document import Document
from .lettering import FONTS, printable

HERE = Path(__file__).parent


def write_pdf(document: Document) -> bytes:
    """The document as a tagged PDF."""
    made = _compile(HERE / "chronology.typ", document.plain(), format="pdf", pdf_standards=["ua-1"])
    return made if isinstance(made, bytes) else made[0]


def draw_png(picture: dict[str, Any]) -> bytes:
    """The picture alone, for a Word document."""
    made = _compile(HERE / "picture.typ", picture, format="png", ppi=160.0)
    return made if isinstance(made, bytes) else made[0]


def _compile(template: Path, data: Any, **how: Any) -> Any:
    text = json.dumps(printable(data), ensure_ascii=False)
    return typst.compile(
        template, root=HERE, font_paths=_fonts(), ignore_system_fonts=True, sys_inputs={"data": text},
        package_path=HERE, package_cache_path=HERE, timestamp=datetime.now(UTC).replace(microsecond=0), **how,
    )  # fmt: skip


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
