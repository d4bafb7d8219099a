"""`verify` finds whatever was done to the journal, and says on which chain and at which entry; seals find what it cannot."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goldenthread.foundation import journal, verify
from goldenthread.foundation.actions import SealJournal
from goldenthread.foundation.actor import Actor, NotAllowed, SystemActor
from goldenthread.foundation.journal import Note, digest_of
from goldenthread.foundation.models import JournalEntry, JournalHead, JournalSeal, SealedEnd
from goldenthread.foundation.verify import Verification, broken_places

READER = Actor("Amina Patel", user_id=7, organisation_id=3)
SYSTEM = SystemActor("tests")
PLAIN = ("chain", "at", "actor_name", "user_id", "organisation_id", "verb", "subject_type", "subject_id", "detail")


def write(chain: str, entries: int = 6) -> None:
    for number in range(entries):
        journal.write(READER, [Note("case.view", "case", f"c{number}", {"version": number})], chain=chain)


def past_the_triggers(change: Callable[[Any], None]) -> None:
    """Do what somebody could do who owns the database."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
            change(cursor)
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        change(cursor)
        for _, sql in triggers:
            cursor.execute(sql)


def run(*statements: str) -> None:
    past_the_triggers(lambda cursor: [cursor.execute(statement) for statement in statements])


def places() -> list[tuple[str, int]]:
    return [(each.chain, each.sequence) for each in broken_places()]


def said() -> str:
    return "; ".join(str(each) for each in broken_places())


CHANGE = "UPDATE foundation_journalentry SET {} WHERE chain = 'reader/7' AND sequence = {}"
TO = "UPDATE foundation_journalentry SET sequence = {} WHERE chain = 'reader/7' AND sequence = {}"
REMOVE = "DELETE FROM foundation_journalentry WHERE chain = 'reader/7' AND sequence {}"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "column",
    ["actor_name = 'Somebody else'", "user_id = 8", "user_id = NULL", "organisation_id = 4", "verb = 'other'",
     "subject_type = 'person'", "subject_id = 'c9'", "at = '2020-01-01 00:00:00'",
     """detail = '{"version": 4}'""", "digest = 'x'"],
)  # fmt: skip
def test_a_changed_entry_is_found_whatever_was_changed(column: str) -> None:
    write("reader/7")
    write("reader/8")
    run(CHANGE.format(column, 3))
    assert places()[0] == ("reader/7", 3)
    assert "changed after it was written" in said()


@pytest.mark.django_db
def test_an_entry_whose_digest_was_made_anew_breaks_the_next_one() -> None:
    write("reader/7")
    entry = JournalEntry.objects.get(chain="reader/7", sequence=3)
    entry.actor_name = "Somebody else"
    run(CHANGE.format(f"actor_name = 'Somebody else', digest = '{digest_of(entry)}'", 3))
    assert places() == [("reader/7", 4)]
    assert "does not follow entry 3, which was put there, or changed and its digest made anew" in said()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("where", "place", "words"),
    [("= 1", 1, "it is missing"), ("= 3", 3, "it is missing"), ("IN (2, 3, 4)", 2, "entries 2 to 4 are missing"),
     ("> 4", 5, "the chain was cut off: it should go on to entry 6"),
     ("> 0", 1, "all entries are missing: the chain should go on to entry 6")],
)  # fmt: skip
def test_a_removed_entry_is_found(where: str, place: int, words: str) -> None:
    write("reader/7")
    write("reader/70")
    run(REMOVE.format(where))
    assert places() == [("reader/7", place)]
    assert words in said()


@pytest.mark.django_db
def test_an_entry_removed_and_the_rest_moved_up_is_found() -> None:
    write("reader/7")
    head = "UPDATE foundation_journalhead SET sequence = 5 WHERE chain = 'reader/7'"
    run(REMOVE.format("= 3"), TO.format(3, 4), TO.format(4, 5), TO.format(5, 6), head)
    assert places() == [("reader/7", 3)]
    assert "it was written as entry 4: the order was changed, or what stood before it was removed" in said()


@pytest.mark.django_db
def test_two_entries_that_changed_places_are_found() -> None:
    write("reader/7")
    run(TO.format(1002, 2), TO.format(2, 4), TO.format(4, 1002))
    assert {place for _, place in places()} >= {2, 4}
    assert "it was written as entry 4" in said() and "it was written as entry 2" in said()


@pytest.mark.django_db
def test_an_entry_put_in_is_found() -> None:
    write("reader/7")
    rows = {row.sequence: row for row in JournalEntry.objects.filter(chain="reader/7")}
    false = JournalEntry(**{name: getattr(rows[3], name) for name in PLAIN}, sequence=4, previous=rows[3].digest)
    false.verb, false.digest = "child.view", ""
    false.digest = digest_of(false)
    run(TO.format(7, 6), TO.format(6, 5), TO.format(5, 4))
    false.save(force_insert=True)
    run("UPDATE foundation_journalhead SET sequence = 7 WHERE chain = 'reader/7'")
    assert places() == [("reader/7", 5)]
    assert "it was written as entry 4: entry 4 was put in before it" in said()


