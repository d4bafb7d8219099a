"""What the tests of the demo share: a county of a small size on one fixed morning, told once."""

from __future__ import annotations

from datetime import datetime

import pytest

from goldenthread.clocks.calendar import LONDON
from goldenthread.demo.build import signing_in
from goldenthread.demo.figures import shipped_figures
from goldenthread.demo.parts import County, size_named
from goldenthread.demo.plain import Part
from goldenthread.guidance.library import shipped

MORNING = datetime(2026, 11, 18, 10, 40, tzinfo=LONDON)
"""A Wednesday."""


def county_of(size: str, now: datetime = MORNING, seed: int = 7) -> County:
    return County(
        size_named(size),
        seed,
        now,
        shipped(),
        shipped_figures(),
        {one.worker.username: one.worker for one in signing_in()},
    )


@pytest.fixture(scope="session")
def small() -> tuple[County, Part]:
    """The small county, whole."""
    county = county_of("small")
    return county, county.part(0)
