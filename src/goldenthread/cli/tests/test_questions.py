"""`goldenthread indicators questions`: what would be asked, what is asked, and what is open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from goldenthread.agencies.models import Organisation
from goldenthread.casework.models import Case
from goldenthread.casework.tests.partnership import partnership
from goldenthread.cli import app
from goldenthread.guidance.library import shipped
from goldenthread.intelligence.tests.told import COUNTY, QUARTERS, scorecard

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["indicators", "questions", *arguments])


def test_a_dry_run_says_what_would_be_asked_and_then_it_is_asked_and_listed(tmp_path: Path, settings: Any) -> None:
    settings.GT_EXTRACT = tmp_path
    place = partnership()
    Organisation.objects.create(slug="unit", title="Business unit", kind="business_unit", area=place.county.within)
    none = run("raise")
    assert none.exit_code == 2 and "There is no scorecard yet." in none.output
    scorecard(tmp_path, shipped(), {("reviewing_officer_caseload", COUNTY): {QUARTERS[-2]: 88.0, QUARTERS[-1]: 92.0}})
    dry = run("raise", "--dry-run")
    assert dry.exit_code == 0 and not Case.objects.exists()
    assert "off_target  reviewing_officer_caseload lancashire_12 2025/26 Q4: 92.0 children per officer." in dry.output
    assert "Would be: 1 questions asked, 0 asked before." in dry.output
    assert "1 questions asked, 0 asked before." in run("raise").output
    listed = run("list").output
    assert "Waiting for an answer, due " in listed and "To County reviewing." in listed and "1 questions." in listed
    Case.objects.update(is_open=False)
    assert "0 questions." in run("list").output and "1 questions." in run("list", "--all").output
