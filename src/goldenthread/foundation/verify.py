"""Proving the journal: every entry, every chain's end and every seal, in one pass that keeps nothing but the last entries.

Finds an entry that was changed, removed, moved to another place, put in or added at the end, a chain that was cut off, and
a seal that no longer fits, and says on which chain and at which sequence. Reads rows as the database gives them, without
making models of them: a million entries take seconds. Depends on `models`, `seals`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from functools import lru_cache
from json.encoder import encode_basestring_ascii as quoted
from typing import Any

from django.db import connection, transaction

from .models import JournalEntry, JournalSeal, SealedEnd
from .seals import Root, digest_of_seal

#: Rows fetched at a time.
FETCHED = 2_000
#: How far from its place an entry is looked for.
NEAR = 16

_COLUMNS = """e.chain, e.sequence, {at}, e.actor_name, e.user_id, e.organisation_id, e.verb, e.subject_type, e.subject_id,
 e.detail, e.previous, e.digest, h.sequence, h.digest"""
_ENTRIES = """SELECT {columns} FROM foundation_journalentry e LEFT JOIN foundation_journalhead h ON h.chain = e.chain
 {where} ORDER BY e.chain, e.sequence"""
_EMPTY_CHAINS = """SELECT h.chain, h.sequence FROM foundation_journalhead h WHERE h.sequence > 0 {where} AND NOT EXISTS
 (SELECT 1 FROM foundation_journalentry e WHERE e.chain = h.chain) ORDER BY h.chain"""
_SEALED = """SELECT s.chain, s.sequence, s.seal_id, e.digest FROM foundation_sealedend s
 LEFT JOIN foundation_journalentry e ON e.chain = s.chain AND e.sequence = s.sequence
 WHERE (e.digest IS NULL OR e.digest <> s.digest) {where} ORDER BY s.chain, s.sequence"""

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Broken:
    """A place where the journal is not what was written."""

    chain: str
    sequence: int
    problem: str

    def __str__(self) -> str:
        return f"{self.chain}, entry {self.sequence}: {self.problem}"


class Verification:
    """One pass over the journal, or over one chain of it. Counts what it read as it goes."""

    def __init__(
        self, chain: str | None = None, *, kept: Mapping[int, str] | None = None, tell: Callable[[int], None] | None = None
    ) -> None:
        self.chain = chain
        self.kept = dict(kept or {})
        """Digests of seals, by number, as somebody kept them outside this database."""
        self._tell = tell or (lambda entries: None)
        self.entries = self.chains = self.seals = 0

    def broken(self) -> Iterator[Broken]:
        """Every place where the journal is not what was written, as it is found."""
        yield from self._entries()
        where, given = ("AND h.chain = %s", [self.chain]) if self.chain is not None else ("", [])
        for chain, sequence in _rows(_EMPTY_CHAINS.format(where=where), given):
            yield Broken(chain, 1, f"all entries are missing: the chain should go on to entry {sequence}")
        where = "AND s.chain = %s" if self.chain is not None else ""
        for chain, sequence, seal, digest in _rows(_SEALED.format(where=where), given):
            if digest is None:
                yield Broken(chain, sequence, f"it is missing, and seal {seal} holds it: the chain was cut off")
            else:
                yield Broken(chain, sequence, f"it is not the entry that seal {seal} holds")
        if self.chain is None:
            yield from self._seals()

    def _entries(self) -> Iterator[Broken]:
        where, given = ("WHERE e.chain = %s", [self.chain]) if self.chain is not None else ("", [])
        # SQLite's driver would make each moment's text into a moment without its zone, only for us to write it out again.
        columns = _COLUMNS.format(at="e.at || ''" if connection.vendor == "sqlite" else "e.at")
        walk: _Chain | None = None
        for row in _rows(_ENTRIES.format(columns=columns, where=where), given):
            if walk is None or walk.name != row[0]:
                if walk is not None:
                    yield from walk.end()
                walk = _Chain(row)
                self.chains += 1
            fault = walk.follow(row)
            if fault:
                yield from fault
            self.entries += 1
            if self.entries % FETCHED == 0:
                self._tell(self.entries)
        if walk is not None:
            yield from walk.end()
        self._tell(self.entries)

    def _seals(self) -> Iterator[Broken]:
        previous, number = "", 0
        for seal in JournalSeal.objects.order_by("number").iterator(chunk_size=500):
            number += 1
            if seal.number != number:
                yield Broken("seals", number, f"seal {number} is missing")
                number = seal.number
            elif seal.previous != previous:
                yield Broken("seals", number, "it does not follow the seal before it")
            if digest_of_seal(seal) != seal.digest:
                yield Broken("seals", number, "the seal was changed after it was made")
            root = Root()
            ends = SealedEnd.objects.filter(seal=seal).order_by("pk").values_list("chain", "sequence", "digest")
            for chain, sequence, digest in ends.iterator(chunk_size=FETCHED):
                root.add(chain, sequence, digest)
            if (root.digest, root.chains) != (seal.root, seal.chains):
                yield Broken("seals", number, "the ends of chains that it covers are not those it was made over")
            if self.kept.pop(number, seal.digest) != seal.digest:
                yield Broken("seals", number, "it is not the seal whose digest was kept outside: the journal was made anew")
            previous = seal.digest
            self.seals += 1
        for missing in sorted(self.kept):
            yield Broken("seals", missing, "the seal whose digest was kept outside is gone")


def broken_places(chain: str | None = None) -> Iterator[Broken]:
    """Every place in the journal, or in one chain of it, where it is not what was written."""
    return Verification(chain).broken()


def entries_to_read(chain: str | None = None) -> int:
    """How many entries a pass will read, for a progress bar."""
    rows = JournalEntry.objects.all() if chain is None else JournalEntry.objects.filter(chain=chain)
    return rows.count()


class _Chain:
    """Follows one chain entry by entry. `shift` is how far entries stand from where they were written."""

    __slots__ = ("before", "head", "last", "name", "sequence", "shift", "start")

    def __init__(self, first: Row) -> None:
        self.name: str = first[0]
        self.start = f"[{quoted(self.name)},"
        self.head: tuple[int | None, str | None] = (first[12], first[13])
        self.sequence, self.shift = 0, 0
        self.last = self.before = ""
        """The digest of the last entry, and of the one before it."""

    def follow(self, row: Row) -> list[Broken] | None:
        """What is wrong with the next entry; None if nothing is."""
        sequence, previous, digest = row[1], row[10], row[11]
        gap = sequence != self.sequence + 1
        right = _digest(self.start, row, sequence + self.shift) == digest
        follows = previous == self.last
        if right and follows and not gap:
            self.sequence, self.before, self.last = sequence, self.last, digest
            return None
        found: list[Broken] = []
        if gap:
            first, last = self.sequence + 1, sequence - 1
            words = "it is missing" if first == last else f"entries {first} to {last} are missing"
            found.append(Broken(self.name, first, words))
        if not right:
            found.append(self._not_right(row))
        elif not follows and not gap:
            found.append(self._not_following(sequence))
        self.sequence, self.before, self.last = sequence, self.last, digest
        return found

    def _not_right(self, row: Row) -> Broken:
        sequence, previous, digest = row[1], row[10], row[11]
        for far in range(1, NEAR + 1):
            for place in (sequence + self.shift - far, sequence + self.shift + far):
                if place > 0 and _digest(self.start, row, place) == digest:
                    self.shift = place - sequence
                    return Broken(self.name, sequence, self._moved(place, sequence, previous))
        return Broken(self.name, sequence, "it was changed after it was written")

    def _moved(self, place: int, sequence: int, previous: str) -> str:
        said = f"it was written as entry {place}"
        if place < sequence and previous == self.before:
            return f"{said}: entry {sequence - 1} was put in before it"
        if place > sequence and previous != self.last:
            return f"{said}: the order was changed, or what stood before it was removed and the rest moved up"
        return f"{said}: the order was changed"

    def _not_following(self, sequence: int) -> Broken:
        if sequence == 1:
            return Broken(self.name, 1, "it is not the beginning of the chain: entries before it were removed")
        return Broken(
            self.name, sequence,
            f"it does not follow entry {sequence - 1}, which was put there, or changed and its digest made anew",
        )  # fmt: skip

    def end(self) -> Iterator[Broken]:
        sequence, digest = self.head
        if sequence is None:
            yield Broken(self.name, self.sequence, "the end of this chain is not recorded")
        elif sequence > self.sequence:
            yield Broken(self.name, self.sequence + 1, f"the chain was cut off: it should go on to entry {sequence}")
        elif sequence < self.sequence:
            yield Broken(self.name, sequence + 1, f"it was added without the journal: the chain should end at {sequence}")
        elif digest != self.last:
            yield Broken(self.name, sequence, "it is not the entry with which the chain ended")


def _digest(start: str, row: Row, sequence: int) -> str:
    """What `journal.digest_of` gives; a test holds the two equal."""
    return hashlib.sha256(text_of(start, row, sequence)).hexdigest()


def text_of(start: str, row: Row, sequence: int) -> bytes:
    """What is hashed of an entry, from a row as the database gives it."""
    _, _, at, name, user, organisation, verb, kind, identity, detail, previous, _, _, _ = row
    # SQLite keeps a moment as text in UTC, PostgreSQL gives one with its zone.
    moment = f"{at.replace(' ', 'T')}+00:00" if isinstance(at, str) else at.astimezone(UTC).isoformat()
    who = _who(name, user, organisation, verb, kind)
    return f'{start}{sequence},"{moment}",{who},{quoted(identity)},{_detail(detail)},"{previous}"]'.encode(
        "ascii", "backslashreplace"
    )


@lru_cache(maxsize=4096)
def _who(name: str, user: int | None, organisation: int | None, verb: str, kind: str) -> str:
    """Who did what to which kind of record: much the same from one entry to the next."""
    numbers = f"{'null' if user is None else user},{'null' if organisation is None else organisation}"
    return f"{quoted(name)},{numbers},{quoted(verb)},{quoted(kind)}"


_written = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


@lru_cache(maxsize=4096)
def _detail(text: str) -> str:
    """The detail as it was hashed: its keys in order, without spaces."""
    try:
        return _written(json.loads(text))
    except ValueError:  # somebody wrote over it: whatever it is, it is not what was hashed
        return quoted(str(text))


def _rows(statement: str, given: Sequence[str]) -> Iterator[Row]:
    """The rows of a statement, a few at a time: PostgreSQL keeps its place in a transaction."""
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(statement, given)
        while rows := cursor.fetchmany(FETCHED):
            yield from rows
