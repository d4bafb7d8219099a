"""A scorecard made by hand: the file of values with chosen figures, without an extract behind it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from goldenthread.guidance.library import Library
from goldenthread.intelligence.indicators.periods import Period
from goldenthread.intelligence.scorecard.keeping import About, Figure, digest_of, keep

AS_OF = date(2026, 5, 20)
COUNTY = "lancashire_12"
#: The fifteen quarters up to the latest that is over.
QUARTERS = [f"{year}/{(year + 1) % 100} Q{quarter}" for year in range(2022, 2026) for quarter in (1, 2, 3, 4)][1:]
Given = float | tuple[float | None, bool] | Figure | None
"""A value that may be told; a value and whether it may; or a whole figure."""


def scorecard(
    folder: Path, library: Library, given: Mapping[tuple[str, str], Mapping[str, Given]], as_of: date = AS_OF
) -> Path:
    """(indicator, area) -> period -> value, kept as `goldenthread extract` keeps them."""
    folder.mkdir(parents=True, exist_ok=True)
    rows, periods, areas = [], {}, {COUNTY}
    for (name, area), values in given.items():
        areas.add(area)
        for key, value in values.items():
            periods[key] = Period.parse(key)
            rows.append((name, area, key, _figure(value)))
    names = {name for name, _ in given}
    keep(
        folder, About(as_of, datetime(2026, 5, 21, 3, tzinfo=UTC), "made by hand", len(rows)),
        {name: digest_of(library.indicators[name]) for name in names}, sorted(areas),
        [(one.key, one.frequency, one.start, one.end) for one in periods.values()], rows, {},
    )  # fmt: skip
    return folder


def _figure(value: Given) -> Figure:
    if isinstance(value, Figure):
        return value
    if value is None:
        return Figure(None, None, None, 0.0, ("not_supplied",), True)
    number, may = value if isinstance(value, tuple) else (value, True)
    return Figure(number, number, None, 1.0, (), may)


def share(numerator: int, denominator: int, may_leave: bool = True, complete: float = 1.0) -> Figure:
    """A per cent with what is behind it."""
    return Figure(100 * numerator / denominator, numerator, denominator, complete, (), may_leave)
