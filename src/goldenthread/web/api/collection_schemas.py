"""What the API is sent and what it answers about collections, each with an example."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from goldenthread.intelligence.collections.values import LONGEST_COMMENT

from .schemas import example

FORM = "7d1c2b3a-4e5f-4a6b-8c7d-9e0f1a2b3c4d"
_FORM = {
    "id": FORM, "collection": "fire_safety", "title": "Fire and rescue prevention", "agency": "lancashire_fire",
    "period": "2025/26 Q1", "first_day": "2025-04-01", "last_day": "2025-06-30", "due": "2025-07-28", "state": "draft",
    "came": None, "in_time": None, "version": 1,
}  # fmt: skip
_VALUE = {
    "key": "dwelling_fires.district.burnley", "title": "Accidental dwelling fires", "part": "Burnley", "unit": "count",
    "instructions": "Fires in homes that were not set on purpose.", "decimals": 0, "value": 12, "comment": "", "wrong": [],
}  # fmt: skip
Number = Annotated[Decimal, Field(max_digits=19, decimal_places=4, allow_inf_nan=False)]


class CollectionTold(Schema):
    """A form that an agency is asked to fill in for a period."""

    model_config = example(**_FORM)

    id: UUID
    collection: str
    title: str
    agency: str
    period: str
    first_day: date
    last_day: date
    due: date
    state: Literal["draft", "sent", "returned", "approved", "locked"]
    came: date | None
    in_time: bool | None
    version: int


class ValueAsked(Schema):
    """One value of a form: what is asked, and what was entered. `wrong` is what keeps the form from being sent."""

    model_config = example(**_VALUE)

    key: str
    title: str
    part: str
    unit: str
    instructions: str
    decimals: int
    value: float | None
    comment: str
    wrong: list[str]


class CollectionRead(CollectionTold):
    """A form with its values."""

    model_config = example(**_FORM, values=[_VALUE])

    values: list[ValueAsked]


class ValueGiven(Schema):
    """A value as it is entered: null where it is not known, with words that say why."""

    model_config = example(value=12, comment="")

    value: Number | None
    comment: Annotated[str, Field(max_length=LONGEST_COMMENT)] = ""


class ValuesGiven(Schema):
    """Values by key. `version` is the one that was read: if somebody has changed the form since, nothing is written."""

    model_config = example(version=1, values={"deaths": {"value": None, "comment": "The coroner has not decided."}})

    version: Annotated[int, Field(ge=0, le=2**31 - 1)]
    values: Annotated[dict[str, ValueGiven], Field(min_length=1, max_length=400)]
