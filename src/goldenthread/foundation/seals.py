"""Seals over the journal: one digest for the ends of all chains that moved since the seal before, which it follows.

What a seal proves: every entry that it covers, directly or through the seals before it, is as it was when the seal was
made, none is missing and no chain has been cut off. Whoever can write to the database could make every chain and every
seal anew; so the digest of the latest seal is to be kept where they cannot write (`goldenthread journal seal` prints it,
`goldenthread verify --seal` holds the journal against it). Depends on `models`. Written by `actions.SealJournal`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from .models import JournalHead, JournalSeal, SealedEnd

#: Chains read and written at a time, so that a county of chains is sealed in little memory.
PAGE = 5_000
#: The chain on which the journal tells of its own seals.
OWN_CHAIN = "journal/seals"

PROVES = (
    "Every entry it covers, and every one that earlier seals cover, is as it was when the seal was made: none changed, "
    "removed, put in or put in another order, and no chain cut off. It proves this to whoever kept the digest outside "
    "this database. It does not prove that what was written was true, nor anything of entries written since."
)


class Root:
    """The digest over ends of chains, taken in one at a time."""

    def __init__(self) -> None:
        self._sum = hashlib.sha256()
        self.chains = 0

    def add(self, chain: str, sequence: int, digest: str) -> None:
        self._sum.update(f"{json.dumps(chain)} {sequence} {digest}\n".encode())
        self.chains += 1

    @property
    def digest(self) -> str:
        return self._sum.hexdigest()


def digest_of_seal(seal: JournalSeal) -> str:
    """SHA-256 over what the seal says and the digest of the seal before."""
    moment = seal.at.astimezone(UTC).isoformat()
    text = json.dumps([seal.number, moment, seal.previous, seal.chains, seal.entries, seal.root], separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def last_seal() -> JournalSeal | None:
    return JournalSeal.objects.order_by("-number").first()


def _moved() -> Any:
    sealed = SealedEnd.objects.filter(chain=OuterRef("chain")).order_by("-sequence").values("sequence")[:1]
    return JournalHead.objects.annotate(before=Coalesce(Subquery(sealed), 0)).filter(sequence__gt=F("before"))


def anything_moved() -> bool:
    """Whether any chain but the seals' own moved since it was last sealed."""
    return bool(_moved().exclude(chain=OWN_CHAIN).exists())


def moved_ends() -> Iterator[list[tuple[str, int, str, int]]]:
    """Pages of (chain, sequence, digest, sequence when last sealed) for the chains that moved since their last seal.

    Each page is a query of its own: a chain that moves meanwhile is sealed as it is found, and again the next time.
    """
    after = ""
    while True:
        rows = _moved().filter(chain__gt=after).order_by("chain")
        page = list(rows.values_list("chain", "sequence", "digest", "before")[:PAGE])
        if not page:
            return
        yield page
        after = page[-1][0]


def seals_since(moment: datetime) -> int:
    """How many seals were made since a moment."""
    return JournalSeal.objects.filter(at__gte=moment).count()
