"""Runs the declared model with Splink on DuckDB embedded: rows in, scored pairs out. No database of ours is touched.

DuckDB is held to a number of threads and an amount of memory, and keeps what does not fit in a folder of its own that is
removed afterwards. Nothing is fetched: no DuckDB extension is used.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .model import Declared, Weights, compiled, declared

if TYPE_CHECKING:
    import pyarrow as pa
    from splink import Linker

MEMORY = "4GB"
#: Pairs less likely than this are not returned.
FLOOR = 0.1
_LISTS = frozenset(
    {
        "givens",
        "families",
        "forms",
        "family_forms",
        "nhs",
        "numbers",
        "homes",
        "postcodes",
        "outward",
        "mothers",
        "keys",
    }
)
_NUMBERS = frozenset({"born_year", "born_day", "expected_day"})


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that were compared."""

    one: str
    two: str
    probability: float
    weight: float
    """log2 of the odds that they are of one person."""
    levels: Mapping[str, str]
    """Comparison -> the level that held; "unknown" where one of the two says nothing."""


def table_of(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Rows of `features.row_of` as an Arrow table of declared types, even where a column is empty throughout."""
    import pyarrow as pa

    def type_of(name: str) -> pa.DataType:
        if name in _LISTS:
            return pa.list_(pa.string())
        if name in _NUMBERS:
            return pa.int32()
        return pa.bool_() if name == "family_is_title" else pa.string()

    names = list(rows[0])
    schema = pa.schema([(name, type_of(name)) for name in names])
    return pa.table({name: [row[name] for row in rows] for name in names}, schema=schema)


@contextmanager
def duck(threads: int | None = None, memory: str = MEMORY) -> Iterator[Any]:
    """A DuckDB in memory with limits."""
    import duckdb

    with tempfile.TemporaryDirectory(prefix="gt-match-") as folder:
        connection = duckdb.connect(":memory:")
        try:
            connection.execute(f"SET threads = {int(threads or min(4, os.cpu_count() or 1))}")
            connection.execute("SET memory_limit = ?", [memory])
            connection.execute("SET temp_directory = ?", [folder])
            connection.execute("SET autoinstall_known_extensions = false")
            connection.execute("SET autoload_known_extensions = false")
            yield connection
        finally:
            connection.close()


def linker_of(connection: Any, tables: Sequence[pa.Table], weights: Weights | None = None) -> Linker:
    """Splink ready to compare one table with itself, or two with each other."""
    from splink import DuckDBAPI, Linker

    api = DuckDBAPI(connection)
    named = [
        api.register(table, dataset_display_name=name)
        for table, name in zip(tables, ("one", "two"), strict=False)
    ]
    settings = compiled(
        "link" if len(tables) == 2 else "dedupe", tuple(table.num_rows for table in tables), "duckdb", weights
    )
    return Linker(named if len(named) == 2 else named[0], settings, log_level=None)


def pairs_of(
    first: Sequence[Mapping[str, Any]], second: Sequence[Mapping[str, Any]] | None = None, *,
    threads: int | None = None, memory: str = MEMORY, floor: float = FLOOR,
) -> list[Pair]:  # fmt: skip
    """Pairs of records that may be of one person: within `first`, or between `first` and `second`."""
    sides = [first] if second is None else [first, second]
    if any(not side for side in sides) or (second is None and len(first) < 2):
        return []
    settings = declared()
    with duck(threads, memory) as connection:
        linker = linker_of(connection, [table_of(side) for side in sides])
        scored = linker.inference.predict(threshold_match_probability=floor, warning_mode="never")
        columns = ["unique_id_l", "unique_id_r", "match_probability", "match_weight"]
        columns += [f"gamma_{one.id}" for one in settings.comparisons]
        found = connection.execute(f"SELECT {', '.join(columns)} FROM {scored.physical_name}").fetchall()
    return [_pair(settings, row) for row in found]


def _pair(settings: Declared, row: Sequence[Any]) -> Pair:
    levels = {}
    for comparison, value in zip(settings.comparisons, row[4:], strict=True):
        # Splink counts levels from the last, "else", which is 0; -1 is unknown.
        place = len(comparison.levels) - 1 - int(value)
        levels[comparison.id] = "unknown" if value < 0 else comparison.levels[place].id
    return Pair(str(row[0]), str(row[1]), float(row[2]), float(row[3]), levels)
