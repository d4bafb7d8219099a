"""A secret key for a machine that was given none: made once, kept beside its other files, for its owner only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def kept_key(path: Path) -> str:
    """The key in `path`, made if it is not there yet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        # O_EXCL: of two servers starting at once, one makes the key and the other reads it.
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    key = secrets.token_urlsafe(64)
    with os.fdopen(file, "w") as out:
        out.write(key)
    return key