@pytest.mark.django_db
def test_an_entry_added_at_the_end_without_the_journal_is_found() -> None:
    write("reader/7")
    last = JournalEntry.objects.get(chain="reader/7", sequence=6)
    false = JournalEntry(**{name: getattr(last, name) for name in PLAIN}, sequence=7, previous=last.digest)
    false.digest = digest_of(false)
    false.save(force_insert=True)
    assert places() == [("reader/7", 7)]
    assert "the chain should end at 6" in said()
    run("DELETE FROM foundation_journalhead WHERE chain = 'reader/7'")
    assert "the end of this chain is not recorded" in said()


@pytest.mark.django_db
def test_without_a_seal_a_chain_cut_off_with_its_end_does_not_show_and_with_one_it_does() -> None:
    write("reader/7")
    last = JournalEntry.objects.get(chain="reader/7", sequence=4)
    end = f"UPDATE foundation_journalhead SET sequence = 4, digest = '{last.digest}' WHERE chain = 'reader/7'"
    cut = transaction.atomic()
    with cut:
        run(REMOVE.format("> 4"), end)
        assert places() == []
        transaction.set_rollback(True)
    SealJournal(SYSTEM).run()
    run(REMOVE.format("> 4"), end)
    assert places() == [("reader/7", 6)]
    assert "it is missing, and seal 1 holds it: the chain was cut off" in said()
    run(*(f"DELETE FROM foundation_journal{table} WHERE chain = 'reader/7'" for table in ("entry", "head")))
    assert places() == [("reader/7", 6)]


@pytest.mark.django_db
def test_a_chain_made_anew_from_its_beginning_is_found_by_its_seal() -> None:
    write("reader/7", 3)
    SealJournal(SYSTEM).run()
    rows = list(JournalEntry.objects.filter(chain="reader/7").order_by("sequence"))
    previous = ""
    for row in rows:
        row.actor_name, row.previous = "Somebody else", previous
        previous = row.digest = digest_of(row)
        run(CHANGE.format(f"actor_name = 'Somebody else', previous = '{row.previous}', digest = '{row.digest}'", row.sequence))
    run(f"UPDATE foundation_journalhead SET digest = '{previous}' WHERE chain = 'reader/7'")
    assert places() == [("reader/7", 3)]
    assert "it is not the entry that seal 1 holds" in said()


@pytest.mark.django_db
def test_a_seal_covers_what_moved_and_follows_the_one_before() -> None:
    write("reader/7", 3)
    write("reader/8", 2)
    one = SealJournal(SYSTEM).run()
    write("reader/8", 4)
    two = SealJournal(SYSTEM).run()
    assert one is not None and two is not None
    assert (one.number, one.chains, one.entries, one.previous) == (1, 2, 5, "")
    # The second also covers the entry that tells of the first.
    assert (two.number, two.chains, two.entries, two.previous) == (2, 2, 5, one.digest)
    assert SealJournal(SYSTEM).run() is None
    assert JournalEntry.objects.get(chain="journal/seals", sequence=1).detail["digest"] == one.digest
    assert places() == []
    with pytest.raises(NotAllowed):
        SealJournal(READER).run()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("statement", "words"),
    [("UPDATE foundation_journalseal SET entries = 1 WHERE number = 2", "the seal was changed after it was made"),
     ("DELETE FROM foundation_sealedend WHERE seal_id = 2 AND chain = 'reader/8'", "the ends of chains that it covers"),
     ("UPDATE foundation_sealedend SET sequence = 99 WHERE seal_id = 1 AND chain = 'reader/8'", "the ends of chains that it"),
     ("DELETE FROM foundation_sealedend WHERE seal_id = 2; DELETE FROM foundation_journalseal WHERE number = 2",
      "seal 2 is missing"),
     ("DELETE FROM foundation_sealedend WHERE seal_id = 3; DELETE FROM foundation_journalseal WHERE number = 3",
      "the seal whose digest was kept outside is gone")],
)  # fmt: skip
def test_a_seal_that_was_changed_or_removed_is_found(statement: str, words: str) -> None:
    for _ in range(3):
        write("reader/8", 2)
        SealJournal(SYSTEM).run()
    last = JournalSeal.objects.get(number=3)
    run(*statement.split("; "))
    assert words in "; ".join(str(each) for each in Verification(kept={3: last.digest}).broken())


