"""Takes an extract: what has changed since the last one, area by area and year by year.

A partition is taken again when its cases, events, people or meetings have changed, when the guidance has, and once a day while it
has open cases, as clocks start on birthdays without any event. What is restricted (a restricted pathway, case or person)
goes to a part of its own under pseudonyms of its own. The looking is journalled before anything is written, in one entry
with counts; the transaction of the journal is over before the files are made, so nobody waits.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from goldenthread.clocks.calendar import local_day
from goldenthread.clocks.engine import Happening, Subject
from goldenthread.foundation import journal
from goldenthread.foundation.actor import SystemActor
from goldenthread.foundation.library import current_library, programs
from goldenthread.guidance.library import SHIPPED, Library
from goldenthread.people.models import Precision

from ..collections.feeding import collected_rows
from ..indicators.cohort import CaseKeys, Hashed, add_case, month_of
from ..indicators.places import EVERYWHERE
from ..indicators.tables import Dataset, PersonRow, arrow_of
from . import source
from .files import (
    TABLES,
    AnotherEdition,
    Manifest,
    NotAnExtract,
    Partition,
    is_extract,
    read_manifest,
    write_manifest,
)
from .meetings import add_meetings, meeting_partitions
from .pseudonyms import Pseudonyms
from .source import Snapshot

Told = Callable[[str, int, int], None]
"""Called with what is being taken, how many partitions are done, and how many there are."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What an extract did."""

    manifest: Manifest
    taken: int
    kept: int
    events: int


@dataclass
class _Wanted:
    """A partition as the database has it."""

    part: str
    area: str
    year: str
    pathways: list[str]
    numbers: list[Any]
    has_open: bool = False
    meetings: list[int] = field(default_factory=list)

    def fingerprint(self, guidance: str, key: bytes) -> str:
        text = json.dumps([self.part, self.area, self.year, self.pathways, self.numbers, self.meetings, guidance])
        return hashlib.sha256(key + text.encode()).hexdigest()[:12]


def take(folder: Path, key: bytes, *, everything: bool = False, told: Told | None = None) -> Taken:
    """Bring the extract in `folder` up to date, or make it. Raises NotAnExtract for a folder with other things in it."""
    folder.mkdir(parents=True, exist_ok=True)
    if not is_extract(folder) and any(one for one in folder.iterdir() if not one.name.startswith(".")):
        raise NotAnExtract(f"{folder} has files in it that are no extract; name an empty folder")
    library = current_library()
    before = _before(folder) if not everything else None
    now = timezone.now()
    today = local_day(now)
    guidance = guidance_digest(library)
    fresh = Manifest(today, guidance)
    taken = events = 0
    with source.snapshot() as snapshot:
        wanted = list(_partitions(snapshot, library))
        _journal(wanted)
        for number, one in enumerate(wanted):
            if told is not None:
                told(f"{one.area} {one.year}", number, len(wanted))
            print_of = one.fingerprint(guidance, key)
            old = before.partitions.get((one.part, one.area, one.year)) if before is not None else None
            if old is not None and old.fingerprint == print_of and not (one.has_open and old.taken != today):
                fresh.partitions[old.key] = old
                continue
            data = _read(snapshot, library, one, Pseudonyms(key, one.part), now)
            rows = {table: len(getattr(data, table)) for table in TABLES}
            made = Partition(one.part, one.area, one.year, print_of, one.has_open, today, rows)
            _write(folder, made, data)
            fresh.partitions[made.key] = made
            taken, events = taken + 1, events + rows["events"]
    fresh.collected = _submissions(folder)
    write_manifest(folder, fresh)
    return Taken(fresh, taken, len(wanted) - taken, events)


def _before(folder: Path) -> Manifest | None:
    """What the folder holds already; nothing where another edition made it, which is then taken again whole."""
    try:
        return read_manifest(folder) if is_extract(folder) else None
    except AnotherEdition:
        return None


def guidance_digest(library: Library) -> str:
    """A digest of every guidance file that clocks and answers depend on."""
    digest = hashlib.sha256()
    for folder in dict.fromkeys((SHIPPED, library.folder)):  # a folder may add to what is shipped
        for path in sorted(folder.rglob("*.yaml")):
            digest.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _partitions(snapshot: Snapshot, library: Library) -> Iterator[_Wanted]:
    """The partitions of the database. A restricted pathway makes its cases restricted whatever their rows say."""
    found: dict[tuple[str, str, str], _Wanted] = {}
    for area, year, few, pathway, *numbers in snapshot.rows(source.PARTITIONS):
        known = library.pathways.get(pathway)
        if known is None:
            continue  # cases of a pathway that the guidance no longer has cannot be run
        restricted = bool(few) or known.sensitivity == "restricted"
        part = "restricted" if restricted else "standard"
        one = found.setdefault((part, area, year), _Wanted(part, area, year, [], []))
        one.pathways.append(f"{int(few)}{pathway}")
        plain = [int(number or 0) for number in numbers]
        one.numbers.append(plain)
        one.has_open = one.has_open or plain[3] > 0
    for part, area, year, plain in meeting_partitions(snapshot, library):
        found.setdefault((part, area, year), _Wanted(part, area, year, [], [])).meetings = plain
    yield from (found[key] for key in sorted(found))


