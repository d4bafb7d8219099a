"""`goldenthread nightly`: all of it or some, and work that fails does not keep the rest from being done."""

from __future__ import annotations

from typing import Any

import pytest
from typer.testing import CliRunner

from goldenthread.cli import app, nightly
from goldenthread.sharing.tests.exchange_place import SUPERVISES, Exchange, exchange
from goldenthread.sharing.tests.test_climbing import asked, made_late


@pytest.fixture
def here(db: Any) -> Exchange:
    return exchange()


def test_the_nightly_command_does_its_work_and_says_what_it_did(here: Exchange) -> None:
    here.person(here.gp, SUPERVISES)
    made_late(asked(here), hours=0.5)
    said = CliRunner().invoke(app, ["nightly", "--only", "climbing"])
    assert said.exit_code == 0 and "climbing: 1 notices given of late answers." in said.output
    wrong = CliRunner().invoke(app, ["nightly", "--only", "dancing"])
    assert wrong.exit_code == 2 and "There is no work called 'dancing'" in wrong.output


def test_work_that_fails_is_told_and_the_rest_is_done(here: Exchange, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nightly, "WORKS", {"broken": ("no.such.module:x", ""), "climbing": nightly.WORKS["climbing"]})
    said = CliRunner().invoke(app, ["nightly"])
    assert said.exit_code == 1 and "broken: could not be done" in said.output and "climbing: 0" in said.output
