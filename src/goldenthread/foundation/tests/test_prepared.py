"""Statements written once give what Django's own would, on each database."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from goldenthread.foundation.models import Draft, JournalEntry, JournalHead
from goldenthread.foundation.prepared import (
    NUMBER,
    WORD,
    Insert,
    Prepared,
    PreparedRecords,
    Update,
    statement,
)

pytestmark = pytest.mark.django_db


def entry(sequence: int, **more: Any) -> JournalEntry:
    given = {"chain": "case/1", "actor_name": "Ann", "verb": "look", "subject_type": "case", "subject_id": "1",
             "detail": {"kind": "visited", "ids": [1, None]}, "previous": "", "digest": "d", "at": timezone.now()}  # fmt: skip
    return JournalEntry(sequence=sequence, **{**given, **more})


def test_rows_inserted_are_those_django_would_read_back() -> None:
    rows = [entry(1), entry(2, user_id=7, detail={})]
    Insert(JournalEntry).bulk_create(rows)
    names = [one.attname for one in JournalEntry._meta.concrete_fields if one.attname != "id"]
    found = list(JournalEntry.objects.order_by("sequence").values_list(*names))
    assert found == [tuple(getattr(row, name) for name in names) for row in rows]
    assert not rows[0]._state.adding


def test_more_rows_than_one_statement_holds_go_in_several() -> None:
    Insert(JournalEntry).bulk_create([entry(number) for number in range(1, 201)])
    Insert(JournalEntry).bulk_create([])
    assert JournalEntry.objects.count() == 200


def test_a_row_that_is_there_takes_the_new_values_named_and_keeps_the_others() -> None:
    writer = Insert(Draft, conflict=("user_id", "key"), update=("body",))
    first = Draft(user_id=1, key="a", body={"x": "1"}, version=3, saved_at=timezone.now())
    writer.bulk_create([first])
    writer.bulk_create([Draft(user_id=1, key="a", body={"x": "2"}, version=9, saved_at=timezone.now())])
    assert Draft.objects.values_list("body", "version").get() == ({"x": "2"}, 3)


def test_an_update_says_how_many_rows_it_found() -> None:
    JournalHead.objects.create(chain="a", sequence=1, digest="x")
    ends = Update(JournalHead, ("sequence", "digest"), where=("chain", "sequence"))
    assert ends.save([2, "y"], ["a", 1]) == 1
    assert ends.save([3, "z"], ["a", 1]) == 0
    assert JournalHead.objects.values_list("sequence", "digest").get() == (2, "y")


def test_a_read_is_written_once_and_run_with_other_values() -> None:
    for name in ("a", "b"):
        JournalHead.objects.create(chain=name, sequence=ord(name))
    heads = Prepared(
        lambda least: JournalHead.objects.filter(chain=WORD, sequence__gte=least).values_list(
            "chain", "sequence"
        )
    )
    with CaptureQueriesContext(connection) as queries:
        assert [list(heads.rows(name, 0)) for name in ("a", "b", "c")] == [[("a", 97)], [("b", 98)], []]
        assert list(heads.rows("a", 98)) == []
    assert len(queries) == 4


def test_a_read_of_nothing_gives_nothing_and_one_without_a_place_for_its_value_is_a_fault() -> None:
    assert (
        Prepared(lambda: JournalHead.objects.filter(chain=WORD, pk__in=()).values_list("chain")).rows("a")
        == []
    )
    with pytest.raises(ValueError, match="MARK, WORD or NUMBER"):
        Prepared(lambda: JournalHead.objects.values_list("chain")).rows("a")
    with pytest.raises(ValueError, match="MARK, WORD or NUMBER"):
        Prepared(lambda: JournalHead.objects.filter(chain=WORD).values_list("chain")).rows(None)


def test_rows_are_read_as_django_reads_them_and_share_nothing_that_could_be_changed() -> None:
    rows = [entry(number) for number in (1, 2, 3)]
    Insert(JournalEntry).bulk_create(rows)
    names = ("sequence", "at", "detail", "organisation_id")
    found = Prepared(lambda: JournalEntry.objects.filter(chain=WORD).order_by("sequence").values_list(*names)).rows("case/1")
    assert list(found) == list(JournalEntry.objects.order_by("sequence").values_list(*names))
    found[0][2]["kind"] = "changed"
    assert found[1][2] == rows[1].detail


def test_records_come_with_those_they_lead_to() -> None:
    first = JournalHead.objects.create(chain="a", sequence=1, digest="x")
    head = PreparedRecords(JournalHead, lambda: JournalHead.objects.filter(sequence=NUMBER))
    assert head.rows(1) == [first]
    assert head.rows(2) == []
    content = ContentType.objects.get_for_model(JournalHead)
    rights = PreparedRecords(Permission, lambda: Permission.objects.filter(content_type=NUMBER), along=("content_type",))
    with CaptureQueriesContext(connection) as queries:
        found = rights.rows(content.pk)
        assert {one.content_type.model for one in found} == {"journalhead"}
    assert len(queries) == 1
    assert {one.pk for one in found} == set(Permission.objects.filter(content_type=content).values_list("pk", flat=True))


def test_a_statement_is_kept_by_what_it_depends_on() -> None:
    def above(least: int) -> Any:
        return JournalHead.objects.filter(sequence__gt=least).values("chain")

    assert statement(above, 4) is statement(above, 4) is not statement(above, 5)
    assert statement(lambda: JournalHead.objects.filter(pk__in=())) is None
