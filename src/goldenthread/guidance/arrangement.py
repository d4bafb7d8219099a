"""An arrangement: the partnership itself: its partners, areas, groups, priorities and thresholds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import Field

from .pathway import DutyRule, Every, InForce
from .terms import DatedInterval, Reference, Slug, Strict, Text


class Population(Strict):
    """People living in an area in one year."""

    all: int
    under_18: int | None = None


class AreaEntry(Strict):
    """A place, in a tree by `within`."""

    id: Slug
    title: Text
    kind: Slug
    within: Slug | None = None
    ons_code: str | None = None
    locality: str | None = None
    population: Mapping[int, Population] = Field(default_factory=dict)
    population_reference: str | None = None
    reference: str | None = None


class TileMap(Strict):
    """The smallest areas as equal squares, laid out like the country: a row of the file is a row from north to south."""

    rows: list[Text] = Field(min_length=1)
    """Areas from west to east, parted by spaces; `-` where there is no square."""
    reference: Reference

    @property
    def squares(self) -> dict[str, tuple[int, int]]:
        """Area -> row and column, from 0."""
        return {
            area: (row, column)
            for row, line in enumerate(self.rows)
            for column, area in enumerate(line.split())
            if area != NO_SQUARE
        }


NO_SQUARE = "-"


class OrganisationEntry(Strict):
    """An agency of the partnership; `kind` is the role that pathways speak of."""

    id: Slug
    title: Text
    kind: Slug
    area: Slug | None = None
    safeguarding_partner: bool = False
    reference: str | None = None


class GroupEntry(Strict):
    """A board, panel or sub-group: who sits, how often it meets, whom it reports to."""

    id: Slug
    title: Text
    about: Text | None = None
    meets: Text | None = None
    reports_to: Slug | None = None
    chair: Text | None = None
    members: list[Slug] = Field(default_factory=list)
    reference: str | None = None


class Priority(Strict):
    """What the partnership has promised to improve, and what will show it."""

    id: Slug
    title: Text
    outcomes: list[Text] = Field(default_factory=list)
    reference: Reference


class Level(Strict):
    """One level of the continuum of need, with the text a screener reads beside the decision."""

    level: int = Field(ge=1, le=5)
    title: Text
    text: Text


class Threshold(Strict):
    """The published threshold document."""

    title: Text
    reference: Reference
    levels: list[Level]


class Contribution(Strict):
    """What a partner paid in a financial year, in pounds."""

    organisation: Slug
    year: str
    amount: float
    heading: str | None = None
    reference: Reference


class KeyDate(Strict):
    date: date
    title: Text
    reference: Reference


class LocalRule(Strict):
    """A duty changed by local agreement: switched on or off, or given another length."""

    in_use: bool | None = None
    within: DatedInterval | None = None
    every: list[Every] | None = None
    in_force: InForce | None = None
    reference: Reference

    def over(self, duty: DutyRule) -> DutyRule:
        """The duty as this agreement changes it; a changed length makes it local, by this reference."""
        given = self.model_dump(exclude_none=True, exclude={"reference"})
        update: dict[str, Any] = {key: getattr(self, key) for key in given}
        if {"within", "every"} & set(update):
            update = {"within": None, "every": None, "in_force": None, **update}
        if set(update) - {"in_use"}:
            update |= {"force": "local", "reference": self.reference, "verified": "partly"}
        return duty.model_copy(update=update)


class Arrangement(Strict):
    """A whole partnership, as its file says it."""

    id: Slug
    title: Text
    about: Text
    reference: Reference
    in_force: InForce
    calendar: Slug
    school_terms: Slug
    home_area: Slug
    areas: list[AreaEntry]
    tile_map: TileMap | None = None
    organisations: list[OrganisationEntry]
    groups: list[GroupEntry] = Field(default_factory=list)
    priorities: list[Priority] = Field(default_factory=list)
    threshold: Threshold
    contributions: list[Contribution] = Field(default_factory=list)
    key_dates: list[KeyDate] = Field(default_factory=list)
    duties: Mapping[str, LocalRule] = Field(default_factory=dict)
    """`pathway.duty` -> what is agreed here instead."""
