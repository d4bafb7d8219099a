"""Our indicators beside the figures that partnerships have printed, where the file lies beside the checkout."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from goldenthread.guidance.library import shipped

pytestmark = pytest.mark.shared


def printed() -> dict[str, set[str]]:
    """Table -> names of figures in it."""
    found: dict[str, set[str]] = {}
    with (Path(os.environ["GT_SHARED"]) / "figures" / "published_figures.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["table"], set()).add(row["indicator"])
    return found


def ours() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for indicator in shipped().indicators.values():
        for one in indicator.printed:
            found.setdefault(one.table, set()).update(one.names or [indicator.title])
    return found


def test_every_printed_table_has_indicators():
    assert not printed().keys() - ours().keys()


def test_every_figure_of_every_table_has_an_indicator():
    mine = ours()
    lacking = {(table, name) for table, names in printed().items() for name in names - mine.get(table, set())}
    assert not lacking


def test_no_indicator_claims_a_figure_that_nobody_printed():
    theirs = printed()
    invented = {(table, name) for table, names in ours().items() for name in names - theirs.get(table, set())}
    assert not invented
