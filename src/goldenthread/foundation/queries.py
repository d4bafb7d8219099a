"""Reading drafts, and proving the journal. Depends on `models`, `journal`, `policies`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .actor import Actor
from .journal import digest_of
from .models import Draft, JournalEntry, JournalHead
from .policies import DraftPolicy


def draft_for(actor: Actor, key: str) -> Draft | None:
    """What `actor` typed into the form `key` and has not sent."""
    return DraftPolicy.visible_to(actor).filter(key=key).first()


def drafts_of(actor: Actor) -> list[Draft]:
    """Everything `actor` has begun and not sent, the latest first."""
    return list(DraftPolicy.visible_to(actor).order_by("-saved_at")[:200])


@dataclass(frozen=True, slots=True)
class Broken:
    """A place where the journal is not what was written."""

    chain: str
    sequence: int
    problem: str


def broken_places(chain: str | None = None) -> Iterator[Broken]:
    """Every place in the journal (or one chain of it) where an entry was changed, removed or added afterwards.

    Reads the whole journal in order, a page at a time.
    """
    entries = JournalEntry.objects.order_by("chain", "sequence")
    heads = JournalHead.objects.order_by("chain")
    if chain is not None:
        entries, heads = entries.filter(chain=chain), heads.filter(chain=chain)
    ends: dict[str, tuple[int, str]] = {}
    for entry in entries.iterator(chunk_size=2000):
        sequence, digest = ends.get(entry.chain, (0, ""))
        if entry.sequence != sequence + 1:
            yield Broken(entry.chain, entry.sequence, f"entry {sequence + 1} is missing")
        elif entry.previous != digest:
            yield Broken(entry.chain, entry.sequence, "it does not follow the entry before it")
        if digest_of(entry) != entry.digest:
            yield Broken(entry.chain, entry.sequence, "it was changed after it was written")
        ends[entry.chain] = (entry.sequence, entry.digest)
    for head in heads.iterator(chunk_size=2000):
        sequence, digest = ends.pop(head.chain, (0, ""))
        if (head.sequence, head.digest) != (sequence, digest):
            yield Broken(
                head.chain, head.sequence, f"the chain should end at entry {head.sequence}, not {sequence}"
            )
    for name, (sequence, _) in ends.items():
        yield Broken(name, sequence, "the end of this chain is not recorded")