@pytest.mark.django_db
def test_a_journal_made_anew_with_its_seals_does_not_fit_the_digest_that_was_kept() -> None:
    write("reader/7", 2)
    kept = SealJournal(SYSTEM).run()
    assert kept is not None
    run(*(f"DELETE FROM foundation_{table}" for table in ("sealedend", "journalseal", "journalentry", "journalhead")))
    write("reader/7", 1)
    SealJournal(SYSTEM).run()
    assert places() == []
    assert "the journal was made anew" in str(next(Verification(kept={1: kept.digest}).broken()))


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["foundation_journalseal", "foundation_sealedend"])
def test_the_database_refuses_to_change_a_seal(table: str) -> None:
    write("reader/7", 1)
    SealJournal(SYSTEM).run()
    for statement in (f"UPDATE {table} SET digest = 'x'", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert places() == []


@pytest.mark.django_db
def test_whatever_is_done_to_one_entry_is_found() -> None:
    """Two hundred changes by chance to a column, a place or the row itself: not one goes unseen."""
    write("reader/7", 12)
    SealJournal(SYSTEM).run()
    assert places() == []
    chance = random.Random(2026)
    for _ in range(200):
        where = chance.randint(1, 12)
        statement = chance.choice([
            CHANGE.format(f"subject_id = 'c{chance.randint(100, 999)}'", where),
            CHANGE.format(f"at = '2019-0{chance.randint(1, 9)}-11 10:11:12'", where),
            CHANGE.format(f"previous = '{chance.randint(1, 9)}'", where),
            TO.format(chance.randint(20, 400), where),
            REMOVE.format(f"= {where}"),
            REMOVE.format(f">= {where}"),
        ])  # fmt: skip
        with transaction.atomic():
            run(statement)
            assert places(), statement
            transaction.set_rollback(True)


# PostgreSQL keeps no NUL in text and no half of a surrogate pair.
SAFE = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=30)
ANSWER = st.integers(-(2**40), 2**40) | SAFE | st.none() | st.lists(SAFE, max_size=3)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=SAFE, detail=st.dictionaries(SAFE, ANSWER, max_size=4), micro=st.integers(0, 999_999))
@pytest.mark.django_db
def test_the_quick_digest_is_the_journals_own(name: str, detail: dict[str, Any], micro: int) -> None:
    moment = datetime(2026, 3, 1, 9, 30, tzinfo=UTC) + timedelta(microseconds=micro)
    with transaction.atomic():
        journal.write(Actor(name, user_id=7), [Note("a", "b", "c", detail)], chain="reader/7", at=moment)
        assert places() == []
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_a_detail_that_is_no_longer_json_is_told_as_changed() -> None:
    write("reader/7", 2)
    broken = json.dumps("not what was written")
    run(CHANGE.format(f"detail = '{broken}'", 1))
    assert places()[0] == ("reader/7", 1)


@pytest.mark.django_db(transaction=True)
def test_readers_writers_and_sealers_at_the_same_moment_never_fork_a_chain() -> None:
    """Six threads on chains that cross, in any order, while seals are made and the journal is verified."""
    ready, failed = threading.Barrier(8), []

    def working(act: Callable[[int], None], times: int) -> Callable[[], None]:
        def go() -> None:
            try:
                ready.wait()
                for number in range(times):
                    act(number)
            except Exception as error:
                failed.append(error)
            finally:
                connection.close()

        return go

    def writing(seed: int) -> Callable[[int], None]:
        chance = random.Random(seed)

        def act(number: int) -> None:
            with transaction.atomic():
                cases = chance.sample(["c1", "c2", "c3", "c4"], 3)
                journal.write(READER, [Note("case.write", "case", each) for each in cases])
                journal.read(READER, "case.view", "case", cases[0])

        return act

    def sealing(number: int) -> None:
        SealJournal(SYSTEM).run()

    def verifying(number: int) -> None:
        failed.extend(broken_places())

    acts = [working(writing(seed), 12) for seed in range(6)] + [working(sealing, 6), working(verifying, 6)]
    threads = [threading.Thread(target=act) for act in acts]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert not failed
    SealJournal(SYSTEM).run()
    assert places() == []
    assert JournalEntry.objects.filter(chain="reader/7").count() == 72
    assert JournalEntry.objects.filter(chain__startswith="case/").count() == 6 * 12 * 3
    assert JournalHead.objects.get(chain="reader/7").sequence == 72
    numbers = list(JournalSeal.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert SealedEnd.objects.filter(chain="reader/7").order_by("-sequence").first().sequence == 72


@pytest.mark.django_db
def test_verifying_tells_how_far_it_is() -> None:
    write("reader/7", 5)
    heard: list[int] = []
    work = Verification(tell=heard.append)
    assert list(work.broken()) == []
    assert (work.entries, work.chains, heard[-1], verify.entries_to_read()) == (5, 1, 5, 5)
