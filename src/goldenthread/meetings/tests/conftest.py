"""Fixtures of the tests of meetings."""

from __future__ import annotations

from typing import Any

import pytest

from .scene import Scene, scene


@pytest.fixture
def here(db: Any) -> Scene:
    return scene()
