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
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from .actor import Actor
from .models import JournalEntry, JournalHead
from .prepared import WORD, Insert, Prepared, Update

#: Chains whose ends are locked by one query; below the number of values SQLite takes in a statement.
_BATCH = 400


@dataclass(frozen=True, slots=True)
class Note:
    """What is to be journalled about one record. `detail` must hold no personal data: ids, kinds and field names only."""

    verb: str
    subject_type: str
    subject_id: str
    detail: Mapping[str, Any] = field(default_factory=dict)


_HEAD = Prepared(
    lambda: JournalHead.objects.filter(chain=WORD).values_list("chain", "sequence", "digest"),
    locks=JournalHead._meta.db_table,
)
_END = Update(JournalHead, ("sequence", "digest"), where=("chain",))
_ENTRIES = Insert(JournalEntry)


def write(
    actor: Actor, notes: Iterable[Note], *, chain: str | None = None, at: datetime | None = None
) -> None:
    """Add entries to the chain of the record they are about (or to `chain`). Must run inside a transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("the journal is written in the transaction of what it tells of")
    by_chain: dict[str, list[Note]] = {}
    for note in notes:
        by_chain.setdefault(chain or f"{note.subject_type}/{note.subject_id}"[:64], []).append(note)
    moment = at or timezone.now()
    names = sorted(by_chain)
    for start in range(0, len(names), _BATCH):
        _append(actor, {name: by_chain[name] for name in names[start : start + _BATCH]}, moment)


def _append(actor: Actor, by_chain: Mapping[str, list[Note]], moment: datetime) -> None:
    heads = _locked_heads(list(by_chain))
    entries: list[JournalEntry] = []
    for name, notes in by_chain.items():
        head = heads[name]
        for note in notes:
            head.sequence += 1
            entry = JournalEntry(
                chain=name,
                sequence=head.sequence,
                at=moment,
                actor_name=actor.name,
                user_id=actor.user_id,
                organisation_id=actor.organisation_id,
                verb=note.verb,
                subject_type=note.subject_type,
                subject_id=str(note.subject_id),
                detail=_plain(note.detail),
                previous=head.digest,
            )
            entry.digest = head.digest = digest_of(entry)
            entries.append(entry)
    _ENTRIES.bulk_create(entries)
    if len(heads) == 1:
        head = next(iter(heads.values()))
        _END.save([head.sequence, head.digest], [head.chain])
    else:
        # The rows are there and locked, so this only updates them: far faster than a CASE of four hundred branches.
        JournalHead.objects.bulk_create(
            heads.values(),
            update_conflicts=True,
            unique_fields=["chain"],
            update_fields=["sequence", "digest"],
        )


def _locked_heads(names: list[str]) -> dict[str, JournalHead]:
    """The ends of the chains, held until the transaction ends. Locked in one order, so that two writers cannot wait
    for each other; a chain that two writers start at once is made by one and waited for by the other."""
    if len(names) == 1 and (rows := _HEAD.rows(names[0])):
        return {chain: JournalHead(chain, sequence, digest) for chain, sequence, digest in rows}
    # Those that are missing are made before any is locked: a writer that held one while it waited for another writer to
    # make the next could otherwise wait for ever. SQLite has one writer at a time and needs no such care.
    wanted = JournalHead.objects.select_for_update().order_by("chain").filter(chain__in=names)
    several = connection.features.has_select_for_update
    heads = {} if several else {head.chain: head for head in wanted}
    there = set(JournalHead.objects.filter(chain__in=names).values_list("chain", flat=True)) if several else set(heads)
    missing = [name for name in names if name not in there]
    if missing:
        JournalHead.objects.bulk_create([JournalHead(chain=name) for name in missing], ignore_conflicts=True)
    return heads if heads and not missing else {head.chain: head for head in wanted.all()}


def read(actor: Actor, verb: str, subject_type: str, subject_id: str, **detail: Any) -> None:
    """Journal that `actor` looked at a record, on the reader's own chain."""
    chain = f"reader/{actor.reader}"
    write(actor, [Note(verb, subject_type, subject_id, detail)], chain=chain)


def search(
    actor: Actor, where: str, found: Iterable[object], verb: str = "people.search", **detail: Any
) -> None:
    """Journal that `actor` searched, and whom the search showed them: each is a look at that person."""
    people = [str(person) for person in found]
    notes = [Note(verb, "search", where, {**detail, "hits": len(people)})]
    notes += [Note("people.found", "person", person, {"where": where}) for person in people]
    chain = f"reader/{actor.reader}"
    write(actor, notes, chain=chain)


def digest_of(entry: JournalEntry) -> str:
    """SHA-256 over the entry's fields and the digest before it, as 64 hex digits."""
    text = json.dumps(
        [
            entry.chain,
            entry.sequence,
            entry.at.astimezone(UTC).isoformat(),
            entry.actor_name,
            entry.user_id,
            entry.organisation_id,
            entry.verb,
            entry.subject_type,
            entry.subject_id,
            entry.detail,
            entry.previous,
        ],
        sort_keys=True,
        separators=(",", ":"),
        default=str,
    )
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(detail: Mapping[str, Any]) -> dict[str, Any]:
    """`detail` as it will read back from the database, so that its digest can be computed again.

    A sign that PostgreSQL keeps in no JSON (NUL, half a character), as an address may hold, is marked as such.
    """
    text = json.dumps(dict(detail), default=str)
    plain: dict[str, Any] = json.loads(text)
    return _marked(plain) if "\\u0000" in text or "\\ud" in text else plain


def _marked(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_marked(name): _marked(inner) for name, inner in value.items()}
    return [_marked(inner) for inner in value] if isinstance(value, list) else value
