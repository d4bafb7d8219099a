"""The database's address, as people write it and as they get it wrong."""

from __future__ import annotations

import pytest

from goldenthread.web.database import DatabaseAddressWrong, database_from_url


def test_sqlite_waits_its_turn_and_survives_a_power_cut(tmp_path):
    made = database_from_url(f"sqlite:///{tmp_path}/new/thread.sqlite3")
    assert made["NAME"] == f"{tmp_path}/new/thread.sqlite3"
    assert made["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert made["OPTIONS"]["timeout"] == 20
    assert "journal_mode=WAL" in made["OPTIONS"]["init_command"]
    assert "synchronous=FULL" in made["OPTIONS"]["init_command"]
    assert (tmp_path / "new").is_dir()


def test_postgresql_by_network():
    made = database_from_url("postgresql://me:p%40ss@db.example:5433/thread?sslmode=require")
    assert (made["USER"], made["PASSWORD"], made["HOST"], made["PORT"], made["NAME"]) == (
        "me", "p@ss", "db.example", "5433", "thread",
    )  # fmt: skip
    assert made["OPTIONS"] == {"sslmode": "require"}


def test_postgresql_by_socket():
    made = database_from_url("postgresql:///thread?host=%2Frun%2Fpg&user=me")
    assert (made["HOST"], made["USER"], made["NAME"], made["OPTIONS"]) == ("/run/pg", "me", "thread", {})


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mysql://x/y", "sqlite:///file or postgresql"),
        ("thread.sqlite3", "starts with nothing"),
        ("sqlite:///", "names no SQLite file"),
        ("postgresql://db.example", "names no database"),
        ("postgresql://db.example:many/thread", "Port"),
    ],
)
def test_a_wrong_address_says_what_to_write(url, says):
    with pytest.raises(DatabaseAddressWrong, match=says):
        database_from_url(url)
