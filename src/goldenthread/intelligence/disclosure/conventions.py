"""How publications treat small numbers: what is kept back, what becomes of zeros, how numbers are rounded and marked.

Read from `conventions.yaml`, where each has its reference. Depends on pydantic and yaml only.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

_FILE = Path(__file__).with_name("conventions.yaml")


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Small(_Frozen):
    """The counts that are kept back."""

    lowest: int = Field(alias="from", ge=0)
    highest: int = Field(alias="to", ge=1)


class Decimals(_Frozen):
    percentage: int = Field(ge=0, le=3)
    rate: int = Field(ge=0, le=3)


class Marks(_Frozen):
    """What stands where a number does not."""

    suppressed: str = "c"
    not_available: str = ":"
    not_applicable: str = "z"
    low: str | None = None

    @model_validator(mode="after")
    def _never_a_number(self) -> Marks:
        for mark in (self.suppressed, self.not_available, self.not_applicable, self.low):
            if mark is not None and (not mark.strip() or any(sign.isdigit() for sign in mark)):
                raise ValueError(f"a mark is never empty or a number: {mark!r}")
        return self


class Convention(_Frozen):
    """What one publication does with small numbers."""

    name: str
    small: Small
    zeros: Literal["shown", "with_small"]
    rounding: dict[str, int]
    decimals: Decimals
    marks: Marks = Marks()
    reference: str = Field(min_length=10)
    verified: Literal["empirical", "yes", "no"]
    note: str = ""

    @model_validator(mode="after")
    def _whole(self) -> Convention:
        if "any" not in self.rounding or min(self.rounding.values()) < 1:
            raise ValueError("rounding needs `any`, and no number under 1")
        if self.small.highest < self.small.lowest:
            raise ValueError("small: `to` is under `from`")
        if self.small.lowest > 1:
            raise ValueError("small: a rule that shows a 1 protects nobody; `from` is 1 or 0")
        return self

    @property
    def least(self) -> int:
        """The smallest number that `c` can stand for, as every reader knows."""
        return 1 if self.zeros == "shown" else 0

    def is_small(self, count: int) -> bool:
        return max(self.small.lowest, self.least) <= count <= self.small.highest

    def nearest(self, level: str | None) -> int:
        return self.rounding.get(level or "any", self.rounding["any"])


@cache
def conventions() -> dict[str, Convention]:
    """Every convention that ships, by its name in the file."""
    read = yaml.load(_FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return {name: Convention.model_validate(one) for name, one in read.items()}


def convention(name: str) -> Convention:
    known = conventions()
    if name not in known:
        raise KeyError(f"no convention is called {name}; there are: {', '.join(sorted(known))}")
    return known[name]
