"""A collection: what agencies are asked to send in, because no event of ours can tell it.

One YAML file under `collections/` a form: who fills it, how often, by when, and for each cell what to count, how it is split,
what makes it wrong, and what must be explained. See docs/look-up/collections.md for the language in full. Pure; depends on
`terms` and `words`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from .terms import DatedInterval, Reference, Slug, Strict, Text

Frequency = Literal["month", "quarter", "year"]
DISTRICT = "district"
"""The breakdown whose groups are the areas that the agency's own area divides into."""
NOT_KNOWN = "not_known"


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Slugs = Annotated[list[Slug], BeforeValidator(_listed)]


class Breakdown(Strict):
    """Groups that a value is split into. Keyed by id in `breakdowns`; `district` needs no groups of its own."""

    title: Text
    groups: Mapping[Slug, Text] = Field(default_factory=dict)
    not_known: Text | None = None
    """The words for a last group of those who are in none of the others."""


class Outlier(Strict):
    """A value that must be explained: it differs from the average of the last ones by more than a share of it."""

    share: Annotated[float, Field(gt=0, le=10)]
    """0.3 is three in ten."""
    last: Annotated[int, Field(ge=2, le=24)] = 4
    """How many of the agency's own values before this one; with fewer than two there is nothing to compare with."""
    at_least: Annotated[float, Field(ge=0)] = 0
    """A difference smaller than this needs no words, however large a share it is."""


class Share(Strict):
    """A value that is worked out and not typed: so many of so many, as a per cent."""

    part: Slug
    of: Slug


class Cell(Strict):
    """One value that is asked for. Keyed by id in `cells`, in the order of the form."""

    title: Text
    instructions: Text
    """What to count and what to leave out, for whoever fills it in."""
    unit: Text = "count"
    decimals: Annotated[int, Field(ge=0, le=4)] = 0
    """0 asks for whole numbers."""
    min: float = 0
    max: float | None = None
    by: Slugs = Field(default_factory=list)
    """Breakdowns, each of which splits the whole."""
    adds_up: bool = True
    """The parts of each breakdown make up the whole."""
    outlier: Outlier | None = None
    """In place of the collection's own rule."""
    share: Share | None = None
    feeds: Slug | None = None
    """The indicator whose value this is."""

    @model_validator(mode="after")
    def _whole(self) -> Cell:
        if self.max is not None and self.max < self.min:
            raise ValueError("`max` is less than `min`")
        if self.share is not None and (self.by or self.unit != "per cent"):
            raise ValueError("a `share` is worked out in `unit: per cent` and has no `by` of its own")
        if len(set(self.by)) < len(self.by):
            raise ValueError("`by` names a breakdown twice")
        return self


class Rule(Strict):
    """What must hold between cells: `{parts: [a, b], whole: c}` or `{cell: a, not_more_than: b}`."""

    parts: list[Slug] = Field(default_factory=list)
    whole: Slug | None = None
    cell: Slug | None = None
    not_more_than: Slug | None = None
    words: Text | None = None
    """Said in place of our own words where it does not hold."""

    @model_validator(mode="after")
    def _one(self) -> Rule:
        adds, less = bool(self.parts) and self.whole is not None, self.cell is not None and self.not_more_than is not None
        given = sum(one is not None for one in (self.whole, self.cell, self.not_more_than)) + bool(self.parts)
        if adds == less or given != 2:
            raise ValueError("a rule is `parts` and `whole`, or `cell` and `not_more_than`")
        if adds and len(self.parts) < 2:
            raise ValueError("give two `parts` or more")
        return self

    @property
    def names(self) -> list[str]:
        return [*self.parts, *(one for one in (self.whole, self.cell, self.not_more_than) if one is not None)]


@dataclass(frozen=True, slots=True)
class Box:
    """One box of the form as an agency sees it: a cell, or one group of one of its breakdowns."""

    key: str
    """`cell`, or `cell.breakdown.group`: how spreadsheets and systems name it."""
    cell: str
    breakdown: str
    group: str
    title: str
    """Of the group; for the whole, of the cell."""

    @property
    def is_whole(self) -> bool:
        return not self.breakdown


Groups = Sequence[tuple[str, str]]


class Collection(Strict):
    """A whole form, as its file says it."""

    id: Slug
    title: Text
    about: Text
    agencies: Annotated[Slugs, Field(alias="from", min_length=1)]
    """Kinds of agency (agency_roles.yaml) that fill it, each organisation for itself."""
    every: Frequency
    due: DatedInterval
    """How long after the last day of the period, by the date from which the rule is in force."""
    force: Literal["statutory", "guidance", "local"] = "local"
    reference: Reference
    verified: bool | Literal["partly"] = "partly"
    breakdowns: Mapping[Slug, Breakdown] = Field(default_factory=dict)
    cells: Annotated[Mapping[Slug, Cell], Field(min_length=1)]
    rules: list[Rule] = Field(default_factory=list)
    outlier: Outlier | None = None

    model_config = Strict.model_config | {"populate_by_name": True}

    @property
    def slug(self) -> str:
        """Its name in an address."""
        return self.id.replace("_", "-")

    @property
    def typed(self) -> dict[str, Cell]:
        """The cells that somebody fills in."""
        return {name: cell for name, cell in self.cells.items() if cell.share is None}

    def outlier_of(self, cell: str) -> Outlier | None:
        return self.cells[cell].outlier or self.outlier

    def groups_of(self, breakdown: str, districts: Groups) -> list[tuple[str, str]]:
        """(group, title) of a breakdown for an agency whose area has these districts. None where its area has no parts."""
        rule = self.breakdowns[breakdown]
        groups = list(districts) if breakdown == DISTRICT else list(rule.groups.items())
        return [*groups, (NOT_KNOWN, rule.not_known)] if groups and rule.not_known else groups

    def boxes(self, districts: Groups = ()) -> Iterator[Box]:
        """Every box that is filled in, in the order of the form."""
        for name, cell in self.typed.items():
            yield Box(name, name, "", "", cell.title)
            for breakdown in cell.by:
                for group, title in self.groups_of(breakdown, districts):
                    yield Box(f"{name}.{breakdown}.{group}", name, breakdown, group, title)
