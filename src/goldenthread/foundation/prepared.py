"""Statements written once and run again with other values: Django takes longer to write a statement than to run it.

For the few reads and writes that recording anything makes. A read is still the queryset's own statement, its policy
included; only the writing of it is kept, for each thread's connection. Depends on Django alone.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, connections, models

MARK = UUID("00000000-0000-4000-8000-00000000feed")
WORD = "the word that is given"
"""Stand in a queryset for the id, or the text, that is given each time it is run."""
_KEPT = 512


def _kept(key: Hashable, write: Callable[[], Any]) -> Any:
    """A statement of this thread's connection, written if it is not there yet."""
    kept: dict[Hashable, Any] = connection.__dict__.setdefault("_goldenthread_prepared", {})
    if key not in kept:
        if len(kept) >= _KEPT:
            kept.clear()
        kept[key] = write()
    return kept[key]


class Prepared:
    """`make` gives a `values_list` queryset with MARK or WORD where the value goes; its arguments choose a statement."""

    def __init__(self, make: Callable[..., models.QuerySet[Any, Any]], *, locks: str = "") -> None:
        self._make = make
        self._locks = locks
        """The table whose rows are held until the transaction ends, where the database can."""

    def rows(self, given: UUID | str, *key: Hashable) -> Sequence[tuple[Any, ...]]:
        """The rows for an id or a word, as `values_list` would give them."""
        found = _kept((id(self), key), lambda: self._compiled(*key))
        if found is None:
            return []
        sql, params, places, converters, compiler = found
        values = list(params)
        if isinstance(given, UUID) and not connection.features.has_native_uuid_field:
            given = given.hex
        for place in places:
            values[place] = given
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            rows = cursor.fetchall()
        return [tuple(row) for row in compiler.apply_converters(rows, converters)] if converters else rows

    def _compiled(self, *key: Hashable) -> Any:
        compiler = self._make(*key).query.get_compiler(connection=connection)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return None
        marks = (MARK, MARK.hex, WORD)
        places = [place for place, value in enumerate(params) if value in marks]
        if not places:
            raise ValueError("the queryset does not speak of MARK or WORD")
        if self._locks and connection.features.has_select_for_update:
            sql += f" FOR UPDATE OF {connection.ops.quote_name(self._locks)}"
        converters = compiler.get_converters([column[0] for column in compiler.select])
        return sql, params, places, converters, compiler


class Insert:
    """Adds rows of one model in one statement. With `conflict`, a row that is there already takes the new one's `update`.

    Signals are not sent and numbers made by the database are not read back.
    """

    def __init__(
        self, model: type[models.Model], *, conflict: Sequence[str] = (), update: Sequence[str] = ()
    ) -> None:
        meta: Any = model._meta
        self._fields = [one for one in meta.concrete_fields if not isinstance(one, models.AutoField)]
        self._table = meta.db_table
        self._conflict = [meta.get_field(name).column for name in conflict]
        self._update = [meta.get_field(name).column for name in update]

    def bulk_create(self, rows: Sequence[models.Model]) -> None:
        here = connections[DEFAULT_DB_ALIAS]  # once: the proxy looks it up again for every value
        fields = self._fields
        values = [[one.get_db_prep_save(one.pre_save(row, True), here) for one in fields] for row in rows]
        most = max(1, (here.features.max_query_params or 30_000) // len(fields))
        for start in range(0, len(values), most):
            batch = values[start : start + most]
            sql = _kept((id(self), len(batch)), partial(self._sql, len(batch)))
            with here.cursor() as cursor:
                cursor.execute(sql, [value for row in batch for value in row])
        for row in rows:
            row._state.adding, row._state.db = False, here.alias

    def _sql(self, number: int) -> str:
        quote = connection.ops.quote_name
        row = f"({', '.join(['%s'] * len(self._fields))})"
        sql = f"INSERT INTO {quote(self._table)} ({', '.join(quote(one.column) for one in self._fields)}) VALUES "
        sql += ", ".join([row] * number)
        if self._conflict:
            sets = ", ".join(f"{quote(name)} = EXCLUDED.{quote(name)}" for name in self._update)
            sql += f" ON CONFLICT ({', '.join(map(quote, self._conflict))}) DO UPDATE SET {sets}"
        return sql


class Update:
    """Sets columns of the row that `where` finds."""

    def __init__(self, model: type[models.Model], columns: Sequence[str], where: Sequence[str]) -> None:
        meta: Any = model._meta
        self._table = meta.db_table
        self._columns: list[Any] = [meta.get_field(name) for name in columns]
        self._where: list[Any] = [meta.pk if name == "pk" else meta.get_field(name) for name in where]

    def save(self, values: Sequence[Any], where: Sequence[Any]) -> int:
        """How many rows were found: none where one of `where` no longer holds."""
        sql = _kept(id(self), self._sql)
        pairs = zip([*self._columns, *self._where], [*values, *where], strict=True)
        here = connections[DEFAULT_DB_ALIAS]
        with here.cursor() as cursor:
            cursor.execute(sql, [one.get_db_prep_save(value, here) for one, value in pairs])
            return int(cursor.rowcount)

    def _sql(self) -> str:
        quote = connection.ops.quote_name
        sets = ", ".join(f"{quote(one.column)} = %s" for one in self._columns)
        holds = " AND ".join(f"{quote(one.column)} = %s" for one in self._where)
        return f"UPDATE {quote(self._table)} SET {sets} WHERE {holds}"
