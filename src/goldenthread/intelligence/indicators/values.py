"""What an indicator comes to: a value with what it was worked out from, how complete that is, and what to know of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

NOTES: Mapping[str, str] = {
    "no_records": "There are no records of this kind up to the end of the period: the value is missing, not zero.",
    "nothing_counted": "There was nothing to take a share or an average of.",
    "no_population": "No population is known for the area.",
    "other_population": "The population of another year was used.",
    "not_over": "The period was not over on the day of the data.",
    "some_unknown": "Rows that do not say were left out.",
    "not_supplied": "The agency has not supplied it.",
    "part_supplied": "Some parts of it were not supplied, so they cannot be added up.",
    "not_approved": "It was sent in and has not been approved yet.",
}


@dataclass(frozen=True, slots=True)
class Value:
    """One value. `value` is None where it cannot be known; it is not rounded: `shown` is."""

    indicator: str
    area: str
    period: str
    by: str
    """What the value is split by: age_band, sex, ethnicity, agency, answer, or nothing."""
    group: str
    value: float | None
    numerator: float | None
    denominator: float | None
    unit: str
    complete: float
    """Share of what the value needs that was there, from 0 to 1."""
    notes: tuple[str, ...] = ()
    """Keys of NOTES."""
    decimals: int = 1

    @property
    def shown(self) -> str:
        """The value as it is printed, a half rounded up; empty where it is missing."""
        if self.value is None:
            return ""
        step = Decimal(1).scaleb(-self.decimals)
        return str(Decimal(repr(self.value)).quantize(step, ROUND_HALF_UP))


COLUMNS = (
    "indicator", "title", "area", "period", "by", "group", "value", "shown", "unit", "numerator", "denominator", "complete",
    "notes",
)  # fmt: skip


def as_rows(values: Iterable[Value], titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """Values as plain rows, for CSV and JSON."""
    rows = []
    for one in values:
        rows.append(
            {
                "indicator": one.indicator, "title": titles.get(one.indicator, ""), "area": one.area,
                "period": one.period, "by": one.by, "group": one.group,
                "value": _whole(one.value), "shown": one.shown, "unit": one.unit,
                "numerator": _whole(one.numerator), "denominator": _whole(one.denominator),
                "complete": round(one.complete, 3), "notes": list(one.notes),
            }
        )  # fmt: skip
    return rows


def as_json(values: Iterable[Value], titles: Mapping[str, str]) -> str:
    return json.dumps(as_rows(values, titles), indent=2, ensure_ascii=False)


def _whole(number: float | None) -> float | int | None:
    return int(number) if number is not None and float(number).is_integer() else number
