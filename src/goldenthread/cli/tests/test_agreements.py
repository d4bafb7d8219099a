"""`goldenthread guidance` shows, lists, checks and assures sharing agreements beside the pathways."""

from __future__ import annotations

from typer.testing import CliRunner

from goldenthread.cli import app
from goldenthread.guidance.library import shipped


def test_the_command_line_shows_lists_and_checks_agreements() -> None:
    run = CliRunner()
    shown = run.invoke(app, ["guidance", "show", "mash", "--on", "2031-05-01"])
    assert shown.exit_code == 0
    assert "Ended on 30 April 2031. Nothing is shared under it any more." in shown.output
    listed = run.invoke(app, ["guidance", "list"])
    clauses = len(shipped().agreements["mash"].clauses)
    assert f"Multi-agency safeguarding hub (MASH): {clauses} clauses." in listed.output
    checked = run.invoke(app, ["guidance", "check"])
    assert f"{len(shipped().agreements)} agreements" in checked.output
    wrong = run.invoke(app, ["guidance", "show", "mahs"])
    assert wrong.exit_code == 2 and "Did you mean mash?" in wrong.output
    worked = run.invoke(app, ["guidance", "assure", "lado", "-q"])
    assert worked.exit_code == 0 and "as expected, 0 not." in worked.output
