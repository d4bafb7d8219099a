"""The figures and claims that come with Golden Thread: what five published documents print, and say of it. Pure."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from .claims import Claim, read_claims

_HERE = Path(__file__).parents[1] / "published"
FIGURES = _HERE / "figures.csv"
CLAIMS = _HERE / "claims.csv"


@lru_cache(maxsize=1)
def shipped_claims() -> tuple[Claim, ...]:
    return tuple(read_claims(CLAIMS).claims)
