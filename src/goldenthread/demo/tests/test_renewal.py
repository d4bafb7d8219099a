"""When a demo that is there will do, and when not."""

from __future__ import annotations

from datetime import date

import pytest

from goldenthread.demo.build import Built
from goldenthread.demo.parts import size_named
from goldenthread.demo.renewal import Standing, unfit

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("size", "seed", "day", "migrated", "because"),
    [
        ("default", 7, "2026-11-22", True, ""),
        ("default", 7, "2026-11-15", True, ""),
        ("default", 7, "2026-11-14", True, "its today was 8 days ago"),
        ("county", 7, "2026-11-22", True, "of the size “county”, not “default”"),
        ("default", 8, "2026-11-22", True, "from the seed 8, not 7"),
        ("default", 7, "2026-11-22", False, "the tables have changed"),
    ],
)
def test_a_demo_of_this_size_seed_and_week_will_do(
    size: str, seed: int, day: str, migrated: bool, because: str
) -> None:
    built = Built(size, seed, day, 4000, 1, 1, 1, 1.0)
    told = unfit(Standing("demo", built, 0, migrated), size_named("default"), 7, TODAY)
    assert because in told and bool(told) == bool(because)
