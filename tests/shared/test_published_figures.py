"""The figures that come with Golden Thread beside the partnership's own file, and our claims beside the documents' words
(`make check-shared`)."""

from __future__ import annotations

import csv
import os
import re
from pathlib import Path

import pytest

from goldenthread.intelligence.figures.printed.figure import read_figures
from goldenthread.intelligence.figures.printed.shipped import CLAIMS, FIGURES, shipped_claims

pytestmark = pytest.mark.shared


def shared() -> Path:
    return Path(os.environ["GT_SHARED"])


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_shipped_file_holds_the_same_facts() -> None:
    theirs = rows(shared() / "figures" / "published_figures.csv")
    ours = rows(FIGURES)
    assert [{name: row[name] for name in theirs[0]} for row in ours] == theirs


def test_the_partnership_s_own_file_has_no_fault() -> None:
    found = read_figures(shared() / "figures" / "published_figures.csv")
    assert (len(found.figures), found.errors) == (765, [])


def flat(text: str) -> str:
    """Words alone: tables of the documents break lines and have signs between their cells."""
    return re.sub(r"\s+", " ", re.sub(r"[|*]", " ", text)).replace("’", "'").lower()


def test_every_claim_is_in_the_words_of_its_document() -> None:
    texts = {path.name: flat(path.read_text(encoding="utf-8")) for path in (shared() / "seeds").glob("*.txt")}
    claims = rows(CLAIMS)
    assert len(claims) == len(shipped_claims())
    missing = [claim["words"] for claim in claims if flat(claim["words"]) not in texts[claim["source"]]]
    assert not missing, missing


def test_what_is_printed_stands_in_the_words_unless_it_is_a_cell_of_a_table_or_beside_them() -> None:
    """The number of a claim is in the words quoted for it, or those words name the figure whose printed value it is."""
    figures = {f"{one.value.value:,.{one.value.decimals}f}" for one in read_figures(FIGURES).figures}
    for claim in rows(CLAIMS):
        number = claim["printed"].lstrip("-£").rstrip("%")
        said = number.replace(",", "") in claim["words"].replace(",", "")
        assert said or number in figures, claim