def _journal(wanted: list[_Wanted]) -> None:
    cases = sum(numbers[0] for one in wanted for numbers in one.numbers)
    with transaction.atomic():
        journal.read(
            SystemActor("extract"), "extract.taken", "extract", "all", cases=cases, partitions=len(wanted),
            restricted=sum(numbers[0] for one in wanted if one.part == "restricted" for numbers in one.numbers),
            meetings=sum(one.meetings[0] for one in wanted if one.meetings),
        )  # fmt: skip


def _read(snapshot: Snapshot, library: Library, wanted: _Wanted, names: Pseudonyms, now: datetime) -> Dataset:
    """The rows of a partition: every case run by its clocks, under pseudonyms."""
    found = Dataset(local_day(now))
    people: dict[str, PersonRow] = {}
    hashed = Hashed(library, lambda words: names.of("words", words))
    for few_and_pathway in wanted.pathways:
        where = {
            "area": wanted.area, "year": wanted.year, "few": few_and_pathway[0], "pathway": few_and_pathway[1:],
        }  # fmt: skip
        cases = list(snapshot.rows(source.CASES.format(**where)))
        events = {
            source.plain_id(case): list(rows)
            for case, rows in groupby(snapshot.rows(source.EVENTS.format(**where)), key=lambda row: row[0])
        }
        for identity, pathway, subject, about, lead, worker, arrangement, *person in cases:
            case = source.plain_id(identity)
            who = names.of("person", source.plain_id(subject)) if subject else f"organisation {about}"
            born, sex, unborn = _born(*person[:4])
            if subject:
                people[who] = PersonRow(who, month_of(born), sex, person[4] or None, person[5] or EVERYWHERE)
            rows = events.get(case, [])
            program = programs(arrangement)[pathway]
            add_case(
                found,
                CaseKeys(
                    names.of("case", case), who, wanted.area, lead, names.of("worker", worker) if worker else None
                ),
                program.pathway,
                program.run([_happening(row) for row in rows], Subject(born, sex), now),
                born,
                unborn,
                agencies={row[1]: row[9] for row in rows},
                hashed=hashed,
            )
    found.people = list(people.values())
    if wanted.meetings:
        add_meetings(found, snapshot, library, wanted.part, wanted.area, wanted.year, names)
    return found


def _submissions(folder: Path) -> str:
    """Write what agencies sent in, and give its fingerprint."""
    import pyarrow.parquet as pq

    rows = sorted(collected_rows(), key=lambda row: row[:3])
    if not rows:
        return ""
    fingerprint = hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:12]
    path = Manifest(date.min, "", collected=fingerprint).collected_path(folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".part")
    pq.write_table(arrow_of("collected", rows), fresh, compression="zstd")
    fresh.replace(path)
    return fingerprint


def _born(born: str | None, precision: str | None, expected: str | None, sex: str | None) -> tuple[date | None, str | None, bool]:
    known = source.day(born) if precision != Precision.UNKNOWN else None
    return known, sex or None, known is None and bool(expected)


def _happening(row: tuple[Any, ...]) -> Happening:
    _, identity, kind, occurred_on, occurred_at, recorded_at, data, amends, withdrawn, _ = row
    on, recorded = source.day(occurred_on), source.moment(recorded_at)
    assert on is not None and recorded is not None
    return Happening(
        identity, kind, on, source.moment(occurred_at), recorded, json.loads(data), amends, bool(withdrawn)
    )


def _write(folder: Path, partition: Partition, data: Dataset) -> None:
    import pyarrow.parquet as pq

    for table in TABLES:
        path = partition.path(folder, table)
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = getattr(data, table)
        if table in ("events", "answers"):  # so that a reader of one kind of event can leave the rest unread
            rows = sorted(rows, key=lambda row: (row.pathway, row.kind))
        fresh = path.with_suffix(".part")
        pq.write_table(arrow_of(table, rows), fresh, compression="zstd", row_group_size=100_000)
        fresh.replace(path)
