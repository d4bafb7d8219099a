"""Labels that never collide: each is put in the first of its places that is free, or not put at all. Pure.

What could not be put is told by a number in its mark and a list beneath the picture; `layout` does that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, from its top left."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def meets(self, other: Box) -> bool:
        """Whether they overlap; touching edges do not count."""
        across = self.x < other.right and other.x < self.right
        return across and self.y < other.bottom and other.y < self.bottom

    def within(self, other: Box) -> bool:
        across = self.x >= other.x and self.right <= other.right
        return across and self.y >= other.y and self.bottom <= other.bottom

    def grown(self, by: float) -> Box:
        return Box(self.x - by, self.y - by, self.width + 2 * by, self.height + 2 * by)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A label that wants a place near (x, y), its mark having a radius."""

    key: int
    x: float
    y: float
    width: float
    radius: float


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a label goes, and the line that leads to it from its mark where it stands off."""

    key: int
    box: Box
    leader: Box | None = None


HEIGHT = 17
_CLEAR = 2.5
_LEADER = 1.5


def place(wanted: Sequence[Wanted], obstacles: Iterable[Box], area: Box) -> list[Placed]:
    """Places for as many as fit, earlier ones first: no label meets an obstacle, a leader or another."""
    taken = list(obstacles)
    found: list[Placed] = []
    for one in wanted:
        reach = one.radius + 1
        own = Box(one.x - reach, one.y - reach, 2 * reach, 2 * reach)
        others = [box for box in taken if not box.within(own)]
        for candidate in _places(one, area):
            parts = [candidate.box.grown(_CLEAR), *([candidate.leader] if candidate.leader else [])]
            if candidate.box.within(area) and not any(part.meets(box) for part in parts for box in others):
                found.append(candidate)
                taken += [*parts[1:], candidate.box]
                break
    return found


def _places(one: Wanted, area: Box) -> Iterator[Placed]:
    off, width = one.radius + 4, one.width
    right, left, middle = one.x + off, one.x - off - width, one.x - width / 2
    above, below = one.y - one.radius - HEIGHT - 3, one.y + one.radius + 3
    for x, y in (
        (right, one.y - HEIGHT - 6), (left, one.y - HEIGHT - 6), (middle, above),
        (right, one.y + 6), (left, one.y + 6), (middle, below),
    ):  # fmt: skip
        yield Placed(one.key, Box(x, y, width, HEIGHT))
    sideways = (one.x - 8, one.x - width + 8, middle)
    for y in (above, below):
        for x in sideways[:2]:
            yield Placed(one.key, Box(x, y, width, HEIGHT))
    row = 1
    while above - row * (HEIGHT + 3) >= area.y or below + row * (HEIGHT + 3) + HEIGHT <= area.bottom:
        top = above - row * (HEIGHT + 3)
        if top >= area.y:
            leader = Box(one.x - _LEADER / 2, top + HEIGHT, _LEADER, one.y - one.radius - 1 - top - HEIGHT)
            for x in sideways:
                yield Placed(one.key, Box(x, top, width, HEIGHT), leader)
        top = below + row * (HEIGHT + 3)
        if top + HEIGHT <= area.bottom:
            start = one.y + one.radius + 1
            leader = Box(one.x - _LEADER / 2, start, _LEADER, top - start)
            for x in sideways:
                yield Placed(one.key, Box(x, top, width, HEIGHT), leader)
        row += 1
