"""The tests themselves may clear the append-only tables between one another; the triggers are back at once."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from goldenthread.foundation import journal
from goldenthread.foundation.actor import SystemActor
from goldenthread.foundation.models import JournalEntry

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_starts_with_an_empty_journal_that_refuses_changes(turn):
    assert not JournalEntry.objects.exists()
    with transaction.atomic():
        journal.write(SystemActor("test"), [journal.Note("look", "case", "1")])
    assert JournalEntry.objects.count() == 1
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM foundation_journalentry")
