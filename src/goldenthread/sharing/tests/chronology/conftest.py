"""Fixtures of the chronology's tests: the small partnership on the small guidance, with an agreement and its agencies' notes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from goldenthread.casework.tests.partnership import Partnership, at, partnership, small_guidance
from goldenthread.foundation import library
from goldenthread.people.models import Person
from goldenthread.sharing import rulings

from .place import KINDS, NOTE, PACT, SAID, care_case, note


@pytest.fixture(scope="session")
def pact_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = small_guidance(
        tmp_path_factory.mktemp("pact"),
        **{f"{name}_note": NOTE.format(name=name, kind=kind) for name, kind in KINDS.items()},
    )
    (folder / "agreements").mkdir()
    (folder / "agreements" / "pact.yaml").write_text(PACT)
    return folder


@pytest.fixture
def pact(settings: Any, monkeypatch: pytest.MonkeyPatch, pact_folder: Path) -> Iterator[Path]:
    """Work by the small guidance and the pact; every case serves the front door."""
    settings.GT_GUIDANCE_FOLDER = str(pact_folder)
    monkeypatch.setattr(rulings, "purpose_of", lambda case: "front_door_screening")
    yield pact_folder
    library.reload_library()


@pytest.fixture
def place(db: Any, pact: Path) -> Partnership:
    return partnership()


@pytest.fixture
def amira(place: Partnership) -> Person:
    """A child whom care works with, and of whom four other agencies have a case that care is no part of."""
    child = place.child()
    care_case(place, child)
    for name, words in SAID.items():
        note(place, child, name, words, at("2026-02-10 10:00"))
    return child
