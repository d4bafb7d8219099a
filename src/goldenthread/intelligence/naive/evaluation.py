"""Values of indicators, one area and period after another. See `reading` for what counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from goldenthread.guidance.indicator import Indicator, Rows
from goldenthread.guidance.library import Library

from ..indicators.periods import Period
from ..indicators.tables import NOT_KNOWN, Dataset
from ..indicators.values import Value
from .reading import Reader, Row, first_record
from .records import Records


def evaluate(
    library: Library, data: Dataset, indicators: Mapping[str, Indicator], areas: Sequence[str], periods: Sequence[Period],
    by: str | None = None,
) -> list[Value]:  # fmt: skip
    """The values of indicators for areas and periods; with `by`, of each group."""
    reader = Reader(Records(library, data))
    found: list[Value] = []
    for name, indicator in indicators.items():
        wanted = [one for one in periods if one.frequency in indicator.periods]
        if indicator.collected is not None:
            if by is None:
                found += [_collected(reader, name, indicator, area, one) for area in areas for one in wanted]
            continue
        if by is not None and not (indicator.each is not None if by == "answer" else by in indicator.by):
            continue
        counted = {
            (area, one.key): _Counted(reader, indicator, area, one, by) for area in areas for one in wanted
        }
        groups = sorted({group for one in counted.values() for group in one.groups}) if by else [""]
        found += [
            _value(reader, name, indicator, area, one, by or "", group, counted[area, one.key])
            for area in areas
            for one in wanted
            for group in groups
        ]
    return found


class _Counted:
    """The rows of one area and period: those in the numerator, those in the denominator, and those before any was left out."""

    def __init__(self, reader: Reader, indicator: Indicator, area: str, period: Period, by: str | None) -> None:
        self.reader, self.indicator, self.by = reader, indicator, by
        self.top: list[Row] | None = None
        self.bottom: list[Row] | None = None
        if indicator.counts is not None:
            self.top = reader.rows(indicator.counts, period, area)
        if indicator.of is not None:
            self.bottom = reader.rows(indicator.of, period, area)
            if indicator.those is not None:
                self.top = [one for one in self.bottom if reader.meets(one, indicator.of, indicator.those, period)]
        main = indicator.of or indicator.counts
        assert main is not None
        self.asked = reader.rows(main, period, area, known=False)
        self.groups = {
            group for row in (*(self.top or ()), *(self.bottom or ()), *self.asked) for group in self.groups_of(row)
        } if by else {""}
        if by and not (main.known or main.known_latest):
            self.groups = {g for row in (*(self.top or ()), *(self.bottom or ())) for g in self.groups_of(row)}

    def groups_of(self, row: Row) -> list[str]:
        """The groups that a row belongs to."""
        person = self.reader.records.people.get(row.person)
        match self.by:
            case None:
                return [""]
            case "age_band":
                return [band(row.age)]
            case "sex":
                return [(person.sex if person else None) or NOT_KNOWN]
            case "ethnicity":
                return [(person.ethnicity if person else None) or NOT_KNOWN]
            case "agency":
                return [row.agency or NOT_KNOWN]
        each = self.indicator.each
        assert each is not None
        if each.latest:
            told = self.reader.latest_answer(row, each.latest, each.answer)
        else:
            told = row.event.answers.get(each.answer, []) if row.event else []
        return list(dict.fromkeys(str(one) for one in told if isinstance(one, str))) or [NOT_KNOWN]

    def of(self, rows: list[Row] | None, group: str) -> list[Row]:
        return [row for row in rows or [] if group in self.groups_of(row)]


def band(age: int | None) -> str:
    """The age band of the children in need census, and adults."""
    if age is None:
        return NOT_KNOWN
    if age < 0:
        return "unborn"
    if age < 1:
        return "under 1"
    if age < 5:
        return "1 to 4"
    if age < 10:
        return "5 to 9"
    if age < 16:
        return "10 to 15"
    return "16 to 17" if age < 18 else "18 and over"


def _many(reader: Reader, rows: Rows, found: list[Row]) -> int:
    """How many: rows, or children, cases or workers, each once."""
    if rows.distinct is None:
        return len(found)
    if rows.distinct == "child":
        return len({row.person for row in found})
    if rows.distinct == "case":
        return len({row.case for row in found})
    return len({worker for row in found if (worker := reader.records.cases[row.case].worker) is not None})


def _value(
    reader: Reader, name: str, indicator: Indicator, area: str, period: Period, by: str, group: str, counted: _Counted
) -> Value:
    records = reader.records

    def told(
        value: Fraction | None, n: Any, d: Any, complete: Fraction, notes: list[str], unit: str | None = None
    ) -> Value:
        return Value(
            name, area, period.key, by, group, None if value is None else float(value),
            None if n is None else float(n), None if d is None else float(d), unit or indicator.unit, float(complete),
            tuple(notes), 1 if unit else indicator.decimals,
        )  # fmt: skip

    first = first_record(records, indicator)
    if first is None or first > period.end:
        return told(None, None, None, Fraction(0), ["no_records"])
    notes: list[str] = []
    days, over = (period.end - period.start).days + 1, (records.as_of - period.start).days + 1
    complete = Fraction(min(days, over), days)
    if records.as_of < period.end:
        notes.append("not_over")
    if complete <= 0:
        return told(None, None, None, Fraction(0), notes)
    main = indicator.of or indicator.counts
    assert main is not None
    if main.known or main.known_latest:
        known = counted.of(counted.bottom if indicator.of else counted.top, group)
        asked = counted.of(counted.asked, group)
        share = _many(reader, main, known)
        if asked:
            complete *= Fraction(share, len(asked))
        if share < len(asked):
            notes.append("some_unknown")
    if by == "answer" and indicator.each is not None and indicator.each.share:
        return _share(counted, group, told, complete, notes)
    if indicator.average or indicator.median:
        return _measured(reader, indicator, counted, group, told, complete, notes)
    if indicator.of is not None:
        top_rows = indicator.of if indicator.those is not None else indicator.counts
        assert top_rows is not None
        n = _many(reader, top_rows, counted.of(counted.top, group))
        d = _many(reader, indicator.of, counted.of(counted.bottom, group))
        if d == 0:
            return told(None, n, d, complete, [*notes, "nothing_counted"])
        return told(Fraction(n, d) * (100 if indicator.unit == "per cent" else 1), n, d, complete, notes)
    assert indicator.counts is not None
    n = _many(reader, indicator.counts, counted.of(counted.top, group))
    if indicator.per is None:
        return told(Fraction(n), n, None, complete, notes)
    found = _population(records, area, indicator.per.population, period.end) if not by else None
    if found is None:
        return told(None, n, None, complete, [*notes, "no_population"])
    people, exact = found
    if not exact:
        notes.append("other_population")
    return told(Fraction(n * indicator.per.each, people), n, people, complete, notes)


def _share(counted: _Counted, group: str, told: Callable[..., Value], complete: Fraction, notes: list[str]) -> Value:
    rows = [one for row in counted.top or [] for one in counted.groups_of(row)]
    n, known = rows.count(group), len([one for one in rows if one != NOT_KNOWN])
    if rows:
        complete *= Fraction(known, len(rows))
    if known < len(rows):
        notes.append("some_unknown")
    if group == NOT_KNOWN or known == 0:
        return told(None, n, known, complete, [*notes, "nothing_counted"], "per cent")
    return told(Fraction(100 * n, known), n, known, complete, notes, "per cent")


def _measured(
    reader: Reader, indicator: Indicator, counted: _Counted, group: str, told: Callable[..., Value], complete: Fraction,
    notes: list[str],
) -> Value:  # fmt: skip
    """The mean, or the middle one, of what was measured."""
    measured = indicator.average or indicator.median
    assert measured is not None and indicator.of is not None
    sizes: list[Fraction] = []
    for row in counted.of(counted.bottom, group):
        if measured.answer:
            given = row.event.answers.get(measured.answer, []) if row.event else []
            sizes += [Fraction(one) for one in given if isinstance(one, float)]
        elif row.start is not None and row.day is not None:
            last = (row.end or row.day) if indicator.of.kind == "duties" else row.day
            sizes.append(Fraction((last - row.start).days))
    if not sizes:
        return told(None, 0, 0, complete, [*notes, "nothing_counted"])
    if indicator.median:
        sizes.sort()
        half = len(sizes) // 2
        middle = sizes[half] if len(sizes) % 2 else (sizes[half - 1] + sizes[half]) / 2
        return told(middle, middle * len(sizes), len(sizes), complete, notes)
    return told(sum(sizes, Fraction(0)) / len(sizes), sum(sizes, Fraction(0)), len(sizes), complete, notes)


def _population(records: Records, area: str, people: str, last: date) -> tuple[int, bool] | None:
    """How many live there at the last mid-year by this day, and whether that year is known; else of the nearest before."""
    wanted = last.year if last >= date(last.year, 6, 30) else last.year - 1
    years = {year: number for (place, group, year), number in records.populations.items() if (place, group) == (area, people)}
    for year in sorted(years, reverse=True):
        if year <= wanted:
            return years[year], year == wanted
    return (years[min(years)], False) if years else None


def _collected(reader: Reader, name: str, indicator: Indicator, area: str, period: Period) -> Value:
    collected, given = indicator.collected, reader.records.collected
    assert collected is not None

    def told(value: float | None, complete: float, notes: tuple[str, ...]) -> Value:
        return Value(
            name, area, period.key, "", "", value, value, None, indicator.unit, complete, notes, indicator.decimals
        )

    if (name, area, period.key) in given:
        row = given[name, area, period.key]
        why = ("part_supplied",) if row.value is None and row.complete < 1 else ()
        return told(row.value, row.complete, (*why, *([row.note] if row.note else [])))
    if collected.adds_up and period.frequency in ("year", "rolling_year"):
        parts = [given.get((name, area, one.key)) for one in period.parts(collected.every)]
        sent = [one for one in parts if one is not None]
        notes = tuple(sorted({one.note for one in sent if one.note}))
        if sent and all(one is not None and one.value is not None for one in parts):
            return told(sum(one.value for one in sent if one.value is not None), 1.0, notes)
        if sent:
            return told(None, sum(one.complete for one in sent) / len(parts), ("part_supplied", *notes))
    return told(None, 0.0, ("not_supplied",))
