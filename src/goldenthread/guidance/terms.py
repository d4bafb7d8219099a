"""Small shared types of the guidance language: strict models, references, intervals, conditions and event matches.

Every model refuses unknown keys; `goldenthread.guidance.reading` turns a refusal into file, line and nearest key.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, StringConstraints

from .words import Dated, Interval

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Reference = Annotated[str, StringConstraints(strip_whitespace=True, min_length=4)]


class Strict(BaseModel):
    """A guidance type: frozen, and every key known."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


def _interval(value: Any) -> Any:
    return Interval.parse(value) if isinstance(value, str) else value


IntervalField = Annotated[Interval, BeforeValidator(_interval), PlainSerializer(str)]


def _dated_interval(value: Any) -> Any:
    """Read `{2013-04-15: 45 working days, 2026-01-01: 40 working days}`; a null value ends the rule."""
    if isinstance(value, Mapping):
        steps: list[tuple[date, Interval | None]] = []
        for day, text in value.items():
            if not isinstance(day, date):
                raise ValueError(f"{day!r} is not a date; write when the value came into force, such as 2013-04-15")
            steps.append((day, None if text is None else _interval(text)))
        return Dated(tuple(sorted(steps, key=lambda step: step[0])))
    if isinstance(value, str):
        raise ValueError(f"give the date from which {value!r} applies, such as {{2018-07-04: {value}}}")
    return value


DatedInterval = Annotated[
    Dated[Interval],
    BeforeValidator(_dated_interval),
    PlainSerializer(lambda dated: {str(day): None if value is None else str(value) for day, value in dated}),
]


class Test(Strict):
    """What a field must be, beyond a plain value or list: `{not: x}`, `{at_least: 16}`, `{under: 5}`, `{given: true}`."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    is_not: Any = Field(default=None, alias="not")
    at_least: float | None = None
    under: float | None = None
    given: bool | None = None


Scalar = str | int | float | bool | date
When = Mapping[str, Scalar | list[Scalar] | Test]
"""Conditions that must all hold: field -> value, any of a list, or a `Test`.

A field is one of the event's own; `subject.age` (whole years on the day), `subject.sex`; or `EVENT.field`, the latest
event of that kind known by then.
"""


def _matches(value: Any) -> Any:
    """Read `visited`, `[visited, seen]` or `{visited: {child_seen: true}}` into {event: conditions}."""
    if isinstance(value, str):
        return {value: {}}
    if isinstance(value, list):
        found: dict[str, Any] = {}
        for entry in value:
            found.update(_matches(entry))
        return found
    if isinstance(value, Mapping):
        return {event: conditions or {} for event, conditions in value.items()}
    return value


Matches = Annotated[Mapping[str, When], BeforeValidator(_matches)]
"""Events that count, each with the conditions under which it does."""
