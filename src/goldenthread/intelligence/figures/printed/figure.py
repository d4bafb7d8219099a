"""One printed figure, and files of them.

Columns are those of docs/look-up/figures.md: what is printed, of what, where, when and by whom; what the document says
of how it changed; and where in which document it stands. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from goldenthread.foundation.csv_rows import Columns, Row, RowError, read_rows

from .numbers import NotANumber, Number
from .periods import NotAPeriod, Period, period_of

COLUMNS = Columns(
    required=["source", "table", "indicator", "unit", "area", "period", "comparator", "value"],
    optional=["breakdown", "agency", "polarity", "printed_change", "printed_direction", "document", "page", "place"],
)
REGIONS = ("north_east", "north_west", "yorkshire_and_the_humber", "east_midlands", "west_midlands", "east_of_england",
           "london", "south_east", "south_west")  # fmt: skip
COMPARATORS = ("local", "england", *REGIONS, "stat_neighbours", "target")
POLARITIES = ("higher", "lower", "none")
COUNTED = ("count", "GBP")
"""Units of which a printed whole number is what was counted, not rounded."""
DECIMALS = 6
DIRECTIONS = {
    "better": "Better", "improving": "Better", "worse": "Worse", "worsening": "Worse", "stable": "Stable", "same": "Stable",
    "no change": "Stable", "no data": "No data", "not available": "No data", "n/a": "No data",
}  # fmt: skip
LENGTHS = {"source": 200, "table": 200, "indicator": 300, "unit": 60, "area": 100, "breakdown": 200, "period": 20,
           "agency": 200, "document": 300, "page": 20, "place": 300, "printed_change": 30, "printed_direction": 30}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as printed. `line` is its line of the file it came from."""

    source: str
    table: str
    indicator: str
    unit: str
    area: str
    breakdown: str
    period: Period
    comparator: str
    value: Number
    agency: str = ""
    polarity: str = ""
    printed_change: str = ""
    printed_direction: str = ""
    document: str = ""
    page: str = ""
    place: str = ""
    line: int = 0

    @property
    def identity(self) -> tuple[str, ...]:
        """What it is a figure of: a document prints one value for it in one table."""
        return (*self.series, self.period.text)

    @property
    def series(self) -> tuple[str, ...]:
        """What it is a figure of, whenever."""
        return self.source, self.table, self.indicator, self.unit, self.area, self.breakdown, self.comparator

    @property
    def counted(self) -> bool:
        return self.unit in COUNTED and self.value.decimals == 0

    @property
    def where(self) -> str:
        """Document, page or place, in words."""
        at = f"page {self.page}" if self.page else self.place
        return ", ".join(filter(None, (self.document or self.source, at)))

    @property
    def words(self) -> str:
        """Which figure this is, in words."""
        of = ", ".join(filter(None, (self.breakdown, self.area if self.comparator != "target" else f"{self.area} target")))
        return f"{self.indicator} ({of}), {self.period.words}"

    @property
    def shown(self) -> str:
        """The value as a document prints it."""
        money = "£" if self.unit == "GBP" else ""
        sign = "%" if self.unit == "%" else ""
        return f"{money}{self.value.value:,.{self.value.decimals}f}{sign}"


@dataclass(slots=True)
class Reading:
    """A file read: the figures that are right, and what is wrong with the others."""

    header: list[str]
    rows: list[Row]
    figures: list[Figure]
    errors: list[RowError]


def read_figures(path: Path) -> Reading:
    """Read a file of figures. Raises csv_rows.WrongFile for a file that cannot be used at all."""
    header, given, errors = read_rows(path, COLUMNS)
    rows = [Row(row.line, {name: _unquoted(value) for name, value in row.values.items()}) for row in given]
    misread = {error.line for error in errors}
    figures: list[Figure] = []
    seen: dict[tuple[str, ...], Figure] = {}
    for row in rows:
        wrong = check_row(row)
        if not wrong and row.line not in misread:
            figure = _figure(row)
            first = seen.setdefault(figure.identity, figure)
            if first is figure:
                figures.append(figure)
            else:
                wrong = [RowError(row.line, "value", _twice(first, figure))]
        errors += wrong
    errors.sort(key=lambda error: error.line)
    return Reading(header, rows, figures, errors)


def _unquoted(value: str) -> str:
    """Without the quote mark that keeps a spreadsheet from running a cell, as our own downloads have it."""
    return value[1:] if value.startswith("'") and value[1:2] in ("=", "+", "-", "@") else value


