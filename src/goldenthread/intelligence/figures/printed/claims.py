"""What documents say of their own figures: changes, differences, shares, totals and rates, with the words they say it in.

A claim names the figures it is about by their columns, where `*` stands for anything and several figures are added up;
`parts` says how many there must be, so that a part of a table is never taken for the whole. `sure` is no where the
document does not say what it worked the number out of: such a claim can raise a question, never be called a slip. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, cast, get_args

from goldenthread.foundation.csv_rows import Columns, Row, RowError, read_rows

from .figure import Figure
from .numbers import NotANumber, Number

Kind = Literal["change", "difference", "share", "total", "rate"]
KINDS: tuple[Kind, ...] = get_args(Kind)
CHOSEN_BY = ("table", "indicator", "area", "breakdown", "period")
COLUMNS = Columns(
    required=["source", "kind", "printed", *CHOSEN_BY],
    optional=["parts", *(f"of_{name}" for name in CHOSEN_BY), "of_parts", "of_value", "per", "sure", "page", "place", "words"],
)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which figures are meant: a pattern for each of `CHOSEN_BY`, and how many there must be."""

    source: str
    patterns: tuple[str, ...]
    parts: int = 1

    def of(self, figures: Iterable[Figure]) -> list[Figure] | None:
        """The figures meant, or None if they are not all there."""
        found = [one for one in figures if self._means(one)]
        return found if len(found) == self.parts else None

    def _means(self, figure: Figure) -> bool:
        if figure.source != self.source or figure.comparator == "target":
            return False
        values = (figure.table, figure.indicator, figure.area, figure.breakdown, figure.period.text)
        return all(_like(pattern, value) for pattern, value in zip(self.patterns, values, strict=True))


def _like(pattern: str, value: str) -> bool:
    return pattern == value or ("*" in pattern and _compiled(pattern).fullmatch(value) is not None)


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, pattern.split("*"))))


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that a document says of its figures."""

    kind: Kind
    printed: Number
    this: Choice
    of: Choice | None
    """What it is compared with; None where the document gives a number that is no figure of the file, `of_value`."""
    of_value: Number | None
    per: int
    sure: bool
    page: str
    place: str
    words: str
    line: int


class Pool:
    """Figures to choose from, found by their table."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        self._all = list(figures)
        self._by_table: dict[tuple[str, str], list[Figure]] = {}
        for one in self._all:
            self._by_table.setdefault((one.source, one.table), []).append(one)

    def chosen(self, choice: Choice) -> list[Figure] | None:
        """The figures a choice means, or None if they are not all there."""
        table = choice.patterns[0]
        return choice.of(self._all if "*" in table else self._by_table.get((choice.source, table), ()))


@dataclass(slots=True)
class ClaimReading:
    claims: list[Claim]
    errors: list[RowError]


def read_claims(path: Path) -> ClaimReading:
    """Read a file of claims. Raises csv_rows.WrongFile for a file that cannot be used at all."""
    _, rows, errors = read_rows(path, COLUMNS)
    misread = {error.line for error in errors}
    claims: list[Claim] = []
    for row in rows:
        wrong = list(_wrong(row))
        errors += wrong
        if not wrong and row.line not in misread:
            claims.append(_claim(row))
    return ClaimReading(claims, sorted(errors, key=lambda error: error.line))


def _wrong(row: Row) -> Iterable[RowError]:
    for column in ("source", "kind", "printed", "table", "indicator", "area", "period"):
        if not row.get(column):
            yield RowError(row.line, column, "is empty")
    if row.get("kind") and row.get("kind") not in KINDS:
        yield RowError(row.line, "kind", f"{row.get('kind')!r} is not known; write {', '.join(KINDS)}")
    for column in ("printed", "of_value"):
        try:
            Number.parse(row.get(column) or "0")
        except NotANumber as error:
            yield RowError(row.line, column, str(error))
    for column in ("parts", "of_parts", "per"):
        if row.get(column) and not (row.get(column).isdecimal() and 0 < int(row.get(column)) <= 1_000_000):
            yield RowError(row.line, column, f"{row.get(column)!r} is not a whole number from 1 to 1,000,000")
    if row.get("sure") not in ("", "yes", "no"):
        yield RowError(row.line, "sure", f"{row.get('sure')!r} is not known; write yes or no")
    against = any(row.get(f"of_{name}") for name in CHOSEN_BY)
    if row.get("kind") in KINDS and row.get("kind") != "total" and not against and not row.get("of_value"):
        yield RowError(row.line, "of_value", "is empty, and so is every other column that begins with of_; say what it is of")


def _claim(row: Row) -> Claim:
    kind = cast(Kind, row.get("kind"))
    patterns = tuple(row.get(name) for name in CHOSEN_BY)
    against: Choice | None = None
    if kind != "total" and not row.get("of_value"):
        # What is not said is as in the figure itself; "-" says that there is none, as of a breakdown.
        other = tuple(
            "" if row.get(f"of_{name}") == "-" else row.get(f"of_{name}") or own
            for name, own in zip(CHOSEN_BY, patterns, strict=True)
        )
        against = Choice(row.get("source"), other, int(row.get("of_parts") or 1))
    return Claim(
        kind, Number.parse(row.get("printed")), Choice(row.get("source"), patterns, int(row.get("parts") or 1)), against,
        Number.parse(row.get("of_value")) if row.get("of_value") else None, int(row.get("per") or 1),
        row.get("sure") != "no", row.get("page"), row.get("place"), row.get("words"), row.line,
    )  # fmt: skip


def about(claims: Sequence[Claim], figures: Iterable[Figure]) -> list[Claim]:
    """The claims of the documents that these figures are from."""
    sources = {one.source for one in figures}
    return [one for one in claims if one.this.source in sources]
