"""Runs indicators on DuckDB embedded: tables or an extract in, values out. Nothing is fetched and nothing is kept."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from goldenthread.guidance.indicator import Indicator
from goldenthread.guidance.library import Library

from .compiling import TOGETHER, compiled, compiled_spell, pathways_read, spells_of
from .meetings import HELD, source_of
from .periods import Period
from .places import population
from .rows import Source
from .tables import NOT_KNOWN, ROWS, Dataset, arrow_of
from .values import Value

MEMORY = "4GB"
Tables = Dataset | Mapping[str, Sequence[Path]]
"""Rows in memory, or Parquet files by table."""
Counts = dict[tuple[str, str, str], tuple[float, float, float]]
"""(area, period, group) -> numerator, denominator, and how many there were before those that say nothing were left out."""


@contextmanager
def engine(
    library: Library, tables: Tables, as_of: date, *, threads: int | None = None, memory: str = MEMORY
) -> Iterator[Engine]:
    """A DuckDB over tables in memory or over Parquet files by table, held to a number of threads and an amount of memory."""
    import duckdb

    with tempfile.TemporaryDirectory(prefix="gt-indicators-") as folder:
        connection = duckdb.connect(":memory:")
        try:
            connection.execute(f"SET threads = {int(threads or min(4, os.cpu_count() or 1))}")
            connection.execute("SET memory_limit = ?", [memory])
            connection.execute("SET temp_directory = ?", [folder])
            connection.execute("SET python_enable_replacements = false")  # a name is a table, never a variable of ours
            connection.execute("SET autoinstall_known_extensions = false")
            connection.execute("SET autoload_known_extensions = false")
            yield Engine(connection, library, tables, as_of)
        finally:
            connection.close()


class Engine:
    """Indicators over one set of tables. Spells are worked out once, when first needed."""

    def __init__(self, connection: Any, library: Library, tables: Tables, as_of: date) -> None:
        self.connection, self.library, self.as_of = connection, library, as_of
        self.source = Source(library, as_of)
        self._spells: set[str] = set()
        self._asked: tuple[tuple[str, ...], tuple[str, ...]] | None = None
        for name in ROWS:
            view = "all_areas" if name == "areas" else name  # `areas` holds those that are asked for
            if isinstance(tables, Dataset):
                connection.register(f"given_{name}", arrow_of(name, getattr(tables, name)))
                connection.execute(f"CREATE TABLE {view} AS SELECT * FROM given_{name}")
                connection.unregister(f"given_{name}")
            elif tables.get(name):
                files = connection.read_parquet([str(path) for path in tables[name]], hive_partitioning=False)
                (files.distinct() if name == "people" else files).create_view(view)  # people have cases in several
            else:
                connection.register(view, arrow_of(name, []))
        connection.execute("CREATE TABLE groupings AS SELECT unnest(?) AS name", [list(TOGETHER)])
        self._first = dict(connection.execute("SELECT pathway, min(day) FROM events GROUP BY pathway").fetchall())
        held = f"SELECT kind, min(planned) FROM meetings WHERE state IN {HELD} GROUP BY kind"
        self._first |= {source_of(kind): day for kind, day in connection.execute(held).fetchall()}
        self._people: dict[tuple[str, str], dict[int, int]] = {}
        for area, year, people, number in connection.execute("SELECT area, year, people, number FROM populations").fetchall():
            self._people.setdefault((area, people), {})[year] = number

    def run(
        self,
        indicators: Mapping[str, Indicator],
        areas: Sequence[str],
        periods: Sequence[Period],
        by: str | None = None,
        progress: Callable[[str], None] | None = None,
    ) -> list[Value]:
        """The values of indicators for areas and periods, in that order; with `by`, of each group."""
        found: list[Value] = []
        for name, indicator, wanted in self._one_by_one(indicators, areas, periods, progress):
            if indicator.collected is not None:
                found += self._collected(name, indicator, areas, wanted) if by is None else []
            elif _groups(indicator, by):
                found += self._counted(name, indicator, areas, wanted, by)
        return found

    def run_groups(
        self,
        indicators: Mapping[str, Indicator],
        areas: Sequence[str],
        periods: Sequence[Period],
        progress: Callable[[str], None] | None = None,
    ) -> list[Value]:
        """The values of indicators in every group that they are told in, as `run` gives them for one of the groups."""
        found: list[Value] = []
        for name, indicator, wanted in self._one_by_one(indicators, areas, periods, progress):
            together = [one for one in TOGETHER if one in indicator.by]
            if indicator.collected is not None or not wanted:
                continue
            if together:
                rows = self._rows(indicator, "+".join(together), wanted)
                for by in together:
                    start = f"{by}/" if len(together) > 1 else ""
                    mine = {
                        (area, period, group.removeprefix(start)): counts
                        for (area, period, group), counts in rows.items() if group.startswith(start)
                    }  # fmt: skip
                    found += self._told(name, indicator, areas, wanted, by, mine)
            if indicator.each is not None:
                found += self._counted(name, indicator, areas, wanted, "answer")
        return found

    def _one_by_one(
        self, indicators: Mapping[str, Indicator], areas: Sequence[str], periods: Sequence[Period],
        progress: Callable[[str], None] | None,
    ) -> Iterator[tuple[str, Indicator, list[Period]]]:  # fmt: skip
        """Each indicator with those of the periods that it is told in, once areas and periods are laid down."""
        self._ask(areas, periods)
        for name, indicator in indicators.items():
            if progress is not None:
                progress(name)
            yield name, indicator, [one for one in periods if one.frequency in indicator.periods]

    def _ask(self, areas: Sequence[str], periods: Sequence[Period]) -> None:
        """Lay down the areas and periods that are asked for, unless they lie there."""
        asked = tuple(areas), tuple(one.key for one in periods)
        if asked == self._asked:
            return
        self._asked = asked
        self.connection.execute(
            "CREATE OR REPLACE TABLE areas AS SELECT * FROM all_areas WHERE list_contains(?, area)", [list(areas)]
        )
        rows = [(one.key, one.start, one.end) for one in periods]
        days = [
            (*row, one.start + timedelta(days=number))
            for one, row in zip(periods, rows, strict=True)
            for number in range((one.end - one.start).days + 1)
        ]
        self._lay("periods", ("period", "period_start", "period_end"), rows)
        self._lay("period_days", ("period", "period_start", "period_end", "day"), days)

    def _lay(self, name: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        import pyarrow as pa

        kinds = [pa.string() if column == "period" else pa.date32() for column in columns]
        values = list(zip(*rows, strict=True)) or [()] * len(columns)
        arrays = [pa.array(one, type=kind) for one, kind in zip(values, kinds, strict=True)]
        self.connection.register("given", pa.Table.from_arrays(arrays, names=list(columns)))
        self.connection.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM given")
        self.connection.unregister("given")

    def _counted(
        self, name: str, indicator: Indicator, areas: Sequence[str], periods: Sequence[Period], by: str | None
    ) -> list[Value]:
        return self._told(name, indicator, areas, periods, by, self._rows(indicator, by, periods))

    def _rows(self, indicator: Indicator, by: str | None, periods: Sequence[Period]) -> Counts:
        for spell in spells_of(indicator):
            if spell not in self._spells:
                self.connection.execute(f"CREATE TABLE spell_{spell} AS {compiled_spell(self.source, spell)}")
                self._spells.add(spell)
        rows = self.connection.execute(compiled(self.source, indicator, by)).fetchall()
        wanted = {one.key for one in periods}  # others may have been asked for indicators told in them
        return {(area, period, group): (n, d, asked) for area, period, group, n, d, asked in rows if period in wanted}

    def _told(
        self, name: str, indicator: Indicator, areas: Sequence[str], periods: Sequence[Period], by: str | None, counted: Counts
    ) -> list[Value]:
        groups = sorted({group for _, _, group in counted}) if by is not None else [""]
        if by == "answer" and indicator.each is not None and indicator.each.share:
            counted = _shares(counted, groups)
        first = min((self._first[one] for one in pathways_read(self.source, indicator) if one in self._first), default=None)
        return [
            self._value(name, indicator, area, period, by or "", group, counted.get((area, period.key, group)), first)
            for area in areas
            for period in periods
            for group in groups
        ]

    def _value(
        self, name: str, indicator: Indicator, area: str, period: Period, by: str, group: str,
        counted: tuple[float, float, float] | None, first: date | None,
    ) -> Value:  # fmt: skip
        def told(
            value: float | None, n: float | None, d: float | None, complete: float, notes: list[str], unit: str = ""
        ) -> Value:
            decimals = 1 if unit else indicator.decimals
            unit = unit or indicator.unit
            return Value(name, area, period.key, by, group, value, n, d, unit, complete, tuple(notes), decimals)

        if first is None or first > period.end:
            return told(None, None, None, 0.0, ["no_records"])
        n, d, asked = counted or (0.0, 0.0, 0.0)
        notes: list[str] = []
        complete = min(1.0, ((self.as_of - period.start).days + 1) / ((period.end - period.start).days + 1))
        if self.as_of < period.end:
            notes.append("not_over")
        if complete <= 0:
            return told(None, None, None, 0.0, notes)
        main = indicator.main
        if main is not None and (main.known or main.known_latest):
            known = n if indicator.counts is not None and indicator.of is None else d
            complete *= known / asked if asked else 1.0
            if known < asked:
                notes.append("some_unknown")
        if by == "answer" and indicator.each is not None and indicator.each.share:
            complete *= d / asked if asked else 1.0
            if d < asked:
                notes.append("some_unknown")
            if group == NOT_KNOWN or not d:
                return told(None, n, d, complete, [*notes, "nothing_counted"], "per cent")
            return told(100 * n / d, n, d, complete, notes, "per cent")
        if indicator.of is not None:
            if not d:
                return told(None, n, d, complete, [*notes, "nothing_counted"])
            return told(n * (100 if indicator.unit == "per cent" else 1) / d, n, d, complete, notes)
        if indicator.per is not None:
            people = population(self._people, area, indicator.per.population, period.population_year) if by == "" else None
            if people is None:
                return told(None, n, None, complete, [*notes, "no_population"])
            if people[1] != period.population_year:
                notes.append("other_population")
            return told(n * indicator.per.each / people[0], n, people[0], complete, notes)
        return told(n, n, None, complete, notes)

    def _collected(
        self, name: str, indicator: Indicator, areas: Sequence[str], periods: Sequence[Period]
    ) -> list[Value]:
        rows = self.connection.execute(
            "SELECT area, period, value, complete, note FROM collected WHERE indicator = ?", [name]
        ).fetchall()
        given = {(area, period): tuple(rest) for area, period, *rest in rows}
        collected = indicator.collected
        assert collected is not None
        found = []
        for area in areas:
            for period in periods:
                value, complete, note = given.get((area, period.key), (None, 0.0, "not_supplied"))
                notes = [note] if note else []
                if value is None and complete:
                    notes = ["part_supplied", *notes] if complete < 1 else notes
                elif value is None and collected.adds_up and period.frequency in ("year", "rolling_year"):
                    parts = [given.get((area, one.key), (None, 0.0, "")) for one in period.parts(collected.every)]
                    there = [one for one, _, _ in parts if one is not None]
                    said = sorted({note for _, share, note in parts if note and share})
                    if parts and len(there) == len(parts):
                        value, notes, complete = sum(there), said, 1.0
                    elif any(share for _, share, _ in parts):
                        notes, complete = ["part_supplied", *said], sum(share for _, share, _ in parts) / len(parts)
                told = (indicator.unit, complete, tuple(notes), indicator.decimals)
                found.append(Value(name, area, period.key, "", "", value, value, None, *told))
        return found


def _shares(counted: Counts, groups: Sequence[str]) -> Counts:
    """Counts by answer with the number whose answer is known beside each, and the number of all."""
    places = {(area, period) for area, period, _ in counted}
    found: Counts = {}
    for area, period in places:
        here = {group: counted.get((area, period, group), (0.0, 0.0, 0.0))[0] for group in groups}
        everyone = sum(here.values())
        known = everyone - here.get(NOT_KNOWN, 0.0)
        found |= {(area, period, group): (n, known, everyone) for group, n in here.items()}
    return found


def _groups(indicator: Indicator, by: str | None) -> bool:
    """Whether an indicator is told in such groups."""
    return by is None or (indicator.each is not None if by == "answer" else by in indicator.by)
