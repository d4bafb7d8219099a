"""`goldenthread journal seal` and `goldenthread verify`, as a person runs them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection, transaction
from typer.testing import CliRunner

from goldenthread.cli import app
from goldenthread.foundation import journal
from goldenthread.foundation.actor import Actor
from goldenthread.foundation.tests.test_verify import run as past_the_triggers

pytestmark = pytest.mark.django_db
READER = Actor("Amina Patel", user_id=7)


def run(*words: str) -> Any:
    return CliRunner().invoke(app, [*words])


def look(times: int = 3) -> None:
    with transaction.atomic():
        for number in range(times):
            journal.read(READER, "case.view", "case", f"c{number}")


def test_a_whole_journal_verifies_and_says_when_it_has_no_seal() -> None:
    look()
    result = run("verify")
    assert result.exit_code == 0, result.output
    assert "As they were written: 3 entries in 1 chain and 0 seals" in result.output
    assert "There is no seal" in result.output


def test_a_seal_is_made_once_printed_to_be_kept_and_says_what_it_proves() -> None:
    look()
    result = run("journal", "seal")
    assert result.exit_code == 0 and "Seal 1 covers 3 new entries in 1 chain." in result.output
    assert "What it proves: Every entry it covers" in result.output
    kept = re.search(r"1:[0-9a-f]{64}", result.output)
    assert kept is not None and kept[0] in run("journal", "seals").output
    assert "Nothing was written since the last seal." in run("journal", "seal").output
    assert run("verify", "--seal", kept[0]).exit_code == 0


def test_a_broken_journal_is_told_by_chain_and_entry_and_ends_with_1() -> None:
    look()
    past_the_triggers("UPDATE foundation_journalentry SET actor_name = 'Somebody else' WHERE sequence = 2")
    result = run("verify")
    assert result.exit_code == 1
    assert "reader/7, entry 2: it was changed after it was written" in result.output
    assert "The journal is broken." in result.output and "Traceback" not in result.output
    assert run("verify", "--chain", "reader/8").exit_code == 0


def test_a_seal_that_is_not_the_one_that_was_kept_is_told() -> None:
    look()
    run("journal", "seal")
    result = run("verify", "--seal", f"1:{'0' * 64}")
    assert result.exit_code == 1 and "the journal was made anew" in result.output


@pytest.mark.parametrize("typed", ["1", "1:abc", "one:" + "0" * 64])
def test_what_is_not_a_seal_is_refused_in_words(typed: str) -> None:
    result = run("verify", "--seal", typed)
    assert result.exit_code == 2 and "is not a seal" in result.output


def test_only_so_many_places_are_printed() -> None:
    look(6)
    past_the_triggers("UPDATE foundation_journalentry SET verb = 'other'")
    result = run("verify", "--most", "2")
    assert result.output.count("reader/7, entry") == 2 and "The first 2 are shown" in result.output


def test_a_database_without_a_journal_is_told_in_words() -> None:
    with transaction.atomic():  # what is undone at its end, so that PostgreSQL goes on
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE foundation_journalentry RENAME TO elsewhere")
        result = run("verify")
        transaction.set_rollback(True)
    assert result.exit_code == 2 and "The journal cannot be read" in result.output
