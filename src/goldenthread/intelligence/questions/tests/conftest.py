"""A partnership with a business unit, and a scorecard made by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from goldenthread.agencies.models import Organisation
from goldenthread.casework.tests.partnership import Partnership, partnership


@pytest.fixture
def place(db: object) -> Partnership:
    made = partnership()
    Organisation.objects.create(
        slug="joint_business_unit", title="Joint safeguarding business unit", kind="business_unit", area=made.county.within
    )
    return made


@pytest.fixture
def unit(place: Partnership) -> Organisation:
    return Organisation.objects.get(kind="business_unit")


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.GT_EXTRACT = tmp_path / "extract"
    return tmp_path / "extract"
