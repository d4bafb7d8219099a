"""A change that is marked, for tests that need one."""

from __future__ import annotations

from datetime import date

from goldenthread.foundation.actor import SystemActor
from goldenthread.intelligence.marks.actions import MarkChange
from goldenthread.intelligence.marks.models import MarkedChange


def a_mark() -> MarkedChange:
    return MarkChange(SystemActor("tests")).run("plans_at_end", "lancashire_12", "Second screener", on=date(2025, 10, 1))
