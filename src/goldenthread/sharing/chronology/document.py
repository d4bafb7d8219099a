"""What an exported chronology says, redacted, ready to be written as Word or PDF. Every word that came from a record has
passed the redactor; what did not (headings, dates, agencies' kinds) is ours. Depends on `lines`, `redaction`, `drawing`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from goldenthread.casework.thread.measure import shortened
from goldenthread.casework.timeline import Entry
from goldenthread.casework.words import time_words
from goldenthread.clocks.calendar import local_day

from .drawing import Dot, clusters, described, gaps
from .lines import Held, Line
from .redaction import Redactor


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the document."""

    happened: str
    known: str
    who: str
    agency: str
    source: str
    title: str
    answers: list[tuple[str, str]]
    said: list[str]
    note: str
    right: str


@dataclass(frozen=True, slots=True)
class Facts:
    """A headed table of two columns, such as what is held of a person."""

    heading: str
    rows: list[tuple[str, str]]
    words: str = ""


@dataclass(slots=True)
class Document:
    """A chronology to be written. Texts are final: nothing more is looked up or replaced."""

    title: str
    about: list[tuple[str, str]]
    notes: list[str]
    facts: list[Facts] = field(default_factory=list)
    years: list[tuple[str, list[Row]]] = field(default_factory=list)
    picture: dict[str, Any] | None = None
    dense: list[tuple[str, str, str, str]] = field(default_factory=list)
    """Gaps and clusters: what, from, to, how much."""
    key: list[tuple[str, str]] = field(default_factory=list)
    with_who: bool = False
    """Several people: each line says about whom it is."""
    lines: bool = True
    """Whether it tells what happened line by line; the record of a meeting does not."""

    def plain(self) -> dict[str, Any]:
        return asdict(self)


def day(value: date | datetime) -> str:
    whole = local_day(value) if isinstance(value, datetime) else value
    return f"{whole.day} {whole:%B} {whole.year}"


def moment(value: date | datetime) -> str:
    return f"{day(value)}, {time_words(value)}" if isinstance(value, datetime) else day(value)


def rows_by_year(
    lines: Sequence[Line], told: Mapping[UUID, Entry], redactor: Redactor, references: Mapping[str, str], *,
    several: bool, rights: bool = True,
) -> list[tuple[str, list[Row]]]:  # fmt: skip
    """The lines in order, a heading a year."""
    years: dict[str, list[Row]] = {}
    for line in lines:
        row = _row(line, told[line.event], redactor, references, several, rights)
        years.setdefault(str(line.day.year), []).append(row)
    return list(years.items())


def _row(
    line: Line, entry: Entry, redactor: Redactor, references: Mapping[str, str], several: bool, rights: bool
) -> Row:
    clean = redactor.text
    event = entry.event
    by = event.recorded_by_name or (str(event.recorded_by) if event.recorded_by_id else "")
    reference = references.get(line.case.reference, line.case.reference)
    source = ", ".join(part for part in (clean(by), line.pathway.title, reference) if part)
    note = ""
    if entry.corrections:
        last = entry.corrections[-1]
        what = "Withdrawn: it did not happen" if line.withdrawn else "Corrected"
        note = f"{what} ({day(last.recorded_at)}). {clean(last.reason)}"
    return Row(
        moment(line.happened), day(line.known), clean(line.person.name) if several else "", clean(line.agency_title),
        source, line.title,
        [] if line.withdrawn else [(one.label, clean(one.words)) for one in entry.rest],
        [] if line.withdrawn else [clean(one.words) for one in entry.said],
        note, clean(line.right.words) if rights else "",
    )  # fmt: skip


def picture_of(lines: Sequence[Line], redactor: Redactor) -> tuple[dict[str, Any] | None, list[tuple[str, str, str, str]]]:
    """What is drawn, as lanes of days counted from the first, and its gaps and clusters as a table."""
    dots = [Dot(line.day, redactor.text(line.agency_title)) for line in lines if not line.withdrawn]
    if len({dot.day for dot in dots}) < 2:
        return None, []
    first, last = min(dot.day for dot in dots), max(dot.day for dot in dots)
    lanes: dict[str, set[int]] = {}
    for dot in dots:
        lanes.setdefault(dot.agency, set()).add((dot.day - first).days)
    empty, dense = gaps(dots), clusters(dots)
    years = [(max((date(year, 1, 1) - first).days, 0), str(year)) for year in range(first.year, last.year + 1)]
    drawn = {
        "days": (last - first).days, "described": described(dots), "years": years,
        "lanes": [(shortened(agency, 8.0, 178.0), sorted(days)) for agency, days in lanes.items()],
        "gaps": [((one.start - first).days, (one.end - first).days) for one in empty],
        "clusters": [((one.start - first).days, (one.end - first).days) for one in dense],
    }  # fmt: skip
    table = [("Gap", day(one.start), day(one.end), f"{one.months} months without a line") for one in empty]
    table += [
        ("Cluster", day(one.start), day(one.end), f"{one.lines} lines: {', '.join(one.agencies)}") for one in dense
    ]
    return drawn, table


def held_facts(held: Sequence[Held], redactor: Redactor) -> list[Facts]:
    if not held:
        return []
    rows = [(redactor.text(one.agency.title), redactor.text(one.right.words)) for one in held]
    return [Facts("Agencies that hold something more", rows, "What they hold is not told here.")]


def today() -> str:
    return day(timezone.localdate())
