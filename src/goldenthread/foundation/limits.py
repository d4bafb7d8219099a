"""Limits on how often something may be tried: so many in a window of time, for a name such as `token/12`.

Counted in the cache that all server processes share in production, so it holds nothing that must survive. The count may
fall short by as many as try in the same instant; what a guess would need is long enough that this does not matter.
Depends on Django alone.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass

from django.core.cache import cache


class TooMany(Exception):
    """Tried too often. `wait`: seconds until the next try counts again."""

    def __init__(self, wait: int) -> None:
        self.wait = max(1, wait)
        super().__init__(f"Too many calls. Wait {self.wait} seconds, then try again.")


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` in `seconds`."""

    most: int
    seconds: int = 60

    def take(self, name: str) -> int:
        """Count one try by `name`; how many are left. Raises TooMany."""
        counted = self._count(name, 1)
        if counted > self.most:
            raise TooMany(self._wait())
        return self.most - counted

    def check(self, name: str) -> None:
        """Raises TooMany where the limit is already reached; counts nothing."""
        if self.counted(name) >= self.most:
            raise TooMany(self._wait())

    def counted(self, name: str) -> int:
        return int(cache.get(self._key(name), 0))

    def _count(self, name: str, by: int) -> int:
        key = self._key(name)
        cache.add(key, 0, self.seconds * 2)
        try:
            return int(cache.incr(key, by))
        except ValueError:  # it ran out between the two
            cache.set(key, by, self.seconds * 2)
            return by

    def _key(self, name: str) -> str:
        # A digest, so that no name or address lies in the cache and no name is too long for it.
        said = hashlib.sha256(name.encode()).hexdigest()[:32]
        return f"limit:{said}:{self.seconds}:{int(time.time()) // self.seconds}"

    def _wait(self) -> int:
        return self.seconds - int(time.time()) % self.seconds
