"""Calendars as guidance files: bank holidays with their known dates, and school terms by area."""

from __future__ import annotations

from datetime import date, time
from typing import Literal

from pydantic import Field, model_validator

from .terms import Reference, Slug, Strict, Text

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Holiday(Strict):
    """A day that is not a working day, by name."""

    date: date
    name: Text


class Stretch(Strict):
    """A named run of days, both ends included."""

    name: Text
    starts: date
    ends: date

    @model_validator(mode="after")
    def _in_order(self) -> Stretch:
        if self.ends < self.starts:
            raise ValueError(f"{self.name} ends before it starts")
        return self


class WorkingCalendar(Strict):
    """Which days are working days. Known only between `known_from` and `known_to`."""

    id: Slug
    title: Text
    about: Text
    reference: Reference
    known_from: date
    known_to: date
    weekend: list[Weekday]
    holidays: list[Holiday]


class SchoolTerms(Strict):
    """The school days of an area: weekdays in term, less half terms, closures and bank holidays."""

    id: Slug
    title: Text
    about: Text | None = None
    area: Slug
    reference: Reference
    verified: bool
    known_from: date
    known_to: date
    day_starts: time
    terms: list[Stretch]
    half_terms: list[Stretch] = Field(default_factory=list)
    closures: list[Holiday] = Field(default_factory=list)
