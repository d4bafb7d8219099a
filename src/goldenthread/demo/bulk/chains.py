"""The journal of what the demo wrote: entries chained as `foundation.journal` chains them, each told at the moment it stands for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from goldenthread.foundation.journal import digest_of

from .tables import Rows, moment, plain


class Entry(msgspec.Struct, gc=False):
    """The fields of a journal entry, without the weight of a model."""

    chain: str
    sequence: int
    at: datetime
    actor_name: str
    user_id: int | None
    organisation_id: int | None
    verb: str
    subject_type: str
    subject_id: str
    detail: dict[str, Any]
    previous: str
    digest: str = ""


class Chain:
    """The chain of one record."""

    __slots__ = ("digest", "entries", "identity", "kind", "rows", "sequence")

    def __init__(self, rows: Rows, kind: str, identity: str) -> None:
        self.rows, self.kind, self.identity = rows, kind, identity
        self.sequence, self.digest = 0, ""

    def add(self, verb: str, at: datetime, actor: tuple[str, int | None, int | None], detail: dict[str, Any]) -> None:
        """One entry; `actor` is (name, user, organisation)."""
        self.sequence += 1
        name, user, organisation = actor
        entry = Entry(
            f"{self.kind}/{self.identity}"[:64], self.sequence, at, name, user, organisation, verb, self.kind,
            self.identity, detail, self.digest,
        )  # fmt: skip
        entry.digest = digest_of(entry)  # type: ignore[arg-type]  # it reads attributes and nothing else
        self.rows["foundation_journalentry"].append((
            entry.chain, entry.sequence, moment(at), name, user, organisation, verb, self.kind, self.identity,
            plain(detail), entry.previous, entry.digest,
        ))  # fmt: skip
        self.digest = entry.digest

    def end(self) -> None:
        chain = f"{self.kind}/{self.identity}"[:64]
        self.rows["foundation_journalhead"].append((chain, self.sequence, self.digest))
