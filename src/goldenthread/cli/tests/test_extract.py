"""`goldenthread extract`: one command makes the extract and works out the scorecard's values; the night keeps them up to date."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from goldenthread.cli import app
from goldenthread.guidance.library import shipped
from goldenthread.intelligence.nightly import bring_up_to_date
from goldenthread.intelligence.scorecard.keeping import FILE

pytestmark = pytest.mark.django_db


def test_one_command_makes_extract_and_values_and_the_night_keeps_them_up_to_date(db, settings, tmp_path, monkeypatch):
    settings.VAR_DIR, settings.GT_EXTRACT = tmp_path, tmp_path / "extract"
    few = {name: shipped().indicators[name] for name in ("contacts", "plans_at_end")}
    monkeypatch.setattr("goldenthread.intelligence.scorecard.working_out.indicators_told", lambda library: few)
    said = CliRunner().invoke(app, ["extract"])
    assert said.exit_code == 0, said.output
    assert "extract holds 0 cases" in said.output and "values of 2 indicators, in 1 areas" in said.output
    assert bring_up_to_date() == "nothing has changed since it was worked out"
    (settings.GT_EXTRACT / FILE).unlink()
    assert "0 values worked out" in bring_up_to_date()
    assert (settings.GT_EXTRACT / FILE).is_file()
