"""How long records are kept, and counted from what: retention.yaml, as its file says it.

A schedule speaks of some records; where several speak of one, the latest day decides. A pathway that no schedule names is
kept: nothing is destroyed by oversight. `casework.retention` works out the days. Pure; depends on `terms`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from .pathway import Force, Pathway
from .terms import DatedInterval, IntervalField, Matches, Reference, Slug, Strict, Text
from .words import Unit

CountedFrom = Literal["closure", "birth", "death"]
Age = Annotated[int, Field(ge=1, le=120)]


class Schedule(Strict):
    """One rule of retention. Keyed by id in `schedules`."""

    title: Text
    """The records it speaks of, in words."""
    pathways: list[Slug] = Field(default_factory=list)
    """Empty for every pathway, as a floor under the others."""
    sensitivity: Literal["restricted"] | None = None
    """Only records of restricted cases or people."""
    when: Matches = Field(default_factory=dict)
    """Only where one of these happened, such as an adoption."""
    unless: Matches = Field(default_factory=dict)
    """Not where one of these happened."""
    died_under: Age | None = None
    """Only where the person died before this birthday."""
    unless_died_under: Age | None = None
    keep: DatedInterval
    """How long, by the date the rule came into force; the one in force today decides."""
    counted_from: CountedFrom
    reaches: Literal["case", "person"] = "case"
    """`person`: every other record of the same person is kept as long."""
    force: Force
    reference: Reference
    fact: str | None = None
    """Row of the project's table of statutory clocks."""
    verified: bool | Literal["partly"] = "partly"
    """How far the number was checked against its source; one that was not ships as `force: local`."""
    note: Text | None = None

    @model_validator(mode="after")
    def _whole(self) -> Schedule:
        if self.verified is False and self.force != "local":
            raise ValueError("a schedule that is not verified ships as `force: local`")
        for _, length in self.keep:
            if length is not None and length.unit not in (Unit.MONTHS, Unit.YEARS):
                raise ValueError(f"`keep: {length}`: write months or years")
        if self.counted_from == "death" and self.died_under is None:
            raise ValueError("`counted_from: death` needs `died_under`: who has not died has no such day")
        if self.died_under is not None and self.unless_died_under is not None:
            raise ValueError("give `died_under` or `unless_died_under`, not both")
        return self


class Retention(Strict):
    """The whole of retention.yaml."""

    about: Text
    shows_before: IntervalField
    """How long ahead a record shows as coming due."""
    schedules: Mapping[Slug, Schedule]


def check_retention(pathways: Mapping[str, Pathway], retention: Retention) -> Iterator[tuple[tuple[Any, ...], str]]:
    """(place, problem) of each name in the file that the pathways do not know."""
    for identity, schedule in retention.schedules.items():
        for index, name in enumerate(schedule.pathways):
            if name not in pathways:
                yield ("schedules", identity, "pathways", index), f"there is no pathway {name!r}"
        inside = [pathways[name] for name in schedule.pathways or pathways if name in pathways]
        for key, events in (("when", schedule.when), ("unless", schedule.unless)):
            for kind, conditions in events.items():
                with_it = [one for one in inside if kind in one.events]
                if not with_it:
                    yield ("schedules", identity, key, kind), f"no pathway named here has the event {kind!r}"
                for asked in conditions:
                    if with_it and not any(asked in one.events[kind].asks for one in with_it):
                        yield ("schedules", identity, key, kind, asked), f"{kind!r} does not ask {asked!r}"


def unnamed(pathways: Mapping[str, Pathway], retention: Retention) -> list[str]:
    """Pathways that no schedule names. Their records are kept until one does: right, but seldom what was meant."""
    named = {name for schedule in retention.schedules.values() for name in schedule.pathways}
    return [name for name in pathways if name not in named]
