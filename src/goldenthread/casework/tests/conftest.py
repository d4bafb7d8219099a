"""Fixtures of casework's tests: the small partnership, on the small guidance."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from goldenthread.foundation import library

from .partnership import Partnership, partnership, small_guidance


@pytest.fixture(scope="session")
def small_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_guidance(tmp_path_factory.mktemp("guidance"))


@pytest.fixture
def small(settings: Any, small_folder: Path) -> Iterator[Path]:
    """Work by the small guidance."""
    settings.GT_GUIDANCE_FOLDER = str(small_folder)
    yield small_folder
    library.reload_library()


@pytest.fixture
def place(db: Any, small: Path) -> Partnership:
    """The small partnership on the small guidance."""
    return partnership()
