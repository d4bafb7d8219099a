"""`goldenthread retention`: what it prints, and that a changed certificate fails."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from typer.testing import CliRunner

from goldenthread.casework.models import DestructionCertificate
from goldenthread.casework.tests.partnership import partnership
from goldenthread.casework.tests.test_destroying import destroyed, old_case
from goldenthread.cli import app

pytestmark = pytest.mark.django_db


def said(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["retention", *words])
    assert result.exit_code == code, result.output
    return result.output


def test_what_is_due_by_reference_and_the_schedules(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    case = old_case(partnership(), "Secret Name")
    told = said("due")
    assert f"{case.reference}  until 2018-06-02" in told and "1 due, 0 in the time to come." in told
    assert "Secret" not in told
    assert "looked_after: 75 years from birth" in said("schedules")


def test_certificates_are_checked(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    place = partnership()
    made = destroyed(place, old_case(place))
    assert f"{made.pk}  1 records  whole" in said("certificates")
    with connection.cursor() as cursor:
        on = " ON casework_destructioncertificate" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER casework_destructioncertificate_no_update{on}")
    DestructionCertificate.objects.update(body={})
    assert "CHANGED since it was written" in said("certificates", code=1)
