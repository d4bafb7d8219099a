"""The journal of what the demo wrote: entries chained as `foundation.journal` chains them, each told at the moment it stands for.

The text that is hashed is put together here by hand, because `journal.digest_of` takes longer than the rest of an entry; a test
computes every digest again with it.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

import msgspec

from .tables import Rows, moment

Actor = tuple[str, int | None, int | None]
"""Name, user, organisation."""
_detail = msgspec.json.Encoder(order="sorted")


class Chain:
    """The chain of one record."""

    __slots__ = ("digest", "identity", "kind", "name", "rows", "sequence")

    def __init__(self, rows: Rows, kind: str, identity: str) -> None:
        self.rows, self.kind, self.identity = rows, kind, identity
        self.name = f"{kind}/{identity}"[:64]
        self.sequence, self.digest = 0, ""

    def add(self, verb: str, at: datetime, actor: Actor, detail: dict[str, Any]) -> None:
        """One entry. `detail` holds identifiers, kinds and numbers: plain letters only."""
        self.sequence += 1
        name, user, organisation = actor
        said = _detail.encode(detail).decode("ascii")
        text = (
            f'["{self.name}",{self.sequence},"{at.astimezone(UTC).isoformat()}",{_quoted(name)},{_number(user)},'
            f'{_number(organisation)},"{verb}","{self.kind}","{self.identity}",{said},"{self.digest}"]'
        )
        previous, self.digest = self.digest, sha256(text.encode()).hexdigest()
        self.rows["foundation_journalentry"].append((
            self.name, self.sequence, moment(at), name, user, organisation, verb, self.kind, self.identity, said, previous,
            self.digest,
        ))  # fmt: skip

    def end(self) -> None:
        self.rows["foundation_journalhead"].append((self.name, self.sequence, self.digest))


@lru_cache(maxsize=4096)
def _quoted(name: str) -> str:
    return json.dumps(name)


def _number(value: int | None) -> str:
    return "null" if value is None else str(value)
