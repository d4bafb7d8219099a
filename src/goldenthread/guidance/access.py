"""What counts as an unusual look at a record, and how emergency access works: access.yaml, as its file says it.

A rule says which sign it goes by, what it asks the person who looked, and why it may. `sharing.queries.unusual` looks for
the signs; nothing here decides that anyone did wrong. Pure; depends on `terms`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from .terms import IntervalField, Reference, Slug, Strict, Text
from .words import ELAPSED, Interval, Unit

Sign = Literal[
    "own_record", "same_family_name", "same_home", "no_involvement", "many_children", "out_of_hours", "closed_long_ago",
    "again_and_again",
]  # fmt: skip
#: What a rule that goes by a sign must say besides.
NEEDED: Mapping[str, tuple[str, ...]] = {
    "many_children": ("more_than", "within"),
    "out_of_hours": ("hours",),
    "closed_long_ago": ("closed_for",),
    "again_and_again": ("more_than", "within"),
}


def _clock(value: object) -> object:
    """`"07:00"`, in quotes: YAML would read 07:00 as a number."""
    if isinstance(value, str):
        return time.fromisoformat(value)
    raise ValueError('write a time of day in quotes, such as "07:00"')


def _by_the_clock(interval: Interval) -> Interval:
    if interval.unit not in ELAPSED:
        raise ValueError(f"{interval}: write hours or minutes, because it runs by the clock")
    return interval


ByTheClock = Annotated[IntervalField, AfterValidator(_by_the_clock)]
Clock = Annotated[time, BeforeValidator(_clock)]


class Hours(Strict):
    """When people of most roles are at work: on working days, from one time to another."""

    begin: Clock = Field(alias="from")
    end: Clock = Field(alias="until")

    model_config = Strict.model_config | {"populate_by_name": True}

    @model_validator(mode="after")
    def _in_order(self) -> Hours:
        if self.end <= self.begin:
            raise ValueError("`until` is before `from`")
        return self


class LookRule(Strict):
    """One sign that a look may need explaining, and the question that is asked."""

    title: Text
    sign: Sign
    asks: Text
    """What the person who looked is asked."""
    reference: Reference
    note: Text | None = None
    in_use: bool = True
    more_than: int | None = Field(default=None, ge=1)
    within: IntervalField | None = None
    closed_for: IntervalField | None = None
    hours: Hours | None = None
    common_above: float | None = Field(default=None, gt=0, le=1)
    """A family name that a larger share of people than this bears says nothing."""
    except_roles: list[Slug] = Field(default_factory=list)
    """Roles whose work is like this."""
    except_kinds: list[Slug] = Field(default_factory=list)
    """Kinds of agency whose work is like this."""

    @model_validator(mode="after")
    def _whole(self) -> LookRule:
        if self.within is not None and self.within.unit not in (*ELAPSED, Unit.DAYS):
            raise ValueError(f"`within: {self.within}`: write minutes, hours or days")
        for name in NEEDED.get(self.sign, ()):
            if getattr(self, name) is None:
                raise ValueError(f"the sign {self.sign} needs `{name}`")
        return self


class EmergencyRules(Strict):
    """Emergency access: how long it lasts, by when it is reviewed, how often one may try."""

    lasts: ByTheClock
    review_within: IntervalField
    shortest_reason: int = Field(ge=1)
    """Characters: enough that somebody else can judge it."""
    tries: int = Field(ge=1)
    tries_within: ByTheClock
    reference: Reference
    note: Text | None = None


class Access(Strict):
    """The whole of access.yaml."""

    about: Text
    answer_within: IntervalField
    """How long the person who looked has to answer; after that it climbs by itself."""
    settle_within: IntervalField
    """How long their supervisor then has."""
    emergency: EmergencyRules
    rules: Mapping[Slug, LookRule]
