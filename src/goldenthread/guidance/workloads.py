"""How many cases are a fair load, what is drift, how many changes of worker are many: caseloads.yaml, as its file says it.

Pure; depends on `terms`. What people carry is counted in `casework.queries.caseloads`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, model_validator

from .terms import IntervalField, Reference, Slug, Strict, Text
from .words import Unit

if TYPE_CHECKING:
    from .library import Library


class Range(Strict):
    """A recommended load for a full-time worker."""

    low: float = Field(alias="from", ge=0)
    high: float = Field(alias="to", gt=0)

    model_config = Strict.model_config | {"populate_by_name": True}

    @model_validator(mode="after")
    def _in_order(self) -> Range:
        if self.high < self.low:
            raise ValueError("`to` is less than `from`")
        return self


class Load(Strict):
    """The work of people with one role."""

    recommended: Range
    counts: Mapping[Slug, float] = Field(min_length=1)
    """Pathway -> what one open case of it counts for."""
    reference: Reference
    verified: bool | Literal["partly"] = "partly"
    fact: Text | None = None
    note: Text | None = None


class Drift(Strict):
    """From when an open case has gone on for long."""

    after: list[IntervalField] = Field(min_length=1)
    reference: Reference
    note: Text | None = None

    @model_validator(mode="after")
    def _growing(self) -> Drift:
        if any(one.unit is not Unit.MONTHS for one in self.after):
            raise ValueError("write `after` in months, such as 9 months")
        months = [one.amount for one in self.after]
        if months != sorted(set(months)):
            raise ValueError("`after` goes from the shortest to the longest")
        return self


class Changes(Strict):
    """How many changes of worker are many."""

    more_than: int = Field(ge=0)
    within: IntervalField
    reference: Reference


class Caseloads(Strict):
    """The whole file."""

    about: Text
    people: Mapping[Slug, Load]
    drift: Mapping[Slug, Drift] = Field(default_factory=dict)
    changes: Changes


def check_caseloads(library: Library, caseloads: Caseloads) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Pathways that are not there."""
    for role, load in caseloads.people.items():
        for pathway in load.counts:
            if pathway not in library.pathways:
                yield ("people", role, "counts"), f"unknown pathway {pathway!r}"
    for pathway in caseloads.drift:
        if pathway not in library.pathways:
            yield ("drift", pathway), f"unknown pathway {pathway!r}"
