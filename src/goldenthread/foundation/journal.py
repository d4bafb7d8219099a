"""The journal: every read and write of a personal record, in the same transaction, hash-chained.

If an entry cannot be written the transaction fails, and with it the page or the change: the journal fails closed.
Chains are kept per record for writes and per person for reads, so that people working on different records never wait
for one another (docs/decisions/0003-a-chain-a-record.md). Depends on `foundation.models`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from .actor import Actor
from .models import JournalEntry, JournalHead


@dataclass(frozen=True, slots=True)
class Note:
    """What is to be journalled about one record. `detail` must hold no personal data: ids, kinds and field names only."""

    verb: str
    subject_type: str
    subject_id: str
    detail: Mapping[str, Any] = field(default_factory=dict)


def write(actor: Actor, notes: Iterable[Note], *, chain: str | None = None, at: datetime | None = None) -> None:
    """Add entries to the chain of the record they are about (or to `chain`). Must run inside a transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("the journal is written in the transaction of what it tells of")
    by_chain: dict[str, list[Note]] = {}
    for note in notes:
        by_chain.setdefault(chain or f"{note.subject_type}/{note.subject_id}"[:64], []).append(note)
    moment = at or timezone.now()
    entries: list[JournalEntry] = []
    for name in sorted(by_chain):
        head = JournalHead.objects.select_for_update().filter(chain=name).first()
        if head is None:
            JournalHead.objects.bulk_create([JournalHead(chain=name)], ignore_conflicts=True)
            head = JournalHead.objects.select_for_update().get(chain=name)
        sequence, previous = head.sequence, head.digest
        for note in by_chain[name]:
            sequence += 1
            entry = JournalEntry(
                chain=name, sequence=sequence, at=moment, actor_name=actor.name, user_id=actor.user_id,
                organisation_id=actor.organisation_id, verb=note.verb, subject_type=note.subject_type,
                subject_id=str(note.subject_id), detail=dict(note.detail), previous=previous,
            )
            entry.digest = previous = digest_of(entry)
            entries.append(entry)
        JournalHead.objects.filter(chain=name).update(sequence=sequence, digest=previous)
    JournalEntry.objects.bulk_create(entries)


def read(actor: Actor, verb: str, subject_type: str, subject_id: str, **detail: Any) -> None:
    """Journal that `actor` looked at a record, on the reader's own chain."""
    chain = f"reader/{actor.user_id}" if actor.user_id is not None else "reader/system"
    write(actor, [Note(verb, subject_type, subject_id, detail)], chain=chain)


def digest_of(entry: JournalEntry) -> str:
    """SHA-256 over the entry's fields and the digest before it, as 64 hex digits."""
    text = json.dumps(
        [entry.chain, entry.sequence, entry.at.isoformat(), entry.actor_name, entry.user_id, entry.organisation_id,
         entry.verb, entry.subject_type, entry.subject_id, entry.detail, entry.previous],
        sort_keys=True, separators=(",", ":"), default=str,
    )
    return hashlib.sha256(text.encode()).hexdigest()
