"""What floors above say beside a case, and what they add to a person's work: the next meeting, a report that is owed.

They register at start, as `asked` does; casework knows nothing of them. Without any, the pages say nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from goldenthread.foundation.actor import Actor

from .models import Case


@dataclass(frozen=True, slots=True)
class Line:
    """One link with what is said beside it."""

    words: str
    href: str
    quiet: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class Beside:
    """A section at the side of a case's page. Its id is used in the page."""

    id: str
    title: str
    lines: Sequence[Line]
    nothing: str = ""
    """What is said where there are no lines."""
    links: Sequence[Line] = ()


Sides = Callable[[Actor, Case], Sequence[Beside]]
Owed = Callable[[Actor], Sequence[Line]]
_sides: list[Sides] = []
_owed: list[Owed] = []


def register_beside(sides: Sides) -> None:
    """Called once at start. `sides`: sections for a case that the actor may see."""
    if sides not in _sides:
        _sides.append(sides)


def register_owed(owed: Owed) -> None:
    """Called once at start. `owed`: what waits for a person besides the duties of cases, on the page of their work."""
    if owed not in _owed:
        _owed.append(owed)


def beside(actor: Actor, case: Case) -> list[Beside]:
    return [one for sides in _sides for one in sides(actor, case)]


def owed(actor: Actor) -> list[Line]:
    return [one for given in _owed for one in given(actor)]
