"""A service whose capacity is looked at: what arrives, what serves it, how many work on it, and what is aimed at.

One YAML file under `capacity/` a service. `intelligence.capacity` measures arrivals and time in hand in the extract and tries
what one more person would do. See docs/understand/capacity.md. Pure; depends on `terms`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, model_validator

from .indicator_checks import _event
from .terms import Matches, Reference, Slug, Strict, Text

if TYPE_CHECKING:
    from .library import Library

Hours = Annotated[float, Field(gt=0, le=200)]


class Work(Strict):
    """How much of a person's time one piece of work takes: measured, or said."""

    taken_up: Matches = Field(default_factory=dict)
    """Measured from this event, or from arrival without it, until it is served;"""
    at_once: Annotated[int, Field(ge=1, le=200)] | None = None
    """...by people who each have so many in hand at once."""
    hours: list[Hours] = Field(default_factory=list)
    """Where nobody can measure it: hours of work, each of these as often."""

    @model_validator(mode="after")
    def _one_way(self) -> Work:
        if (self.at_once is None) == (not self.hours):
            raise ValueError("say the work with `at_once`, and it is measured, or with `hours`")
        if self.hours and self.taken_up:
            raise ValueError("`taken_up` goes with `at_once`")
        return self


class Target(Strict):
    """What is aimed at: no more than so many waiting at the end of a day."""

    waiting: int = Field(ge=0)
    reference: Reference


class Service(Strict):
    """The whole file."""

    id: Slug
    title: Text
    about: Text
    piece: Text
    """What a piece of work is called, in the plural, such as contacts."""
    arrives: Matches = Field(min_length=1)
    served_by: Matches = Field(min_length=1)
    """Events of the same case, on the same day or later, that finish it."""
    people: int = Field(ge=1, le=500)
    """How many work on it, in full-time workers."""
    hours_a_day: float = Field(gt=0, le=24)
    """Hours that each has for it on a working day."""
    work: Work
    target: Target
    weeks: int = Field(default=26, ge=8, le=104)
    """How many of the last weeks are measured."""
    reference: Reference
    verified: bool | Literal["partly"] = False
    note: Text | None = None

    def pathways(self) -> set[str]:
        """The pathways whose events are read."""
        return {name.partition(".")[0] for one in (self.arrives, self.served_by, self.work.taken_up) for name in one}

    def restricted(self, library: Library) -> set[str]:
        """Those of them that only the people who run them see."""
        return {one for one in self.pathways() if library.pathways[one].sensitivity == "restricted"}


def check_service(library: Library, service: Service) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Names that lead nowhere."""
    parts: Mapping[tuple[str, ...], Matches] = {
        ("arrives",): service.arrives, ("served_by",): service.served_by, ("work", "taken_up"): service.work.taken_up,
    }  # fmt: skip
    for at, matches in parts.items():
        for name, when in matches.items():
            yield from _event(library, name, when, at)
            if when:
                yield at, f"{name}: what arrives and what serves it are events, without answers"
