"""Names that stand for people, cases and workers in an extract: keyed hashes, the same from one extract to the next.

HMAC-SHA-256 under a key that stays on the machine that extracts, cut to 128 bits. What is restricted is hashed under
another label, so that a row of the restricted part cannot be joined to a row of the other.
"""

from __future__ import annotations

import hmac
import os
import secrets
from pathlib import Path

KEY_BYTES = 32


class KeyUnusable(Exception):
    """The file holds no key; the message says what to do."""


def kept_key(path: Path) -> bytes:
    """The key in a file, made there for its owner only if it is not there yet. Raises KeyUnusable."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        try:
            key = bytes.fromhex(path.read_text(encoding="ascii").strip())
        except ValueError:
            key = b""
        if len(key) != KEY_BYTES:
            raise KeyUnusable(
                f"{path.name} does not hold a key. Name another file, or move it away and a new key is made: "
                "extracts under different keys cannot be compared."
            ) from None
        return key
    made = secrets.token_bytes(KEY_BYTES)
    with os.fdopen(file, "w", encoding="ascii") as out:
        out.write(made.hex() + "\n")
    return made


class Pseudonyms:
    """Makes pseudonyms of one part of an extract."""

    def __init__(self, key: bytes, part: str) -> None:
        self._keys = {
            kind: hmac.digest(key, f"goldenthread/extract/1/{part}/{kind}".encode(), "sha256")
            for kind in ("person", "case", "worker", "words", "meeting", "seat", "report")
        }

    def of(self, kind: str, identity: object) -> str:
        return hmac.digest(self._keys[kind], str(identity).encode(), "sha256")[:16].hex()
