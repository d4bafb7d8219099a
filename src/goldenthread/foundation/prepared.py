"""Statements written once and run again with other values: Django takes longer to write a statement than to run it.

For the few reads and writes that recording anything makes. A read is still the queryset's own statement, its policy
included; only the writing of it is kept, for each thread's connection. Depends on Django alone.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, connections, models

MARK = UUID("00000000-0000-4000-8000-00000000feed")
WORD = "the word that is given"
NUMBER = 0x5EED_5EED
"""Stand in a queryset for the id, the text or the number that is given each time it is run."""
_KEPT = 512


def _kept(key: Hashable, write: Callable[[], Any]) -> Any:
    """A statement of this thread's connection, written if it is not there yet."""
    kept: dict[Hashable, Any] = connection.__dict__.setdefault("_goldenthread_prepared", {})
    if key not in kept:
        if len(kept) >= _KEPT:
            kept.clear()
        kept[key] = write()
    return kept[key]


Statement = tuple[str, tuple[Any, ...]]


def statement(make: Callable[..., models.QuerySet[Any, Any]], *key: Hashable) -> Statement | None:
    """The statement of `make(*key)` with its values; None where nothing can be found. The key is all that it depends on:
    for one with a policy's condition, the actor and the day."""

    found: Statement | None = _kept((make, key), lambda: written(make(*key)))
    return found


def written(rows: models.QuerySet[Any, Any]) -> Statement | None:
    """A queryset's statement with its values; None where nothing can be found."""
    try:
        sql, params = rows.query.sql_with_params()
    except EmptyResultSet:
        return None
    return sql, tuple(params)


class Prepared:
    """`make` gives a `values_list` queryset with MARK, WORD or NUMBER where the value goes; its arguments choose a statement."""

    def __init__(self, make: Callable[..., models.QuerySet[Any, Any]], *, locks: str = "") -> None:
        self._make = make
        self._locks = locks
        """The table whose rows are held until the transaction ends, where the database can."""

    def rows(self, given: UUID | str | int | None, *key: Hashable) -> Sequence[tuple[Any, ...]]:
        """The rows for an id, a word or a number, as `values_list` would give them; None for a queryset whose key says it all."""
        found = _kept((self, key), lambda: self._compiled(*key))
        if found is None:
            return []
        sql, params, places, converters = found
        if bool(places) != (given is not None):
            raise ValueError("the queryset speaks of MARK, WORD or NUMBER, and is given something, or neither")
        values = list(params)
        if isinstance(given, UUID) and not connection.features.has_native_uuid_field:
            given = given.hex
        for place in places:
            values[place] = given
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            rows = cursor.fetchall()
        return _converted(rows, converters) if converters else rows

    def _compiled(self, *key: Hashable) -> Any:
        compiler = self._make(*key).query.get_compiler(connection=connection)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            return None
        marks = (MARK, MARK.hex, WORD, NUMBER)
        places = [place for place, value in enumerate(params) if value in marks]
        if self._locks and connection.features.has_select_for_update:
            sql += f" FOR UPDATE OF {connection.ops.quote_name(self._locks)}"
        converters = compiler.get_converters([column[0] for column in compiler.select])
        return sql, params, places, converters


class PreparedRecords:
    """The same for whole records, with those they lead to by `along` set on them, as `select_related` does. `make` gives a
    queryset, without either."""

    def __init__(
        self, model: type[models.Model], make: Callable[..., models.QuerySet[Any, Any]], *, along: Sequence[str] = ()
    ) -> None:
        self._model, self._make, self._along = model, make, along
        self._prepared = Prepared(self._values)

    def _values(self, *key: Hashable) -> models.QuerySet[Any, Any]:
        return self._make(*key).values_list(*(name for _, _, names, prefix in self._parts() for name in _named(names, prefix)))

    def _parts(self) -> list[tuple[str, type[models.Model], list[str], str]]:
        found = [("", self._model, _columns(self._model), "")]
        for way in self._along:
            other: Any = self._model._meta.get_field(way).related_model
            found.append((way, other, _columns(other), f"{way}__"))
        return found

    def rows(self, given: UUID | str | int | None, *key: Hashable) -> list[Any]:
        """The records, in the queryset's order."""
        found = []
        for row in self._prepared.rows(given, *key):
            record, start = None, 0
            for way, model, names, _ in self._parts():
                made = model.from_db(DEFAULT_DB_ALIAS, names, row[start : start + len(names)])
                start += len(names)
                if record is None:
                    record = made
                else:
                    setattr(record, way, made if made.pk is not None else None)
            found.append(record)
        return found


def _columns(model: type[models.Model]) -> list[str]:
    return [one.attname for one in model._meta.concrete_fields]


def _named(names: Sequence[str], prefix: str) -> list[str]:
    return [prefix + name for name in names]


def _converted(rows: Sequence[tuple[Any, ...]], converters: Mapping[int, Any]) -> Sequence[tuple[Any, ...]]:
    """As `SQLCompiler.apply_converters` does, but a moment or an id that is in many rows is read once."""
    if not rows:
        return rows
    here = connections[DEFAULT_DB_ALIAS]
    columns: list[Sequence[Any]] = list(zip(*rows, strict=True))
    for place, (through, expression) in converters.items():
        seen: dict[Any, Any] = {}
        made = []
        for value in columns[place]:
            if value.__class__ is str and value in seen:
                made.append(seen[value])
                continue
            found = value
            for one in through:
                found = one(found, expression, here)
            if value.__class__ is str and isinstance(found, date | UUID):  # never what could be changed, such as a list
                seen[value] = found
            made.append(found)
        columns[place] = made
    return list(zip(*columns, strict=True))


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
            sql = _kept((self, len(batch)), partial(self._sql, len(batch)))
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
        sql = _kept(self, self._sql)
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
