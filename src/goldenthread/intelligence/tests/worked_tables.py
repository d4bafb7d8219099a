"""Worked indicators: small tables of what happened, drawn as text, beside what must come of them, counted by hand.

Each file of `worked/` is a piece of Markdown with two tables; both evaluations must give what it says, and the files
together are the page docs/look-up/worked-indicators.md (scripts/make_worked_indicators.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from goldenthread.guidance.library import shipped
from goldenthread.intelligence.indicators.cohort import dataset_of
from goldenthread.intelligence.indicators.periods import Period
from goldenthread.intelligence.indicators.tables import Dataset

FOLDER = Path(__file__).parent / "worked"
_INDICATOR = re.compile(r"^## .*: `([a-z0-9_]+)`$", re.MULTILINE)
_AS_OF = re.compile(r"As of (\d{4}-\d\d-\d\d)")


@dataclass(frozen=True)
class Expected:
    """One line of the second table."""

    indicator: str
    period: Period
    by: str | None
    group: str
    numerator: float | None
    denominator: float | None
    shown: str


@dataclass(frozen=True)
class Worked:
    """One file."""

    name: str
    text: str
    data: Dataset
    expected: tuple[Expected, ...]


@cache
def worked() -> tuple[Worked, ...]:
    return tuple(_read(path) for path in sorted(FOLDER.glob("*.md")))


def page() -> str:
    """The page of the manual that the files make."""
    head = (FOLDER / "_head.txt").read_text(encoding="utf-8")
    return head + "\n" + "\n".join(path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.md")))


def _read(path: Path) -> Worked:
    text = path.read_text(encoding="utf-8")
    names = _INDICATOR.findall(text)
    assert len(names) == 1, f"{path.name}: one heading with the id of the indicator"
    happened, expected = _tables(text)
    as_of = _AS_OF.search(text)
    assert as_of, f"{path.name}: say `As of` which day"
    data = dataset_of(list(_cases(path.name, happened)), shipped(), date.fromisoformat(as_of[1]))
    return Worked(path.stem, text, data, tuple(_expected(names[0], row) for row in expected))


def _tables(text: str) -> list[list[dict[str, str]]]:
    found: list[list[dict[str, str]]] = []
    head: list[str] | None = None
    for line in text.splitlines():
        if not line.startswith("|"):
            head = None
            continue
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if head is None:
            head = cells
            found.append([])
        elif set(line) - set("|-: "):
            found[-1].append(dict(zip(head, cells, strict=True)))
    assert len(found) == 2, "a table of what happened, and one of what comes of it"
    return found


def _cases(where: str, rows: list[dict[str, str]]) -> Iterator[tuple[str, dict[str, Any]]]:
    born: dict[str, str] = {}
    cases: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    extra: dict[tuple[str, str, str], dict[str, Any]] = {}
    for row in rows:
        if row.get("born"):
            born[row["child"]] = row["born"]
        key = (row["child"], row["pathway"], row.get("case", ""))
        answers = yaml.safe_load("{" + row["answers"] + "}")
        moment: Any = row["day"] if " " not in row["day"] else row["day"].replace(" ", "T")
        cases.setdefault(key, []).append({"kind": row["event"], "occurred": moment, "data": answers})
        if row.get("area"):
            extra.setdefault(key, {})["area"] = row["area"]
    for (child, pathway, number), events in cases.items():
        subject = {"id": child} | ({"born": born[child]} if child in born else {})
        case = {"id": f"{child} {pathway} {number}", "pathway": pathway, "subject": subject, "events": events}
        yield where, case | {"area": "lancashire_12"} | extra.get((child, pathway, number), {})


def _expected(indicator: str, row: dict[str, str]) -> Expected:
    def number(text: str) -> float | None:
        return float(text) if text else None

    return Expected(
        row.get("indicator") or indicator, Period.parse(row["period"]), row.get("by") or None, row.get("group", ""),
        number(row["numerator"]), number(row.get("denominator", "")), row["value"],
    )  # fmt: skip
