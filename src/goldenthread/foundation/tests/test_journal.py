"""The journal proves itself, refuses change, fails closed and never forks."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta, timezone
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from goldenthread.foundation import journal
from goldenthread.foundation.action import Action
from goldenthread.foundation.actor import Actor, NotAllowed, SystemActor
from goldenthread.foundation.capability import Capability
from goldenthread.foundation.journal import Note
from goldenthread.foundation.models import Draft, JournalEntry, JournalHead
from goldenthread.foundation.verify import broken_places

SCREENER = Actor(
    "Amina Patel", user_id=7, organisation_id=3, capabilities=frozenset({Capability.SCREEN_CONTACTS})
)


class Begin(Action[Draft]):
    """A mutation to test with: it writes a row and says so."""

    name = "test.begin"
    needs = Capability.SCREEN_CONTACTS

    def perform(self, key: str, noted: bool = True) -> Draft:
        draft = Draft.objects.create(user_id=7, key=key, saved_at=datetime.now(UTC))
        if noted:
            self.note("draft", draft.pk)
        return draft


@pytest.mark.django_db
def test_each_entry_follows_the_one_before_and_the_whole_verifies():
    for _ in range(3):
        journal.write(SCREENER, [Note("case.read", "case", "c1"), Note("case.read", "case", "c2")])
    chain = list(JournalEntry.objects.filter(chain="case/c1").order_by("sequence"))
    assert [each.sequence for each in chain] == [1, 2, 3]
    assert [each.previous for each in chain] == ["", chain[0].digest, chain[1].digest]
    assert JournalHead.objects.get(chain="case/c1").digest == chain[2].digest
    assert list(broken_places()) == []


@pytest.mark.django_db
def test_a_time_in_another_zone_and_a_detail_of_ids_and_dates_still_verify():
    summer = timezone(timedelta(hours=1))
    journal.write(
        SCREENER, [Note("x", "case", "c", {"day": date(2026, 3, 1), "id": uuid4(), "two": (1, 2)})],
        at=datetime(2026, 6, 1, 12, tzinfo=summer),
    )  # fmt: skip
    assert list(broken_places("case/c")) == []
    assert JournalEntry.objects.get().detail["day"] == "2026-03-01"


@pytest.mark.django_db
def test_many_records_at_once_are_each_on_their_own_chain():
    notes = [Note("import", "person", str(number)) for number in range(900)]
    journal.write(SystemActor("import"), notes)
    journal.write(SystemActor("import"), notes)
    assert JournalEntry.objects.filter(chain="person/17").count() == 2
    assert JournalHead.objects.count() == 900
    assert list(broken_places()) == []


@pytest.mark.django_db
@pytest.mark.parametrize("tamper", ["change", "remove", "remove the last"])
def test_what_was_changed_or_removed_afterwards_is_found(tamper):
    for _ in range(3):
        journal.write(SCREENER, [Note("case.read", "case", "c1")])
    _without_trigger(
        {
            "change": "UPDATE foundation_journalentry SET actor_name = 'Someone else' WHERE sequence = 2",
            "remove": "DELETE FROM foundation_journalentry WHERE sequence = 2",
            "remove the last": "DELETE FROM foundation_journalentry WHERE sequence = 3",
        }[tamper]
    )
    assert list(broken_places("case/c1"))


def _without_trigger(statement: str) -> None:
    verb = statement.split()[0].lower()
    on = " ON foundation_journalentry" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER foundation_journalentry_no_{verb}{on}")
        cursor.execute(statement)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    ["UPDATE foundation_journalentry SET verb = 'nothing'", "DELETE FROM foundation_journalentry"],
)
def test_the_database_refuses_to_change_the_journal(statement):
    journal.write(SCREENER, [Note("case.read", "case", "c1")])
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert JournalEntry.objects.get().verb == "case.read"


@pytest.mark.django_db
@pytest.mark.postgres_only
def test_postgresql_refuses_to_truncate_the_journal():
    journal.write(SCREENER, [Note("case.read", "case", "c1")])
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("TRUNCATE foundation_journalentry")
    assert JournalEntry.objects.count() == 1


@pytest.mark.django_db
def test_an_action_whose_journal_entry_cannot_be_written_writes_nothing(monkeypatch):
    def broken(*_: object, **__: object) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr(journal._ENTRIES, "bulk_create", broken)
    with pytest.raises(DatabaseError):
        Begin(SCREENER).run("a")
    assert not Draft.objects.exists()
    assert not JournalHead.objects.exists()


@pytest.mark.django_db
def test_an_action_that_leaves_no_trace_is_undone():
    with pytest.raises(RuntimeError, match="wrote nothing to the journal"):
        Begin(SCREENER).run("a", noted=False)
    assert not Draft.objects.exists()


@pytest.mark.django_db
def test_no_one_and_someone_without_the_capability_are_refused():
    with pytest.raises(NotAllowed):
        Begin(None)
    with pytest.raises(NotAllowed):
        Begin(Actor("Business manager", user_id=9)).run("a")
    assert not Draft.objects.exists()
    assert not JournalEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_the_journal_refuses():
    with pytest.raises(RuntimeError, match="transaction"):
        journal.write(SCREENER, [Note("case.read", "case", "c1")])


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_moment_do_not_fork_the_chain():
    """Also on a chain that none of them has begun: on PostgreSQL the head row is made once and then waited for."""
    ready, failed = threading.Barrier(4), []

    def writer(name: str) -> None:
        try:
            ready.wait()
            for _ in range(10):
                with transaction.atomic():
                    journal.write(
                        Actor(name, user_id=1),
                        [Note("case.write", "case", "c1"), Note("case.write", "case", "c2")],
                    )
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    writers = [threading.Thread(target=writer, args=(f"writer {number}",)) for number in range(4)]
    for each in writers:
        each.start()
    for each in writers:
        each.join()
    assert not failed
    assert JournalEntry.objects.filter(chain="case/c1").count() == 40
    assert list(broken_places()) == []