def _twice(first: Figure, second: Figure) -> str:
    same = "the same as" if first.value == second.value else f"{second.value} where it says {first.value} in"
    return f"{second.words}, is {same} line {first.line}. Keep the one that is in the document."


def check_row(row: Row) -> list[RowError]:
    """Everything wrong with one row."""
    found: list[RowError] = []

    def wrong(column: str, message: str) -> None:
        found.append(RowError(row.line, column, message))

    for column in COLUMNS.required:
        if not row.get(column):
            hint = "leave the row out if nothing is printed: missing is not zero" if column == "value" else _NEEDED[column]
            wrong(column, f"is empty; {hint}")
    for column, most in LENGTHS.items():
        if len(row.get(column)) > most:
            wrong(column, f"has {len(row.get(column))} characters; the most is {most}")
        elif any(ord(sign) < 32 for sign in row.get(column)):
            wrong(column, "has a line break or another sign that cannot be kept; write it on one line")
    for column, allowed in (("comparator", COMPARATORS), ("polarity", POLARITIES)):
        if row.get(column) and row.get(column) not in allowed:
            wrong(column, _not_one_of(row.get(column), allowed))
    if row.get("printed_direction") and row.get("printed_direction").lower() not in DIRECTIONS:
        wrong("printed_direction", _not_one_of(row.get("printed_direction"), ("Better", "Worse", "Stable", "Same", "No data")))
    found += _wrong_numbers(row)
    return found


def _wrong_numbers(row: Row) -> list[RowError]:
    found: list[RowError] = []
    try:
        period_of(row.get("period"))
    except NotAPeriod as error:
        found += [RowError(row.line, "period", str(error))] if row.get("period") else []
    if row.get("value") and (wrong := _wrong_value(row.get("value"), row.get("unit"))):
        found.append(RowError(row.line, "value", wrong))
    if row.get("printed_change"):
        try:
            Number.parse(row.get("printed_change"))
        except NotANumber as error:
            found.append(RowError(row.line, "printed_change", str(error)))
    return found


def _wrong_value(text: str, unit: str) -> str:
    try:
        value = Number.parse(text)
    except NotANumber as error:
        return str(error)
    if value.decimals > DECIMALS:
        return f"{text} has more than {DECIMALS} decimals"
    if value.percent and unit != "%":
        return f"{text} is per cent, but the unit is {unit!r}"
    if unit == "count" and (value.decimals or value.value < 0):
        return f"{text} is not a count: a count is a whole number, 0 or more"
    return ""


_NEEDED = {
    "source": "name the document",
    "table": "name the table or section of the document",
    "indicator": "say what is counted",
    "unit": "write count, %, per 10,000 or another unit",
    "area": "name the area, such as Lancashire-12",
    "period": "write 2016/17, 2016-04, a day, latest or previous",
    "comparator": "write local, england, a region, stat_neighbours or target",
}


def _not_one_of(given: str, allowed: Sequence[str]) -> str:
    near = get_close_matches(given.lower(), [one.lower() for one in allowed], n=1, cutoff=0.6)
    meant = next((one for one in allowed if near and one.lower() == near[0]), None)
    return f"{given!r} is not known; " + (f"did you mean {meant}?" if meant else f"write {', '.join(allowed)}")


def _figure(row: Row) -> Figure:
    value = Number.parse(row.get("value"))
    return Figure(
        source=row.get("source"), table=row.get("table"), indicator=row.get("indicator"), unit=row.get("unit"),
        area=row.get("area"), breakdown=row.get("breakdown"), period=period_of(row.get("period")),
        comparator=row.get("comparator"), value=Number(value.value, value.decimals), agency=row.get("agency"),
        polarity=row.get("polarity"), printed_change=row.get("printed_change"),
        printed_direction=row.get("printed_direction"), document=row.get("document"), page=row.get("page"),
        place=row.get("place"), line=row.line,
    )  # fmt: skip


def by_series(figures: Iterable[Figure]) -> dict[tuple[str, ...], list[Figure]]:
    """The figures of each series, the earliest first."""
    found: dict[tuple[str, ...], list[Figure]] = {}
    for one in figures:
        found.setdefault(one.series, []).append(one)
    for those in found.values():
        those.sort(key=lambda one: one.period)
    return found


def before(figure: Figure, series: Iterable[Figure]) -> Figure | None:
    """The latest figure of its series that is earlier: what a printed change is a change from."""
    earlier = [
        one for one in series if one.period.kind == figure.period.kind and one.period.place < figure.period.place
    ]
    return max(earlier, key=lambda one: one.period.place, default=None)
