"""The journal attacked by somebody who holds the database: edits, removals, insertions, forks, and writing with no actor."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from goldenthread.casework.actions import RecordEvent
from goldenthread.casework.models import Case, Event
from goldenthread.foundation import journal
from goldenthread.foundation.actor import NotAllowed, SystemActor
from goldenthread.foundation.models import JournalEntry, JournalHead
from goldenthread.foundation.tests.emptying import _without_triggers
from goldenthread.foundation.verify import broken_places

pytestmark = pytest.mark.django_db
ENTRY = "foundation_journalentry"


@pytest.mark.parametrize(
    "statement",
    [f"UPDATE {ENTRY} SET actor_name = 'Nobody'", f"DELETE FROM {ENTRY}", f"UPDATE {ENTRY} SET at = '2001-01-01'",
     "UPDATE casework_event SET data = '{}'", "DELETE FROM casework_event"],
)  # fmt: skip
def test_the_database_refuses_what_the_code_never_does(case: Case, statement: str) -> None:
    before = JournalEntry.objects.count(), Event.objects.count()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert (JournalEntry.objects.count(), Event.objects.count()) == before


def _looks(case: Case, number: int = 4) -> str:
    reader = SystemActor("reader")
    for _ in range(number):
        journal.read(reader, "casework.read_case", "case", str(case.pk))
    return "reader/system"


def _by_force(statement: str, *values: Any) -> None:
    """As somebody would who may drop the triggers."""
    if connection.vendor == "postgresql":  # which alters no table that a deferred check still waits on
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with _without_triggers(connection), connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_whoever_drops_the_triggers_is_found_out(case: Case) -> None:
    chain = _looks(case)
    assert not list(broken_places(chain))
    for statement, values in (
        (f"UPDATE {ENTRY} SET actor_name = %s WHERE chain = %s AND sequence = 2", ("Nobody", chain)),
        (f"DELETE FROM {ENTRY} WHERE chain = %s AND sequence = 2", (chain,)),
        (f"DELETE FROM {ENTRY} WHERE chain = %s AND sequence = 4", (chain,)),
        (f"DELETE FROM {ENTRY} WHERE chain = %s", (chain,)),
        (f"UPDATE {ENTRY} SET sequence = sequence + 10 WHERE chain = %s AND sequence > 2", (chain,)),
        (f"UPDATE {ENTRY} SET chain = 'reader/99' WHERE chain = %s AND sequence = 4", (chain,)),
        ("UPDATE foundation_journalhead SET sequence = 2 WHERE chain = %s", (chain,)),
        ("DELETE FROM foundation_journalhead WHERE chain = %s", (chain,)),
    ):
        with transaction.atomic():
            _by_force(statement, *values)
            assert list(broken_places()), statement
            transaction.set_rollback(True)
    assert not list(broken_places(chain))


def test_an_entry_put_in_with_a_digest_of_its_own_is_found_out(case: Case) -> None:
    chain = _looks(case, 2)
    last = JournalEntry.objects.filter(chain=chain).latest("sequence")
    forged = JournalEntry(
        chain=chain, sequence=3, at=last.at, actor_name="Nobody", verb="x", subject_type="case", subject_id="1", detail={},
        previous=last.digest,
    )  # fmt: skip
    forged.digest = journal.digest_of(forged)
    forged.save()  # an append is allowed; the end of the chain says that it is not one of ours
    assert [one.chain for one in broken_places()] == [chain]


def test_a_chain_cannot_fork(case: Case) -> None:
    chain = _looks(case, 2)
    first = JournalEntry.objects.get(chain=chain, sequence=1)
    fork = JournalEntry(
        chain=chain, sequence=2, at=first.at, actor_name="Other", verb="x", subject_type="case", subject_id="1", detail={},
        previous=first.digest,
    )  # fmt: skip
    fork.digest = journal.digest_of(fork)
    with pytest.raises(DatabaseError), transaction.atomic():
        fork.save()
    assert JournalHead.objects.get(chain=chain).sequence == 2


def test_where_the_journal_cannot_be_written_nothing_is_shown_and_nothing_done(
    worker: Client, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError("disk full")

    worker.raise_request_exception = False
    before = Event.objects.count()
    monkeypatch.setattr(journal, "_append", full)
    for address in (
        f"/cases/{case.pk}/",
        f"/children/{case.subject_id}/",
        "/people/?q=amira",
        f"/api/v1/cases/{case.pk}",
    ):
        answer = worker.get(address)
        assert answer.status_code == 500 and "Hussain" not in answer.content.decode(), address
    with pytest.raises(DatabaseError), transaction.atomic():
        RecordEvent(SystemActor("tests")).run(case, "note_added", case.opened_at, {"text": "x"})
    assert Event.objects.count() == before


def test_nobody_is_no_actor() -> None:
    with pytest.raises(NotAllowed):
        RecordEvent(None)


def test_the_journal_holds_no_word_of_a_record(worker: Client, case: Case) -> None:
    for address in (f"/cases/{case.pk}/", f"/children/{case.subject_id}/", "/people/?q=Amira Hussain"):
        assert worker.get(address).status_code == 200
    told = " ".join(f"{one.subject_id} {one.detail}" for one in JournalEntry.objects.all())
    assert "Amira" not in told and "Hussain" not in told
