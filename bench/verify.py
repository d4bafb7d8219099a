"""Verify a journal of a million entries, beside SHA-256 alone over the very bytes that are hashed.

The journal is made as people make one: two thousand readers and a hundred thousand records, entries of the usual size, and a
seal for each tenth of it. `python -m bench.verify 100000` measures fewer.
"""

from __future__ import annotations

import hashlib
import json
import random
import resource
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from .site import prepare
from .table import show

ENTRIES = 1_000_000
BATCH = 20_000
VERBS = (
    ("reader", "case.view", "case", '{"version":%d}', {"version": 0}),
    ("reader", "child.view", "person", "{}", {}),
    ("record", "casework.record_event", "case", '{"event":"visited","sequence":%d}', {"event": "visited", "sequence": 0}),
)


def made(entries: int) -> Iterator[tuple[list[tuple[Any, ...]], dict[str, tuple[int, str]]]]:
    """Batches of rows, chained as the journal chains them, and the ends they lead to."""
    chance, ends = random.Random(2026), {}
    begun = datetime(2026, 1, 5, 8, tzinfo=UTC)
    rows: list[tuple[Any, ...]] = []
    for number in range(entries):
        kind, verb, subject, _, detail = VERBS[chance.choice((0, 0, 1, 2))]
        identity = f"{chance.getrandbits(16) % 100_000:08d}-0000-4000-8000-000000000000"
        chain = f"reader/{chance.randrange(2_000)}" if kind == "reader" else f"case/{identity}"
        detail = {key: number % 40 if value == 0 else value for key, value in detail.items()}
        sequence, previous = ends.get(chain, (0, ""))
        at = begun + timedelta(seconds=number * 7, microseconds=number % 1_000_000)
        said = [chain, sequence + 1, at.isoformat(), "Nasreen Ashworth", 17, 4, verb, subject, identity, detail, previous]
        digest = hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
        rows.append((*said[:2], at, *said[3:9], json.dumps(detail), previous, digest))
        ends[chain] = (sequence + 1, digest)
        if len(rows) == BATCH or number == entries - 1:
            yield rows, ends
            rows = []


def main(entries: int = ENTRIES) -> None:
    prepare("verify")
    from django.db import connection, transaction

    from goldenthread.foundation import verify
    from goldenthread.foundation.actions import SealJournal
    from goldenthread.foundation.actor import SystemActor
    from goldenthread.foundation.models import JournalEntry, JournalHead

    # What making the tables wrote is no part of the measure.
    began = verify.entries_to_read()
    columns = ", ".join(one.column for one in JournalEntry._meta.concrete_fields if one.column != "id")
    insert = f"INSERT INTO foundation_journalentry ({columns}) VALUES ({', '.join(['%s'] * 12)})"
    seals, written, sealing = 0, 0, 0.0
    for rows, ends in made(entries):
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.executemany(insert, [_for(connection.vendor, row) for row in rows])
            heads = {row[0]: JournalHead(row[0], *ends[row[0]]) for row in rows}
            JournalHead.objects.bulk_create(
                heads.values(), batch_size=500, update_conflicts=True, unique_fields=["chain"],
                update_fields=["sequence", "digest"],
            )  # fmt: skip
        written += len(rows)
        if written * 10 // entries > seals:
            started = time.process_time()
            SealJournal(SystemActor("bench")).run()
            sealing += time.process_time() - started
            seals += 1
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    work = verify.Verification()
    assert not list(work.broken()), "the journal that was made does not verify"
    seconds = time.process_time() - started
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    bare, hashed = _bare()
    show(
        f"Verify a journal of {work.entries:,} entries in {work.chains:,} chains with {work.seals} seals ({connection.vendor})",
        ("", "processor seconds", "entries a second"),
        [
            ("goldenthread verify", f"{seconds:.1f}", f"{work.entries / seconds:,.0f}"),
            ("SHA-256 alone over the same bytes", f"{bare:.1f}", f"{work.entries / bare:,.0f}"),
        ],
        f"Verifying takes {seconds / bare:.1f} times as long as SHA-256 over the same {hashed / 1e6:,.0f} MB, reading the rows "
        f"from the database included. Memory grew by {grown:,.0f} MB. The {seals} seals took {sealing:.1f} s to make.",
    )
    assert work.entries >= entries and work.entries - entries - began <= seals + 1


def _for(vendor: str, row: tuple[Any, ...]) -> tuple[Any, ...]:
    """The moment as the database keeps it."""
    if vendor != "sqlite":
        return row
    return (*row[:2], row[2].replace(tzinfo=None).isoformat(" "), *row[3:])


def _bare() -> tuple[float, int]:
    """Seconds to hash the text of every entry, one by one, with nothing else; and how many bytes that is."""
    from django.db import connection

    from goldenthread.foundation import verify

    texts: list[bytes] = []
    seconds, hashed = 0.0, 0
    columns = verify._COLUMNS.format(at="e.at || ''" if connection.vendor == "sqlite" else "e.at")
    for row in verify._rows(verify._ENTRIES.format(columns=columns, where=""), []):
        texts.append(verify.text_of(f"[{verify.quoted(row[0])},", row, row[1]))
        if len(texts) == BATCH:
            seconds, hashed, texts = seconds + _hash(texts), hashed + sum(map(len, texts)), []
    return seconds + _hash(texts), hashed + sum(map(len, texts))


def _hash(texts: list[bytes]) -> float:
    began = time.process_time()
    for text in texts:
        hashlib.sha256(text).hexdigest()
    return time.process_time() - began


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ENTRIES)
