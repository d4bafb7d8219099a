"""Events cannot be changed or deleted, by whatever way the database is reached."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from goldenthread.casework.actions import OpenCase
from goldenthread.casework.models import Event

from .partnership import Partnership, at


@pytest.fixture
def event(place: Partnership) -> Event:
    return OpenCase(place.screener).run("concern", place.child(), at("2026-03-02 09:30"), {}).events.get()


def sql(statement: str) -> Callable[[Event], object]:
    def run(event: Event) -> object:
        with connection.cursor() as cursor:
            return cursor.execute(statement)

    return run


@pytest.mark.parametrize(
    ("change", "verb"),
    [
        (lambda event: Event.objects.filter(pk=event.pk).update(kind="nothing"), "update"),
        (lambda event: event.save(), "update"),
        (lambda event: event.delete(), "delete"),
        (sql("UPDATE casework_event SET recorded_at = recorded_at"), "update"),
        (sql("DELETE FROM casework_event"), "delete"),
    ],
)
def test_an_event_cannot_be_changed_or_deleted(
    event: Event, change: Callable[[Event], object], verb: str
) -> None:
    with (
        pytest.raises(DatabaseError, match=f"casework_event is append-only: {verb} refused"),
        transaction.atomic(),
    ):
        change(event)
    assert Event.objects.filter(pk=event.pk, kind="received").exists()


@pytest.mark.postgres_only
def test_the_table_cannot_be_emptied_either(event: Event) -> None:
    with pytest.raises(DatabaseError, match="truncate refused"), transaction.atomic():
        sql("SET CONSTRAINTS ALL IMMEDIATE")(event)
        sql("TRUNCATE casework_event CASCADE")(event)
    assert Event.objects.count() == 1


@pytest.mark.sqlite_only
def test_a_row_cannot_be_put_in_the_place_of_another_on_sqlite(event: Event) -> None:
    names = ", ".join(f'"{one.column}"' for one in Event._meta.fields)
    replace = f"INSERT OR REPLACE INTO casework_event ({names}) SELECT {names} FROM casework_event"
    with pytest.raises(DatabaseError, match="delete refused"), transaction.atomic():
        sql(replace)(event)
    assert Event.objects.count() == 1
